import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVault, VaultError } from '../../src/store/crypto.js';
import { StartError } from '../../src/store/errors.js';
import { loadDataKey, openVault } from '../../src/store/key.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

const [key, otherKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)] as const;
const vault = createVault(key);
const other = createVault(otherKey);
const text = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('sealing', () => {
  test('any text comes back as it was', () => {
    fc.assert(fc.property(text, (plain) => vault.open(vault.seal(plain)) === plain));
  });

  test('any bytes come back as they were', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(fc.property(bytes, (plain) => vault.openBytes(vault.sealBytes(plain)).equals(plain)));
  });

  test('any JSON comes back as it was', () => {
    const plain = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, (value) => {
        expect(vault.openJson(vault.sealJson(value))).toEqual(value);
      }),
    );
  });

  test('the same text is never sealed the same twice', () => {
    fc.assert(fc.property(text, (plain) => !vault.seal(plain).equals(vault.seal(plain))));
  });

  test('key id, nonce, text and tag: nothing more, and the key id is readable in front', () => {
    const sealed = vault.seal('3374010101700001');
    expect(sealed.length).toBe(4 + 12 + 16 + 16);
    expect(sealed.subarray(0, 4).toString('hex')).toBe(vault.keyId);
    expect(sealed.includes('33740101')).toBe(false);
  });

  test('any changed byte is refused, without a word of the content', () => {
    const where = fc.tuple(fc.string({ minLength: 8 }), fc.nat(), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(where, ([plain, at, change]) => {
        const sealed = vault.seal(plain);
        const spot = at % sealed.length;
        sealed.writeUInt8(sealed.readUInt8(spot) ^ change, spot);
        expect(faultOf(() => vault.open(sealed))).not.toContain(plain);
      }),
    );
  });

  test('what is cut short is refused', () => {
    const sealed = vault.seal('Siti Aminah');
    for (let length = 0; length < sealed.length; length++)
      expect(() => vault.open(sealed.subarray(0, length))).toThrow(VaultError);
  });

  test('another key is refused', () => {
    expect(() => other.open(vault.seal('Siti Aminah'))).toThrow('another key');
  });
});

describe('blind index', () => {
  test('equal for equal values of one kind, and only for those', () => {
    fc.assert(
      fc.property(text, text, (a, b) => vault.index('nik', a).equals(vault.index('nik', b)) === (a === b)),
    );
    expect(vault.index('nik', '1').equals(vault.index('phone', '1'))).toBe(false);
    expect(vault.index('nik', '1').equals(other.index('nik', '1'))).toBe(false);
  });
});

describe('the data key', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sapa-key-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test('is made once, for its owner only', () => {
    const first = loadDataKey({ dataKey: null, dataDir: join(dir, 'made'), mayMake: true });
    const second = loadDataKey({ dataKey: null, dataDir: join(dir, 'made'), mayMake: true });
    expect([first.created, second.created]).toEqual([true, false]);
    expect([first.where, second.where]).toEqual([join(dir, 'made/key'), join(dir, 'made/key')]);
    expect(second.key.equals(first.key)).toBe(true);
    expect(statSync(join(dir, 'made/key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dir, 'made/key'), 'utf8').trim()).toBe(first.key.toString('base64'));
  });

  test('a given one is taken as it is', () => {
    const key = randomBytes(32);
    const {
      created,
      where,
      key: taken,
    } = loadDataKey({
      dataKey: key.toString('base64'),
      dataDir: join(dir, 'none'),
      mayMake: false,
    });
    expect([created, where, taken.equals(key)]).toEqual([false, 'DATA_KEY', true]);
  });

  test.each(['', 'rahasia', Buffer.alloc(31).toString('base64'), `${'!'.repeat(4)}${'A'.repeat(43)}=`])(
    'one that is not 32 bytes of base64 is refused: %j',
    (dataKey) => {
      expect(() => loadDataKey({ dataKey, dataDir: dir, mayMake: true })).toThrow(StartError);
    },
  );

  test('a lost one is not replaced where data was sealed already', () => {
    const lost = join(dir, 'lost');
    expect(() => loadDataKey({ dataKey: null, dataDir: lost, mayMake: false })).toThrow(/is missing/);
    expect(existsSync(join(lost, 'key'))).toBe(false);
  });

  test('a damaged file is refused, never replaced', () => {
    writeFileSync(join(dir, 'key'), 'damaged\n');
    chmodSync(join(dir, 'key'), 0o600);
    expect(() => loadDataKey({ dataKey: null, dataDir: dir, mayMake: true })).toThrow(StartError);
    expect(readFileSync(join(dir, 'key'), 'utf8')).toBe('damaged\n');
  });
});

describe('the key of a database', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  test('the first one stays; another is refused and changes nothing', async () => {
    expect((await openVault(database.pool, key)).keyId).toBe(vault.keyId);
    expect((await openVault(database.pool, key)).keyId).toBe(vault.keyId);
    await expect(openVault(database.pool, otherKey, '/srv/sapa/key')).rejects.toThrow(
      /^\/srv\/sapa\/key is not the key this/,
    );
    await expect(openVault(database.pool, otherKey)).rejects.toThrow(StartError);
    const { rows } = await database.pool.query('SELECT key_id FROM data_key');
    expect(rows).toEqual([{ key_id: vault.keyId }]);
  });

  test('of two different keys at the same moment one wins', async () => {
    await database.pool.query('DELETE FROM data_key');
    const both = await Promise.allSettled([key, otherKey].map((one) => openVault(database.pool, one)));
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof VaultError ? error.message : `not a VaultError: ${String(error)}`;
  }
  return 'no fault';
}
