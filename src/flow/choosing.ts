import { type ChoiceMatch, type MatchableChoice, matchChoice } from './inputs/choice.js';
import type { Choice } from './message.js';
import type { Answer } from './steps/step.js';
import { answerWord } from './words.js';

/** Words around a choice are no longer than this; what is longer tells a story. */
const longestAnswer = 300;

/**
 * Which choice an answer means: by its button, its number, its words or nearly so. A yes or a no in any spelling ("nggih",
 * "mboten") means the choice called `ya` or `tidak`, by its id, its label or another word for it.
 */
export function meant(answer: Answer, choices: readonly MatchableChoice[]): ChoiceMatch {
  if (answer.type === 'choice') {
    return choices.some(({ id }) => id === answer.id) ? { kind: 'one', id: answer.id } : { kind: 'none' };
  }
  if (answer.text.length > longestAnswer) return { kind: 'none' };
  const match = matchChoice(answer.text, choices);
  if (match.kind !== 'none') return match;
  const said = answerWord(answer.text);
  if (said === 'yes') return matchChoice('ya', choices);
  return said === 'no' ? matchChoice('tidak', choices) : match;
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
