import { randomBytes, randomUUID } from 'node:crypto';
import { machine } from '../../src/delivery/states.js';
import type { ActionContext, ActionOutcome } from '../../src/domain/action.js';
import { actions } from '../../src/domain/actions.js';
import { grantRole } from '../../src/domain/grants.js';
import type { Records } from '../../src/domain/records.js';
import { localAdministrator } from '../../src/domain/roles.js';
import type { Json, JsonRecord } from '../../src/flow/json.js';
import { saying } from '../../src/flow/message.js';
import { insertAttachment } from '../../src/store/attachments.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { createVault } from '../../src/store/crypto.js';
import { createDeliveryStore } from '../../src/store/deliveries.js';
import { type FileStore, keepIn } from '../../src/store/files.js';
import { newId } from '../../src/store/ids.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import { run, type Statement } from '../../src/store/statement.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';
import { ownFiles } from '../support/files.js';

/** When all of it happens: 24 November 2026, ten in the morning in Central Java. */
export const now = new Date('2026-11-24T03:00:00Z');

/** A database with people in it, all made up. */
export interface World extends Records {
  readonly db: FreshDatabase;
  readonly fileStore: FileStore;
}

/** A contact with one address; the phone is what its channel proves. */
export interface Person {
  readonly contactId: string;
  readonly addressId: string;
  readonly phone: string | null;
  readonly simulator: boolean;
}

/** Of this worker of the test runner, whichever of its files comes first; it is thrown away with the server. */
let shared: Promise<World> | undefined;

/** A database with nobody in it. */
export async function openWorld(): Promise<World> {
  shared ??= createWorld();
  const world = await shared;
  const tables = (await tablesOf(world)).toSorted((one, other) => rank(one) - rank(other));
  const emptied = tables.map((table) => `DELETE FROM ${table};`).join('\n');
  await world.db.pool.query(unguarded(emptied));
  return world;
}

/** A script to whom the audit is a table like any other. */
export function unguarded(script: string): string {
  return `ALTER TABLE audit_entry DISABLE TRIGGER USER; ${script}; ALTER TABLE audit_entry ENABLE TRIGGER USER`;
}

/** Others point to these; emptying is faster than truncating where there are few rows. */
const parents = [
  'roster',
  'board',
  'sk_document',
  'member',
  'simulator_person',
  'broadcast',
  'rakor',
  'address',
  'contact',
];

function rank(table: string): number {
  return parents.indexOf(table);
}

async function createWorld(): Promise<World> {
  const db = await freshDatabase();
  const vault = createVault(randomBytes(32));
  return {
    db,
    fileStore: ownFiles(vault),
    pool: db.pool,
    vault,
    prisma: createPrisma(db.pool),
    now: () => now,
    newId: () => newId(),
  };
}

/** All tables but those of the regions and of the migrations. */
async function tablesOf({ db }: World): Promise<readonly string[]> {
  const { rows } = await db.pool.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
     AND table_name NOT IN ('region', 'residency') AND table_name NOT LIKE '\\_%'`,
  );
  return rows.map((row) => row.name);
}

let phones = 0;

/** The next made-up number. */
function nextPhone(): string {
  phones += 1;
  return `+628120000${String(phones).padStart(4, '0')}`;
}

interface PersonOptions {
  readonly phone?: string | null;
  readonly simulator?: boolean;
}

export async function addPerson(world: World, options: PersonOptions = {}): Promise<Person> {
  const { phone = nextPhone(), simulator = false } = options;
  const [contactId, addressId] = [newId(), newId()];
  const { vault, db } = world;
  const value = phone ?? randomUUID();
  await db.pool.query('INSERT INTO contact (id, simulator) VALUES ($1, $2)', [contactId, simulator]);
  await db.pool.query(
    `INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index, phone_index)
     VALUES ($1, $2, 'test', $3, $4, $5, $6)`,
    [
      addressId,
      contactId,
      simulator ? 'sim' : 'wa',
      vault.seal(value),
      vault.index('address', value),
      phone === null ? null : vault.index('phone', phone),
    ],
  );
  return { contactId, addressId, phone, simulator };
}

/** A person with a role, who has written to the bot. */
export async function addHelper(
  world: World,
  role: string,
  region: string,
  options: PersonOptions = {},
): Promise<Person> {
  const person = await addPerson(world, options);
  const request = { phone: person.phone ?? '', role, region, simulator: person.simulator };
  const granted = await grantRole(localAdministrator('test'), world, request);
  if (!granted.ok) throw new Error(granted.what);
  return person;
}

export function contextOf(world: World, person: Person, more: Partial<ActionContext> = {}): ActionContext {
  const { contactId, addressId, simulator, phone } = person;
  const account = simulator ? 'sim' : 'wa';
  return {
    ...{ db: world.db.pool, vault: world.vault, now, newId: () => newId(), contactId, simulator, phone },
    ...{
      channel: 'test',
      reach: { addressId, channel: 'test', account, address: phone ?? contactId, phone },
      inboundId: newId(),
      said: null,
      outside: null,
      program: 'program-hash',
      pendingQuestion: null,
      regionCode: null,
      languages: new Map(),
      idleState: () => world.vault.sealJson({}),
      doors: async () => [],
      outreach: { secondYesAbove: 50, speeds: {}, opens: (at) => at, prices: null },
      keepFile: (bytes) => keepIn(world.fileStore, bytes),
    },
    ...more,
  };
}

/** Decides without writing, as a turn does before it commits. */
export function decide(name: string, args: JsonRecord, context: ActionContext): Promise<ActionOutcome> {
  const action = actions[name];
  if (action === undefined) throw new Error(`no action ${name}`);
  return action.run(args, context);
}

/** Writes what an action brought, in one transaction. */
export async function write(world: World, writes: readonly Statement[]): Promise<void> {
  const connection = await world.db.pool.connect();
  try {
    await connection.query('BEGIN');
    for (const statement of writes) await run(connection, statement);
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  } finally {
    connection.release();
  }
}

/** Decides and writes. */
export async function perform(
  world: World,
  name: string,
  args: JsonRecord,
  person: Person,
  more: Partial<ActionContext> = {},
): Promise<ActionOutcome> {
  const result = await decide(name, args, contextOf(world, person, more));
  await write(world, result.writes);
  return result;
}

/** A complete answer sheet of a registration. */
export function registration(more: JsonRecord = {}): JsonRecord {
  return {
    nama: 'SRI CONTOHWATI',
    lahir: { tempat: 'Semarang', tanggal: '1970-08-17' },
    'jenis-kelamin': 'P',
    wilayah: { kode: '33.74.14.1001', desa: 'A', kecamatan: 'B', kabupaten: 'C' },
    tahun: 1998,
    pendidikan: 'sma',
    sk: 'ada',
    'nomor-sk': '141/07/2021',
    'tanggal-sk': '2021-03-01',
    'penerbit-sk': 'lurah',
    nik: '9901015708700001',
    telepon: '+6281200009999',
    ...more,
  };
}

/** A person who has registered. */
export async function addMember(
  world: World,
  more: JsonRecord = {},
  options: PersonOptions = {},
): Promise<Person> {
  const person = await addPerson(world, options);
  await perform(world, 'member.register', registration(more), person);
  return person;
}

interface DeliveryOptions {
  readonly state: string;
  readonly text: string;
  readonly cause?: string;
  readonly question?: string;
  readonly at?: Date;
}

export async function addDelivery(world: World, to: Person, options: DeliveryOptions): Promise<string> {
  const id = newId();
  const { state, text, cause = null, question = null, at = now } = options;
  const body = world.vault.sealJson({ text, choices: [], question });
  await world.db.pool.query(
    `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, due_at, created_at)
     VALUES ($1, $2, $3, 'wa', 'reply', $4, $5, $6, $7, $8, $8)`,
    [id, to.contactId, to.addressId, state, body, question, cause, at],
  );
  return id;
}

export async function addInbound(world: World, from: Person, text: string, at = now): Promise<string> {
  const id = newId();
  const body = world.vault.sealJson({ channel: 'test', content: { kind: 'text', text } });
  await world.db.pool.query(
    `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, written_at, received_at)
     VALUES ($1, $2, $3, 'wa', $4, $5, 'done', $6, $6)`,
    [id, from.contactId, from.addressId, randomUUID(), body, at],
  );
  return id;
}

/** A kept file with words in it and in its name. */
export async function addAttachment(world: World, of: Person, words: string, type = 'jpeg'): Promise<string> {
  const { vault } = world;
  const kept = {
    name: vault.seal(words),
    file: vault.indexBytes('file', Buffer.from(words)).toString('hex'),
  };
  const { contactId } = of;
  const row = {
    id: newId(),
    contactId,
    inboundId: newId(),
    type,
    size: words.length,
    at: now,
    ...kept,
  };
  await write(world, [insertAttachment(row)]);
  return row.id;
}

/** Lets the last message of a person have led to a saved value. */
export async function addFact(world: World, of: Person, value: Json): Promise<void> {
  const payload = world.vault.sealJson([null, { value }]);
  await world.db.pool.query(
    `UPDATE inbound SET kinds = '{started,saved}', flows = '{registrasi,registrasi}', steps = '{"",nama}',
       outcomes = '{word,nama}', facts_sealed = $2
     WHERE contact_id = $1 AND seq = (SELECT max(seq) FROM inbound WHERE contact_id = $1)`,
    [of.contactId, payload],
  );
}

/** A look as the audit keeps it, the names of people resolved. */
export interface Look {
  readonly viewer: string | null;
  readonly action: string;
  readonly subject: string | null;
}

/** The looks that were kept, in order: all, or those of one kind. */
export async function looksIn(
  { db }: Pick<World, 'db'>,
  action: string | null = null,
): Promise<readonly Look[]> {
  const { rows } = await db.pool.query<Look>(
    `SELECT coalesce(e.machine, a.subject::text) AS viewer, e.action, s.subject FROM audit_entry e
     LEFT JOIN person_key a ON a.id = e.actor LEFT JOIN person_key s ON s.id = e.person
     WHERE e.kind = 'look' AND ($1::text IS NULL OR e.action = $1) ORDER BY e.id`,
    [action],
  );
  return rows;
}

/** How many rows a table has. */
export async function count(world: World, table: string): Promise<number> {
  const { rows } = await world.db.pool.query(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0].n;
}

/** Everything the database holds, in plain words: sealed columns opened, all others as text. */
export async function everything(world: World): Promise<string> {
  const tables = await tablesOf(world);
  const texts = await Promise.all(tables.map((table) => wordsOfTable(world, table)));
  return texts.join('\n');
}

async function wordsOfTable(world: World, table: string): Promise<string> {
  const { rows } = await world.db.pool.query(`SELECT * FROM ${table}`);
  const cells = rows.flatMap((row: Record<string, unknown>) => Object.values(row));
  return cells.map((cell) => wordsOfCell(world, cell)).join('\n');
}

function wordsOfCell({ vault }: World, cell: unknown): string {
  if (!Buffer.isBuffer(cell)) return cell instanceof Date ? cell.toISOString() : String(cell);
  try {
    return vault.open(cell);
  } catch {
    return cell.toString('utf8');
  }
}

/** All that was written to a person, in order. */
export async function textsTo(world: World, { contactId }: Person): Promise<readonly string[]> {
  const rows = await world.prisma.delivery.findMany({ where: { contactId }, orderBy: { seq: 'asc' } });
  return rows.map(({ bodySealed }) =>
    String(Object(world.vault.openJson(bodySealed ?? new Uint8Array())).text),
  );
}

const impatient = { opening: null, stillMs: 0, lookMs: 0 };

/** The state of an invitation to a person once a worker has taken it up; nothing of it is left. */
export async function invited(world: World, { contactId }: Person): Promise<string | undefined> {
  const id = world.newId();
  const plan = { id, contacts: [contactId], account: 'wa', createdBy: 'test', now, expiresAt: null };
  await planBroadcast(world.db.pool, world.vault, { ...plan, message: saying('Undangan rakor') });
  await world.db.pool.query(`UPDATE delivery SET state = 'due' WHERE broadcast_id = $1`, [id]);
  const [row] = await world.prisma.delivery.findMany({ where: { broadcastId: id } });
  const store = createDeliveryStore(world.db.pool, machine);
  const until = new Date(now.getTime() + 10_000);
  await store.lease([row?.id ?? ''], { now, until, token: world.newId() }, 'leased', impatient);
  const after = await world.prisma.delivery.findUnique({ where: { id: row?.id ?? '' } });
  await world.db.pool.query('DELETE FROM delivery');
  return after?.state;
}
