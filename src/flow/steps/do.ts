import { z } from 'zod';
import type { ActionSignature } from '../action.js';
import type { Json, JsonRecord } from '../json.js';
import { type Reference, readReference } from '../template.js';
import type { ValueType } from '../types.js';
import { type Branching, type Building, defineStep, type Exit, type Given } from './step.js';

const schema = z.strictObject({
  do: z.string(),
  with: z.record(z.string(), z.string()).default({}),
  outcomes: z.record(z.string(), z.string()),
});
type Raw = z.infer<typeof schema>;
type Argument = Given & { readonly reference: Reference };

/** `do: action` asks the domain for something; every outcome must be bound to a step, and its values become variables. */
export const perform = defineStep({
  key: 'do',
  schema,
  declares: (raw, { actions }) => declared(actions[raw.do]),
  build(raw, building) {
    const signature = building.actions[raw.do];
    const args = argumentsOf(raw, building);
    return {
      waits: false,
      exits: exitsOf(raw, signature),
      reads: args.map((argument) => argument.reference),
      shows: [],
      calls: [],
      wants: { action: raw.do, names: Object.keys(raw.with), given: args },
      ...(signature === undefined ? {} : { branches: branchingOf(raw, signature) }),
      enter(walk) {
        walk.want(raw.do, collect(args, walk.lookup));
        return null;
      },
      result(walk, { outcome, values }) {
        if (signature?.forgets === true) walk.forgetNotes();
        const fixed = signature?.fixed?.[outcome] ?? null;
        walk.facts.push({
          kind: 'actionDone',
          flow: walk.frame.flow,
          step: building.id,
          action: raw.do,
          outcome,
        });
        if (fixed !== null || Object.keys(values).length > 0)
          walk.save(Object.entries(values), { said: null, fixed });
        return raw.outcomes[outcome] ?? 'end';
      },
    };
  },
});

function declared(signature: ActionSignature | undefined): Readonly<Record<string, ValueType>> {
  return Object.assign({}, ...Object.values(signature?.outcomes ?? {}));
}

function exitsOf(raw: Raw, signature: ActionSignature | undefined): readonly Exit[] {
  return Object.entries(raw.outcomes).map(([name, target]) => ({
    name,
    target,
    writes: Object.keys(signature?.outcomes[name] ?? {}),
  }));
}

function collect(args: readonly Argument[], lookup: (name: string) => Json): JsonRecord {
  const values: Record<string, Json> = {};
  for (const { name, reference } of args) values[name] = readReference(reference, lookup);
  return values;
}

function argumentsOf(raw: Raw, building: Building): readonly Argument[] {
  return Object.entries(raw.with).flatMap(([name, path]) => {
    const found = building.reference(path, 'with');
    return found === null ? [] : [{ name, path, type: found.type.name, reference: found.reference }];
  });
}

function branchingOf(raw: Raw, signature: ActionSignature): Branching {
  return {
    ...{ key: 'outcomes', noun: 'outcome', of: raw.do, spare: [], rest: false },
    known: Object.keys(signature.outcomes),
    bound: Object.keys(raw.outcomes),
  };
}
