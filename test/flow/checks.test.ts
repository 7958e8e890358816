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
    ['choice', 'date', 'nik', 'number', 'person-name', 'text', 'year'].includes(name),
  ),
);
const world: World = { ...worldOf(actions), inputs: fewInputs };

/** A broken flow, and whatever belongs to it: `circles.yaml` with `circles.lingkar.yaml`. */
interface Broken {
  readonly name: string;
  readonly sources: Sources;
  readonly expected: readonly string[];
}

/** The broken flows of a folder. Each says of itself what is found in it: `# expect LINE: what. Mend.` */
function brokenIn(folder: string): readonly Broken[] {
  const files = readdirSync(new URL(`broken/${folder}`, import.meta.url)).sort();
  const names = [...new Set(files.map((file) => file.split('.')[0] ?? ''))];
  return names.map((name) => {
    const own = files.filter((file) => file.split('.')[0] === name).map((file) => `broken/${folder}/${file}`);
    const sources = Object.fromEntries(own.map((file) => [file, fixture(file)]));
    return { name, sources, expected: expectedOf(sources) };
  });
}

function expectedOf(sources: Sources): readonly string[] {
  return Object.entries(sources).flatMap(([file, source]) =>
    [...source.matchAll(/^# expect (\d+): (.+)$/gm)].map(([, line, text]) => `${file}:${line}: ${text}`),
  );
}

function faultsOf(sources: Sources, proofs = checks, within = world): readonly string[] {
  const compiled = compile(sources, 'test', within, proofs);
  return compiled.ok ? [] : compiled.faults.map(faultLine);
}

const broken = {
  checks: brokenIn('checks'),
  steps: brokenIn('steps'),
  inputs: brokenIn('inputs'),
  form: brokenIn('form'),
};
const sorted = (lines: readonly string[]) => [...lines].sort();
const namesOf = (some: readonly Broken[]) => some.map(({ name }) => name);

describe('every broken flow is told with its line, what is wrong and how to mend it', () => {
  it.each([...broken.checks, ...broken.steps, ...broken.form])('$name', ({ sources, expected }) => {
    expect(sorted(faultsOf(sources))).toEqual(sorted(expected));
    expect(expected).not.toEqual([]);
  });

  it.each(broken.inputs)('input $name', ({ sources, expected }) => {
    expect(sorted(faultsOf(sources, checks, worldOf(actions)))).toEqual(sorted(expected));
    expect(expected).not.toEqual([]);
  });

  it('there is one for every check, every kind of step and every kind of input, and for nothing else', () => {
    expect(namesOf(broken.checks)).toEqual(checks.map(({ name }) => name).sort());
    expect(namesOf(broken.steps)).toEqual(stepKinds.map(({ key }) => key).sort());
    expect(namesOf(broken.inputs)).toEqual(Object.keys(inputs).sort());
  });

  it.each(checks)('what $name finds, no other check finds', (check) => {
    const { sources = {}, expected = [] } = broken.checks.find(({ name }) => name === check.name) ?? {};
    const own = faultsOf(sources, [check]);
    expect(own).not.toEqual([]);
    expect(expected).toEqual(expect.arrayContaining([...own]));
    const others = checks.filter((one) => one !== check);
    expect(faultsOf(sources, others).filter((line) => own.includes(line))).toEqual([]);
  });

  it.each(broken.steps)('the broken $name stands in a step of that kind', ({ name, sources }) => {
    expect(Object.values(sources).join('\n')).toMatch(new RegExp(`^ {2,4}.*\\b${name}: `, 'm'));
  });

  it('all faults come at once, in the order of files and lines', () => {
    const { sources = {} } = broken.checks.find(({ name }) => name === 'circles') ?? {};
    expect(faultsOf(sources).map((line) => line.split(': ')[0])).toEqual([
      'broken/checks/circles.lingkar.yaml:5',
      'broken/checks/circles.yaml:8',
      'broken/checks/circles.yaml:9',
      'broken/checks/circles.yaml:11',
    ]);
  });

  it.each([
    [
      'flow: a\nsteps:\n  b: { end: "Halo }\n',
      [
        'a.yaml:4: This is not YAML: Missing closing "quote. Correct the indentation or the quotes here.',
        'a.yaml:4: This is not YAML: Flow map in block collection must be sufficiently indented and end with a }. A text with a colon, a brace or quotes in it stands in quotes as a whole: "Jam: 08.00".',
      ],
    ],
    [
      'flow: a\nsteps:\n  b: { say: "Satu." }\n  b: { end: "Dua." }\n',
      ['a.yaml:4: This is not YAML: Map keys must be unique. Correct the indentation or the quotes here.'],
    ],
    ['', ['a.yaml:1: The file is empty. Write into it, or remove it.']],
    ['# Nanti.\n', ['a.yaml:1: The file is empty. Write into it, or remove it.']],
    [
      'flow: a\ntitle: Jam: 08.00\n',
      [
        'a.yaml:2: This is not YAML: Nested mappings are not allowed in compact mappings. A text with a colon, a brace or quotes in it stands in quotes as a whole: "Jam: 08.00".',
      ],
    ],
    [
      'flow: a\ntitle: "Satu" dua\n',
      [
        'a.yaml:2: This is not YAML: Unexpected scalar at node end. A text with a colon, a brace or quotes in it stands in quotes as a whole: "Jam: 08.00".',
      ],
    ],
    [
      'flow: a\n---\ntitle: Satu\n',
      [
        'a.yaml:2: A line with "---" or "..." would begin a second text in the file. Take it out, or set it in quotes.',
      ],
    ],
  ])('what is no YAML: %j', (source, faults) => {
    expect(faultsOf({ 'a.yaml': source })).toEqual(faults);
  });

  it.each<[typed: string, meant: string | null]>([
    ['aks', 'ask'],
    ['Ask', 'ask'],
    ['chose', 'choose'],
    ['sey', 'say'],
    ['says', 'say'],
    ['flows', 'flow'],
    ['shout', null],
    ['text', null],
  ])('a word for a kind of step that is mistyped is named: %s', (typed, meant) => {
    const source = `flow: a\ntitle: A\nfallback: true\nsteps:\n  satu:\n    next: satu\n    ${typed}: "Halo."\n`;
    const mend = meant === null ? 'Say what kind of step it is.' : `Is "${typed}" meant to be "${meant}"?`;
    const [told = '', ...others] = faultsOf({ 'a.yaml': source });
    expect([told.slice(-mend.length), told.startsWith(`a.yaml:${meant === null ? 5 : 7}: `), others]).toEqual(
      [mend, true, []],
    );
  });

  it('for callers who cannot go on, they are one error', () => {
    const { sources = {}, expected = [] } = broken.checks[0] ?? {};
    const error = new FlowDefinitionError([{ file: 'a.yaml', line: 3, what: 'What.', mend: 'Mend.' }]);
    expect(error.message).toBe('a.yaml:3: What. Mend.');
    expect(() => compileOrThrow(sources, 'test', world)).toThrow(FlowDefinitionError);
    expect(() => compileOrThrow(sources, 'test', world)).toThrow(expected[0] ?? 'no expectation');
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
triggers: [lain]
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
  it('pass every check', () => {
    expect(shipped.flows.size).toBe(Object.keys(readFlows('flows')).length);
  });
});
