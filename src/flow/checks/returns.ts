import type { Flow, Program } from '../program.js';
import { atStep, perStep, reachableFrom } from './check.js';

/** A flow that is gone through and is to be come back from does come back: one of its ends leaves the caller open. */
export const returns = perStep('returns', (step, flow, { program }) => {
  if (step.exits.every(({ target }) => target === 'end')) return [];
  return step.calls
    .filter((name) => !comesBack(program, name))
    .map((name) =>
      atStep(
        flow,
        step,
        `The step "${step.id}" goes on after the flow "${name}", which never comes back.`,
        `Give ${name} an end without closes: all, or put next: end here.`,
      ),
    );
});

function comesBack(program: Program, name: string): boolean {
  const flow = program.flows.get(name);
  // Flows and steps that do not exist are told by themselves.
  const first = flow?.steps.get(flow.first);
  return flow === undefined || first === undefined || endsHere(flow, first);
}

function endsHere(flow: Flow, first: NonNullable<ReturnType<Flow['steps']['get']>>): boolean {
  return [...reachableFrom(flow, first)].some(({ exits }) =>
    exits.some(({ target, givesUp }) => givesUp !== true && !flow.steps.has(target)),
  );
}
