import { showDate } from '../flow/calendar.js';
import { titleOfChannel } from '../flow/capabilities.js';
import type { Message } from '../flow/message.js';
import { type Audience, showAudience } from './audience.js';
import { excluded, type Headcount, type Reason, reasons } from './audience-people.js';
import { messagesIn } from './broadcasts.js';
import type { Forecast } from './outreach.js';
import { clockInWib, dayInWib } from './wib.js';

/** What the states of a broadcast are called. */
export const stateWords: Readonly<Record<string, string>> = {
  draft: 'belum dikirim',
  waiting: 'menunggu persetujuan orang kedua',
  running: 'sedang dikirim',
  paused: 'dijeda',
  cancelled: 'dibatalkan',
  done: 'selesai dikirim',
};

/** A headcount in lines: how many, over which channels, and who gets none and why. */
export function headcountLines(count: Headcount): readonly string[] {
  const channels = Object.entries(count.messages).map(([name, n]) => `${titleOfChannel(name)} ${n}`);
  const without = (some: (reason: Reason) => boolean) =>
    reasonsIn(count).filter(({ reason }) => some(reason));
  const isExcluded = (reason: Reason) => excluded.includes(reason);
  return [
    `Orang: ${count.people}`,
    `Pesan: ${messagesIn(count)}${channels.length === 0 ? '' : ` (${channels.join(', ')})`}`,
    ...lineOf(
      'Tidak terjangkau',
      without((reason) => !isExcluded(reason)),
    ),
    ...lineOf('Tidak dikirimi', without(isExcluded)),
  ];
}

interface Counted {
  readonly reason: Reason;
  readonly count: number;
}

function reasonsIn({ without }: Headcount): readonly Counted[] {
  const names = Object.keys(reasons).filter((name): name is Reason => name in reasons);
  return names.flatMap((reason) => {
    const count = without[reason] ?? 0;
    return count === 0 ? [] : [{ reason, count }];
  });
}

function lineOf(title: string, some: readonly Counted[]): readonly string[] {
  if (some.length === 0) return [];
  const sum = some.reduce((total, { count }) => total + count, 0);
  return [`${title}: ${sum} (${some.map(({ reason, count }) => `${reasons[reason]} ${count}`).join(', ')})`];
}

/** A moment as people read it ("24 November 2026 pukul 14.10 WIB"). */
export function momentWords(at: Date): string {
  return `${showDate(dayInWib(at))} pukul ${clockInWib(at)} WIB`;
}

/** What is to be expected, in lines; nothing is said of a cost where nothing costs anything. */
export function forecastLines({ until, cost }: Forecast): readonly string[] {
  const isFree = cost.kind === 'known' && cost.amount === 0;
  return [
    `Perkiraan selesai: ${until === null ? 'lebih dari setahun' : momentWords(until)}`,
    ...(isFree
      ? []
      : [
          `Perkiraan biaya: ${cost.kind === 'known' ? `${cost.currency} ${cost.amount.toFixed(2)}` : 'belum diketahui'}`,
        ]),
  ];
}

/** Who is meant, as a line. */
export function audienceLine(audience: Audience): string {
  return `Kepada: ${showAudience(audience)}`;
}

/** A text as it is shown before it is sent: with the name of the file that goes with it. */
export function withFileName(text: string, { enclosure }: Message): string {
  return enclosure === undefined ? text : `${text}\n[${enclosure.name}]`;
}
