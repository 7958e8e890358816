import { atKey, perStep } from './check.js';

/** A variable that a setting of an answer names has the type that setting needs. */
export const types = perStep('types', (step, flow) =>
  (step.fits ?? [])
    .filter(({ type, wanted }) => wanted !== 'any' && type !== wanted)
    .map(({ name, path, type, wanted }) =>
      atKey(
        flow,
        step,
        name,
        `"${path}" is ${type}, but ${name} must be ${wanted}.`,
        'Give a variable of that type.',
      ),
    ),
);
