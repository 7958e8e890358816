import type pg from 'pg';
import type { Action, ActionContext } from '../domain/action.js';
import type { Capabilities } from '../flow/capabilities.js';
import type { RegionIndex } from '../flow/regions.js';
import type { Vault } from '../store/crypto.js';
import type { FileStore } from '../store/files.js';
import type { Statement, Woken } from '../store/statement.js';
import type { TurnWrite } from '../store/turn-write.js';
import type { Enclosed, FetchFile, Keeping } from './enclosed.js';
import type { Incoming } from './inbound.js';
import type { Library } from './library.js';
import type { Known, Memory } from './memory.js';

/** What turns of one process share beside what they are given. */
export interface Workshop extends TurnOptions {
  readonly memory: Memory;
  /** Told after the commit that a turn has left signals for others, never awaited. */
  readonly signalled: () => void;
}

/** What turns need: handed in by the composition root. */
export interface TurnOptions {
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly fileStore: FileStore;
  readonly library: Library;
  readonly actions: Readonly<Record<string, Action>>;
  readonly regions: RegionIndex;
  readonly capabilities: (channel: string) => Capabilities;
  readonly fetchFile: FetchFile;
  readonly doors: ActionContext['doors'];
  readonly outreach: ActionContext['outreach'];
  readonly isSimulator: (channel: string) => boolean;
  readonly now: () => Date;
  /** An id of this moment, or of `at` in milliseconds. */
  readonly newId: (at?: number) => string;
  /** Told after the commit, never awaited. */
  readonly wake: (rows: readonly Woken[]) => void;
  readonly onFailure: (error: unknown, inboundId: string) => void;
  /** Turns written in one statement at most (1 turns gathering off). */
  readonly gather?: number;
}

/** A message on its way through; `tries` counts lost races, which end some time. */
export interface Item {
  readonly message: Incoming;
  /** The file that came with it, if one did. */
  readonly enclosed: Enclosed | null;
  /** Whose turn follows whose: one line for each address. */
  readonly line: string;
  tries: number;
}

/** A turn about to be thought: what is known, from the database or (`seenAssumed`) from memory. */
export interface Turn {
  readonly item: Item;
  readonly known: Known;
  readonly inboundId: string;
  readonly now: Date;
  readonly seen: boolean;
  readonly seenAssumed: boolean;
  /** The message is in the database already, from a turn that was not finished. */
  readonly stored: boolean;
}

/** A turn thought through and ready to be written, with the statements its actions brought along. */
export interface Ready {
  readonly item: Item;
  readonly write: TurnWrite;
  readonly writes: readonly Statement[];
  /** A file that is to be in the folder before this is written. */
  readonly kept: Keeping | null;
  /** How the conversation stands once this is written. */
  readonly after: Known;
}
