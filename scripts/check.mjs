// npm run check: everything that can be said about the code without running it; ends with `N passed, M failed`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const main = join(root, 'build/main.js');

/** What the formatter looks after; flows and pages are laid out for people. */
const written = ['src', 'test', 'scripts', 'bench', 'vitest.config.ts'];

/** Each is a program of Node with its arguments; the longest first, as they run beside each other. */
const steps = [
  ['schema drift', 'scripts/migrate.mjs', 'check'],
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.test.json'],
  ['dead code', 'node_modules/knip/bin/knip.js', '--no-progress'],
  [
    'code that only tests use',
    'node_modules/knip/bin/knip.js',
    '--no-progress',
    '--production',
    '--config=knip.production.jsonc',
    '--include=exports,files',
  ],
  [
    'lint and format',
    'node_modules/@biomejs/biome/bin/biome',
    'check',
    '--error-on-warnings',
    '--diagnostic-level=warn',
    ...written,
  ],
  ['import boundaries', 'scripts/boundaries.mjs'],
  ['shape', 'scripts/shape.mjs'],
  ['page of limits', 'scripts/limits.mjs', 'check'],
  ...(existsSync(main)
    ? [
        ['flows', main, 'flows', 'check'],
        ['flow schemas', main, 'flows', 'schema', '--check'],
      ]
    : []),
];

const waiting = [...steps];
const results = [];
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
const failed = results.filter((ok) => !ok).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function work() {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) results.push(await run(step));
}

function run([name, ...args]) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok    ' : 'failed'}  ${name} (${seconds} s)`);
      if (code !== 0) console.log(`${Buffer.concat(output)}`.trimEnd().replace(/^/gm, '        '));
      resolve(code === 0);
    });
  });
}
