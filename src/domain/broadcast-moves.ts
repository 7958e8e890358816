import { audited } from '../store/audit.js';
import {
  cancelBroadcast,
  closeBroadcast,
  pauseBroadcast,
  resumeBroadcast,
  retryBroadcast,
} from '../store/broadcasts.js';
import type { Statement } from '../store/statement.js';
import { broadcastsInReach } from './broadcast-progress.js';
import type { Records } from './records.js';
import type { Viewer } from './roles.js';

/** What a move is made with; the states a message may take are the senders'. */
export type Moving = Pick<Records, 'pool' | 'prisma' | 'now'> & {
  readonly machine: Parameters<typeof cancelBroadcast>[1];
};

/** What came of a move: what moved (a broadcast, or so many messages of it), or why nothing did. */
export type Moved =
  | { readonly result: 'moved'; readonly messages: number | null }
  | { readonly result: 'unknown' | 'not-now' };

type Work = (moving: Moving, id: string, also: Statement) => Promise<boolean | number | null>;

/** Everything that can be done with a broadcast on its way. What failed, or perhaps did not arrive, is sent once more by choice only. */
export const broadcastMoves = {
  pause: ({ pool }, id, also) => pauseBroadcast(pool, id, also),
  resume: ({ pool }, id, also) => resumeBroadcast(pool, id, also),
  cancel: ({ pool, machine, now }, id, also) => cancelBroadcast(pool, machine, id, now(), also),
  'retry-failed': ({ pool, now }, id, also) => retryBroadcast(pool, id, 'failed', now(), also),
  'retry-unknown': ({ pool, now }, id, also) => retryBroadcast(pool, id, 'unknown', now(), also),
  close: ({ pool, now }, id, also) => closeBroadcast(pool, id, now(), also),
} as const satisfies Readonly<Record<string, Work>>;

/** The name of one. */
export type BroadcastMove = keyof typeof broadcastMoves;

/** Moves a broadcast, by its number, for who may make or approve one in its area; it is told in the audit together with it. */
export async function moveBroadcast(
  viewer: Viewer,
  number: number,
  move: BroadcastMove,
  moving: Moving,
): Promise<Moved> {
  const { now } = moving;
  const [found] = await broadcastsInReach(viewer, number, moving);
  if (found === undefined) return { result: 'unknown' };
  const { id } = found;
  const entry = {
    kind: 'broadcast',
    action: move,
    detail: id,
    actor: viewer.id,
    subjects: [],
    at: now(),
  } as const;
  const work: Work = broadcastMoves[move];
  const moved = await work(moving, id, audited(entry));
  if (moved === null || moved === false) return { result: 'not-now' };
  return { result: 'moved', messages: moved === true ? null : moved };
}
