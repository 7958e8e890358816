import { describe, expect, it, vi } from 'vitest';
import { readFlows } from '../../src/flows.js';
import { createLook, startTimers, type TimerSchedule } from '../../src/schedule/timers.js';
import { createTimerStore } from '../../src/store/timers.js';
import { fault } from '../delivery/rig.js';
import { type Bot, openRig, type Rig } from './rig.js';

const flows = {
  'isi.yaml': `
flow: isi
title: Mengisi
fallback: true
nudge:
  - { after: 1 hari, say: Masih kami tunggu. }
  - { after: 2 hari, say: Sekali lagi kami tunggu. }
expire: { after: 7 hari, go: berakhir }
steps:
  nama: { ask: "Dari {kontak.nomor}. Siapa nama Bapak/Ibu?", input: person-name }
  pesan: { ask: "Apa pesan Bapak/Ibu?", input: text, nudge: [], expire: { after: 30 hari, go: berakhir } }
  selesai: { end: "Terima kasih." }
  berakhir: { end: "Kami akhiri dahulu." }
`,
  'sela.yaml': `
flow: sela
title: Menyela
always: [sela]
steps:
  jeda: { ask: "Apa yang dapat kami bantu?", input: text }
  akhir: { end: "Baik." }
`,
};

const asked = 'Dari belum diisi. Siapa nama Bapak/Ibu?';
const reminded = `Masih kami tunggu.\n\n${asked}`;
const remindedAgain = `Sekali lagi kami tunggu.\n\n${asked}`;
const over = 'Kami akhiri dahulu.';

/** One person who was asked at ten in the morning of a Friday, and keeps silent. */
async function begin(more: Parameters<typeof openRig>[3] = {}): Promise<Rig & { readonly first: Bot }> {
  const rig = await openRig('postgres', flows, '2026-11-27T10:00:00+07:00', more);
  const first = await rig.bot();
  await rig.write(first, 'budi', 'halo');
  return { ...rig, first };
}

const days = (count: number) => new Date(Date.parse('2026-11-27T10:00:00+07:00') + count * 24 * 3_600_000);
const inOneDay = new Date('2026-11-28T10:00:00+07:00');
const left = (rig: Rig) =>
  rig.rows('SELECT name FROM timer ORDER BY due_at').then((rows) => rows.map((row) => row.name));

/** The same process, which dies at a certain place: its schedule goes no further. */
function dying(bot: Bot, fire: TimerSchedule['fire']): TimerSchedule {
  return { ...bot.schedule, fire };
}

describe('a timer that is due', () => {
  it('happens once, and leaves the others', async () => {
    const rig = await begin();
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked]);
    rig.moveTo(new Date(inOneDay.getTime() - 1));
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked]);
    rig.moveTo(inOneDay);
    await rig.look(rig.first);
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked, reminded]);
    expect(await left(rig)).toEqual(['nudge-2', 'expire']);
    const turn = 'SELECT kinds, steps, outcomes, body_sealed FROM inbound ORDER BY seq DESC LIMIT 1';
    expect(await rig.rows(turn)).toEqual([
      { kinds: ['timer', 'reminded'], steps: ['nama', 'nama'], outcomes: ['nudge-1', ''], body_sealed: null },
    ]);
  });

  it('only asks once more on a day without another reminder, and takes that day', async () => {
    const rig = await begin();
    const elsewhere = `INSERT INTO reminder (rule, about, contact_id, due_at, useful_until, state, at, told_on)
      SELECT 'x', 'x', id, $1, $1, 'told', $1, '2026-11-28' FROM contact`;
    await rig.rows(elsewhere, [inOneDay]);
    rig.moveTo(inOneDay);
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked]);
    rig.moveTo(new Date('2026-11-29T08:00:00+07:00'));
    await rig.look(rig.first);
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked, reminded]);
    const days = await rig.rows(`SELECT rule, told_on FROM reminder ORDER BY told_on`);
    expect(days).toEqual([
      { rule: 'x', told_on: '2026-11-28' },
      { rule: 'flow isi', told_on: '2026-11-29' },
    ]);
  });

  it('happens in the next process when this one dies before its turn is written', async () => {
    const rig = await begin();
    rig.moveTo(inOneDay);
    const dies = createLook(dying(rig.first, () => Promise.reject(new Error('dead'))))();
    await expect(dies).rejects.toThrow('dead');
    expect(await left(rig)).toEqual(['nudge-1', 'nudge-2', 'expire']);
    await rig.first.stop();
    await rig.look(await rig.bot());
    expect(rig.channel.texts()).toEqual([asked, reminded]);
  });

  it('does not happen again when this one dies after its turn was written', async () => {
    const rig = await begin();
    rig.moveTo(inOneDay);
    const dies = createLook(
      dying(rig.first, async (timer) => {
        await rig.first.turns.fire(timer);
        throw new Error('dead');
      }),
    )();
    await expect(dies).rejects.toThrow('dead');
    expect(await left(rig), 'it is still there').toEqual(['nudge-1', 'nudge-2', 'expire']);
    await rig.look(await rig.bot());
    expect(rig.channel.texts()).toEqual([asked, reminded]);
    expect(await left(rig)).toEqual(['nudge-2', 'expire']);
  });

  it('happens once when several processes look at the same moment', async () => {
    const rig = await begin();
    const bots = [rig.first, await rig.bot(), await rig.bot(), await rig.bot()];
    rig.moveTo(inOneDay);
    await rig.look(...bots, ...bots);
    rig.moveTo(days(7));
    await rig.look(...bots, ...bots);
    expect(rig.channel.texts()).toEqual([asked, reminded, over]);
    expect(await left(rig)).toEqual([]);
    expect(rig.failures).toEqual([]);
  });

  it('waits for the morning when it is late', async () => {
    const rig = await begin();
    for (const night of ['2026-11-28T20:00:00+07:00', '2026-11-29T07:59:59+07:00']) {
      rig.moveTo(new Date(night));
      await rig.look(rig.first);
    }
    expect(rig.channel.texts()).toEqual([asked]);
    rig.moveTo(new Date('2026-11-29T08:00:00+07:00'));
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked, reminded]);
  });

  it('comes alone after a long outage: what it has overtaken is not said', async () => {
    const rig = await begin();
    rig.moveTo(days(3));
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked, remindedAgain]);
    rig.moveTo(days(60));
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked, remindedAgain, over]);
  });

  it('knows the number the channel had proved', async () => {
    const rig = await openRig('postgres', flows, '2026-11-27T10:00:00+07:00');
    const bot = await rig.bot();
    await rig.write(bot, '+6281200000001', 'halo', '+6281200000001');
    rig.moveTo(inOneDay);
    await rig.look(bot);
    expect(rig.channel.texts().at(-1)).toContain('Dari 0812-0000-0001. Siapa');
  });

  it('is one of a few at a time', async () => {
    const rig = await begin();
    await Promise.all(Array.from({ length: 24 }, (_, at) => rig.write(rig.first, `orang-${at}`, 'halo')));
    rig.moveTo(inOneDay);
    const look = createLook(rig.first.schedule);
    const counts = [await look(), await look(), await look(), await look()];
    expect(counts).toEqual([10, 10, 5, 0]);
    await rig.quiet();
    expect(rig.channel.texts().filter((text) => text === reminded)).toHaveLength(25);
  });
});

describe('timers that cannot happen', () => {
  it('do not keep the others from being reached, and are tried again in their turn', async () => {
    const rig = await begin();
    const people = Array.from({ length: 24 }, (_, at) => `orang-${at}`);
    await Promise.all(people.map((person) => rig.write(rig.first, person, 'halo')));
    const stuck = await rig.rows(
      'SELECT contact_id FROM timer GROUP BY 1 ORDER BY min(due_at), contact_id LIMIT 21',
    );
    const never = new Set(stuck.map((row) => row.contact_id));
    rig.moveTo(inOneDay);
    const fire: TimerSchedule['fire'] = (timer) =>
      never.has(timer.contactId) ? Promise.reject(new Error('never')) : rig.first.turns.fire(timer);
    const look = createLook(dying(rig.first, fire));
    for (let looks = 0; looks < 3; looks += 1) await expect(look()).rejects.toThrow('never');
    await rig.quiet();
    expect(rig.channel.texts().filter((text) => text === reminded)).toHaveLength(4);
    never.clear();
    expect([await look(), await look(), await look()]).toEqual([10, 10, 1]);
    await rig.quiet();
    expect(rig.channel.texts().filter((text) => text === reminded)).toHaveLength(25);
  });
});

describe('a timer that comes in vain', () => {
  it.each([
    ['answered', ['Sri Contohwati'], ['Apa pesan Bapak/Ibu?']],
    ['over', ['Sri Contohwati', 'Baik'], ['Apa pesan Bapak/Ibu?', 'Terima kasih.']],
  ])('because all is %s, leaves nothing behind', async (_, texts, said) => {
    const rig = await begin();
    for (const text of texts) await rig.write(rig.first, 'budi', text);
    const tables =
      'SELECT version, (SELECT count(*) FROM inbound) AS inbound, (SELECT count(*) FROM delivery) AS delivery FROM session';
    const before = await rig.rows(tables);
    rig.moveTo(days(8));
    await rig.look(rig.first, await rig.bot());
    expect(rig.channel.texts()).toEqual([asked, ...said]);
    expect(await rig.rows(tables)).toEqual(before);
    expect(await rig.rows('SELECT name FROM timer WHERE due_at <= $1', [rig.now()])).toEqual([]);
  });

  it('because the answer came at the same moment, changes nothing after it', async () => {
    const rig = await begin();
    const other = await rig.bot();
    rig.moveTo(inOneDay);
    await Promise.all([rig.look(other), rig.write(rig.first, 'budi', 'Sri Contohwati')]);
    await rig.look(other);
    const said = rig.channel.texts();
    expect(said.at(-1)).toContain('Apa pesan Bapak/Ibu?');
    expect([2, 3]).toContain(said.length);
    expect(rig.failures).toEqual([]);
    expect(await rig.rows('SELECT step FROM session')).toEqual([{ step: 'pesan' }]);
  });

  it('because nobody wants to be written to, is left out; what ends a conversation is not', async () => {
    const rig = await begin();
    await rig.rows('UPDATE contact SET opted_out_at = $1', [rig.now()]);
    for (const count of [1, 2, 7]) {
      rig.moveTo(days(count));
      await rig.look(rig.first);
    }
    expect(rig.channel.texts()).toEqual([asked, over]);
  });

  it('does not even begin to run when the question was never sent', async () => {
    const refuses = () => {
      throw fault({ kind: 'permanent', code: 'blocked' });
    };
    const rig = await begin({ before: refuses });
    expect(await left(rig)).toEqual([]);
    rig.moveTo(days(8));
    await rig.look(rig.first);
    expect(rig.channel.calls).toHaveLength(1);
  });
});

describe('a question that something interrupted', () => {
  it('waits until its person has been still for an hour, and is then taken up again', async () => {
    const rig = await begin();
    rig.moveTo(new Date(inOneDay.getTime() - 60_000));
    await rig.write(rig.first, 'budi', 'sela');
    rig.moveTo(new Date(inOneDay.getTime() + 58 * 60_000));
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked, 'Apa yang dapat kami bantu?']);
    rig.moveTo(new Date(inOneDay.getTime() + 59 * 60_000));
    await rig.look(rig.first);
    expect(rig.channel.texts()).toEqual([asked, 'Apa yang dapat kami bantu?', reminded]);
    await rig.write(rig.first, 'budi', 'Sri Contohwati');
    expect(rig.channel.texts().at(-1)).toContain('Apa pesan Bapak/Ibu?');
  });
});

describe('a conversation that a human has', () => {
  const waiting = {
    'tunggu.yaml': `
flow: tunggu
title: Menunggu
fallback: true
steps:
  tunggu: { wait: "Kami periksa dahulu.", for: 1 hari }
  akhir: { end: "Sudah kami periksa." }
`,
    'orang.yaml': `
flow: orang
title: Orang
always: [orang]
steps:
  dengar: { listen: pesan, remind: "Masih.", words: { pergi: selesai }, next: dengar }
  selesai: { end: "Petugas selesai." }
`,
  };

  it.each(['contact_id', 'operator_id'])('keeps its timers until that is over (%s)', async (side) => {
    const rig = await openRig('postgres', waiting, '2026-11-27T10:00:00+07:00');
    const bot = await rig.bot();
    await rig.write(bot, 'orang-lain', 'orang');
    await rig.write(bot, 'budi', 'halo');
    await rig.write(bot, 'budi', 'orang');
    const [one, other] = side === 'contact_id' ? ['member', 'officer'] : ['officer', 'member'];
    await rig.rows(`INSERT INTO handover (id, contact_id, member_sealed, reason, area, state, operator_id, operator_sealed, opened_at)
      SELECT gen_random_uuid(), ${one}.contact_id, '', 'asked', '33', 'taken', ${other}.contact_id, '', now()
      FROM session member, session officer
      WHERE member.contact_id IN (SELECT contact_id FROM timer) AND officer.contact_id <> member.contact_id`);
    rig.moveTo(days(2));
    await rig.look(bot);
    expect(rig.channel.texts()).toEqual(['Kami periksa dahulu.']);
    await rig.rows(`UPDATE handover SET state = 'closed', closed_at = now(), operator_sealed = NULL`);
    await rig.write(bot, 'budi', 'pergi');
    await rig.look(bot);
    expect(rig.channel.texts().slice(1)).toEqual([
      'Petugas selesai.',
      'Kami periksa dahulu.',
      'Sudah kami periksa.',
    ]);
    expect(await left(rig)).toEqual([]);
    expect(rig.failures).toEqual([]);
  });
});

describe('a reminder', () => {
  it('does not make the question unseen: an answer written before it arrived is an answer', async () => {
    const rig = await begin();
    const written = new Date(inOneDay.getTime() - 1_000);
    rig.moveTo(inOneDay);
    await rig.look(rig.first);
    const content = { kind: 'text' as const, text: 'Sri Contohwati' };
    const from = { channel: 'fake', account: 'fake', address: 'budi', phone: null };
    const bot = await rig.bot();
    await bot.turns.receive({ ...from, dedupeKey: 'late', content, writtenAt: written });
    await rig.quiet();
    expect(rig.channel.texts().at(-1)).toBe('Apa pesan Bapak/Ibu?');
  });

  it('that could not be sent before the evening is not sent at night', async () => {
    const rig = await begin();
    await rig.first.stop();
    rig.moveTo(inOneDay);
    expect(await createLook(rig.first.schedule)()).toBe(1);
    expect(await rig.rows(`SELECT expires_at FROM delivery WHERE state = 'due'`)).toEqual([
      { expires_at: new Date('2026-11-28T20:00:00+07:00') },
    ]);
    rig.moveTo(new Date('2026-11-28T20:00:00+07:00'));
    await rig.bot();
    await rig.quiet();
    expect(rig.channel.texts()).toEqual([asked]);
    expect(await rig.rows(`SELECT count(*)::int AS n FROM delivery WHERE state = 'expired'`)).toEqual([
      { n: 1 },
    ]);
  });
});

describe('the registration', () => {
  it('that nobody goes on with is ended after thirty days, and what was typed is erased', async () => {
    const rig = await openRig('postgres', readFlows('flows'), '2026-11-27T10:00:00+07:00');
    const bot = await rig.bot();
    for (const text of ['daftar', 'SETUJU', '081200000001', 'Sri Contohwati', 'Semarang, 17-8-1970'])
      await rig.write(bot, 'budi', text);
    for (const count of [1, 30]) {
      rig.moveTo(days(count));
      await rig.look(bot);
    }
    const said = rig.channel.texts();
    expect(said.filter((text) => text.startsWith('Pendaftaran Bapak/Ibu belum selesai.'))).toHaveLength(1);
    expect(said.at(-1)).toContain('tidak dilanjutkan selama 30 hari');
    expect(await rig.rows('SELECT flow, question FROM session')).toEqual([{ flow: null, question: null }]);
    expect(
      await rig.rows('SELECT FROM inbound WHERE body_sealed IS NOT NULL OR facts_sealed IS NOT NULL'),
    ).toEqual([]);
    expect(await rig.rows('SELECT FROM consent')).toEqual([]);
    expect(await rig.rows(`SELECT FROM delivery WHERE body_sealed IS NOT NULL`)).toHaveLength(1);
    expect(await left(rig)).toEqual([]);
  });
});

describe('the loop', () => {
  const timers = createTimerStore({ query: () => Promise.reject(new Error('not asked')) });
  const now = () => inOneDay;
  const fire = async () => {};

  it('looks again after a fault, tells of it, and says nothing of a database that is away', async () => {
    const faults: unknown[] = [];
    const errors = [new Error('a bug'), Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })];
    const drop = vi.fn(async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
    });
    const due = vi.fn(async () => []);
    const onFault = (error: unknown) => void faults.push(error);
    const loop = startTimers({ timers: { ...timers, drop, due }, now, fire, everyMs: 1, onFault });
    await vi.waitFor(() => expect(due).toHaveBeenCalled());
    await loop.stop();
    expect(faults).toEqual([new Error('a bug')]);
    const looks = drop.mock.calls.length;
    expect(looks).toBeGreaterThanOrEqual(3);
  });

  it('ends when it is told to, after the look in hand', async () => {
    let finish: () => void = () => {};
    const drop = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const due = vi.fn(async () => []);
    const loop = startTimers({ timers: { ...timers, drop, due }, now, fire, everyMs: 1, onFault: () => {} });
    await vi.waitFor(() => expect(drop).toHaveBeenCalledOnce());
    const stopped = loop.stop();
    finish();
    await stopped;
    expect(due).toHaveBeenCalledOnce();
    expect(drop).toHaveBeenCalledOnce();
  });
});
