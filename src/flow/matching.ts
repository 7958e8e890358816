import { digitsFromLetters, fold, withinOneEdit } from './text.js';
import { plain, plainWord } from './word-list.js';
import { answerWord, isFiller, isNegation } from './words.js';

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

/** Every folded text that is one choice: its label, its id, and its other words. */
export function namesOf(choice: MatchableChoice): readonly string[] {
  const names = [choice.label, choice.id, ...(choice.also ?? [])].map(fold);
  return [...new Set(names)].filter((name) => name !== '');
}

/** The choice a text says of itself: by its words, its number or a part of its label; then by nearly these words. */
export function matchChoice(text: string, choices: readonly MatchableChoice[]): ChoiceMatch {
  return named(text, choices) ?? nearly(text, choices) ?? none;
}

/**
 * Finds the choice an answer means: by its words in any spelling ("sampun" is "sudah"), its number ("1.", "nomor satu", "yang
 * pertama"), an unmistakable part of its label, a yes or no for the choice called `ya` or `tidak`, or with one letter wrong
 * (unsure when the name is short).
 */
export function matchAnswer(text: string, choices: readonly MatchableChoice[]): ChoiceMatch {
  const match = named(text, choices) ?? agreed(text, choices) ?? slipped(text, choices) ?? none;
  return match.kind === 'one' && isAsking(text) ? { kind: 'unsure', ids: [match.id] } : match;
}

/** "Benar?" asks whether it is so, and neither confirms it nor denies it. */
function isAsking(text: string): boolean {
  const said = text.trimEnd();
  return said.endsWith('?') && ['yes', 'no'].includes(answerWord(said.replace(/[?\s]+$/u, '')));
}

function named(text: string, choices: readonly MatchableChoice[]): ChoiceMatch | null {
  const folded = fold(text);
  const exact = idsWhere(choices, (name) => name === folded);
  if (folded === '') return null;
  if (exact.length > 0) return matchOf(exact, true);
  const number = numberIn(folded);
  if (number !== undefined)
    return matchOf(
      choices.slice(number - 1, number).map(({ id }) => id),
      true,
    );
  return isDenialFirst(text) ? null : (inOtherWords(folded, choices) ?? partly(folded, choices));
}

/** "Tidak, saya hadir" is not "tidak hadir": words that are left out may not join a no to what stands behind its comma. */
function isDenialFirst(text: string): boolean {
  const [first = [], ...rest] = clausesOf(text).map((clause) => clause.split(' ').filter(isTelling));
  return first.length > 0 && first.every(isNegation) && rest.some((words) => words.length > 0);
}

const clauseEnds = /[,;.!?\n\r\u2028\u2029]+/u;

/** The parts of a sentence, folded. */
export function clausesOf(text: string): readonly string[] {
  return text.split(clauseEnds).map(fold);
}

function isTelling(word: string): boolean {
  return word !== '' && !isAround(word);
}

function numberIn(folded: string): number | undefined {
  const words = folded.split(' ').filter((word) => !(beforeNumber.has(word) || isFiller(word)));
  const [word] = words;
  if (word === undefined || words.length !== 1) return undefined;
  const digits = digitsFromLetters(word.replace(/^ke(?=\d)/, ''));
  return /^\d{1,2}$/.test(digits) ? Number(digits) : numberByWord.get(word);
}

/** One of these choices, a single one surely where there is no doubt; none when there are none. */
export function matchOf(ids: readonly string[], sure: boolean): ChoiceMatch {
  const [only] = ids;
  if (only === undefined) return none;
  if (sure && ids.length === 1) return { kind: 'one', id: only };
  return { kind: 'unsure', ids: ids.slice(0, mostOffered) };
}

function found(ids: readonly string[], sure: boolean): ChoiceMatch | null {
  return ids.length === 0 ? null : matchOf(ids, sure);
}

type Test = (name: string) => boolean;

function idsWhere(choices: readonly MatchableChoice[], test: Test): readonly string[] {
  return choices.filter((choice) => namesOf(choice).some(test)).map(({ id }) => id);
}

/** The form in which words are compared: plain, and without an ending that only says whose it is ("tahunnya", "naminipun"). */
export function comparable(text: string): string {
  const words = plain(text).split(' ');
  return words.map((word) => plainWord(word.replace(/(?<=^.{3,})(?:nya|n?ipun)$/u, ''))).join(' ');
}

/** Whether a folded word only leads to the words of a choice, or away from them: "pilih", "yang", "saya", "pak". */
export function isAround(word: string): boolean {
  return isFiller(word) || wordsAround.has(word);
}

function meaningful(folded: string): string {
  return folded.split(' ').filter(isTelling).join(' ');
}

function inOtherWords(folded: string, choices: readonly MatchableChoice[]): ChoiceMatch | null {
  for (const text of [folded, meaningful(folded)]) {
    const said = comparable(text);
    const same = idsWhere(choices, (name) => name === text || comparable(name) === said);
    if (said !== '' && same.length > 0) return matchOf(same, true);
  }
  return null;
}

function partly(folded: string, choices: readonly MatchableChoice[]): ChoiceMatch | null {
  const meant = meaningful(folded);
  if (meant.length < shortestPart) return null;
  const said = comparable(meant);
  const isIn = (name: string) => isPart(meant, name) || isPart(said, comparable(name));
  const isBareDenial = said.split(' ').every((word) => isNegation(word) || word === 'ada');
  const parts = choices.filter((choice) =>
    (isBareDenial ? [fold(choice.label)] : partsOf(choice)).some(isIn),
  );
  return found(
    parts.map(({ id }) => id),
    true,
  );
}

/** The names of a choice, and what stands behind a comma: "Bukan, orang lain" is "orang lain" as well. */
export function partsOf(choice: MatchableChoice): readonly string[] {
  const pieces = choice.label.split(',').slice(1).map(fold);
  return [...namesOf(choice), ...pieces.filter((piece) => piece !== '')];
}

/** A part counts only as the beginning of a name or as whole words of it that nothing denies: "hadir" never means "tidak hadir". */
function isPart(text: string, name: string): boolean {
  if (name.startsWith(text)) return true;
  const [before, behind] = ` ${name} `.split(` ${text} `);
  return (
    behind !== undefined &&
    !plain(before ?? '')
      .split(' ')
      .some(isNegation)
  );
}

function agreed(text: string, choices: readonly MatchableChoice[]): ChoiceMatch | null {
  const said = answerWord(text);
  if (said !== 'yes' && said !== 'no') return null;
  return named(said === 'yes' ? 'ya' : 'tidak', choices);
}

/** "Nanti" is no slip of "ganti": what puts off or leaves it open is a word of its own. */
function slipped(text: string, choices: readonly MatchableChoice[]): ChoiceMatch | null {
  const isOpen = !meaningful(fold(text)).includes(' ') && answerWord(text) === 'neither';
  return isOpen ? null : nearly(text, choices);
}

/** A label may hold words that an answer would have around it ("Ada yang salah"), so the whole text is tried as well. */
function nearly(text: string, choices: readonly MatchableChoice[]): ChoiceMatch | null {
  const folded = fold(text);
  const meant = isDenialFirst(text) ? folded : meaningful(folded);
  if (meant.length <= shortestPart) return null;
  const isNear = (name: string) => withinOneEdit(meant, name) || withinOneEdit(folded, name);
  const near = idsWhere(choices, isNear);
  const long = idsWhere(choices, (name) => name.length >= surelyMeant && isNear(name));
  return found(near, long.length === near.length);
}
