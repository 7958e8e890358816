import readSheets from 'read-excel-file/node';
import { beforeEach, expect, test } from 'vitest';
import { isRecord } from '../../src/flow/json.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import { addNamed, callRakor, invite } from './door-scene.js';
import { addHelper, addPerson, looksIn, openWorld, perform, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

/** A rakor of the province: Agus comes, Budi perhaps, Citra does not, Dewi sends Eko, Gita said nothing; Hadi of Kendal comes. */
async function called(): Promise<string> {
  const rakorId = await callRakor(world, { area: '33', title: 'Rakor IPSM' });
  const add = async (name: string, answer: string | null, more = {}) =>
    invite(world, rakorId, { memberId: await addNamed(world, name, more), answer });
  await add('AGUS CONTOH', 'hadir');
  await add('Budi Contoh', 'mungkin');
  const citra = await add('Citra Contoh', 'tidak');
  await world.pool.query('UPDATE invitation SET reason_sealed = $2 WHERE id = $1', [
    ...[citra, world.vault.seal('ada hajatan')],
  ]);
  const delegateOfId = await add('Dewi Contoh', 'diwakilkan');
  const eko = { nama: 'eko contoh', jabatan: 'Sekretaris', nomor: '+6281234567890' };
  await invite(world, rakorId, { delegateOfId, delegate: eko, answer: 'hadir' });
  await add('Gita Contoh', null);
  await add('Hadi Contoh', 'hadir', { regionCode: '33.24.01.2001' });
  await add('Iwan Contoh', 'hadir', { standing: 'suspended' });
  await invite(world, rakorId, { delegate: { nama: 'Joko Contoh', jabatan: 'Tamu', nomor: null } });
  return rakorId;
}

test('a chair hears how many of the own area answered what at a rakor of the province', async () => {
  const chair = await addHelper(world, 'chair', '33.74');
  const rakor = await called();
  const found = await perform(world, 'answers.find', {}, chair);
  expect(found).toMatchObject({
    outcome: 'one',
    values: {
      jawaban: {
        id: rakor,
        acara: 'Rakor IPSM',
        rincian: 'Diundang: 5\nHadir: 1\nInsya Allah: 1\nTidak hadir: 1\nDiwakilkan: 1\nBelum menjawab: 1',
      },
    },
  });
  expect(await looksIn(world)).toEqual([]);
});

test('only what somebody answered can be picked', async () => {
  const chair = await addHelper(world, 'chair', '33.24');
  await called();
  const { values } = await perform(world, 'answers.find', {}, chair);
  expect(values['kelompok']).toEqual([{ id: 'hadir', label: 'Hadir' }]);
});

test.each([
  ['hadir', '- Agus Contoh, Anggota PSM, Kota Semarang'],
  ['mungkin', '- Budi Contoh, Anggota PSM, Kota Semarang'],
  ['tidak', '- Citra Contoh, Anggota PSM, Kota Semarang (alasan: ada hajatan)'],
  ['diwakilkan', '- Dewi Contoh, Anggota PSM, Kota Semarang (diwakilkan oleh Eko Contoh (Sekretaris))'],
  ['belum', '- Gita Contoh, Anggota PSM, Kota Semarang'],
])('tells who answered %s, and keeps the look', async (kelompok, rincian) => {
  const chair = await addHelper(world, 'chair', '33.74');
  const rakor = await called();
  const found = await perform(world, 'answers.list', { rakor, kelompok }, chair);
  expect(found).toMatchObject({
    outcome: 'last',
    values: { halaman: { rincian, jumlah: '1', sampai: '1' } },
  });
  expect(await looksIn(world, 'list-answers')).toHaveLength(1);
});

test('goes page by page, and says when there is nobody', async () => {
  const lead = await addHelper(world, 'province-team', '33');
  const rakor = await called();
  for (let n = 0; n < 11; n += 1)
    await invite(world, rakor, { memberId: await addNamed(world, `Contoh ${n}`), answer: null });
  const page = (sesudah: string | null) =>
    perform(world, 'answers.list', { rakor, kelompok: 'belum', sesudah }, lead);
  expect(await page(null)).toMatchObject({
    outcome: 'more',
    values: { halaman: { jumlah: '12', sampai: '10' } },
  });
  expect(await page('10')).toMatchObject({ outcome: 'last', values: { halaman: { sampai: '12' } } });
  expect(await page('12')).toMatchObject({ outcome: 'none', writes: [] });
});

test('goes out as a workbook of the own area, without numbers', async () => {
  const chair = await addHelper(world, 'chair', '33.74');
  const rakor = await called();
  const { outcome, values } = await perform(world, 'answers.sheet', { rakor }, chair);
  expect(outcome).toBe('made');
  const [file] = Array.isArray(values['berkas']) ? values['berkas'].filter(isRecord) : [];
  expect(file).toMatchObject({ name: 'jawaban-rakor.xlsx' });
  const bytes = await attachmentBytes({ ...world, db: world.pool }, String(file?.['content']));
  const [sheet] = await readSheets(Buffer.from(bytes ?? []));
  expect(sheet?.data.slice(1)).toEqual([
    ['No', 'Nama', 'Jabatan', 'Kabupaten/kota', 'Jawaban', 'Keterangan'],
    [1, 'Agus Contoh', 'Anggota PSM', 'Kota Semarang', 'Hadir', null],
    [2, 'Budi Contoh', 'Anggota PSM', 'Kota Semarang', 'Insya Allah', null],
    [3, 'Citra Contoh', 'Anggota PSM', 'Kota Semarang', 'Tidak hadir', 'alasan: ada hajatan'],
    [
      4,
      'Dewi Contoh',
      'Anggota PSM',
      'Kota Semarang',
      'Diwakilkan',
      'diwakilkan oleh Eko Contoh (Sekretaris)',
    ],
    [5, 'Gita Contoh', 'Anggota PSM', 'Kota Semarang', 'Belum menjawab', null],
  ]);
  expect(await looksIn(world, 'list-answers')).toHaveLength(5);
});

test('asks which of several rakor is meant', async () => {
  const chair = await addHelper(world, 'chair', '33.24');
  const first = await called();
  const second = await called();
  const asked = await perform(world, 'answers.find', {}, chair);
  expect(asked.outcome).toBe('several');
  expect(asked.values['daftar']).toHaveLength(2);
  const found = await perform(world, 'answers.find', { rakor: second }, chair);
  expect(found).toMatchObject({ outcome: 'one', values: { jawaban: { id: second } } });
  expect(first).not.toBe(second);
});

test('tells of no rakor that nobody of the own area is invited to', async () => {
  const chair = await addHelper(world, 'chair', '33.24');
  const rakor = await called();
  const other = await callRakor(world, { area: '33.74' });
  await invite(world, other, { memberId: await addNamed(world, 'Kartika Contoh') });
  const found = await perform(world, 'answers.find', {}, chair);
  expect(found).toMatchObject({ outcome: 'one', values: { jawaban: { id: rakor } } });
});

test('shows nothing to others, and nothing of a rakor that was cancelled', async () => {
  const rakor = await called();
  const asked = { rakor, kelompok: 'hadir' };
  const others = [
    await addPerson(world),
    await addHelper(world, 'operator', '33.74'),
    await addHelper(world, 'chair', '33.16'),
  ];
  for (const person of others)
    for (const action of ['answers.find', 'answers.list', 'answers.sheet'])
      expect(await perform(world, action, asked, person)).toMatchObject({ outcome: 'none', writes: [] });
  const chair = await addHelper(world, 'chair', '33.24');
  await world.pool.query(`UPDATE rakor SET state = 'cancelled'`);
  for (const action of ['answers.find', 'answers.list', 'answers.sheet'])
    expect(await perform(world, action, asked, chair)).toMatchObject({ outcome: 'none' });
});
