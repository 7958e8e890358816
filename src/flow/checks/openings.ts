import { commandWords } from '../always.js';
import type { Fault } from '../fault.js';
import type { RawFlow } from '../parse.js';
import { plain } from '../word-list.js';
import { atHead, type Check } from './check.js';

/** A trigger phrase or always-on word starts one flow only, and none of the engine's own words. */
export const openings: Check = {
  name: 'openings',
  run({ raws }) {
    const own = [...commandWords.keys()].map((word) => [plain(word), 'the engine itself'] as const);
    const owners = new Map<string, string>(own);
    const faults: Fault[] = [];
    for (const raw of raws) {
      for (const [key, phrase] of phrasesOf(raw)) {
        const owner = owners.get(plain(phrase));
        if (owner === undefined) owners.set(plain(phrase), raw.name);
        else faults.push(atHead(raw, key, `"${phrase}" already starts ${owner}.`, 'Use another phrase.'));
      }
    }
    return faults;
  },
};

function phrasesOf(raw: RawFlow): readonly (readonly [string, string])[] {
  return [
    ...raw.triggers.map((phrase) => ['triggers', phrase] as const),
    ...raw.always.map((phrase) => ['always', phrase] as const),
  ];
}
