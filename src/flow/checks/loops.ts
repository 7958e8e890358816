import type { Flow, Step } from '../program.js';
import { atStep, perFlow, successors } from './check.js';

/** No way leads in a circle without asking a person, and every step that waits has a way out. */
export const loops = perFlow('loops', (flow) => [
  ...[...flow.steps.values()]
    .filter((step) => !step.waits && comesBack(flow, step))
    .map((step) =>
      atStep(
        flow,
        step,
        `The step "${step.id}" comes back to itself without asking anything.`,
        'Put a question into the circle, or leave it.',
      ),
    ),
  ...[...flow.steps.values()]
    .filter((step) => step.exits.length === 0)
    .map((step) =>
      atStep(flow, step, `No answer leads out of the step "${step.id}".`, 'Say where an answer goes.'),
    ),
]);

function comesBack(flow: Flow, start: Step): boolean {
  const seen = new Set<Step>(successors(flow, start).filter((step) => !step.waits));
  for (const step of seen) for (const next of successors(flow, step)) if (!next.waits) seen.add(next);
  return seen.has(start);
}
