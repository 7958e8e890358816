import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readSheets from 'read-excel-file/node';
import { beforeEach, expect, test } from 'vitest';
import { attendance } from '../../src/cli/attendance.js';
import { guestsOf, rakorFor } from '../../src/domain/attendance.js';
import { attendancePaper } from '../../src/domain/attendance-file.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { isRecord } from '../../src/flow/json.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import { pagesOfPdf } from '../support/pdf.js';
import { addNamed, callRakor, invite } from './door-scene.js';
import { addHelper, addPerson, looksIn, now, openWorld, type Person, perform, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const names = ['AGUS CONTOH', 'Budi Contoh', 'Citra Contoh', 'Dewi Contoh'];

/** A rakor of Kota Semarang: Agus said yes and came, Budi said yes, Citra sends Eko, Dewi said nothing; Fitri came uninvited. */
async function held(helper: Person): Promise<string> {
  const rakorId = await callRakor(world, { title: 'Rakor wilayah' });
  const [agus = '', budi = '', citra = '', dewi = ''] = await Promise.all(
    names.map((name) => addNamed(world, name)),
  );
  const came = { checkedInAt: now, checkedInBy: helper.contactId };
  await invite(world, rakorId, { memberId: agus, ...came });
  await invite(world, rakorId, { memberId: budi });
  const delegateOfId = await invite(world, rakorId, { memberId: citra, answer: 'diwakilkan' });
  const eko = { nama: 'eko contoh', jabatan: 'Sekretaris', nomor: null };
  await invite(world, rakorId, { delegateOfId, delegate: eko, answer: null });
  await invite(world, rakorId, { memberId: dewi, answer: null });
  const fitri = { nama: 'Fitri Contoh', jabatan: 'Anggota, Desa Contoh', nomor: null };
  await invite(world, rakorId, { delegate: fitri, ...came });
  return rakorId;
}

test('tells how many are invited, awaited and in, and who is awaited', async () => {
  const helper = await addHelper(world, 'operator', '33.74');
  const rakor = await held(helper);
  const found = await perform(world, 'attendance.find', {}, helper);
  expect(found).toMatchObject({
    outcome: 'one',
    values: {
      kehadiran: { id: rakor, undangan: '5', hadir: '3', masuk: '2', susulan: '1', belum: '2' },
    },
  });
  const { outcome, values } = await perform(world, 'attendance.awaited', { rakor }, helper);
  expect(outcome).toBe('last');
  expect(values['halaman']).toEqual({
    rincian: '- Budi Contoh, Anggota PSM, Kota Semarang\n- Eko Contoh, Sekretaris, Kota Semarang',
    jumlah: '2',
    sampai: '2',
  });
  expect(await looksIn(world, 'list-attendance')).toHaveLength(1);
});

test('goes page by page', async () => {
  const helper = await addHelper(world, 'chair', '33.74');
  const rakor = await callRakor(world);
  for (let n = 10; n < 22; n += 1)
    await invite(world, rakor, { delegate: { nama: `Contoh ${n}`, jabatan: 'Ketua', nomor: null } });
  await world.db.pool.query('UPDATE invitation SET member_id = NULL');
  const late = await perform(world, 'attendance.awaited', { rakor }, helper);
  expect(late.outcome).toBe('none');
  const hosts = await world.prisma.invitation.findMany();
  for (const { id } of hosts)
    await invite(world, rakor, {
      delegateOfId: id,
      answer: null,
      delegate: { nama: `Wakil ${id.slice(-4)}`, jabatan: 'Ketua', nomor: null },
    });
  const first = await perform(world, 'attendance.awaited', { rakor }, helper);
  expect(first).toMatchObject({ outcome: 'more', values: { halaman: { jumlah: '12', sampai: '10' } } });
  const second = await perform(world, 'attendance.awaited', { rakor, sesudah: '10' }, helper);
  expect(second).toMatchObject({ outcome: 'last', values: { halaman: { sampai: '12' } } });
});

test('goes out as a workbook with everybody and room to sign, to whoever keeps the door', async () => {
  const helper = await addHelper(world, 'operator', '33.74');
  const rakor = await held(helper);
  const { outcome, values } = await perform(world, 'attendance.sheet', { rakor }, helper);
  expect(outcome).toBe('made');
  const [file] = Array.isArray(values['berkas']) ? values['berkas'].filter(isRecord) : [];
  const bytes = await attachmentBytes({ ...world, db: world.pool }, String(file?.['content']));
  const [sheet] = await readSheets(Buffer.from(bytes ?? []));
  expect(sheet?.data).toEqual([
    [
      'Daftar hadir Rakor wilayah, Selasa, 24 November 2026 pukul 11.00 WIB',
      null,
      null,
      null,
      null,
      null,
      null,
    ],
    ['No', 'Nama', 'Jabatan', 'Kabupaten/kota', 'Jawaban', 'Masuk', 'Tanda tangan'],
    [1, 'Agus Contoh', 'Anggota PSM', 'Kota Semarang', 'hadir', '10.00', null],
    [2, 'Budi Contoh', 'Anggota PSM', 'Kota Semarang', 'hadir', null, null],
    [3, 'Citra Contoh', 'Anggota PSM', 'Kota Semarang', 'diwakilkan', null, null],
    [4, 'Dewi Contoh', 'Anggota PSM', 'Kota Semarang', 'belum menjawab', null, null],
    [5, 'Eko Contoh', 'Sekretaris', 'Kota Semarang', 'mewakili yang diundang', null, null],
    [6, 'Fitri Contoh', 'Anggota, Desa Contoh', 'Kota Semarang', 'peserta susulan', '10.00', null],
  ]);
});

const pageOf = async (bytes: Uint8Array) => pagesOfPdf(bytes).map((texts) => texts.join(' '));
const signed = ['No', 'Nama', 'Jabatan', 'Kabupaten/kota', 'Tanda tangan'];

test('goes out to be signed: before it without times, after it with those of who came', async () => {
  const helper = await addHelper(world, 'operator', '33.74');
  const rakor = await held(helper);
  const { values } = await perform(world, 'attendance.paper', { rakor }, helper);
  const [file] = Array.isArray(values['berkas']) ? values['berkas'].filter(isRecord) : [];
  expect(file).toMatchObject({ mime: 'application/pdf', name: 'daftar-hadir.pdf' });
  const bytes = await attachmentBytes({ ...world, db: world.pool }, String(file?.['content']));
  const [page = ''] = await pageOf(bytes ?? new Uint8Array());
  for (const text of [
    'DAFTAR HADIR',
    'Rakor wilayah',
    'Aula Contoh, Kota Semarang',
    'Masuk',
    '10.00',
    'Fitri Contoh (susulan)',
  ])
    expect(page).toContain(text);
  expect(page).not.toContain('Citra');
  const looking = { db: world.pool, vault: world.vault, now };
  const viewer = localAdministrator('test');
  const [called] = await rakorFor(viewer, looking);
  if (called === undefined) throw new Error('no rakor');
  const guests = await guestsOf(viewer, [rakor], looking);
  const blank = attendancePaper(
    called,
    guests.map((guest) => ({ ...guest, checkedInAt: null })),
  );
  const table = blank.blocks.find(({ kind }) => kind === 'table');
  expect(table).toMatchObject({ columns: signed.map((heading) => ({ heading })), least: 28 });
  expect(table).toMatchObject({
    rows: expect.arrayContaining([['1', 'Agus Contoh', 'Anggota PSM', 'Kota Semarang', '']]),
  });
});

test('at the machine: the counts, and both files', async () => {
  await held(await addHelper(world, 'operator', '33.74'));
  const [rakor] = await world.prisma.rakor.findMany();
  const folder = mkdtempSync(join(tmpdir(), 'sapa-attendance-'));
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  const files = { pdf: join(folder, 'a.pdf'), xlsx: join(folder, 'a.xlsx') };
  expect(await attendance(world, String(rakor?.number), { pdf: null, xlsx: null }, print)).toBe(true);
  expect(printed).toEqual(['5 expected, 2 in, 1 of them not invited.']);
  expect(await looksIn(world)).toEqual([]);
  expect(await attendance(world, String(rakor?.number), files, print)).toBe(true);
  expect(readFileSync(files.pdf).subarray(0, 5).toString()).toBe('%PDF-');
  expect(await readSheets(files.xlsx)).toHaveLength(1);
  expect(await looksIn(world, 'list-attendance')).not.toEqual([]);
  expect(await attendance(world, '0', files, print)).toBe(false);
  rmSync(folder, { recursive: true });
});

test('shows nothing to others', async () => {
  const rakor = await held(await addHelper(world, 'operator', '33.74'));
  for (const person of [await addPerson(world), await addHelper(world, 'chair', '33.16')])
    for (const action of ['attendance.find', 'attendance.awaited', 'attendance.sheet', 'attendance.paper'])
      expect(await perform(world, action, { rakor }, person)).toMatchObject({ outcome: 'none', writes: [] });
});
