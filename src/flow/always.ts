import type { Command } from './program.js';
import { fold } from './text.js';
import { wordList } from './word-list.js';

/** The words the engine itself understands at any moment. */
export const commandWords: ReadonlyMap<string, Command> = new Map([
  ['kembali', 'back'],
  ['ulang', 'again'],
  ['ulangi', 'again'],
]);

const address = 'pak|bapak|bpk|bu|ibu|mas|mbak|mba|kak|min';
const softening = `${address}|ya|dong|deh|saja|aja|sj|nggih|njih`;
const before = new RegExp(`^(?:(?:${address}) )+`);
const after = new RegExp(`(?: (?:${softening}))+$`);
const courtesy = new RegExp(`${before.source}|${after.source}`);

/** The courtesy that may stand around a word, in characters, with a full stop and blanks. */
const roomAround = 9;

/**
 * What the words have in common: no text longer than `longest` is one of them, whatever courtesy stands around it, and none
 * that begins with a letter or digit for which `begins` says no, by its code.
 */
export interface WordShape {
  readonly longest: number;
  readonly begins: readonly boolean[];
}

const asciiCodes = Array.from({ length: 128 }, (_, code) => code);

/** The shape of these folded words. */
export function shapeOf(words: Iterable<string>): WordShape {
  const known = [...words];
  const initials = new Set([...known, ...address.split('|')].map((word) => word.charAt(0)));
  const begins = asciiCodes.map((code) => {
    const letter = String.fromCharCode(code).toLowerCase();
    return !/[a-z0-9]/.test(letter) || initials.has(letter);
  });
  return { longest: Math.max(0, ...known.map((word) => word.length)) + roomAround, begins };
}

/** Whether a text as it was typed may be one of the words: nearly every answer is told apart before it is folded. */
export function mayBeWord(text: string, shape: WordShape): boolean {
  return text.length <= shape.longest && mayBeginWith(text, shape);
}

/** Whether a text as it was typed may begin with one of the words. */
export function mayBeginWith(text: string, { begins }: WordShape): boolean {
  return begins[text.charCodeAt(0)] !== false;
}

/** The words folded and in every spelling of the word list; what stands there itself comes before a spelling of another. */
export function withSpellings<T>(words: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const own = new Map([...words].map(([word, meaning]) => [fold(word), meaning]));
  const spelled = [...wordList].flatMap(([typed, word]): [string, T][] => {
    const meaning = own.get(word);
    return meaning === undefined ? [] : [[typed, meaning]];
  });
  return new Map([...spelled, ...own]);
}

/**
 * A folded text without the courtesy around it: "menu pak" and "pak, batal saja" are MENU and BATAL. Every answer passes
 * here, and few have courtesy: it is looked for before anything is taken apart.
 */
export function bareWord(folded: string): string {
  return courtesy.test(folded) ? folded.replace(after, '').replace(before, '') : folded;
}
