import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signaturesOf } from '../../src/base.js';
import { type Carried, carry, type Obstacle } from '../../src/flow/carry.js';
import type { Sources } from '../../src/flow/compile.js';
import type { Json } from '../../src/flow/json.js';
import { entryAt } from '../../src/flow/pages.js';
import type { Program } from '../../src/flow/program.js';
import type { Session } from '../../src/flow/session.js';
import { indonesian as words } from '../../src/flow/wording.js';
import { compileFlows, readFlows } from '../../src/flows.js';
import { renameAll, renamed } from './renamed.js';
import { shipped, Talk } from './rig.js';

const build = (sources: Sources): Program => compileFlows(sources, signaturesOf());

/** A flow set with one flow under test, which begins by itself. */
function version(steps: string, header = ''): Program {
  const flow = `flow: mulai\ntitle: Mulai\nfallback: true\n${header}\nsteps:\n${steps}`;
  return build({ 'mulai.yaml': flow, 'sela.yaml': aside });
}

const aside = `
flow: sela
title: Sela
always: [sela]
steps:
  tanya: { ask: "Apa kabar?", input: text }
  selesai: { end: "Baik." }
`;

const first = version(`
  nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }
  warna: { ask: "Apa warnanya?", input: choice, choices: { m: Merah, b: Biru } }
  tahun: { ask: "Tahun berapa?", input: year }
  salam: { end: "{nama}, {warna}, {tahun}." }
`);

/** A conversation of the first version in which these answers were given. */
function inside(...answers: readonly string[]): Talk {
  const talk = new Talk(first);
  talk.say('halo', ...answers);
  return talk;
}

/** Carried over, through JSON, with everything frozen by the next event. */
function taken(from: Program, to: Program, session: Session): Carried {
  const way = carry(from, to, JSON.parse(JSON.stringify(session)));
  if ('obstacle' in way) throw new Error(`stays: ${JSON.stringify(way)}`);
  expect(JSON.parse(JSON.stringify(way))).toEqual(way);
  return way;
}

function goOn(program: Program, session: Session): Talk {
  const talk = new Talk(program);
  talk.session = session;
  return talk;
}

describe('a person is carried over', () => {
  it('with the question still pending, when only other steps have changed', () => {
    const next = version(
      `
  nama-lengkap: { ask: "Siapa nama lengkap Bapak/Ibu?", input: person-name }
  warna: { ask: "Apa warnanya?", input: choice, choices: { m: Merah, b: Biru } }
  tahun: { ask: "Tahun berapa?", input: year }
  salam: { end: "Terima kasih {nama-lengkap}, {warna}, {tahun}." }
`,
      'moved: { nama: nama-lengkap }',
    );
    const before = inside('SRI CONTOHWATI', 'biru');
    const way = taken(first, next, before.session);
    expect(way).toMatchObject({ moved: true, renewed: false });
    expect(way.session.frames[0]?.wait).toEqual(before.session.frames[0]?.wait);
    const talk = goOn(next, way.session);
    expect(talk.say('1999')).toEqual(['Terima kasih Sri Contohwati, Biru, 1999.']);
  });

  it('and asked anew, when the question has changed: what was written is no answer to it', () => {
    const next = version(
      `
  nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }
  warna: { ask: "Apa warnanya?", input: choice, choices: { m: Merah, b: Biru } }
  tahun: { ask: "Tahun berapa lahirnya?", input: year }
  salam: { end: "{nama}, {warna}, {tahun}." }
`,
      'moved: {}',
    );
    const way = taken(first, next, inside('Sri Contohwati', 'biru').session);
    expect(way).toMatchObject({ moved: true, renewed: true });
    const talk = goOn(next, way.session);
    expect(talk.say('1999')).toEqual([`${words.renewed}\n\nTahun berapa lahirnya?`]);
    expect(talk.facts.map(({ kind }) => kind)).toEqual(['unseen', 'asked']);
    expect(talk.early('2000')).toEqual([expect.stringContaining('Tahun berapa lahirnya?')]);
    expect(talk.say('1970').at(-1)).toContain('Sri Contohwati, Biru, 1970.');
    const word = goOn(next, way.session);
    expect(word.say('sela')).toEqual(['Apa kabar?']);
    expect(word.say('sehat')).toEqual(['Baik.', 'Tahun berapa lahirnya?']);
    expect(goOn(next, way.session).say('kembali').at(-1)).toContain('Apa warnanya?');
    const button = goOn(next, way.session);
    const pressed = { type: 'choice', question: 'q9', choice: 'x', label: 'Lama' } as const;
    expect(button.happens(pressed)).toEqual([`${words.oldButton}\n\nTahun berapa lahirnya?`]);
  });

  it('with a choice that is still there among more', () => {
    const next = version(
      `
  nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }
  warna: { ask: "Apa warnanya?", input: choice, choices: { h: Hijau, b: Biru Tua } }
  tahun: { ask: "Tahun berapa?", input: year }
  salam: { end: "{nama}, {warna}, {tahun}." }
`,
      'moved:',
    );
    const talk = goOn(next, taken(first, next, inside('Sri Contohwati', 'biru').session).session);
    expect(talk.say('1999').at(-1)).toContain('Sri Contohwati, Biru Tua, 1999.');
    expect(carry(first, next, inside('Sri Contohwati', 'merah').session)).toEqual({
      obstacle: 'type-changed',
      flow: 'mulai',
      name: 'warna',
    });
  });

  it('without an answer its author let go, and past a step that is gone on the way back', () => {
    const next = version(
      `
  nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }
  tahun: { ask: "Tahun berapa?", input: year }
  salam: { end: "{nama}, {tahun}." }
`,
      'moved: { warna: end }',
    );
    const way = taken(first, next, inside('Sri Contohwati', 'biru').session);
    expect(goOn(next, way.session).say('1999').at(-1)).toContain('Sri Contohwati, 1999.');
    expect(goOn(next, way.session).say('kembali')).toEqual([`${words.undone}\n\nSiapa nama Bapak/Ibu?`]);
  });

  it('in the middle of a pause, which lasts as long as it was begun for', () => {
    const pausing = (steps: string) => version(`${steps}  lalu: { end: "Sudah." }\n`, 'moved: {}');
    const old = pausing('  jeda: { wait: "Mohon tunggu.", for: 2 hari }\n');
    const next = pausing('  jeda: { wait: "Mohon ditunggu.", for: 3 hari }\n  sapa: { say: "Halo." }\n');
    const before = new Talk(old);
    before.say('halo');
    const way = taken(old, next, before.session);
    expect(way).toMatchObject({ moved: true, renewed: false });
    const question = way.session.frames[0]?.wait?.question ?? '';
    expect(question).not.toBe('');
    expect(goOn(next, way.session).say('apa kabar')).toEqual(['Mohon ditunggu.']);
    expect(goOn(next, way.session).happens({ type: 'timer', question, timer: 'wait' })).toEqual([
      'Halo.',
      'Sudah.',
    ]);
    const asking = pausing('  jeda: { ask: "Sudah?", input: text }\n');
    expect(carry(asking, old, inside().session)).toMatchObject({ obstacle: 'step-gone' });
    const asked = new Talk(asking);
    asked.say('halo');
    expect(carry(asking, old, asked.session)).toMatchObject({ obstacle: 'step-differs', name: 'jeda' });
  });

  it('with everything below, when a flow is interrupted', () => {
    const next = version(
      `
  nama: { ask: "Siapa nama panggilan Bapak/Ibu?", input: person-name }
  salam: { end: "{nama}." }
`,
      'moved: { warna: nama, tahun: end }',
    );
    const before = inside('Sri Contohwati');
    before.say('sela');
    const way = taken(first, next, before.session);
    expect(way).toMatchObject({ moved: true, renewed: false });
    const talk = goOn(next, way.session);
    expect(talk.say('sehat')).toEqual(['Baik.', 'Siapa nama panggilan Bapak/Ibu?']);
    expect(talk.say('Sri')).toEqual(['Sri.']);
    const without = version('  nama: { ask: "Siapa?", input: person-name }\n  salam: { end: "{nama}." }\n');
    const obstacle = { obstacle: 'not-moved', flow: 'mulai', name: 'warna' };
    expect(carry(first, without, before.session)).toEqual(obstacle);
  });
});

const questions = {
  nama: '  nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }\n',
  warna: '  warna: { ask: "Apa warnanya?", input: choice, choices: { m: Merah, b: Biru } }\n',
  tahun: '  tahun: { ask: "Tahun berapa?", input: year }\n',
};
const { nama, warna, tahun } = questions;

/** A change, who it does not take along, and why. */
const stays: readonly (readonly [why: string, steps: string, header: string, obstacle: Obstacle])[] = [
  [
    'nobody wrote moved:',
    `${nama}${warna}${tahun}  salam: { end: "{nama}." }\n`,
    '',
    { obstacle: 'not-moved', flow: 'mulai', name: 'tahun' },
  ],
  [
    'the step is gone',
    `${nama}${warna}  salam: { end: "{nama}." }\n`,
    'moved: {}',
    { obstacle: 'step-gone', flow: 'mulai', name: 'tahun' },
  ],
  [
    'the step does not ask any more',
    `${nama}${warna}  tahun: { say: "Baik." }\n  salam: { end: "{nama}." }\n`,
    'moved: {}',
    { obstacle: 'step-differs', flow: 'mulai', name: 'tahun' },
  ],
  [
    'an answer is of another kind',
    `  nama: { ask: "Siapa?", input: text }\n${warna}${tahun}  salam: { end: "{nama}." }\n`,
    'moved: {}',
    { obstacle: 'type-changed', flow: 'mulai', name: 'nama' },
  ],
  [
    'an answer would be lost',
    `${warna}${tahun}  salam: { end: "{warna}." }\n`,
    'moved: {}',
    { obstacle: 'no-place', flow: 'mulai', name: 'nama' },
  ],
  [
    'two answers would share a place',
    `${nama}${tahun}  salam: { end: "{nama}." }\n`,
    'moved: { warna: nama }',
    { obstacle: 'no-place', flow: 'mulai', name: 'warna' },
  ],
  [
    'a question they never saw now comes before',
    `${nama}${warna}  agama: { ask: "Apa pesannya?", input: text }\n${tahun}  salam: { end: "{agama}." }\n`,
    'moved: {}',
    { obstacle: 'not-answered', flow: 'mulai', name: 'agama' },
  ],
];

describe('a person stays in the version they began with, because', () => {
  it.each(stays)('%s', (_, steps, header, obstacle) => {
    const talk = inside('Sri Contohwati', 'biru');
    expect(carry(first, version(steps, header), talk.session)).toEqual(obstacle);
    expect(talk.say('1999').at(-1)).toContain('Sri Contohwati, Biru, 1999.');
  });

  it('the flow is gone', () => {
    const other = build({
      'sela.yaml': aside.replace('steps:', 'fallback: true\nsteps:'),
    });
    expect(carry(first, other, inside().session)).toEqual({
      obstacle: 'flow-gone',
      flow: 'mulai',
      name: 'nama',
    });
    expect(carry(other, first, inside().session)).toEqual({
      obstacle: 'unreadable',
      flow: 'mulai',
      name: 'nama',
    });
  });

  it('the step that waits for another flow does something else', () => {
    const calling = (step: string) => version(`  panggil: ${step}\n  lalu: { end: "Sudah." }\n`, 'moved: {}');
    const talk = new Talk(calling('{ flow: sela }'));
    talk.say('halo');
    expect(talk.stack).toEqual(['mulai.panggil', 'sela.tanya']);
    const next = calling('{ ask: "Sudah?", input: yes-no }');
    expect(carry(calling('{ flow: sela }'), next, talk.session)).toEqual({
      obstacle: 'step-differs',
      flow: 'mulai',
      name: 'panggil',
    });
    const kept = calling('{ flow: sela, next: lalu }');
    const { session } = taken(calling('{ flow: sela }'), kept, talk.session);
    expect(goOn(kept, session).say('sehat')).toEqual(['Baik.', 'Sudah.']);
  });
});

describe('a correction under way', () => {
  const form = (name: string, header: string) =>
    version(
      `
  ${name}: { ask: "Siapa nama Bapak/Ibu?", input: person-name, save: nama }
  usia: { ask: "Tahun berapa?", input: year }
  ${name}-benar:
    choose: "{nama}, {usia}. Sudah benar?"
    choices:
      ya: { label: "Ya", go: selesai }
      nama: { label: Perbaiki nama, redo: ${name}, until: usia, back: ${name}-benar }
  selesai: { end: "{nama}, {usia}." }
`,
      header,
    );
  const old = form('nama', '');

  it('goes on, and comes back where it has moved to', () => {
    const next = form('sapaan', 'moved: { nama: sapaan, nama-benar: sapaan-benar }');
    const talk = new Talk(old);
    talk.say('halo', 'Budi Contoh', '1999', 'Perbaiki nama');
    const { session } = taken(old, next, talk.session);
    const more = goOn(next, session);
    expect(more.say('Adi Contoh').at(-1)).toContain('Adi Contoh, 1999. Sudah benar?');
    expect(more.say('kembali').at(-1)).toContain('Siapa nama Bapak/Ibu?');
    expect(more.say('Eko Contoh').at(-1)).toContain('Eko Contoh, 1999. Sudah benar?');
  });

  it('keeps the person where they are, when it could not come back', () => {
    const talk = new Talk(old);
    talk.say('halo', 'Budi Contoh', '1999', 'Perbaiki nama');
    const next = form('sapaan', 'moved: { nama: sapaan }');
    expect(carry(old, next, talk.session)).toEqual({
      obstacle: 'step-gone',
      flow: 'mulai',
      name: 'nama-benar',
    });
  });
});

it('what cannot be taken back stays in the way, also when its step is gone', () => {
  const consent = '{ ask: "Setuju?", input: consent-word, word: SETUJU, version: "1" }';
  const old = version(
    `  setuju: ${consent}\n  catat: { do: consent.record, with: { persetujuan: setuju }, outcomes: { recorded: nama, declined: end } }\n${nama}  salam: { end: "{nama}." }\n`,
  );
  const next = version(`${nama}  salam: { end: "Halo {nama}." }\n`, 'moved: { setuju: end }');
  const talk = new Talk(old);
  talk.say('halo', 'SETUJU');
  const { session } = taken(old, next, talk.session);
  expect(goOn(next, session).say('kembali')).toEqual(talk.say('kembali'));
});

const sources = readFlows('flows');
const again = build(
  Object.fromEntries(Object.entries(sources).map(([file, text]) => [file, `${text}\n#\n`])),
);
const everythingRenamed = build(renameAll(sources, shipped));

const script: readonly string[] = [
  ...['daftar', 'SETUJU', 'ya', 'Sri Contohwati', 'Semarang, 17 Agustus 1970', 'Perempuan'],
  ...[
    'Sindurejo, Toroh, Grobogan',
    '2005',
    'Sarjana',
    'Ada',
    '141/07/2021',
    'lewati',
    'Kepala desa',
    'nanti',
  ],
];
const stray = ['menu', 'bantuan', 'kembali', 'ulang', 'petugas', 'batal', 'berhenti', 'cek sk', 'Grobogan'];
const walk = fc.record({
  begun: fc.integer({ min: 0, max: script.length }).map((length) => script.slice(0, length)),
  astray: fc.array(fc.constantFrom(...stray, 'Ada yang salah', 'Nama', '1', '2', 'ya', 'tidak', 'x'), {
    maxLength: 6,
  }),
});

describe('wherever people are in the flows as they are delivered', () => {
  it('they go over to the same flows as they are', () => {
    fc.assert(
      fc.property(walk, ({ begun, astray }) => {
        const talk = new Talk();
        for (const text of [...begun, ...astray]) {
          talk.say(text);
          if (talk.session.program === null) continue;
          expect(taken(shipped, again, talk.session)).toEqual({
            session: { ...talk.session, program: again.hash },
            moved: false,
            renewed: false,
          });
        }
      }),
      { numRuns: 80 },
    );
  });

  it('they go over to flows with other names and go on with the same answers', () => {
    let compared = 0;
    fc.assert(
      fc.property(walk, walk, ({ begun, astray }, { astray: rest }) => {
        const talk = new Talk();
        talk.say(...begun, ...astray);
        if (talk.session.program === null || halfway(talk.session)) return;
        const way = taken(shipped, everythingRenamed, talk.session);
        expect(answersOf(everythingRenamed, way.session)).toEqual(renamedAnswers(talk.session));
        const other = goOn(everythingRenamed, way.session);
        if (way.renewed) other.say('ulang');
        for (const text of ['ulang', ...rest]) {
          expect(other.say(text)).toEqual(talk.say(text));
          compared += 1;
        }
        expect(other.stack).toEqual(talk.session.frames.map((one) => `${one.flow}.${renamed(one.step)}`));
      }),
      { numRuns: 200 },
    );
    // About one answer a walk is compared; many walks end before there is one.
    expect(compared).toBeGreaterThan(60);
  });
});

/** A part of an answer and a misunderstanding belong to a question as it was; where that changes, it begins afresh. */
function halfway({ frames }: Session): boolean {
  return frames.some(({ wait }) => wait !== null && (wait.prompt !== null || wait.tries > 0));
}

function answersOf(program: Program, { frames }: Session): readonly (readonly [string, Json])[] {
  return frames.flatMap(({ flow, values }) =>
    [...(program.flows.get(flow)?.slots ?? [])].flatMap(([name, slot]) => {
      const value = entryAt(values, slot) ?? null;
      return value === null ? [] : [[`${flow}.${name}`, value] as const];
    }),
  );
}

/** The answers of a conversation under the names they have after `renameAll`. */
function renamedAnswers(session: Session): readonly (readonly [string, Json])[] {
  return answersOf(shipped, session).map(([place, value]) => {
    const [flow = '', name = ''] = place.split('.');
    const still = everythingRenamed.flows.get(flow)?.slots.has(name) ?? false;
    return [`${flow}.${still ? name : renamed(name)}`, value];
  });
}
