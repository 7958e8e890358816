import type { Health } from '../channels/contract.js';
import { countWaiting, type Waiting } from '../domain/health.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';

/** What the doctor is told of the set-up: a name, what it is set to, and how it is. */
export interface Finding {
  readonly name: string;
  readonly value: string;
  readonly health: Health;
}

/** `sapa doctor`: what is configured, what is missing or waits, and how to mend it; true when nothing needs mending. */
export async function diagnose(
  records: Records,
  findings: readonly Finding[],
  print: (line: string) => void,
): Promise<boolean> {
  for (const { name, value, health } of findings) {
    print(`${health.ok ? 'ok  ' : 'MEND'} ${name}: ${value}${toldOf(health)}`);
  }
  const counted = await countWaiting(localAdministrator('doctor'), records);
  const waiting = problems(counted);
  const asked = counted.openHandovers - counted.helplessMembers;
  if (asked > 0) print(`ok   ${asked} requests are with a human. See: sapa handovers`);
  for (const line of waiting) print(`MEND ${line}`);
  if (waiting.length === 0) print('ok   nothing waits for a person');
  return waiting.length === 0 && findings.every(({ health }) => health.ok);
}

function toldOf(health: Health): string {
  if (!health.ok) return ` ${health.what} ${health.mend}`;
  return health.note === undefined ? '' : ` (${health.note})`;
}

const nobodyTold =
  'No administrator was told of it by message yet. That needs one who has written to the bot over another account: sapa roles grant PHONE province-admin 33';

const whoCloses = 'An officer of the area closes them in the chat: PERMINTAAN DATA.';

function problems(waiting: Waiting): readonly string[] {
  const { helplessMembers, parkedMessages, unknownDeliveries, failedDeliveries, alarms, privacy } = waiting;
  const { missedReminders } = waiting;
  return [
    ...count(
      helplessMembers,
      'requests for a human found nobody who can be asked. Give somebody the role: sapa roles grant PHONE operator REGION; or answer yourself: sapa handovers',
    ),
    ...count(
      parkedMessages,
      'messages could not be treated and were put aside. See the log, and: sapa handovers parked',
    ),
    ...count(privacy.overdue, `requests about personal data are overdue (3x24 hours). ${whoCloses}`),
    ...count(privacy.soon, `requests about personal data must be done within a day. ${whoCloses}`),
    ...count(unknownDeliveries, 'messages may or may not have been sent. The provider did not say.'),
    ...count(failedDeliveries, 'messages could not be sent.'),
    ...count(
      missedReminders,
      'reminders of the last week were missed: nobody was told in time. See which: sapa reminders',
    ),
    ...alarms.map(
      ({ kind, message, since, told }) =>
        `alarm ${kind} since ${since.toISOString()}: ${message}${told ? '' : ` ${nobodyTold}`}`,
    ),
  ];
}

function count(number: number, what: string): readonly string[] {
  return number === 0 ? [] : [`${number} ${what}`];
}
