import type { Program, Step } from './program.js';
import type { Session } from './session.js';
import type { Exit } from './steps/step.js';
import { type Env, timerWay } from './walk.js';

/** How much of something was walked. */
export interface Share {
  readonly walked: number;
  readonly of: number;
}

/** A step nobody reached (`exit` null), or a way out that nobody took, and where it stands; `step` is null for one of the whole flow. */
export interface Uncovered {
  readonly file: string;
  readonly line: number;
  readonly step: string | null;
  readonly exit: string | null;
}

/** How much of one flow was walked: its steps, and the ways out of them (answers, choices, outcomes of actions). */
export interface FlowCoverage {
  readonly flow: string;
  readonly steps: Share;
  readonly outcomes: Share;
  readonly missing: readonly Uncovered[];
}

/** Remembers where conversations went. Give `trace` to the engine, and `rest` every session it leaves. */
export class Visits {
  readonly #program: Program;
  readonly #seen = new Set<string>();

  constructor(program: Program) {
    this.#program = program;
  }

  readonly trace: NonNullable<Env['trace']> = (flow, from, to, exit) => {
    const exits = this.#program.flows.get(flow)?.steps.get(from)?.exits ?? [];
    const taken =
      exit === null ? exits.filter(({ target }) => target === to).map(({ name }) => name) : [exit];
    this.#seen.add(stepKey(flow, from));
    for (const name of taken) this.#seen.add(exitKey(flow, from, name)).add(exitKey(flow, anyStep, name));
  };

  /** The steps a conversation stands at were reached too. */
  rest({ frames }: Session): void {
    for (const { flow, step } of frames) this.#seen.add(stepKey(flow, step));
  }

  /** Whether a conversation came to a step. */
  reached(flow: string, step: string): boolean {
    return this.#seen.has(stepKey(flow, step));
  }

  /** What was walked of every flow, by name. */
  coverage(): readonly FlowCoverage[] {
    const names = [...this.#program.flows.keys()].sort();
    return names.map((name) => this.#coverageOf(name));
  }

  #coverageOf(name: string): FlowCoverage {
    const flow = this.#program.flows.get(name);
    const steps = [...(flow?.steps.values() ?? [])];
    const missing = steps.flatMap((step) => this.#missingAt(name, flow?.file ?? '', step));
    const unreached = missing.filter(({ exit }) => exit === null).length;
    // The ways out of a step nobody reached are not named one by one, but they count.
    const ways = steps.flatMap((step) => exitsOf(step).map((exit) => exitKey(name, step.id, exit)));
    const always = (flow?.timers ?? []).map((timer) => timerWay(timer.name));
    const never = always.filter((exit) => !this.#seen.has(exitKey(name, anyStep, exit)));
    const at = { file: flow?.file ?? '', line: flow?.line ?? 1, step: null };
    return {
      flow: name,
      steps: { walked: steps.length - unreached, of: steps.length },
      outcomes: {
        walked: ways.filter((way) => this.#seen.has(way)).length + always.length - never.length,
        of: ways.length + always.length,
      },
      missing: [...missing, ...never.map((exit) => ({ ...at, exit }))],
    };
  }

  #missingAt(flow: string, file: string, step: Step): readonly Uncovered[] {
    const at = { file, line: step.line, step: step.id };
    if (!this.reached(flow, step.id)) return [{ ...at, exit: null }];
    return exitsOf(step)
      .filter((exit) => !this.#seen.has(exitKey(flow, step.id, exit)))
      .map((exit) => ({ ...at, exit }));
  }
}

/** What a flow says for all its questions is walked when it happens at any of them; no step has that name. */
const anyStep = '';

/** The ways out of a step itself, and what it says for when nobody answers. */
function exitsOf({ exits, timers = [] }: Step): readonly Exit['name'][] {
  const ways = exits.filter(({ later }) => later !== true).map(({ name }) => name);
  return [...new Set(ways), ...timers.filter(({ own }) => own).map(({ name }) => timerWay(name))];
}

function stepKey(flow: string, step: string): string {
  return `${flow} ${step}`;
}

function exitKey(flow: string, step: string, exit: string): string {
  return `${flow} ${step} ${exit}`;
}
