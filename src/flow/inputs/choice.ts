import { z } from 'zod';
import { digitsFromLetters, fold, withinOneEdit } from '../text.js';
import { choiceType } from '../types.js';
import { isFiller } from '../words.js';
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

/** A choice to match a typed answer against; `also` are other words for it. */
export interface MatchableChoice {
  readonly id: string;
  readonly label: string;
  readonly also?: readonly string[] | undefined;
}

/** Which choice a text means: surely this one, perhaps one of these, or none. */
export type ChoiceMatch =
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'unsure'; readonly ids: readonly string[] }
  | { readonly kind: 'none' };

const none: ChoiceMatch = { kind: 'none' };
const shortestPart = 3;
/** In a name of so many letters one wrong letter leaves no doubt; "sama" may still be "nama" or a word of its own. */
const surelyMeant = 5;
const mostOffered = 5;
const numberWords = [
  'satu siji setunggal pertama kesatu',
  'dua loro kalih kedua',
  'tiga telu tigo ketiga',
  'empat papat sekawan keempat',
  'lima limo gangsal kelima',
  'enam enem nem keenam',
  'tujuh pitu ketujuh',
  'delapan wolu kedelapan',
  'sembilan songo sanga kesembilan',
  'sepuluh sedoso kesepuluh',
] as const;
const numberByWord: ReadonlyMap<string, number> = new Map(
  numberWords.flatMap((line, index) => line.split(' ').map((word): [string, number] => [word, index + 1])),
);
/** Words that may stand before the number of a choice. */
export const beforeNumber: ReadonlySet<string> = new Set(
  'no nomor nomer angka pilihan pilih yang yg ke saya pak bu jawaban'.split(' '),
);
const wordsAround: ReadonlySet<string> = new Set(
  'pilih pilihan yang yg di ke mau ingin atau dari untuk'.split(' '),
);

/** The choices as a list to match against, in the order in which they are numbered. */
export function entriesOf(choices: Choices): readonly MatchableChoice[] {
  return Object.entries(choices).map(([id, choice]) =>
    typeof choice === 'string' ? { id, label: choice } : { id, ...choice },
  );
}

/** Every folded text that is one choice: its label, its id, and its other words. */
export function namesOf(choice: MatchableChoice): readonly string[] {
  const names = [choice.label, choice.id, ...(choice.also ?? [])].map(fold);
  return [...new Set(names)].filter((name) => name !== '');
}

function isDistinct(choices: readonly MatchableChoice[]): boolean {
  const all = choices.flatMap(namesOf);
  return new Set(all).size === all.length && choices.every((choice) => fold(choice.label) !== '');
}

function numberIn(folded: string): number | undefined {
  const words = folded.split(' ').filter((word) => !beforeNumber.has(word));
  const [word] = words;
  if (word === undefined || words.length !== 1) return undefined;
  const digits = digitsFromLetters(word.replace(/^ke(?=\d)/, ''));
  return /^\d{1,2}$/.test(digits) ? Number(digits) : numberByWord.get(word);
}

function matchOf(ids: readonly string[], sure: boolean): ChoiceMatch {
  const [only] = ids;
  if (only === undefined) return none;
  if (sure && ids.length === 1) return { kind: 'one', id: only };
  return { kind: 'unsure', ids: ids.slice(0, mostOffered) };
}

type Test = (name: string) => boolean;

function idsWhere(choices: readonly MatchableChoice[], test: Test): readonly string[] {
  return choices.filter((choice) => namesOf(choice).some(test)).map(({ id }) => id);
}

/** A part counts only as whole words of a label in their order, or as its beginning: "hadir" must never mean "tidak hadir". */
function isPart(text: string): Test {
  return (name) => name.startsWith(text) || ` ${name} `.includes(` ${text} `);
}

/**
 * Finds the choice a typed text means: by its words, its number ("1.", "nomor satu", "yang pertama"), an unmistakable
 * part of its label, or with one letter wrong (unsure when the name is short).
 */
export function matchChoice(text: string, choices: readonly MatchableChoice[]): ChoiceMatch {
  const folded = fold(text);
  if (folded === '') return none;
  const exact = idsWhere(choices, (name) => name === folded);
  if (exact.length > 0) return matchOf(exact, true);
  const number = numberIn(folded);
  if (number !== undefined)
    return matchOf(
      choices.slice(number - 1, number).map(({ id }) => id),
      true,
    );
  return matchPart(folded, choices);
}

function matchPart(folded: string, choices: readonly MatchableChoice[]): ChoiceMatch {
  const meant = folded
    .split(' ')
    .filter((word) => !isFiller(word) && !wordsAround.has(word))
    .join(' ');
  if (meant.length < shortestPart) return none;
  const exact = idsWhere(choices, (name) => name === meant);
  if (exact.length > 0) return matchOf(exact, true);
  const parts = idsWhere(choices, isPart(meant));
  if (parts.length > 0) return matchOf(parts, true);
  return meant.length > shortestPart ? matchSlip(meant, folded, choices) : none;
}

/** A label may hold words that an answer would have around it ("Ada yang salah"), so the whole text is tried as well. */
function matchSlip(meant: string, folded: string, choices: readonly MatchableChoice[]): ChoiceMatch {
  const isNear = (name: string) => withinOneEdit(meant, name) || withinOneEdit(folded, name);
  const near = idsWhere(choices, isNear);
  const long = idsWhere(choices, (name) => name.length >= surelyMeant && isNear(name));
  return matchOf(near, long.length === near.length);
}

function labelsOf(settings: Options): Readonly<Record<string, string>> {
  return Object.fromEntries(entriesOf(settings.choices).map(({ id, label }) => [id, label]));
}

function parse(text: string, context: InputContext<Options>): Parsed {
  const choices = entriesOf(context.options.choices);
  const match = matchChoice(text, choices);
  if (match.kind === 'none')
    return again('Jawaban ini belum ada di antara pilihan. Mohon ketik salah satu pilihan atau nomornya.');
  if (match.kind === 'one') return chosen(text, match.id, choices);
  const candidates = choices
    .filter(({ id }) => match.ids.includes(id))
    .map(({ label }) => ({ label, answer: label }));
  return { kind: 'did-you-mean', question: 'Mana yang dimaksud?', candidates };
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
