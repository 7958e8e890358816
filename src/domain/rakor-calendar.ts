import { mapLink, type Rakor } from './rakor.js';

/** Lines of a calendar file are no longer than this, in bytes; what is longer goes on behind a space (RFC 5545, 3.1). */
const longest = 75;

/** What a phone is to do with it: keep it, in the place of an older version; or take it out. */
type Method = 'PUBLISH' | 'CANCEL';

/**
 * A rakor as a calendar file (RFC 5545). Under the same UID a higher SEQUENCE takes the place of what was kept before; a rakor that is cancelled takes
 * it out. `now` is when the file is made.
 */
export function calendarOf(
  rakor: Pick<Rakor, 'id' | 'version' | 'startsAt' | 'endsAt' | 'details' | 'state'>,
  now: Date,
): Buffer {
  const { id, version, startsAt, endsAt, details, state } = rakor;
  const method: Method = state === 'cancelled' ? 'CANCEL' : 'PUBLISH';
  const lines = [
    ...[
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Sapa//Rakor//ID',
      'CALSCALE:GREGORIAN',
      `METHOD:${method}`,
    ],
    ...['BEGIN:VEVENT', `UID:rakor-${id}@sapa`, `SEQUENCE:${version}`, `DTSTAMP:${instant(now)}`],
    `DTSTART:${instant(startsAt)}`,
    ...(endsAt === null ? [] : [`DTEND:${instant(endsAt)}`]),
    `SUMMARY:${plain(details.acara)}`,
    `LOCATION:${plain(details.tempat)}`,
    ...(details.titik === null ? [] : [`GEO:${details.titik.lintang};${details.titik.bujur}`]),
    `DESCRIPTION:${plain(describing(details))}`,
    `STATUS:${method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED'}`,
    ...['END:VEVENT', 'END:VCALENDAR'],
  ];
  return Buffer.from(lines.map((line) => `${folded(line)}\r\n`).join(''), 'utf8');
}

function describing(details: Rakor['details']): string {
  const { nomor, dibawa, pakaian, narahubung, agenda } = details;
  const map = mapLink(details);
  return [
    `Nomor surat: ${nomor}`,
    ...(dibawa === null ? [] : [`Yang dibawa: ${dibawa}`]),
    ...(pakaian === null ? [] : [`Pakaian: ${pakaian}`]),
    ...(narahubung === null ? [] : [`Narahubung: ${narahubung}`]),
    ...(map === null ? [] : [`Peta: ${map}`]),
    ...agenda.map((item, at) => `${at + 1}. ${item}`),
  ].join('\n');
}

/** A moment in UTC: `20261210T020000Z`. */
function instant(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** A text as the value of a property: what divides values there is escaped. */
function plain(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');
}

/** Breaks a line between signs, never within one. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const sign of line) {
    if (Buffer.byteLength(part + sign) > longest) {
      parts.push(part);
      part = ' ';
    }
    part += sign;
  }
  return [...parts, part].join('\r\n');
}
