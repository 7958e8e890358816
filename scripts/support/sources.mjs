import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseSync } from 'oxc-parser';

/** Every source file below a folder, parsed; the generated client and what lies in `dist` are left out. */
export function readSources(folder) {
  return walk(folder)
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => readSource(folder, file))
    .filter(({ path }) => !path.startsWith('store/prisma/'));
}

function readSource(folder, file) {
  const text = readFileSync(file, 'utf8');
  const { program, module, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  return { path: relative(folder, file).split(sep).join('/'), text, program, module, comments };
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

/** The line of an offset, from 1. */
export function lineAt(text, offset) {
  return text.slice(0, offset).split('\n').length;
}
