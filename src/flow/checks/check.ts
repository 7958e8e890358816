import type { ActionSignatures } from '../action.js';
import { bareWord } from '../always.js';
import type { Fault } from '../fault.js';
import type { InputKind } from '../inputs/input.js';
import type { RawFlow } from '../parse.js';
import type { Flow, Program, Step } from '../program.js';
import type { Exit } from '../steps/step.js';
import { fold } from '../text.js';
import type { EngineTexts, FlowTexts } from '../translation.js';

/** What a proof may look at. */
export interface Proving {
  readonly program: Program;
  readonly raws: readonly RawFlow[];
  /** Variables that need no writing. */
  readonly builtins: readonly string[];
  readonly actions: ActionSignatures;
  readonly inputs: Readonly<Record<string, InputKind>>;
  /** Every role there is, `anyone` left out. */
  readonly roles: readonly string[];
  /** The texts of flows and of the engine in other languages, as read. */
  readonly flowTexts: readonly FlowTexts[];
  readonly engineTexts: readonly EngineTexts[];
}

/** One proof about a flow set: a name for the registry, and the faults it finds. */
export interface Check {
  readonly name: string;
  readonly run: (proving: Proving) => readonly Fault[];
}

/** What a text starts at any moment: a flow, or `engine` for what the engine does itself; undefined when it is none of these words. */
export function alwaysMeans({ words, commands }: Program, text: string): string | undefined {
  const word = bareWord(fold(text));
  return words.get(word) ?? (commands.has(word) ? 'engine' : undefined);
}

/** A fault at a step. */
export function atStep(flow: Flow, step: Step, what: string, mend: string): Fault {
  return { file: flow.file, line: step.line, what, mend };
}

/** A fault at a word of a step. */
export function atKey(flow: Flow, step: Step, key: string, what: string, mend: string): Fault {
  return { file: flow.file, line: step.lineOf(key), what, mend };
}

/** A fault at a word of the head of a flow. */
export function atHead(raw: RawFlow, key: string, what: string, mend: string): Fault {
  return { file: raw.file, line: raw.lineOf([key]), what, mend };
}

/** Runs a proof that looks at one flow at a time. */
export function perFlow(name: string, run: (flow: Flow, proving: Proving) => readonly Fault[]): Check {
  return {
    name,
    run: (proving) => [...proving.program.flows.values()].flatMap((flow) => run(flow, proving)),
  };
}

/** Runs a proof that looks at one step at a time. */
export function perStep(
  name: string,
  run: (step: Step, flow: Flow, proving: Proving) => readonly Fault[],
): Check {
  return perFlow(name, (flow, proving) =>
    [...flow.steps.values()].flatMap((step) => run(step, flow, proving)),
  );
}

/** Every way out of a step: by what is answered, and by a timer when nobody does. */
export function waysOf(step: Step): readonly Exit[] {
  return [...step.exits, ...timersWays(step)];
}

function timersWays({ timers = [] }: Step): readonly Exit[] {
  return timers.flatMap((timer) => timer.exit ?? []);
}

/** The steps that can be gone to from a step. */
export function successors(flow: Flow, step: Step): readonly Step[] {
  return waysOf(step).flatMap((exit) => flow.steps.get(exit.target) ?? []);
}

/** The steps that come after a step although nobody says anything. */
export function waysByThemselves(flow: Flow, step: Step): readonly Step[] {
  const ways = step.waits ? timersWays(step) : step.exits;
  return ways.flatMap((exit) => flow.steps.get(exit.target) ?? []);
}

/** Every step that can be reached from a step, that one included. */
export function reachableFrom(flow: Flow, start: Step): ReadonlySet<Step> {
  const seen = new Set<Step>([start]);
  for (const step of seen) for (const next of successors(flow, step)) seen.add(next);
  return seen;
}

/** Names of variables. */
export type Names = ReadonlySet<string>;

/** What is certain of names once an exit is taken, from what was certain before. */
type Carry = (known: Names, exit: Exit) => Names;

const saved: Carry = (known, { writes }) => new Set([...known, ...writes]);
const filled: Carry = (known, { writes, fills = [], empties = [] }) =>
  new Set([...known, ...writes, ...fills].filter((name) => !empties.includes(name)));

/** The names certainly saved when each step is entered: those of every way to it. Steps nothing leads to are left out. */
export function savedBefore(flow: Flow): ReadonlyMap<string, Names> {
  return certainBefore(flow, saved);
}

/** The names that certainly have a value when each step is entered: saved, and not left out by skipping. */
export function filledBefore(flow: Flow): ReadonlyMap<string, Names> {
  return certainBefore(flow, filled);
}

function certainBefore(flow: Flow, carry: Carry): ReadonlyMap<string, Names> {
  const before = new Map<string, Names>([[flow.first, new Set()]]);
  const open = [flow.first];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const known = before.get(id) ?? new Set();
    const step = flow.steps.get(id);
    for (const exit of step === undefined ? [] : waysOf(step)) {
      if (narrowed(before, exit.target, carry(known, exit))) open.push(exit.target);
    }
  }
  return before;
}

/** Keeps at a step what is certain on this way too; whether less is certain now than before. */
function narrowed(before: Map<string, Names>, target: string, after: Names): boolean {
  const old = before.get(target);
  const met = old === undefined ? after : new Set([...old].filter((name) => after.has(name)));
  if (old !== undefined && met.size === old.size) return false;
  before.set(target, met);
  return true;
}
