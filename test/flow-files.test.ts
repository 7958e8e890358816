import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FlowDefinitionError, faultLine } from '../src/flow/fault.js';
import { readFlows } from '../src/flows.js';

const flow = 'flow: a\ntitle: Satu\n';
const saveAs = 'Save it in your editor with the encoding UTF-8.';

/** A folder with these files; null stands for a folder. */
function folderWith(files: Readonly<Record<string, string | Buffer | null>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sapa-flows-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files))
    if (content === null) mkdirSync(join(folder, name));
    else writeFileSync(join(folder, name), content);
  return folder;
}

function faultsOf(folder: string): readonly string[] {
  try {
    readFlows(folder);
    return [];
  } catch (error) {
    if (!(error instanceof FlowDefinitionError)) throw error;
    return error.faults.map(faultLine);
  }
}

it.each<[string, string, string | Buffer | null, string]>([
  [
    'in Latin-1',
    'b.yaml',
    Buffer.from('flow: b\ntitle: Caf\xe9\n', 'latin1'),
    `b.yaml:2: A letter here is not in UTF-8. ${saveAs}`,
  ],
  [
    'in UTF-16',
    'b.yaml',
    Buffer.from(`\ufeff${flow}`, 'utf16le'),
    `b.yaml:1: The file is in UTF-16, and not in UTF-8. ${saveAs}`,
  ],
  [
    'in UTF-16 without a mark',
    'b.yaml',
    Buffer.from(flow, 'utf16le'),
    `b.yaml:1: The file is in UTF-16, and not in UTF-8. ${saveAs}`,
  ],
  [
    'with another ending',
    'b.yml',
    flow,
    'b.yml:1: Only files that end in .yaml are read. Rename it to b.yaml.',
  ],
  [
    'with a large ending',
    'b.YAML',
    flow,
    'b.YAML:1: Only files that end in .yaml are read. Rename it to b.yaml.',
  ],
  [
    'that is a folder',
    'b.yaml',
    null,
    'b.yaml:1: This is a folder, and no flow. Give it another name, without .yaml.',
  ],
])('names a flow %s', (_, name, content, line) => {
  expect(faultsOf(folderWith({ 'a.yaml': flow, [name]: content }))).toEqual([`flows/${line}`]);
});

it('leaves what an editor or a system keeps beside them, tests, and other files', () => {
  const folder = folderWith({
    ...{ 'a.yaml': flow, '.#a.yaml': Buffer.from([0xff]), '._a.yaml': Buffer.from([0]), '.a.yml': '' },
    ...{
      'a.test.yaml': flow,
      'a.test.yml': flow,
      'a.yaml~': flow,
      'flow.schema.json': '{}',
      templates: null,
    },
  });
  expect(readFlows(folder)).toEqual({ 'flows/a.yaml': flow });
});

it('takes a mark of UTF-8 for no letter', () => {
  expect(readFlows(folderWith({ 'a.yaml': `\ufeff${flow}` }))).toEqual({ 'flows/a.yaml': flow });
});
