import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeBackup } from '../../src/store/backup.js';
import { frameOf, framesIn, type Part } from '../../src/store/backup-frames.js';
import { headBytes, openStream, sealStream } from '../../src/store/backup-seal.js';
import { StartError } from '../../src/store/errors.js';
import { checkBackup } from '../../src/store/restore.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

const key = randomBytes(32);
const chunk = 64 * 1024 + 16;
let database: FreshDatabase;
let folder: string;
let whole: Buffer;

const source = (report: (what: string, count: number) => void = () => {}) => ({
  ...{ pool: database.pool, dataKey: key, filesFolder: join(folder, 'files'), now: () => new Date(), report },
});

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'sapa-backup-'));
  // Random, so that it stays as long as it is when it is packed: several chunks.
  for (let n = 0; n < 4; n += 1)
    await database.pool.query('INSERT INTO simulator_file (message_id, bytes_sealed) VALUES ($1, $2)', [
      `file ${n}`,
      randomBytes(50_000),
    ]);
  await writeBackup(join(folder, 'whole'), source());
  whole = readFileSync(join(folder, 'whole'));
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function read(bytes: Uint8Array, opened = key): Promise<string> {
  const file = join(folder, 'changed');
  writeFileSync(file, bytes);
  const fault = await checkBackup(file, opened).then(
    () => null,
    (error: unknown) => error,
  );
  if (fault === null) return 'whole';
  expect(fault).toBeInstanceOf(StartError);
  return String(fault);
}

const faulty = /damaged or incomplete|does not open|no backup of Sapa/;

describe('a backup', () => {
  test('is read as it was written, under its key only, and its head alone says what it is', async () => {
    expect(whole.length).toBeGreaterThan(3 * chunk);
    expect(await read(whole)).toBe('whole');
    expect(await read(whole, randomBytes(32))).toContain('does not open the backup');
    expect(await read(Buffer.from('something else'))).toContain('no backup of Sapa');
    expect(await read(Buffer.alloc(0))).toContain('no backup of Sapa');
    await expect(checkBackup(join(folder, 'none'), key)).rejects.toThrow('cannot be read');
    expect(whole.includes(key)).toBe(false);
  });

  test('with any byte changed is refused', async () => {
    const at = fc.nat({ max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const changed = Buffer.from(whole);
        changed[place] = (changed[place] ?? 0) ^ flip;
        expect(await read(changed)).toMatch(faulty);
      }),
      {
        examples: [
          [0, 1],
          [14, 1],
          [20, 1],
          [headBytes, 1],
          [whole.length - 1, 1],
        ],
      },
    );
  });

  test('cut off anywhere is refused, also between two chunks', async () => {
    const ends = [0, 1, 2, 3].map((n) => headBytes + n * chunk);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), async (length) => {
        expect(await read(whole.subarray(0, length))).toMatch(faulty);
      }),
      { examples: ends.map((length) => [length]) },
    );
    expect(await read(Buffer.concat([whole, Buffer.from('x')]))).toMatch(faulty);
  });

  test('with chunks swapped, left out, repeated or of another backup is refused', async () => {
    const other = join(folder, 'other');
    await writeBackup(other, source());
    const [mine, theirs] = [whole, readFileSync(other)].map(chunksOf);
    const [head, one, two, ...rest] = mine ?? [];
    const together = (...chunks: readonly (Buffer | undefined)[]) =>
      Buffer.concat(chunks.map((bytes) => bytes ?? Buffer.alloc(0)));
    expect(await read(together(head, one, two, ...rest))).toBe('whole');
    expect(await read(together(head, two, one, ...rest))).toMatch(faulty);
    expect(await read(together(head, two, ...rest))).toMatch(faulty);
    expect(await read(together(head, one, one, two, ...rest))).toMatch(faulty);
    expect(await read(together(head, theirs?.[1], two, ...rest))).toMatch(faulty);
  });

  test('comes under its name when it is whole, and replaces nothing', async () => {
    const file = join(folder, 'broken');
    const broken = source(() => {
      throw new Error('the lights went out');
    });
    await expect(writeBackup(file, broken)).rejects.toThrow('the lights went out');
    await expect(writeBackup(join(folder, 'whole'), source())).rejects.toThrow('is there already');
    await expect(writeBackup(join(folder, 'missing/there'), source())).rejects.toThrow('ENOENT');
    expect([existsSync(file), readdirSync(folder).filter((name) => name.endsWith('.part'))]).toEqual([
      false,
      [],
    ]);
    expect(readFileSync(join(folder, 'whole')).equals(whole)).toBe(true);
  });
});

function chunksOf(bytes: Buffer): readonly Buffer[] {
  const count = Math.ceil((bytes.length - headBytes) / chunk);
  const chunks = Array.from({ length: count }, (_, n) =>
    bytes.subarray(headBytes + n * chunk, headBytes + (n + 1) * chunk),
  );
  return [bytes.subarray(0, headBytes), ...chunks];
}

async function* pieces(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  let rest = bytes;
  for (const length of lengths) {
    yield rest.subarray(0, length);
    rest = rest.subarray(length);
  }
  yield rest;
}

async function together(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of stream) all.push(piece);
  return Buffer.concat(all);
}

const lengths = fc.array(fc.nat({ max: 100_000 }), { maxLength: 8 });
const sizes = fc.constantFrom(0, 1, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 128 * 1024, 200_000);

test('a stream comes out as it went in, however it is cut into pieces on the way', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, lengths, lengths, async (size, cutIn, cutOut) => {
      const plain = randomBytes(size);
      const sealed = await together(sealStream(key, pieces(plain, cutIn)));
      const body = pieces(sealed.subarray(headBytes), cutOut);
      expect((await together(openStream(key, sealed.subarray(0, headBytes), body))).equals(plain)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('so do its parts', async () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(bodies, fc.array(fc.nat({ max: 90 }), { maxLength: 20 }), async (all, cuts) => {
      const part: Part = { kind: 'file', name: 'a'.repeat(64) };
      const bytes = Buffer.concat(all.map((body) => frameOf(part, Buffer.from(body))));
      const read: Uint8Array[] = [];
      for await (const frame of framesIn(pieces(bytes, cuts))) read.push(Uint8Array.from(frame.body));
      expect(read).toEqual(all.map((body) => Uint8Array.from(body)));
    }),
  );
});
