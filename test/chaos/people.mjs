import { setTimeout as pause } from 'node:timers/promises';
import { idleSession } from '../../dist/flow/session.js';
import { planBroadcast } from '../../dist/store/broadcasts.js';
import { newId } from '../../dist/store/ids.js';

/** What a broadcast says. */
export const broadcastText = 'Undangan rapat (contoh untuk uji).';
const retryMs = 100;

/** Tries until the database answers: whoever got an error asks the same again. */
export async function persist(signal, work) {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
      await pause(retryMs, undefined, { signal });
    }
  }
}

/** Anything the server did not say itself, but no mistake of ours; of what it said, that it starts, stops or has no room. */
function isAway(error) {
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const { code } = error;
  return !/^[0-9A-Z]{5}$/.test(code ?? '') || /^(08|53|57P|EPIPE)/.test(code);
}

/** Makes the contacts of people that a broadcast reaches, all in one go; gives their ids. */
export async function makeRecipients({ pool, vault }, channel, total) {
  const people = channel.newcomers(total).map((value) => ({
    contactId: newId(),
    addressId: newId(),
    sealed: vault.seal(value),
    index: vault.index('address', value),
    state: vault.sealJson(idleSession),
  }));
  const column = (key) => people.map((one) => one[key]);
  await pool.query(
    `WITH r AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[])
         AS r(contact_id, address_id, sealed, index, state)
     ), c AS (INSERT INTO contact (id, simulator) SELECT contact_id, $8 FROM r),
     a AS (INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index)
       SELECT address_id, contact_id, $6, $7, sealed, index FROM r)
     INSERT INTO session (contact_id, state_sealed) SELECT contact_id, state FROM r`,
    [
      ...['contactId', 'addressId', 'sealed', 'index', 'state'].map(column),
      ...[channel.channel, channel.account, channel.simulator],
    ],
  );
  await channel.welcome(people);
  return column('contactId');
}

/** Plans one broadcast; a planner that got an error plans the same id again. */
export async function planWave({ pool, vault }, { account }, contacts, signal) {
  if (contacts.length === 0) return;
  const plan = {
    id: newId(),
    message: { text: broadcastText, choices: [], question: null },
    contacts,
    account,
    createdBy: 'chaos',
    now: new Date(),
    expiresAt: null,
  };
  await persist(signal, () => planBroadcast(pool, vault, plan));
}
