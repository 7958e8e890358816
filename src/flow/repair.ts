import { matchPhrase } from './opening.js';
import type { Prompt } from './session.js';
import type { Next } from './steps/step.js';
import type { Walk } from './walk.js';

/** What a step knows that helps when an answer was not understood. */
export interface Help {
  readonly reason: string;
  readonly example: string | null;
  readonly prompt: Prompt;
}

/** After this many misunderstood answers in a row a human is asked to take over. */
const humanAfter = 3;

/**
 * An answer was not understood. The wording helps more each time: the reason; then an example and the numbers; the third
 * time a human. At the beginning of a conversation a phrase that opens another flow is taken for that instead.
 */
export function repair(walk: Walk, help: Help, heard: string): Next {
  const opened = openInstead(walk, heard);
  if (opened !== null) return opened;
  const tries = walk.countMistake(help.reason);
  if (tries === humanAfter && walk.program.human !== null && !walk.isOpen(walk.program.human)) {
    walk.note(walk.words.humanComes);
    return walk.open(walk.program.human, 'repair');
  }
  walk.note(help.reason);
  if (tries > 1 && help.example !== null) walk.note(walk.words.example(help.example));
  walk.ask(help.prompt, {}, true);
  return null;
}

/** While only the opening flow is on the stack, nothing can be lost by going where the person asks. */
function openInstead(walk: Walk, heard: string): Next {
  if (walk.depth > 1 || walk.frame.flow !== walk.program.fallback) return null;
  const opening = matchPhrase(walk.program, heard, walk.env.roles);
  if (opening === null || opening === walk.frame.flow) return null;
  walk.close('left');
  return walk.open(opening, 'trigger');
}
