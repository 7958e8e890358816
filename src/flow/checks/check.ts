import type { Fault } from '../fault.js';
import type { RawFlow } from '../parse.js';
import type { Flow, Program, Step } from '../program.js';
import type { Exit } from '../steps/step.js';

/** What a proof may look at. */
export interface Proving {
  readonly program: Program;
  readonly raws: readonly RawFlow[];
  /** Variables that need no writing. */
  readonly builtins: readonly string[];
}

/** One proof about a flow set: a name for the registry, and the faults it finds. */
export interface Check {
  readonly name: string;
  readonly run: (proving: Proving) => readonly Fault[];
}

/** A fault at a step. */
export function atStep(flow: Flow, step: Step, what: string, mend: string): Fault {
  return { file: flow.file, line: step.line, what, mend };
}

/** Runs a proof that looks at one flow at a time. */
export function perFlow(name: string, run: (flow: Flow, proving: Proving) => readonly Fault[]): Check {
  return {
    name,
    run: (proving) => [...proving.program.flows.values()].flatMap((flow) => run(flow, proving)),
  };
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
