import { carry } from '../flow/carry.js';
import type { Fact } from '../flow/fact.js';
import type { Program } from '../flow/program.js';
import { idleSession, type Session } from '../flow/session.js';
import { indonesian } from '../flow/wording.js';
import type { Library, Published } from './library.js';

/** In which program a conversation goes on, from which state, and what that meant for it. */
export interface Settled {
  readonly program: Program;
  readonly session: Session;
  /** Stand before the facts of the turn. */
  readonly facts: readonly Fact[];
}

/** Thrown when a conversation runs in a newer program than this process can read: one of the same Sapa as that must serve it. */
export class OutdatedProcess extends Error {
  override readonly name = 'OutdatedProcess';

  constructor() {
    super('a conversation runs in flows that are newer than this process; it must be started anew');
  }
}

/**
 * Decides at a person's next message where the conversation goes on: in the newest program when it can be carried over,
 * else in the one it began with. When that one cannot be read any more, it is given up with a word of explanation and begins
 * anew; nothing is written here. Throws `OutdatedProcess`.
 */
export async function settle(library: Library, session: Session): Promise<Settled> {
  const { current } = library;
  if (session.program === null || session.program === current.program.hash)
    return { program: current.program, session, facts: [] };
  const kept = await library.find(session.program);
  return kept === null ? giveUp(current, session) : settleIn(kept, current, session);
}

function settleIn(kept: Published, current: Published, session: Session): Settled {
  const stays = { program: kept.program, session, facts: [] };
  const carried = carry(kept.program, current.program, session);
  const unreadable = 'obstacle' in carried && carried.obstacle === 'unreadable';
  if (kept.at > current.at) {
    if (unreadable) throw new OutdatedProcess();
    return stays;
  }
  if (unreadable) return giveUp(current, session);
  if ('obstacle' in carried) return stays;
  const fact: Fact = { kind: 'carried', ...placeOf(session), from: kept.program.hash };
  return { program: current.program, session: carried.session, facts: [fact] };
}

function giveUp({ program }: Published, session: Session): Settled {
  const fact: Fact = { kind: 'failed', ...placeOf(session), why: 'flows-unreadable' };
  return { program, session: { ...idleSession, notes: [indonesian.lost] }, facts: [fact] };
}

function placeOf({ frames }: Session): { readonly flow: string | null; readonly step: string | null } {
  const top = frames[frames.length - 1];
  return { flow: top?.flow ?? null, step: top?.step ?? null };
}
