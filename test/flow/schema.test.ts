import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { actions } from '../../src/domain/actions.js';
import { inputs } from '../../src/flow/inputs/index.js';
import { isRecord, type Json } from '../../src/flow/json.js';
import { flowSchema, transcriptSchema } from '../../src/flow/schema.js';
import { stepKinds } from '../../src/flow/steps/index.js';
import { fixture } from './rig.js';

const signatures = Object.fromEntries(
  Object.entries(actions).map(([name, action]) => [name, action.signature]),
);
const flowFiles = flowSchema({ inputs, actions: signatures });
const testFiles = transcriptSchema();
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const isFlow = ajv.compile(flowFiles);
const isTest = ajv.compile(testFiles);

const files = readdirSync('flows').filter((name) => name.endsWith('.yaml'));
const read = (name: string) => readFileSync(`flows/${name}`, 'utf8');

describe('the shipped files', () => {
  it.each(files)('%s fits its schema, and names it in its first line', (name) => {
    const [valid, schema] = name.endsWith('.test.yaml')
      ? ([isTest, 'flow.test.schema.json'] as const)
      : ([isFlow, 'flow.schema.json'] as const);
    expect(valid(parse(read(name))) || valid.errors).toBe(true);
    expect(read(name).split('\n')[0]).toBe(`# yaml-language-server: $schema=./${schema}`);
  });

  it('stand beside schemas that are up to date (npx sapa flows schema writes them)', () => {
    const kept = (name: string): unknown => JSON.parse(readFileSync(`flows/${name}`, 'utf8'));
    expect(kept('flow.schema.json')).toEqual(flowFiles);
    expect(kept('flow.test.schema.json')).toEqual(testFiles);
  });
});

const flow = (steps: string, head = '') => `flow: a\ntitle: A\n${head}steps:\n${steps}`;

describe('a flow file', () => {
  it.each([
    ['a step of every kind, smallest', flow('  b: { say: Halo }\n  c: { end: true }\n  d: { flow: menu }\n')],
    ['settings of the input', flow('  b: { ask: "Kapan?", input: date, past: true, min-year: 1990 }\n')],
    ['a question that may be left out', flow('  b: { ask: "Apa?", input: text, skip: { label: Lewati } }\n')],
    [
      'choices with and without words beside',
      flow('  b: { ask: A, input: choice, choices: { x: X, y: { label: Y } } }\n'),
    ],
    ['an action that takes nothing', flow('  b: { do: contact.opt-in, outcomes: { done: end } }\n')],
    ['several roles', flow('  b: { end: true }\n', 'for: [chair, operator]\n')],
  ])('may have %s', (_name, source) => {
    expect(isFlow(parse(source)) || isFlow.errors).toBe(true);
  });

  it.each([
    ['no steps', flow('  {}\n')],
    ['no title', 'flow: a\nsteps:\n  b: { end: true }\n'],
    ['a name with capitals', flow('  b: { end: true }\n').replace('flow: a', 'flow: A')],
    ['a step with capitals', flow('  B: { end: true }\n')],
    ['a word nobody reads', flow('  b: { end: true }\n', 'trigger: [x]\n')],
    ['a word nobody reads in a step', flow('  b: { say: Halo, then: c }\n')],
    ['a step of no kind', flow('  b: { next: end }\n')],
    ['a step of two kinds', flow('  b: { say: Halo, end: true }\n')],
    ['an input there is not', flow('  b: { ask: "Apa?", input: colour }\n')],
    ['a setting of another input', flow('  b: { ask: "Apa?", input: person-name, past: true }\n')],
    ['a setting of the wrong sort', flow('  b: { ask: "Kapan?", input: date, past: sometimes }\n')],
    ['a setting that is missing', flow('  b: { ask: "Apa?", input: choice }\n')],
    ['an action there is not', flow('  b: { do: sk.find, outcomes: { found: end } }\n')],
    ['an outcome that is not bound', flow('  b: { do: handover.open, outcomes: { opened: end } }\n')],
    ['an outcome there is not', flow('  b: { do: contact.opt-in, outcomes: { done: end, no: end } }\n')],
    [
      'an action without what it takes',
      flow('  b: { do: nik.check, outcomes: { free: end, taken: end } }\n'),
    ],
    ['a choice without a label', flow('  b: { choose: "Apa?", choices: { x: { go: end } } }\n')],
    ['an end that says false', flow('  b: { end: false }\n')],
  ])('may not have %s', (_name, source) => {
    expect(isFlow(parse(source))).toBe(false);
  });

  /** What is wrong with one file by itself; what only a proof over the whole set can find, an editor lets pass. */
  const malformed = [
    'checks/actions',
    'form/header',
    'form/no-steps',
    'form/two-kinds',
    'form/unknown-key',
    'form/unknown-kind',
    'steps/ask',
  ];
  it.each(malformed)('of broken/%s is refused', (name) => {
    expect(isFlow(parse(fixture(`broken/${name}.yaml`)))).toBe(false);
  });
});

describe('a test file', () => {
  const test = (line: string, head = '') =>
    `flow: a\n${head}tests:\n  - name: x\n    talk:\n      - ${line}\n`;
  it.each([
    ['a number that is not there', test('member: hai', 'given: { nomor: null }\n')],
    [
      'answers in turn',
      test('bot: "…"', 'actions: { sk.find: [unknown, { outcome: found, sk: { nomor: "1" } }] }\n'),
    ],
  ])('may have %s', (_name, source) => {
    expect(isTest(parse(source)) || isTest.errors).toBe(true);
  });

  it.each([
    ['a line of no kind', test('say: hai')],
    ['a line of two kinds', test('{ member: hai, bot: hai }')],
    ['an answer without its outcome', test('bot: "…"', 'actions: { sk.find: { sk: { nomor: "1" } } }\n')],
    ['no talk', 'flow: a\ntests:\n  - name: x\n    talk: []\n'],
    ['a word nobody reads', test('member: hai', 'about: nothing\n')],
  ])('may not have %s', (_name, source) => {
    expect(isTest(parse(source))).toBe(false);
  });
});

/** Where a schema names a key without saying what it means. */
function unexplained(schema: Json, path = ''): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((part, at) => unexplained(part, `${path}/${at}`));
  if (!isRecord(schema)) return [];
  const properties = isRecord(schema.properties) ? Object.entries(schema.properties) : [];
  const free = path.endsWith('/outcomes') || path.endsWith('/with');
  const silent = properties.filter(([, part]) => !isRecord(part) || (part.description ?? '') === '');
  return [
    ...(free ? [] : silent.map(([key]) => `${path}/${key}`)),
    ...Object.entries(schema).flatMap(([key, part]) =>
      unexplained(part, key === 'properties' ? path : `${path}/${key}`),
    ),
  ];
}

describe('the schemas', () => {
  it('say in words what every key means (describe it beside its zod schema)', () => {
    expect(unexplained(flowFiles)).toEqual([]);
    expect(unexplained(testFiles)).toEqual([]);
  });

  it('know every kind of step, every input and every action', () => {
    const text = JSON.stringify(flowFiles);
    for (const { key } of stepKinds) expect(text).toContain(`"required":["${key}"`);
    for (const name of [...Object.keys(inputs), ...Object.keys(actions)])
      expect(text).toContain(`"const":"${name}"`);
  });
});
