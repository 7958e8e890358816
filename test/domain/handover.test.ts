import { describe, expect, test } from 'vitest';
import { listHandovers, showHandover } from '../../src/domain/handovers.js';
import { localAdministrator } from '../../src/domain/roles.js';
import {
  addDelivery,
  addHelper,
  addInbound,
  addMember,
  addPerson,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
} from './world.js';

type Post = readonly [role: string, region: string];

const village: Post = ['operator', '33.74.14.1001'];
const district: Post = ['operator', '33.74.14'];
const chair: Post = ['chair', '33.74'];
const city: Post = ['operator', '33.74'];
const lead: Post = ['residency-lead', 'residency/semarang'];
const team: Post = ['province-team', '33'];
const admin: Post = ['province-admin', '33'];
const elsewhere: readonly Post[] = [
  ['operator', '33.74.14.1002'],
  ['operator', '33.74.01'],
  ['chair', '33.22'],
  ['residency-lead', 'residency/pati'],
];

describe('the nearest who can help, upwards', () => {
  test.each<readonly [string, readonly Post[], Post | null]>([
    ['nobody at all', [], null],
    ['only others’ helpers', elsewhere, null],
    ['everybody: the village first', [admin, team, lead, chair, city, district, village], village],
    ['then the district', [admin, team, lead, chair, city, district], district],
    ['then the city, operators before chairs', [admin, team, lead, chair, city], city],
    ['then the chair', [admin, team, lead, chair], chair],
    ['then the residency', [admin, team, lead], lead],
    ['then the team before the admin', [admin, team], team],
    ['then the admin', [...elsewhere, admin], admin],
  ])('%s', async (_, posts, expected) => {
    const world = await openWorld();
    const member = await addMember(world);
    const helpers = new Map<Post, Person>();
    for (const post of posts) helpers.set(post, await addHelper(world, ...post));
    const result = await perform(world, 'handover.open', {}, member);
    expect(result.outcome).toBe(expected === null ? 'nobody' : 'opened');
    const chosen = expected === null ? null : (helpers.get(expected)?.contactId ?? 'missing');
    expect(await world.prisma.handover.findMany()).toMatchObject([
      {
        contactId: member.contactId,
        reason: 'asked',
        area: '33.74.14.1001',
        operatorId: chosen,
        openedAt: now,
      },
    ]);
  });

  test.each<readonly [Post, string]>([
    [village, /^Kelurahan /.source],
    [chair, '^Kota Semarang$'],
    [lead, '^eks-karesidenan Semarang$'],
    [admin, '^Provinsi Jawa Tengah$'],
  ])('%s is told by the name of the area', async (post, place) => {
    const world = await openWorld();
    const member = await addMember(world);
    await addHelper(world, ...post);
    const { values } = await perform(world, 'handover.open', {}, member);
    expect(values).toEqual({ petugas: { wilayah: expect.stringMatching(place) } });
  });

  test('a stranger waits for the province', async () => {
    const world = await openWorld();
    await addHelper(world, ...village);
    const stranger = await addPerson(world);
    expect(await perform(world, 'handover.open', {}, stranger)).toMatchObject({ outcome: 'nobody' });
    const { contactId } = await addHelper(world, ...admin);
    expect(await perform(world, 'handover.open', {}, stranger)).toMatchObject({ outcome: 'opened' });
    expect(await world.prisma.handover.findMany()).toMatchObject([{ area: '33', operatorId: contactId }]);
  });

  test('several members behind one phone wait where they are neighbours', async () => {
    const world = await openWorld();
    const member = await addMember(world);
    const other = registration({ nama: 'Budi Contoh', nik: null, wilayah: { kode: '33.74.01.1001' } });
    await perform(world, 'member.register', other, member);
    await addHelper(world, ...village);
    expect(await perform(world, 'handover.open', {}, member)).toMatchObject({ outcome: 'nobody' });
    await addHelper(world, ...chair);
    expect(await perform(world, 'handover.open', {}, member)).toMatchObject({ outcome: 'opened' });
  });
});

describe('who cannot be asked', () => {
  test('a number that never wrote, a pretended helper, a former helper, oneself', async () => {
    const world = await openWorld();
    const member = await addMember(world);
    const gone = await addHelper(world, ...chair);
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: now } });
    await addHelper(world, ...district, { simulator: true });
    const silent = await addHelper(world, ...city);
    await world.prisma.address.update({ where: { id: silent.addressId }, data: { phoneIndex: null } });
    expect(await perform(world, 'handover.open', {}, member)).toMatchObject({ outcome: 'nobody' });
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: null } });
    expect(await perform(world, 'handover.open', {}, gone)).toMatchObject({ outcome: 'nobody' });
    expect(await perform(world, 'handover.open', {}, member)).toMatchObject({ outcome: 'opened' });
  });

  test('pretended people are helped by pretended helpers only', async () => {
    const world = await openWorld();
    const pretender = await addPerson(world, { simulator: true });
    await addHelper(world, ...admin);
    expect(await perform(world, 'handover.open', {}, pretender)).toMatchObject({ outcome: 'nobody' });
    await addHelper(world, ...admin, { simulator: true });
    expect(await perform(world, 'handover.open', {}, pretender)).toMatchObject({ outcome: 'opened' });
  });
});

describe('asking again', () => {
  test('while one is open opens no other and tells nobody twice', async () => {
    const world = await openWorld();
    const member = await addMember(world);
    const helper = await addHelper(world, ...chair);
    for (const _ of [1, 2, 3])
      expect(await perform(world, 'handover.open', {}, member)).toMatchObject({ outcome: 'opened' });
    expect(await world.prisma.handover.findMany()).toHaveLength(1);
    expect(await world.prisma.delivery.findMany()).toMatchObject([
      {
        contactId: helper.contactId,
        addressId: helper.addressId,
        lane: 'reply',
        state: 'due',
        account: 'wa',
      },
    ]);
  });

  test('finds who came in the meantime, and tells them', async () => {
    const world = await openWorld();
    const member = await addMember(world);
    expect(await perform(world, 'handover.open', {}, member)).toMatchObject({ outcome: 'nobody' });
    const helper = await addHelper(world, ...chair);
    expect(await perform(world, 'handover.open', {}, member)).toMatchObject({ outcome: 'opened' });
    expect(await world.prisma.handover.findMany()).toMatchObject([{ operatorId: helper.contactId }]);
    expect(await world.prisma.delivery.findMany()).toMatchObject([{ contactId: helper.contactId }]);
  });

  test('after it was closed opens a new one', async () => {
    const world = await openWorld();
    const member = await addMember(world);
    await perform(world, 'handover.open', {}, member);
    await world.prisma.handover.updateMany({ data: { state: 'closed', closedAt: now } });
    await perform(world, 'handover.open', {}, member);
    expect(await world.prisma.handover.findMany({ where: { closedAt: null } })).toHaveLength(1);
  });
});

test('the helper gets the question and the last messages, NIK cut, and the look is kept; the name is not told', async () => {
  const world = await openWorld();
  const member = await addMember(world);
  const helper = await addHelper(world, ...chair);
  const at = (second: number) => new Date(now.getTime() - 60_000 + second * 1000);
  const question = world.newId();
  await addInbound(world, member, 'NIK saya 9901 0157 0870 0001', at(1));
  await addDelivery(world, member, { state: 'read', text: 'Berapa NIK-nya?', question, at: at(2) });
  await perform(world, 'handover.open', {}, member, { pendingQuestion: question, said: 'bingung' });
  const [row] = await world.prisma.handover.findMany();
  expect(world.vault.openJson(row?.contextSealed ?? new Uint8Array())).toEqual({
    report: null,
    question: 'Berapa NIK-nya?',
    messages: [
      { from: 'member', text: 'NIK saya 9901…' },
      { from: 'bot', text: 'Berapa NIK-nya?' },
      { from: 'member', text: 'bingung' },
    ],
  });
  const [told] = await world.prisma.delivery.findMany({ where: { contactId: helper.contactId } });
  const words = JSON.stringify(world.vault.openJson(told?.bodySealed ?? new Uint8Array()));
  expect(JSON.parse(words).text).toMatch(
    new RegExp(
      [
        '^\\*Permintaan \\d+\\*',
        'Wilayah: Kelurahan \\S+',
        'Alasan: anggota meminta bantuan petugas',
        'Sejak: 24 November pukul 10.00 WIB',
        '',
        'Sedang ditanyakan: Berapa NIK-nya\\?',
        '',
        'Pesan terakhir:',
        'Anggota: NIK saya 9901…',
        'Bot: Berapa NIK-nya\\?',
        'Anggota: bingung',
        '',
        'Ketik \\*LAYANI\\* untuk menjawab.$',
      ].join('\n'),
    ),
  );
  expect(words).not.toMatch(/contohwati|\d{6}/i);
  expect(await looks(world)).toEqual([[helper.contactId, 'read-conversation', member.contactId]]);
});

test('the message that asks for help counts once, also when its turn is tried again after a crash', async () => {
  const world = await openWorld();
  const member = await addMember(world);
  const helper = await addHelper(world, ...chair);
  for (const word of ['satu', 'dua', 'tiga', 'empat', 'lima']) await addInbound(world, member, word);
  const said = 'hubungi petugas, HP 081200000099';
  const inboundId = await addInbound(world, member, said);
  await perform(world, 'handover.open', {}, member, { inboundId, said });
  const words = ['satu', 'dua', 'tiga', 'empat', 'lima', 'hubungi petugas, HP 0812…'];
  expect(await toldTo(world, helper)).toContain(
    ['Pesan terakhir:', ...words.map((word) => `Anggota: ${word}`), '\nKetik'].join('\n'),
  );
});

test.each([
  ['Berapa NIK Bapak/Ibu?', 'Berapa NIK Bapak/Ibu?'],
  [
    `NIK terdiri dari 16 angka; yang kami terima 15 angka. Mohon diperiksa kembali.\n\n*Langkah 9 dari 9.* ${'NIK tertulis pada KTP. '.repeat(3)}\n\nBerapa NIK Bapak/Ibu?`,
    '… Mohon diperiksa kembali. Langkah 9 dari 9. NIK tertulis pada KTP. NIK tertulis pada KTP. NIK tertulis pada KTP. Berapa NIK Bapak/Ibu?',
  ],
  [
    `Baik. Apakah ${'benar-benar '.repeat(20)}sudah sesuai?`,
    `… Apakah ${'benar-benar '.repeat(20)}sudah sesuai?`,
  ],
])('what is asked reaches the helper whole, however much stood before it: %j', async (text, expected) => {
  const world = await openWorld();
  const member = await addMember(world);
  const helper = await addHelper(world, ...chair);
  const question = world.newId();
  await addDelivery(world, member, { state: 'read', text, question });
  await perform(world, 'handover.open', {}, member, { pendingQuestion: question });
  const told = await toldTo(world, helper);
  expect(told).toContain(`\nSedang ditanyakan: ${expected}\n`);
  expect(told).toContain(`\nBot: ${expected}\n`);
});

test('what a member wrote reaches the helper whole, also by command, in as many messages as it needs', async () => {
  const world = await openWorld();
  const member = await addMember(world);
  const helper = await addHelper(world, ...chair);
  const story = `${'Begini ceritanya. '.repeat(300)}Jadi bagaimana?`;
  await addInbound(world, member, story);
  await perform(world, 'handover.open', {}, member);
  expect((await toldTo(world, helper)).replaceAll('\n', ' ')).toContain(`Anggota: ${story}`);
  const { number } = await world.prisma.handover.findFirstOrThrow();
  expect(await showHandover(localAdministrator('test'), world, number)).toContain(`Anggota: ${story}`);
});

async function toldTo(world: World, { contactId }: Person): Promise<string> {
  const rows = await world.prisma.delivery.findMany({ where: { contactId }, orderBy: { seq: 'asc' } });
  const texts = rows.map(
    ({ bodySealed }) => Object(world.vault.openJson(bodySealed ?? new Uint8Array())).text,
  );
  return texts.join('\n');
}

const report = 'Ada yang minta OTP dari 081200000098. '.repeat(10).trim();

test.each([
  ['a helper who reads conversations', chair],
  ['a helper who only helps', lead],
])('%s gets a report whole, and is told of a new one, not of the same again', async (_, post) => {
  const world = await openWorld();
  const member = await addMember(world);
  const helper = await addHelper(world, ...post);
  const tell = (laporan: string | null) => perform(world, 'handover.open', { laporan }, member);
  await tell(null);
  expect(await toldTo(world, helper)).not.toContain('Laporan');
  for (const _twice of [1, 2]) expect(await tell(report)).toMatchObject({ outcome: 'opened' });
  await tell(null);
  expect((await toldTo(world, helper)).split('Laporan anggota: ').slice(1)).toEqual([
    expect.stringMatching(new RegExp(`^${report}\n`)),
  ]);
  const { number } = await world.prisma.handover.findFirstOrThrow();
  expect(await showHandover(localAdministrator('test'), world, number)).toContain(report);
});

test('who may help but not read conversations is told without them', async () => {
  const world = await openWorld();
  const member = await addMember(world);
  const helper = await addHelper(world, ...lead);
  await addInbound(world, member, 'bingung');
  await perform(world, 'handover.open', {}, member);
  const [told] = await world.prisma.delivery.findMany({ where: { contactId: helper.contactId } });
  const words = JSON.stringify(world.vault.openJson(told?.bodySealed ?? new Uint8Array()));
  expect(words).toContain('Alasan: anggota meminta bantuan petugas');
  expect(words).not.toContain('bingung');
  expect(await looks(world)).toEqual([[helper.contactId, 'told-of-request', member.contactId]]);
});

async function looks(world: World) {
  const rows = await looksIn(world);
  return rows.map(({ viewer, action, subject }) => [viewer, action, subject]);
}

test('waiting people are listed with the longest waiting first, and each look is kept', async () => {
  const world = await openWorld();
  const [one, other] = [await addMember(world), await addPerson(world)];
  await perform(world, 'handover.open', {}, other, { now: new Date(now.getTime() + 1000) });
  await perform(world, 'handover.open', {}, one);
  for (const _ of [1, 2]) {
    const lines = await listHandovers(localAdministrator('test'), world);
    expect(lines.map((line) => line.contactId)).toEqual([one.contactId, other.contactId]);
  }
  expect(await looksIn(world, 'list-handovers')).toHaveLength(4);
});
