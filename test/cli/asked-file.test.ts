import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AskedFileError, refuseUnwritable, writeAsked } from '../../src/cli/asked-file.js';

const folder = mkdtempSync(join(tmpdir(), 'sapa-asked-'));
const there = join(folder, 'there.csv');
writeFileSync(there, 'before');
afterAll(() => rmSync(folder, { recursive: true }));

/** What somebody reads whose file cannot be written. */
function told(work: () => void): string {
  try {
    work();
    return 'nothing';
  } catch (error) {
    if (!(error instanceof AskedFileError)) throw error;
    return `${error.message} ${error.mend}`;
  }
}

it.each<[string, string, string]>([
  ['no folder', join(folder, 'no/a.svg'), `there is no folder ${join(folder, 'no')}. Make it,`],
  ['a folder', folder, 'this is a folder. Name a file in it.'],
  ['below a file', join(there, 'a.svg'), `${there} is no folder. Name a file`],
])('names the file and the mend: %s', (_, file, line) => {
  for (const work of [() => writeAsked(file, 'x'), () => refuseUnwritable(file)])
    expect(told(work)).toContain(`${file}: ${line}`);
});

it('writes what can be written, and a look beforehand changes nothing', () => {
  const fresh = join(folder, 'fresh.csv');
  expect(told(() => refuseUnwritable(fresh))).toBe('nothing');
  expect(existsSync(fresh)).toBe(false);
  refuseUnwritable(there);
  expect(readFileSync(there, 'utf8')).toBe('before');
  writeAsked(there, 'after');
  expect(readFileSync(there, 'utf8')).toBe('after');
});
