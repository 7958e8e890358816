import type { Flow, Step } from '../program.js';
import { atStep, perStep, successors } from './check.js';

/** Every question has a way out: some answer leads from it to the end of its flow. */
export const waysOut = perStep('ways-out', (step, flow) => {
  if (!step.waits) return [];
  if (step.exits.length === 0)
    return [atStep(flow, step, `No answer leads out of the step "${step.id}".`, 'Say where an answer goes.')];
  if (leadsOut(flow, step)) return [];
  const what = `From the step "${step.id}" no way leads to the end of the flow.`;
  return [atStep(flow, step, what, 'Lead one of the ways out of the circle.')];
});

/** Goes no further than the first way that leads out: most questions have one near. */
function leadsOut(flow: Flow, start: Step): boolean {
  const seen = new Set([start]);
  for (const step of seen) {
    if (leavesAt(flow, step)) return true;
    for (const next of successors(flow, step)) seen.add(next);
  }
  return false;
}

/** A way to a step that does not exist, or out of one that has no way, is told by itself and counts as one here. */
function leavesAt(flow: Flow, { exits }: Step): boolean {
  return exits.length === 0 || exits.some(({ target }) => !flow.steps.has(target));
}
