import { z } from 'zod';
import type { Json } from '../json.js';
import { beforeNumber, type MatchableChoice, matchChoice, namesOf } from '../matching.js';
import { readNumber } from '../numerals.js';
import { fold } from '../text.js';
import { textType, type ValueType } from '../types.js';
import { isFiller } from '../words.js';
import { choicesSchema, entriesOf, spellingsOf } from './choice.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const allWords: ReadonlySet<string> = new Set(
  'semua semuanya seluruhnya semuane sedaya sedoyo sedayanipun kabeh kabehe'.split(' '),
);
const noneWords: ReadonlySet<string> = new Set([
  'tidak ada',
  'tdk ada',
  'gak ada',
  'ga ada',
  'nggak ada',
  'ndak ada',
  'mboten wonten',
  'mboten enten',
  'ora ono',
  'ora ana',
  'tidak satu pun',
  'tidak satupun',
]);
const none = { id: 'tidak-ada', label: 'Tidak ada' } as const;

const options = z
  .strictObject({
    choices: choicesSchema,
    min: z.number().int().min(0).default(1).describe('The fewest choices to take; 0 lets people take none.'),
    max: z.number().int().positive().optional().describe('The most choices to take; all when left out.'),
  })
  .refine(
    ({ choices, min, max = Number.POSITIVE_INFINITY }) => min <= Math.min(max, Object.keys(choices).length),
    'min must not be more than max or than there are choices',
  )
  .refine(
    ({ choices }) => entriesOf(choices).every((choice) => namesOf(choice).every((name) => !isReserved(name))),
    'words for all or none of them belong to the input itself',
  );
type Options = z.infer<typeof options>;

/** What one part of the answer means: some choices, perhaps one of a few, or nothing known. */
type Part =
  | { readonly kind: 'known'; readonly ids: readonly string[] }
  | { readonly kind: 'unsure'; readonly ids: readonly string[] }
  | { readonly kind: 'unknown'; readonly text: string };

/** What may stand between two choices, the surest first: a label may itself hold "dan" or several words. */
const commas = /[,;\n\r\u2028\u2029]+/u;
const joiners = /\s+(?:dan|serta|lan|karo|sama|juga|plus)\s+|\s*[&+/]\s*/iu;
const spaces = /\s+/u;
const longestShown = 40;

function isReserved(name: string): boolean {
  return allWords.has(name) || noneWords.has(name);
}

/** The answer without words like "saya", "pak", "pilih". */
function bare(text: string): string {
  const words = fold(text).split(' ');
  return words.filter((word) => allWords.has(word) || !(isFiller(word) || beforeNumber.has(word))).join(' ');
}

function partsOf(raw: string, choices: readonly MatchableChoice[]): readonly Part[] {
  const whole = partOf(raw, choices);
  return whole.kind === 'known'
    ? [whole]
    : splitBy(commas, raw).flatMap((part) => joinedParts(part, choices));
}

function splitBy(separator: RegExp, text: string): readonly string[] {
  return text.split(separator).filter((part) => fold(part) !== '');
}

function joinedParts(text: string, choices: readonly MatchableChoice[]): readonly Part[] {
  const whole = partOf(text, choices);
  const parts = whole.kind === 'known' ? [text] : splitBy(joiners, text.replace(/^\s*dan\s/iu, ''));
  return parts.flatMap((part) => numbersOrPart(part, choices));
}

/** "1 3 4": blanks part numbers only, for a label may have several words. */
function numbersOrPart(text: string, choices: readonly MatchableChoice[]): readonly Part[] {
  const words = splitBy(spaces, text).filter((word) => !beforeNumber.has(fold(word)));
  const numbers = words.length > 1 && words.every((word) => readNumber(word).kind === 'number');
  return numbers ? words.map((word) => partOf(word, choices)) : [partOf(text, choices)];
}

function partOf(text: string, choices: readonly MatchableChoice[]): Part {
  const match = matchChoice(text, choices);
  if (match.kind === 'none') return { kind: 'unknown', text: text.trim() };
  return match.kind === 'one' ? { kind: 'known', ids: [match.id] } : { kind: 'unsure', ids: match.ids };
}

/** The chosen ids in the order of the choices, each once. */
function orderedIds(ids: readonly string[], choices: readonly MatchableChoice[]): readonly string[] {
  return choices.map(({ id }) => id).filter((id) => ids.includes(id));
}

function parse(_text: string, { options: settings }: InputContext<Options>, raw: string): Parsed {
  const choices = entriesOf(settings.choices);
  const said = bare(raw);
  if (allWords.has(said))
    return taken(
      choices.map(({ id }) => id),
      settings,
    );
  if (noneWords.has(said) || isNoneNumber(said, settings)) return taken([], settings);
  const parts = partsOf(raw, choices);
  const unknown = parts.find((part) => part.kind === 'unknown');
  if (unknown !== undefined || parts.length === 0) return again(notFound(unknown?.text ?? ''));
  const known = parts.flatMap((part) => (part.kind === 'known' ? part.ids : []));
  const unsure = parts.filter((part) => part.kind === 'unsure');
  const [first, ...others] = unsure;
  if (first === undefined) return taken(known, settings);
  return others.length === 0 ? oneUnsure(first.ids, known, settings) : again(notFound(''));
}

/** "Tidak ada" stands last in the list and has its number, where it may be chosen. */
function isNoneNumber(said: string, settings: Options): boolean {
  return settings.min === 0 && said === String(Object.keys(settings.choices).length + 1);
}

function notFound(part: string): string {
  const what = part === '' || part.length > longestShown ? 'Jawaban ini' : `“${part}”`;
  return `${what} belum ada di antara pilihan. Mohon ketik nomor-nomor pilihannya.`;
}

function taken(ids: readonly string[], settings: Options): Parsed {
  const choices = entriesOf(settings.choices);
  const value = orderedIds(ids, choices);
  const { min, max = choices.length } = settings;
  if (value.length < min) return again(`Mohon pilih paling sedikit ${min}.`);
  if (value.length > max) return again(`Mohon pilih paling banyak ${max}.`);
  return { kind: 'ok', value, readback: shown(value, settings) };
}

/** The answer of a candidate is in numbers, for a label may hold a comma. */
function oneUnsure(ids: readonly string[], known: readonly string[], settings: Options): Parsed {
  const choices = entriesOf(settings.choices);
  const candidates = ids.map((id) => {
    const chosen = orderedIds([...known, id], choices);
    const numbers = chosen.map((each) => choices.findIndex((choice) => choice.id === each) + 1);
    return { chosen, label: shown([id], settings), answer: numbers.join(', ') };
  });
  const { min, max = choices.length } = settings;
  const possible = candidates.filter(({ chosen }) => chosen.length >= min && chosen.length <= max);
  if (possible.length === 0) return again(notFound(''));
  return {
    kind: 'did-you-mean',
    question: 'Mana yang dimaksud?',
    candidates: possible.map(({ label, answer }) => ({ label, answer })),
  };
}

function shown(value: Json, settings: Options): string {
  const ids = Array.isArray(value) ? value.map(String) : [];
  const labels = entriesOf(settings.choices).filter(({ id }) => ids.includes(id));
  return labels.length === 0 ? none.label : labels.map(({ label }) => label).join(', ');
}

function typeOf(settings: Options): ValueType {
  const ids = Object.keys(settings.choices);
  return { ...textType, name: `choices(${ids.join('|')})`, show: (value) => shown(value, settings) };
}

/** As many numbers as there must be, and two where there may be. */
function exampleOf({ choices, min, max = min + 2 }: Options): string {
  const count = Math.min(Math.max(min, 2), max, Object.keys(choices).length);
  return Array.from({ length: count }, (_, index) => index + 1).join(', ');
}

/**
 * Several of a few fixed choices in one answer: "1, 3 dan 4", "1 3 4", labels, "semua"; with `min: 0` also "tidak ada", which
 * is then offered last. At least `min` (1 unless set), at most `max`. The value is the list of ids; it is always read back.
 */
export const multiChoice: InputKind<Options> = {
  name: 'multi-choice',
  options,
  type: typeOf,
  example: exampleOf,
  choices: ({ choices, min }) => {
    const offered = entriesOf(choices).map(({ id, label }) => ({ id, label }));
    return min === 0 ? [...offered, none] : offered;
  },
  texts: ['choices.*', 'choices.*.label'],
  labels: [none.label],
  spellings: ({ choices }) => spellingsOf(choices),
  parse: reading(parse),
};
