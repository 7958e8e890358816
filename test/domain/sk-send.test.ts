import { describe, expect, test } from 'vitest';
import { isRecord, type Json, type JsonRecord } from '../../src/flow/json.js';
import { newId } from '../../src/store/ids.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import {
  addAttachment,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
  write,
} from './world.js';

async function registered(more: JsonRecord = {}) {
  const world = await openWorld();
  return { world, person: await addMember(world, more) };
}

/** A photo that this person has sent, as a flow holds it. */
async function photo(world: World, of: Person): Promise<JsonRecord> {
  const id = await addAttachment(world, of, 'foto SK');
  return { id, jenis: 'jpeg', ukuran: 7 };
}

async function appointments({ prisma, vault }: World) {
  const rows = await prisma.skMember.findMany({
    include: { document: { include: { files: { orderBy: { page: 'asc' } } } } },
    orderBy: { memberId: 'asc' },
  });
  return rows.map(({ status, document }) => ({
    status,
    number: document?.numberSealed ? vault.open(document.numberSealed) : null,
    region: document?.regionCode ?? null,
    pages: document?.files.map(({ attachmentId }) => attachmentId) ?? [],
  }));
}

const moves = async ({ prisma }: World) =>
  (await prisma.skMove.findMany({ orderBy: { id: 'asc' } })).map(({ move, fromState, toState, who }) => ({
    move,
    fromState,
    toState,
    who,
  }));

const fresh = { nomor: '470/12/2024', tanggal: '2024-05-01', penerbit: 'lurah' };

describe('an SK that is sent', () => {
  test('takes the place of the one that was told, with its pages in their order, and each move is kept', async () => {
    const { world, person } = await registered();
    const pages = [await photo(world, person), await photo(world, person)];
    const given = { ...fresh, 'halaman-1': pages[0] ?? null, 'halaman-2': pages[1] ?? null };
    expect(await perform(world, 'sk.submit', given, person)).toMatchObject({ outcome: 'sent' });
    expect(await appointments(world)).toEqual([
      {
        status: 'berkas_diterima',
        number: '470/12/2024',
        region: '33.74.14.1001',
        pages: pages.map((one) => one.id),
      },
    ]);
    expect(await count(world, 'sk_document')).toBe(1);
    const who = person.contactId;
    expect(await moves(world)).toEqual([
      { move: 'laporkan', fromState: 'belum_ada', toState: 'dilaporkan_ada', who },
      { move: 'kirim', fromState: 'dilaporkan_ada', toState: 'berkas_diterima', who },
    ]);
  });

  test('a page behind one that was left out belongs to an earlier answer', async () => {
    const { world, person } = await registered({ sk: 'belum' });
    const [first, stale] = [await photo(world, person), await photo(world, person)];
    await perform(
      world,
      'sk.submit',
      { ...fresh, 'halaman-1': first, 'halaman-2': null, 'halaman-3': stale },
      person,
    );
    expect((await appointments(world))[0]?.pages).toEqual([first.id]);
  });

  test('without any page it is told only', async () => {
    const { world, person } = await registered({ sk: 'belum' });
    await perform(world, 'sk.submit', { penerbit: 'camat' }, person);
    expect(await appointments(world)).toEqual([
      { status: 'dilaporkan_ada', number: null, region: '33.74.14', pages: [] },
    ]);
  });

  test('more pages of the one that is known are added to it, and nobody can add what another has sent', async () => {
    const { world, person } = await registered();
    const own = await photo(world, person);
    const stranger = await photo(world, await addPerson(world));
    const given = { yang: 'lama', 'halaman-1': own, 'halaman-2': stranger };
    await perform(world, 'sk.submit', given, person);
    expect(await appointments(world)).toMatchObject([
      { status: 'berkas_diterima', number: '141/07/2021', pages: [own.id] },
    ]);
    for (let more = 0; more < 14; more += 1)
      await perform(world, 'sk.submit', { yang: 'lama', 'halaman-1': await photo(world, person) }, person);
    expect((await appointments(world))[0]?.pages).toHaveLength(12);
  });

  test('a correction of its number keeps its pages; what the old one had alone is gone', async () => {
    const { world, person } = await registered();
    const page = await photo(world, person);
    await perform(world, 'sk.submit', { yang: 'lama', 'halaman-1': page }, person);
    const corrected = { butir: 'sk', 'butir-sk': 'nomor-sk', 'nomor-sk': '141/08/2021' };
    await perform(world, 'member.update', corrected, person);
    expect(await appointments(world)).toMatchObject([
      { status: 'berkas_diterima', number: '141/08/2021', pages: [page.id] },
    ]);
    await perform(world, 'sk.submit', fresh, person);
    expect([await count(world, 'sk_file'), await count(world, 'attachment')]).toEqual([0, 0]);
  });

  test('only for whom this phone speaks', async () => {
    const { world, person } = await registered();
    const [member] = await world.prisma.member.findMany();
    const stranger = await addPerson(world);
    const given = { anggota: member?.id ?? '', ...fresh };
    expect(await perform(world, 'sk.submit', given, stranger)).toMatchObject({ outcome: 'gone', writes: [] });
    expect(await perform(world, 'sk.begin', {}, stranger)).toMatchObject({ outcome: 'unknown' });
    const dokumen = (await world.prisma.skDocument.findFirstOrThrow()).id;
    const joining = { anggota: member?.id ?? '', dokumen };
    expect(await perform(world, 'sk.join', joining, stranger)).toMatchObject({ outcome: 'gone', writes: [] });
    expect(await perform(world, 'sk.join', { dokumen: newId() }, person)).toMatchObject({ outcome: 'gone' });
  });

  test.each([
    ['belum', 'belum_ada', 'lacking'],
    ['tanpa-nomor', 'dilaporkan_ada', 'lacking'],
    ['ada', 'dilaporkan_ada', 'reported'],
    ['ada', 'terverifikasi', 'verified'],
    ['ada', 'diperbarui', 'verified'],
    ['ada', 'perlu_perbaikan', 'reported'],
  ])('SK "%s", %s: begins as %s', async (sk, status, outcome) => {
    const { world, person } = await registered({ sk });
    await world.prisma.skMember.updateMany({ data: { status } });
    const begun = await perform(world, 'sk.begin', {}, person);
    expect(begun).toMatchObject({ outcome, values: { anggota: { nama: 'SRI CONTOHWATI' } } });
    if (outcome !== 'lacking')
      expect(begun.values['sk']).toMatchObject({ nomor: '141/07/2021', penerbit: 'Lurah' });
  });

  test('of several members the one that is picked', async () => {
    const { world, person } = await registered();
    await perform(world, 'member.register', registration({ nama: 'Budi Contoh', nik: null }), person);
    const begun = await perform(world, 'sk.begin', {}, person);
    expect(begun).toMatchObject({ outcome: 'several' });
    const daftar: Json = begun.values['daftar'] ?? null;
    const [, second] = Array.isArray(daftar) ? daftar : [];
    const anggota = isRecord(second ?? null) ? Object(second).id : '';
    expect(await perform(world, 'sk.begin', { anggota }, person)).toMatchObject({
      outcome: 'reported',
      values: { anggota: { nama: 'Budi Contoh' } },
    });
  });
});

describe('the same SK again', () => {
  const other = { nama: 'Budi Contoh', nik: null, sk: 'belum' };
  const typed = { nomor: 'Nomor 141 / 07 / 2021', penerbit: 'lurah' };

  test('is found by its number as typed otherwise, its office and its world, and can be joined', async () => {
    const { world, person } = await registered();
    const budi = await addMember(world, other);
    const found = await perform(world, 'sk.find-same', typed, budi);
    expect(found).toMatchObject({ outcome: 'found', values: { dokumen: { jumlah: '1' } } });
    const dokumen = Object(found.values['dokumen']).id;
    expect(await perform(world, 'sk.join', { dokumen }, budi)).toMatchObject({ outcome: 'joined' });
    expect(await count(world, 'sk_document')).toBe(1);
    expect((await appointments(world)).map(({ status, number }) => [status, number])).toEqual([
      ['dilaporkan_ada', '141/07/2021'],
      ['dilaporkan_ada', '141/07/2021'],
    ]);
    // Whoever has it already is not offered it again.
    expect(await perform(world, 'sk.find-same', typed, budi)).toMatchObject({ outcome: 'none' });
    await perform(world, 'sk.submit', { yang: 'lama', 'halaman-1': await photo(world, person) }, person);
    const third = await addMember(world, { ...other, nama: 'Tuti Contoh' });
    await perform(world, 'sk.join', { dokumen }, third);
    expect((await appointments(world)).map(({ status }) => status).sort()).toEqual([
      'berkas_diterima',
      'berkas_diterima',
      'dilaporkan_ada',
    ]);
  });

  test.each<readonly [string, JsonRecord, JsonRecord, boolean]>([
    ['another number', {}, { nomor: '141/08/2021' }, false],
    ['another office', {}, { penerbit: 'camat' }, false],
    ['the same office of another village', { wilayah: { kode: '33.74.14.1002' } }, {}, false],
    ['the world of the simulator', {}, {}, true],
  ])('is none with %s', async (_, who, said, simulator) => {
    const { world } = await registered();
    const budi = await addMember(world, { ...other, ...who }, { simulator });
    expect(await perform(world, 'sk.find-same', { ...typed, ...said }, budi)).toMatchObject({
      outcome: 'none',
    });
  });

  test('a camat signs for every village of the kecamatan', async () => {
    const { world } = await registered({ 'penerbit-sk': 'camat' });
    const budi = await addMember(world, { ...other, wilayah: { kode: '33.74.14.1002' } });
    const said = { ...typed, penerbit: 'camat' };
    expect(await perform(world, 'sk.find-same', said, budi)).toMatchObject({ outcome: 'found' });
  });
});

describe('two at once', () => {
  test('what was decided on a state that is gone writes nothing', async () => {
    const { world, person } = await registered();
    const [one, other] = await Promise.all(
      [fresh, { ...fresh, nomor: '470/13' }].map((given) =>
        decide('sk.submit', given, contextOf(world, person)),
      ),
    );
    await write(world, one?.writes ?? []);
    await expect(write(world, other?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect(await appointments(world)).toMatchObject([{ number: '470/12/2024' }]);
    expect(await count(world, 'sk_document')).toBe(1);
  });
});
