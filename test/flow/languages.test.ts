import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actions } from '../../src/domain/actions.js';
import { advance } from '../../src/flow/advance.js';
import { compile, compileOrThrow, type Sources } from '../../src/flow/compile.js';
import type { FlowEvent } from '../../src/flow/event.js';
import { faultLine } from '../../src/flow/fault.js';
import { inputs } from '../../src/flow/inputs/index.js';
import type { Message } from '../../src/flow/message.js';
import type { Step } from '../../src/flow/program.js';
import { idleSession } from '../../src/flow/session.js';
import { playTranscripts } from '../../src/flow/transcript.js';
import { readTranscripts, type TalkLine, type Transcript } from '../../src/flow/transcript-file.js';
import { readFlows, worldOf } from '../../src/flows.js';
import { spokenWords } from '../support/languages.js';
import { sized } from '../support/size.js';
import { mark, pseudo } from './pseudo.js';
import { regions, shipped } from './rig.js';

const signatures = Object.fromEntries(
  Object.entries(actions).map(([name, action]) => [name, action.signature]),
);
const fixed = [
  ...Object.values(signatures).flatMap((signature) => Object.values(signature.fixed ?? {})),
  ...Object.values(inputs).flatMap((input) => input.labels ?? []),
];
const world = worldOf(signatures);
const both = pseudo(readFlows('flows'), fixed);

const faultsOf = (sources: Sources) => {
  const compiled = compile(sources, 'test', world);
  return compiled.ok ? [] : compiled.faults.map(faultLine);
};

describe('a whole second language', () => {
  const program = compileOrThrow(both, 'test', world);

  /** Everything the bot says in a written conversation, in the language given. */
  function heard(test: Transcript, language: string | null): readonly Message[] {
    const said: Message[] = [];
    const queues = new Map(Object.entries(test.actions).map(([name, one]) => [name, [one].flat()]));
    let ids = 0;
    const env = {
      ...{ now: new Date(test.now ?? '2026-11-24T09:00:00+07:00'), newId: () => `q${++ids}` },
      ...{ regions, roles: test.roles, language, builtins: { kontak: { nomor: test.nomor } } },
    };
    let session = idleSession;
    let wanted: string | null = null;
    const happens = (event: FlowEvent) => {
      const after = advance(program, session, event, env);
      session = JSON.parse(JSON.stringify(after.session));
      for (const fact of after.facts) if ('message' in fact) said.push(fact.message);
      const last = after.facts.at(-1);
      wanted = last?.kind === 'actionWanted' ? last.action : null;
    };
    for (const line of test.talk) {
      if ('bot' in line) continue;
      happens(eventOf(line, said));
      while (wanted !== null) happens(resultOf(queues.get(wanted) ?? []));
    }
    return said;
  }

  function resultOf(queue: Transcript['actions'][string] & object): FlowEvent {
    const next = Array.isArray(queue) ? (queue.length > 1 ? queue.shift() : queue[0]) : queue;
    const { outcome, ...values } = typeof next === 'string' ? { outcome: next } : (next ?? { outcome: '' });
    return { type: 'actionResult', outcome, values };
  }

  /** What actions give is said as they gave it, in any language. */
  function linesIn(value: unknown): readonly string[] {
    if (typeof value === 'string') return value.split('\n');
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(linesIn) : [];
  }

  /** A button is found by what it says in either language. */
  function eventOf(line: TalkLine, said: readonly Message[]): FlowEvent {
    if ('member' in line) return { type: 'message', text: line.member, seen: true };
    if ('early' in line) return { type: 'message', text: line.early, seen: false };
    const label = 'press' in line ? line.press : '';
    const same = (shown: string) =>
      shown === label || shown === mark + label || shown === mark + label.slice(1);
    const asked = said.findLast(({ choices }) => choices.some((choice) => same(choice.label)));
    const choice = asked?.choices.find((one) => same(one.label));
    if (!asked?.question || choice === undefined) throw new Error(`no button ${label}`);
    return { type: 'choice', question: asked.question, choice: choice.id, label: choice.label };
  }

  const talks = readdirSync('flows')
    .filter((name) => name.endsWith('.test.yaml'))
    .flatMap((name) => {
      const file = readTranscripts(readFileSync(`flows/${name}`, 'utf8'));
      return file.ok ? file.tests : [];
    })
    .filter(({ talk }) =>
      talk.every((line) => 'bot' in line || 'member' in line || 'early' in line || 'press' in line),
    );

  const tried = talks.filter((_, at) => at % sized(8, 1) === 0);
  it.each(tried)('$name: no line of Indonesian, and the same conversation', (test) => {
    const [told, spoken] = [heard(test, null), heard(test, 'xx')];
    expect(spoken.length).toBe(told.length);
    const lines = spoken.flatMap(({ text }) => text.split('\n')).filter((line) => line !== '');
    const data = linesIn(Object.values(test.actions));
    expect(lines.filter((line) => !line.startsWith(mark) && !data.includes(line))).toEqual([]);
  });

  it('a language the program does not have is Indonesian, all of it', () => {
    for (const test of talks.slice(0, 20)) expect(heard(test, 'zz')).toEqual(heard(test, null));
  });

  it('reminds in its own words', () => {
    const flows = [...(program.languages.get('xx')?.flows.values() ?? [])];
    const timers = flows.flatMap((flow) => [
      ...flow.timers,
      ...[...flow.steps.values()].flatMap((step) => step.timers ?? []),
    ]);
    const said = timers.flatMap(({ says }) => says?.source ?? []);
    expect(said).not.toEqual([]);
    for (const text of said) expect(text.startsWith(mark)).toBe(true);
  });

  it('has the same steps, ways and variables', () => {
    for (const [name, flow] of program.languages.get('xx')?.flows ?? []) {
      const own = shipped.flows.get(name);
      expect([...flow.slots]).toEqual([...(own?.slots ?? [])]);
      for (const step of flow.steps.values()) expect(waysOf(step)).toEqual(waysOf(own?.steps.get(step.id)));
    }
  });
});

/** The ways out of a step without what a person reads of them. */
function waysOf(step: Step | undefined) {
  return step?.exits.map(({ label: _, ...way }) => way);
}

describe('a language that is not whole is refused', () => {
  const without = (file: string, from: string | RegExp, to: string): Sources => {
    const source = both[file] ?? '';
    expect(source).toMatch(from);
    return { ...both, [file]: source.replace(from, to) };
  };
  const engine = 'flows/engine.xx.yaml';

  it('nothing is wrong with the whole one', () => {
    expect(faultsOf(both)).toEqual([]);
  });

  it('without the sentences of the engine', () => {
    const { [engine]: _, ...rest } = both;
    const faults = [
      'flows/aslikah.xx.yaml:1: The language xx has no engine.xx.yaml. Add it, with the sentences of the engine.',
    ];
    expect(faultsOf(rest)).toEqual(faults);
  });

  it('without the texts of one flow', () => {
    const { 'flows/menu.xx.yaml': _, ...rest } = both;
    expect(faultsOf(rest)).toEqual([
      'flows/menu.yaml:2: The flow "menu" has no texts in xx. Add menu.xx.yaml beside it.',
    ]);
  });

  it.each([
    [engine, /^ {2}undone: .*\n/m, '', ':2: The engine\'s "undone" is not there in xx. Add it to words.'],
    [
      engine,
      /^words:/m,
      'words:\n  hello: Halo',
      ':3: The engine says no "hello". Correct its spelling or remove it.',
    ],
    [
      engine,
      /(?<=^ {2}example: .*)\{\}/m,
      'X',
      ':4: The engine\'s "example" must have one {}. Put {} where the value stands.',
    ],
    [
      engine,
      /(?<=^ {2}yes: .*)Ya/m,
      '{}',
      'The engine\'s "yes" must have no {}. Put {} where the value stands.',
    ],
    [engine, /^ {2}persetujuan .*\n/m, '', 'is not there in xx. Add it to sentences.'],
    [
      'flows/petugas.xx.yaml',
      '{petugas.wilayah}',
      '{petugas.wilayahnya}',
      'No step saves "petugas.wilayahnya". Correct its spelling, or save it in a step before.',
    ],
    ['flows/menu.xx.yaml', 'Bapak/Ibu?', 'Bapak/Ibu.', 'Ask one question, at the end.'],
    ['flows/berhenti.xx.yaml', '¤a, berhenti', '¤a, berhenti menerima', 'is too long for a button'],
  ])('%s: %s becomes %j', (file, from, to, fault) => {
    expect(faultsOf(without(file, from, to)).join('\n')).toContain(fault);
  });
});

describe('a language that is spoken', () => {
  const program = compileOrThrow(
    {
      'mulai.yaml': `
flow: mulai
title: Mulai
fallback: true
steps:
  lahir: { ask: "Kapan Bapak/Ibu lahir?", input: date }
  setuju: { ask: "Apakah {lahir} benar?", input: yes-no }
  jawab: { end: "Tanggal {lahir}. Benar: {setuju}." }
`,
      'mulai.jv.yaml': `
language: jv
flow: mulai
title: Wiwit
steps:
  lahir: { ask: "Kapan miyosipun?" }
  setuju: { ask: "Menapa {lahir} sampun leres?" }
  jawab: { end: "Tanggal {lahir}. Leres: {setuju}." }
`,
      'engine.jv.yaml': spokenWords(),
    },
    'test',
    { ...world, actions: {} },
  );
  const talk = (language: string) =>
    playTranscripts(
      `
flow: mulai
given: { language: ${language} }
tests:
  - name: satu
    talk:
      - member: halo
      - bot: "Kapan miyosipun?"
      - member: bendino
      - bot: "Tanggalipun dereng saged kula waos. Kapan miyosipun?"
      - member: 31 februari 1970
      - bot: "Februari 1970 namung wonten 28 dinten. … Kapan miyosipun?"
      - member: 17-8-1970
      - bot: "Kula serat: *17 Agustus 1970*. Menapa 17 Agustus 1970 sampun leres? 1. Inggih 2. Mboten"
      - press: Inggih
      - bot: "Tanggal 17 Agustus 1970. Leres: Inggih."
`,
      program,
      regions,
    ).played.flatMap(({ failures }) => failures);

  it('is picked by the transcript, with sentences, values and buttons of its own', () => {
    expect(talk('jv')).toEqual([]);
    expect(talk('id')).not.toEqual([]);
  });
});
