import type { Flow } from '../program.js';
import { alwaysMeans, atStep, perStep } from './check.js';

/**
 * No choice is known by a word that always works, for that word never reaches the question. A label may be one, when the
 * choice leads to the very flow the word starts.
 */
export const swallowed = perStep('swallowed', (step, flow, { program }) =>
  (step.spellings ?? []).flatMap(({ words, target }) =>
    words
      .filter((word, at) => {
        const means = alwaysMeans(program, word);
        return means !== undefined && !(at === 0 && leadsTo(means, target, flow));
      })
      .map((word) =>
        atStep(
          flow,
          step,
          `"${word}" never reaches the question "${step.id}": that word works everywhere.`,
          'Use another word for this choice.',
        ),
      ),
  ),
);

function leadsTo(opened: string, target: string, flow: Flow): boolean {
  return flow.steps.get(target)?.calls.includes(opened) === true;
}
