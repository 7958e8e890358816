import readXlsx from 'read-excel-file/node';
import { beforeEach, describe, expect, test } from 'vitest';
import { machine } from '../../src/delivery/states.js';
import { type BroadcastMove, moveBroadcast } from '../../src/domain/broadcast-moves.js';
import { listBroadcasts, progressOf, sumsOf } from '../../src/domain/broadcast-progress.js';
import { reportBroadcast, reportSheet } from '../../src/domain/broadcast-report.js';
import { type Announcement, approveBroadcast, draftBroadcast } from '../../src/domain/broadcasts.js';
import { viewerNow } from '../../src/domain/helpers.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { saying } from '../../src/flow/message.js';
import { addHelper, addMember, addPerson, now, openWorld, type Person, type World, write } from './world.js';

let world: World;
let people: readonly Person[];
let id: string;
const local = localAdministrator('test');
const number = async () => (await world.prisma.broadcast.findUniqueOrThrow({ where: { id } })).number;
const sql = (text: string, values: readonly unknown[] = []) => world.pool.query(text, [...values]);

/** Six members of one village and one who is only in a list, all invited. */
beforeEach(async () => {
  world = await openWorld();
  people = [];
  for (const [at, nama] of ['ANI', 'BUDI', 'CITRA', 'DEWI', 'EKO', 'FAJAR'].entries()) {
    const wilayah = {
      kode: '33.74.14.1001',
      desa: 'Cangkiran',
      kecamatan: 'Tembalang',
      kabupaten: 'Kota Semarang',
    };
    people = [...people, await addMember(world, { nama, wilayah, nik: `99010157087000${at}0` })];
  }
  await world.prisma.member.create({
    data: { id: world.newId(), name: 'GINA', regionCode: '33.74.14.1001' },
  });
  await sql('UPDATE contact SET opted_out_at = now() WHERE id = $1', [people[5]?.contactId]);
  const tools = { vault: world.vault, newId: world.newId, secondYesAbove: 50 };
  const wish: Announcement = {
    ...{
      kind: 'message',
      rakorId: null,
      message: saying('Rapat.'),
      audience: { area: '33.74' },
      area: '33.74',
    },
    ...{ urgency: 'normal', expiresAt: null, simulator: false },
  };
  const draft = await draftBroadcast(local, wish, { ...tools, db: world.pool, now });
  id = draft?.id ?? '';
  await write(world, draft?.writes ?? []);
  expect(await approveBroadcast(local, id, { ...world, ...tools })).toMatchObject({ result: 'running' });
});

async function ends(at: number, state: string, code: string | null = null): Promise<void> {
  const values = [state, code, id, people[at]?.contactId];
  await sql(
    `UPDATE delivery SET state = $1::delivery_state, code = $2, ended_at = now(), accepted_at = '2026-11-24T04:05:00Z'
     WHERE broadcast_id = $3 AND contact_id = $4`,
    values,
  );
}

async function followed(at: number, state: string): Promise<void> {
  await sql(
    `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, cause, broadcast_id, due_at)
     SELECT gen_random_uuid(), contact_id, address_id, account, 'bulk', $3::delivery_state, id, broadcast_id, now()
     FROM delivery WHERE broadcast_id = $1 AND contact_id = $2`,
    [id, people[at]?.contactId, state],
  );
}

describe('how far a broadcast has come', () => {
  test('counts each message once, by its last try, and the people who get none', async () => {
    await ends(0, 'read');
    await ends(1, 'failed', 'gone');
    await followed(1, 'accepted');
    await ends(2, 'unknown', 'timeout');
    const [progress] = await progressOf(world.pool, [id]);
    expect(progress).toMatchObject({
      messages: { read: 1, accepted: 1, unknown: 1, planned: 2 },
      ...{ unreachable: 1, contacted: 0, excluded: 1, state: 'running' },
    });
    expect(progress && sumsOf(progress)).toEqual({ all: 5, ended: 3, sent: 2 });
    await sql(`UPDATE recipient SET contacted_at = now(), contacted_by = 'local:x' WHERE reason = 'listed'`);
    expect((await progressOf(world.pool, [id]))[0]).toMatchObject({
      unreachable: 0,
      contacted: 1,
      excluded: 1,
    });
  });

  test('is for who may make or approve one there', async () => {
    const seenBy = async (person: Person) =>
      (await listBroadcasts(await viewerNow(world.pool, person.contactId, person.simulator), world)).length;
    expect((await listBroadcasts(local, world)).map((one) => one.id)).toEqual([id]);
    expect(await seenBy(await addHelper(world, 'chair', '33.74'))).toBe(1);
    expect(await seenBy(await addHelper(world, 'chair', '33.15'))).toBe(0);
    expect(await seenBy(await addHelper(world, 'chair', '33.74', { simulator: true }))).toBe(0);
    expect(await seenBy(await addPerson(world))).toBe(0);
  });
});

describe('the report', () => {
  test('has a line for everybody, with what became of it and why', async () => {
    await ends(0, 'accepted');
    await ends(1, 'failed', 'gone');
    await followed(1, 'planned');
    await ends(2, 'failed', 'gone');
    await ends(3, 'skipped', 'opted-out');
    await sql(
      `UPDATE recipient SET contacted_at = '2026-11-24T05:00:00Z', contacted_by = $1 WHERE reason = 'listed'`,
      [people[0]?.contactId],
    );
    const pages = await reportBroadcast(local, await number(), world);
    if (pages === null) throw new Error('no report');
    const [head, ...lines] = await readXlsx(await reportSheet(pages)).then((sheet) => rowsOf(sheet));
    expect(head).toEqual(['Nama', 'Wilayah', 'Saluran', 'Keadaan', 'Waktu (WIB)', 'Keterangan']);
    expect(lines.toSorted()).toEqual([
      ['Ani', 'Cangkiran, Kota Semarang', 'test', 'terkirim', '2026-11-24 11.05', null],
      ['Budi', 'Cangkiran, Kota Semarang', 'test', 'menunggu giliran', null, null],
      [
        'Citra',
        'Cangkiran, Kota Semarang',
        'test',
        'gagal',
        '2026-11-24 11.05',
        'ditolak penyedia (kode gone)',
      ],
      [
        'Dewi',
        'Cangkiran, Kota Semarang',
        'test',
        'dilewati',
        '2026-11-24 11.05',
        'memilih BERHENTI menerima pesan',
      ],
      ['Eko', 'Cangkiran, Kota Semarang', 'test', 'menunggu giliran', null, null],
      ['Fajar', 'Cangkiran, Kota Semarang', null, 'tidak dikirimi', null, 'memilih BERHENTI menerima pesan'],
      [
        'Gina',
        'Cangkiran, Kota Semarang',
        null,
        'sudah dihubungi',
        '2026-11-24 12.00',
        'terdata, belum mendaftar; dihubungi ANI',
      ],
    ]);
    expect(await world.prisma.auditEntry.count({ where: { action: 'broadcast-report' } })).toBe(7);
  });

  test('is for nobody else', async () => {
    const { contactId, simulator } = await addHelper(world, 'chair', '33.15');
    const stranger = await viewerNow(world.pool, contactId, simulator);
    expect(await reportBroadcast(stranger, await number(), world)).toBeNull();
    expect(await moveBroadcast(stranger, await number(), 'pause', { ...world, machine })).toEqual({
      result: 'unknown',
    });
  });
});

describe('what is done with a broadcast on its way', () => {
  const move = async (which: BroadcastMove) =>
    moveBroadcast(local, await number(), which, { ...world, machine });

  test('is done once, where it may be, and told in the audit', async () => {
    const done = { result: 'moved', messages: null };
    expect([await move('resume'), await move('pause'), await move('pause'), await move('resume')]).toEqual([
      ...[{ result: 'not-now' }, done, { result: 'not-now' }, done],
    ]);
    await ends(1, 'failed', 'gone');
    await ends(2, 'unknown', 'timeout');
    expect(await move('retry-failed')).toEqual({ result: 'moved', messages: 1 });
    expect(await move('retry-unknown')).toEqual({ result: 'moved', messages: 1 });
    expect(await move('close')).toEqual({ result: 'not-now' });
    expect(await move('cancel')).toEqual(done);
    expect(await move('retry-failed')).toEqual({ result: 'not-now' });
    const entries = await world.prisma.auditEntry.findMany({
      where: { kind: 'broadcast', detail: id },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action }) => action)).toEqual([
      ...['drafted', 'approved', 'pause', 'resume', 'retry-failed', 'retry-unknown', 'cancel'],
    ]);
  });
});

/** Depending on its version the reader gives the sheet, or the sheets. */
function rowsOf(sheet: unknown): readonly unknown[] {
  const [first] = Array.isArray(sheet) ? sheet : [];
  return Object(first).data ?? sheet;
}
