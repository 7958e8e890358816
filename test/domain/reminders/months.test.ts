import { describe, expect, test } from 'vitest';
import { reminders } from '../../../src/cli/reminders.js';
import { outsideAnswer } from '../../../src/domain/outside-answers.js';
import { countMissed } from '../../../src/domain/reminders/report.js';
import { projectReminders } from '../../../src/programs.js';
import { addRakor, inviteTo } from '../rakor-scene.js';
import { remindedAt } from '../reminding.js';
import { addHelper, addMember, now, openWorld, type Person, perform } from '../world.js';

const hourMs = 3_600_000;
const wib = (moment: Date) =>
  new Date(moment.getTime() + 7 * hourMs).toISOString().slice(0, 16).replace('T', ' ');
/** A moment in Central Java: "2026-12-03 08:00". */
const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+07:00`);

/** Who answers the invitation when, and with what. */
type Answers = Readonly<Record<string, readonly [when: string, answer: string]>>;
const answers: Answers = {
  budi: ['2026-12-04 10:00', 'hadir'],
  tuti: ['2026-12-05 10:00', 'mungkin'],
  wati: ['2026-12-06 10:00', 'tidak'],
};

/** A chair with a board whose term ends and an SK that waits, members with a certificate, and a rakor on Thursday, 10 December. */
async function settled() {
  const world = await openWorld();
  const chair = await addHelper(world, 'chair', '33.74');
  const board = { papan: '33.74', jabatan: 'ketua', nama: 'Ketua Contoh' };
  await perform(world, 'board.hold', board, chair);
  await perform(world, 'board.set-term', { papan: '33.74', dari: 2022, sampai: 2026 }, chair);
  const people: Record<string, Person> = { chair };
  for (const name of ['budi', 'tuti', 'wati', 'joko', 'diam'])
    people[name] = await addMember(world, {
      nama: `${name} contoh`,
      nik: null,
      sk: name === 'joko' ? 'ada' : 'belum',
    });
  const certificate = { jenis: 'kompetensi', bernomor: true, nomor: 'LSP-1', penerbit: 'LSP Contoh' };
  for (const [name, tanggal] of [
    ['budi', '2022-03-09'],
    ['joko', '2022-02-28'],
  ] as const)
    await perform(world, 'certificate.add', { ...certificate, tanggal }, people[name] ?? chair);
  const rakorId = await addRakor(world);
  await inviteTo(world, rakorId, { area: '33' });
  // The invitations were sent.
  await world.prisma.delivery.updateMany({ data: { state: 'accepted' } });
  await world.prisma.contact.update({
    where: { id: people['diam']?.contactId ?? '' },
    data: { optedOutAt: at('2026-11-24 12:00') },
  });
  return { world, people, rakorId };
}

type Scene = Awaited<ReturnType<typeof settled>>;

/** Lets those answer who do so until a moment. */
async function answer({ world, people }: Scene, until: Date): Promise<void> {
  for (const [name, [when, given]] of Object.entries(answers))
    if (at(when) <= until)
      await world.prisma.invitation.updateMany({
        where: { contactId: people[name]?.contactId ?? '', answer: null },
        data: { answer: given, answeredAt: at(when) },
      });
}

/** The looks of these days, each at some hours of the day. */
function looks(from: string, to: string, hours: readonly string[]): readonly Date[] {
  const days: Date[] = [];
  for (let day = at(`${from} 00:00`); day <= at(`${to} 00:00`); day = new Date(day.getTime() + 24 * hourMs))
    days.push(day);
  return days.flatMap((day) => hours.map((hour) => at(`${wib(day).slice(0, 10)} ${hour}`)));
}

/** What stands in the ledger, in the order it came to that. */
async function ledger({ world, people }: Scene): Promise<readonly string[]> {
  const rows = await world.prisma.reminder.findMany({
    orderBy: [{ at: 'asc' }, { rule: 'asc' }, { dueAt: 'asc' }],
  });
  const nameOf = (id: string) => Object.keys(people).find((name) => people[name]?.contactId === id);
  return rows
    .map(({ at: when, contactId, rule, state, reason }) => {
      const became = state === 'told' ? '' : ` ${state}${reason === null ? '' : ` (${reason})`}`;
      return `${wib(when)} ${nameOf(contactId)} ${rule}${became}`;
    })
    .toSorted();
}

/** What a person was reminded with; an invitation's words stand elsewhere. */
async function wordsTo({ world, people }: Scene, name: string): Promise<readonly string[]> {
  const where = { lane: 'reply' as const, contactId: people[name]?.contactId ?? '' };
  const rows = await world.prisma.delivery.findMany({ where, orderBy: { seq: 'asc' } });
  return rows.map(({ bodySealed }) =>
    String(Object(world.vault.openJson(bodySealed ?? new Uint8Array())).text),
  );
}

async function play(scene: Scene, moments: readonly Date[], processes = 1): Promise<void> {
  for (const moment of moments) {
    await answer(scene, moment);
    await Promise.all(Array.from({ length: processes }, () => remindedAt(scene.world, moment)));
  }
}

/** Until the rakor, when nothing goes wrong. */
const before = [
  // 90 days before the end of the year are over, and it is still of use.
  '2026-11-25 08:00 chair masa-bakti-berakhir',
  '2026-11-30 08:00 chair sk-menunggu',
  '2026-11-30 08:00 joko sertifikat-berakhir',
  '2026-12-01 08:00 chair masa-bakti-berakhir',
  '2026-12-03 08:00 budi rakor-belum-dijawab',
  '2026-12-03 08:00 chair rakor-belum-dijawab',
  '2026-12-03 08:00 joko rakor-belum-dijawab',
  '2026-12-03 08:00 tuti rakor-belum-dijawab',
  '2026-12-03 08:00 wati rakor-belum-dijawab',
  '2026-12-07 08:00 chair rakor-belum-dijawab',
  '2026-12-07 08:00 joko rakor-belum-dijawab',
  // The Monday went to the rakor.
  '2026-12-08 08:00 chair sk-menunggu',
  '2026-12-09 08:00 budi rakor-besok',
  '2026-12-09 08:00 chair rakor-besok-belum-dijawab',
  '2026-12-09 08:00 joko rakor-besok-belum-dijawab',
  '2026-12-09 08:00 tuti rakor-belum-pasti',
  // It was due the day before, which went to the rakor.
  '2026-12-10 08:00 budi sertifikat-berakhir',
  '2026-12-10 08:00 chair rakor-hari-ini',
  '2026-12-10 08:00 joko rakor-hari-ini',
];

const mondays = (from: string, to: string) =>
  looks(from, to, ['08:00'])
    .filter((day) => day.getUTCDay() === 1)
    .map((day) => `${wib(day)} chair sk-menunggu`);

describe('over the months', () => {
  test('everybody is reminded of what they are to be, in the morning of its day, and of one thing a day', async () => {
    const scene = await settled();
    await play(scene, looks('2026-11-25', '2026-12-10', ['07:30', '08:00', '15:00']));
    expect(await ledger(scene)).toEqual(before);
    await play(scene, looks('2026-12-11', '2027-02-28', ['08:00']));
    const after = [
      ...mondays('2026-12-14', '2027-02-28'),
      '2027-01-29 08:00 joko sertifikat-berakhir',
      '2027-02-07 08:00 budi sertifikat-berakhir',
    ];
    expect(await ledger(scene)).toEqual([...before, ...after].toSorted());
  });

  test('two processes at once, each looking twice, make the same of it, and nothing is said twice', async () => {
    const scene = await settled();
    const moments = looks('2026-11-25', '2026-12-10', ['08:00']);
    await play(
      scene,
      moments.flatMap((moment) => [moment, moment]),
      2,
    );
    expect(await ledger(scene)).toEqual(before);
    expect(await scene.world.prisma.delivery.count({ where: { lane: 'reply' } })).toBe(before.length);
  });

  test('what comes due while nothing runs is told when it is back, if it is still of use, else kept as missed', async () => {
    const scene = await settled();
    const { world } = scene;
    await play(scene, looks('2026-11-25', '2026-12-01', ['08:00', '15:00']));
    await play(scene, looks('2026-12-07', '2026-12-08', ['08:00', '15:00']));
    await play(scene, looks('2026-12-10', '2026-12-11', ['08:00', '15:00']));
    expect((await ledger(scene)).slice(4)).toEqual([
      '2026-12-07 08:00 chair rakor-belum-dijawab',
      '2026-12-07 08:00 chair rakor-belum-dijawab missed (down)',
      '2026-12-07 08:00 joko rakor-belum-dijawab',
      '2026-12-07 08:00 joko rakor-belum-dijawab missed (down)',
      '2026-12-08 08:00 chair sk-menunggu',
      '2026-12-10 08:00 budi rakor-besok',
      '2026-12-10 08:00 chair rakor-besok-belum-dijawab missed (down)',
      '2026-12-10 08:00 chair rakor-hari-ini',
      '2026-12-10 08:00 joko rakor-besok-belum-dijawab missed (down)',
      '2026-12-10 08:00 joko rakor-hari-ini',
      '2026-12-10 08:00 tuti rakor-belum-pasti',
      '2026-12-11 08:00 budi sertifikat-berakhir',
    ]);
    expect((await wordsTo(scene, 'budi')).at(-2)).toMatch(/^Hari ini kami nantikan/);
    expect(await countMissed(at('2026-12-11 15:00'), world.pool)).toBe(4);
    expect(await countMissed(at('2026-12-20 08:00'), world.pool)).toBe(0);
  });
});

describe('a reminder of a rakor', () => {
  const joko = ({ people }: Scene) => ({ contactId: people['joko']?.contactId ?? '' });
  const rakorDay = (scene: Scene, moment: string) =>
    remindedAt(scene.world, at(moment), 'rakor-belum-dijawab');

  test('says when and where, and is not sent any more once it is of no use', async () => {
    const scene = await settled();
    await rakorDay(scene, '2026-12-03 08:00');
    expect((await wordsTo(scene, 'joko')).at(-1)).toBe(
      'Kami mengingatkan undangan *Rapat koordinasi IPSM se-Jawa Tengah*, 7 hari lagi.\nHari/tanggal: Kamis, 10 Desember 2026\nWaktu: pukul 09.00 WIB s.d. selesai\nTempat: Aula Contoh, Kota Semarang\n\nJawaban Bapak/Ibu belum kami terima.\n\nMohon ketik *HADIR*, *TIDAK HADIR*, atau *DIWAKILKAN*.',
    );
    const rows = await scene.world.prisma.delivery.findMany({ where: { lane: 'reply' } });
    expect(new Set(rows.map(({ expiresAt }) => expiresAt?.toISOString()))).toEqual(
      new Set([at('2026-12-04 20:00').toISOString()]),
    );
  });

  test('names words that are an answer when they are typed', async () => {
    const scene = await settled();
    await rakorDay(scene, '2026-12-03 08:00');
    const [text = ''] = await wordsTo(scene, 'joko');
    const named = [...text.matchAll(/\*([A-Z ]+)\*/g)].map(([, word = '']) => word);
    const sender = { ...joko(scene), now: at('2026-12-03 09:00') };
    const read = named.map((word) => outsideAnswer(scene.world.pool, { kind: 'text', text: word }, sender));
    expect((await Promise.all(read)).map((answer) => answer?.choice)).toEqual([
      'hadir',
      'tidak',
      'diwakilkan',
    ]);
  });

  test('waits for nobody whose invitation is still to be sent, and ends when the rakor is cancelled', async () => {
    const scene = await settled();
    const { prisma } = scene.world;
    await prisma.delivery.updateMany({
      where: { contactId: joko(scene).contactId },
      data: { state: 'planned' },
    });
    await rakorDay(scene, '2026-12-03 08:00');
    expect(await wordsTo(scene, 'joko')).toEqual([]);
    await prisma.rakor.updateMany({ data: { state: 'cancelled' } });
    await prisma.delivery.updateMany({ data: { state: 'accepted' } });
    expect(await rakorDay(scene, '2026-12-03 09:00')).toEqual([]);
  });

  test('follows a rakor that is put off', async () => {
    const scene = await settled();
    await rakorDay(scene, '2026-12-03 08:00');
    await scene.world.prisma.rakor.updateMany({ data: { startsAt: at('2026-12-17 09:00') } });
    expect(await rakorDay(scene, '2026-12-07 08:00')).toEqual([]);
    expect(await rakorDay(scene, '2026-12-10 08:00')).toHaveLength(5);
  });

  test('that had to wait for another day is dropped once the person has answered', async () => {
    const scene = await settled();
    const { prisma } = scene.world;
    const { contactId } = joko(scene);
    const told = {
      rule: 'x',
      about: 'x',
      dueAt: at('2026-12-03 08:00'),
      usefulUntil: at('2026-12-03 20:00'),
    };
    await prisma.reminder.create({
      data: { ...told, contactId, state: 'told', at: told.dueAt, toldOn: '2026-12-03' },
    });
    const waiting = () => prisma.reminder.count({ where: { contactId, state: 'waiting' } });
    await rakorDay(scene, '2026-12-03 08:00');
    expect(await waiting()).toBe(1);
    await prisma.invitation.updateMany({ where: { contactId }, data: { answer: 'hadir', answeredAt: now } });
    await rakorDay(scene, '2026-12-03 09:00');
    expect(await waiting()).toBe(0);
  });

  test('is counted before it comes, and told by the command without a name', async () => {
    const scene = await settled();
    await remindedAt(scene.world, at('2026-11-30 08:00'));
    const lines: string[] = [];
    const records = { ...scene.world, now: () => at('2026-11-30 09:00') };
    expect(await reminders(records, projectReminders(), (line) => void lines.push(line))).toBe(true);
    expect(lines).toEqual([
      'Told in the last two weeks:',
      '  2026-11-30 08:00 WIB  sertifikat-berakhir: 1 person',
      '  2026-11-30 08:00 WIB  sk-menunggu: 1 person',
      'Waiting for another day:',
      '  2026-10-02 08:00 WIB  masa-bakti-berakhir: 1 person',
      'Missed in the last two weeks: none.',
      'Coming in the next two weeks:',
      '  2026-12-01 08:00 WIB  masa-bakti-berakhir: 1 person',
      '  2026-12-03 08:00 WIB  rakor-belum-dijawab: 5 people',
      '  2026-12-07 08:00 WIB  rakor-belum-dijawab: 5 people',
      '  2026-12-07 08:00 WIB  sk-menunggu: 1 person',
      '  2026-12-09 08:00 WIB  rakor-besok-belum-dijawab: 5 people',
      '  2026-12-09 08:00 WIB  sertifikat-berakhir: 1 person',
      '  2026-12-10 08:00 WIB  rakor-hari-ini: 5 people',
      '  2026-12-14 08:00 WIB  sk-menunggu: 1 person',
    ]);
  });
});
