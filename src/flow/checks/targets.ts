import { atStep, perFlow, waysOf } from './check.js';

/** Every exit leads to a step that exists, and every called flow exists. */
export const targets = perFlow('targets', (flow, { program }) =>
  [...flow.steps.values()].flatMap((step) => {
    const lost = waysOf(step).filter(({ target }) => target !== 'end' && !flow.steps.has(target));
    const unknown = step.calls.filter((name) => !program.flows.has(name));
    return [
      ...lost.map(({ target, name }) =>
        atStep(
          flow,
          step,
          `The step "${step.id}" goes to "${target}" (${name}), which does not exist.`,
          `Use the name of a step of ${flow.name}, or end.`,
        ),
      ),
      ...unknown.map((name) =>
        atStep(
          flow,
          step,
          `The step "${step.id}" calls the flow "${name}", which does not exist.`,
          `Use one of: ${[...program.flows.keys()].sort().join(', ')}.`,
        ),
      ),
    ];
  }),
);
