import type { Fault } from '../fault.js';
import { atHead, type Check } from './check.js';

/** A signal starts one flow only. */
export const signals: Check = {
  name: 'signals',
  run({ raws }) {
    const owners = new Map<string, string>();
    const faults: Fault[] = [];
    for (const raw of raws) {
      for (const name of raw.signals) {
        const owner = owners.get(name);
        if (owner === undefined) owners.set(name, raw.name);
        else
          faults.push(atHead(raw, 'signals', `The signal "${name}" already starts ${owner}.`, 'Remove one.'));
      }
    }
    return faults;
  },
};
