import { createHash } from 'node:crypto';
import { roleNames } from './domain/roles.js';
import type { ActionSignatures } from './flow/action.js';
import { compileOrThrow, rebuild, type Sources, type World } from './flow/compile.js';
import { inputs } from './flow/inputs/index.js';
import type { Program } from './flow/program.js';
import { booleanType, recordType, type ValueType } from './flow/types.js';
import { readYamlFiles } from './flow-files.js';
import { knownOutlines } from './outlines.js';

const phone = inputs['phone'];
const phoneType: ValueType = phone === undefined ? booleanType : phone.type({});

/** What every flow can read without asking: the number the channel proves, and whether something was interrupted. */
const builtins = {
  kontak: recordType('kontak', { nomor: phoneType }),
  sesi: recordType('sesi', { menyela: booleanType }),
};

/** The world flows are compiled in: the inputs of the language, the actions and the roles of the domain. */
export function worldOf(actions: ActionSignatures): World {
  return { inputs, actions, builtins, roles: roleNames, outlines: knownOutlines };
}

/** Reads all flow files of a folder, tests left out, under the name it has in the project. Throws `FlowDefinitionError`. */
export function readFlows(folder: string, as = 'flows'): Sources {
  return readYamlFiles(folder, as, (name) => !isTest(name));
}

/** Whether a file holds tests of flows, also one whose ending is not quite right. */
export function isTest(name: string): boolean {
  return /\.test\.ya?ml$/i.test(name);
}

/** The name of a flow set: the same files have the same hash on every machine. */
export function hashOf(sources: Sources): string {
  return createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 32);
}

/** What was compiled last. Of a bot that begins again in the same process the flows are most often the same. */
let latest: { readonly actions: ActionSignatures; readonly program: Program } | null = null;

/** Compiles a flow set. Throws `FlowDefinitionError` with every fault. */
export function compileFlows(sources: Sources, actions: ActionSignatures): Program {
  const hash = hashOf(sources);
  if (latest?.program.hash === hash && latest.actions === actions) return latest.program;
  const program = compileOrThrow(sources, hash, worldOf(actions));
  latest = { actions, program };
  return program;
}

/** Builds a flow set that was published before, without proving it again; flows this Sapa cannot read are left out. */
export function rebuildFlows(sources: Sources, actions: ActionSignatures): Program {
  return rebuild(sources, hashOf(sources), worldOf(actions));
}
