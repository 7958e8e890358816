import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lineAt, readOutline } from '../../src/flow/outline.js';
import { parseFlow } from '../../src/flow/parse.js';
import { readFlows } from '../../src/flows.js';
import { knownOutlines, outlinesOf } from '../../src/outlines.js';

const source = [
  'flow: coba',
  'steps:',
  '  satu:',
  '    say: Halo',
  '    next: dua',
  '  dua: { end: true }',
].join('\n');

test.each<readonly [readonly (string | number)[], number]>([
  [[], 1],
  [['flow'], 1],
  [['steps', 'satu', 'next'], 5],
  [['steps', 'satu', 'tidak-ada', 'lagi'], 3],
  [['steps', 'dua', 'end'], 6],
  [['tidak-ada'], 1],
])('the line of %j is %i', (path, line) => {
  const read = readOutline(source);
  expect(read.ok && lineAt(read.outline, path)).toBe(line);
});

describe('what was read beforehand', () => {
  test('is known of every shipped flow, and says the same', () => {
    for (const [file, text] of Object.entries(readFlows('flows'))) {
      const read = readOutline(text);
      expect(read, file).toEqual({ ok: true, outline: knownOutlines(text) });
    }
  });

  test('is not known of a file that was changed since', () => {
    for (const text of Object.values(readFlows('flows'))) expect(knownOutlines(`${text}\n# baru`)).toBeNull();
  });

  test('leaves out what is no YAML', () => {
    expect(outlinesOf({ 'flows/a.yaml': 'a: [', 'flows/b.yaml': source })).toEqual({
      [Object.keys(outlinesOf({ b: source }))[0] ?? '']: expect.anything(),
    });
  });

  test('leads to the same faults at the same lines', () => {
    const folder = 'test/flow/broken/form';
    const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    expect(files).not.toEqual([]);
    for (const name of files) {
      const text = readFileSync(`${folder}/${name}`, 'utf8');
      const kept = JSON.parse(JSON.stringify(Object.values(outlinesOf({ [name]: text }))[0] ?? null));
      const faults = (parsed: ReturnType<typeof parseFlow>) => (parsed.ok ? [] : parsed.faults);
      expect(faults(parseFlow(name, text, () => kept))).toEqual(faults(parseFlow(name, text)));
    }
  });
});
