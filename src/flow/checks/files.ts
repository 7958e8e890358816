import type { Fault } from '../fault.js';
import type { RawFlow } from '../parse.js';
import type { Program } from '../program.js';
import { atHead, type Check } from './check.js';

/** A kind of file starts one flow only, whose first step is a question that it can answer. */
export const files: Check = {
  name: 'files',
  run({ program, raws }) {
    const owners = new Map<string, string>();
    return raws.flatMap((raw) => [
      ...unanswerable(raw, program),
      ...raw.files.flatMap(kindFault(raw, owners)),
    ]);
  },
};

function unanswerable(raw: RawFlow, { flows }: Program): readonly Fault[] {
  const flow = flows.get(raw.name);
  const first = flow?.steps.get(flow.first);
  if (raw.files.length === 0 || first === undefined || first.unasked !== undefined) return [];
  const what = `A file cannot answer the first step "${first.id}".`;
  return [atHead(raw, 'files', what, 'Begin the flow with ask and input: document, or remove files.')];
}

function kindFault(raw: RawFlow, owners: Map<string, string>): (kind: string) => readonly Fault[] {
  return (kind) => {
    const owner = owners.get(kind);
    owners.set(kind, raw.name);
    if (owner === undefined) return [];
    return [atHead(raw, 'files', `A file of the kind ${kind} already starts ${owner}.`, 'Remove one.')];
  };
}
