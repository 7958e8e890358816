import { expect, test } from 'vitest';
import { type Rakor, rakorDetails } from '../../src/domain/rakor.js';
import { calendarOf } from '../../src/domain/rakor-calendar.js';
import { letter, startsAt } from './rakor-scene.js';

const now = new Date('2026-12-01T03:00:00Z');

function fileOf(more: Partial<Rakor> = {}, details: object = {}): string {
  const rakor = {
    ...{ id: 'abc', version: 1, startsAt, endsAt: null, state: 'called' as const },
    details: rakorDetails.parse({ ...letter, ...details }),
  };
  return calendarOf({ ...rakor, ...more }, now).toString('utf8');
}

/** The lines as a reader joins them again. */
const linesOf = (file: string) => file.replaceAll('\r\n ', '').split('\r\n');

test('a rakor with the fewest details', () => {
  expect(linesOf(fileOf())).toEqual([
    ...[
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Sapa//Rakor//ID',
      'CALSCALE:GREGORIAN',
      'METHOD:PUBLISH',
    ],
    ...['BEGIN:VEVENT', 'UID:rakor-abc@sapa', 'SEQUENCE:1', 'DTSTAMP:20261201T030000Z'],
    ...['DTSTART:20261210T020000Z', 'SUMMARY:Rapat koordinasi IPSM se-Jawa Tengah'],
    ...[
      'LOCATION:Aula Contoh\\, Kota Semarang',
      'DESCRIPTION:Nomor surat: 005/12/IPSM/2026',
      'STATUS:CONFIRMED',
    ],
    ...['END:VEVENT', 'END:VCALENDAR', ''],
  ]);
});

test.each([
  ['an end', { endsAt: new Date('2026-12-10T05:00:00Z') }, {}, 'DTEND:20261210T050000Z'],
  ['a change has the same UID and a higher number', { version: 2 }, {}, 'SEQUENCE:2'],
  ['a cancelled one is taken out', { state: 'cancelled' as const }, {}, 'METHOD:CANCEL'],
  ['a cancelled one says so', { state: 'cancelled' as const }, {}, 'STATUS:CANCELLED'],
  ['a point on the map', {}, { titik: { lintang: -6.98, bujur: 110.41 } }, 'GEO:-6.98;110.41'],
  ['signs that divide are escaped', {}, { acara: 'A; B, C\\D' }, 'SUMMARY:A\\; B\\, C\\\\D'],
  [
    'what to bring and the agenda',
    {},
    { dibawa: 'KTP', agenda: ['Pembukaan'] },
    'DESCRIPTION:Nomor surat: 005/12/IPSM/2026\\nYang dibawa: KTP\\n1. Pembukaan',
  ],
])('%s', (_, more, details, line) => {
  expect(linesOf(fileOf(more, details))).toContain(line);
});

test('no line is longer than 75 bytes, and none is broken within a sign', () => {
  const acara = 'Rapat “koordinasi” para pekerja sosial masyarakat, '.repeat(5).trim();
  const file = fileOf({}, { acara });
  for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(linesOf(file)).toContain(`SUMMARY:${acara.replaceAll(',', '\\,')}`);
});
