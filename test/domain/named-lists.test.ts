import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Audience, readAudience } from '../../src/domain/audience.js';
import { countPeople, overPeople, readKnown } from '../../src/domain/audience-people.js';
import { approveBroadcast, draftBroadcast } from '../../src/domain/broadcasts.js';
import { choosePeople, namedInSheets, namedInText } from '../../src/domain/chosen-people.js';
import { viewerNow } from '../../src/domain/helpers.js';
import { keepNamedList, namedListsFor, removeNamedList } from '../../src/domain/named-lists.js';
import { localAdministrator } from '../../src/domain/roles.js';
import type { Cell, SheetRow } from '../../src/domain/roster/sheet.js';
import { isRecord, type JsonRecord } from '../../src/flow/json.js';
import { saying } from '../../src/flow/message.js';
import { run } from '../../src/store/statement.js';
import {
  addHelper,
  addInbound,
  addMember,
  count,
  everything,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  type World,
  write,
} from './world.js';

let world: World;
let chair: Person;
beforeEach(async () => {
  world = await openWorld();
  chair = await addHelper(world, 'chair', '33.15');
});

const [sindurejo, semarang] = ['33.15.01.2001', '33.74.14.1001'];
const admin = localAdministrator('test');

interface Listed {
  readonly phone?: string;
  readonly nik?: string;
  readonly region?: string;
}

/** A member that is known from a list, by what stood there. */
async function listed(name: string, { phone, nik, region = sindurejo }: Listed = {}): Promise<string> {
  const id = world.newId();
  const index = (kind: string, value?: string) =>
    value === undefined ? null : new Uint8Array(world.vault.index(kind, value));
  await world.prisma.member.create({
    data: { id, name, regionCode: region, phoneIndex: index('phone', phone), nikIndex: index('nik', nik) },
  });
  return id;
}

const knownIn = (area: string) => readKnown(world.pool, { area, simulator: false, now });

async function chosen(text: string, area = '33.15') {
  const { pool: db, vault } = world;
  const choosing = { area, known: await knownIn(area), db, vault };
  return choosePeople(admin, namedInText(text), choosing);
}

async function keep(name: string, audience: Audience | null, text = '', area = '33.15'): Promise<void> {
  const { people } = await chosen(text, area);
  const list = { name, area, simulator: false, audience, people };
  await write(world, keepNamedList(admin, list, { newId: world.newId, now }));
}

/** The names of those a query means in an area. */
async function meant(text: string, area = '33.15'): Promise<readonly string[]> {
  const read = readAudience(text);
  if (!read.ok) throw new Error(read.what);
  const asked = { audience: read.audience, area, lawful: false, known: await knownIn(area) };
  const named = () => `SELECT coalesce(m.name, 'PERAN') AS name FROM meant p
    LEFT JOIN member m ON m.id = p.member_id ORDER BY 1`;
  return (await run<{ name: string }>(world.pool, overPeople(asked, named))).map(({ name }) => name);
}

const namesOf = ({ people }: Awaited<ReturnType<typeof chosen>>) =>
  people.map(({ name }) => name ?? 'PERAN').toSorted();

describe('whom lines name', () => {
  test('by number, NIK or name, however they are typed', async () => {
    await listed('SRI CONTOHWATI', { phone: '+6281200000501' });
    await listed('H. BUDI CONTOH, S.Sos', { nik: '9901010101700001' });
    await listed('DEWI CONTOH', { phone: '+6281200000502' });
    await listed('EKA CONTOH');
    const text = `1. 0812-0000-0501
      9901 0101 0170 0001
      Bu Dewi, +62 812 0000 0502; eka contoh
      081200000501, 081200000502`;
    const found = await chosen(text);
    expect(namesOf(found)).toEqual(['DEWI CONTOH', 'EKA CONTOH', 'H. BUDI CONTOH, S.Sos', 'SRI CONTOHWATI']);
    expect(found.unfit).toEqual([]);
  });

  test('and nobody guesses: what could be two, or another one, or is not known there, is told by its line', async () => {
    await listed('SRI CONTOHWATI', { phone: '+6281200000501' });
    await listed('JOKO CONTOH', { phone: '+6281200000501' });
    await listed('WATI CONTOH', { phone: '+6281200000503' });
    for (const _ of [1, 2]) await listed('AGUS CONTOH');
    await listed('ADA DI LUAR', { phone: '+6281200000504', region: semarang });
    const lines = [
      '0812-0000-0501',
      'Joko 0812-0000-0501',
      'Rudi 0812-0000-0503',
      'Agus Contoh',
      'Ada Di Luar',
      '081200000504',
      '9901010101700009',
      '0812345',
      '99999999999',
    ];
    const found = await chosen(lines.join('\n'));
    expect(namesOf(found)).toEqual(['JOKO CONTOH']);
    expect(found.unfit.map(({ at }) => at)).toContain('baris 1 (0812-0000-0501)');
    expect(Object.fromEntries(found.unfit.map(({ at, why }) => [at.split(' (')[0], why]))).toEqual({
      'baris 1': expect.stringContaining('dipakai beberapa orang'),
      'baris 3': expect.stringContaining('atas nama lain'),
      'baris 4': expect.stringContaining('beberapa orang dengan nama ini'),
      'baris 5': expect.stringContaining('tidak ditemukan'),
      'baris 6': expect.stringContaining('Nomor ini belum dikenal'),
      'baris 7': expect.stringContaining('NIK ini belum dikenal'),
      'baris 8': expect.stringContaining('Tidak ada nomor'),
      'baris 9': expect.stringContaining('bukan nomor telepon'),
    });
    expect(namesOf(await chosen('Ada di luar', '33.74'))).toEqual(['ADA DI LUAR']);
  });

  test('by the number that a channel proves, also the holder of a role who is no member', async () => {
    const ani = await addMember(world, {
      ...{ nama: 'ANI CONTOH', wilayah: { kode: sindurejo, desa: 'A', kecamatan: 'B', kabupaten: 'C' } },
      telepon: '+6281200008888',
    });
    expect(namesOf(await chosen(`${ani.phone}\n${chair.phone} Ketua`))).toEqual(['ANI CONTOH', 'PERAN']);
    expect(namesOf(await chosen('081200008888'))).toEqual(['ANI CONTOH']);
  });

  test('nobody is found by who may not write there', async () => {
    await listed('SRI CONTOHWATI', { phone: '+6281200000501' });
    const far = await addHelper(world, 'chair', '33.74');
    const viewer = await viewerNow(world.pool, far.contactId, false);
    const { pool: db, vault } = world;
    const choosing = { area: '33.15', known: await knownIn('33.15'), db, vault };
    expect(await choosePeople(viewer, namedInText('081200000501'), choosing)).toEqual({
      people: [],
      unfit: [],
    });
  });
});

describe('a sheet', () => {
  const cell = (text: string | null, kind: Cell['kind'] = 'text'): Cell | null =>
    text === null || text === '' ? null : { kind, text };
  const rows = (lines: readonly (readonly (Cell | null)[])[]): readonly SheetRow[] =>
    lines.map((cells, at) => ({ number: at + 1, cells }));
  const line = (...texts: string[]) => texts.map((text) => cell(text));

  test('is read by its headings, with the line of what cannot be', () => {
    const sheet = rows([
      line('Daftar peserta rakor 3'),
      line('No', 'Nama', 'Desa', 'No HP/WA', 'NIK'),
      line('1', 'Sri Contohwati', 'Sindurejo', '0812-0000-0501'),
      [cell('2', 'number'), cell('Budi Contoh'), cell('Depok'), cell('81200000502', 'number')],
      [cell('3'), cell('Wati Contoh'), null, null, cell('9901010101700001', 'number')],
      [cell('4'), cell('Dewi Contoh'), null, null, cell('9.90101010170E+15', 'number')],
      line('5', 'Eka Contoh'),
      line('', '', 'Toroh'),
    ]);
    const { named, unfit } = namedInSheets([{ name: 'Kec. Toroh', rows: sheet }]);
    expect(named).toEqual([
      { at: 'lembar Kec. Toroh baris 3', name: 'Sri Contohwati', phone: '+6281200000501' },
      { at: 'lembar Kec. Toroh baris 4', name: 'Budi Contoh', phone: '+6281200000502' },
      { at: 'lembar Kec. Toroh baris 7', name: 'Eka Contoh' },
    ]);
    expect(unfit.map(({ at }) => at)).toEqual(['lembar Kec. Toroh baris 5', 'lembar Kec. Toroh baris 6']);
    expect(unfit[0]?.why).toContain('angka akhirnya hilang');
  });

  test('without headings is read cell by cell', () => {
    const sheet = rows([line('081200000501'), line('1', 'Budi Contoh', '9901010101700001')]);
    expect(namedInSheets([{ name: null, rows: sheet }])).toEqual({
      named: [
        { at: 'baris 1', phone: '+6281200000501' },
        { at: 'baris 2', name: 'Budi Contoh', nik: '9901010101700001' },
      ],
      unfit: [],
    });
  });
});

describe('daftar:NAMA', () => {
  test('is a query that is asked anew, or the people who were chosen; of its own area only', async () => {
    await listed('SRI CONTOHWATI');
    await listed('BUDI CONTOH', { region: semarang });
    await keep('terdata', { members: 'listed' });
    await keep('inti', null, 'Sri Contohwati');
    await keep('inti', null, 'Budi Contoh', '33.74');
    expect([await meant('daftar:terdata'), await meant('daftar:inti')]).toEqual([
      ['SRI CONTOHWATI'],
      ['SRI CONTOHWATI'],
    ]);
    await listed('EKA CONTOH');
    expect(await meant('daftar:terdata')).toEqual(['EKA CONTOH', 'SRI CONTOHWATI']);
    expect(await meant('daftar:inti')).toEqual(['SRI CONTOHWATI']);
    expect(await meant('daftar:inti', '33.74')).toEqual(['BUDI CONTOH']);
    expect(await meant('daftar:terdata kecuali daftar:inti')).toEqual(['EKA CONTOH']);
    await expect(meant('daftar:inti', '33')).rejects.toThrow('lackingIn');
  });

  test('a holder of a role stays in it as the member he becomes, and is not in it without a role', async () => {
    await keep('pengurus', null, chair.phone ?? '');
    expect(await meant('daftar:pengurus')).toEqual(['PERAN']);
    await perform(
      world,
      'member.register',
      {
        ...{ nama: 'KETUA CONTOH', lahir: { tempat: 'Blora', tanggal: '1968-01-02' }, 'jenis-kelamin': 'L' },
        ...{ wilayah: { kode: sindurejo, desa: 'A', kecamatan: 'B', kabupaten: 'C' }, tahun: 1998 },
        ...{ pendidikan: 'sma', sk: 'belum', nik: null, telepon: chair.phone },
      },
      chair,
    );
    expect(await meant('daftar:pengurus')).toEqual(['KETUA CONTOH']);
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: now } });
    expect(await meant('daftar:pengurus')).toEqual([]);
  });

  test('who is erased leaves it', async () => {
    const ani = await addMember(world, {
      nama: 'ANI CONTOH',
      wilayah: { kode: sindurejo, desa: 'A', kecamatan: 'B', kabupaten: 'C' },
    });
    await keep('inti', null, ani.phone ?? '');
    await perform(world, 'privacy.erase', {}, ani);
    expect([await count(world, 'named_list'), await count(world, 'named_list_person')]).toEqual([1, 0]);
    expect(await countPeople(world.pool, await askedFor('inti'))).toMatchObject({ people: 0 });
  });

  const askedFor = async (list: string) => ({
    ...{ audience: { list }, area: '33.15', lawful: false, known: await knownIn('33.15') },
  });

  test('that is gone stops the broadcast that names it, whoever says yes', async () => {
    await listed('SRI CONTOHWATI');
    await keep('inti', null, 'Sri Contohwati');
    const { pool: db, vault, newId } = world;
    const audience: Audience = { minus: [{ everyone: true }, { list: 'inti' }] };
    const draft = await draftBroadcast(
      admin,
      {
        ...{ kind: 'message', rakorId: null, message: saying('Rapat hari Senin.'), audience, area: '33.15' },
        ...{ urgency: 'normal', expiresAt: null, simulator: false },
      },
      { db, vault, now, newId, secondYesAbove: 50 },
    );
    await write(world, draft?.writes ?? []);
    const [list] = await namedListsFor(admin, world.pool);
    if (list === undefined) throw new Error('no list');
    await write(world, removeNamedList(admin, list, now));
    const records = { ...world, secondYesAbove: 50 };
    expect(await approveBroadcast(admin, draft?.id ?? '', records)).toEqual({
      result: 'refused',
      why: 'no-list',
    });
    expect(await count(world, 'recipient')).toBe(0);
    await expect(write(world, removeNamedList(admin, list, now))).rejects.toThrow();
    const told = await world.prisma.auditEntry.findMany({
      where: { kind: 'broadcast', detail: list.id },
      orderBy: { id: 'asc' },
    });
    expect(told.map(({ action }) => action)).toEqual(['list-kept', 'list-removed']);
  });
});

describe('DAFTAR PENERIMA', () => {
  const given = { kunci: '33.15 inti', isi: 'orang', orang: '0812-0000-0501\nTidak Ada' };
  const outcomeOf = async (name: string, args: JsonRecord, by = chair) => {
    const { outcome, values } = await perform(world, name, args, by);
    return { outcome, values };
  };
  const part = (values: JsonRecord, name: string) => {
    const value = values[name] ?? null;
    return isRecord(value) ? value : {};
  };

  test('a name is kept as it is typed later, once in an area', async () => {
    expect(await outcomeOf('recipients.name', { nama: 'Ketua Solo Raya' })).toMatchObject({
      outcome: 'free',
      values: { 'daftar-baru': { nama: 'ketua-solo-raya', kunci: '33.15 ketua-solo-raya' } },
    });
    await keep('ketua-solo-raya', { role: 'chair' });
    const outcomes: string[] = [];
    for (const nama of ['ketua solo-raya', '!!!', '12345'])
      outcomes.push((await outcomeOf('recipients.name', { nama })).outcome);
    expect(outcomes).toEqual(['taken', 'unclear', 'unclear']);
    const nobody = await addMember(world);
    expect((await outcomeOf('recipients.name', { nama: 'inti' }, nobody)).outcome).toBe('refused');
    const both = await addHelper(world, 'chair', '33.22');
    await world.prisma.roleGrant.create({
      data: {
        ...{ id: randomUUID(), role: 'chair', area: '33.74', grantedBy: 'test' },
        phoneSealed: new Uint8Array(world.vault.seal(both.phone ?? '')),
        phoneIndex: new Uint8Array(world.vault.index('phone', both.phone ?? '')),
      },
    });
    expect((await outcomeOf('recipients.name', { nama: 'inti' }, both)).outcome).toBe('areas');
    expect(await outcomeOf('recipients.name', { nama: 'inti', area: '33.74' }, both)).toMatchObject({
      values: { 'daftar-baru': { kunci: '33.74 inti' } },
    });
  });

  test('people are shown before they are kept, with the lines that fit nobody; then the list is picked, used and removed', async () => {
    const sri = await listed('SRI CONTOHWATI', { phone: '+6281200000501' });
    const { outcome, values } = await outcomeOf('recipients.prepare', given);
    expect([outcome, part(values, 'isi-daftar')]).toEqual([
      'ready',
      {
        rincian: expect.stringMatching(/^Orang: 1\nDi antaranya: Sri Contohwati \(/),
        'tidak-cocok': expect.stringContaining('- baris 2 (Tidak Ada): Nama ini tidak ditemukan'),
      },
    ]);
    expect(await looksIn(world, 'choose-people')).toMatchObject([{ viewer: chair.contactId, subject: sri }]);
    expect(await count(world, 'named_list')).toBe(0);
    expect((await outcomeOf('recipients.keep', given)).outcome).toBe('saved');
    expect((await outcomeOf('recipients.keep', given)).outcome).toBe('gone');
    expect((await outcomeOf('recipients.list', {})).values).toEqual({
      daftar: [{ id: '33.15 inti', label: 'inti, 1 orang' }],
    });
    expect(await outcomeOf('recipients.show', { terpilih: '33.15 inti' })).toMatchObject({
      outcome: 'found',
      values: { penerima: { nama: 'inti', rincian: expect.stringContaining('Orang: 1') } },
    });
    const wish = {
      isi: 'Rapat hari Senin pukul 9.',
      kepada: 'daftar',
      kapan: 'siaran',
      daftar: '33.15 inti',
    };
    const ready = await outcomeOf('broadcast.prepare', wish);
    expect(part(ready.values, 'siaran')['rincian']).toContain('Kepada: daftar:inti\nOrang: 1\n');
    expect((await outcomeOf('recipients.remove', { terpilih: '33.15 inti' })).outcome).toBe('done');
    for (const name of ['recipients.remove', 'recipients.show'])
      expect((await outcomeOf(name, { terpilih: '33.15 inti' })).outcome).toBe('gone');
    expect(await outcomeOf('broadcast.prepare', wish)).toMatchObject({
      outcome: 'unclear',
      values: { salah: { sebab: 'Daftar "inti" tidak ada, atau sudah dihapus.' } },
    });
    expect((await outcomeOf('recipients.list', {})).outcome).toBe('none');
  });

  test('a query is kept as it is, and no list is in a list', async () => {
    const cari = (pencarian: string) => ({ kunci: '33.15 ketua', isi: 'cari', pencarian });
    expect(await outcomeOf('recipients.prepare', cari('peran:ketua'))).toMatchObject({
      outcome: 'ready',
      values: { 'isi-daftar': { rincian: expect.stringContaining('Pencarian: peran:ketua\nOrang: 1') } },
    });
    expect((await outcomeOf('recipients.keep', cari('peran:ketua'))).outcome).toBe('saved');
    for (const text of ['daftar:ketua', 'semua kecuali daftar:lain', 'teman saya'])
      expect((await outcomeOf('recipients.prepare', cari(text))).outcome).toBe('unclear');
    expect(await outcomeOf('recipients.prepare', { ...given, orang: 'Tidak Ada' })).toMatchObject({
      outcome: 'unclear',
      values: {
        salah: { sebab: expect.stringContaining('- baris 1 (Tidak Ada): Nama ini tidak ditemukan') },
      },
    });
  });

  test('a list of another area is neither seen nor made', async () => {
    const far = await addHelper(world, 'chair', '33.74');
    await keep('inti', { role: 'chair' });
    expect((await outcomeOf('recipients.list', {}, far)).outcome).toBe('none');
    for (const name of ['recipients.show', 'recipients.remove'])
      expect((await outcomeOf(name, { terpilih: '33.15 inti' }, far)).outcome).toBe('gone');
    const cari = { kunci: '33.15 lain', isi: 'cari', pencarian: 'semua' };
    expect((await outcomeOf('recipients.keep', cari, far)).outcome).toBe('refused');
    const wish = {
      isi: 'Rapat hari Senin pukul 9.',
      kepada: 'daftar',
      kapan: 'siaran',
      daftar: '33.15 inti',
    };
    expect((await outcomeOf('broadcast.prepare', wish, far)).outcome).toBe('refused');
  });

  test('what was typed of somebody goes when that one is erased', async () => {
    const ani = await addMember(world, {
      nama: 'ANI CONTOH',
      wilayah: { kode: sindurejo, desa: 'A', kecamatan: 'B', kabupaten: 'C' },
    });
    const inbound = await addInbound(world, chair, `nomornya ${ani.phone}`);
    await perform(world, 'recipients.prepare', { ...given, orang: ani.phone }, chair, { inboundId: inbound });
    await world.pool.query(
      `UPDATE inbound SET outcomes = '{recipients.prepare}', processed_at = $2 WHERE id = $1`,
      [inbound, now],
    );
    expect(await everything(world)).toContain('nomornya');
    await perform(world, 'privacy.erase', {}, ani);
    expect(await everything(world)).not.toContain('nomornya');
  });
});
