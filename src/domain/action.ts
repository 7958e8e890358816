import type { ActionSignature } from '../flow/action.js';
import type { JsonRecord } from '../flow/json.js';
import type { Vault } from '../store/crypto.js';
import type { Queryable, Statement } from '../store/statement.js';
import type { Outreach } from './outreach.js';
import type { OutsideAnswer } from './outside-answers.js';
import type { Reach } from './reach.js';

/** A link that opens a chat with the bot over a channel. */
export interface Door {
  readonly channel: string;
  readonly url: string;
}

/** For whom and when an action runs. `db` is for looking only: what is written is returned, and commits with the turn. */
export interface ActionContext {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly now: Date;
  readonly newId: () => string;
  readonly contactId: string;
  readonly channel: string;
  readonly simulator: boolean;
  /** The number the channel proves (E.164), or null. */
  readonly phone: string | null;
  readonly inboundId: string;
  /** What the person wrote or chose in this turn; null when it was neither. Its row is written with the turn. */
  readonly said: string | null;
  /** What the turn answers that was asked outside of the conversation, by a broadcast; null: nothing. */
  readonly outside: OutsideAnswer | null;
  /** How the person is reached who wrote. */
  readonly reach: Reach;
  /** The region the person gave in the open conversation, or null. */
  readonly regionCode: string | null;
  /** The languages of that program beside Indonesian, by code. */
  readonly languages: ReadonlyMap<string, unknown>;
  /** Hash of the flow program the conversation is pinned to. */
  readonly program: string;
  /**
   * Links that open a chat with the bot over its channels, each with something ready to be sent: `token` where the provider
   * carries one, else `words`. Channels that have no such link, or do not know it yet, are left out.
   */
  readonly doors: (token: string, words: string) => Promise<readonly Door[]>;
  /** What broadcasts go by here. */
  readonly outreach: Outreach;
  /** A conversation with nothing in it, sealed: what those of others become whose data is erased. */
  readonly idleState: () => Buffer;
  /** Keeps a file before the row that names it is written, and gives the name; one that no row comes to name is swept away later. */
  readonly keepFile: (bytes: Uint8Array) => Promise<string>;
  /** What the person was being asked when the turn began, for a human who takes over. */
  readonly pendingQuestion: string | null;
}

/**
 * What an action decided. `writes` run inside the turn's own transaction, after the session's compare-and-set has won: a
 * turn that loses writes none of them. A unique violation in them, or one that must find something and does not, makes the
 * whole turn start again from its read. What they say is to be woken is woken after the commit.
 */
export interface ActionOutcome {
  readonly outcome: string;
  readonly values: JsonRecord;
  readonly writes: readonly Statement[];
  /** The language the conversation goes on in, when the action changed it; null: Indonesian. */
  readonly language?: string | null;
}

/** A domain action flows may call: what flows know of it, and what it does. `args` fit the signature, proved by the flow checks. */
export interface Action {
  readonly signature: ActionSignature;
  readonly run: (args: JsonRecord, context: ActionContext) => Promise<ActionOutcome>;
}
