import type { Flow, Program, Step } from '../program.js';
import { fold } from '../text.js';
import { plain } from '../word-list.js';
import { answerWord } from '../words.js';
import { alwaysMeans, atStep, perStep } from './check.js';

/** Bold capitals are words for the reader to type (*CEK SK*). */
const toType = /\*(\p{Lu}[\p{Lu}\p{N} ]+)\*/gu;

/**
 * Every word a text tells the reader to type does something: it starts a flow, works everywhere, answers the question, or is
 * one that a step of this flow listens for.
 */
export const mentions = perStep('mentions', (step, flow, { program }) => {
  const texts = step.shows.map(({ template }) => template.source);
  const told = texts.flatMap((text) => [...text.matchAll(toType)].map(([, word = '']) => word));
  return told
    .filter((word) => !works(word, step, program) && !isHeard(word, flow))
    .map((word) =>
      atStep(
        flow,
        step,
        `The step "${step.id}" tells the reader to type *${word}*, which does nothing.`,
        'Name a word that starts a flow or works everywhere, or do not write it in bold capitals.',
      ),
    );
});

function works(word: string, step: Step, program: Program): boolean {
  if (alwaysMeans(program, word) !== undefined || program.intents.exact.has(plain(word))) return true;
  const answers = (step.spellings ?? []).flatMap((one) => one.words.map(fold));
  return step.waits && (answers.includes(fold(word)) || answerWord(word) !== 'unknown');
}

function isHeard(word: string, flow: Flow): boolean {
  return [...flow.steps.values()].some((step) => step.words?.some((known) => fold(known) === fold(word)));
}
