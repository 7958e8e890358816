import type { ActionSignatures } from './action.js';
import { commandWords, longestOf, withSpellings } from './always.js';
import { checks } from './checks/index.js';
import { type Fault, FlowDefinitionError } from './fault.js';
import type { InputKind } from './inputs/input.js';
import { intentsOf } from './intents.js';
import { parseFlow, type RawFlow, type RawStep } from './parse.js';
import type { Flow, Program, Step } from './program.js';
import type { Building, StepBody } from './steps/step.js';
import { compileTemplate, resolveReference, type Scope, UnknownVariable } from './template.js';
import { buildTimers, type Timer } from './timers.js';
import type { ValueType } from './types.js';

/** The values flows are compiled against: handed in, so that the language knows nothing of the domain. */
export interface World {
  readonly inputs: Readonly<Record<string, InputKind>>;
  readonly actions: ActionSignatures;
  /** Values every flow may read without writing them, with their types. */
  readonly builtins: Readonly<Record<string, ValueType>>;
}

/** The sources of a flow set: file name → text. */
export type Sources = Readonly<Record<string, string>>;

/** A program, or every fault that keeps the set from running. */
export type Compiled =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Compiles and proves a flow set. `hash` names its content; it is made by the caller, who knows how to hash. */
export function compile(sources: Sources, hash: string, world: World): Compiled {
  const parsed = Object.entries(sources).map(([file, source]) => parseFlow(file, source));
  const malformed = parsed.flatMap((one) => (one.ok ? [] : one.faults));
  if (malformed.length > 0) return { ok: false, faults: malformed };
  const faults: Fault[] = [];
  const raws = parsed.flatMap((one) => (one.ok ? [one.flow] : []));
  const flows = new Map(raws.map((raw) => [raw.name, buildFlow(raw, world, faults)]));
  const program = assemble(raws, flows, hash);
  const proven = checks.flatMap((check) =>
    check.run({ program, raws, builtins: Object.keys(world.builtins) }),
  );
  const all = [...faults, ...proven].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return all.length > 0 ? { ok: false, faults: all } : { ok: true, program };
}

/** Like `compile`, for callers who cannot go on without a program. Throws `FlowDefinitionError` with every fault. */
export function compileOrThrow(sources: Sources, hash: string, world: World): Program {
  const compiled = compile(sources, hash, world);
  if (!compiled.ok) throw new FlowDefinitionError(compiled.faults);
  return compiled.program;
}

/**
 * Builds a flow set that was proved when it was published: newer proofs are not held against it. Flows that this Sapa can
 * no longer read (an action or an input is gone) are left out.
 */
export function rebuild(sources: Sources, hash: string, world: World): Program {
  const parsed = Object.entries(sources).map(([file, source]) => parseFlow(file, source));
  const built = parsed.flatMap((one) => {
    const faults: Fault[] = [];
    const flow = one.ok ? buildFlow(one.flow, world, faults) : null;
    return one.ok && flow !== null && faults.length === 0 ? [{ raw: one.flow, flow }] : [];
  });
  const flows = new Map(built.map(({ raw, flow }) => [raw.name, flow]));
  return assemble(
    built.map(({ raw }) => raw),
    flows,
    hash,
  );
}

function assemble(raws: readonly RawFlow[], flows: ReadonlyMap<string, Flow>, hash: string): Program {
  const words = withSpellings(new Map(raws.flatMap((raw) => raw.always.map((word) => [word, raw.name]))));
  const commands = withSpellings(commandWords);
  return {
    hash,
    flows,
    intents: intentsOf(raws.flatMap((raw) => raw.triggers.map((phrase) => ({ flow: raw.name, phrase })))),
    words,
    commands,
    signals: new Map(raws.flatMap((raw) => raw.signals.map((signal) => [signal, raw.name]))),
    longestWord: longestOf([...words.keys(), ...commands.keys()]),
    timed: [...flows.values()].some(isTimed),
    fallback: raws.find((raw) => raw.fallback)?.name ?? '',
    unsure: raws.find((raw) => raw.unsure)?.name ?? null,
    human: raws.find((raw) => raw.human)?.name ?? null,
  };
}

function isTimed({ timers, steps }: Flow): boolean {
  return timers.length > 0 || [...steps.values()].some((step) => (step.timers ?? []).length > 0);
}

function buildFlow(raw: RawFlow, world: World, faults: Fault[]): Flow {
  const types = declareAll(raw, world, faults);
  const scope: Scope = (name) => types.get(name) ?? world.builtins[name];
  const slots = new Map([...types.keys()].map((name, slot) => [name, slot]));
  const timers = flowTimers(raw, scope, faults);
  const bench = { world, scope, faults, timers };
  const steps = new Map(raw.steps.map((step, at) => [step.id, buildStep(raw, step, at, bench)]));
  return {
    name: raw.name,
    file: raw.file,
    title: raw.title,
    audience: raw.audience,
    optional: raw.optional,
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
  readonly scope: Scope;
  readonly faults: Fault[];
  readonly timers: readonly Timer[];
}

function buildStep(flow: RawFlow, step: RawStep, at: number, bench: Bench): Step {
  const building = buildingFor(flow, step, at, bench);
  const body: StepBody = step.kind.build(step.raw, building);
  const source = JSON.stringify(step.raw);
  return { id: step.id, line: flow.lineOf(['steps', step.id]), source, ...body };
}

function flowTimers(raw: RawFlow, scope: Scope, faults: Fault[]): readonly Timer[] {
  const template = templates(scope, faultsAt(raw, [], faults));
  return buildTimers(raw, { flow: raw.name, defaults: null, template });
}

function faultsAt(flow: RawFlow, path: readonly string[], faults: Fault[]): Building['fault'] {
  return (key, what, mend) => {
    faults.push({ file: flow.file, line: flow.lineOf([...path, key]), what, mend });
  };
}

function templates(scope: Scope, fault: Building['fault']): Building['template'] {
  return (text, key) =>
    guarded(
      () => compileTemplate(text, scope),
      (error) => reportText(error, key, fault),
    ) ?? plain(text);
}

function buildingFor(flow: RawFlow, step: RawStep, at: number, bench: Bench): Building {
  const { world, scope, faults } = bench;
  const fault = faultsAt(flow, ['steps', step.id], faults);
  const template = templates(scope, fault);
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
  return { source, references: [], render: () => source };
}

function reportText(error: unknown, key: string, fault: Building['fault']): void {
  if (error instanceof UnknownVariable) {
    fault(key, `No step saves "${error.reference}".`, 'Correct its spelling, or save it in a step before.');
    return;
  }
  const reason = error instanceof Error ? error.message : String(error);
  fault(key, `The text cannot be read: ${reason}.`, 'Check the braces: {name} or {name, select, …}.');
}
