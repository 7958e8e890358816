import { randomUUID } from 'node:crypto';
import type { Pool, QueryResultRow } from 'pg';
import type { ParcelFile } from '../channels/contract.js';
import type {
  BotBubble,
  Bubble,
  ListedPerson,
  PersonBubble,
  Said,
  SentFile,
  ShownFile,
  SimulatorPerson,
  SimulatorPhones,
  SimulatorProvider,
} from '../channels/simulator/port.js';
import type { Json } from '../flow/json.js';
import type { Rendered } from '../flow/render.js';
import type { Vault } from './crypto.js';
import { SimulatorLine, saidTopic, screenTopic } from './simulator-line.js';
import { run as runStatement } from './statement.js';

/** What the simulator's storage needs; `url` is for the one connection that listens. */
interface SimulatorStoreOptions {
  readonly pool: Pool;
  readonly url: string;
  readonly vault: Vault;
  readonly account: string;
  /** The clock that dates what people send. */
  readonly now?: () => Date;
  readonly pollMs?: number;
}

/** Both sides of the simulator over PostgreSQL. */
export interface SimulatorStore extends SimulatorPhones, SimulatorProvider {
  /** Ends the listening connection; the pool stays its owner's. */
  close(): Promise<void>;
}

/** Opens the simulator's storage; it connects when first used and by itself again whenever the server was away. */
export function createSimulatorStore(options: SimulatorStoreOptions): SimulatorStore {
  const store: Store = {
    ...options,
    now: options.now ?? (() => new Date()),
    line: new SimulatorLine({ url: options.url, pollMs: options.pollMs ?? 1_000 }),
  };
  return { ...phones(store), ...provider(store), close: () => store.line.close() };
}

interface Store extends SimulatorStoreOptions {
  readonly now: () => Date;
  readonly line: SimulatorLine;
}

function phones(store: Store): SimulatorPhones {
  return {
    addPerson: (value) => addPerson(store, value),
    person: (personId) => person(store, personId),
    people: () => people(store),
    say: (personId, messageId, said) => say(store, personId, messageId, said),
    sendFile: (personId, messageId, file) => sendFile(store, personId, messageId, file),
    openFile: (personId, messageId) => openFile(store, personId, messageId),
    screen: (personId, after) => bubbles(store, 'screen', [personId, after]),
    tail: (personId, count) => bubbles(store, 'tail', [personId, count]),
    settled: (personId) => settled(store, personId),
    changes: (signal) => changes(store.line, signal),
  };
}

function provider(store: Store): SimulatorProvider {
  return {
    consume: (lock, begin) => store.line.consume(lock, begin, (wake) => void wakeWaiting(store, wake)),
    unfetched: (personId) => unfetched(store, personId),
    file: (messageId) => file(store, messageId),
    confirm: async (bubbleId) => void (await run(store, 'confirm', [bubbleId, store.now()])),
    show: (value, messageId, message, shownFile) => show(store, value, messageId, message, shownFile),
    health: () => health(store),
  };
}

/** The lock on the person makes ids of one screen grow in the order of commit, so that "after id" misses nothing. */
function insertBubble(where: string, topics: readonly string[], more = ''): string {
  const told = topics.map((topic) => `pg_notify('${topic}', person_id::text)`);
  return `
    WITH person AS (SELECT id FROM simulator_person WHERE ${where} FOR NO KEY UPDATE),
    bubble AS (
      INSERT INTO simulator_bubble (person_id, from_bot, message_id, body_sealed, at)
      SELECT id, $2::boolean, $3, $4::bytea, $5::timestamptz FROM person
      ON CONFLICT (message_id) DO NOTHING RETURNING person_id)${more},
    told AS (SELECT ${told.join(', ')} FROM bubble)
    SELECT EXISTS (SELECT FROM person) AS known, (SELECT count(*) FROM told)`;
}

const insertFile =
  ', kept AS (INSERT INTO simulator_file (message_id, bytes_sealed) SELECT $3, $6::bytea FROM bubble)';

const bubbleColumns = 'id, from_bot, message_id, body_sealed, at';

const statements = {
  addPerson: `
    WITH added AS (
      INSERT INTO simulator_person (id, value_sealed, value_index) VALUES ($1, $2, $3)
      ON CONFLICT (value_index) DO NOTHING RETURNING id),
    told AS (SELECT pg_notify('${screenTopic}', id::text) FROM added)
    SELECT count(*) FROM told`,
  personByIndex: 'SELECT id, value_sealed FROM simulator_person WHERE value_index = $1',
  person: 'SELECT id, value_sealed FROM simulator_person WHERE id = $1',
  people: `
    SELECT person.id, person.value_sealed, coalesce(bubble.id, 0) AS last_bot_bubble
    FROM (SELECT * FROM simulator_person ORDER BY created_at DESC, id DESC LIMIT 200) person
    LEFT JOIN LATERAL (
      SELECT id FROM simulator_bubble WHERE person_id = person.id AND from_bot ORDER BY id DESC LIMIT 1
    ) bubble ON true
    ORDER BY person.created_at, person.id`,
  say: insertBubble('id = $1', [screenTopic, saidTopic]),
  sendFile: insertBubble('id = $1', [screenTopic, saidTopic], insertFile),
  file: 'SELECT bytes_sealed FROM simulator_file WHERE message_id = $1',
  show: insertBubble('value_index = $1', [screenTopic]),
  showFile: insertBubble('value_index = $1', [screenTopic], insertFile),
  openFile: `
    SELECT body_sealed, bytes_sealed FROM simulator_bubble JOIN simulator_file USING (message_id)
    WHERE person_id = $1 AND from_bot AND message_id = $2`,
  screen: `
    SELECT ${bubbleColumns} FROM simulator_bubble WHERE person_id = $1 AND id > $2 ORDER BY id LIMIT 500`,
  tail: `
    SELECT * FROM (
      SELECT ${bubbleColumns} FROM simulator_bubble WHERE person_id = $1 ORDER BY id DESC LIMIT $2
    ) last ORDER BY id`,
  waiting: 'SELECT DISTINCT person_id FROM simulator_bubble WHERE NOT from_bot AND fetched_at IS NULL',
  unfetched: `
    SELECT bubble.id, message_id, body_sealed, at, value_sealed
    FROM simulator_bubble bubble JOIN simulator_person person ON person.id = bubble.person_id
    WHERE person_id = $1 AND NOT from_bot AND fetched_at IS NULL ORDER BY bubble.id LIMIT 50`,
  confirm: 'UPDATE simulator_bubble SET fetched_at = $2 WHERE id = $1 AND fetched_at IS NULL',
  // Bulk rows may wait for the morning: only replies keep a conversation open.
  settled: `
    SELECT NOT EXISTS (
        SELECT FROM simulator_bubble WHERE person_id = $1 AND NOT from_bot AND fetched_at IS NULL)
      AND NOT EXISTS (
        SELECT FROM simulator_person person
        JOIN address ON address.account = $2 AND address.value_index = person.value_index
        JOIN delivery ON delivery.address_id = address.id
        WHERE person.id = $1 AND delivery.lane = 'reply' AND delivery.state IN ('due', 'leased', 'written'))
      AS settled`,
  health: 'SELECT 1 FROM simulator_person LIMIT 1',
} as const;

function run<Row extends QueryResultRow>(
  store: Store,
  name: keyof typeof statements,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return runStatement(store.pool, { name: `simulator.${name}`, text: statements[name], values });
}

interface PersonRow {
  readonly id: string;
  readonly value_sealed: Buffer;
}

/** `id` and other counts of PostgreSQL's bigint come as text. */
interface BubbleRow {
  readonly id: string;
  readonly from_bot: boolean;
  readonly message_id: string;
  readonly body_sealed: Buffer;
  readonly at: Date;
}

async function addPerson(store: Store, value: string): Promise<SimulatorPerson> {
  const index = store.vault.index('address', value);
  await run(store, 'addPerson', [randomUUID(), store.vault.seal(value), index]);
  const [row] = await run<PersonRow>(store, 'personByIndex', [index]);
  if (row === undefined) throw new Error('A simulator person vanished between two statements; try again.');
  return personOf(store, row);
}

async function person(store: Store, personId: string): Promise<SimulatorPerson | null> {
  const [row] = await run<PersonRow>(store, 'person', [personId]);
  return row === undefined ? null : personOf(store, row);
}

async function people(store: Store): Promise<readonly ListedPerson[]> {
  const rows = await run<PersonRow & { readonly last_bot_bubble: string }>(store, 'people', []);
  return rows.map((row) => ({ ...personOf(store, row), lastBotBubble: Number(row.last_bot_bubble) }));
}

function personOf(store: Store, row: PersonRow): SimulatorPerson {
  return { id: row.id, value: store.vault.open(row.value_sealed) };
}

async function say(store: Store, personId: string, messageId: string, said: Said): Promise<boolean> {
  const body = store.vault.sealJson(jsonOf(said));
  return known(await run(store, 'say', [personId, false, messageId, body, store.now()]));
}

function jsonOf(said: Said): Json {
  if ('text' in said) return { text: said.text };
  return 'button' in said ? { button: { ...said.button } } : { location: { ...said.location } };
}

async function sendFile(
  store: Store,
  personId: string,
  messageId: string,
  { name, mime, bytes }: Omit<SentFile, 'size'> & { readonly bytes: Uint8Array },
): Promise<boolean> {
  const body = store.vault.sealJson({ file: { name, mime, size: bytes.length } });
  const values = [personId, false, messageId, body, store.now(), store.vault.sealBytes(bytes)];
  return known(await run(store, 'sendFile', values));
}

async function file(store: Store, messageId: string): Promise<Uint8Array | null> {
  const [row] = await run<FileRow>(store, 'file', [messageId]);
  return row === undefined ? null : store.vault.openBytes(row.bytes_sealed);
}

async function show(
  store: Store,
  value: string,
  messageId: string,
  message: Rendered,
  shownFile: ParcelFile | undefined,
): Promise<boolean> {
  const { vault, now } = store;
  const buttons = message.buttons.map(({ label, data }) => ({ label, data }));
  const plain = { text: message.text, buttons };
  const row = (body: Json) => [vault.index('address', value), true, messageId, vault.sealJson(body), now()];
  if (shownFile === undefined) return known(await run(store, 'show', row(plain)));
  const { bytes, kind, name, mime } = shownFile;
  const whole = { ...plain, file: { kind, name, mime, size: bytes.length } };
  return known(await run(store, 'showFile', [...row(whole), vault.sealBytes(bytes)]));
}

async function openFile(
  store: Store,
  personId: string,
  messageId: string,
): Promise<(ShownFile & { readonly bytes: Uint8Array }) | null> {
  type Row = Pick<BubbleRow, 'body_sealed'> & FileRow;
  const [row] = await run<Row>(store, 'openFile', [personId, messageId]);
  if (row === undefined) return null;
  const { file } = bodyOf(store.vault, row);
  return file === undefined ? null : { ...file, bytes: store.vault.openBytes(row.bytes_sealed) };
}

interface FileRow {
  readonly bytes_sealed: Buffer;
}

function known(rows: readonly { readonly known?: boolean }[]): boolean {
  return rows[0]?.known === true;
}

async function bubbles(store: Store, name: 'screen' | 'tail', values: unknown[]): Promise<readonly Bubble[]> {
  const rows = await run<BubbleRow>(store, name, values);
  return rows.map((row) => (row.from_bot ? botBubble(store, row) : personBubble(store, row)));
}

function botBubble(store: Store, row: BubbleRow): BotBubble {
  const body = bodyOf(store.vault, row);
  return { id: Number(row.id), fromBot: true, messageId: row.message_id, at: row.at, body };
}

function bodyOf(vault: Vault, { body_sealed }: Pick<BubbleRow, 'body_sealed'>): BotBubble['body'] {
  // Only `show` writes such a body.
  return vault.openJson(body_sealed) as unknown as BotBubble['body'];
}

function personBubble(store: Store, row: Omit<BubbleRow, 'from_bot'>): PersonBubble {
  // Only `say` and `sendFile` write such a body.
  const body = store.vault.openJson(row.body_sealed) as unknown as PersonBubble['body'];
  return { id: Number(row.id), fromBot: false, messageId: row.message_id, at: row.at, body };
}

async function unfetched(store: Store, personId: string) {
  const rows = await run<BubbleRow & PersonRow>(store, 'unfetched', [personId]);
  return rows.map((row) => ({
    value: store.vault.open(row.value_sealed),
    bubble: personBubble(store, row),
  }));
}

async function settled(store: Store, personId: string): Promise<boolean> {
  const [row] = await run<{ readonly settled: boolean }>(store, 'settled', [personId, store.account]);
  return row?.settled === true;
}

/** A failed look is no harm: the next one comes within a poll. */
async function wakeWaiting(store: Store, wake: (personId: string) => void): Promise<void> {
  const rows = await run<{ readonly person_id: string }>(store, 'waiting', []).catch(() => []);
  for (const row of rows) wake(row.person_id);
}

async function health(store: Store): Promise<Awaited<ReturnType<SimulatorProvider['health']>>> {
  try {
    await run(store, 'health', []);
    return { ok: true };
  } catch {
    return {
      ok: false,
      what: 'The simulator cannot read its tables.',
      mend: 'Check that PostgreSQL is running and migrated: sapa doctor.',
    };
  }
}

async function* changes(line: SimulatorLine, signal: AbortSignal): AsyncGenerator<void> {
  let fresh = true;
  let ring = (): void => {};
  const changed = () => {
    fresh = true;
    ring();
  };
  const stop = line.listen(changed);
  signal.addEventListener('abort', changed, { once: true });
  try {
    while (!signal.aborted) {
      if (!fresh) await new Promise<void>((resolve) => (ring = resolve));
      fresh = false;
      if (!signal.aborted) yield;
    }
  } finally {
    stop();
  }
}
