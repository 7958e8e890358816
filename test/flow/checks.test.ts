import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ActionSignatures } from '../../src/flow/action.js';
import { checks } from '../../src/flow/checks/index.js';
import { compile, compileOrThrow, type Sources, type World } from '../../src/flow/compile.js';
import { FlowDefinitionError, faultLine } from '../../src/flow/fault.js';
import { inputs } from '../../src/flow/inputs/index.js';
import type { InputKind } from '../../src/flow/inputs/input.js';
import { stepKinds } from '../../src/flow/steps/index.js';
import { textType } from '../../src/flow/types.js';
import { readFlows, worldOf } from '../../src/flows.js';
import { fixture, programOf, shipped, Talk } from './rig.js';

const actions: ActionSignatures = {
  'test.look': { takes: {}, outcomes: { found: { hasil: textType }, none: {} } },
  'test.greet': {
    takes: { nama: { type: 'person-name' }, catatan: { type: 'any', optional: true } },
    outcomes: { done: {} },
  },
};

const fewInputs: Readonly<Record<string, InputKind>> = Object.fromEntries(
  Object.entries(inputs).filter(([name]) =>
    ['choice', 'date', 'nik', 'person-name', 'text', 'year'].includes(name),
  ),
);
const world: World = { ...worldOf(actions), inputs: fewInputs };

const files = readdirSync(new URL('broken', import.meta.url)).sort();
const names = [...new Set(files.map((file) => file.split('.')[0] ?? ''))];

/** A broken flow, and whatever belongs to it: `loops.yaml` with `loops.lingkar.yaml`. */
function sourcesOf(name: string): Sources {
  const own = files.filter((file) => file.split('.')[0] === name);
  return Object.fromEntries(own.map((file) => [`broken/${file}`, fixture(`broken/${file}`)]));
}

/** What a fixture says of itself: `# expect LINE: what. Mend.` */
function expectedOf(sources: Sources): readonly string[] {
  return Object.entries(sources).flatMap(([file, source]) =>
    [...source.matchAll(/^# expect (\d+): (.+)$/gm)].map(([, line, text]) => `${file}:${line}: ${text}`),
  );
}

function faultsOf(sources: Sources): readonly string[] {
  const compiled = compile(sources, 'test', world);
  return compiled.ok ? [] : compiled.faults.map(faultLine);
}

describe('every broken flow is told with its line, what is wrong and how to mend it', () => {
  it.each(names)('%s', (name) => {
    const sources = sourcesOf(name);
    expect([...faultsOf(sources)].sort()).toEqual([...expectedOf(sources)].sort());
    expect(expectedOf(sources)).not.toEqual([]);
  });

  it.each(checks)('the check $name has a broken flow', ({ name }) => {
    expect(names).toContain(name);
  });

  it('all faults come at once, in the order of files and lines', () => {
    const places = faultsOf(sourcesOf('loops')).map((line) => line.split(': ')[0]);
    expect(places).toEqual([
      'broken/loops.lingkar.yaml:6',
      'broken/loops.lingkar.yaml:10',
      'broken/loops.yaml:10',
      'broken/loops.yaml:11',
      'broken/loops.yaml:12',
      'broken/loops.yaml:13',
    ]);
  });

  it.each([
    [
      'flow: a\nsteps:\n  b: { end: "Halo }\n',
      [
        'a.yaml:4: This is not YAML: Missing closing "quote. Correct the indentation or the quotes here.',
        'a.yaml:4: This is not YAML: Flow map in block collection must be sufficiently indented and end with a }. Correct the indentation or the quotes here.',
      ],
    ],
    [
      'flow: a\nsteps:\n  b: { say: "Satu." }\n  b: { end: "Dua." }\n',
      ['a.yaml:4: This is not YAML: Map keys must be unique. Correct the indentation or the quotes here.'],
    ],
    [
      '',
      [
        'a.yaml:1: The file is wrong: Invalid input: expected object, received null. Correct it as the flow guide says.',
      ],
    ],
  ])('what is no YAML: %j', (source, faults) => {
    expect(faultsOf({ 'a.yaml': source })).toEqual(faults);
  });

  it('for callers who cannot go on, they are one error', () => {
    const sources = sourcesOf('reachable');
    const error = new FlowDefinitionError([{ file: 'a.yaml', line: 3, what: 'What.', mend: 'Mend.' }]);
    expect(error.message).toBe('a.yaml:3: What. Mend.');
    expect(() => compileOrThrow(sources, 'test', world)).toThrow(FlowDefinitionError);
    expect(() => compileOrThrow(sources, 'test', world)).toThrow(expectedOf(sources)[0] ?? 'no expectation');
  });
});

/** In a talk: the timer of the last question comes. */
const timePasses = '(time passes)';

/** For each kind of step: a flow that uses it, what a person types, and what the bot says last. */
const examples: Readonly<Record<string, { source: string; talk: readonly string[]; last: string }>> = {
  say: { source: 'salam: { say: "Selamat datang.", next: end }', talk: ['halo'], last: 'Selamat datang.' },
  ask: {
    source: 'nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }\n  salam: { end: "Halo, {nama}." }',
    talk: ['halo', 'SRI CONTOHWATI'],
    last: 'Saya catat: *Sri Contohwati*.\n\nHalo, Sri Contohwati.',
  },
  choose: {
    source: 'mau: { choose: "Ikut?", choices: { ya: { label: "Ya", go: baik } } }\n  baik: { end: "Baik." }',
    talk: ['halo', 'nggih'],
    last: 'Baik.',
  },
  meant: {
    source:
      'maksud: { meant: "Apakah ini yang dimaksud?", none: { label: "Tidak ada" } }\n  baik: { end: "Baik." }',
    talk: ['halo', 'tidak'],
    last: 'Baik.',
  },
  listen: {
    source:
      'dengar: { listen: pesan, remind: "Kami mendengarkan.", words: { sudah: salam } }\n  catat: { say: "Dicatat: {pesan}.", next: dengar }\n  salam: { end: "Terima kasih." }',
    talk: ['halo', 'MENU', 'kembali', 'Sudah.'],
    last: 'Terima kasih.',
  },
  do: {
    source:
      'cari: { do: member.find-for-contact, outcomes: { unknown: baru, found: baru, several: baru } }\n  baru: { end: "Belum terdaftar." }',
    talk: ['halo'],
    last: 'Belum terdaftar.',
  },
  decide: {
    source:
      'ada: { decide: kontak.nomor, cases: { kosong: end }, otherwise: nomor }\n  nomor: { end: "{kontak.nomor}" }',
    talk: ['halo'],
    last: '0812-0000-0001',
  },
  flow: {
    source: 'lain: { flow: lain, next: akhir }\n  akhir: { end: "Selesai." }',
    talk: ['halo', 'merah'],
    last: 'Selesai.',
  },
  wait: {
    source: 'tunggu: { wait: "Mohon ditunggu.", for: 1 jam, next: akhir }\n  akhir: { end: "Sudah." }',
    talk: ['halo', timePasses],
    last: 'Sudah.',
  },
  end: { source: 'akhir: { end: "Sampai jumpa." }', talk: ['halo'], last: 'Sampai jumpa.' },
};

const other = `
flow: lain
title: Lain
steps:
  warna: { ask: "Warna apa?", input: text }
`;

describe('every kind of step', () => {
  it.each(stepKinds)('$key has an example that runs', ({ key }) => {
    const example = examples[key];
    if (example === undefined) throw new Error(`write an example for ${key}`);
    const begin = `flow: mulai\ntitle: Mulai\nfallback: true\nsteps:\n  ${example.source}\n`;
    const talk = new Talk(programOf(begin, other));
    for (const text of example.talk)
      if (text === timePasses) talk.pass('wait');
      else talk.say(text);
    expect(talk.heard.at(-1)).toBe(example.last);
    expect(talk.stack).toEqual([]);
  });
});

describe('the shipped flows', () => {
  const questions = [...shipped.flows.values()].flatMap((flow) =>
    [...flow.steps.values()]
      .filter((step) => step.waits && step.listens !== true)
      .map((step) => ({ flow: flow.name, ...step })),
  );

  it('pass every check', () => {
    expect(shipped.flows.size).toBe(Object.keys(readFlows('flows')).length);
  });

  it.each(questions)('$flow $id ends with its question and has short labels', ({ shows }) => {
    const asking = shows.filter(({ template }) => template.source.includes('?'));
    expect(asking, 'a notice asks nothing; everything else does').not.toEqual([]);
    for (const { template, choices } of asking) {
      const labels = choices.map(({ label }) => label);
      expect(template.source).toMatch(/\?$/);
      expect(template.source.match(/\?/g)).toHaveLength(1);
      for (const label of labels) expect(label.length).toBeLessThanOrEqual(20);
      expect(new Set(labels.map((label) => label.toLowerCase())).size).toBe(labels.length);
    }
  });
});
