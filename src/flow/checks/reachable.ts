import { atStep, perFlow, reachableFrom } from './check.js';

/** Every step can be reached from the first one. */
export const reachable = perFlow('reachable', (flow) => {
  const first = flow.steps.get(flow.first);
  const seen = first === undefined ? new Set() : reachableFrom(flow, first);
  return [...flow.steps.values()]
    .filter((step) => !seen.has(step))
    .map((step) =>
      atStep(
        flow,
        step,
        `Nothing leads to the step "${step.id}".`,
        'Go there from another step, or remove it.',
      ),
    );
});
