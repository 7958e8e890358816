import { atStep, perStep } from './check.js';

/** A text that depends on a value names only values that can come. */
export const selects = perStep('selects', (step, flow) =>
  step.shows
    .flatMap(({ template }) => template.selects)
    .flatMap(({ path, keys, cases }) => {
      const possible = [...cases, 'kosong', 'other'];
      return keys
        .filter((key) => !possible.includes(key))
        .map((key) =>
          atStep(flow, step, `"${path}" is never "${key}".`, `Use one of: ${possible.join(', ')}.`),
        );
    }),
);
