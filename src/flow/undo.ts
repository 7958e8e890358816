import type { Answered } from './session.js';
import type { Next } from './steps/step.js';
import type { Walk } from './walk.js';

/**
 * KEMBALI: takes the last answer back, with what it saved, and asks it again. An answer that is only begun is begun anew.
 * What was already registered or sent cannot be taken back and is named.
 */
export function takeBack(walk: Walk): Next {
  const { wait, step } = walk.frame;
  if (wait?.partial !== null && wait?.partial !== undefined) return redo(walk, step);
  const fixed = lastEntry(walk)?.fixed ?? null;
  if (fixed !== null) return stay(walk, walk.words.fixed(fixed));
  const entry = walk.unsave();
  if (entry !== null) return asksAPerson(walk, entry) ? redo(walk, entry.step) : takeBack(walk);
  if (!walk.frame.called || walk.depth === 1) return stay(walk, walk.words.nothingToUndo);
  walk.close('left');
  return takeBack(walk);
}

function lastEntry(walk: Walk): Answered | undefined {
  return walk.frame.trail[walk.frame.trail.length - 1];
}

/** What an action saved is taken back together with the answer before it. */
function asksAPerson(walk: Walk, entry: Answered): boolean {
  return walk.flow.steps.get(entry.step)?.waits ?? false;
}

function redo(walk: Walk, step: string): Next {
  walk.facts.push({ kind: 'undone', flow: walk.frame.flow, step: walk.frame.step, to: step });
  if (walk.frame.detour?.back === step) walk.setDetour(null);
  walk.note(walk.words.undone);
  return step;
}

function stay(walk: Walk, why: string): Next {
  walk.note(why);
  walk.step.repeat?.(walk);
  return null;
}
