import type { Failure, Heard } from '../flow/transcript.js';
import { type Pair, plain, wordDiff } from '../flow/transcript-diff.js';

/** How texts are coloured: on a terminal with its codes, elsewhere not at all. */
export interface Paint {
  readonly wanted: (text: string) => string;
  readonly got: (text: string) => string;
  readonly quiet: (text: string) => string;
}

/** No colours: for files and pipes. */
export const bare: Paint = { wanted: (text) => text, got: (text) => text, quiet: (text) => text };

/** Red for what was wanted, green for what was said, grey for the rest. */
export const coloured: Paint = {
  wanted: (text) => `\x1b[31m${text}\x1b[39m`,
  got: (text) => `\x1b[32m${text}\x1b[39m`,
  quiet: (text) => `\x1b[90m${text}\x1b[39m`,
};

/** What is longer is shortened where only its beginning matters. */
const longestLine = 90;
/** How many words are shown around a difference, and the longest stretch that is shown whole. */
const wordsAround = 5;
const longestStretch = 2 * wordsAround + 2;
const leftOut = '(…)';

/**
 * One failure to read: where it is (file:line, to click), the talk just before, and every message beside the wanted one,
 * with the words that differ in brackets.
 */
export function failureText(file: string, test: string, failure: Failure, paint: Paint): string {
  const head = `${file}:${failure.line}: ${test}: ${failure.what}`;
  const before = failure.before.map((line) => paint.quiet(`      ${heardText(line)}`));
  return [head, ...before, ...failure.pairs.flatMap((pair) => pairText(pair, paint))].join('\n');
}

function heardText({ who, text }: Heard): string {
  return `${who}: ${shortened(text)}`;
}

function shortened(text: string): string {
  const line = plain(text);
  return line.length <= longestLine ? line : `${line.slice(0, longestLine).replace(/ \S*$/, '')} ${leftOut}`;
}

function pairText(pair: Pair, paint: Paint): readonly string[] {
  switch (pair.kind) {
    case 'same':
      return [paint.quiet(`    = bot: ${shortened(pair.got)}`)];
    case 'missing':
      return [paint.wanted(`    - not said: ${plain(pair.wanted.text)}`)];
    case 'extra':
      return [paint.got(`    + not wanted: ${plain(pair.got)}`)];
    case 'different':
      return [
        `    ≠ wanted: ${side('wanted', pair.wanted.text, pair.got, paint)}`,
        `      got:    ${side('got', pair.wanted.text, pair.got, paint)}`,
      ];
  }
}

function side(which: 'wanted' | 'got', wanted: string, got: string, paint: Paint): string {
  const pieces = wordDiff(wanted, got);
  const shown = pieces.flatMap(({ words, in: where }, at) => {
    if (where === 'both') return [abridged(words, at === 0, at === pieces.length - 1)];
    return where === which ? [paint[which](`[${words.join(' ')}]`)] : [];
  });
  return shown.join(' ');
}

/** What both have in common matters only near a difference. */
function abridged(words: readonly string[], first: boolean, last: boolean): string {
  if (words.length <= longestStretch) return words.join(' ');
  const head = first ? [] : words.slice(0, wordsAround);
  const tail = last ? [] : words.slice(-wordsAround);
  return [...head, leftOut, ...tail].join(' ');
}
