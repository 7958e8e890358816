import { atKey, filledBefore, perFlow } from './check.js';

/** An action that needs a value is not given a variable that may be empty. */
export const empties = perFlow('empties', (flow, { actions, builtins }) => {
  const filled = filledBefore(flow);
  return [...flow.steps.values()].flatMap((step) => {
    const known = filled.get(step.id);
    const takes = actions[step.wants?.action ?? '']?.takes ?? {};
    return (step.wants?.given ?? [])
      .filter(({ name }) => takes[name] !== undefined && takes[name].optional !== true)
      .map(({ path }) => path.split('.')[0] ?? path)
      .filter((name) => known?.has(name) === false && !builtins.includes(name))
      .map((name) =>
        atKey(
          flow,
          step,
          'with',
          `"${name}" may be empty here, but ${step.wants?.action} needs it.`,
          'Ask for it on every way, or decide by it first: kosong goes elsewhere.',
        ),
      );
  });
});
