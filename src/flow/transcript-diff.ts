import { diffArrays } from 'diff';

/** A stretch of words: in both texts, only in the wanted one, or only in what was said. */
export interface Piece {
  readonly words: readonly string[];
  readonly in: 'both' | 'wanted' | 'got';
}

/** A message the transcript wants, and the line it stands at. */
export interface Wanted {
  readonly text: string;
  readonly line: number;
}

/** A wanted message beside what was said in its place. */
export type Pair =
  | { readonly kind: 'same' | 'different'; readonly wanted: Wanted; readonly got: string }
  | { readonly kind: 'missing'; readonly wanted: Wanted }
  | { readonly kind: 'extra'; readonly got: string };

/** Stands for any words in a wanted text. */
const anything = '…';

/** Spaces and line ends do not count; `…` stands for anything. */
function matches(wanted: string, got: string): boolean {
  const parts = plain(wanted)
    .split(anything)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').trim());
  return new RegExp(`^\\s*${parts.join('[\\s\\S]*')}\\s*$`).test(plain(got));
}

/** Both texts word by word, in the order of reading. What `…` stands for is no difference. */
export function wordDiff(wanted: string, got: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let [gone, come]: [string[], string[]] = [[], []];
  const flush = () => {
    pieces.push(...differing(gone, come));
    [gone, come] = [[], []];
  };
  for (const { value, added, removed } of diffArrays(wordsOf(wanted), wordsOf(got))) {
    if (removed) gone = [...gone, ...value];
    else if (added) come = [...come, ...value];
    else {
      flush();
      pieces.push({ words: value, in: 'both' });
    }
  }
  flush();
  return pieces;
}

function differing(gone: readonly string[], come: readonly string[]): readonly Piece[] {
  if (gone.length > 0 && gone.every((word) => word === anything)) return [{ words: [anything], in: 'both' }];
  const pieces: readonly Piece[] = [
    { words: gone, in: 'wanted' },
    { words: come, in: 'got' },
  ];
  return pieces.filter(({ words }) => words.length > 0);
}

/**
 * Puts what was wanted and what was said side by side, so that as little as possible differs: a message that has become
 * another one is *different*, one that nobody said is *missing*, one that nobody wanted is *extra*.
 */
export function align(wanted: readonly Wanted[], got: readonly string[]): readonly Pair[] {
  const known = new Map<string, Way>();
  const from = (at: number, of: number): Way => {
    const key = `${at} ${of}`;
    const way =
      known.get(key) ?? cheapest(waysFrom(wanted[at], got[of], (down, along) => from(at + down, of + along)));
    known.set(key, way);
    return way;
  };
  return from(0, 0).pairs;
}

/** Pairs for what is left of both lists, and how much differs in them. */
interface Way {
  readonly cost: number;
  readonly pairs: readonly Pair[];
}

type Rest = (down: number, along: number) => Way;

function waysFrom(want: Wanted | undefined, said: string | undefined, rest: Rest): readonly Way[] {
  const missing = want === undefined ? [] : [() => longer({ kind: 'missing', wanted: want }, rest(1, 0))];
  const extra = said === undefined ? [] : [() => longer({ kind: 'extra', got: said }, rest(0, 1))];
  if (want === undefined || said === undefined) return [...missing, ...extra].map((way) => way());
  const kind = matches(want.text, said) ? 'same' : 'different';
  const both = longer({ kind, wanted: want, got: said }, rest(1, 1));
  return kind === 'same' ? [both] : [both, ...missing.map((way) => way()), ...extra.map((way) => way())];
}

function longer(pair: Pair, { cost, pairs }: Way): Way {
  return { cost: cost + costOf(pair), pairs: [pair, ...pairs] };
}

function cheapest(ways: readonly Way[]): Way {
  const [first = { cost: 0, pairs: [] }, ...others] = ways;
  return others.reduce((best, way) => (way.cost < best.cost ? way : best), first);
}

/** Two messages that share no word cost as much as one missing and one extra. */
function costOf(pair: Pair): number {
  if (pair.kind === 'same') return 0;
  return pair.kind === 'different' ? 2 - 2 * likeness(pair.wanted.text, pair.got) : 1;
}

/** From 0 (no word in common) to 1 (all words). */
function likeness(one: string, other: string): number {
  const common = wordDiff(one, other).filter((piece) => piece.in === 'both');
  const shared = common.reduce((sum, { words }) => sum + words.length, 0);
  return (2 * shared) / (wordsOf(one).length + wordsOf(other).length);
}

/** A text on one line. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function wordsOf(text: string): string[] {
  return plain(text)
    .split(/ |(?=…)|(?<=…)/)
    .filter((word) => word !== '');
}
