import { z } from 'zod';
import { hinted } from '../hinting.js';
import { type MatchableChoice, matchAnswer, namesOf } from '../matching.js';
import { fold } from '../text.js';
import { choiceType } from '../types.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const labelled = z.strictObject({
  label: z.string().describe('What stands on the button.'),
  also: z.array(z.string()).optional().describe('Other words people use for it.'),
});
type Choices = Readonly<Record<string, string | z.infer<typeof labelled>>>;
/** The choices of an input, by id: a label, or a label with other words for it; no word may mean two of them. */
export const choicesSchema = z
  .record(z.string(), z.union([z.string(), labelled]))
  .refine((choices) => Object.keys(choices).length > 0, 'there must be at least one choice')
  .refine(
    (choices) => isDistinct(entriesOf(choices)),
    'every label and synonym must belong to one choice only',
  )
  .describe('What is offered, each under the id that is saved.');
const options = z.strictObject({ choices: choicesSchema });
type Options = z.infer<typeof options>;

/** The choices as a list to match against, in the order in which they are numbered. */
export function entriesOf(choices: Choices): readonly MatchableChoice[] {
  return Object.entries(choices).map(([id, choice]) =>
    typeof choice === 'string' ? { id, label: choice } : { id, ...choice },
  );
}

function isDistinct(choices: readonly MatchableChoice[]): boolean {
  const all = choices.flatMap(namesOf);
  return new Set(all).size === all.length && choices.every((choice) => fold(choice.label) !== '');
}

function labelsOf(settings: Options): Readonly<Record<string, string>> {
  return Object.fromEntries(entriesOf(settings.choices).map(({ id, label }) => [id, label]));
}

function parse(text: string, context: InputContext<Options>): Parsed {
  const choices = entriesOf(context.options.choices);
  const said = matchAnswer(text, choices);
  const match = said.kind === 'none' ? hinted(text, choices) : said;
  if (match.kind === 'none')
    return again('Jawaban ini belum ada di antara pilihan. Mohon ketik salah satu pilihan atau nomornya.');
  if (match.kind === 'one') return chosen(text, match.id, choices);
  return askBack(choices.filter(({ id }) => match.ids.includes(id)));
}

function askBack(choices: readonly MatchableChoice[]): Parsed {
  const candidates = choices.map(({ label }) => ({ label, answer: label }));
  const [only, ...others] = candidates;
  const question =
    only !== undefined && others.length === 0
      ? `Apakah yang Bapak/Ibu maksud *${only.label}*?`
      : 'Mana yang dimaksud?';
  return { kind: 'did-you-mean', question, candidates };
}

function chosen(text: string, id: string, choices: readonly MatchableChoice[]): Parsed {
  const label = choices.find((choice) => choice.id === id)?.label ?? id;
  return { kind: 'ok', value: id, readback: fold(text) === fold(label) ? null : label };
}

/** What may be typed for each choice, its label first. */
export function spellingsOf(choices: Choices) {
  return entriesOf(choices).map(({ id, label, also = [] }) => ({ choice: id, words: [label, ...also] }));
}

/** One of a few fixed choices, by number or by words; the value is the id of the choice. */
export const choice: InputKind<Options> = {
  name: 'choice',
  options,
  type: (settings) => choiceType(labelsOf(settings)),
  example: (settings) => entriesOf(settings.choices)[0]?.label ?? '',
  choices: (settings) => entriesOf(settings.choices).map(({ id, label }) => ({ id, label })),
  texts: ['choices.*', 'choices.*.label'],
  spellings: ({ choices }) => spellingsOf(choices),
  parse: reading(parse),
};
