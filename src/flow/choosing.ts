import { hinted } from './hinting.js';
import { type ChoiceMatch, type MatchableChoice, matchAnswer } from './matching.js';
import type { Choice } from './message.js';
import type { Answer } from './steps/step.js';

/** Words around a choice are no longer than this; what is longer tells a story. */
const longestAnswer = 300;

const none: ChoiceMatch = { kind: 'none' };

/** Which choice an answer means: by its button, its number, its words or nearly so, or a yes or no in any spelling. */
export function meant(answer: Answer, choices: readonly MatchableChoice[]): ChoiceMatch {
  if (answer.type === 'choice')
    return choices.some(({ id }) => id === answer.id) ? { kind: 'one', id: answer.id } : none;
  return answer.text.length > longestAnswer ? none : matchAnswer(answer.text, choices);
}

/** Which choice a sentence may mean that says more than its words: worth asking back, where it means none outright. */
export function perhapsMeant(answer: Answer, choices: readonly MatchableChoice[]): ChoiceMatch {
  return answer.type === 'text' ? hinted(answer.text, choices) : none;
}

/** The choice an answer surely means; null when there is none. */
export function surelyMeant(answer: Answer, choices: readonly Choice[]): Choice | null {
  const match = meant(answer, choices);
  return match.kind === 'one' ? (choices.find(({ id }) => id === match.id) ?? null) : null;
}

/** The choice an answer names outright: by its button, by its bare number, or by its whole label. */
export function named(answer: Answer, choices: readonly Choice[]): Choice | null {
  if (choices.length === 0) return null;
  if (answer.type === 'choice') return choices.find(({ id }) => id === answer.id) ?? null;
  const text = answer.text.trim();
  const number = /^\(?(\d{1,2})[.)]?$/.exec(text)?.[1];
  if (number !== undefined) return choices[Number(number) - 1] ?? null;
  const lower = text.toLowerCase();
  return choices.find(({ label }) => label.toLowerCase() === lower) ?? null;
}
