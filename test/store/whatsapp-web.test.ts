import { randomBytes } from 'node:crypto';
import { BufferJSON, initAuthCreds, proto, type SignalDataSet } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { credsChange, keyStore, readCreds } from '../../src/channels/whatsapp-web/auth.js';
import type { OwnedAccount, WhatsAppStore } from '../../src/channels/whatsapp-web/port.js';
import { childAsks } from '../../src/channels/whatsapp-web/protocol.js';
import { answering, createWire } from '../../src/channels/whatsapp-web/wire.js';
import { createVault, type Vault } from '../../src/store/crypto.js';
import { createWhatsAppStore } from '../../src/store/whatsapp-web.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

let database: FreshDatabase;
let vault: Vault;
let store: WhatsAppStore;
let owned: OwnedAccount;

const open = (account = 'whatsapp-web') =>
  createWhatsAppStore({
    ...{ pool: database.pool, vault, account, now: () => new Date() },
    sentAs: async () => null,
  });

beforeAll(async () => {
  database = await freshDatabase();
  vault = createVault(randomBytes(32));
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('TRUNCATE whatsapp_account, whatsapp_key, whatsapp_inbox');
  store = open();
  owned = await store.begin();
});

/** The client's own key store over our table, as the child and the parent put it together. */
function keys() {
  const parent = createWire(
    [
      answering(childAsks.read, async ({ kind, ids }) => Object.fromEntries(await owned.read(kind, ids))),
      answering(childAsks.write, async (changes) => {
        if (!(await owned.write(changes))) throw new Error('fenced out');
        return null;
      }),
    ],
    (message) => child.take(structuredClone(message)),
  );
  const child = createWire([], (message) => parent.take(structuredClone(message)));
  return keyStore(child);
}

const pair = () => ({ public: randomBytes(32), private: randomBytes(32) });

/** One of every kind the client keeps (reference/channels.md 2.2). */
const everyKind = {
  'pre-key': { '7': pair() },
  session: { '6281200000001.0': randomBytes(300) },
  'sender-key': { '1203@g.us::6281200000001::0': randomBytes(80) },
  'sender-key-memory': { '1203@g.us': { '6281200000001@s.whatsapp.net': true } },
  'app-state-sync-key': {
    AAAA: proto.Message.AppStateSyncKeyData.fromObject({ keyData: randomBytes(32), timestamp: 5 }),
  },
  'app-state-sync-version': {
    regular: { version: 3, hash: randomBytes(128), indexValueMap: { x: { valueMac: randomBytes(32) } } },
  },
  'lid-mapping': { '6281200000001': '99000000000001' },
  'device-list': { '6281200000001': ['0', '3'] },
  tctoken: { '6281200000001@s.whatsapp.net': { token: randomBytes(16), timestamp: '5' } },
  'identity-key': { '6281200000001.0': randomBytes(33) },
} satisfies SignalDataSet;

const kinds = Object.keys(everyKind) as (keyof typeof everyKind)[];
const plain = (value: unknown) => JSON.stringify(value, BufferJSON.replacer);

describe('the keys of a linked device', () => {
  it.each(kinds)('come back as they were: %s', async (kind) => {
    await keys().set(everyKind);
    const [id = ''] = Object.keys(everyKind[kind]);
    const found = await keys().get(kind, [id, 'nobody']);
    expect(Object.keys(found)).toEqual([id]);
    expect(plain(found)).toBe(plain(everyKind[kind]));
  });

  it('are of any kind, also one that nobody knows yet', async () => {
    await owned.write([{ kind: 'kind-of-tomorrow', id: 'x', value: 'y' }]);
    expect(await owned.read('kind-of-tomorrow', ['x'])).toEqual(new Map([['x', 'y']]));
  });

  it('are removed by null, replaced, and kept apart by account', async () => {
    await keys().set({ session: { a: Buffer.from('1'), b: Buffer.from('2') } });
    await keys().set({ session: { a: null, b: Buffer.from('3') } });
    expect(await keys().get('session', ['a', 'b'])).toEqual({ b: Buffer.from('3') });
    const other = await open('other').begin();
    expect(await other.read('session', ['b'])).toEqual(new Map());
  });

  it('and the credentials, which the client can go on with', async () => {
    const creds = initAuthCreds();
    await owned.write([credsChange(creds)]);
    const kept = (await owned.read('creds', [''])).get('') ?? null;
    expect(plain(readCreds(kept))).toBe(plain(creds));
    expect(readCreds(null).noiseKey).not.toEqual(creds.noiseKey);
  });

  it('go in together or not at all, and the client is told', async () => {
    await keys().set({ session: { a: Buffer.from('before') } });
    await database.pool.query("ALTER TABLE whatsapp_key ADD CONSTRAINT none CHECK (kind <> 'tctoken')");
    const set = keys().set({ session: { a: Buffer.from('after') }, tctoken: everyKind.tctoken });
    await expect(set).rejects.toThrow();
    await database.pool.query('ALTER TABLE whatsapp_key DROP CONSTRAINT none');
    expect(await keys().get('session', ['a'])).toEqual({ a: Buffer.from('before') });
  });

  it('stand in the database so that nobody reads them, nor whom they are for', async () => {
    await keys().set(everyKind);
    await owned.write([credsChange(initAuthCreds())]);
    await owned.report({
      state: 'pairing',
      code: null,
      pairing: { kind: 'qr', text: 'https://contoh.test/#rahasia' },
    });
    const dumps = await database.pool.query(
      'SELECT k::text AS line FROM whatsapp_key k UNION ALL SELECT a::text FROM whatsapp_account a',
    );
    const dump = dumps.rows.map(({ line }) => line).join('\n');
    const bytes = (text: string) => [text, Buffer.from(text).toString('hex')];
    for (const secret of ['6281200000001', '99000000000001', 'noiseKey', 'rahasia'].flatMap(bytes))
      expect(dump.includes(secret), secret).toBe(false);
    expect(dump.includes(everyKind['pre-key']['7'].private.toString('hex'))).toBe(false);
  });
});

describe('who owns the account', () => {
  it('is who began last: an older owner writes nothing any more', async () => {
    const newer = await open().begin();
    expect(Number(newer.fence)).toBe(Number(owned.fence) + 1);
    expect(await owned.write([{ kind: 'session', id: 'a', value: 'old' }])).toBe(false);
    expect(await owned.report({ state: 'open', code: null, pairing: null })).toBe(false);
    expect([
      await owned.wipe(),
      await owned.beat(),
      await owned.keepPace({}),
      await owned.keepVersion('1.2.3'),
    ]).toEqual(Array(4).fill(false));
    await expect(keys().set({ session: { a: Buffer.from('old') } })).rejects.toThrow();
    expect(await newer.write([{ kind: 'session', id: 'b', value: 'new' }])).toBe(true);
    expect(await newer.read('session', ['a', 'b'])).toEqual(new Map([['b', 'new']]));
    expect((await store.status()).state).toBe('new');
  });

  it('changes between writes, never in the middle of one', async () => {
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await client.query("SELECT FROM whatsapp_account WHERE account = 'whatsapp-web' FOR NO KEY UPDATE");
    const [writing, beginning] = [owned.write([{ kind: 'session', id: 'a', value: 'x' }]), open().begin()];
    await client.query('COMMIT');
    client.release();
    const [written, newer] = [await writing, await beginning];
    expect((await newer.read('session', ['a'])).has('a')).toBe(written);
  });

  it('keeps pace and version, and forgets the pairing with all its keys', async () => {
    await owned.keepPace({ sent: 3 });
    await owned.keepVersion('2.3000.1');
    await owned.write([{ kind: 'session', id: 'a', value: 'x' }]);
    const newer = await open().begin();
    expect([await newer.pace(), await newer.version()]).toEqual([{ sent: 3 }, '2.3000.1']);
    await newer.wipe();
    expect([await newer.pace(), (await newer.read('session', ['a'])).size]).toEqual([null, 0]);
    expect(await newer.version()).toBe('2.3000.1');
  });
});

describe('how the account is', () => {
  it('is what its owner said, with what is to be scanned', async () => {
    const pairing = { kind: 'code', text: 'ABCD1234' } as const;
    await owned.report({ state: 'pairing', code: null, pairing });
    expect(await store.status()).toMatchObject({ state: 'pairing', code: null, pairing });
    await owned.report({ state: 'stopped', code: 'replaced', pairing: null });
    expect(await store.status()).toMatchObject({ state: 'stopped', code: 'replaced', pairing: null });
  });

  it('begins again when a person asks, and only then when it was stopped', async () => {
    await owned.report({ state: 'open', code: null, pairing: null });
    await store.ask();
    expect((await store.status()).state).toBe('open');
    await owned.report({ state: 'stopped', code: 'forbidden', pairing: null });
    await store.ask();
    expect(await store.status()).toMatchObject({ state: 'new', code: null });
  });
});

describe('what came and was not treated yet', () => {
  const key = ['6281200000001@s.whatsapp.net', '', 'A1'];

  it('is kept once, in order, until it is released', async () => {
    const first = await store.keep(key, { at: 1 });
    const second = await store.keep([...key.slice(0, 2), 'A2'], { at: 2 });
    expect(await store.keep(key, { at: 1 })).toEqual(first);
    expect(await store.held()).toEqual([first, second]);
    await store.release(first.seq);
    expect(await store.held()).toEqual([second]);
  });

  it('is told apart by chat, participant and id, and by nothing that can be read', async () => {
    const held = await Promise.all(
      [key, ['6281200000002@s.whatsapp.net', '', 'A1'], [key[0] ?? '', 'p', 'A1']].map((one) =>
        store.keep(one, null),
      ),
    );
    expect(new Set(held.map(({ dedupeKey }) => dedupeKey)).size).toBe(3);
    for (const { dedupeKey } of held) expect(dedupeKey).not.toContain('62812');
  });
});

describe('the groups of a number', () => {
  const seen = { jid: '1203@g.us', title: 'Ketua', size: 36, isOpen: true };

  it('are kept sealed, by its newest owner, and forgotten with the link', async () => {
    expect(await store.groups()).toEqual([]);
    expect(await owned.keepGroups([seen])).toBe(true);
    expect(await store.groups()).toEqual([seen]);
    const { rows } = await database.pool.query('SELECT t::text FROM whatsapp_key t');
    expect(JSON.stringify(rows)).not.toContain('Ketua');
    const next = await store.begin();
    expect(await owned.keepGroups([])).toBe(false);
    expect(await store.groups()).toEqual([seen]);
    await next.wipe();
    expect(await store.groups()).toEqual([]);
  });
});
