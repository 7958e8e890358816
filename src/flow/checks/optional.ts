import type { Flow } from '../program.js';
import { atHead, type Check, savedBefore } from './check.js';

/** Every name under `optional` is saved somewhere, and read somewhere it need not have been saved before. */
export const optional: Check = {
  name: 'optional',
  run: ({ program, raws }) =>
    raws.flatMap((raw) => {
      const flow = program.flows.get(raw.name);
      if (flow === undefined) return [];
      const needed = readTooEarly(flow);
      return raw.optional.flatMap((name) => {
        if (!flow.slots.has(name))
          return [atHead(raw, 'optional', `No step saves "${name}".`, 'Correct its spelling or remove it.')];
        const what = `"${name}" is always saved before it is read, or never read.`;
        return needed.has(name) ? [] : [atHead(raw, 'optional', what, 'Remove it from optional.')];
      });
    }),
};

function readTooEarly(flow: Flow): ReadonlySet<string> {
  const saved = savedBefore(flow);
  const steps = [...flow.steps.values()];
  return new Set(
    steps.flatMap((step) =>
      step.reads.map((read) => read.name).filter((name) => saved.get(step.id)?.has(name) === false),
    ),
  );
}
