import { atStep, perFlow, savedBefore } from './check.js';

/** No step reads a variable that is not saved on every way to it, unless the flow says it may be left empty. */
export const variables = perFlow('variables', (flow, { builtins }) => {
  const saved = savedBefore(flow);
  const mayBeEmpty = [...builtins, ...flow.optional];
  return [...flow.steps.values()].flatMap((step) => {
    const known = saved.get(step.id);
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
