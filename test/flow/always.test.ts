import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareWord, commandWords, mayBeWord, shapeOf, withSpellings } from '../../src/flow/always.js';
import { fold } from '../../src/flow/text.js';

const words = withSpellings(commandWords);
const shape = shapeOf(words.keys());

describe('what may be one of the words', () => {
  it('is every text that means one, however it is typed', () => {
    const typed = fc.tuple(
      fc.constantFrom('', ' ', '(', '"', '\u200b'),
      fc.constantFrom(...words.keys()),
      fc.constantFrom('', '.', '!'),
      fc.constantFrom(['', ''], ['Pak ', ''], ['mbak ', ''], ['', ' bapak'], ['', ' saja']),
      fc.boolean(),
    );
    fc.assert(
      fc.property(typed, ([before, word, after, [address, softening], loud]) => {
        const quiet = `${before}${address}${word}${softening}${after}`;
        const text = loud ? quiet.toUpperCase() : quiet;
        expect(words.has(bareWord(fold(text)))).toBe(true);
        expect(mayBeWord(text, shape)).toBe(true);
      }),
    );
  });

  it('is no text that no word begins like, and none that is too long', () => {
    expect(mayBeWord('Siti', shapeOf(['menu']))).toBe(false);
    expect(mayBeWord('1', shapeOf(['menu']))).toBe(false);
    expect(mayBeWord('menu'.repeat(10), shapeOf(['menu']))).toBe(false);
    expect(mayBeWord('', shapeOf(['menu']))).toBe(true);
  });
});
