import type { RawFlow } from '../parse.js';
import type { Program } from '../program.js';
import { atHead, type Check } from './check.js';

/** Somebody can come into every flow: by a phrase, by an always-on word, by a word with an answer behind it, by a signal, by a file, as the beginning, as the human, or through another. */
export const entrances: Check = {
  name: 'entrances',
  run({ program, raws }) {
    const entered = new Set(raws.filter(isOpen).map(({ name }) => name));
    for (const name of entered) for (const called of callsOf(program, name)) entered.add(called);
    return raws
      .filter(({ name }) => !entered.has(name))
      .map((raw) =>
        atHead(
          raw,
          'flow',
          `Nobody can come into the flow "${raw.name}".`,
          'Give it triggers or always, or go there from another flow.',
        ),
      );
  },
};

function isOpen({ triggers, always, prefixes, signals, files, ...is }: RawFlow): boolean {
  const entries = [triggers, always, prefixes, signals, files].flat();
  return entries.length > 0 || is.fallback || is.unsure || is.human;
}

function callsOf({ flows }: Program, name: string): readonly string[] {
  return [...(flows.get(name)?.steps.values() ?? [])].flatMap(({ calls }) => calls);
}
