import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { signaturesOf } from '../../src/base.js';
import type { Content, InboundMessage } from '../../src/channels/contract.js';
import type { Action } from '../../src/domain/action.js';
import { actions } from '../../src/domain/actions.js';
import { channelCapabilities } from '../../src/flow/capabilities.js';
import type { Sources } from '../../src/flow/compile.js';
import type { Program } from '../../src/flow/program.js';
import { buildRegionIndex } from '../../src/flow/region-index.js';
import type { RegionIndex } from '../../src/flow/regions.js';
import type { Session } from '../../src/flow/session.js';
import { compileFlows, readFlows } from '../../src/flows.js';
import { createVault, type Vault } from '../../src/store/crypto.js';
import type { FileStore } from '../../src/store/files.js';
import { newId } from '../../src/store/ids.js';
import { loadRegions } from '../../src/store/regions.js';
import type { Woken } from '../../src/store/statement.js';
import { createLibrary } from '../../src/turn/library.js';
import type { TurnOptions } from '../../src/turn/options.js';
import { asSession } from '../../src/turn/prepare.js';
import { Turns } from '../../src/turn/turn.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';
import { ownFiles } from '../support/files.js';

/** A turn's world: a database, a clock that stands still until it is moved, and the project's own flows. */
export interface Rig {
  readonly database: FreshDatabase;
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly fileStore: FileStore;
  readonly woken: readonly Woken[];
  readonly failures: readonly unknown[];
  turns(more?: Partial<TurnOptions>): Turns;
  /** A message of a person, written after everything the bot said was seen. `sent` is a text, or anything else they sent. */
  message(sent: string | Content, more?: Partial<InboundMessage>): InboundMessage;
  /** As if every message had reached its reader. */
  acceptAll(): Promise<void>;
  /** What the bot has said to this address, in order. */
  said(address?: string): Promise<readonly string[]>;
  session(address?: string): Promise<Session>;
  rows(text: string, values?: readonly unknown[]): Promise<pg.QueryResultRow[]>;
  /** Every row that a turn may write, as text. */
  dump(): Promise<unknown>;
}

const address = '+6281234567890';
const sources = readFlows('flows');
const signatures = signaturesOf();

/** Programs by their sources, and the regions: nothing changes them, and making them takes longer than most tests. */
const programs = new Map<Sources, Program>();
let regions: RegionIndex | null = null;

function programFrom(flows: Sources): Program {
  const program = programs.get(flows) ?? compileFlows(flows, signatures);
  programs.set(flows, program);
  return program;
}

async function regionsIn(pool: pg.Pool): Promise<RegionIndex> {
  regions ??= buildRegionIndex(await loadRegions(pool));
  return regions;
}

/** A turn's world on a fresh database, removed with the test. */
export async function openRig(flows: Sources = sources): Promise<Rig> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const { pool } = database;
  const vault = createVault(randomBytes(32));
  const fileStore = ownFiles(vault);
  const program = programFrom(flows);
  const woken: Woken[] = [];
  const failures: unknown[] = [];
  let now = Date.parse('2026-11-24T03:00:00Z');
  const tick = () => {
    now += 1;
    return new Date(now);
  };
  const rows = async (text: string, values: readonly unknown[] = []) =>
    (await pool.query(text, [...values])).rows;
  const options: TurnOptions = {
    ...{ pool, vault, fileStore, actions, newId, now: tick },
    library: createLibrary({ program, at: new Date(0) }, async () => null),
    regions: await regionsIn(pool),
    capabilities: () => channelCapabilities.simulator,
    fetchFile: async () => 'gone',
    doors: async () => [],
    outreach: { secondYesAbove: 50, speeds: {}, opens: (at) => at, prices: null },
    isSimulator: () => true,
    wake: (ids) => woken.push(...ids),
    onFailure: (error) => failures.push(error),
  };
  return {
    ...{ database, pool, vault, fileStore, woken, failures, rows },
    turns: (more = {}) => new Turns({ ...options, ...more }),
    message: (sent, more = {}) =>
      messageOf(typeof sent === 'string' ? { kind: 'text', text: sent } : sent, tick(), more),
    acceptAll: async () => {
      await rows(`UPDATE delivery SET state = 'accepted', accepted_at = $1 WHERE state = 'due'`, [tick()]);
    },
    said: async (to = address) => {
      const text = `SELECT d.body_sealed AS body FROM delivery d JOIN address a ON a.id = d.address_id
        WHERE a.value_index = $1 AND d.body_sealed IS NOT NULL ORDER BY d.seq`;
      const found = await rows(text, [vault.index('address', to)]);
      return found.map(({ body }) => String(Object(vault.openJson(body)).text));
    },
    session: async (of = address) => {
      const text = `SELECT s.state_sealed AS state FROM session s JOIN address a USING (contact_id) WHERE a.value_index = $1`;
      const [row] = await rows(text, [vault.index('address', of)]);
      return asSession(vault.openJson(row?.state));
    },
    dump: async () => {
      const tables = ['contact', 'inbound', 'session', 'delivery', 'handover', 'alarm', 'consent', 'member'];
      const found = await Promise.all(
        tables.map((table) => rows(`SELECT t::text AS row FROM ${table} t ORDER BY 1`)),
      );
      return Object.fromEntries(tables.map((table, at) => [table, found[at]?.map(({ row }) => row)]));
    },
  };
}

function messageOf(content: Content, writtenAt: Date, more: Partial<InboundMessage>): InboundMessage {
  const from = { channel: 'simulator', account: 'simulator', address, phone: address };
  return { ...from, dedupeKey: randomUUID(), content, writtenAt, ...more };
}

/** The project's actions, one of them failing while `fails` says so. */
export function failing(
  name: string,
  fails: () => boolean,
  error: () => Error,
): Readonly<Record<string, Action>> {
  const action = actions[name];
  if (action === undefined) throw new Error(`no action ${name}`);
  const run: Action['run'] = async (args, context) => {
    if (fails()) throw error();
    return action.run(args, context);
  };
  return { ...actions, [name]: { ...action, run } };
}
