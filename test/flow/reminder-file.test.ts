import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FlowDefinitionError, faultLine } from '../../src/flow/fault.js';
import { compileReminders, type ReminderSubjects, reminderChecks } from '../../src/flow/reminder-file.js';
import { booleanType, recordType, textType } from '../../src/flow/types.js';
import { projectReminders } from '../../src/programs.js';
import { fixture } from './rig.js';

const folder = 'broken/reminders';
const files = readdirSync(new URL(folder, import.meta.url)).sort();

const variables = { benda: recordType('benda', { nama: textType }), lewat: booleanType };
const example = { benda: { nama: 'N'.repeat(2047) }, lewat: true };
const known: ReminderSubjects = {
  dated: { dated: true, variables, example },
  weekly: { dated: false, variables, example },
};

function faultsIn(sources: Readonly<Record<string, string>>): readonly string[] {
  try {
    compileReminders(sources, known);
    return [];
  } catch (error) {
    if (!(error instanceof FlowDefinitionError)) throw error;
    return error.faults.map(faultLine);
  }
}

describe('every broken reminder is told with its line, what is wrong and how to mend it', () => {
  const names = [...new Set(files.map((file) => file.split('.')[0] ?? ''))];
  it.each(names)('%s', (name) => {
    const own = files.filter((file) => file.split('.')[0] === name);
    const sources = Object.fromEntries(
      // What stands behind a dot is the name of a second rule.
      own.map((file) => [
        `${folder}/${file.replace(/^\w+\.(?=.+\.yaml$)/, '')}`,
        fixture(`${folder}/${file}`),
      ]),
    );
    const expected = Object.entries(sources).flatMap(([file, source]) =>
      [...source.matchAll(/^# expect (\d+): (.+)$/gm)].map(([, line, text]) => `${file}:${line}: ${text}`),
    );
    expect(expected).not.toEqual([]);
    expect([...faultsIn(sources)].sort()).toEqual(expected.sort());
  });

  it('there is one for every proof', () => {
    const rules = new Set(names.map((name) => name.split('-')[0]));
    expect([...rules].sort()).toEqual([...reminderChecks.map(({ name }) => name), 'form'].sort());
  });
});

it('a rule says its text with values, and what it leaves out is what it means', () => {
  const source =
    'reminder: satu\ntitle: Satu\nabout: weekly\nwhen: { weekly: senin }\nuseful-days: 2\npriority: 9\ntext: Ada {benda.nama}{lewat, select, ya { lewat} other {}}.\n';
  const [rule] = compileReminders({ 'x/satu.yaml': source }, known);
  expect(rule?.say({ benda: { nama: 'buku' }, lewat: true })).toBe('Ada buku lewat.');
  const { say: _, ...plain } = rule ?? { say: null };
  expect(plain).toEqual({
    ...{ name: 'satu', title: 'Satu', about: 'weekly', when: { weekly: 1 }, hour: 8, usefulDays: 2 },
    ...{ latecomers: false, priority: 9, urgent: false },
  });
});

it('the rules of the project are right, and none goes by another that has the same', () => {
  expect(projectReminders().length).toBeGreaterThan(3);
});
