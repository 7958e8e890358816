import type { Fault } from '../fault.js';
import type { Flow, Step } from '../program.js';
import type { Branching } from '../steps/step.js';
import { atKey, perStep } from './check.js';

/** Every outcome of an action and every value decided by leads somewhere, and nothing is bound that never comes. */
export const outcomes = perStep('outcomes', (step, flow) =>
  step.branches === undefined
    ? []
    : [...unbound(step, flow, step.branches), ...neverComing(step, flow, step.branches)],
);

function unbound(step: Step, flow: Flow, { key, noun, of, known, bound, rest }: Branching): readonly Fault[] {
  if (rest) return [];
  if (known === null) {
    const what = `Only some values of ${of} lead somewhere.`;
    return [atKey(flow, step, key, what, 'Add otherwise: STEP for all others.')];
  }
  return known
    .filter((name) => !bound.includes(name))
    .map((name) =>
      atKey(flow, step, key, `The ${noun} "${name}" of ${of} leads nowhere.`, `Add ${name}: STEP to ${key}.`),
    );
}

function neverComing(
  step: Step,
  flow: Flow,
  { key, noun, of, known, spare, bound }: Branching,
): readonly Fault[] {
  if (known === null) return [];
  const possible = [...known, ...spare];
  return bound
    .filter((name) => !possible.includes(name))
    .map((name) =>
      atKey(flow, step, key, `${of} has no ${noun} "${name}".`, `Use one of: ${possible.join(', ')}.`),
    );
}
