import { z } from 'zod';
import { channelCapabilities } from './capabilities.js';
import { type Fault, FlowDefinitionError } from './fault.js';
import type { Json, JsonRecord } from './json.js';
import { type ReadYaml, readYaml } from './parse.js';
import { compileTemplate, type Template, UnknownVariable } from './template.js';
import type { ValueType } from './types.js';

/** The days of a week by name, as `getUTCDay` counts them. */
const weekdays = ['minggu', 'senin', 'selasa', 'rabu', 'kamis', 'jumat', 'sabtu'] as const;

/** What a reminder may be about, as its file sees it. */
export interface ReminderSubject {
  /** Whether it has a day, before or after which its people are reminded. */
  readonly dated: boolean;
  readonly variables: Readonly<Record<string, ValueType>>;
  /** Values as long as they may become: with them every text must fit everywhere. */
  readonly example: JsonRecord;
}

/** When a reminder is due: so many days before or after the day of what it is about, or on one day of each week (0: Sunday). */
export type ReminderTimes =
  | { readonly before: readonly number[] }
  | { readonly after: readonly number[] }
  | { readonly weekly: number };

const few = 6;
const days = z
  .array(z.int().min(0).max(1100))
  .min(1)
  .max(few)
  .refine((list) => new Set(list).size === list.length, 'must not name a day twice');

const times = z.union([
  z.strictObject({ before: days }),
  z.strictObject({ after: days }),
  z.strictObject({ weekly: z.enum(weekdays) }),
]);

/** A rule as it is written. */
export const reminderForm = z.strictObject({
  reminder: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and hyphens')
    .describe('The name of this rule. The file is named after it.'),
  title: z.string().min(1).describe('What it is called in lists.'),
  about: z.string().describe('What people are reminded of; it also says who they are and when it is over.'),
  when: times.describe('So many days before or after that day, or on a day of each week.'),
  hour: z
    .int()
    .min(8)
    .max(19)
    .default(8)
    .describe('The hour of the day in Western Indonesian time; 8 is the morning.'),
  'useful-days': z
    .int()
    .min(0)
    .max(100)
    .describe(
      'For so many days after its day it is still of use, when it could not be sent; 0: on that day only.',
    ),
  latecomers: z
    .boolean()
    .default(false)
    .describe('Whether it also comes to what began after its day, while it is of use.'),
  priority: z.int().min(1).max(99).describe('Of several on one day the smallest goes; the others wait.'),
  urgent: z.boolean().default(false).describe('Whether it goes although there was another one that day.'),
  text: z
    .string()
    .min(1)
    .describe('What is said, in ICU MessageFormat with the variables of what it is about.'),
});

type Form = z.infer<typeof reminderForm>;
type FaultAt = Extract<ReadYaml<Form>, { ok: true }>['fault'];

/** A rule that was proved. */
export interface ReminderRule {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly when: ReminderTimes;
  readonly hour: number;
  readonly usefulDays: number;
  readonly latecomers: boolean;
  readonly priority: number;
  readonly urgent: boolean;
  /** The text with values of its subject. */
  readonly say: (values: JsonRecord) => string;
}

/** A rule as read, with what its checks look at. */
interface Raw extends Form {
  readonly file: string;
  /** What it is about; absent when nobody knows it. */
  readonly subject: ReminderSubject | undefined;
  /** Absent when it could not be compiled; then `unsaid` is why. */
  readonly template: Template | undefined;
  readonly unsaid: string | null;
  readonly fault: FaultAt;
}

/** What may be known of subjects, by name. */
export type ReminderSubjects = Readonly<Record<string, ReminderSubject>>;

/** One proof about rules. */
export interface ReminderCheck {
  readonly name: string;
  readonly run: (rule: Raw, others: readonly Raw[], known: readonly string[]) => readonly Fault[];
}

const names: ReminderCheck = {
  name: 'names',
  run({ reminder, file, fault }) {
    if (file.endsWith(`/${reminder}.yaml`)) return [];
    return [fault(['reminder'], 'The file has another name than its rule.', 'Name the file after the rule.')];
  },
};

const subjects: ReminderCheck = {
  name: 'subjects',
  run({ about, subject, fault }, _, known) {
    if (subject !== undefined) return [];
    return [fault(['about'], `Nobody can be reminded of "${about}".`, `Use one of: ${known.join(', ')}.`)];
  },
};

const dates: ReminderCheck = {
  name: 'dates',
  run({ about, subject, when, fault }) {
    if (subject === undefined || subject.dated !== 'weekly' in when) return [];
    const at = (what: string, mend: string) => [fault(['when'], what, mend)];
    return subject.dated
      ? at(`"${about}" has a day, so it cannot come every week.`, 'Write before or after, with days.')
      : at(`"${about}" has no day to count from.`, 'Write weekly, with a day of the week.');
  },
};

const priorities: ReminderCheck = {
  name: 'priorities',
  run({ priority, fault }, others) {
    const same = others.find((other) => other.priority === priority);
    if (same === undefined) return [];
    const what = `"${same.reminder}" has the same priority, so nobody knows which goes first.`;
    return [fault(['priority'], what, 'Give one of them another number.')];
  },
};

const texts: ReminderCheck = {
  name: 'texts',
  run({ unsaid, subject, fault }) {
    if (unsaid === null || subject === undefined) return [];
    const variables = Object.entries(subject.variables).flatMap(([name, { fields }]) =>
      fields === undefined ? [name] : Object.keys(fields).map((part) => `${name}.${part}`),
    );
    return [fault(['text'], unsaid, `Use only the variables ${variables.join(', ')}, in ICU MessageFormat.`)];
  },
};

const cases: ReminderCheck = {
  name: 'cases',
  run({ template, fault }) {
    return (template?.selects ?? []).flatMap(({ path, keys, cases: known }) => {
      const possible = [...known, 'kosong', 'other'];
      return keys
        .filter((key) => !possible.includes(key))
        .map((key) => fault(['text'], `"${path}" is never "${key}".`, `Use one of: ${possible.join(', ')}.`));
    });
  },
};

const lengths: ReminderCheck = {
  name: 'lengths',
  run({ template, subject, fault }) {
    if (template === undefined || subject === undefined) return [];
    const { length } = template.render(lookupIn(subject.example));
    return Object.values(channelCapabilities)
      .filter(({ textLimit }) => length > textLimit)
      .map(({ title, textLimit }) => {
        const what = `The text is ${length} characters long with long values; ${title} takes ${textLimit}.`;
        return fault(['text'], what, 'Make it shorter.');
      });
  },
};

/** Every proof a rule must pass. */
export const reminderChecks: readonly ReminderCheck[] = [
  names,
  subjects,
  dates,
  priorities,
  texts,
  cases,
  lengths,
];

/** Reads the rules by file and proves them. Throws `FlowDefinitionError` with every fault. */
export function compileReminders(
  sources: Readonly<Record<string, string>>,
  known: ReminderSubjects,
): readonly ReminderRule[] {
  const read = Object.entries(sources).map(([file, source]) => readRule(file, source, known));
  const raws = read.flatMap((one) => ('reminder' in one ? [one] : []));
  const faults = [
    ...read.flatMap((one) => ('reminder' in one ? [] : one.faults)),
    ...raws.flatMap((raw) => faultsOf(raw, raws, Object.keys(known))),
  ];
  if (faults.length > 0) throw new FlowDefinitionError(faults);
  return raws.map(ruleOf);
}

function faultsOf(raw: Raw, raws: readonly Raw[], known: readonly string[]): readonly Fault[] {
  const others = raws.filter((other) => other !== raw);
  return reminderChecks.flatMap(({ run }) => run(raw, others, known));
}

function readRule(
  file: string,
  source: string,
  known: ReminderSubjects,
): Raw | { readonly faults: readonly Fault[] } {
  const read = readYaml(file, source, reminderForm);
  if (!read.ok) return read;
  const { data, fault } = read;
  const subject = known[data.about];
  return { ...data, file, subject, fault, ...compiled(data.text, subject) };
}

function compiled(text: string, subject: ReminderSubject | undefined): Pick<Raw, 'template' | 'unsaid'> {
  try {
    return { template: compileTemplate(text, (name) => subject?.variables[name]), unsaid: null };
  } catch (error) {
    if (error instanceof UnknownVariable)
      return { template: undefined, unsaid: `There is no variable "${error.reference}" here.` };
    if (!(error instanceof SyntaxError)) throw error;
    return { template: undefined, unsaid: `This is no text: ${error.message}.` };
  }
}

function ruleOf({ reminder, title, about, when, template, ...raw }: Raw): ReminderRule {
  if (template === undefined) throw new Error('a text that was proved can be said');
  const { hour, 'useful-days': usefulDays, latecomers, priority, urgent } = raw;
  return {
    ...{ name: reminder, title, about, when: timesOf(when), hour, usefulDays, latecomers, priority, urgent },
    say: (values) => template.render(lookupIn(values)),
  };
}

function timesOf(when: Form['when']): ReminderTimes {
  return 'weekly' in when ? { weekly: weekdays.indexOf(when.weekly) } : when;
}

function lookupIn(values: JsonRecord): (name: string) => Json {
  return (name) => values[name] ?? null;
}
