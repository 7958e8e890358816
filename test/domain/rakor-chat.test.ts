import { beforeEach, describe, expect, test } from 'vitest';
import { isRecord, type JsonRecord } from '../../src/flow/json.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import { pagesOfPdf } from '../support/pdf.js';
import { sendLetter, textOfLetter } from './rakor-scene.js';
import {
  addHelper,
  addMember,
  count,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
} from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const asked: JsonRecord = {
  ...{ area: '33.74', acara: 'Rapat koordinasi IPSM', tempat: 'Aula Contoh', nomor: '005/IPSM' },
  mulai: { tanggal: '2026-12-10', jam: '09:00' },
  ...{ 'ada-dibawa': false, kepada: 'biasa' },
};
const prepare = (person: Person, more: JsonRecord = {}) =>
  perform(world, 'rakor.prepare', { ...asked, ...more }, person);
const part = (values: JsonRecord, name: string): JsonRecord => {
  const value = values[name];
  return isRecord(value) ? value : {};
};
const rakors = () => world.prisma.rakor.findMany({ orderBy: { number: 'asc' } });
const broadcasts = () => world.prisma.broadcast.findMany({ orderBy: { number: 'asc' } });
const states = async () => ({
  rakors: (await rakors()).map(({ state }) => state),
  broadcasts: (await broadcasts()).map(({ state }) => state),
});

async function chairWithMembers(): Promise<Person> {
  await addMember(world);
  await addMember(world, registration({ nama: 'BUDI CONTOH', nik: '9901010201680001' }));
  return addHelper(world, 'chair', '33.74');
}

describe('where', () => {
  test('the only area of a chair, with whom is usually invited', async () => {
    const chair = await addHelper(world, 'chair', '33.74');
    expect(await perform(world, 'rakor.place', {}, chair)).toMatchObject({
      outcome: 'one',
      values: {
        'wilayah-rakor': {
          ...{ kode: '33.74', nama: 'Kota Semarang' },
          biasa: 'semua anggota terdaftar di Kota Semarang',
        },
      },
    });
  });

  test.each([
    ['province-team', '33', 'semua ketua IPSM kabupaten/kota'],
    ['residency-lead', 'residency/semarang', 'semua ketua IPSM di eks-karesidenan Semarang'],
  ])('%s', async (role, area, biasa) => {
    const person = await addHelper(world, role, area);
    const { values } = await perform(world, 'rakor.place', {}, person);
    expect(part(values, 'wilayah-rakor')).toMatchObject({ kode: area, biasa });
  });

  test('of several the one that was picked; no other one, and none for who may call nobody', async () => {
    const person = await addHelper(world, 'chair', '33.74');
    const grant = await world.prisma.roleGrant.findFirstOrThrow();
    const other = { ...grant, id: world.newId(), role: 'residency-lead', area: 'residency/pati' };
    await world.prisma.roleGrant.create({ data: other });
    const place = (area: string | null) => perform(world, 'rakor.place', { area }, person);
    expect(await place(null)).toMatchObject({
      outcome: 'areas',
      values: {
        'daftar-wilayah': [
          { id: '33.74', label: 'Kota Semarang' },
          { id: 'residency/pati', label: 'eks-karesidenan Pati' },
        ],
      },
    });
    expect(part((await place('residency/pati')).values, 'wilayah-rakor')).toMatchObject({
      kode: 'residency/pati',
    });
    expect(await place('33.15')).toMatchObject({ outcome: 'areas' });
    const operator = await addHelper(world, 'operator', '33.15');
    expect(await perform(world, 'rakor.place', {}, operator)).toMatchObject({ outcome: 'refused' });
  });
});

describe('making', () => {
  test('keeps drafts and shows what will be sent to whom; nothing is sent yet', async () => {
    const chair = await chairWithMembers();
    const { outcome, values } = await prepare(chair, {
      ...{ selesai: { tanggal: '2026-12-10', jam: '12:00' }, batas: { tanggal: '2026-12-08', jam: '16:00' } },
      ...{ 'ada-dibawa': true, dibawa: 'Fotokopi SK', pakaian: 'Batik', narahubung: 'Sri Contohwati' },
      agenda: 'Pembukaan; laporan SK\n penutup;',
    });
    expect(outcome).toBe('ready');
    const { contoh, rincian } = part(values, 'undangan-baru');
    for (const line of [
      'IPSM Kota Semarang mengundang Bapak/Ibu',
      '*Waktu*: pukul 09.00 s.d. 12.00 WIB',
      '*Yang dibawa*: Fotokopi SK',
      'paling lambat Selasa, 8 Desember 2026 pukul 16.00 WIB',
    ])
      expect(contoh).toContain(line);
    expect(rincian).toContain('Orang: 2\nPesan: 2');
    expect(await states()).toEqual({ rakors: ['draft'], broadcasts: ['draft'] });
    expect(await count(world, 'recipient')).toBe(0);
    const [rakor] = await rakors();
    const archive = { db: world.pool, vault: world.vault, fileStore: world.fileStore };
    const pdf = await attachmentBytes(archive, rakor?.letterId ?? '');
    const letter = pagesOfPdf(pdf ?? new Uint8Array()).flat();
    expect(letter.join(' ')).toContain('Pembukaan 2. laporan SK 3. penutup');
    expect(letter.join(' ')).toContain('Semarang, 24 November 2026');
  });

  const letterSent = async () => textOfLetter(world, { letterId: (await rakors()).at(-1)?.letterId ?? null });

  test('the letter that was sent is the letter; without one we write it', async () => {
    const chair = await chairWithMembers();
    const surat = await sendLetter(world, chair, 'Surat resmi');
    expect(await prepare(chair, { surat })).toMatchObject({ outcome: 'ready' });
    expect(await letterSent()).toContain('Surat resmi');
    await world.pool.query('DELETE FROM attachment WHERE contact_id IS NOT NULL');
    expect(await letterSent()).toContain('Surat resmi');
    await prepare(chair, { surat: null });
    expect(await letterSent()).not.toContain('Surat resmi');
    expect(await letterSent()).toContain('%PDF');
  });

  test('the letter of another person is none', async () => {
    const chair = await chairWithMembers();
    const surat = await sendLetter(world, await addHelper(world, 'chair', '33.15'), 'Surat lain');
    await expect(prepare(chair, { surat })).rejects.toThrow('is not there any more');
  });

  test('a point on the map is a link in invitation and letter', async () => {
    const chair = await chairWithMembers();
    const titik = { lintang: -6.99321234567, bujur: 110.42034567891 };
    const { values } = await prepare(chair, { titik });
    const link = 'https://maps.google.com/?q=-6.993212,110.420346';
    expect(part(values, 'undangan-baru')['contoh']).toContain(`*Peta*: ${link}`);
    const letter = pagesOfPdf(Buffer.from(await letterSent(), 'latin1')).flat();
    expect(letter).toContain(`: ${link}`);
  });

  test('is sent once, however often it is said', async () => {
    const chair = await chairWithMembers();
    const { siaran = null } = part((await prepare(chair)).values, 'undangan-baru');
    expect(await perform(world, 'broadcast.approve', { siaran }, chair)).toMatchObject({
      outcome: 'running',
      values: { kiriman: { jumlah: '2' } },
    });
    expect(await states()).toEqual({ rakors: ['called'], broadcasts: ['running'] });
    expect(await perform(world, 'broadcast.approve', { siaran }, chair)).toMatchObject({ outcome: 'gone' });
    expect(await count(world, 'invitation')).toBe(2);
    expect(await count(world, 'delivery')).toBe(2);
  });

  test('that is not wanted ends as a draft, and cannot be sent; one that was called stays', async () => {
    const chair = await chairWithMembers();
    const { siaran = null, rakor = null } = part((await prepare(chair)).values, 'undangan-baru');
    const far = await addHelper(world, 'chair', '33.15');
    await perform(world, 'rakor.drop', { rakor }, far);
    expect(await states()).toEqual({ rakors: ['draft'], broadcasts: ['draft'] });
    await perform(world, 'rakor.drop', { rakor }, chair);
    expect(await states()).toEqual({ rakors: ['cancelled'], broadcasts: ['cancelled'] });
    expect(await perform(world, 'broadcast.approve', { siaran }, chair)).toMatchObject({ outcome: 'gone' });
    expect(await count(world, 'delivery')).toBe(0);
    const again = part((await prepare(chair)).values, 'undangan-baru');
    await perform(world, 'broadcast.approve', { siaran: again['siaran'] ?? null }, chair);
    await perform(world, 'rakor.drop', { rakor: again['rakor'] ?? null }, chair);
    expect((await states()).rakors).toEqual(['cancelled', 'called']);
  });

  test('not outside of the own area', async () => {
    const chair = await chairWithMembers();
    await world.prisma.roleGrant.updateMany({ data: { area: '33.15' } });
    expect(await prepare(chair)).toMatchObject({ outcome: 'refused', writes: [] });
    const operator = await addHelper(world, 'operator', '33.74');
    expect(await prepare(operator)).toMatchObject({ outcome: 'refused', writes: [] });
  });

  test('what was taken back is not told', async () => {
    const chair = await chairWithMembers();
    const { values } = await prepare(chair, { dibawa: 'Fotokopi SK' });
    expect(part(values, 'undangan-baru')['contoh']).not.toContain('Fotokopi SK');
  });

  test.each([
    ['over', { mulai: { tanggal: '2026-11-24', jam: '00:00' } }, 'Waktu mulai rakor sudah lewat.'],
    [
      'ending as it begins',
      { selesai: { tanggal: '2026-12-10', jam: '09:00' } },
      'Waktu selesai harus sesudah waktu mulai.',
    ],
    [
      'answered after it has begun',
      { batas: { tanggal: '2026-12-10', jam: '09:01' } },
      'Batas jawaban harus sebelum rakor dimulai.',
    ],
  ])('times: %s', async (_, more, sebab) => {
    const chair = await chairWithMembers();
    const unfit = { outcome: 'unfit', values: { salah: { sebab } }, writes: [] };
    expect(await prepare(chair, more)).toMatchObject(unfit);
  });

  test('others by what is typed; who is unclear, and nobody', async () => {
    const chair = await chairWithMembers();
    const typed = (tulisan: string) => prepare(chair, { kepada: 'ketik', tulisan });
    expect(part((await typed('peran:ketua')).values, 'undangan-baru')['rincian']).toContain('Orang: 1');
    expect(await typed('camat')).toMatchObject({ outcome: 'unclear', writes: [] });
    expect(await typed('peran:petugas')).toMatchObject({ outcome: 'none', writes: [] });
  });
});
