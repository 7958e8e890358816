import type { Fault } from '../fault.js';
import type { RawFlow } from '../parse.js';
import type { Flow } from '../program.js';
import type { Check } from './check.js';

/** What `moved:` calls the place of an answer that is not kept. */
export const dropped = 'end';

/** `moved:` leads from names that are gone to steps and variables that exist. */
export const moved: Check = {
  name: 'moved',
  run: ({ program, raws }) =>
    raws.flatMap((raw) => {
      const flow = program.flows.get(raw.name);
      const pairs = Object.entries(raw.moved ?? {});
      return flow === undefined ? [] : pairs.flatMap(([from, to]) => judge(raw, flow, from, to));
    }),
};

function judge(raw: RawFlow, flow: Flow, from: string, to: string): readonly Fault[] {
  if (stands(flow, from, to))
    return [fault(raw, from, `"${from}" is still there, so nobody is moved from it.`, 'Remove this line.')];
  if (to === dropped || flow.steps.has(to) || flow.slots.has(to)) return [];
  const mend = `Use the name of a step or variable of ${flow.name}, or ${dropped} for an answer nobody needs any more.`;
  return [fault(raw, from, `"${from}" moves to "${to}", which does not exist.`, mend)];
}

/** A renamed step may go on saving under the old name; then only the step has moved. */
function stands(flow: Flow, from: string, to: string): boolean {
  return flow.steps.has(from) || (!flow.steps.has(to) && flow.slots.has(from));
}

function fault(raw: RawFlow, from: string, what: string, mend: string): Fault {
  return { file: raw.file, line: raw.lineOf(['moved', from]), what, mend };
}
