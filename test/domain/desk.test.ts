import { describe, expect, test } from 'vitest';
import { grantRole, revokeRole } from '../../src/domain/grants.js';
import { handOnWaiting } from '../../src/domain/hand-on.js';
import { answerHandover, closeHandover, showHandover } from '../../src/domain/handovers.js';
import { answerBy } from '../../src/domain/patience.js';
import { openReach, sealReach } from '../../src/domain/reach.js';
import { localAdministrator, viewerOf } from '../../src/domain/roles.js';
import { newId } from '../../src/store/ids.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import { requestAfterFailure } from '../../src/store/turn-failure.js';
import {
  addHelper,
  addInbound,
  addPerson,
  contextOf,
  decide,
  everything,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
  write,
} from './world.js';

const here = ['operator', '33.74'] as const;
const team = ['province-team', '33'] as const;

/** A member of Kota Semarang who asked for help, and the operator who was asked. */
async function asked(world: World, post: readonly [string, string] = here) {
  const officer = await addHelper(world, ...post);
  const member = await addPerson(world);
  await perform(world, 'member.register', registration(), member);
  await perform(world, 'handover.open', {}, member);
  const { number } = await world.prisma.handover.findFirstOrThrow({ where: { contactId: member.contactId } });
  return { officer, member, number };
}

async function talking(world: World) {
  const found = await asked(world);
  await take(world, found.officer, found.number);
  await world.prisma.delivery.deleteMany();
  await world.prisma.inbound.deleteMany();
  return found;
}

function take(world: World, officer: Person, number: number) {
  return perform(world, 'desk.take', { permintaan: String(number) }, officer);
}

/** What was sent to somebody, in order. */
async function sentTo(world: World, { contactId }: Person): Promise<readonly string[]> {
  const rows = await world.prisma.delivery.findMany({ where: { contactId }, orderBy: { seq: 'asc' } });
  return rows.map(({ bodySealed }) =>
    String(Object(world.vault.openJson(bodySealed ?? new Uint8Array())).text),
  );
}

/** The signals that wait for somebody, in order. */
async function signalsFor(world: World, { contactId }: Person): Promise<readonly string[]> {
  const rows = await world.prisma.inbound.findMany({
    where: { contactId, state: 'pending' },
    orderBy: { seq: 'asc' },
  });
  return rows.map(({ bodySealed }) =>
    String(Object(world.vault.openJson(bodySealed ?? new Uint8Array())).content.name),
  );
}

const request = (world: World) => world.prisma.handover.findFirstOrThrow();
const say = (world: World, who: Person, pesan: string) =>
  perform(world, 'handover.to-officer', { pesan }, who, { said: pesan });
const reply = (world: World, who: Person, pesan: string) => perform(world, 'desk.to-member', { pesan }, who);

/** A conversation that was given up by a fault of ours. */
function stranded(world: World, person: Person) {
  const reach = sealReach(world.vault, contextOf(world, person).reach);
  return requestAfterFailure(
    world.newId(),
    { contactId: person.contactId, reach, reason: 'turn-failed' },
    now,
  );
}

function office(world: World, at = now) {
  return { ...world, now: () => at };
}

async function revoke(world: World, who: Person): Promise<void> {
  await world.prisma.roleGrant.updateMany({
    where: { phoneIndex: new Uint8Array(world.vault.index('phone', who.phone ?? '')) },
    data: { revokedAt: now },
  });
}

describe('an operator', () => {
  test('lists what waits in his area and world, the longest waiting first, and each look is kept', async () => {
    const world = await openWorld();
    const { officer, member, number } = await asked(world);
    const stranger = await addPerson(world);
    const pretender = await addPerson(world, { simulator: true });
    for (const one of [stranger, pretender]) await perform(world, 'handover.open', {}, one);
    const neighbour = await addPerson(world);
    await perform(world, 'handover.open', {}, neighbour, { regionCode: '33.74.01.1001' });
    const rows = await world.prisma.handover.findMany({ where: { contactId: neighbour.contactId } });
    const listed = await perform(world, 'desk.list', {}, officer);
    expect(listed.values['daftar']).toEqual(
      [number, rows[0]?.number].map((one) => ({ id: String(one), label: `Permintaan ${one}` })),
    );
    const kept = await looksIn(world, 'list-handovers');
    expect(kept.map(({ viewer, subject }) => [viewer, subject])).toEqual([
      [officer.contactId, member.contactId],
      [officer.contactId, neighbour.contactId],
    ]);
  });

  test('sees nothing without a role, and not his own request', async () => {
    const world = await openWorld();
    const { officer } = await asked(world);
    await revoke(world, officer);
    expect(await perform(world, 'desk.list', {}, officer)).toMatchObject({ outcome: 'none' });
    const alone = await addHelper(world, 'province-admin', '33');
    await world.prisma.handover.deleteMany();
    await perform(world, 'handover.open', {}, alone);
    expect(await perform(world, 'desk.list', {}, alone)).toMatchObject({ outcome: 'none' });
  });

  test('takes it: what was said comes as a message, the look is kept, the member’s conversation hears of it', async () => {
    const world = await openWorld();
    const { officer, member, number } = await asked(world);
    await world.prisma.delivery.deleteMany();
    expect(await take(world, officer, number)).toMatchObject({
      outcome: 'taken',
      values: { permintaan: { nomor: String(number) } },
    });
    expect(await sentTo(world, officer)).toEqual([expect.stringContaining(`*Permintaan ${number}*`)]);
    expect(await signalsFor(world, member)).toEqual(['handover-taken']);
    const row = await request(world);
    expect(row).toMatchObject({ state: 'taken', operatorId: officer.contactId, dueAt: answerBy(now) });
    expect(openReach(world.vault, Buffer.from(row.operatorSealed ?? []))).toMatchObject({
      addressId: officer.addressId,
      phone: officer.phone,
    });
    expect(await perform(world, 'desk.list', {}, officer)).toMatchObject({ outcome: 'talking' });
    expect(await take(world, officer, number)).toMatchObject({ outcome: 'taken' });
    expect(await signalsFor(world, member)).toHaveLength(1);
  });

  test.each<readonly [string, (world: World) => Promise<readonly [Person, number]>, string]>([
    ['a number nobody has', async (world) => [(await asked(world)).officer, 999_999], 'over'],
    [
      'a closed one',
      async (world) => {
        const { officer, number } = await talking(world);
        await perform(world, 'desk.close', {}, officer);
        return [officer, number];
      },
      'over',
    ],
    [
      'one of somebody else',
      async (world) => [await addHelper(world, ...team), (await talking(world)).number],
      'already',
    ],
    [
      'one of another area',
      async (world) => [await addHelper(world, 'chair', '33.22'), (await asked(world)).number],
      'refused',
    ],
    [
      'one of another world',
      async (world) => [await addHelper(world, ...team, { simulator: true }), (await asked(world)).number],
      'refused',
    ],
    ['without a role', async (world) => [await addPerson(world), (await asked(world)).number], 'refused'],
    [
      'his own',
      async (world) => {
        const { member, number } = await asked(world);
        const given = { phone: member.phone ?? '', role: 'chair', region: '33.74', simulator: false };
        await grantRole(localAdministrator('test'), world, given);
        return [member, number];
      },
      'refused',
    ],
  ])('does not take %s', async (_, prepare, expected) => {
    const world = await openWorld();
    const [officer, number] = await prepare(world);
    const before = await request(world);
    expect(await take(world, officer, number)).toMatchObject({ outcome: expected, writes: [] });
    expect(await request(world)).toEqual(before);
  });

  test('of two who decide at the same time, the second finds nothing and decides anew', async () => {
    const world = await openWorld();
    const { officer, number } = await asked(world);
    const other = await addHelper(world, ...team);
    const args = { permintaan: String(number) };
    const [one, two] = await Promise.all(
      [officer, other].map((who) => decide('desk.take', args, contextOf(world, who))),
    );
    await write(world, one?.writes ?? []);
    await expect(write(world, two?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect(await decide('desk.take', args, contextOf(world, other))).toMatchObject({ outcome: 'already' });
  });

  test('a member who waits twice is served by one operator at a time', async () => {
    const world = await openWorld();
    const { officer, member, number } = await asked(world);
    await write(world, [stranded(world, member)]);
    const failed = await world.prisma.handover.findFirstOrThrow({ where: { reason: 'turn-failed' } });
    await take(world, officer, number);
    const other = await addHelper(world, ...team);
    expect(await take(world, other, failed.number)).toMatchObject({ outcome: 'already' });
    const taken = { state: 'taken', operatorId: other.contactId, operatorSealed: new Uint8Array([1]) };
    await expect(world.prisma.handover.update({ where: { id: failed.id }, data: taken })).rejects.toThrow(
      'Unique constraint',
    );
  });
});

describe('while they talk', () => {
  test('each gets what the other writes, in order, numbers cut, no address of either', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    expect(await say(world, member, 'Saya bingung. NIK 9901015708700001')).toMatchObject({ outcome: 'sent' });
    expect(await reply(world, officer, 'Hubungi saya di 0812-0000-0099.')).toMatchObject({ outcome: 'sent' });
    await say(world, member, 'Baik');
    expect(await sentTo(world, officer)).toEqual(['*Anggota*: Saya bingung. NIK 9901…', '*Anggota*: Baik']);
    expect(await sentTo(world, member)).toEqual(['*Petugas*: Hubungi saya di 0812….']);
    const rows = await world.prisma.delivery.findMany();
    expect(new Set(rows.map(({ lane, state, cause }) => `${lane} ${state} ${cause}`))).toEqual(
      new Set([`reply due ${(await request(world)).id}`]),
    );
  });

  test('a long message goes in as many parts as the channel asks for', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    await say(world, member, 'Begini ceritanya. '.repeat(400));
    expect((await sentTo(world, officer)).length).toBe(2);
  });

  test('who waits for an answer is known by the moment it is due', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    await reply(world, officer, 'Halo');
    expect((await request(world)).dueAt).toBeNull();
    await say(world, member, 'Begini');
    await perform(world, 'handover.to-officer', { pesan: 'Lagi' }, member, {
      now: new Date(now.getTime() + 60_000),
    });
    expect((await request(world)).dueAt).toEqual(answerBy(now));
  });

  test.each<readonly [string, Person | 'officer' | 'member', string, string]>([
    ['the officer closes', 'officer', 'desk.close', 'closed'],
    ['the member leaves', 'member', 'handover.leave', 'left'],
  ])('%s: the other one hears of it, and nothing is relayed any more', async (_, who, action, expected) => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    const [actor, other] = who === 'officer' ? [officer, member] : [member, officer];
    expect(await perform(world, action, {}, actor)).toMatchObject({ outcome: expected });
    expect(await signalsFor(world, other)).toEqual(['handover-changed']);
    expect(await request(world)).toMatchObject({ state: 'closed', closedAt: now, operatorSealed: null });
    expect(await say(world, member, 'Halo?')).toMatchObject({ outcome: 'closed', writes: [] });
    expect(await reply(world, officer, 'Halo?')).toMatchObject({ outcome: 'gone', writes: [] });
    expect(await perform(world, 'handover.where', {}, member)).toMatchObject({ outcome: 'closed' });
    expect(await perform(world, 'desk.still-mine', {}, officer)).toMatchObject({ outcome: 'gone' });
    for (const again of ['desk.close', 'desk.pass-up', 'desk.give-back'])
      expect(await perform(world, again, {}, officer)).toMatchObject({ outcome: 'gone', writes: [] });
    expect(await perform(world, 'handover.leave', {}, member)).toMatchObject({ outcome: 'left', writes: [] });
  });

  test('who asks for help again is led back to the officer', async () => {
    const world = await openWorld();
    const { member } = await talking(world);
    expect(await perform(world, 'handover.open', {}, member)).toMatchObject({ outcome: 'opened' });
    expect(await signalsFor(world, member)).toEqual(['handover-taken']);
    expect(await world.prisma.handover.count()).toBe(1);
  });

  test('a report goes to the officer who has the request, whole', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    const laporan = 'Ada yang minta OTP dari 081200000098';
    expect(await perform(world, 'handover.open', { laporan }, member)).toMatchObject({ outcome: 'opened' });
    expect(await sentTo(world, officer)).toEqual([`*Laporan anggota*: ${laporan}`]);
    expect((await request(world)).dueAt).toEqual(answerBy(now));
  });

  test('and to the next one, when the officer lost the role; it stays with the request', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    await revoke(world, officer);
    const next = await addHelper(world, ...here);
    const laporan = 'Ada yang minta OTP dari 081200000098';
    await perform(world, 'handover.open', { laporan }, member);
    expect(await sentTo(world, officer)).toEqual([]);
    expect(await sentTo(world, next)).toEqual([expect.stringContaining(`Laporan anggota: ${laporan}`)]);
    await take(world, next, (await request(world)).number);
    const last = await addHelper(world, ...team);
    await perform(world, 'desk.give-back', {}, next);
    expect(await sentTo(world, last)).toEqual([expect.stringContaining(laporan)]);
  });

  test('OPER goes to somebody further up, never beside; with nobody there it stays', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    await addHelper(world, ...here);
    expect(await perform(world, 'desk.pass-up', {}, officer)).toMatchObject({
      outcome: 'nobody',
      writes: [],
    });
    const above = await addHelper(world, ...team);
    expect(await perform(world, 'desk.pass-up', {}, officer)).toMatchObject({
      outcome: 'passed',
      values: { tujuan: { wilayah: 'Provinsi Jawa Tengah' } },
    });
    expect(await request(world)).toMatchObject({
      state: 'open',
      operatorId: above.contactId,
      declined: [officer.contactId],
    });
    expect(await signalsFor(world, member)).toEqual(['handover-changed']);
    expect(await perform(world, 'handover.where', {}, member)).toMatchObject({ outcome: 'waiting' });
    expect(await sentTo(world, above)).toHaveLength(1);
  });

  test('LEPAS asks the next one, with what was said since; who gave it back is not asked again', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    await addInbound(world, member, 'Bagaimana dengan SK saya?');
    const beside = await addHelper(world, ...here);
    await perform(world, 'desk.give-back', {}, officer);
    expect(await sentTo(world, beside)).toEqual([
      expect.stringContaining('Anggota: Bagaimana dengan SK saya?'),
    ]);
    await take(world, beside, (await request(world)).number);
    await perform(world, 'desk.give-back', {}, beside);
    expect(await request(world)).toMatchObject({
      operatorId: null,
      declined: [officer.contactId, beside.contactId],
    });
    expect(await handOnWaiting(office(world))).toMatchObject({ count: 0 });
  });

  test.each(['member', 'officer'])(
    'an officer who lost the role gets and says nothing more (the %s writes)',
    async (who) => {
      const world = await openWorld();
      const { officer, member } = await talking(world);
      await revoke(world, officer);
      const result =
        who === 'member' ? await say(world, member, 'Rahasia') : await reply(world, officer, 'Halo');
      expect(result).toMatchObject({ outcome: who === 'member' ? 'waiting' : 'refused' });
      expect([...(await sentTo(world, officer)), ...(await sentTo(world, member))]).toEqual([]);
      expect(await signalsFor(world, who === 'member' ? officer : member)).toEqual(['handover-changed']);
      expect(await request(world)).toMatchObject({ state: 'open', operatorId: null });
      const next = await addHelper(world, ...here);
      expect(await handOnWaiting(office(world))).toMatchObject({ count: 1 });
      const told = await sentTo(world, next);
      if (who === 'member') expect(told).toEqual([expect.stringContaining('Anggota: Rahasia')]);
      else expect(told).toHaveLength(1);
    },
  );
});

describe('what waits is handed on', () => {
  test('when somebody gets the role, or writes to the bot; once, however often it is tried', async () => {
    const world = await openWorld();
    const member = await addPerson(world);
    await perform(world, 'member.register', registration(), member);
    await perform(world, 'handover.open', {}, member);
    expect(await handOnWaiting(office(world))).toMatchObject({ count: 0 });
    const helper = await addHelper(world, ...here);
    const phoneIndex = new Uint8Array(world.vault.index('phone', helper.phone ?? ''));
    await world.prisma.address.update({ where: { id: helper.addressId }, data: { phoneIndex: null } });
    expect(await handOnWaiting(office(world))).toMatchObject({ count: 0 });
    await world.prisma.address.update({ where: { id: helper.addressId }, data: { phoneIndex } });
    const twice = await Promise.all([handOnWaiting(office(world)), handOnWaiting(office(world))]);
    expect(twice.map(({ count }) => count).sort()).toEqual([0, 1]);
    expect(twice.flatMap(({ rows }) => rows)).toHaveLength(1);
    expect(await handOnWaiting(office(world))).toEqual({ count: 0, rows: [] });
    expect(await sentTo(world, helper)).toEqual([expect.stringContaining('Ketik *LAYANI*')]);
    expect(await request(world)).toMatchObject({ operatorId: helper.contactId, dueAt: answerBy(now) });
  });

  test('when nobody answers in time: to the next one, and with nobody left to nobody', async () => {
    const world = await openWorld();
    const { officer } = await asked(world);
    const above = await addHelper(world, ...team);
    const due = answerBy(now);
    expect(await handOnWaiting(office(world, new Date(due.getTime() - 1)))).toMatchObject({ count: 0 });
    expect(await handOnWaiting(office(world, due))).toMatchObject({ count: 1 });
    expect(await request(world)).toMatchObject({ operatorId: above.contactId, dueAt: answerBy(due) });
    expect(await sentTo(world, above)).toHaveLength(1);
    expect(await handOnWaiting(office(world, answerBy(due)))).toMatchObject({ count: 1 });
    expect(await request(world)).toMatchObject({
      operatorId: null,
      dueAt: null,
      declined: [officer.contactId, above.contactId],
    });
    expect(await handOnWaiting(office(world, answerBy(due)))).toMatchObject({ count: 0 });
  });

  test('when the officer who has it falls silent: both hear of it', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    await say(world, member, 'Halo?');
    expect(await handOnWaiting(office(world, answerBy(now)))).toMatchObject({ count: 1 });
    expect(await signalsFor(world, member)).toEqual(['handover-changed']);
    expect(await signalsFor(world, officer)).toEqual(['handover-changed']);
    expect(await request(world)).toMatchObject({ state: 'open', operatorId: null, operatorSealed: null });
  });

  test('of many conversations that failed by the same fault, a helper is told once', async () => {
    const world = await openWorld();
    const people = [await addPerson(world), await addPerson(world)];
    for (const one of [...people, people[0]]) {
      await write(world, [stranded(world, one ?? (await addPerson(world)))]);
    }
    expect(await world.prisma.handover.count()).toBe(2);
    const helper = await addHelper(world, ...team);
    expect(await handOnWaiting(office(world))).toMatchObject({ count: 2 });
    expect(await sentTo(world, helper)).toEqual([expect.stringContaining('karena kesalahan sistem')]);
  });
});

describe('by command', () => {
  const admin = localAdministrator('test');

  test('a request is shown, answered and closed, each kept in the audit', async () => {
    const world = await openWorld();
    const { officer, member, number } = await talking(world);
    expect(await showHandover(admin, world, number)).toContain(`*Permintaan ${number}*`);
    expect(await answerHandover(admin, world, number, 'SK 800/1234/2015 terbit. HP 081200000099')).toBe(true);
    expect(await sentTo(world, member)).toEqual(['*Petugas*: SK 800/1234/2015 terbit. HP 0812…']);
    expect(await closeHandover(admin, world, number)).toBe(true);
    for (const who of [officer, member]) expect(await signalsFor(world, who)).toEqual(['handover-changed']);
    const kept = (await looksIn(world)).filter(({ viewer }) => viewer === 'local:test');
    expect(kept.map(({ action, subject }) => [action, subject])).toEqual(
      ['read-conversation', 'answer-handover', 'answer-handover'].map((action) => [action, member.contactId]),
    );
    expect(await showHandover(admin, world, number)).toBeNull();
    expect(await answerHandover(admin, world, number, 'Lagi')).toBe(false);
    expect(await closeHandover(admin, world, number)).toBe(false);
  });

  test('only in the viewer’s areas and world', async () => {
    const world = await openWorld();
    const { number } = await asked(world);
    const area = '33.74';
    const outsiders = [
      viewerOf('elsewhere', [{ role: 'operator', area: '33.22' }], false),
      viewerOf('pretended', [{ role: 'operator', area }], true),
    ];
    for (const viewer of outsiders) {
      expect(await showHandover(viewer, world, number)).toBeNull();
      expect(await answerHandover(viewer, world, number, 'Halo')).toBe(false);
      expect(await closeHandover(viewer, world, number)).toBe(false);
    }
    const lead = viewerOf('lead', [{ role: 'residency-lead', area: 'residency/semarang' }], false);
    expect(await showHandover(lead, world, number)).not.toContain('Pesan terakhir');
  });
});

test('what was shown to helpers is erased with everything else', async () => {
  const world = await openWorld();
  const { officer, member } = await talking(world);
  await say(world, member, 'Rahasia saya');
  await perform(world, 'desk.give-back', {}, officer);
  await addInbound(world, member, 'Rahasia saya');
  await addHelper(world, ...team);
  await handOnWaiting(office(world));
  expect(await everything(world)).toContain('Rahasia saya');
  const waiting = await signalsFor(world, member);
  await perform(world, 'registration.erase-typed', {}, member);
  expect(await everything(world)).not.toContain('Rahasia saya');
  expect(waiting).toEqual(['handover-changed']);
  expect(await signalsFor(world, member)).toEqual(waiting);
});

test('a role taken back in the same moment does not matter to who never had it', async () => {
  const world = await openWorld();
  const { officer, number } = await asked(world);
  const taken = { phone: officer.phone ?? '', role: 'operator', region: '33.74', simulator: false };
  expect(await revokeRole(localAdministrator('test'), world, taken)).toMatchObject({ changed: true });
  expect(await take(world, officer, number)).toMatchObject({ outcome: 'refused' });
});

test('what is relayed follows both sides to where they wrote last', async () => {
  const world = await openWorld();
  const { officer, member } = await talking(world);
  const [officersOther, membersOther] = [
    await addressBeside(world, officer),
    await addressBeside(world, member),
  ];
  const at = (person: Person, addressId: string) => {
    const { reach } = contextOf(world, person);
    return { reach: { ...reach, addressId, account: 'lain' } };
  };
  await perform(world, 'handover.to-officer', { pesan: 'Saya di sini' }, member, at(member, membersOther));
  await perform(world, 'desk.to-member', { pesan: 'Baik' }, officer, at(officer, officersOther));
  await perform(world, 'handover.to-officer', { pesan: 'Terima kasih' }, member, at(member, membersOther));
  const sent = await world.prisma.delivery.findMany({ orderBy: { seq: 'asc' } });
  expect(sent.map(({ addressId, account }) => [addressId, account])).toEqual([
    [officer.addressId, 'wa'],
    [membersOther, 'lain'],
    [officersOther, 'lain'],
  ]);
});

describe('photos and documents', () => {
  const berkas = (jenis: string, more: object = {}) => ({ id: newId(), jenis, ukuran: 1000, ...more });

  /** What was sent to somebody: the words and the file under them. */
  async function bodiesFor(world: World, { contactId }: Person) {
    const rows = await world.prisma.delivery.findMany({ where: { contactId }, orderBy: { seq: 'asc' } });
    const bodies = rows.map(({ bodySealed }) => Object(world.vault.openJson(bodySealed ?? new Uint8Array())));
    return bodies.map(({ text, enclosure }) => ({ text, enclosure }));
  }

  test('go to the officer with the words under them, numbers cut in words and names alike', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    await world.prisma.delivery.deleteMany();
    const photo = berkas('jpeg', { nama: 'KTP 9901015708700001; "a".HEIC' });
    await perform(
      world,
      'handover.to-officer',
      { pesan: 'NIK saya 9901015708700001', berkas: photo },
      member,
    );
    await perform(world, 'handover.to-officer', { pesan: '', berkas: berkas('pdf') }, member);
    expect(await bodiesFor(world, officer)).toEqual([
      {
        text: '*Anggota*: NIK saya 9901…',
        enclosure: {
          kind: 'photo',
          content: photo.id,
          mime: 'image/jpeg',
          name: 'KTP 9901_ _a_.jpg',
          size: 1000,
        },
      },
      {
        text: '*Anggota* mengirim berkas PDF.',
        enclosure: expect.objectContaining({ kind: 'document', mime: 'application/pdf', name: 'berkas.pdf' }),
      },
    ]);
  });

  test('go to the member, and long words follow as a message of their own', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    await world.prisma.delivery.deleteMany();
    const pesan = 'Kalimat yang panjang. '.repeat(60).trim();
    await perform(world, 'desk.to-member', { pesan, berkas: berkas('webp') }, officer);
    const [file, words, ...others] = await bodiesFor(world, member);
    expect([file?.text, file?.enclosure.mime, others]).toEqual(['', 'image/webp', []]);
    expect(words).toEqual({ text: `*Petugas*: ${pesan}`, enclosure: undefined });
  });

  test('what nobody has got yet is named to the next helper', async () => {
    const world = await openWorld();
    const { officer, member } = await talking(world);
    const next = await addHelper(world, 'operator', '33.74');
    await revoke(world, officer);
    const given = { pesan: 'Ini suratnya', berkas: berkas('pdf') };
    expect(await perform(world, 'handover.to-officer', given, member)).toMatchObject({ outcome: 'waiting' });
    expect((await sentTo(world, next)).at(-1)).toContain('Anggota: [berkas PDF] Ini suratnya');
  });
});

/** Another address of the same person. */
async function addressBeside({ db, vault, newId }: World, { contactId }: Person): Promise<string> {
  const id = newId();
  await db.pool.query(
    `INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index) VALUES ($1, $2, 'test', 'lain', $3, $4)`,
    [id, contactId, vault.seal(id), vault.index('address', id)],
  );
  return id;
}
