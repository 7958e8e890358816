import type { Fault } from '../fault.js';
import { wakingMinutes } from '../human-hours.js';
import type { Flow, Step } from '../program.js';
import type { Timer } from '../timers.js';
import { perFlow, waysByThemselves } from './check.js';

/** Nobody is reminded sooner than this, in waking minutes: an hour. */
const soonest = 60;
/** Nothing waits longer than this for an answer, in waking minutes: a year of days. */
const longest = 365 * 12 * 60;

/** Reminders come one after the other and not too soon, an expiry says where it leads, and nothing asks itself for ever. */
export const timers = perFlow('timers', (flow) => [
  ...faultsOf(flow.timers, (what, mend) => ({ file: flow.file, line: flow.line, what, mend })),
  ...[...flow.steps.values()].flatMap((step) => stepFaults(flow, step)),
]);

type AtPlace = (what: string, mend: string) => Fault;

function stepFaults(flow: Flow, step: Step): readonly Fault[] {
  const at: AtPlace = (what, mend) => ({ file: flow.file, line: step.line, what, mend });
  const given = step.timers ?? [];
  const own = given.some((timer) => timer.own) ? faultsOf(given, at) : [];
  if (!given.some((timer) => timer.exit !== null) || !comesBack(flow, step)) return own;
  const what = `The step "${step.id}" comes back to itself by its expiry, without anybody having answered.`;
  return [...own, at(what, 'Let it end instead.')];
}

function faultsOf(given: readonly Timer[], at: AtPlace): readonly Fault[] {
  return given.flatMap((timer, position) => [
    ...lengthFaults(timer, given[position - 1], at),
    ...(timer.exit?.target === 'end'
      ? [at('The expiry ends the flow without a word.', 'Let it go to a step that says so.')]
      : []),
  ]);
}

function lengthFaults(timer: Timer, before: Timer | undefined, at: AtPlace): readonly Fault[] {
  const length = minutesOf(timer);
  if (length === null) return [];
  if (length > longest) return [at(`"${timer.name}" waits longer than a year.`, 'Make it shorter.')];
  const asked = timer.reminder || timer.exit !== null;
  if (asked && length < soonest)
    return [at(`"${timer.name}" comes within the hour.`, 'Give people at least 1 jam.')];
  const earlier = before === undefined ? null : minutesOf(before);
  if (earlier === null || length > earlier) return [];
  return [
    at(`"${timer.name}" does not come after "${before?.name}".`, 'Put them in the order of their time.'),
  ];
}

function minutesOf({ after }: Timer): number | null {
  return 'until' in after ? null : wakingMinutes(after);
}

/** Whether a step is reached again from its expiry while nobody says anything. */
function comesBack(flow: Flow, start: Step): boolean {
  const seen = new Set<Step>(waysByThemselves(flow, start));
  for (const step of seen) for (const next of waysByThemselves(flow, step)) seen.add(next);
  return seen.has(start);
}
