import type { Flow, Program, Step } from '../program.js';
import { atStep, perStep, successors } from './check.js';

/** No way leads in a circle without asking a person. */
export const circles = perStep('circles', (step, flow, { program }) =>
  step.waits || !comesBack(program, flow, step)
    ? []
    : [
        atStep(
          flow,
          step,
          `The step "${step.id}" comes back to itself without asking anything.`,
          'Put a question into the circle, or leave it.',
        ),
      ],
);

function comesBack(program: Program, flow: Flow, start: Step): boolean {
  const seen = new Map<Step, Flow>(silentAfter(program, flow, start));
  for (const [step, where] of seen) {
    for (const [next, at] of silentAfter(program, where, step)) if (!seen.has(next)) seen.set(next, at);
  }
  return seen.has(start);
}

/** What may come next without anybody being asked: the steps after this one, and the first one of a flow it goes through. */
function silentAfter(program: Program, flow: Flow, step: Step): readonly (readonly [Step, Flow])[] {
  const called = step.calls.flatMap((name) => program.flows.get(name) ?? []);
  const within = successors(flow, step).map((next) => [next, flow] as const);
  const beyond = called.flatMap((other) => {
    const first = other.steps.get(other.first);
    return first === undefined ? [] : [[first, other] as const];
  });
  return [...within, ...beyond].filter(([next]) => !next.waits);
}
