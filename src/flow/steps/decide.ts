import { z } from 'zod';
import { readReference, selectKey } from '../template.js';
import type { ValueType } from '../types.js';
import { type Building, defineStep, type Exit } from './step.js';

const schema = z.strictObject({
  decide: z.string(),
  cases: z.record(z.string(), z.string()),
  otherwise: z.string().optional(),
});
type Raw = z.infer<typeof schema>;

/**
 * `decide: variable` goes on by its value: a choice by its ids, yes or no by `ya` and `tidak`, anything that may be empty
 * by `kosong` (and `otherwise`). Every value must be bound.
 */
export const decide = defineStep({
  key: 'decide',
  schema,
  build(raw, building) {
    const found = building.reference(raw.decide, 'decide');
    if (found !== null) reportUnbound(raw, found.type, building);
    return {
      waits: false,
      exits: exitsOf(raw),
      reads: found === null ? [] : [found.reference],
      shows: [],
      calls: [],
      enter(walk) {
        const key = found === null ? 'kosong' : selectKey(readReference(found.reference, walk.lookup));
        return raw.cases[key] ?? raw.otherwise ?? 'end';
      },
    };
  },
});

function exitsOf(raw: Raw): readonly Exit[] {
  const named = Object.entries(raw.cases).map(([name, target]) => ({ name, target, writes: [] }));
  return raw.otherwise === undefined
    ? named
    : [...named, { name: 'otherwise', target: raw.otherwise, writes: [] }];
}

function reportUnbound(raw: Raw, type: ValueType, building: Building): void {
  const known = type.cases;
  const bound = Object.keys(raw.cases);
  for (const name of bound.filter((one) => one !== 'kosong' && known !== undefined && !known.includes(one))) {
    building.fault(
      'cases',
      `"${raw.decide}" is never "${name}".`,
      `Use one of: ${known?.join(', ')}, kosong.`,
    );
  }
  if (raw.otherwise !== undefined) return;
  const missing = known?.filter((one) => !bound.includes(one)) ?? ['any other value'];
  if (missing.length > 0) {
    building.fault(
      'cases',
      `The value ${missing.join(', ')} of "${raw.decide}" leads nowhere.`,
      'Add it to cases, or add otherwise.',
    );
  }
}
