import type { Records } from '../domain/records.js';
import { type Counted, comingReminders, type Outcome, pastReminders } from '../domain/reminders/report.js';
import type { ReminderRule } from '../flow/reminder-file.js';

/** `sapa reminders`: what is due in the next two weeks, and what was told, waits or was missed. Counts only. */
export async function reminders(
  { pool, now }: Records,
  rules: readonly ReminderRule[],
  print: (line: string) => void,
): Promise<boolean> {
  const at = now();
  const past = await pastReminders(at, pool);
  section('Told in the last two weeks', past.filter(isOf('told')), print);
  section('Waiting for another day', past.filter(isOf('waiting')), print);
  section('Missed in the last two weeks', past.filter(isOf('missed')), print);
  section('Coming in the next two weeks', await comingReminders(rules, at, pool), print);
  return true;
}

function isOf(state: Outcome['state']): (one: Outcome) => boolean {
  return (one) => one.state === state;
}

const reasons = { down: 'Sapa did not run', crowded: 'others went first' } as const;

function section(
  title: string,
  rows: readonly (Counted & Partial<Outcome>)[],
  print: (line: string) => void,
): void {
  print(rows.length === 0 ? `${title}: none.` : `${title}:`);
  for (const { dueAt, rule, people, why } of rows) {
    const reason = why == null ? '' : ` (${reasons[why]})`;
    print(`  ${inWib.format(dueAt)} WIB  ${rule}: ${people} ${people === 1 ? 'person' : 'people'}${reason}`);
  }
}

const inWib = new Intl.DateTimeFormat('sv-SE', {
  ...{ timeZone: 'Asia/Jakarta', dateStyle: 'short', timeStyle: 'short' },
});
