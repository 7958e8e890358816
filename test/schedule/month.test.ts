import { describe, expect, it } from 'vitest';
import { dueAt, isHumanHour, type Span } from '../../src/flow/human-hours.js';
import { backendsOr } from '../support/backends.js';
import { type Bot, openRig, type Rig } from './rig.js';

const hour = 3_600_000;
const flows = {
  'isi.yaml': `
flow: isi
title: Mengisi
fallback: true
nudge:
  - { after: 5 jam, say: Pengingat pertama. }
  - { after: 3 hari, say: Pengingat kedua. }
expire: { after: 12 hari, go: berakhir }
steps:
  nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }
  pesan: { ask: "Apa pesan Bapak/Ibu?", input: text }
  tunggu: { wait: "Kami tanyakan sepekan lagi.", for: 7 hari }
  hasil: { ask: "Bagaimana hasilnya?", input: text }
  selesai: { end: "Terima kasih." }
  berakhir: { end: "Kami akhiri dahulu." }
`,
};

const lengths = {
  first: { amount: 5, unit: 'jam' },
  second: { amount: 3, unit: 'hari' },
  expiry: { amount: 12, unit: 'hari' },
  wait: { amount: 7, unit: 'hari' },
} as const satisfies Readonly<Record<string, Span>>;

/** What a person says and after how many hours of silence; one who has nothing more to say stays silent for ever. */
interface Person {
  readonly address: string;
  readonly begins: Date;
  readonly replies: readonly { readonly text: string; readonly after: number }[];
}

interface Heard {
  readonly at: Date;
  readonly text: string;
}

const questions = ['Siapa nama Bapak/Ibu?', 'Apa pesan Bapak/Ibu?', null, 'Bagaimana hasilnya?'];

/**
 * What a person must hear, and when, worked out from the rules alone: after each question its reminders in human hours until
 * an answer comes, or the end. The clock moves by whole hours, so what is due is heard at the first hour after.
 */
function expected({ begins, replies }: Person): readonly Heard[] {
  const heard: Heard[] = [];
  let at = begins;
  for (const [step, question] of questions.entries()) {
    if (question === null) {
      heard.push({ at, text: 'Kami tanyakan sepekan lagi.' });
      at = onTheHour(dueAt(lengths.wait, at));
      continue;
    }
    const reply = replies[step > 2 ? step - 1 : step];
    const answered = reply === undefined ? null : new Date(at.getTime() + reply.after * hour);
    heard.push({ at, text: question });
    const before = (moment: Date) => answered === null || moment < answered;
    const reminders = [
      { at: onTheHour(dueAt(lengths.first, at)), text: `Pengingat pertama.\n\n${question}` },
      { at: onTheHour(dueAt(lengths.second, at)), text: `Pengingat kedua.\n\n${question}` },
    ];
    heard.push(...reminders.filter((reminder) => before(reminder.at)));
    const expiry = onTheHour(dueAt(lengths.expiry, at));
    if (answered === null || expiry <= answered)
      return [...heard, { at: expiry, text: 'Kami akhiri dahulu.' }];
    at = answered;
  }
  return [...heard, { at, text: 'Terima kasih.' }];
}

/** The first whole hour of the clock that is not before a moment. */
function onTheHour(at: Date): Date {
  return new Date(Math.ceil(at.getTime() / hour) * hour);
}

/** Numbers that look like chance and are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const firstHour = new Date('2026-11-02T00:00:00+07:00');
const hours = 31 * 24;

function people(count: number): readonly Person[] {
  const draw = numbers(20261125);
  const patience = [1, 3, 7, 20, 50, 100, 200, 400];
  return Array.from({ length: count }, (_, at) => ({
    address: `orang-${at}`,
    begins: new Date(firstHour.getTime() + draw(48) * hour),
    replies: ['Sri Contohwati', 'Baik', 'Lancar']
      .slice(0, draw(4))
      .map((text) => ({ text, after: patience[draw(patience.length)] ?? 1 })),
  }));
}

/** When a person writes: worked out from what they must have heard. */
function writings(person: Person): readonly { readonly at: Date; readonly text: string }[] {
  const heard = expected(person);
  const asked = questions.filter((question) => question !== null);
  const replies = person.replies.flatMap(({ text, after }, at) => {
    const question = heard.find((one) => one.text === asked[at]);
    const written = question === undefined ? null : new Date(question.at.getTime() + after * hour);
    const ended = heard.find((one) => one.text === 'Kami akhiri dahulu.');
    return written === null || (ended !== undefined && ended.at <= written) ? [] : [{ at: written, text }];
  });
  return [{ at: person.begins, text: 'halo' }, ...replies];
}

async function live(rig: Rig, everybody: readonly Person[], everyHour: (passed: number) => Promise<void>) {
  const all = everybody.flatMap(({ address, ...person }) =>
    writings({ address, ...person }).map((one) => ({ address, ...one })),
  );
  let bot: Bot = await rig.bot();
  for (let passed = 0; passed < hours; passed += 1) {
    rig.moveTo(new Date(firstHour.getTime() + passed * hour));
    await everyHour(passed);
    // Once a week the process is another one.
    if (passed % (7 * 24) === 100) {
      await bot.stop();
      bot = await rig.bot();
    }
    const due = all.filter(({ at }) => at.getTime() === rig.now().getTime());
    await Promise.all(due.map(({ address, text }) => rig.write(bot, address, text)));
  }
}

describe.each(backendsOr('redis'))('a month of simulated time over %s', (backend) => {
  it('says every reminder and every end once, at its hour, and never at night', async () => {
    const heard = new Map<string, Heard[]>();
    const rig: Rig = await openRig(backend, flows, '2026-11-01T00:00:00+07:00', {
      before: ({ address, message }) => {
        const list = heard.get(address) ?? [];
        heard.set(address, [...list, { at: rig.now(), text: message.text.replace(/^Saya catat.*\n\n/, '') }]);
      },
    });
    const [one, other] = [await rig.bot(), await rig.bot()];
    const everybody = people(30);
    // Two processes look at the same time, every hour.
    await live(rig, everybody, () => rig.look(one, other));
    const shown = (list: readonly Heard[]) => list.map(({ at, text }) => `${at.toISOString()} ${text}`);
    const until = new Date(firstHour.getTime() + (hours - 1) * hour);
    for (const person of everybody) {
      const wanted = expected(person).filter(({ at }) => at <= until);
      expect({ [person.address]: shown(heard.get(person.address) ?? []) }).toEqual({
        [person.address]: shown(wanted),
      });
    }
    const texts = [...heard.values()].flat();
    const byThemselves = texts.filter(({ text }) => /Pengingat|akhiri|hasilnya/.test(text));
    expect(byThemselves.length).toBeGreaterThan(40);
    for (const { at } of byThemselves) expect(isHumanHour(at)).toBe(true);
    expect(rig.failures).toEqual([]);
    expect(await rig.rows('SELECT DISTINCT state FROM inbound')).toEqual([{ state: 'done' }]);
    expect(await rig.rows('SELECT flow FROM timer WHERE due_at <= $1', [rig.now()])).toEqual([]);
  }, 240_000);
});
