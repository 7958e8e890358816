import { describe, expect, test } from 'vitest';
import { greeted } from '../../src/domain/opening.js';
import { type Rakor, rakorDetails } from '../../src/domain/rakor.js';
import {
  calendarMessage,
  cancellationMessage,
  changeMessage,
  invitationMessage,
} from '../../src/domain/rakor-message.js';
import { channelCapabilities } from '../../src/flow/capabilities.js';
import type { Enclosure, Message } from '../../src/flow/message.js';
import { render } from '../../src/flow/render.js';
import { letter, startsAt } from './rakor-scene.js';

const file: Enclosure = { kind: 'document', content: 'c', mime: 'application/pdf', name: 's.pdf', size: 9 };
/** The same as a letter of ours that was written anew. */
const anew = { enclosure: file, isBrought: false };
const rakor = (details: object = {}): Rakor => ({
  ...{ id: 'r', number: 3, simulator: false, area: '33', place: 'Provinsi Jawa Tengah', state: 'called' },
  ...{ version: 1, startsAt, endsAt: null, answerBy: startsAt, letterId: null, createdBy: 'x' },
  ...{ createdAt: startsAt, details: rakorDetails.parse({ ...letter, ...details }) },
});
/** What is told at some length, and what is told at the greatest length there can be. */
const long = { dibawa: 'x'.repeat(150), pakaian: 'Batik', narahubung: 'y'.repeat(100) };
const longest = { acara: 'a'.repeat(300), tempat: 't'.repeat(300), dibawa: 'x'.repeat(300) };
const elsewhere = { tempat: 'Pendopo Contoh' };

/** The longest that anybody gets of it. */
function shown(message: Message): string {
  const known = { from: 'list', place: 'Kabupaten Grobogan' } as const;
  const reader = { names: ['Z'.repeat(80), 'Y'.repeat(30)], isFirst: true, known };
  return render(greeted(message, reader), channelCapabilities['whatsapp-web']).text;
}

const messages: readonly (readonly [name: string, Message, file: boolean])[] = [
  ['an invitation', invitationMessage(rakor(), 'q', file), true],
  ['a long one', invitationMessage(rakor(long), 'q', file), true],
  ['the longest one', invitationMessage(rakor(longest), 'q', file), false],
  ['a change', changeMessage(rakor(), rakor(elsewhere), 'q', anew), true],
  ['a change of the letter alone', changeMessage(rakor(), rakor(), 'q', { ...anew, isBrought: true }), true],
  ['a change of a long one', changeMessage(rakor(long), rakor({ ...long, ...elsewhere }), 'q', anew), true],
  ['a change of the longest one', changeMessage(rakor(longest), rakor(long), 'q', anew), false],
  ['a calendar', calendarMessage(rakor(longest), file), true],
  ['a cancellation', cancellationMessage(rakor(), 'Banjir', file), true],
  ['a cancellation of the longest one', cancellationMessage(rakor(longest), 'z'.repeat(200), file), false],
];

describe('under a file', () => {
  test.each(messages)('%s has room with its greeting, or goes alone', (_, message, hasFile) => {
    expect(message.enclosure).toEqual(hasFile ? file : undefined);
    const { captionLimit, textLimit } = channelCapabilities['whatsapp-cloud'];
    expect(shown(message).length).toBeLessThanOrEqual(hasFile ? captionLimit : textLimit);
  });

  test('what has little room says when and where, and how the rest is seen', () => {
    const { text } = invitationMessage(rakor(long), 'q', file);
    for (const piece of [
      '*Hari/Tanggal*',
      '*Waktu*',
      '*Tempat*',
      '*Acara*',
      'Selengkapnya: ketik *UNDANGAN*.',
    ])
      expect(text).toContain(piece);
    expect(text).not.toContain('*Yang dibawa*');
    expect(text).toMatch(/Apakah Bapak\/Ibu dapat hadir\?$/);
  });

  test('a change with little room says what was and what is', () => {
    const { text } = changeMessage(rakor(long), rakor({ ...long, ...elsewhere }), 'q', anew);
    expect(text).toContain('Menjadi: *Tempat: Pendopo Contoh*\n\nSelengkapnya: ketik *UNDANGAN*.');
  });
});

describe('without a file', () => {
  test.each([
    ['an invitation', invitationMessage(rakor(longest), 'q', file)],
    ['a change', changeMessage(rakor(longest), rakor(long), 'q', anew)],
  ])('%s that had no room for its letter says how it is had, and leaves nothing out', (_, { text }) => {
    expect(text).toContain('Suratnya (PDF) kami kirim bila Bapak/Ibu mengetik *UNDANGAN*.');
    expect(text).toContain('*Yang dibawa*');
  });

  test.each([
    ['an invitation', invitationMessage(rakor(long), 'q', null)],
    ['a change', changeMessage(rakor(), rakor(long), 'q', null)],
  ])('%s without a letter says everything, and nothing of a letter', (_, { text }) => {
    expect(text).toContain('*Yang dibawa*');
    expect(text).not.toContain('PDF');
    expect(text).not.toContain('UNDANGAN');
  });
});
