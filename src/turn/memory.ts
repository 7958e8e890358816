import type { Session } from '../flow/session.js';

/** What a turn has to know of a conversation before it can think. */
export interface Known {
  readonly contactId: string;
  readonly addressId: string;
  readonly simulator: boolean;
  readonly roles: readonly string[];
  readonly language: string | null;
  /** The number that the channel proved at some time. */
  readonly phone: string | null;
  readonly version: number;
  readonly session: Session;
  readonly question: string | null;
  /** When this was last read from the database: roles may have changed since. */
  readonly readAt: Date;
}

/** How many conversations a process remembers; one is a few kilobytes. */
const most = 2_000;
/** A role given or taken away counts at the latest after this long, in milliseconds. */
const keptMs = 60_000;

/**
 * How the last turns of this process left their conversations, so that the next one need not read them again. It is never
 * trusted: the turn is written by compare-and-set, and one that was thought from an outdated memory starts again from a read.
 */
export class Memory {
  readonly #kept = new Map<string, Known>();

  /** The conversation of a line, if it was left here not long ago. */
  recall(line: string, now: Date): Known | null {
    const known = this.#kept.get(line);
    return known !== undefined && now.getTime() - known.readAt.getTime() < keptMs ? known : null;
  }

  /** Remembers a conversation; the one that was left longest ago is forgotten. */
  keep(line: string, known: Known): void {
    this.#kept.delete(line);
    this.#kept.set(line, known);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest);
  }

  forget(line: string): void {
    this.#kept.delete(line);
  }
}
