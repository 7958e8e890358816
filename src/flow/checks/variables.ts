import type { Flow, Step } from '../program.js';
import { atStep, perFlow, waysOf } from './check.js';

/** No step reads a variable that is not written on every way to it, unless the flow says it may be left empty. */
export const variables = perFlow('variables', (flow, { builtins }) => {
  const written = writtenBefore(flow);
  const mayBeEmpty = [...builtins, ...flow.optional];
  return [...flow.steps.values()].flatMap((step) => {
    const known = written.get(step.id);
    const names = [...new Set(step.reads.map((read) => read.name))];
    return names
      .filter((name) => known !== undefined && !known.has(name) && !mayBeEmpty.includes(name))
      .map((name) =>
        atStep(
          flow,
          step,
          `The step "${step.id}" reads "${name}", which is not saved on every way to it.`,
          'Save it before, or name it under optional if it may be left empty.',
        ),
      );
  });
});

/** Names of variables. */
export type Written = ReadonlySet<string>;

/** For every step that can be reached: what is certainly written when it is entered (the meet over all ways to it). */
export function writtenBefore(flow: Flow): ReadonlyMap<string, Written> {
  const before = new Map<string, Written>([[flow.first, new Set()]]);
  const open = [flow.first];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = flow.steps.get(id);
    if (step !== undefined) open.push(...spread(step, before.get(id) ?? new Set(), before));
  }
  return before;
}

function spread(step: Step, known: Written, before: Map<string, Written>): readonly string[] {
  return waysOf(step).flatMap(({ target, writes }) => {
    const after = new Set([...known, ...writes]);
    const old = before.get(target);
    const met = old === undefined ? after : new Set([...old].filter((name) => after.has(name)));
    if (old !== undefined && met.size === old.size) return [];
    before.set(target, met);
    return [target];
  });
}
