import { atStep, perStep } from './check.js';

/** A step that waits for an answer asks one question, and the question comes last; one that only listens asks nothing. */
export const questions = perStep('questions', (step, flow) => {
  // What else it shows is said before.
  const asked = step.shows.at(-1);
  if (!step.waits || step.listens || asked === undefined || asksOnce(asked.template.source)) return [];
  const what = `The step "${step.id}" waits for an answer, but its text does not end with its only question mark.`;
  return [atStep(flow, step, what, 'Ask one question, at the end.')];
});

function asksOnce(text: string): boolean {
  return text.indexOf('?') === text.length - 1;
}
