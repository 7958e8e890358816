import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Advanced, advance, mostSteps, mostTurns } from '../../src/flow/advance.js';
import { channelCapabilities } from '../../src/flow/capabilities.js';
import type { FlowEvent } from '../../src/flow/event.js';
import type { Json } from '../../src/flow/json.js';
import { entriesOf, noEntries } from '../../src/flow/pages.js';
import type { Program } from '../../src/flow/program.js';
import { splitToFit as partsOf, render } from '../../src/flow/render.js';
import { idleSession, type Session } from '../../src/flow/session.js';
import { BrokenSession } from '../../src/flow/walk.js';
import { indonesian as words } from '../../src/flow/wording.js';
import { sized } from '../support/size.js';
import { programOf, shipped, Talk } from './rig.js';

/** Everything up to the question of that name. */
const opening: readonly string[] = ['daftar', 'SETUJU', 'ya'];
const answers: readonly string[] = [
  ...opening,
  'Sri Contohwati',
  'Semarang, 17 Agustus 1970',
  'Perempuan',
  'Sindurejo, Toroh, Grobogan',
  '2005',
  'Sarjana',
  'Belum ada',
  'nanti',
];

function atName(): Talk {
  const talk = new Talk();
  talk.say(...opening);
  return talk;
}

function atSummary(): Talk {
  const talk = new Talk();
  talk.say(...answers);
  return talk;
}

/** What the open conversation knows, however it keeps it. */
function stored(talk: Talk): readonly Json[] {
  const values = talk.session.frames.at(-1)?.values ?? noEntries;
  return entriesOf(values).filter((value) => value !== null);
}

const menuFlow = `
flow: mulai
title: Mulai
always: [menu]
fallback: true
steps:
  pilih:
    choose: Apa yang Bapak/Ibu inginkan?
    choices:
      buah: { label: Buah, also: [kebun], go: buah }
      sayur: { label: Sayur, go: sayur }
  buah: { flow: buah, next: end }
  sayur: { flow: sayur, next: pilih }
`;
const buahFlow = `
flow: buah
title: Buah
steps:
  nama: { ask: "Buah apa?", input: text }
  jumlah: { ask: "Berapa banyak?", input: text }
  akhir: { end: "Buah {nama}, {jumlah}." }
`;
const sayurFlow = `
flow: sayur
title: Sayur
triggers: [sayur]
steps:
  nama: { ask: "Sayur apa?", input: text }
`;
const tolongFlow = `
flow: tolong
title: Tolong
always: [tolong]
human: true
steps:
  apa: { ask: "Bantuan apa?", input: text }
  akhir: { end: "Baik." }
`;
const market = programOf(menuFlow, buahFlow, sayurFlow, tolongFlow);

describe('advance', () => {
  const events: readonly FlowEvent[] = answers.map((text) => ({ type: 'message', text, seen: true }));

  it('leaves the session it was given as it was', () => {
    const { session } = atName();
    const before = structuredClone(session);
    const talk = new Talk();
    // Talk freezes every session it gives away: a change would throw.
    expect(() => talk.say(...answers)).not.toThrow();
    advance(shipped, session, { type: 'message', text: 'Siti', seen: true }, talk.env());
    expect(session).toEqual(before);
  });

  it('gives the same for the same', () => {
    const run = (): readonly Advanced[] => {
      const talk = new Talk();
      return events.map((event) => {
        talk.happens(event);
        return { session: talk.session, facts: talk.facts };
      });
    };
    expect(run()).toEqual(run());
  });

  it('makes sessions that JSON does not change', () => {
    const talk = new Talk();
    let session: Session = idleSession;
    for (const event of events) {
      const made = advance(shipped, talk.session, event, talk.env()).session;
      expect(JSON.parse(JSON.stringify(made))).toStrictEqual(made);
      talk.happens(event);
      session = talk.session;
    }
    expect(session.frames).toHaveLength(1);
  });

  it('pins an open conversation to its program, and an ended one to nothing', () => {
    const talk = atName();
    expect(talk.session.program).toBe(shipped.hash);
    expect(talk.session.turns).toBeGreaterThan(2);
    talk.say('batal', 'ya');
    expect(talk.session).toEqual(idleSession);
  });

  it.each<[string, Session]>([
    ['a flow', { ...idleSession, frames: frameAt('tidak-ada', 'nama') }],
    ['a step', { ...idleSession, frames: frameAt('registrasi', 'tidak-ada') }],
  ])('throws only when session and program do not belong together: %s', (_, session) => {
    const event: FlowEvent = { type: 'message', text: 'halo', seen: true };
    expect(() => advance(shipped, session, event, new Talk().env())).toThrow(BrokenSession);
  });
});

function frameAt(flow: string, step: string): Session['frames'] {
  const [frame] = atName().session.frames;
  return frame === undefined ? [] : [{ ...frame, flow, step }];
}

describe('guards', () => {
  /** Two steps that chase each other: no flow set that passes the checks has them. */
  function chasing(): Program {
    const program = programOf(`
flow: mulai
title: Mulai
fallback: true
steps:
  satu: { say: "Satu." }
  dua: { say: "Dua." }
`);
    const flow = program.flows.get('mulai');
    const steps = new Map(flow?.steps);
    for (const [id, step] of steps) steps.set(id, { ...step, enter: () => (id === 'satu' ? 'dua' : 'satu') });
    return flow === undefined ? program : { ...program, flows: new Map([['mulai', { ...flow, steps }]]) };
  }

  it('a turn that walks in a circle is stopped, told, and a person is called', () => {
    const talk = new Talk(chasing());
    expect(talk.say('halo')).toEqual([words.stuck]);
    expect(talk.facts).toContainEqual({ kind: 'failed', flow: 'mulai', step: 'dua', why: 'too-many-steps' });
    expect(talk.session).toEqual(idleSession);
    expect(mostSteps).toBeLessThanOrEqual(1000);
  });

  it('a conversation without end is stopped', () => {
    const talk = atName();
    talk.session = { ...talk.session, turns: mostTurns };
    expect(talk.say('Siti')).toEqual([words.stuck]);
    expect(talk.facts).toContainEqual({
      kind: 'failed',
      flow: 'registrasi',
      step: 'nama',
      why: 'too-many-turns',
    });
    expect(talk.session).toEqual(idleSession);
  });

  it('words upon words do not make the stack higher than there are flows', () => {
    const talk = atName();
    for (let round = 0; round < 20; round += 1) talk.say('menu', 'berhenti', 'batal', 'menu');
    expect(talk.session.frames.length).toBeLessThanOrEqual(shipped.flows.size);
    expect(new Set(talk.session.frames.map(({ flow }) => flow)).size).toBe(talk.session.frames.length);
  });
});

describe('the stack', () => {
  it('an interruption that ends asks the pending question again', () => {
    const talk = new Talk(market);
    talk.say('menu', 'buah', 'apel', 'tolong');
    expect(talk.stack).toEqual(['buah.jumlah', 'tolong.apa']);
    expect(talk.say('ini dan itu')).toEqual(['Baik.', 'Berapa banyak?']);
    expect(talk.facts.at(-1)).toMatchObject({ kind: 'asked', again: true });
    expect(talk.say('tiga')).toEqual(['Buah apel, tiga.']);
  });

  it('a call that has nothing after it takes the place of its caller; another comes back', () => {
    const talk = new Talk(market);
    talk.say('menu', 'buah');
    expect(talk.stack).toEqual(['buah.nama']);
    const other = new Talk(market);
    other.say('menu', 'sayur');
    expect(other.stack).toEqual(['mulai.sayur', 'sayur.nama']);
    expect(other.say('kangkung').at(-1)).toContain('Apa yang Bapak/Ibu inginkan?');
    expect(other.stack).toEqual(['mulai.pilih']);
  });

  it('a flow that is open below is resumed, and what was above it is left', () => {
    const talk = new Talk(market);
    talk.say('menu', 'buah', 'apel', 'menu');
    expect(talk.stack).toEqual(['buah.jumlah', 'mulai.pilih']);
    expect(talk.say('buah')).toEqual(['Berapa banyak?']);
    expect(talk.stack).toEqual(['buah.jumlah']);
    expect(talk.facts).toContainEqual({ kind: 'ended', flow: 'mulai', step: 'buah', outcome: 'left' });
  });

  it('a word for a flow that waits for the one it called goes on with it', () => {
    const talk = new Talk(market);
    talk.say('menu', 'sayur');
    expect(talk.say('menu').at(-1)).toContain('Apa yang Bapak/Ibu inginkan?');
    expect(talk.stack).toEqual(['mulai.pilih']);
  });

  it('what is for some is not opened by others', () => {
    const guarded = tolongFlow.replace('human: true', 'for: operator');
    const flows = [menuFlow, guarded, buahFlow, sayurFlow];
    const program = programOf(...flows);
    const member = new Talk(program);
    member.say('menu', 'buah');
    expect(member.stack).toEqual(['buah.nama']);
    expect(member.say('tolong')).toEqual(['Berapa banyak?']);
    const officer = new Talk(program, {}, ['operator']);
    officer.say('menu', 'buah', 'tolong');
    expect(officer.stack).toEqual(['buah.nama', 'tolong.apa']);
  });

  it('a step that listens gets every word, and leaves no trail however long it hears', () => {
    const listening = `
flow: telinga
title: Mendengar
signals: [ada-orang]
steps:
  dengar: { listen: pesan, remind: "Kami masih mendengarkan.", words: { sudah: selesai }, signals: { pergi: selesai } }
  jawab: { say: "({pesan})", next: dengar }
  selesai: { end: "Selesai." }
`;
    const talk = new Talk(programOf(menuFlow, tolongFlow, buahFlow, sayurFlow, listening));
    talk.say('menu', 'buah', 'apel');
    expect(talk.happens({ type: 'signal', name: 'pergi' })).toEqual([]);
    expect(talk.happens({ type: 'signal', name: 'ada-orang' })).toEqual([]);
    for (const word of ['menu', 'KEMBALI', 'ulang', 'tolong', '12'])
      expect(talk.say(word)).toEqual([`(${word})`]);
    expect(talk.early('apa?')).toEqual(['(apa?)']);
    expect(talk.press('Buah', 2)).toEqual(['(Buah)']);
    const size = JSON.stringify(talk.session).length;
    for (let at = 0; at < 50; at += 1) talk.say('Buah');
    expect(JSON.stringify(talk.session).length).toBeLessThan(size + 3);
    expect(talk.happens({ type: 'signal', name: 'ada-orang' })).toEqual([]);
    expect(talk.happens({ type: 'signal', name: 'pergi' })).toEqual(['Selesai.', 'Berapa banyak?']);
  });

  it('giving up closes everything below', () => {
    const talk = atName();
    talk.say('menu', 'batal', 'ya');
    expect(talk.stack).toEqual([]);
    const ended = talk.facts
      .filter((fact) => fact.kind === 'ended')
      .map(({ flow, outcome }) => [flow, outcome]);
    expect(ended).toEqual([
      ['registrasi', 'given-up'],
      ['menu', 'given-up'],
      ['batal', 'end'],
    ]);
  });
});

describe('one answer, many ways to give it', () => {
  const choosing: readonly (readonly [string, (talk: Talk) => unknown])[] = [
    ['the number', (talk) => talk.say('1')],
    ['the number with a full stop', (talk) => talk.say('1.')],
    ['the number in words', (talk) => talk.say('nomor satu')],
    ['the label', (talk) => talk.say('buah')],
    ['the label in capitals, with politeness', (talk) => talk.say('BUAH pak')],
    ['another word for it', (talk) => talk.say('kebun')],
    ['the button', (talk) => talk.press('Buah')],
  ];

  it.each(choosing)('%s', (_, answer) => {
    const talk = new Talk(market);
    talk.say('menu');
    answer(talk);
    expect(talk.stack).toEqual(['buah.nama']);
  });

  it.each(choosing.slice(1, 2))('in a typed question too', () => {
    const values = (['2', 'Perempuan', 'wedok', '2)'] as const).map((text) => {
      const talk = atName();
      talk.say('Sri Contohwati', 'Semarang, 17 Agustus 1970', text);
      return stored(talk);
    });
    expect(new Set(values.map((one) => JSON.stringify(one))).size).toBe(1);
  });
});

describe('an old button', () => {
  it('is explained, does nothing, and the question comes again', () => {
    const talk = atSummary();
    const before = stored(talk);
    const said = talk.press('Nanti lewat petugas', 1);
    expect(said).toHaveLength(1);
    expect(said[0]?.startsWith(words.oldButton)).toBe(true);
    expect(said[0]).toContain('Apakah semuanya sudah benar?');
    expect(stored(talk)).toEqual(before);
  });

  it('is explained when nothing is open any more', () => {
    const talk = atSummary();
    talk.say('ya');
    expect(talk.press('Ya, sudah benar')).toEqual([words.oldButtonIdle]);
    expect(talk.stack).toEqual([]);
  });

  it('with an id nobody offered is not understood', () => {
    const talk = atSummary();
    const question = talk.questions.at(-1)?.question ?? '';
    talk.happens({ type: 'choice', question, choice: 'palsu', label: 'Palsu' });
    expect(talk.facts[0]).toMatchObject({ kind: 'misunderstood', tries: 1 });
    expect(talk.stack).toEqual(['registrasi.ringkasan']);
  });
});

describe('a message written before the question was seen', () => {
  const cases: readonly (readonly [string, readonly string[], string, boolean, string])[] = [
    ['the rest of a name', ['Siti'], 'Aminah', true, 'registrasi.lahir'],
    ['the same name again', ['Siti Aminah'], 'siti aminah', false, 'registrasi.lahir'],
    ['an answer to the next question', ['Siti'], 'Semarang, 17 Agustus 1970', false, 'registrasi.lahir'],
    [
      'what the answer before has no need of',
      ['Siti', 'Semarang, 17-8-1970'],
      'Perempuan',
      false,
      'registrasi.jenis-kelamin',
    ],
    [
      'the next part of a region',
      ['Siti', 'Semarang, 17-8-1970', '2', 'Grobogan'],
      'Toroh',
      true,
      'registrasi.wilayah',
    ],
    [
      'nothing like a part of a region',
      ['Siti', 'Semarang, 17-8-1970', '2', 'Grobogan'],
      'xyzxyz',
      false,
      'registrasi.wilayah',
    ],
    ['a number after a number', ['Siti', 'Semarang, 17-8-1970'], '1', false, 'registrasi.jenis-kelamin'],
    ['emoji only', ['Siti'], '🙏🙏', false, 'registrasi.lahir'],
  ];

  it.each(cases)('%s', (_, told, text, joined, where) => {
    const talk = atName();
    talk.say(...told);
    const before = stored(talk);
    talk.early(text);
    expect(talk.facts).toContainEqual(expect.objectContaining({ kind: 'unseen', joined }));
    expect(talk.stack).toEqual([where]);
    if (!joined) expect(stored(talk)).toEqual(before);
    expect(talk.messages.at(-1)?.question).not.toBeNull();
  });

  it('is never joined to an answer further back than the last', () => {
    const program = programOf(`
flow: mulai
title: Mulai
fallback: true
steps:
  nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }
  wilayah: { ask: "Di mana Bapak/Ibu bertugas?", input: region }
  akhir: { end: "{nama} di {wilayah}" }
`);
    const talk = new Talk(program);
    talk.say('halo', 'Siti', 'Grobogan');
    talk.early('Aminah');
    expect(talk.say('Sindurejo, Toroh').at(-1)).toContain('\n\nSiti di Desa Sindurejo');
  });

  it('that is an always-on word counts all the same', () => {
    const talk = atName();
    talk.early('BANTUAN');
    expect(talk.facts[0]).toMatchObject({ kind: 'started', flow: 'bantuan', by: 'word' });
  });

  it('is told once, however often it happens', () => {
    const talk = atName();
    talk.early('satu');
    const [first] = talk.early('dua');
    const [again] = talk.early('tiga');
    expect(again).toBe(first);
    expect(first?.split(words.unseen)).toHaveLength(2);
  });

  it('begins a conversation where none is open', () => {
    const talk = new Talk();
    talk.early('daftar');
    expect(talk.stack).toEqual(['registrasi.persetujuan']);
  });
});

describe('a notice', () => {
  it('stands before its question, is told once, and is part of what a consent is given to', () => {
    const talk = new Talk();
    const [notice, question] = talk.say('daftar');
    expect(notice).toContain('Data dikumpulkan oleh IPSM Jawa Tengah');
    expect(talk.say('nggih')).toEqual([expect.not.stringContaining('Data dikumpulkan')]);
    talk.say('SETUJU');
    const proof = talk.facts.find((fact) => fact.kind === 'saved' && fact.name === 'persetujuan');
    expect(proof).toMatchObject({ value: { teks: `${notice}\n\n${question}` } });
  });
});

describe('correcting one item', () => {
  it('asks that item only, and comes back', () => {
    const talk = atSummary();
    talk.say('ada yang salah', 'tahun', '1999');
    expect(talk.stack).toEqual(['registrasi.ringkasan']);
    expect(talk.heard.at(-1)).toContain('PSM sejak: 1999');
    expect(talk.session.frames[0]?.detour).toBeNull();
  });

  it('goes over several questions where an item has several', () => {
    const talk = atSummary();
    talk.say('2', 'sk', 'ada', '141/07/2021', '2021', 'camat');
    expect(talk.stack).toEqual(['registrasi.ringkasan']);
    expect(talk.heard.at(-1)).toContain('SK: Ada, 141/07/2021, ditetapkan 2021, oleh Camat');
  });

  it('KEMBALI goes out of it, and into it again', () => {
    const talk = atSummary();
    talk.say('2', 'tahun', 'kembali');
    expect(talk.stack).toEqual(['registrasi.ubah']);
    talk.say('tahun', '1999', 'kembali', '2001');
    expect(talk.stack).toEqual(['registrasi.ringkasan']);
    expect(talk.heard.at(-1)).toContain('PSM sejak: 2001');
  });
});

describe('KEMBALI', () => {
  it('undoes the whole form, answer by answer, up to what is fixed', () => {
    const talk = atSummary();
    const before = stored(atName());
    for (let step = 0; step < answers.length - opening.length; step += 1) talk.say('kembali');
    expect(talk.stack).toEqual(['registrasi.nama']);
    expect(stored(talk)).toEqual(before);
    talk.say('kembali');
    expect(talk.stack).toEqual(['registrasi.nomor-ini']);
    const [said] = talk.say('kembali');
    expect(said).toContain(words.fixed('persetujuan Bapak/Ibu sudah tercatat'));
    expect(talk.stack).toEqual(['registrasi.nomor-ini']);
  });

  it('takes back what actions saved together with the answer that led to them', () => {
    const talk = atName();
    expect(stored(talk)).toContain('+6281200000001');
    talk.say('kembali');
    expect(stored(talk)).not.toContain('+6281200000001');
  });

  it('asks again what was only asked back, and leaves the answer before alone', () => {
    const talk = atName();
    talk.say('Sri Contohwati', 'Semarang, 17 Agustus 1970', 'perempuan');
    const [question] = talk.heard;
    const before = stored(talk);
    const [asked] = talk.say('Semarang');
    expect(asked).toContain('Kota Semarang');
    const step = talk.stack;
    expect(talk.say('kembali').at(-1)).toContain(question?.split('\n').at(-1));
    expect(talk.stack).toEqual(step);
    expect(stored(talk)).toEqual(before);
    const { wait } = talk.session.frames[0] ?? {};
    expect(wait).toMatchObject({ offers: null, partial: null });
  });

  it('leaves an interruption at its first question', () => {
    const talk = atName();
    talk.say('menu', 'kembali');
    expect(talk.stack).toEqual(['registrasi.nama']);
    expect(talk.heard[0]).toContain(words.undone);
  });

  it('has nothing to undo at the very beginning', () => {
    const talk = new Talk();
    expect(talk.say('halo', 'kembali')[0]).toContain(words.nothingToUndo);
  });

  it('with nothing open is a message like any other', () => {
    const talk = new Talk();
    talk.say('kembali');
    expect(talk.stack).toEqual(['menu.pilihan']);
  });
});

describe('repair', () => {
  it('helps more each time, then calls a person, once', () => {
    const talk = atName();
    const said = ['1', '2', '3', '4'].map((text) => talk.say(text).join('\n'));
    expect(said[0]).not.toContain('Contoh jawaban');
    expect(said[1]).toContain(words.example('Sri Contohwati'));
    expect(said[2]).toContain(words.humanComes);
    expect(said[3]).not.toContain(words.humanComes);
    expect(talk.stack).toEqual(['registrasi.nama']);
  });

  it('begins anew after an answer', () => {
    const talk = atName();
    talk.say('1', '2', 'Siti', '???');
    expect(talk.facts[0]).toMatchObject({ kind: 'misunderstood', tries: 1 });
  });
});

const commands = ['menu', 'bantuan', 'kembali', 'ulang', 'batal', 'berhenti', 'petugas', 'MENU.', 'stop'];
const replies = [
  ...answers,
  'ya',
  'tidak',
  'nggih',
  'mboten',
  '1',
  '2',
  '3',
  '10',
  'ada',
  'lewati',
  'cek sk',
];
const strange = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('', ' ', '👍', '\u202eSiti', '\ud83d', '\udc4d\ud83d', '\0', '{nama}', '*', '𝟙', '٣', '…'),
);
const anyTyped = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...replies) },
  { weight: 3, arbitrary: fc.constantFrom(...commands) },
  { weight: 2, arbitrary: strange },
);
type Move = { readonly how: 'say' | 'early' | 'press'; readonly text: string; readonly ago: number };
const move: fc.Arbitrary<Move> = fc.record({
  how: fc.constantFrom('say', 'say', 'say', 'say', 'early', 'press'),
  text: anyTyped,
  ago: fc.nat(3),
});

function play(talk: Talk, { how, text, ago }: Move): void {
  const asked = talk.questions.at(-1 - ago);
  const choice = asked?.choices[text.length % Math.max(1, asked.choices.length)];
  if (how === 'early') talk.early(text);
  else if (how === 'press' && choice !== undefined) talk.press(choice.label, ago);
  else talk.say(text);
}

function expectSound(talk: Talk): void {
  const { frames, notes } = talk.session;
  expect(notes).toEqual([]);
  expect(frames.length === 0 || frames.at(-1)?.wait !== null).toBe(true);
  expect(frames.length).toBeLessThanOrEqual(shipped.flows.size);
  expect(talk.facts.some((fact) => fact.kind === 'failed')).toBe(false);
  expect(talk.messages.length).toBeGreaterThan(0);
  const asked = talk.messages.map((message) => message.question !== null);
  expect(asked.slice(0, -1)).not.toContain(true);
  expect(asked.at(-1)).toBe(frames.length > 0);
  expectShown(talk);
}

function expectShown(talk: Talk): void {
  for (const channel of Object.values(channelCapabilities)) {
    const parts = talk.messages.flatMap((message) => partsOf(message, channel));
    const lengths = parts.map((part) => render(part, channel).text.length);
    expect(Math.min(...lengths)).toBeGreaterThan(0);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(channel.textLimit);
  }
}

describe('whatever people do', () => {
  it('every turn says something, ends in a question or in nothing open, and fits every channel', () => {
    fc.assert(
      fc.property(fc.nat(answers.length), fc.array(move, { minLength: 1, maxLength: 12 }), (start, moves) => {
        const talk = new Talk();
        talk.say(...answers.slice(0, start));
        for (const one of moves) {
          play(talk, one);
          expectSound(talk);
        }
      }),
      { numRuns: sized(100, 300) },
    );
  });

  const heavy: readonly (readonly [string, string])[] = [
    ['a hundred thousand letters', 'a'.repeat(100_000)],
    ['a hundred thousand words', 'ya '.repeat(33_000)],
    ['a hundred thousand lines', '\n1'.repeat(50_000)],
    ['digits', '9'.repeat(100_000)],
    ['emoji', '👨‍👩‍👧'.repeat(10_000)],
    ['accents upon accents', `e${'\u0301'.repeat(100_000)}`],
    ['ligatures that grow', '\ufdfa'.repeat(50_000)],
    ['right to left', '\u202e\u0645\u0631\u062d\u0628\u0627'.repeat(5_000)],
    ['lone surrogates', '\ud800'.repeat(10_000)],
    ['control characters', '\0\u0001\u001b[31m\u007f'.repeat(1_000)],
    ['braces', '{nama, select, '.repeat(1_000)],
    ['nothing one can see', '\u200b\u2060\ufeff'],
  ];

  it.each(heavy)('%s, at every question', (_, text) => {
    for (let start = 0; start <= answers.length; start += 1) {
      const talk = new Talk();
      talk.say(...answers.slice(0, start));
      talk.say(text);
      talk.early(text);
      expectSound(talk);
      expect(JSON.stringify(talk.session).length).toBeLessThan(20_000);
    }
  });
});
