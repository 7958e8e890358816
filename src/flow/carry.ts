import { type Names, savedBefore } from './checks/check.js';
import { dropped } from './checks/moved.js';
import type { Json } from './json.js';
import { appended, entriesOf, entryAt, noEntries, type Pages, withEntry } from './pages.js';
import type { Flow, Program, Step } from './program.js';
import type { Answered, Detour, Frame, Session } from './session.js';

/** Why a conversation is not carried over: the flow, and the step or variable in it that stands in the way. */
export interface Obstacle {
  readonly obstacle:
    | 'unreadable'
    | 'flow-gone'
    | 'not-moved'
    | 'step-gone'
    | 'step-differs'
    | 'type-changed'
    | 'no-place'
    | 'not-answered';
  readonly flow: string;
  readonly name: string;
}

/** A conversation in its new version. `moved` tells whether any of its flows has changed, `renewed` whether its question has. */
export interface Carried {
  readonly session: Session;
  readonly moved: boolean;
  readonly renewed: boolean;
}

/**
 * Carries an open conversation over to another version of the flows. Flows with the same steps go over as they are. A flow
 * that has changed goes over only when its author wrote `moved:`, and only when nothing is lost and nothing is left out: the
 * step exists, every answer has a place of its type, and whatever the step may rely on has been answered. All flows on the
 * stack go over, or none.
 */
export function carry(from: Program, to: Program, session: Session): Carried | Obstacle {
  const { frames } = session;
  const lost = frames.find(({ flow }) => !from.flows.has(flow));
  if (lost !== undefined) return { obstacle: 'unreadable', flow: lost.flow, name: lost.step };
  const carried: Frame[] = [];
  for (const [at, frame] of frames.entries()) {
    const one = carryFrame(from, to, frame, frames[at + 1]?.called ?? false);
    if ('obstacle' in one) return one;
    carried.push(one);
  }
  const [before, after] = [frames[frames.length - 1], carried[carried.length - 1]];
  const moved = carried.some((frame, at) => frame !== frames[at]);
  const renewed = before?.wait !== null && after?.wait === null;
  return { session: { ...session, program: to.hash, frames: carried }, moved, renewed };
}

/** Whether two versions of a flow have the same steps in the same order. */
function sameSteps(one: Flow, other: Flow): boolean {
  const [steps, others] = [[...one.steps.values()], [...other.steps.values()]];
  return (
    steps.length === others.length &&
    steps.every(({ id, source }, at) => id === others[at]?.id && source === others[at]?.source)
  );
}

/** The way from one version of a flow to another, with what is certainly written before each step. */
interface Passage {
  readonly old: Flow;
  readonly now: Flow;
  readonly moved: ReadonlyMap<string, string>;
  readonly writtenOld: ReadonlyMap<string, Names>;
  readonly writtenNow: ReadonlyMap<string, Names>;
}

function carryFrame(from: Program, to: Program, frame: Frame, calling: boolean): Frame | Obstacle {
  const { flow, step } = frame;
  const [old, now] = [from.flows.get(flow), to.flows.get(flow)];
  if (old === undefined || now === undefined) return { obstacle: 'flow-gone', flow, name: step };
  if (sameSteps(old, now)) return frame;
  const { moved } = now;
  if (moved === null) return { obstacle: 'not-moved', flow, name: step };
  const writtenOld = savedBefore(old);
  const writtenNow = savedBefore(now);
  return moveFrame({ old, now, moved, writtenOld, writtenNow }, frame, calling);
}

function moveFrame(passage: Passage, frame: Frame, calling: boolean): Frame | Obstacle {
  const step = stepNow(passage, frame.step);
  const stopped = step === undefined ? ('step-gone' as const) : unfit(passage, frame, step, calling);
  if (step === undefined || stopped !== null)
    return { obstacle: stopped ?? 'step-gone', flow: frame.flow, name: frame.step };
  const values = moveValues(passage, frame);
  if ('obstacle' in values) return values;
  const unanswered = missing(passage, frame.step, step, values);
  if (unanswered !== null) return { obstacle: 'not-answered', flow: frame.flow, name: unanswered };
  const detour = moveDetour(passage, frame.detour, values);
  if (detour !== null && 'obstacle' in detour) return detour;
  return { ...frame, step: step.id, values, detour, ...pending(passage, frame, step) };
}

/** A step that waits for another flow to end must go on doing so, one that asks must ask, and one that pauses must pause. */
function unfit({ old }: Passage, frame: Frame, step: Step, calling: boolean): 'step-differs' | null {
  if (calling) return step.returned === undefined ? 'step-differs' : null;
  const before = old.steps.get(frame.step);
  return step.waits || (isPause(step) && before !== undefined && isPause(before)) ? null : 'step-differs';
}

/** Nobody is asked there, and the conversation goes on by itself when its time has come. */
function isPause({ waits, timers = [] }: Step): boolean {
  return !waits && timers.some(({ own }) => own);
}

/** What was asked stays asked when nothing of its step has changed; else it is asked anew. A pause lasts as long as it was begun for. */
function pending(passage: Passage, frame: Frame, step: Step): Pick<Frame, 'trail' | 'said' | 'wait'> {
  const entries = entriesOf(frame.trail);
  const kept = entries.flatMap((entry) => moveAnswered(passage, entry));
  const trail = kept.reduce<Frame['trail']>((pages, entry) => appended(pages, entry), noEntries);
  const same = passage.old.steps.get(frame.step)?.source === step.source || isPause(step);
  const said = same && kept.length === entries.length ? frame.said : null;
  return { trail, said, wait: same ? frame.wait : null };
}

function stepNow({ now, moved }: Passage, name: string): Step | undefined {
  return now.steps.get(name) ?? now.steps.get(moved.get(name) ?? '');
}

/** What a variable is called now: its old name, the name it moved to, or what the step it moved to saves. */
function variableNow({ now, moved }: Passage, name: string): string | null {
  if (now.slots.has(name)) return name;
  const other = moved.get(name) ?? '';
  if (now.slots.has(other)) return other;
  const written = new Set(now.steps.get(other)?.exits.flatMap((exit) => exit.writes));
  const [only] = written;
  return written.size === 1 ? (only ?? null) : null;
}

function moveValues(passage: Passage, { flow, values }: Frame): Pages<Json> | Obstacle {
  let moved: Pages<Json> = noEntries;
  for (const [name, slot] of passage.old.slots) {
    const value = entryAt(values, slot) ?? null;
    if (value === null || isDropped(passage, name)) continue;
    const target = variableNow(passage, name);
    const place = target === null ? undefined : passage.now.slots.get(target);
    if (target === null || place === undefined || !isEmpty(moved, place))
      return { obstacle: 'no-place', flow, name };
    if (!fits(passage, name, target, value)) return { obstacle: 'type-changed', flow, name };
    moved = withEntry(moved, place, value, null);
  }
  return moved;
}

function isEmpty(values: Pages<Json>, slot: number | undefined): boolean {
  return slot === undefined || (entryAt(values, slot) ?? null) === null;
}

function isDropped({ now, moved }: Passage, name: string): boolean {
  return moved.get(name) === dropped && !now.slots.has(name);
}

/** The types are the same, or both are choices and the one that was taken is still there. */
function fits({ old, now }: Passage, name: string, target: string, value: Json): boolean {
  const [before, after] = [old.scope(name), now.scope(target)];
  if (before?.name === after?.name) return true;
  return before?.cases !== undefined && typeof value === 'string' && (after?.cases?.includes(value) ?? false);
}

/** The first variable that every way to the new step writes and this conversation has never been asked for. */
function missing(passage: Passage, before: string, step: Step, values: Pages<Json>): string | null {
  const old = [...(passage.writtenOld.get(before) ?? [])].map((name) => variableNow(passage, name));
  const needed = [...(passage.writtenNow.get(step.id) ?? [])];
  return needed.find((name) => !old.includes(name) && isEmpty(values, passage.now.slots.get(name))) ?? null;
}

function moveDetour(passage: Passage, detour: Detour | null, values: Pages<Json>): Detour | Obstacle | null {
  if (detour === null) return null;
  const [until, back] = [stepNow(passage, detour.until), stepNow(passage, detour.back)];
  const flow = passage.now.name;
  if (until === undefined || back === undefined)
    return { obstacle: 'step-gone', flow, name: until === undefined ? detour.until : detour.back };
  const unanswered = missing(passage, detour.back, back, values);
  if (unanswered !== null) return { obstacle: 'not-answered', flow, name: unanswered };
  return { until: until.id, back: back.id };
}

/**
 * An answered step to which KEMBALI may still go. One that is gone, or that now needs an answer never given, is skipped on
 * the way back; what cannot be taken back stays in the way.
 */
function moveAnswered(passage: Passage, entry: string | Answered): readonly (string | Answered)[] {
  const name = typeof entry === 'string' ? entry : entry.step;
  const step = stepNow(passage, name);
  const open = step !== undefined && (!step.waits || missing(passage, name, step, noEntries) === null);
  if (typeof entry === 'string') return open ? [step.id] : [];
  const before = entry.before.flatMap((one) => moveBefore(passage, one));
  const detour = moveDetour(passage, entry.detour, noEntries);
  if (open && (detour === null || !('obstacle' in detour)))
    return [{ ...entry, step: step.id, before, detour }];
  return entry.fixed === null ? [] : [{ ...entry, before, detour: null }];
}

function moveBefore(passage: Passage, [slot, value]: Answered['before'][number]): Answered['before'] {
  const [name] = [...passage.old.slots].find(([, one]) => one === slot) ?? [''];
  const target = variableNow(passage, name);
  const place = target === null ? undefined : passage.now.slots.get(target);
  if (target === null || place === undefined) return [];
  return [[place, value === null || fits(passage, name, target, value) ? value : null]];
}
