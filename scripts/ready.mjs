// Makes the tree ready: dependencies, Prisma client, compiled code; each only when what it is made from has changed.
// Node built-ins only: nothing is installed yet when this runs for the first time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);
const noteFile = at('node_modules/.sapa-ready.json');
const lock = at('.ready.lock');
const client = at('src/store/prisma');

/** When each step is due, what it is made from, and how; a step sees what the steps before it have made. */
const steps = [
  {
    name: 'dependencies',
    isMissing: () => !isInstalled(),
    make: () =>
      npm('ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional', '--loglevel=error'),
  },
  {
    name: 'database client',
    isMissing: () => !existsSync(join(client, 'client.ts')),
    from: () => ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'].map(contentOf).join('\0'),
    // The Prisma CLI wants the path of a schema engine even where it does not run it; any existing file will do.
    make: () =>
      node(['node_modules/prisma/build/index.js', 'generate'], {
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      }),
  },
  {
    name: 'compiled code',
    isMissing: () => !existsSync(at('dist/main.js')),
    from: () => [listing(at('src')), ...['tsconfig.json', 'package-lock.json'].map(contentOf)].join('\0'),
    make: compile,
  },
  {
    name: 'program',
    isMissing: () => !existsSync(at('build/main.js')),
    from: () => notes()['compiled code'] + contentOf('scripts/bundle.mjs'),
    make: () => node(['scripts/bundle.mjs']),
  },
  {
    name: 'outlines of the flows',
    isMissing: () => !existsSync(at('build/outlines.json')),
    from: () =>
      [listing(at('flows')), ...['src/flow/outline.ts', 'src/outlining.ts'].map(contentOf)].join('\0'),
    make: () => node(['dist/outlining.js']),
  },
];

refuseOldNode();
if (steps.some(isNeeded)) await alone(makeAll);

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `sapa: needs Node 20.19 or newer, this is ${process.versions.node}: install a newer one from nodejs.org.`,
  );
  process.exit(1);
}

function isNeeded(step) {
  return step.isMissing() || (step.from !== undefined && notes()[step.name] !== hash(step.from()));
}

function makeAll() {
  for (const step of steps) if (isNeeded(step)) make(step);
}

function make(step) {
  console.error(`sapa: making ready: ${step.name} …`);
  // Before the work: what changes while it runs is made again the next time.
  const from = step.from && hash(step.from());
  step.make();
  writeFileSync(noteFile, JSON.stringify({ ...notes(), [step.name]: from }));
}

function notes() {
  try {
    return JSON.parse(readFileSync(noteFile, 'utf8'));
  } catch {
    return {};
  }
}

/** Whether node_modules holds what package-lock.json asks for, by the list that npm itself keeps there. */
function isInstalled() {
  try {
    const wanted = JSON.parse(contentOf('package-lock.json')).packages;
    const present = JSON.parse(contentOf('node_modules/.package-lock.json')).packages;
    return Object.entries(wanted).every(
      ([path, { version, optional, link }]) =>
        path === '' || optional || link || present[path]?.version === version,
    );
  } catch {
    return false;
  }
}

function compile() {
  removeStale(at('dist'));
  // Whether the types are right is for `npm run check`: it takes six times as long as to compile.
  node(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noCheck']);
}

/** What was compiled from a source that is gone would still be imported. */
function removeStale(folder) {
  if (!existsSync(folder)) return;
  for (const file of walk(folder).filter((one) => /\.js(\.map)?$/.test(one))) {
    const source = at('src', relative(folder, file).replace(/\.js(\.map)?$/, ''));
    if (!existsSync(`${source}.ts`) && !existsSync(`${source}.tsx`)) rmSync(file);
  }
}

/** The npm that started us, as plain `npm` is no program on Windows. */
function npm(...args) {
  const own = process.env.npm_execpath ?? '';
  if (basename(own) === 'npm-cli.js') return run(process.execPath, [own, ...args]);
  return run('npm', args);
}

function node(args, env = {}) {
  return run(process.execPath, args, env);
}

function run(program, args, env = {}) {
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } };
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  if (status === 0) return;
  console.error(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
  throw new Error(`${basename(program)} ${args.join(' ')}`);
}

/** Two of these at once would write into each other's work. */
async function alone(work) {
  while (!takeLock()) {
    removeAbandoned();
    await pause(100);
  }
  try {
    work();
  } catch (error) {
    console.error(
      `sapa: this failed: ${error.message}. The lines above say why; if none do, is the disk full?`,
    );
    process.exitCode = 1;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Written aside and linked into place, so that a lock is never seen without its owner. */
function takeLock() {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, identityOf(process.pid));
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Of several that find the same abandoned lock only one gets to rename it. */
function removeAbandoned() {
  const owner = contentOf('.ready.lock');
  if (owner === '' || identityOf(Number.parseInt(owner, 10)) === owner) return;
  const aside = `${lock}.${process.pid}.old`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') !== owner) linkSync(aside, lock);
  } catch {
    // Another process was first.
  }
  rmSync(aside, { force: true });
}

/** A pid and, where /proc tells it, when its process began: pids are used again. Empty when there is none. */
function identityOf(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return '';
  }
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ')';
  return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
}

function contentOf(file) {
  return existsSync(at(file)) ? readFileSync(at(file), 'utf8') : '';
}

function listing(folder) {
  const line = (file) => {
    const { mtimeMs, size } = statSync(file);
    return `${relative(root, file)} ${mtimeMs} ${size}`;
  };
  return walk(folder).map(line).join('\n');
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex');
}
