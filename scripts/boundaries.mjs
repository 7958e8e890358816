// Who may import whom, and no cycles: node scripts/boundaries.mjs [FOLDER]
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lineAt, readSources } from './support/sources.mjs';

/**
 * What each room may import: `uses` at run time, `types` as types only (what is used may of course be named). A channel is
 * a room of its own; `ports` are the shapes that others ask the store to implement. Files beside `main.ts`, and what the commands do, are the
 * composition root. `values` are the parts of flow that are plain words, types and texts, which know nothing of conversations
 * (docs/decisions/0003): rooms that may not drive a conversation may still speak of them. A channel's `port.ts` is contract. `config` is the
 * settings, and where the project lies.
 */
const rules = {
  root: { uses: ['*'] },
  config: {},
  flow: { uses: ['values'] },
  values: { uses: ['flow'] },
  contract: { types: ['flow', 'values'] },
  channel: { uses: ['contract', 'values'] },
  store: { types: ['flow', 'values', 'contract', 'channel', 'turn', 'delivery', 'domain'] },
  domain: { uses: ['store', 'values'], types: ['flow'] },
  turn: { uses: ['flow', 'values', 'domain', 'store'], types: ['contract'] },
  delivery: { uses: ['flow', 'values', 'domain', 'store', 'contract'] },
  schedule: { uses: ['domain', 'store', 'values'] },
  web: { uses: ['domain', 'flow', 'values', 'contract'] },
  cli: { uses: ['domain', 'flow', 'values', 'contract'], types: ['config'] },
};

const values =
  /^flow\/(json|message|attachment|human-hours|types|text|words|calendar|clock|numerals|word-list|relative-day|markup|render|capabilities|approved|regions|region-index|inputs\/.*)\.ts$/;

const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../src');
const sources = readSources(folder);
const known = new Set(sources.map((source) => source.path));
const imports = sources.flatMap(importsOf);
const faults = [...imports.filter((one) => !isAllowed(one)).map(forbidden), ...cycles().map(cyclic)];
for (const fault of faults) console.log(fault);
console.log(`${sources.length} files, ${imports.length} imports, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);

/** The room of a file: its first folder, a channel's own folder, or what a file beside main.ts is. */
function roomOf(path) {
  const [first, second] = path.split('/');
  if (path === 'config.ts' || path === 'root.ts') return 'config';
  if (second === undefined || first === 'commands') return 'root';
  if (values.test(path)) return 'values';
  if (first !== 'channels') return first;
  return second.startsWith('contract') || path.endsWith('/port.ts') ? 'contract' : `channel ${second}`;
}

function isAllowed({ from, to, typeOnly }) {
  const [own, other] = [roomOf(from), roomOf(to)];
  if (own === other) return true;
  const { uses = [], types = [] } = rules[own.split(' ')[0]] ?? {};
  return [...uses, ...(typeOnly ? types : [])].some((room) => room === '*' || room === other.split(' ')[0]);
}

function forbidden({ from, line, to, typeOnly }) {
  const how = typeOnly ? 'the types of' : 'at run time';
  return `src/${from}:${line}: ${roomOf(from)} may not import ${how} ${to}: hand it in, or move what both need.`;
}

/** Own files that a file imports, one entry for each statement. */
function importsOf({ path, text, module }) {
  const statements = [...module.staticImports.map(fromImport), ...module.staticExports.flatMap(fromExport)];
  const dynamic = module.dynamicImports.map((one) => fromDynamic(one, text));
  return [...statements, ...dynamic]
    .filter((one) => one.request.startsWith('.'))
    .map((one) => ({
      from: path,
      to: resolve(path, one.request),
      line: lineAt(text, one.start),
      typeOnly: one.typeOnly,
    }))
    .filter((one) => known.has(one.to));
}

function fromImport({ moduleRequest, entries, start }) {
  const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
  return { request: moduleRequest.value, start, typeOnly };
}

function fromExport({ entries, start }) {
  return entries
    .filter((entry) => entry.moduleRequest)
    .map((entry) => ({ request: entry.moduleRequest.value, start, typeOnly: entry.isType }));
}

function fromDynamic({ moduleRequest, start }, text) {
  return { request: text.slice(moduleRequest.start + 1, moduleRequest.end - 1), start, typeOnly: false };
}

function resolve(from, request) {
  const path = posix.join(posix.dirname(from), request).replace(/\.js$/, '');
  return known.has(`${path}.tsx`) ? `${path}.tsx` : `${path}.ts`;
}

/** One cycle of run-time imports for each file that closes one. */
function cycles() {
  const next = grouped(imports.filter((one) => !one.typeOnly));
  const state = new Map();
  const found = [];
  const visit = (path, trail) => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') return void found.push([...trail.slice(trail.indexOf(path)), path]);
    state.set(path, 'open');
    for (const { to } of next.get(path) ?? []) visit(to, [...trail, path]);
    state.set(path, 'done');
  };
  for (const { path } of sources) visit(path, []);
  return found;
}

function grouped(edges) {
  const groups = new Map();
  for (const edge of edges) groups.set(edge.from, [...(groups.get(edge.from) ?? []), edge]);
  return groups;
}

function cyclic(trail) {
  return `src/${trail[0]}: a cycle: ${trail.join(' → ')}: move what both need into a file of its own.`;
}
