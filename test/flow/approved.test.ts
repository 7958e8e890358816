import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ApprovedText, approvedFor, valuesIn } from '../../src/flow/approved.js';
import { approvedChecks, compileApproved } from '../../src/flow/approved-file.js';
import { FlowDefinitionError, faultLine } from '../../src/flow/fault.js';
import { readFlows } from '../../src/flows.js';
import { fixture, shipped } from './rig.js';

const folder = 'broken/templates';
const files = readdirSync(new URL(folder, import.meta.url)).sort();

function faultsIn(sources: Readonly<Record<string, string>>): readonly string[] {
  try {
    compileApproved(sources, shipped);
    return [];
  } catch (error) {
    if (!(error instanceof FlowDefinitionError)) throw error;
    return error.faults.map(faultLine);
  }
}

describe('every broken template is told with its line, what is wrong and how to mend it', () => {
  const names = [...new Set(files.map((file) => file.split('.')[0] ?? ''))];
  it.each(names)('%s', (name) => {
    const own = files.filter((file) => file.split('.')[0] === name).map((file) => `${folder}/${file}`);
    const sources = Object.fromEntries(own.map((file) => [file, fixture(file)]));
    const expected = Object.entries(sources).flatMap(([file, source]) =>
      [...source.matchAll(/^# expect (\d+): (.+)$/gm)].map(([, line, text]) => `${file}:${line}: ${text}`),
    );
    expect(expected).not.toEqual([]);
    expect([...faultsIn(sources)].sort()).toEqual(expected.sort());
  });

  it('there is one for every rule', () => {
    const rules = new Set(names.map((name) => name.split('_')[0]));
    expect([...rules].sort()).toEqual([...approvedChecks.map(({ name }) => name), 'form'].sort());
  });
});

it('the templates of the project are right, and their flows say what they stand for', () => {
  const sources = readFlows('flows/templates', 'flows/templates');
  expect(Object.keys(sources).length).toBeGreaterThan(0);
  expect(faultsIn(sources)).toEqual([]);
});

describe('a message and the template that says it', () => {
  const invitation: ApprovedText = {
    ...{ name: 'undangan', language: 'id', category: 'utility', buttons: [] },
    body: 'Yth. {nama}, ada rapat pada {hari}. Mohon hadir.',
    stands: 'Yth. {nama}, ada rapat pada {hari}. Mohon hadir.',
  };
  const said = (text: string, buttons: readonly { label: string; data: string }[] = []) => ({
    text,
    buttons,
  });

  it.each<[string, string, string, object | null]>([
    ['its values', 'Yth. {nama}, halo.', 'Yth. Ibu Sri, halo.', { nama: 'Ibu Sri' }],
    ['other words', 'Yth. {nama}, halo.', 'Yth. Ibu Sri, hai.', null],
    ['more before it', 'Yth. {nama}, halo.', 'Kepada Yth. Ibu Sri, halo.', null],
    ['more behind it', 'Yth. {nama}, halo.', 'Yth. Ibu Sri, halo. Terima kasih', null],
    ['signs as they stand', 'Apa (ini)? *{nama}*.', 'Apa (ini)? *Sri*.', { nama: 'Sri' }],
    ['no value', 'Yth. {nama}, halo.', 'Yth. , halo.', null],
    ['a value of two lines', 'Yth. {nama}, halo.', 'Yth. Ibu\nSri, halo.', null],
    ['a value with a wide gap', 'Yth. {nama}, halo.', 'Yth. Ibu     Sri, halo.', null],
    ['anything', 'Halo.\n\n{...}', 'Halo.\n\nSatu\ndua?', { '...': 'Satu\ndua?' }],
    ['nothing where anything must be', 'Halo.\n\n{...}', 'Halo.\n\n', null],
  ])('%s', (_name, pattern, text, values) => {
    const found = valuesIn(text, pattern);
    expect(found === null ? null : Object.fromEntries(found)).toEqual(values);
  });

  it('gives the values in the order of the body', () => {
    const filled = approvedFor(said('Yth. Ibu Sri, ada rapat pada Senin. Mohon hadir.'), [invitation]);
    expect(filled?.values).toEqual([
      { name: 'nama', value: 'Ibu Sri' },
      { name: 'hari', value: 'Senin' },
    ]);
    expect(approvedFor(said('Halo.'), [invitation])).toBeNull();
  });

  it('is none where the values make it too long', () => {
    const text = `Yth. ${'a'.repeat(1000)}, ada rapat pada Senin. Mohon hadir.`;
    expect(approvedFor(said(text), [invitation])).toBeNull();
  });

  it('carries the choices on its buttons, or is none', () => {
    const asking = {
      ...invitation,
      body: 'Bapak/Ibu hadir?',
      stands: 'Hadir?\n\n{...}',
      buttons: ['Ya', 'Tidak'],
    };
    const buttons = [
      { label: 'Ya', data: 'q:ya' },
      { label: 'Tidak', data: 'q:tidak' },
    ];
    expect(approvedFor(said('Hadir?\n\n1. Ya\n2. Tidak', buttons), [invitation, asking])?.buttons).toEqual(
      buttons,
    );
    expect(approvedFor(said('Hadir?\n\n1. Ya\n2. Tidak', buttons.slice(1)), [asking])).toBeNull();
  });
});
