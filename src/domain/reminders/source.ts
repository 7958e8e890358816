import type { JsonRecord } from '../../flow/json.js';
import type { ReminderSubject } from '../../flow/reminder-file.js';
import type { Vault } from '../../store/crypto.js';
import type { Queryable } from '../../store/statement.js';
import type { Subject } from './slots.js';

/** Which subjects are looked for. */
export interface Asked {
  readonly now: Date;
  /** Those with a day between these (ISO), both included. */
  readonly from: string;
  readonly to: string;
}

/** Where what a subject says is read, and when. */
export interface Reading {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly now: Date;
}

/** A kind of thing that people are reminded of. */
export interface ReminderSource extends ReminderSubject {
  /** Everybody who is to be reminded and can be reached; whoever has done what it asks for is not among them. For the chore: nobody sees them. */
  readonly subjects: (db: Queryable, asked: Asked) => Promise<readonly Subject[]>;
  /** The values for the text, read in the transaction that tells it; null: there is nothing to tell any more. */
  readonly values: (subject: Subject, reading: Reading) => Promise<JsonRecord | null>;
}
