import type { Fault } from '../fault.js';
import type { RawFlow } from '../parse.js';
import type { Program } from '../program.js';
import { fold } from '../text.js';
import { atHead, type Check } from './check.js';

/** A word with an answer behind it starts one flow only, whose first step can take that answer. */
export const prefixes: Check = {
  name: 'prefixes',
  run({ program, raws }) {
    const owners = new Map<string, string>();
    return raws
      .filter(({ prefixes: words }) => words.length > 0)
      .flatMap((raw) => [...unanswerable(raw, program), ...raw.prefixes.flatMap(wordFault(raw, owners))]);
  },
};

function unanswerable(raw: RawFlow, { flows }: Program): readonly Fault[] {
  const flow = flows.get(raw.name);
  const first = flow?.steps.get(flow.first);
  if (first === undefined || first.unasked !== undefined) return [];
  const what = `What stands behind a prefix cannot answer the first step "${first.id}".`;
  return [atHead(raw, 'prefixes', what, 'Begin the flow with ask, or remove prefixes.')];
}

function wordFault(raw: RawFlow, owners: Map<string, string>): (word: string) => readonly Fault[] {
  return (word) => {
    const folded = fold(word);
    const owner = owners.get(folded);
    owners.set(folded, raw.name);
    if (owner !== undefined)
      return [atHead(raw, 'prefixes', `The prefix "${word}" already starts ${owner}.`, 'Use another word.')];
    if (!folded.includes(' ')) return [];
    return [atHead(raw, 'prefixes', `The prefix "${word}" is more than one word.`, 'Use one word.')];
  };
}
