import type { Answered, Wait } from './session.js';
import type { Next } from './steps/step.js';
import type { Walk } from './walk.js';

/**
 * KEMBALI: takes the last answer back, with what it saved, and asks it again. An answer that is only begun is begun anew.
 * At the first question of an interruption it goes back to what was interrupted. What was already registered or sent
 * cannot be taken back and is named.
 */
export function takeBack(walk: Walk): Next {
  const { wait, step } = walk.frame;
  if (wait !== null && isBegun(wait)) return redo(walk, step);
  const fixed = walk.lastAnswered?.fixed ?? null;
  if (fixed !== null) return stay(walk, walk.words.fixed(fixed));
  const entry = walk.unsave();
  if (entry !== null) return asksAPerson(walk, entry) ? redo(walk, entry.step) : takeBack(walk);
  if (walk.depth === 1) return stay(walk, walk.words.nothingToUndo);
  const { called } = walk.close('left');
  return called ? takeBack(walk) : stay(walk, walk.words.undone);
}

/** A part of the answer was given, or what was given is asked back ("did you mean", "is this right"). */
function isBegun({ partial, offers }: Wait): boolean {
  return partial !== null || offers !== null;
}

/** What an action saved is taken back together with the answer before it. */
function asksAPerson(walk: Walk, entry: Answered): boolean {
  return walk.flow.steps.get(entry.step)?.waits ?? false;
}

function redo(walk: Walk, step: string): Next {
  walk.facts.push({ kind: 'undone', flow: walk.frame.flow, step: walk.frame.step, to: step });
  walk.note(walk.words.undone);
  return step;
}

function stay(walk: Walk, why: string): Next {
  walk.note(why);
  walk.step.repeat?.(walk);
  return null;
}
