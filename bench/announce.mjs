const { approveBroadcast, draftBroadcast } = await import('../dist/domain/broadcasts.js');
const { localAdministrator } = await import('../dist/domain/roles.js');
const { saying } = await import('../dist/flow/message.js');
const { writeTogether } = await import('../dist/store/transaction.js');

/** A broadcast to everybody in a village, written and approved as a person at the machine does; gives its id. */
export async function announce({ pool, vault, now, newId }, area) {
  const viewer = localAdministrator('bench');
  const wish = {
    ...{ kind: 'message', rakorId: null, message: saying('Mohon hadir di rapat.'), audience: { area } },
    ...{ area: '33', urgency: 'normal', expiresAt: null, simulator: true },
  };
  const tools = { vault, newId, secondYesAbove: Number.MAX_SAFE_INTEGER };
  const draft = await draftBroadcast(viewer, wish, { ...tools, db: pool, now: now() });
  await writeTogether(pool, draft.writes);
  const approval = await approveBroadcast(viewer, draft.id, { ...tools, pool, now });
  if (approval.result !== 'running') throw new Error(`the broadcast is ${approval.result}`);
  return draft.id;
}
