import { z } from 'zod';
import { readSpan, type Span } from './human-hours.js';
import type { Exit, Next, Shown } from './steps/step.js';
import { type Lookup, type Reference, readReference, type Template } from './template.js';
import type { Walk } from './walk.js';

/** A length that can be counted, as opposed to a day. */
export type Length = Exclude<Span, { readonly day: string }>;

/**
 * What happens by itself when nobody answers. It runs from when the question has really been sent. A `reminder` only asks
 * again; anything else leads out by `exit`. `own` tells what its step says from what its flow says for all its questions.
 */
export interface Timer {
  readonly flow: string;
  readonly name: string;
  readonly reminder: boolean;
  readonly own: boolean;
  readonly after: Length | { readonly until: Reference };
  readonly says: Template | null;
  readonly exit: Exit | null;
  readonly fire: (walk: Walk) => Next;
}

/** Reminders are polite and few. */
const mostReminders = 3;

/** A length of time in a flow file, parsed. */
export const spanSchema = z.string().transform((text, context): Length => {
  const span = readSpan(text);
  if (span !== null && !('day' in span)) return span;
  context.addIssue({ code: 'custom', message: 'must be a number and menit, jam or hari, such as 1 hari' });
  return z.NEVER;
});

/** The keys by which a flow, or one question of it, says what happens when nobody answers. */
export const timerKeys = {
  nudge: z
    .array(
      z.strictObject({
        after: spanSchema.describe('How long after the question was sent: a number and menit, jam or hari.'),
        say: z.string().min(1).describe('What is said before the question is said once more.'),
      }),
    )
    .max(mostReminders, `must be at most ${mostReminders}: reminders are polite and few`)
    .optional()
    .describe('Reminders, when nobody answers.'),
  expire: z
    .strictObject({
      after: spanSchema.describe('How long after the question was sent: a number and menit, jam or hari.'),
      go: z.string().describe('The step to go on to, or end.'),
    })
    .optional()
    .describe('When nobody has answered for so long, the flow goes on by itself.'),
};

const raw = z.object(timerKeys);
/** What stands under those keys. */
export type RawTimers = z.infer<typeof raw>;

/** What timers are built with: the flow they stand in, what its other questions get, and how its texts are read. */
export interface TimerBench {
  readonly flow: string;
  readonly defaults: readonly Timer[] | null;
  readonly template: (text: string, key: string) => Template;
}

/** Builds the timers of a question, or (without defaults) those of a flow. What is not said is taken from the defaults. */
export function buildTimers({ nudge, expire }: RawTimers, bench: TimerBench): readonly Timer[] {
  const { flow, template } = bench;
  const own = bench.defaults !== null;
  const defaults = bench.defaults ?? [];
  const reminders = nudge?.map(({ after, say }, at) =>
    reminderOf({ flow, own, after, name: `nudge-${at + 1}` }, template(say, 'nudge')),
  );
  return [
    ...(reminders ?? defaults.filter((timer) => timer.reminder)),
    ...(expire === undefined
      ? defaults.filter((timer) => !timer.reminder)
      : [expiryOf({ flow, own, after: expire.after, name: 'expire' }, expire.go)]),
  ];
}

type Named = Pick<Timer, 'flow' | 'own' | 'after' | 'name'>;

function reminderOf(named: Named, says: Template): Timer {
  const fire = (walk: Walk): Next => {
    walk.note(says.render(walk.lookup));
    walk.step.remind?.(walk);
    return null;
  };
  return { ...named, reminder: true, says, exit: null, fire };
}

function expiryOf(named: Named, target: string): Timer {
  const fire = (walk: Walk): Next => {
    walk.closeTo(named.flow);
    return target;
  };
  return { ...named, reminder: false, says: null, exit: { name: named.name, target, writes: [] }, fire };
}

/** The length of a timer at this moment: of one that waits for a day, that day; a day nobody named has come already. */
export function spanOf({ after }: Pick<Timer, 'after'>, lookup: Lookup): Span {
  if (!('until' in after)) return after;
  const value = readReference(after.until, lookup);
  if (typeof value !== 'string') return { amount: 0, unit: 'menit' };
  return { day: value.length === 'YYYY'.length ? `${value}-01-01` : value };
}

/** The variables a timer's text mentions. */
export function spoken({ says }: Timer): readonly Reference[] {
  return says?.references ?? [];
}

/** What a question shows: itself, and itself behind each of its reminders. */
export function shownWith(question: Shown, timers: readonly Timer[]): readonly Shown[] {
  const reminded = timers.flatMap(({ says }) => (says === null ? [] : [behind(says, question)]));
  return [question, ...reminded];
}

function behind(before: Template, { template, choices }: Shown): Shown {
  const render = (lookup: Lookup) => `${before.render(lookup)}\n\n${template.render(lookup)}`;
  const source = `${before.source}\n\n${template.source}`;
  const references = [...before.references, ...template.references];
  const selects = [...before.selects, ...template.selects];
  return { template: { source, references, selects, render }, choices };
}
