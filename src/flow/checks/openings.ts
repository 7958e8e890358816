import type { Fault } from '../fault.js';
import type { RawFlow } from '../parse.js';
import { fold } from '../text.js';
import type { Check, Proving } from './check.js';

/** Words the engine itself understands everywhere. */
const reserved = ['kembali', 'ulang', 'ulangi'];

/** Names, trigger phrases and always-on words are unique, exactly one flow is the beginning, at most one the way to a human. */
export const openings: Check = {
  name: 'openings',
  run: (proving) => [...sameNames(proving), ...samePhrases(proving), ...roles(proving)],
};

function sameNames({ raws }: Proving): readonly Fault[] {
  return raws
    .filter((raw, at) => raws.findIndex((other) => other.name === raw.name) !== at)
    .map((raw) => fault(raw, ['flow'], `There is another flow "${raw.name}".`, 'Give it another name.'));
}

function samePhrases({ raws }: Proving): readonly Fault[] {
  const owners = new Map<string, string>(reserved.map((word) => [word, 'the engine itself']));
  const faults: Fault[] = [];
  for (const raw of raws) {
    for (const [key, phrase] of phrasesOf(raw)) {
      const owner = owners.get(fold(phrase));
      if (owner === undefined) owners.set(fold(phrase), raw.name);
      else faults.push(fault(raw, [key], `"${phrase}" already starts ${owner}.`, 'Use another phrase.'));
    }
  }
  return faults;
}

function phrasesOf(raw: RawFlow): readonly (readonly [string, string])[] {
  return [
    ...raw.triggers.map((phrase) => ['triggers', phrase] as const),
    ...raw.always.map((phrase) => ['always', phrase] as const),
  ];
}

function roles({ raws }: Proving): readonly Fault[] {
  const first = raws[0];
  if (first === undefined) return [];
  const begins = raws.filter((raw) => raw.fallback);
  const extra = [...begins.slice(1), ...raws.filter((raw) => raw.human).slice(1)];
  const twice = extra.map((raw) =>
    fault(raw, ['flow'], 'Only one flow may be fallback, and only one human.', 'Remove it here.'),
  );
  if (begins.length > 0) return twice;
  return [
    ...twice,
    fault(first, ['flow'], 'No flow says fallback: true.', 'Say in which flow a conversation begins.'),
  ];
}

function fault(raw: RawFlow, path: readonly string[], what: string, mend: string): Fault {
  return { file: raw.file, line: raw.lineOf(path), what, mend };
}
