import { atHead, type Check } from './check.js';

/** Every flow has a name of its own. */
export const names: Check = {
  name: 'names',
  run: ({ raws }) =>
    raws
      .filter((raw, at) => raws.findIndex((other) => other.name === raw.name) !== at)
      .map((raw) => atHead(raw, 'flow', `There is another flow "${raw.name}".`, 'Give it another name.')),
};
