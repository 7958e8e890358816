import { setTimeout as pause } from 'node:timers/promises';
import { type BroadcastMove, type Moving, moveBroadcast } from '../domain/broadcast-moves.js';
import { listBroadcasts, type Progress, progressOf, sumsOf } from '../domain/broadcast-progress.js';
import { reportBroadcast, reportSheet } from '../domain/broadcast-report.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';
import { writeAsked } from './asked-file.js';

type Print = (line: string) => void;

/** Where the progress is shown: redrawn on a terminal, a line at a time elsewhere. */
export interface Screen {
  readonly isTty: boolean;
  readonly columns: number;
  write(text: string): void;
}

const viewer = () => localAdministrator('broadcast');

/** `sapa broadcast list`: the latest broadcasts and how far each has come. */
export async function list(records: Records, print: Print): Promise<boolean> {
  const all = await listBroadcasts(viewer(), records);
  if (all.length === 0) print('There is no broadcast yet.');
  for (const one of all) print(`${one.number}  ${one.kind}, ${one.state}: ${countsTold(one)}`);
  return true;
}

const said: Readonly<Record<BroadcastMove, string>> = {
  pause: 'is paused: nothing more of it is sent until it is resumed',
  resume: 'goes on',
  cancel: 'is cancelled: what was not sent yet never will be',
  'retry-failed': 'tries once more what failed',
  'retry-unknown': 'sends once more what perhaps did not arrive',
  close: 'is closed: nobody is waited for any more',
};

/** `sapa broadcast pause|resume|cancel|retry|close N`. */
export async function move(
  moving: Moving,
  number: string,
  which: BroadcastMove,
  print: Print,
): Promise<boolean> {
  const moved = await moveBroadcast(viewer(), numberOf(number), which, moving);
  if (moved.result === 'unknown') print(`There is no broadcast ${number}. sapa broadcast list shows all.`);
  if (moved.result === 'not-now')
    print(`Nothing was done: broadcast ${number} is in no state for that. sapa broadcast list shows it.`);
  if (moved.result !== 'moved') return false;
  print(
    `Broadcast ${number} ${said[which]}${moved.messages === null ? '' : ` (${moved.messages} messages)`}.`,
  );
  return true;
}

/** `sapa broadcast report N FILE.xlsx`: everybody of a broadcast, as a workbook. */
export async function report(records: Records, number: string, file: string, print: Print): Promise<boolean> {
  const pages = await reportBroadcast(viewer(), numberOf(number), records);
  if (pages === null) {
    print(`There is no broadcast ${number}. sapa broadcast list shows all.`);
    return false;
  }
  writeAsked(file, await reportSheet(pages));
  print(`${file}: everybody of broadcast ${number}. It names people: keep it as such.`);
  return true;
}

/** What somebody types that is no number finds no broadcast. */
function numberOf(typed: string): number {
  return /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
}

const lookMs = 1_000;
/** A piped output gets a line at most so often, and one at the end. */
const linesMs = 10_000;
/** The time left is reckoned from the last minute. */
const memoryMs = 60_000;

/** `sapa broadcast watch N`: how far it has come, until nothing of it is left to be sent or the watching is given up. */
export async function watch(
  records: Records,
  number: string,
  screen: Screen,
  signal: AbortSignal,
): Promise<boolean> {
  const [found] = await listBroadcasts(viewer(), records, numberOf(number));
  if (found === undefined) {
    screen.write(`There is no broadcast ${number}. sapa broadcast list shows all.\n`);
    return false;
  }
  const seen: Seen[] = [];
  let drawn = -linesMs;
  for (;;) {
    const began = Date.now();
    const [now = found] = await progressOf(records.pool, [found.id]);
    seen.push({ at: began, ended: sumsOf(now).ended });
    while ((seen[0]?.at ?? began) < began - memoryMs) seen.shift();
    const isLast = isOver(now) || signal.aborted;
    if (screen.isTty || isLast || began - drawn >= linesMs) {
      screen.write(frameOf(now, secondsLeft(now, seen), screen, isLast));
      drawn = began;
    }
    if (isLast) return true;
    // However large it is: looking takes a tenth of the time at most.
    await pause(Math.max(lookMs, 9 * (Date.now() - began)), undefined, { signal }).catch(() => undefined);
  }
}

interface Seen {
  readonly at: number;
  readonly ended: number;
}

function isOver(progress: Progress): boolean {
  const { all, ended } = sumsOf(progress);
  return ended === all || progress.state === 'cancelled' || progress.state === 'done';
}

/** How long it goes on at the speed of the last minute, in seconds; null when nothing has moved in it. */
export function secondsLeft(progress: Progress, seen: readonly Seen[]): number | null {
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined || last.ended <= first.ended) return null;
  const { all, ended } = sumsOf(progress);
  return ((all - ended) * (last.at - first.at)) / (last.ended - first.ended) / 1_000;
}

/** What is written to show the progress now: over what stood there, or as a line of its own. */
export function frameOf(
  progress: Progress,
  left: number | null,
  { isTty, columns }: Pick<Screen, 'isTty' | 'columns'>,
  isLast: boolean,
): string {
  const words = wordsOf(progress, left);
  if (!isTty) return `${words}\n`;
  const bar = barOf(sumsOf(progress), Math.max(10, Math.min(40, columns - words.length - 3)));
  const line = `${bar} ${words}`.slice(0, Math.max(20, columns - 1));
  return `\r\u001b[2K${line}${isLast ? '\n' : ''}`;
}

function barOf({ all, ended }: { readonly all: number; readonly ended: number }, width: number): string {
  const filled = all === 0 ? width : Math.floor((ended * width) / all);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
}

function wordsOf(progress: Progress, left: number | null): string {
  const { all, ended } = sumsOf(progress);
  const percent = all === 0 ? 100 : Math.floor((ended * 100) / all);
  const eta = left === null || ended === all ? '' : `, about ${spanOf(left)} left`;
  return `${percent} % (${ended} of ${all}${eta}) ${progress.state}: ${countsTold(progress)}`;
}

function spanOf(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

/** Only what there is. */
function countsTold({ messages, unreachable, contacted, excluded }: Progress): string {
  const counts = { ...messages, unreachable, 'told by somebody': contacted, 'not to be told': excluded };
  const told = Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
  return told.length === 0 ? 'nobody' : told.join(', ');
}
