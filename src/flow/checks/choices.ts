import type { Fault } from '../fault.js';
import { fold } from '../text.js';
import { atStep, perStep } from './check.js';

/** Nothing that may be typed for one choice of a question means another of its choices too; two equal labels are told by `labels`. */
export const choices = perStep('choices', (step, flow) => {
  const owners = new Map<string, Owner>();
  const faults: Fault[] = [];
  for (const { choice, words } of step.spellings ?? []) {
    for (const [at, word] of words.entries()) {
      const own = { choice, isLabel: at === 0 };
      const owner = owners.get(fold(word)) ?? own;
      owners.set(fold(word), owner);
      if (owner.choice === choice || (owner.isLabel && own.isLabel)) continue;
      const what = `"${word}" means both "${owner.choice}" and "${choice}".`;
      faults.push(atStep(flow, step, what, 'Let it stand at one of them.'));
    }
  }
  return faults;
});

interface Owner {
  readonly choice: string;
  readonly isLabel: boolean;
}
