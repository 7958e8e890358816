import { commandWords } from '../always.js';
import { channelCapabilities } from '../capabilities.js';
import type { Fault } from '../fault.js';
import type { RawFlow } from '../parse.js';
import { plain } from '../word-list.js';
import type { Check, Proving } from './check.js';

/** Names, trigger phrases, always-on words and signals are unique, exactly one flow is the beginning, at most one the way to a human. */
export const openings: Check = {
  name: 'openings',
  run: (proving) => [
    ...sameNames(proving),
    ...samePhrases(proving),
    ...sameSignals(proving),
    ...roles(proving),
    ...longTitles(proving),
  ],
};

function sameNames({ raws }: Proving): readonly Fault[] {
  return raws
    .filter((raw, at) => raws.findIndex((other) => other.name === raw.name) !== at)
    .map((raw) => fault(raw, ['flow'], `There is another flow "${raw.name}".`, 'Give it another name.'));
}

function samePhrases({ raws }: Proving): readonly Fault[] {
  const owners = new Map<string, string>(
    [...commandWords.keys()].map((word) => [plain(word), 'the engine itself']),
  );
  const faults: Fault[] = [];
  for (const raw of raws) {
    for (const [key, phrase] of phrasesOf(raw)) {
      const owner = owners.get(plain(phrase));
      if (owner === undefined) owners.set(plain(phrase), raw.name);
      else faults.push(fault(raw, [key], `"${phrase}" already starts ${owner}.`, 'Use another phrase.'));
    }
  }
  return faults;
}

function sameSignals({ raws }: Proving): readonly Fault[] {
  const owners = new Map<string, string>();
  const faults: Fault[] = [];
  for (const raw of raws) {
    for (const name of raw.signals) {
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, raw.name);
      else
        faults.push(fault(raw, ['signals'], `The signal "${name}" already starts ${owner}.`, 'Remove one.'));
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
  const extra = [begins, raws.filter((raw) => raw.unsure), raws.filter((raw) => raw.human)].flatMap((all) =>
    all.slice(1),
  );
  const twice = extra.map((raw) =>
    fault(raw, ['flow'], 'Only one flow may be fallback, one unsure and one human.', 'Remove it here.'),
  );
  if (begins.length > 0) return twice;
  return [
    ...twice,
    fault(first, ['flow'], 'No flow says fallback: true.', 'Say in which flow a conversation begins.'),
  ];
}

const narrowest = Math.min(
  ...Object.values(channelCapabilities).flatMap(({ buttons }) => (buttons === null ? [] : [buttons.label])),
);

/** What can be asked for is offered by its title when it is not clear: the title must fit on a button. */
function longTitles({ raws }: Proving): readonly Fault[] {
  if (!raws.some((raw) => raw.unsure)) return [];
  return raws
    .filter((raw) => raw.triggers.length > 0 && raw.title.length > narrowest)
    .map((raw) =>
      fault(
        raw,
        ['title'],
        `The title "${raw.title}" is too long for a button.`,
        `Use at most ${narrowest} characters.`,
      ),
    );
}

function fault(raw: RawFlow, path: readonly string[], what: string, mend: string): Fault {
  return { file: raw.file, line: raw.lineOf(path), what, mend };
}
