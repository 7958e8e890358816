import { z } from 'zod';
import { readReference, selectKey } from '../template.js';
import type { ValueType } from '../types.js';
import { type Branching, defineStep, type Exit } from './step.js';

/** How the lack of a value is bound. */
const empty = 'kosong';
/** The way of every value that no case names. */
const otherwise = 'otherwise';

const schema = z
  .strictObject({
    decide: z.string().describe('The variable whose value decides.'),
    cases: z
      .record(z.string(), z.string())
      .describe('For each value the step to go on to: ya and tidak, the ids of a choice, kosong for empty.'),
    otherwise: z.string().optional().describe('The step for every value that cases does not name.'),
  })
  .describe('Goes on by a value, without asking.');
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
    return {
      waits: false,
      exits: exitsOf(raw),
      reads: found === null ? [] : [found.reference],
      shows: [],
      calls: [],
      ...(found === null ? {} : { branches: branchingOf(raw, found.type) }),
      enter(walk) {
        const key = found === null ? empty : selectKey(readReference(found.reference, walk.lookup));
        walk.via = raw.cases[key] === undefined ? otherwise : key;
        return raw.cases[key] ?? raw.otherwise ?? 'end';
      },
    };
  },
});

/** Every way but the one for empty says that there is a value; a part of a variable says nothing of the whole. */
function exitsOf(raw: Raw): readonly Exit[] {
  const exit = (name: string, target: string, filled: boolean) => ({
    ...{ name, target, writes: [] },
    fills: filled ? [raw.decide] : [],
  });
  const named = Object.entries(raw.cases).map(([name, target]) => exit(name, target, name !== empty));
  const rest = raw.otherwise;
  if (rest === undefined) return named;
  return [...named, { ...exit(otherwise, rest, empty in raw.cases), label: 'selain itu' }];
}

function branchingOf(raw: Raw, type: ValueType): Branching {
  return {
    ...{ key: 'cases', noun: 'value', of: `"${raw.decide}"`, spare: [empty] },
    known: type.cases ?? null,
    bound: Object.keys(raw.cases),
    rest: raw.otherwise !== undefined,
  };
}
