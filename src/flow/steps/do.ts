import { z } from 'zod';
import type { ActionSignature } from '../action.js';
import type { Json, JsonRecord } from '../json.js';
import { type Reference, readReference } from '../template.js';
import type { ValueType } from '../types.js';
import { type Branching, type Building, defineStep, type Exit, type Given } from './step.js';

const described = {
  do: 'The action: what the program is asked for.',
  with: 'What the action is given: left its own name for it, right the variable.',
  outcomes: 'For each outcome of the action the step to go on to.',
};
const schema = z
  .strictObject({
    do: z.string().describe(described.do),
    with: z.record(z.string(), z.string()).default({}).describe(described.with),
    outcomes: z.record(z.string(), z.string()).describe(described.outcomes),
  })
  .describe('Asks the program for something; every outcome must lead somewhere.');
type Raw = z.infer<typeof schema>;
type Argument = Given & { readonly reference: Reference };

/** `do: action` asks the domain for something; every outcome must be bound to a step, and its values become variables. */
export const perform = defineStep({
  key: 'do',
  schema,
  forms: ({ actions }) => Object.entries(actions).map(([name, signature]) => [formOf(name, signature)]),
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
        walk.via = outcome;
        return raw.outcomes[outcome] ?? 'end';
      },
    };
  },
});

/** How a step with this action is written: with what it takes, and with all its outcomes. */
function formOf(name: string, { takes, outcomes }: ActionSignature): z.ZodType {
  const given = Object.entries(takes).map(([parameter, { type, optional }]) => {
    const variable = z.string().describe(type === 'any' ? 'A variable.' : `A variable of the type ${type}.`);
    return [parameter, optional === true ? variable.optional() : variable] as const;
  });
  const ways = Object.keys(outcomes).map((one) => [one, z.string().describe('A step, or end.')] as const);
  const needed = Object.values(takes).some(({ optional }) => optional !== true);
  const whole = z.strictObject(Object.fromEntries(given)).describe(described.with);
  return schema.extend({
    do: z.literal(name).describe(described.do),
    with: needed ? whole : whole.optional(),
    outcomes: z.strictObject(Object.fromEntries(ways)).describe(described.outcomes),
  });
}

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
