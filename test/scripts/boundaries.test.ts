import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

let folder: string | null = null;
afterEach(() => {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
});

/** Runs a script over a folder with these files. */
function judge(
  script: string,
  files: Readonly<Record<string, string>>,
): { code: number | null; said: string } {
  folder = mkdtempSync(join(tmpdir(), 'sapa-boundaries-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}

const empty = 'export {};\n';
const message = 'export interface Message {}\nexport const none = 0;\n';

test.each([
  ['a type of flow in the store', 'store/a.ts', "import type { M } from '../flow/x.js';"],
  [
    'an inline type of flow in the contract',
    'channels/contract.ts',
    "import { type M } from '../flow/x.js';",
  ],
  ['the store in the domain', 'domain/a.ts', "import { s } from '../store/x.js';"],
  ['anything in main', 'main.ts', "import { s } from './store/x.js'; import { f } from './flow/x.js';"],
  ['the contract in a channel', 'channels/telegram/a.ts', "import { c } from '../contract/x.js';"],
  ['a type of config in the cli', 'cli/a.ts', "import type { C } from '../config.js';"],
  ['a package', 'flow/a.ts', "import { z } from 'zod';"],
])('allows %s', (_what, path, text) => {
  const files = {
    'flow/x.ts': message,
    'store/x.ts': empty,
    'channels/contract/x.ts': empty,
    'config.ts': empty,
  };
  expect(judge('scripts/boundaries.mjs', { ...files, [path]: text })).toMatchObject({ code: 0 });
});

test.each([
  ['flow naming the domain', 'flow/a.ts', "import type { D } from '../domain/x.js';"],
  ['the domain running flow', 'domain/a.ts', "import { f } from '../flow/x.js';"],
  ['the store running flow', 'store/a.ts', "export { f } from '../flow/x.js';"],
  ['a channel knowing another', 'channels/telegram/a.ts', "import type { W } from '../whatsapp-web/x.js';"],
  ['a channel knowing the store', 'channels/telegram/a.ts', "import type { S } from '../../store/x.js';"],
  ['a late import', 'flow/a.ts', "await import('../store/x.js');"],
  ['the cli running config', 'cli/a.ts', "import { c } from '../config.js';"],
  ['a part that imports main', 'web/a.ts', "import { m } from '../main.js';"],
  ['a room nobody has told of', 'attic/a.ts', "import { f } from '../flow/x.js';"],
])('refuses %s, and says where', (_what, path, text) => {
  const rooms = [
    'flow/x.ts',
    'domain/x.ts',
    'store/x.ts',
    'channels/whatsapp-web/x.ts',
    'config.ts',
    'main.ts',
  ];
  const files = Object.fromEntries(rooms.map((room) => [room, empty]));
  const { code, said } = judge('scripts/boundaries.mjs', { ...files, [path]: `\n${text}` });
  expect(code).toBe(1);
  expect(said).toContain(`src/${path}:2:`);
});

test('refuses a cycle at run time; types may go round', () => {
  const a = "import { b } from './b.js';";
  const cycle = judge('scripts/boundaries.mjs', {
    'flow/a.ts': a,
    'flow/b.ts': "import { a } from './a.js';",
  });
  expect(cycle.code).toBe(1);
  expect(cycle.said).toContain('flow/a.ts → flow/b.ts → flow/a.ts');
  const types = judge('scripts/boundaries.mjs', {
    'flow/a.ts': a,
    'flow/b.ts': "import type { A } from './a.js';",
  });
  expect(types.code).toBe(0);
});

const long = `/** Long. */\nexport function long(): void {\n${'  work();\n'.repeat(51)}}\n`;
const deep = `/** Deep. */\nexport function deep(): void {\n  if (a) for (;;) while (b) if (c) d();\n}\n`;

test.each([
  ['a long function', long, 'src/a.ts:2: a function of 51 lines'],
  ['deep nesting', deep, 'src/a.ts:3: nesting of 4'],
  ['any', '/** A. */\nexport const a: any = 1;\n', 'src/a.ts:2: `any`'],
  ['a bang', '/** A. */\nexport const a = b!;\n', 'src/a.ts:2: `!`'],
  ['a cast', '/** A. */\nexport const a = b as string;\n', 'src/a.ts:2: a cast'],
  ['an export without a word', 'export const a = 1;\n', 'src/a.ts:1: a is exported without'],
])('the shape bar refuses %s', (_what, text, fault) => {
  const { code, said } = judge('scripts/shape.mjs', { 'a.ts': text });
  expect(code).toBe(1);
  expect(said).toContain(fault);
});

test('the shape bar allows short, flat and explained code', () => {
  const ladder = '  if (a) x();\n  else if (b) y();\n  else if (c) z();\n  else if (d) w();\n';
  const text = `/** Fine. */\nexport function fine(): void {\n${ladder}}\n/** A. */\nexport const a = [1] as const;\n`;
  expect(judge('scripts/shape.mjs', { 'a.tsx': text })).toMatchObject({ code: 0 });
});
