import { z } from 'zod';
import type { ActionSignature } from '../action.js';
import type { Json, JsonRecord } from '../json.js';
import { type Reference, readReference } from '../template.js';
import type { ValueType } from '../types.js';
import { type Building, defineStep, type Exit } from './step.js';

const schema = z.strictObject({
  do: z.string(),
  with: z.record(z.string(), z.string()).default({}),
  outcomes: z.record(z.string(), z.string()),
});
type Raw = z.infer<typeof schema>;
type Argument = { readonly name: string; readonly reference: Reference };

/** `do: action` asks the domain for something; every outcome must be bound to a step, and its values become variables. */
export const perform = defineStep({
  key: 'do',
  schema,
  declares: (raw, { actions }) => declared(actions[raw.do]),
  build(raw, building) {
    const signature = building.actions[raw.do];
    if (signature === undefined) reportUnknown(raw, building);
    else reportOutcomes(raw, signature, building);
    const args = signature === undefined ? [] : bindArguments(raw, signature, building);
    return {
      waits: false,
      exits: exitsOf(raw, signature),
      reads: args.map((argument) => argument.reference),
      shows: [],
      calls: [],
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

function bindArguments(raw: Raw, signature: ActionSignature, building: Building): readonly Argument[] {
  for (const name of Object.keys(raw.with).filter((one) => signature.takes[one] === undefined)) {
    building.fault(
      'with',
      `The action ${raw.do} takes no "${name}".`,
      `It takes: ${Object.keys(signature.takes).join(', ')}.`,
    );
  }
  return Object.entries(signature.takes).flatMap(([name, parameter]) => {
    const path = raw.with[name];
    if (path !== undefined) return bindArgument(name, path, parameter.type, building);
    if (parameter.optional !== true)
      building.fault('with', `The action ${raw.do} needs "${name}".`, `Add ${name}: VARIABLE to with.`);
    return [];
  });
}

function bindArgument(name: string, path: string, wanted: string, building: Building): readonly Argument[] {
  const found = building.reference(path, 'with');
  if (found === null) return [];
  if (wanted !== 'any' && wanted !== found.type.name) {
    building.fault(
      'with',
      `"${path}" is ${found.type.name}, but "${name}" must be ${wanted}.`,
      'Give a variable of that type.',
    );
  }
  return [{ name, reference: found.reference }];
}

function reportUnknown(raw: Raw, building: Building): void {
  building.fault(
    'do',
    `There is no action "${raw.do}".`,
    `Use one of: ${Object.keys(building.actions).sort().join(', ')}.`,
  );
}

function reportOutcomes(raw: Raw, signature: ActionSignature, building: Building): void {
  const known = Object.keys(signature.outcomes);
  for (const name of known.filter((one) => raw.outcomes[one] === undefined)) {
    building.fault(
      'outcomes',
      `The outcome "${name}" of ${raw.do} leads nowhere.`,
      `Add ${name}: STEP to outcomes.`,
    );
  }
  for (const name of Object.keys(raw.outcomes).filter((one) => !known.includes(one))) {
    building.fault(
      'outcomes',
      `The action ${raw.do} has no outcome "${name}".`,
      `It has: ${known.join(', ')}.`,
    );
  }
}
