import { beforeEach, describe, expect, test } from 'vitest';
import type { ActionContext } from '../../src/domain/action.js';
import { codeFor } from '../../src/domain/broadcast-desk.js';
import { grantRole } from '../../src/domain/grants.js';
import { localAdministrator } from '../../src/domain/roles.js';
import type { JsonRecord } from '../../src/flow/json.js';
import { isRecord } from '../../src/flow/json.js';
import {
  addAttachment,
  addHelper,
  addMember,
  addPerson,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  textsTo,
  type World,
} from './world.js';

let world: World;
let chair: Person;
let lead: Person;
beforeEach(async () => {
  world = await openWorld();
  chair = await addHelper(world, 'chair', '33.15');
  lead = await addHelper(world, 'residency-lead', 'residency/semarang');
});

const village = '33.15.01.2001';
const lists = ['SRI CONTOHWATI', 'BUDI CONTOH', 'WATI CONTOH', 'DEWI CONTOH', 'EKA CONTOH', 'TUTI CONTOH'];

/** Members that are known from a list only, with numbers of their own. */
async function listed(names = lists, region = village): Promise<void> {
  for (const [at, name] of names.entries())
    await world.prisma.member.create({
      data: {
        ...{ id: world.newId(), name, regionCode: region },
        phoneSealed: new Uint8Array(world.vault.seal(`+62812000055${String(at).padStart(2, '0')}`)),
      },
    });
}

const wish = { isi: 'Rapat hari Senin pukul 9.', kepada: 'semua', kapan: 'siaran' };
const doors: ActionContext['doors'] = async (token, words) => [
  { channel: 'telegram', url: `https://t.me/x?start=${token}` },
  { channel: 'whatsapp-web', url: `https://wa.me/x?text=${encodeURIComponent(words)}` },
];

/** What an action gave under a name, as a record of texts. */
function given(values: JsonRecord, name: string): Readonly<Record<string, string>> {
  const value = values[name] ?? null;
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)]))
    : {};
}

async function prepared(args: JsonRecord = {}, by = chair) {
  const { outcome, values } = await perform(world, 'broadcast.prepare', { ...wish, ...args }, by);
  expect(outcome).toBe('ready');
  return given(values, 'siaran');
}

async function sent(
  args: JsonRecord = {},
  by = chair,
): Promise<{ readonly id: string; readonly number: string }> {
  const { id = '' } = await prepared(args, by);
  const { outcome, values } = await perform(world, 'broadcast.approve', { siaran: id }, by);
  expect(outcome).toBe('running');
  return { id, number: given(values, 'kiriman')['nomor'] ?? '' };
}

const stateOf = async (id: string) =>
  (await world.prisma.broadcast.findUniqueOrThrow({ where: { id } })).state;

describe('SIARAN', () => {
  test('counts, names a few, foretells, and keeps a draft with its file', async () => {
    const file = await addAttachment(world, chair, 'foto');
    await addMember(world, { wilayah: { kode: village, desa: 'A', kecamatan: 'B', kabupaten: 'C' } });
    await listed(['BUDI CONTOH']);
    const { id, rincian } = await prepared({ berkas: { id: file, jenis: 'jpeg', ukuran: 4 } });
    expect(rincian).toContain(
      'Kepada: anggota:semua\nOrang: 2\nPesan: 1 (test 1)\nTidak terjangkau: 1 (terdata, belum mendaftar 1)',
    );
    expect(rincian).toMatch(/Di antaranya: (Sri Contohwati|Budi Contoh) \(/);
    expect(rincian).toContain('Perkiraan selesai: 24 November 2026 pukul 10.00 WIB');
    const [row] = await world.prisma.broadcast.findMany({ where: { id: id ?? '' } });
    expect(row).toMatchObject({
      state: 'draft',
      area: '33.15',
      urgency: 'normal',
      audience: { members: 'any' },
    });
    expect(world.vault.openJson(Buffer.from(row?.bodySealed ?? []))).toMatchObject({
      text: wish.isi,
      enclosure: { kind: 'photo', content: file, name: 'siaran.jpg' },
    });
    expect((await looksIn(world, 'sample-audience')).length).toBe(2);
  });

  test.each<[string, JsonRecord, string]>([
    ['ketua', {}, 'peran:ketua'],
    ['pengurus', {}, 'jabatan:semua'],
    ['tanpa-sk', {}, 'anggota:semua dan sk:belum'],
    ['wilayah', { wilayah: { kode: '33.15' } }, 'wilayah:33.15'],
    ['ketik', { tulisan: 'peran:ketua atau sk:belum' }, 'peran:ketua atau sk:belum'],
  ])('to %s', async (kepada, more, text) => {
    await listed(['BUDI CONTOH']);
    await world.prisma.board.create({ data: { area: '33.15', simulator: false, confirmedAt: now } });
    const memberId = (await world.prisma.member.findFirstOrThrow()).id;
    await world.prisma.boardOffice.create({
      data: { id: world.newId(), area: '33.15', simulator: false, office: 'ketua', memberId, since: '2023' },
    });
    expect((await prepared({ kepada, ...more }))['rincian']).toContain(`Kepada: ${text}\nOrang: `);
  });

  test('what says nobody, means nobody, or comes from nobody', async () => {
    const outcomeOf = async (args: JsonRecord, by = chair) =>
      (await perform(world, 'broadcast.prepare', { ...wish, ...args }, by)).outcome;
    expect(await outcomeOf({ kepada: 'ketik', tulisan: 'teman saya' })).toBe('unclear');
    expect(await outcomeOf({ kepada: 'tanpa-sk' })).toBe('none');
    const berkas = { id: world.newId(), jenis: 'jpeg', ukuran: 4 };
    const lengths = [624, 625].map((length) => outcomeOf({ isi: 'x'.repeat(length), berkas }));
    expect(await Promise.all(lengths)).toEqual(['none', 'too-long']);
    expect(await outcomeOf({}, await addPerson(world))).toBe('refused');
    expect(await world.prisma.broadcast.count()).toBe(0);
  });

  test('who speaks in several areas is asked in which', async () => {
    const both = await addHelper(world, 'chair', '33.74');
    const more = { phone: both.phone ?? '', role: 'chair', region: '33.15', simulator: false };
    expect((await grantRole(localAdministrator('test'), world, more)).ok).toBe(true);
    await listed(['BUDI CONTOH']);
    const asked = await perform(world, 'broadcast.prepare', wish, both);
    expect(asked).toMatchObject({
      outcome: 'areas',
      values: {
        'daftar-wilayah': [{ id: '33.15' }, { id: '33.74', label: expect.stringContaining('Semarang') }],
      },
    });
    expect((await perform(world, 'broadcast.prepare', { ...wish, area: '33.22' }, both)).outcome).toBe(
      'areas',
    );
    await prepared({ area: '33.15' }, both);
  });
});

describe('SETUJUI', () => {
  test('the second person sees what is to be sent, and says yes or no with a reason', async () => {
    await addMember(world, { wilayah: { kode: village, desa: 'A', kecamatan: 'B', kabupaten: 'C' } });
    const ask = async () => {
      const { id = '' } = await prepared({ kapan: 'sekarang' });
      const { outcome, values } = await perform(world, 'broadcast.approve', { siaran: id }, chair);
      expect([outcome, given(values, 'kiriman')]).toMatchObject(['waiting', { jumlah: '1', diminta: '1' }]);
      return { id, nomor: Number(given(values, 'kiriman')['nomor']) };
    };
    const show = async (nomor: number, by: Person) => perform(world, 'broadcast.show-waiting', { nomor }, by);
    const first = await ask();
    expect((await show(first.nomor, chair)).outcome).toBe('own');
    expect((await show(first.nomor, await addHelper(world, 'chair', '33.74'))).outcome).toBe('unknown');
    for (const nomor of [0, 1.5, 1e12, 999_999]) expect((await show(nomor, lead)).outcome).toBe('unknown');
    const shown = await show(first.nomor, lead);
    expect(shown.outcome).toBe('found');
    expect(given(shown.values, 'siaran')).toMatchObject({
      ...{ id: first.id, jenis: 'Siaran', isi: wish.isi },
      rincian: expect.stringContaining('Mendesak: dikirim sekarang juga'),
    });
    const decline = (by: Person) =>
      perform(world, 'broadcast.decline', { siaran: first.id, alasan: 'Belum pasti.' }, by);
    expect((await decline(chair)).outcome).toBe('gone');
    expect((await decline(lead)).outcome).toBe('done');
    expect((await decline(lead)).outcome).toBe('gone');
    expect((await textsTo(world, chair)).join()).toContain(
      'tidak disetujui orang kedua. Alasannya: Belum pasti.',
    );
    expect([await stateOf(first.id), (await show(first.nomor, lead)).outcome]).toEqual(['cancelled', 'over']);

    const second = await ask();
    const yes = await perform(world, 'broadcast.approve', { siaran: second.id }, lead);
    expect([yes.outcome, await stateOf(second.id)]).toEqual(['running', 'running']);
    expect((await perform(world, 'broadcast.approve', { siaran: second.id }, lead)).outcome).toBe('gone');
  });
});

describe('DAFTAR SIARAN', () => {
  test('a broadcast is put at rest, goes on and ends, each only where it means something', async () => {
    await listed();
    expect((await perform(world, 'broadcast.list', {}, chair)).outcome).toBe('none');
    const { id, number } = await sent();
    expect(await perform(world, 'broadcast.list', {}, chair)).toMatchObject({
      values: { daftar: [{ id: number, label: `Siaran ${number}, sedang dikirim` }] },
    });
    const show = async (by = chair) =>
      (await perform(world, 'broadcast.show', { terpilih: number }, by)).outcome;
    const act = async (name: string, by = chair) =>
      (await perform(world, `broadcast.${name}`, { siaran: id }, by)).outcome;
    const other = await addHelper(world, 'chair', '33.74');
    expect([await show(other), await act('pause', other), await act('cancel', other)]).toEqual([
      'gone',
      'gone',
      'gone',
    ]);
    expect([await act('resume'), await act('pause'), await show(), await act('pause')]).toEqual([
      'gone',
      'done',
      'paused',
      'gone',
    ]);
    expect([await act('resume', lead), await show()]).toEqual(['done', 'running']);
    expect([await act('cancel'), await show(), await act('cancel'), await act('resume')]).toEqual([
      'done',
      'over',
      'gone',
      'gone',
    ]);
    const draft = await prepared();
    expect((await perform(world, 'broadcast.cancel', { siaran: draft['id'] ?? '' }, chair)).outcome).toBe(
      'done',
    );
  });

  test('who cannot be reached is shown page by page with a number and links, and is told by hand', async () => {
    await listed();
    const { number } = await sent();
    const page = (sesudah?: string, by = chair) =>
      perform(
        world,
        'broadcast.unreached',
        { siaran: number, ...(sesudah === undefined ? {} : { sesudah }) },
        by,
        { doors },
      );
    const first = await page();
    expect([first.outcome, given(first.values, 'halaman')]).toMatchObject([
      'more',
      { jumlah: '6', sampai: '5' },
    ]);
    expect(given(first.values, 'halaman')['rincian']).toMatch(
      /^- Budi Contoh, .*: terdata, belum mendaftar\. Telepon: 0812-0000-5501\nhttps:\/\/t\.me\/x\?start=\w{8}\nhttps:\/\/wa\.me\/x\?text=PESAN%20\w{8}/,
    );
    expect(await page()).toEqual({ ...first, writes: expect.anything() });
    const last = await page('5');
    expect([last.outcome, (await page('6')).outcome]).toEqual(['last', 'none']);
    expect((await page(undefined, await addHelper(world, 'chair', '33.74'))).outcome).toBe('none');
    expect((await looksIn(world, 'list-unreached')).length).toBe(11);
    const daftar = first.values['daftar'];
    const [someone] = Array.isArray(daftar) ? daftar : [];
    const orang = isRecord(someone ?? null) ? String(Object(someone).id) : '';
    const told = async (by: Person) =>
      (await perform(world, 'broadcast.contacted', { siaran: number, orang }, by)).outcome;
    expect(await told(await addHelper(world, 'chair', '33.74'))).toBe('gone');
    expect([await told(lead), await told(chair)]).toEqual(['done', 'gone']);
    expect(await world.prisma.recipient.findFirst({ where: { seq: BigInt(orang) } })).toMatchObject({
      ...{ contactedBy: lead.contactId, contactedAt: now, codeIndex: null },
    });
    expect(given((await page()).values, 'halaman')['jumlah']).toBe('5');
  });

  test('the same as a workbook, those who were told too', async () => {
    await listed(['SRI CONTOHWATI']);
    const { number } = await sent();
    const file = async (siaran = number) =>
      perform(world, 'broadcast.file-unreached', { siaran }, chair, { doors });
    expect(await file()).toMatchObject({
      outcome: 'made',
      values: { berkas: [{ kind: 'document', name: `tidak-terjangkau-${number}.xlsx` }] },
    });
    const { seq } = await world.prisma.recipient.findFirstOrThrow({ where: { reason: 'listed' } });
    await perform(world, 'broadcast.contacted', { siaran: number, orang: String(seq) }, chair);
    expect([(await file()).outcome, (await file('999999')).outcome]).toEqual(['made', 'none']);
  });

  test('a link opens the message once, for whoever has it; a wrong code opens nothing', async () => {
    await listed(['SRI CONTOHWATI']);
    const { id, number } = await sent();
    await perform(world, 'broadcast.unreached', { siaran: number }, chair, { doors });
    const { seq } = await world.prisma.recipient.findFirstOrThrow({ where: { reason: 'listed' } });
    const kode = codeFor({ broadcastId: id, seq: String(seq) }, world.vault);
    const sri = await addPerson(world);
    const open = (by: Person, code = kode) => perform(world, 'broadcast.open', { kode: code }, by);
    expect((await open(await addPerson(world, { simulator: true }))).outcome).toBe('none');
    expect((await open(sri, 'K7M4P2QX')).outcome).toBe('none');
    expect(await open(sri)).toMatchObject({
      outcome: 'found',
      values: { pesan: { isi: wish.isi }, berkas: [] },
    });
    expect((await open(sri)).outcome).toBe('none');
    expect(await world.prisma.recipient.findFirst({ where: { seq } })).toMatchObject({
      ...{ contactedBy: 'tautan', contactedAt: now, codeIndex: null },
    });
    for (const at of [1, 2, 3, 4, 5])
      await world.prisma.linkGuess.create({
        data: { addressId: sri.addressId, fault: `unknown ${at}`, at: now },
      });
    expect((await open(sri)).outcome).toBe('too-many');
  });
});
