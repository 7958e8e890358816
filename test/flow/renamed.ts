import { parse, stringify } from 'yaml';
import type { Sources } from '../../src/flow/compile.js';
import { isRecord, type Json, type JsonRecord } from '../../src/flow/json.js';
import type { Flow, Program } from '../../src/flow/program.js';

/** Where a flow file names its own steps and variables: alone, as the values of a map, and within texts. */
const stepKeys = new Set(['go', 'next', 'redo', 'until', 'back', 'otherwise']);
const variableKeys = new Set([
  'from',
  'pick',
  'save',
  'decide',
  'born',
  'sex',
  'nik',
  'phone',
  'listen',
  'file',
  'files',
]);
const stepMaps = new Set(['outcomes', 'cases', 'words', 'signals']);
const variableMaps = new Set(['with']);
const texts = new Set(['say', 'notice', 'ask', 'choose', 'end', 'remind']);

/** What a name becomes. */
export const renamed = (name: string): string => `baru-${name}`;

/**
 * The same flows with every step renamed, and every variable but those that actions give; `moved:` says so. Nothing a
 * person reads is different.
 */
export function renameAll(sources: Sources, program: Program): Sources {
  return Object.fromEntries(
    [...program.flows.values()].map((flow) => [
      flow.file,
      stringify(renameFlow(parse(sources[flow.file] ?? ''), namesOf(flow))),
    ]),
  );
}

interface Names {
  readonly steps: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
}

function namesOf({ steps, slots }: Flow): Names {
  const silent = [...steps.values()].filter((step) => !step.waits);
  const given = new Set(silent.flatMap((step) => step.exits.flatMap((exit) => exit.writes)));
  const variables = [...slots.keys()].filter((name) => !given.has(name));
  return { steps: new Set(steps.keys()), variables: new Set(variables) };
}

function renameFlow(raw: JsonRecord, names: Names): JsonRecord {
  const all = [...names.steps, ...names.variables];
  const { steps, optional, expire } = raw;
  return {
    ...raw,
    ...(expire === undefined ? {} : { expire: renameNode(expire, names) }),
    optional: Array.isArray(optional) ? optional.map((name) => nameIn(names.variables, name)) : [],
    moved: Object.fromEntries(all.map((name) => [name, renamed(name)])),
    steps: Object.fromEntries(
      Object.entries(isRecord(steps) ? steps : {}).map(([id, step]) => [
        renamed(id),
        renameNode(saving(id, step, names), names),
      ]),
    ),
  };
}

/** A question saves under its own name; where an action gives the same variable, the name must be said now. */
function saving(id: string, step: Json, { variables }: Names): Json {
  return isRecord(step) && 'ask' in step && step['save'] === undefined && !variables.has(id)
    ? { ...step, save: id }
    : step;
}

function renameNode(node: Json, names: Names): Json {
  if (!isRecord(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, renameValue(key, value, names)]),
  );
}

function renameValue(key: string, value: Json, names: Names): Json {
  if (isRecord(value) && stepMaps.has(key)) return valuesIn(names.steps, value);
  if (isRecord(value) && variableMaps.has(key)) return valuesIn(names.variables, value);
  if (typeof value !== 'string') return renameNode(value, names);
  if (stepKeys.has(key)) return nameIn(names.steps, value);
  if (variableKeys.has(key)) return nameIn(names.variables, value);
  return texts.has(key) ? textIn(names.variables, value) : value;
}

function valuesIn(names: ReadonlySet<string>, map: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(map).map(([key, name]) => [key, nameIn(names, name)]));
}

function nameIn(names: ReadonlySet<string>, path: Json): string {
  const [name = '', ...parts] = String(path).split('.');
  return [names.has(name) ? renamed(name) : name, ...parts].join('.');
}

function textIn(names: ReadonlySet<string>, text: string): string {
  return text.replace(/(?<=\{\s*)[\w-]+/g, (name) => nameIn(names, name));
}
