import type { ActionSignatures } from './action.js';
import { commandWords, shapeOf, withSpellings } from './always.js';
import type { Check } from './checks/check.js';
import { checks } from './checks/index.js';
import { type Fault, FlowDefinitionError } from './fault.js';
import type { InputKind } from './inputs/input.js';
import { type Example, intentsOf } from './intents.js';
import type { KnownOutlines } from './outline.js';
import { parseFlow, type RawFlow, type RawStep } from './parse.js';
import type { Flow, Program, Spoken, Step } from './program.js';
import { type Speech, speakingAction, speakingInput, speechOf, spokenTypes } from './speech.js';
import type { Building, StepBody } from './steps/step.js';
import { compileTemplate, resolveReference, type Scope, UnknownVariable } from './template.js';
import { fold } from './text.js';
import { buildTimers, type Timer } from './timers.js';
import {
  type EngineTexts,
  type FlowTexts,
  inOtherWords,
  isTexts,
  type ParsedTexts,
  parseTexts,
} from './translation.js';
import type { ValueType } from './types.js';
import { indonesian, type Wording } from './wording.js';

/** The values flows are compiled against: handed in, so that the language knows nothing of the domain. */
export interface World {
  readonly inputs: Readonly<Record<string, InputKind>>;
  readonly actions: ActionSignatures;
  /** Values every flow may read without writing them, with their types. */
  readonly builtins: Readonly<Record<string, ValueType>>;
  /** Every role a flow may be `for`. */
  readonly roles: readonly string[];
  /** What is known of files without reading them; absent: nothing. */
  readonly outlines?: KnownOutlines;
}

/** The sources of a flow set: file name → text. */
export type Sources = Readonly<Record<string, string>>;

/** A program, or every fault that keeps the set from running. */
export type Compiled =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** A flow as read and as built in Indonesian, with what was found wrong in building it. */
interface BuiltFlow {
  readonly ok: true;
  readonly raw: RawFlow;
  readonly flow: Flow;
  readonly flaws: readonly Fault[];
}

/** One file of a flow set by itself: a flow, texts in another language, or what keeps it from being either. */
export type Part = BuiltFlow | ParsedTexts;

/** What the files of a flow set say, before any proof. */
interface Read {
  readonly built: readonly BuiltFlow[];
  readonly raws: readonly RawFlow[];
  readonly flowTexts: readonly FlowTexts[];
  readonly engineTexts: readonly EngineTexts[];
  readonly faults: readonly Fault[];
}

/** Compiles and proves a flow set. `hash` names its content; it is made by the caller, who knows how to hash. */
export function compile(
  sources: Sources,
  hash: string,
  world: World,
  proofs: readonly Check[] = checks,
): Compiled {
  return compileParts(partsOf(sources, world), hash, world, proofs);
}

/** Like `compile`, for callers who compile many sets that differ in one file: the parts of the others are made once. */
export function compileParts(
  parts: readonly Part[],
  hash: string,
  world: World,
  proofs: readonly Check[] = checks,
): Compiled {
  const { built, ...read } = gathered(parts);
  if (read.faults.length > 0) return refused(read.faults);
  const faults = built.flatMap(({ flaws }) => flaws);
  const program = assemble(built, hash);
  const { inputs, actions, roles } = world;
  const proving = { ...read, program, inputs, actions, roles, builtins: Object.keys(world.builtins) };
  faults.push(...proofs.flatMap((check) => check.run(proving)));
  if (faults.length > 0) return refused(faults);
  const languages = new Map(
    read.engineTexts.map((texts) => [texts.language, spokenIn(read, texts, world, faults)]),
  );
  // Another language has the same steps, so every proof holds again but those about texts; they are told in its own files.
  for (const { flows: spoken } of languages.values())
    faults.push(
      ...proofs.flatMap((check) => check.run({ ...proving, program: { ...program, flows: spoken } })),
    );
  return faults.length > 0 ? refused(faults) : { ok: true, program: { ...program, languages } };
}

function refused(faults: readonly Fault[]): Compiled {
  const sorted = [...faults].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return { ok: false, faults: sorted };
}

function partsOf(sources: Sources, world: World): readonly Part[] {
  return Object.entries(sources).map(([file, source]) => partOf(file, source, world));
}

/** Reads one file of a flow set and builds the flow in it; what stands in the other files does not matter yet. */
export function partOf(file: string, source: string, world: World): Part {
  if (isTexts(file)) return parseTexts(file, source, world.outlines);
  const parsed = parseFlow(file, source, world.outlines);
  if (!parsed.ok) return parsed;
  const flaws: Fault[] = [];
  const flow = buildFlow(parsed.flow, world, indonesian, flaws);
  return { ok: true, raw: parsed.flow, flow, flaws };
}

function gathered(parts: readonly Part[]): Read {
  const built = parts.flatMap((one) => ('flow' in one ? [one] : []));
  return {
    built,
    raws: built.map(({ raw }) => raw),
    flowTexts: parts.flatMap((one) => ('flowTexts' in one ? [one.flowTexts] : [])),
    engineTexts: parts.flatMap((one) => ('engineTexts' in one ? [one.engineTexts] : [])),
    faults: parts.flatMap((one) => (one.ok ? [] : one.faults)),
  };
}

function flowsOf(
  raws: readonly RawFlow[],
  world: World,
  words: Wording,
  faults: Fault[],
): ReadonlyMap<string, Flow> {
  return new Map(raws.map((raw) => [raw.name, buildFlow(raw, world, words, faults)]));
}

function spokenIn(
  read: Pick<Read, 'raws' | 'flowTexts'>,
  texts: EngineTexts,
  world: World,
  faults: Fault[],
): Spoken {
  const speech = speechOf(texts);
  const raws = read.raws.map((raw) =>
    inLanguage(
      raw,
      read.flowTexts.find(({ flow, language }) => flow === raw.name && language === texts.language),
    ),
  );
  return { words: speech.words, flows: flowsOf(raws, speakingWorld(world, speech), speech.words, faults) };
}

function inLanguage(raw: RawFlow, texts: FlowTexts | undefined): RawFlow {
  if (texts === undefined) return raw;
  const { file, lineOf, title } = texts;
  const steps = raw.steps.map((step) => ({ ...step, raw: inOtherWords(step.raw, texts.steps[step.id]) }));
  const nudge = raw.nudge?.map((one, at) => ({ ...one, say: texts.nudge[at]?.say ?? one.say }));
  return { ...raw, file, lineOf, title, steps, nudge };
}

function speakingWorld(world: World, speech: Speech): World {
  const inputs = Object.entries(world.inputs).map(([name, kind]) => [name, speakingInput(kind, speech)]);
  const actions = Object.entries(world.actions).map(([name, one]) => [name, speakingAction(one, speech)]);
  return {
    ...world,
    inputs: Object.fromEntries(inputs),
    actions: Object.fromEntries(actions),
    builtins: spokenTypes(world.builtins, speech),
  };
}

/** Like `compile`, for callers who cannot go on without a program. Throws `FlowDefinitionError` with every fault. */
export function compileOrThrow(...given: Parameters<typeof compile>): Program {
  const compiled = compile(...given);
  if (!compiled.ok) throw new FlowDefinitionError(compiled.faults);
  return compiled.program;
}

/**
 * Builds a flow set that was proved when it was published: newer proofs are not held against it. Flows that this Sapa can
 * no longer read (an action or an input is gone) are left out, and so are languages it cannot.
 */
export function rebuild(sources: Sources, hash: string, world: World): Program {
  const { built, flowTexts, engineTexts } = gathered(partsOf(sources, world));
  const sound = built.filter(({ flaws }) => flaws.length === 0);
  const raws = sound.map(({ raw }) => raw);
  const languages = engineTexts.flatMap((texts): [string, Spoken][] => {
    const faults: Fault[] = [];
    const spoken = spokenIn({ raws, flowTexts }, texts, world, faults);
    return faults.length === 0 ? [[texts.language, spoken]] : [];
  });
  return { ...assemble(sound, hash), languages: new Map(languages) };
}

function examplesOf({ name, triggers, audience }: RawFlow): readonly Example[] {
  const few = !audience.includes('anyone');
  return triggers.map((phrase) => ({ flow: name, phrase, few }));
}

function assemble(built: readonly BuiltFlow[], hash: string): Program {
  const raws = built.map(({ raw }) => raw);
  const flows = new Map(built.map(({ raw, flow }) => [raw.name, flow]));
  const words = withSpellings(new Map(raws.flatMap((raw) => raw.always.map((word) => [word, raw.name]))));
  const commands = withSpellings(commandWords);
  const prefixes = new Map(raws.flatMap((raw) => raw.prefixes.map((word) => [fold(word), raw.name])));
  return {
    hash,
    flows,
    languages: new Map(),
    intents: intentsOf(raws.flatMap(examplesOf)),
    words,
    commands,
    prefixes,
    signals: new Map(raws.flatMap((raw) => raw.signals.map((signal) => [signal, raw.name]))),
    files: new Map(raws.flatMap((raw) => raw.files.map((kind) => [kind, raw.name]))),
    wordShape: shapeOf([...words.keys(), ...commands.keys()]),
    prefixShape: shapeOf(prefixes.keys()),
    timed: [...flows.values()].some(isTimed),
    fallback: raws.find((raw) => raw.fallback)?.name ?? '',
    unsure: raws.find((raw) => raw.unsure)?.name ?? null,
    human: raws.find((raw) => raw.human)?.name ?? null,
  };
}

function isTimed({ timers, steps }: Flow): boolean {
  return timers.length > 0 || [...steps.values()].some((step) => (step.timers ?? []).length > 0);
}

function buildFlow(raw: RawFlow, world: World, words: Wording, faults: Fault[]): Flow {
  const types = declareAll(raw, world, faults);
  const scope: Scope = (name) => types.get(name) ?? world.builtins[name];
  const slots = new Map([...types.keys()].map((name, slot) => [name, slot]));
  const timers = flowTimers(raw, scope, words, faults);
  const bench = { world, words, scope, faults, timers };
  const steps = new Map(raw.steps.map((step, at) => [step.id, buildStep(raw, step, at, bench)]));
  return {
    name: raw.name,
    file: raw.file,
    title: raw.title,
    audience: raw.audience,
    optional: raw.optional,
    openings: [...raw.always, ...raw.triggers],
    moved: raw.moved === null ? null : new Map(Object.entries(raw.moved)),
    timers,
    first: raw.steps[0]?.id ?? 'end',
    steps,
    slots,
    scope,
    line: raw.lineOf(['flow']),
  };
}

function declareAll(raw: RawFlow, world: World, faults: Fault[]): ReadonlyMap<string, ValueType> {
  const types = new Map<string, ValueType>();
  for (const { id, kind, raw: body } of raw.steps) {
    for (const [name, type] of Object.entries(kind.declares(body, { id, ...world }))) {
      const before = types.get(name);
      if (before !== undefined && before.name !== type.name)
        faults.push(twoTypes(raw, id, name, before, type));
      types.set(name, type);
    }
  }
  return types;
}

function twoTypes(raw: RawFlow, id: string, name: string, one: ValueType, other: ValueType): Fault {
  const what = `The variable "${name}" is ${one.name} elsewhere and ${other.name} here.`;
  return {
    file: raw.file,
    line: raw.lineOf(['steps', id]),
    what,
    mend: 'Save one of them under another name.',
  };
}

interface Bench {
  readonly world: World;
  readonly words: Wording;
  readonly scope: Scope;
  readonly faults: Fault[];
  readonly timers: readonly Timer[];
}

function buildStep(flow: RawFlow, step: RawStep, at: number, bench: Bench): Step {
  const building = buildingFor(flow, step, at, bench);
  const body: StepBody = step.kind.build(step.raw, building);
  const lineOf = (key: string) => flow.lineOf(['steps', step.id, key]);
  const source = JSON.stringify(step.raw);
  return { id: step.id, line: flow.lineOf(['steps', step.id]), lineOf, source, ...body };
}

function flowTimers(raw: RawFlow, scope: Scope, words: Wording, faults: Fault[]): readonly Timer[] {
  const template = templates(scope, words, faultsAt(raw, [], faults));
  return buildTimers(raw, { flow: raw.name, defaults: null, template });
}

function faultsAt(flow: RawFlow, path: readonly string[], faults: Fault[]): Building['fault'] {
  return (key, what, mend) => {
    faults.push({ file: flow.file, line: flow.lineOf([...path, key]), what, mend });
  };
}

function templates(scope: Scope, words: Wording, fault: Building['fault']): Building['template'] {
  return (text, key) =>
    guarded(
      () => compileTemplate(text, scope, words.empty),
      (error) => reportText(error, key, fault),
    ) ?? plain(text);
}

function buildingFor(flow: RawFlow, step: RawStep, at: number, bench: Bench): Building {
  const { world, words, scope, faults } = bench;
  const fault = faultsAt(flow, ['steps', step.id], faults);
  const template = templates(scope, words, fault);
  return {
    id: step.id,
    flow: flow.name,
    following: flow.steps[at + 1]?.id ?? 'end',
    scope,
    inputs: world.inputs,
    actions: world.actions,
    fault,
    template,
    timers: (raw) => buildTimers(raw, { flow: flow.name, defaults: bench.timers, template }),
    reference: (path, key) =>
      guarded(
        () => resolveReference(path, scope),
        (error) => reportText(error, key, fault),
      ),
  };
}

function guarded<T>(make: () => T, report: (error: unknown) => void): T | null {
  try {
    return make();
  } catch (error) {
    report(error);
    return null;
  }
}

function plain(source: string) {
  return { source, references: [], selects: [], render: () => source };
}

function reportText(error: unknown, key: string, fault: Building['fault']): void {
  if (error instanceof UnknownVariable) {
    fault(key, `No step saves "${error.reference}".`, 'Correct its spelling, or save it in a step before.');
    return;
  }
  const reason = error instanceof Error ? error.message : String(error);
  fault(key, `The text cannot be read: ${reason}.`, 'Check the braces: {name} or {name, select, …}.');
}
