import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ActionOutcome } from '../../../src/domain/action.js';
import { eraseMember } from '../../../src/domain/erasing.js';
import { retain } from '../../../src/domain/retention.js';
import { readSheets } from '../../../src/domain/roster/sheet.js';
import { type Desk, workOnLists } from '../../../src/domain/roster/work.js';
import type { JsonRecord } from '../../../src/flow/json.js';
import { buildRegionIndex } from '../../../src/flow/region-index.js';
import { attachmentBytes, insertAttachment } from '../../../src/store/attachments.js';
import { type FileStore, keepIn } from '../../../src/store/files.js';
import { newId } from '../../../src/store/ids.js';
import { readRegions } from '../../../src/store/regions.js';
import { ownFiles } from '../../support/files.js';
import { sized } from '../../support/size.js';
import { waitFor } from '../../support/wait.js';
import {
  addHelper,
  addMember,
  addPerson,
  count,
  everything,
  now,
  openWorld,
  type Person,
  perform,
  type World,
  write,
} from '../world.js';

const regions = buildRegionIndex(await readRegions());

/** Two of Grobogan, one of them twice, one without a village, and one of Semarang. */
const list = `Nama;NIK;Tanggal Lahir;Kabupaten;Kecamatan;Desa;Catatan saya
Sri Contohwati;;17-08-1970;Kabupaten Grobogan;Toroh;Sindurejo;a
Budi Contohyono;;01-02-1980;Kabupaten Grobogan;Toroh;Sindurejo;b
Budi Contohyono;;01-02-1980;Kabupaten Grobogan;Toroh;Sindurejo;c
Wati Contohsari;;03-04-1990;Kabupaten Grobogan;Toroh;;d
Joko Contohadi;;05-06-1985;Kota Semarang;Mijen;Mijen;e
`;

let world: World;
let fileStore: FileStore;
let chair: Person;
beforeEach(async () => {
  world = await openWorld();
  fileStore = ownFiles(world.vault);
  chair = await addHelper(world, 'chair', '33.15');
});

function deskOn(pool: pg.Pool): Desk {
  return { ...world, pool, fileStore, regions };
}

const work = () => workOnLists(deskOn(world.db.pool));

async function uploaded(text = list, type = 'csv'): Promise<string> {
  const id = newId();
  const bytes = Buffer.from(text);
  const { contactId } = chair;
  const file = await keepIn(fileStore, bytes);
  await write(world, [
    insertAttachment({
      id,
      contactId,
      inboundId: newId(),
      type,
      size: bytes.length,
      name: null,
      file,
      at: now,
    }),
  ]);
  return id;
}

async function sent(text = list): Promise<ActionOutcome> {
  return perform(world, 'roster.send', { berkas: { id: await uploaded(text) } }, chair);
}

async function result(): Promise<ActionOutcome> {
  return perform(world, 'roster.result', {}, chair);
}

function part(values: JsonRecord, name: string): JsonRecord {
  // What an action gives under a name is a record by its signature.
  return values[name] as JsonRecord;
}

/** What the chair was told that something became of his list. */
function signals(): Promise<number> {
  return world.prisma.inbound.count({
    where: { dedupeKey: { startsWith: 'signal:' }, contactId: chair.contactId },
  });
}

async function shown(): Promise<JsonRecord> {
  return part((await result()).values, 'daftar');
}

async function imported(): Promise<void> {
  await sent();
  await work();
  await perform(world, 'roster.save', { daftar: String((await shown())['id']) }, chair);
  await work();
}

const listedNames = async () =>
  (await world.prisma.member.findMany({ orderBy: { name: 'asc' } })).map(({ name }) => name);

describe('a list sent in the chat', () => {
  test('is looked through outside of the turn, told with columns and counts, and written only once that is wanted', async () => {
    expect((await sent()).outcome).toBe('queued');
    expect((await result()).outcome).toBe('working');
    expect(await work()).toBe(1);
    expect([await work(), await signals(), await count(world, 'member')]).toEqual([0, 1, 0]);
    const looked = await result();
    expect(looked.outcome).toBe('list');
    const daftar = part(looked.values, 'daftar');
    expect(daftar['rincian']).toBe('- 2 baru\n- 1 ganda\n- 2 ditolak');
    expect(daftar['kolom']).toContain('- Tanggal Lahir: *tanggal lahir*\n');
    expect(daftar['kolom']).toContain('- Catatan saya: tidak dibaca');
    expect(daftar['ditolak']).toBe(
      '- baris 5: Desa atau kelurahan tidak diisi.\n- baris 6: Wilayah tugasnya di luar wilayah Bapak/Ibu.',
    );
    const [report] = looked.values['laporan'] as readonly { readonly content: string }[];
    const bytes = await attachmentBytes(
      { db: world.pool, vault: world.vault, fileStore },
      report?.content ?? '',
    );
    const read = await readSheets(Buffer.from(bytes ?? []));
    expect(read.ok && read.sheets[0]?.rows.length).toBe(6);

    await perform(world, 'roster.save', { daftar: String(daftar['id']) }, chair);
    expect((await result()).outcome).toBe('working');
    await work();
    expect(await listedNames()).toEqual(['Budi Contohyono', 'Sri Contohwati']);
    const told = await result();
    expect([told.outcome, await signals()]).toEqual(['imported', 2]);
    expect(part(told.values, 'hasil')['rincian']).toBe('- 2 baru\n- 1 ganda\n- 2 ditolak');
    expect((await result()).outcome).toBe('none');
    expect(await world.prisma.attachment.findMany({ where: { type: 'csv' } })).toEqual([]);
    expect(await world.prisma.auditEntry.count({ where: { kind: 'sk' } })).toBe(0);
  });

  test('is looked through again with a column named by hand', async () => {
    await sent(list.replace('Nama;', 'Sebutan;').replace('NIK', 'Nama ibu').replace('Catatan saya', 'Nama'));
    await work();
    const columns = await result();
    const kolom = columns.values['kolom'] as readonly { readonly id: string; readonly label: string }[];
    const at = (label: string) => kolom.find((one) => one.label === label)?.id ?? '';
    const daftar = String(part(columns.values, 'daftar')['id']);
    const say = (label: string, bidang: string) =>
      perform(world, 'roster.column', { daftar, kolom: at(label), bidang }, chair);
    expect((await say('Nama', '-')).outcome).toBe('queued');
    expect((await say('Sebutan', 'nama')).outcome).toBe('gone');
    await work();
    expect((await result()).outcome).toBe('failed');
  });

  test('keeps what was said of columns from one look to the next', async () => {
    await sent(list.replace('Tanggal Lahir', 'Hari jadi'));
    await work();
    const first = await result();
    expect(part(first.values, 'daftar')['kolom']).toContain('Hari jadi: tidak dibaca');
    const daftar = String(part(first.values, 'daftar')['id']);
    await perform(world, 'roster.column', { daftar, kolom: '2', bidang: 'tanggal-lahir' }, chair);
    await work();
    const second = await shown();
    expect(second['kolom']).toContain('Hari jadi: *tanggal lahir*');
    await perform(world, 'roster.save', { daftar: String(second['id']) }, chair);
    await work();
    const [member] = await world.prisma.member.findMany({ where: { name: 'Sri Contohwati' } });
    expect(member?.birthDate).toBe('1970-08-17');
  });

  test('that is none is told, and nothing of it is kept', async () => {
    await sent('satu, dua\ntiga, empat\n');
    await work();
    const told = await result();
    expect(told.outcome).toBe('failed');
    expect(part(told.values, 'gagal')['sebab']).toContain('Judul kolom tidak ditemukan.');
    expect([await count(world, 'attachment'), await count(world, 'roster_job')]).toEqual([0, 0]);
  });

  test('is erased when it is not wanted, and when another one comes', async () => {
    await sent();
    await work();
    const before = await shown();
    await sent();
    expect(await world.prisma.attachment.count({ where: { type: 'csv' } })).toBe(1);
    expect((await perform(world, 'roster.save', { daftar: String(before['id']) }, chair)).outcome).toBe(
      'gone',
    );
    await work();
    await perform(world, 'roster.drop', { daftar: String((await shown())['id']) }, chair);
    expect(await world.prisma.attachment.count({ where: { type: 'csv' } })).toBe(0);
    expect([await count(world, 'roster_job'), await count(world, 'member')]).toEqual([0, 0]);
  });

  test('is taken back by its number, by whoever sent it', async () => {
    await imported();
    await result();
    const own = await perform(world, 'roster.own-lists', {}, chair);
    const [one] = own.values['daftar'] as readonly { readonly id: string }[];
    const other = await addHelper(world, 'chair', '33.15');
    expect((await perform(world, 'roster.take-back', { nomor: one?.id ?? '' }, other)).outcome).toBe('gone');
    expect((await perform(world, 'roster.take-back', { nomor: one?.id ?? '' }, chair)).outcome).toBe(
      'queued',
    );
    await work();
    const told = await result();
    expect([told.outcome, await listedNames()]).toEqual(['taken-back', []]);
    expect(part(told.values, 'hasil')['rincian']).toBe(
      '- 2 anggota dikeluarkan lagi\n- 0 anggota kembali seperti semula',
    );
    expect((await perform(world, 'roster.own-lists', {}, chair)).outcome).toBe('none');
  });

  test('waits for one that is being written, and is for chairs alone', async () => {
    await sent();
    await work();
    await perform(world, 'roster.save', { daftar: String((await shown())['id']) }, chair);
    expect((await sent()).outcome).toBe('busy');
    const anybody = await addPerson(world);
    const berkas = { id: await uploaded() };
    expect((await perform(world, 'roster.send', { berkas }, anybody)).outcome).toBe('refused');
  });

  test('of a chair who is none any more is written for nobody', async () => {
    await sent();
    await work();
    await perform(world, 'roster.save', { daftar: String((await shown())['id']) }, chair);
    await world.pool.query('UPDATE role_grant SET revoked_at = now()');
    await work();
    expect(await count(world, 'member')).toBe(0);
    expect(part((await result()).values, 'hasil')['rincian']).toBe('- 5 ditolak');
  });

  test('that ends every process that works on it is given up', async () => {
    await sent();
    await world.pool.query('UPDATE roster_job SET tries = 5');
    await work();
    expect(part((await result()).values, 'gagal')['sebab']).toContain('tidak dapat diolah');
  });
});

/** A pool of a process that dies at one of its statements: before it, or after it was done. */
function mortal(dies: { readonly at: number; readonly after: boolean }) {
  let count = 0;
  const guarded = async <T>(query: () => Promise<T>): Promise<T> => {
    count += 1;
    if (count > dies.at || (count === dies.at && !dies.after)) throw new Error('killed');
    const done = await query();
    if (count === dies.at) throw new Error('killed');
    return done;
  };
  const wrap = (target: object): object =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        if (name === 'query') return (...args: unknown[]) => guarded(() => value.apply(object, args));
        if (name === 'connect') return async () => wrap(await value.call(object));
        // A process that has died holds no connection.
        if (name === 'release') return () => value.call(object, count >= dies.at);
        return value.bind(object);
      },
    });
  // The same methods as a pool, each behind the count.
  return { pool: wrap(world.db.pool) as pg.Pool, count: () => count };
}

/** Where the work is cut off, of so many statements: all of them, or a few that lie apart. */
function cutsOf(statements: number): readonly { readonly at: number; readonly after: boolean }[] {
  const all = Array.from({ length: statements }, (_, at) => at + 1);
  const step = sized(7, 1);
  return all
    .filter((at) => at % step === 0 || at === statements)
    .flatMap((at) => [false, true].map((after) => ({ at, after })));
}

const readied = {
  look: async () => void (await sent()),
  import: async () => {
    await sent();
    await work();
    await perform(world, 'roster.save', { daftar: String((await shown())['id']) }, chair);
  },
  undo: async () => {
    await imported();
    await result();
    const nomor = String((await world.prisma.roster.findFirstOrThrow()).number);
    await perform(world, 'roster.take-back', { nomor }, chair);
  },
};

const locksText = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (
  SELECT oid FROM pg_database WHERE datname = current_database())`;

/** The server notices that a connection is gone a moment after it is. */
async function noLock(): Promise<boolean> {
  return (await world.db.pool.query(locksText)).rowCount === 0;
}

async function left(): Promise<unknown> {
  const told = await result();
  const { id: _, ...daftar } = { ...part(told.values, 'daftar') };
  const { nomor: __, ...hasil } = { ...part(told.values, 'hasil') };
  return {
    ...{ outcome: told.outcome, daftar, hasil, names: await listedNames(), signals: await signals() },
    rosters: await count(world, 'roster'),
    moves: await count(world, 'sk_member'),
    lists: await world.prisma.attachment.count({ where: { type: { in: ['csv', 'sheet'] } } }),
  };
}

describe.each(['look', 'import', 'undo'] as const)('killed anywhere while it does the work %s', (state) => {
  test('it does it once, however often it is begun', async () => {
    await readied[state]();
    const whole = mortal({ at: Number.POSITIVE_INFINITY, after: false });
    await workOnLists(deskOn(whole.pool));
    const wanted = await left();
    for (const dies of cutsOf(whole.count())) {
      world = await openWorld();
      chair = await addHelper(world, 'chair', '33.15');
      await readied[state]();
      const { pool } = mortal(dies);
      await workOnLists(deskOn(pool)).catch(() => {});
      await waitFor('the dead to let go', noLock);
      await work();
      await work();
      expect(await left(), JSON.stringify(dies)).toEqual(wanted);
    }
  });
});

test('with somebody whom the list names as well, list and report go', async () => {
  const member = await addMember(world, {
    nama: 'Sri Contohwati',
    wilayah: { kode: '33.15.04.2005', desa: 'A', kecamatan: 'B', kabupaten: 'C' },
    nik: null,
  });
  await sent();
  await work();
  expect((await shown())['rincian']).toContain('1 sudah terdaftar');
  const { memberId } = await world.prisma.memberContact.findFirstOrThrow({
    where: { contactId: member.contactId },
  });
  const how = { vault: world.vault, now, inboundId: null, why: 'request', number: 1 };
  const idleState = world.vault.sealJson({});
  await write(world, eraseMember({ memberId, contacts: [], asking: null }, { ...how, idleState }));
  expect([await count(world, 'attachment'), await count(world, 'roster_job')]).toEqual([0, 0]);
});

test('a list nobody answered is erased after a day, and so is what was found in it', async () => {
  await sent();
  await work();
  const later = new Date(now.getTime() + 25 * 60 * 60 * 1000);
  await retain({ ...world, now: () => later, idleState: () => world.vault.sealJson({}) });
  expect([await count(world, 'attachment'), await count(world, 'roster_job')]).toEqual([0, 0]);
});

test('nothing of a list is left behind once it was imported but what it imported', async () => {
  await imported();
  await result();
  expect(await everything(world)).not.toContain('Catatan saya');
});
