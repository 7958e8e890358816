import { type Queryable, run } from '../store/statement.js';
import type { Headcount } from './audience-people.js';
import { type Estimate, estimate, type Prices } from './prices.js';
import { dayInWib } from './wib.js';

/** How fast broadcasts go out over a channel: so long between two, and so many a day (on its first day, its second …; the last counts for all after). */
export interface Speed {
  readonly gapMs: number;
  readonly caps: readonly number[];
}

/** What a broadcast goes by here. */
export interface Outreach {
  /** More messages than this need a second person's yes. */
  readonly secondYesAbove: number;
  /** By the name of the channel. */
  readonly speeds: Readonly<Record<string, Speed>>;
  /** When a broadcast that is ready at a moment may be sent: then, or at the next opening hour. */
  readonly opens: (at: Date) => Date;
  /** Null: nobody has said what messages cost. */
  readonly prices: Prices | null;
}

/** What is to be expected of a broadcast: by when it has gone out (null: not within a year), and what it costs. */
export interface Forecast {
  readonly until: Date | null;
  readonly cost: Estimate;
}

const daysText = `SELECT coalesce(max((pace->>'days')::int), 0) AS days FROM whatsapp_account WHERE pace IS NOT NULL`;

/** On how many days before today numbers with a cap have sent broadcasts. */
export async function daysWarm(db: Queryable): Promise<number> {
  const rows = await run<{ days: number }>(db, { name: 'outreach-days', text: daysText, values: [] });
  return rows[0]?.days ?? 0;
}

/** Reckons what messages over several channels take and cost; `urgent` does not wait for the hours. */
export function forecast(
  { messages }: Pick<Headcount, 'messages'>,
  { now, urgent, days }: { readonly now: Date; readonly urgent: boolean; readonly days: number },
  { speeds, opens, prices }: Outreach,
): Forecast {
  const at = { now, days, opens: urgent ? (moment: Date) => moment : opens };
  const ends = Object.entries(messages).map(([channel, count]) =>
    endOf(count, speeds[channel] ?? { gapMs: 0, caps: [] }, at),
  );
  const batches = Object.entries(messages).map(([channel, count]) => ({ channel, class: 'utility', count }));
  const latest = ends.reduce(
    (one, other) => (one === null || other === null ? null : later(one, other)),
    now,
  );
  return { until: latest, cost: estimate(prices, batches) };
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

const hourMs = 3_600_000;
const longestMs = 366 * 24 * hourMs;

interface Start {
  readonly now: Date;
  readonly days: number;
  readonly opens: (at: Date) => Date;
}

/** Goes from hour to hour in which something may be sent, until nothing is left. */
function endOf(count: number, { gapMs, caps }: Speed, { now, days, opens }: Start): Date | null {
  const perHour = gapMs === 0 ? count : Math.floor(hourMs / gapMs);
  let left = count;
  let today = { day: '', index: days - 1, room: 0 };
  const last = now.getTime() + longestMs;
  for (let at = opens(now); at.getTime() < last; at = opens(new Date(at.getTime() + hourMs))) {
    const day = dayInWib(at);
    if (day !== today.day) today = { day, index: today.index + 1, room: roomOn(today.index + 1, caps) };
    const sent = Math.min(left, perHour, today.room);
    left -= sent;
    today = { ...today, room: today.room - sent };
    if (left === 0) return new Date(at.getTime() + sent * gapMs);
  }
  return null;
}

function roomOn(index: number, caps: readonly number[]): number {
  return caps[Math.min(index, caps.length - 1)] ?? Number.POSITIVE_INFINITY;
}
