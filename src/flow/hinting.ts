import {
  type ChoiceMatch,
  clausesOf,
  comparable,
  isAround,
  type MatchableChoice,
  matchOf,
  partsOf,
} from './matching.js';
import { isFiller, isNegation } from './words.js';

/** Characters; what is longer tells a story, and names no choice. */
const longestSentence = 160;
/** What counts is said behind these: "semua benar kecuali tahun", "ada tapi hilang". */
const contrasts: ReadonlySet<string> = new Set(
  'tetapi kecuali kejaba kejawi hanya cuma cuman mung namung'.split(' '),
);
/** Words between a denial and what it denies: "tidak ada yang salah", "belum pernah punya". */
const denialReaches: ReadonlySet<string> = new Set(
  'ada pernah terlalu begitu mau bisa dapat perlu usah lulus tamat sampai'.split(' '),
);

/** The words of a choice where they stand in a clause. */
interface Place {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

interface Heard {
  readonly places: readonly Place[];
  /** Nothing stands beside the choices but words without a meaning of their own, and none of them is denied. */
  readonly covered: boolean;
}

/**
 * The choices whose whole words stand in a sentence, for asking back: "sudah pak, dari pak kades". Words that are denied ("tidak
 * ada yang salah") do not count, nor does what stands before "kecuali" or "tetapi". Sure only when the sentence says nothing else.
 */
export function hinted(text: string, choices: readonly MatchableChoice[]): ChoiceMatch {
  if (text.length > longestSentence) return { kind: 'none' };
  const clauses = clausesOf(text).map((clause) => comparable(clause).split(' '));
  const { said, cut } = behindContrast(clauses);
  const heard = said.map((words) => hear(words, choices));
  const ids = new Set(heard.flatMap(({ places }) => places.map(({ id }) => id)));
  const covered = heard.every((one) => one.covered);
  const sure = covered && !cut && !text.trimEnd().endsWith('?');
  return matchOf(
    choices.map(({ id }) => id).filter((id) => ids.has(id)),
    sure,
  );
}

/** From the last word of contrast on; all of it when there is none. */
function behindContrast(clauses: readonly (readonly string[])[]) {
  const at = clauses.findLastIndex((words) => words.some((word) => contrasts.has(word)));
  const clause = clauses[at];
  if (clause === undefined) return { said: clauses, cut: false };
  const rest = clause.slice(clause.findLastIndex((word) => contrasts.has(word)) + 1);
  return { said: [rest, ...clauses.slice(at + 1)], cut: true };
}

function hear(words: readonly string[], choices: readonly MatchableChoice[]): Heard {
  const all = choices.flatMap((choice) => placesOf(choice, words));
  const widest = all.filter((place) => !all.some((other) => contains(other, place)));
  const denied = widest.filter((place) => denialOf(place, words) !== null);
  const places = widest.filter((place) => !denied.includes(place) && !denied.some(isDenialOf(place, words)));
  const left = words.filter((_, at) => !places.some(({ start, end }) => start <= at && at < end));
  const covered = denied.length === 0 && left.every(isCourtesy);
  return { places, covered };
}

/** A "nggih" at the beginning only says that the question was heard, unless it is the word of a choice. */
function isCourtesy(word: string): boolean {
  return word === '' || word === 'ya' || isAround(word);
}

function placesOf(choice: MatchableChoice, words: readonly string[]): readonly Place[] {
  const names = partsOf(choice).map(comparable).filter(isTelling);
  return names.flatMap((name) => {
    const parts = name.split(' ');
    return words.flatMap((_, start) =>
      parts.every((part, at) => words[start + at] === part)
        ? [{ id: choice.id, start, end: start + parts.length }]
        : [],
    );
  });
}

/** A single letter and a form of address ("ibu") stand in any sentence. */
function isTelling(name: string): boolean {
  return name.length > 1 && !name.split(' ').every(isFiller);
}

function contains(wide: Place, place: Place): boolean {
  const within = wide.start <= place.start && place.end <= wide.end;
  return within && wide.end - wide.start > place.end - place.start;
}

/** Where the word stands that denies what is said at a place; null when nothing does. */
function denialOf({ start }: Place, words: readonly string[]): number | null {
  for (let at = start - 1; at >= 0; at -= 1) {
    const word = words[at] ?? '';
    if (isNegation(word)) return at;
    if (!isFiller(word) && !denialReaches.has(word)) return null;
  }
  return null;
}

/** "Tidak" is no choice of its own where it denies the words of that same choice. */
function isDenialOf(place: Place, words: readonly string[]) {
  return (denied: Place): boolean => {
    const at = denialOf(denied, words) ?? -1;
    return denied.id === place.id && place.start <= at && at < place.end;
  };
}
