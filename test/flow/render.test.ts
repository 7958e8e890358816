import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileTypes, largestFile, mimeOf } from '../../src/flow/attachment.js';
import { type Capabilities, channelCapabilities, type Picker } from '../../src/flow/capabilities.js';
import { boldRuns } from '../../src/flow/markup.js';
import type { Choice, Enclosure, Message } from '../../src/flow/message.js';
import {
  buttonData,
  carriageOf,
  parseButtonData,
  splitToFit as partsOf,
  pickerFor,
  render,
  shorten,
} from '../../src/flow/render.js';
import { sized } from '../support/size.js';

const channels: readonly Capabilities[] = Object.values(channelCapabilities);

function choices(count: number, label = 'Pilihan'): readonly Choice[] {
  return Array.from({ length: count }, (_, at) => ({ id: `c${at}`, label: `${at + 1} ${label}` }));
}

function question(text: string, offered: readonly Choice[]): Message {
  return { text, choices: offered, question: 'q1' };
}

const photo: Enclosure = { kind: 'photo', content: 'f1', mime: 'image/jpeg', name: 'foto.jpg', size: 1000 };

function small(textLimit: number, picker: Picker | null = null, promptLimit = textLimit): Capabilities {
  return { ...channelCapabilities['whatsapp-web'], textLimit, promptLimit, buttons: picker };
}

const lone = /(?:[\ud800-\udbff](?![\udc00-\udfff]))|(?:(?<![\ud800-\udbff])[\udc00-\udfff])/;

describe.each(channels)('on $channel', (channel) => {
  it('the choices always stand in the text with their numbers and their whole labels', () => {
    const { text } = render(question('Apa?', choices(12, 'x'.repeat(60))), channel);
    const lines = choices(12, 'x'.repeat(60)).map(({ label }, at) => `${at + 1}. ${label}`);
    expect(text).toBe(`Apa?\n\n${lines.join('\n')}`);
  });

  it('a message without choices is its text, and has no buttons', () => {
    const said = { text: 'Baik.', choices: [], question: null };
    expect(render(said, channel)).toEqual({ text: 'Baik.', buttons: [] });
    expect(render(question('Siapa?', []), channel).buttons).toEqual([]);
  });

  it.each([1, 2, 3, 4, 10, 11, 100, 101])('%i choices are offered as the channel can', (count) => {
    const rendered = render(
      question('Apa?', choices(count, 'pilihan yang panjang sekali, lebih panjang dari semua batas')),
      channel,
    );
    const picker = pickerFor(count, channel);
    const room = picker !== null && rendered.text.length <= channel.promptLimit;
    expect(rendered.buttons).toHaveLength(room ? count : 0);
    expect(rendered.list ?? false).toBe(room && picker === channel.list);
    for (const [at, { label, data }] of rendered.buttons.entries()) {
      expect(label.length).toBeLessThanOrEqual(picker?.label ?? 0);
      expect(Buffer.byteLength(data)).toBeLessThanOrEqual(picker?.payloadBytes ?? 0);
      expect(parseButtonData(data)).toEqual({ question: 'q1', choice: `c${at}` });
    }
  });

  it('choices that ask nothing are no buttons', () => {
    expect(render({ text: 'Apa?', choices: choices(2), question: null }, channel).buttons).toEqual([]);
  });

  it('labels that look the same once they are shortened are no buttons, and are told apart in the text', () => {
    const twins = ['satu', 'dua'].map((end) => ({
      id: end,
      label: `${'Nama yang sangat panjang '.repeat(3)}${end}`,
    }));
    const { text, buttons } = render(question('Siapa?', twins), channel);
    expect(buttons).toEqual([]);
    for (const { label } of twins) expect(text).toContain(label);
  });

  it('an id too long to come back is on no button', () => {
    const long = [{ id: 'x'.repeat(300), label: 'Ya' }];
    expect(render(question('Ya?', long), channel)).toEqual({ text: 'Ya?\n\n1. Ya', buttons: [] });
  });

  it('a text of any length is split at sentence ends into messages within the limits', () => {
    const long = question('Kalimat yang cukup panjang. '.repeat(6000), choices(3));
    const parts = partsOf(long, channel);
    const picker = pickerFor(3, channel);
    const lengths = parts.map((part) => render(part, channel).text.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(channel.textLimit);
    expect(lengths.at(-1)).toBeLessThanOrEqual(picker === null ? channel.textLimit : channel.promptLimit);
    expect(parts.slice(0, -1).every((part) => part.text.endsWith('.') && part.question === null)).toBe(true);
    expect(parts.at(-1)).toMatchObject({ question: 'q1', choices: choices(3) });
    expect(render(parts.at(-1) ?? long, channel).buttons).toHaveLength(picker === null ? 0 : 3);
  });

  it('choices too long for one message are numbered text over several, none of them cut', () => {
    const many = Array.from({ length: 900 }, (_, at) => ({
      id: `c${at}`,
      label: `${at} ${'panjang '.repeat(12)}`.trim(),
    }));
    const parts = partsOf(question('Yang mana?', many), channel);
    const lines = parts.flatMap((part) => render(part, channel).text.split('\n'));
    for (const [at, { label }] of many.entries()) expect(lines).toContain(`${at + 1}. ${label}`);
    for (const part of parts)
      expect(render(part, channel).text.length).toBeLessThanOrEqual(channel.textLimit);
    expect(parts.map((part) => part.question)).toEqual([...parts.slice(1).map(() => null), 'q1']);
  });

  it('a file carries what fits under it; else it comes first, and the words follow whole', () => {
    const alone = { text: '', choices: [], question: null, enclosure: photo };
    const under = { ...alone, text: 'x'.repeat(channel.captionLimit) };
    expect(partsOf(alone, channel)).toEqual([alone]);
    expect(partsOf(under, channel)).toEqual([under]);
    const long = { text: 'Kalimat panjang. '.repeat(400).trim(), choices: [], question: null };
    expect(partsOf({ ...long, enclosure: photo }, channel)).toEqual([alone, ...partsOf(long, channel)]);
    const asked = question('Apa?', choices(2));
    expect(partsOf({ ...asked, enclosure: photo }, channel)).toEqual([alone, asked]);
  });

  it.each(fileTypes)(
    'a file of type %s that is kept can be sent on, or it is known that it cannot',
    (type) => {
      const file: Enclosure = {
        ...photo,
        kind: type === 'pdf' ? 'document' : 'photo',
        mime: mimeOf(type),
        size: largestFile,
      };
      const isStrange = channel.channel === 'whatsapp-cloud' && (type === 'heic' || type === 'webp');
      expect(['photo', 'document', 'file-type']).toContain(carriageOf(file, channel));
      expect(carriageOf(file, channel) === 'file-type').toBe(isStrange);
      expect(carriageOf({ ...file, size: 200 * 1024 * 1024 }, channel)).toBe(
        isStrange ? 'file-type' : 'file-too-large',
      );
    },
  );

  it('a photo too large for one goes as a document', () => {
    const { channel: _, ...limits } = channel;
    const roomy = { ...limits, channel: 'x', documents: { types: null, bytes: photo.size } };
    expect(carriageOf(photo, { ...roomy, photos: { types: null, bytes: photo.size } })).toBe('photo');
    expect(carriageOf(photo, { ...roomy, photos: { types: null, bytes: photo.size - 1 } })).toBe('document');
  });

  it('a short message stays one', () => {
    const short = question('Apa?', choices(3));
    expect(partsOf(short, channel)).toEqual([short]);
  });
});

const segmenter = new Intl.Segmenter('id', { granularity: 'grapheme' });

/** The characters of a text as people see them, without blanks and stars. */
function characters(text: string): readonly string[] {
  const seen = [...segmenter.segment(text)].map(({ segment }) => segment.replace(/[\s*]/gu, ''));
  return seen.filter((one) => one !== '');
}

const pieces = [
  '😀',
  'a',
  'kata',
  ' ',
  '  ',
  '\n',
  '. ',
  '? ',
  'é',
  'e\u0301',
  '👨‍👩‍👧',
  '*',
  '*tebal*',
  '1. ',
  'नि',
];
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 250 }).map((all) => all.join('')),
);
const anyPicker = fc.option(
  fc.record({ most: fc.nat(3), label: fc.integer({ min: 4, max: 20 }), payloadBytes: fc.constant(64) }),
);
const setting = fc.record({
  text: anyText,
  textLimit: fc.integer({ min: 80, max: 200 }),
  spare: fc.nat(40),
  picker: anyPicker,
  count: fc.nat(3),
});

describe('splitting', () => {
  it('loses nothing but spaces, splits no character, and leaves the question with the last part', () => {
    fc.assert(
      fc.property(setting, ({ text, textLimit, spare, picker, count }) => {
        const channel = small(textLimit, picker, textLimit - spare);
        const whole = question(text, choices(count));
        const parts = partsOf(whole, channel);
        const shown = parts.map((part) => render(part, channel).text);
        expect(shown.flatMap(characters)).toEqual(characters(render(whole, channel).text));
        expect(shown.some((one) => lone.test(one))).toBe(lone.test(text));
        for (const one of shown) {
          expect(one.trim()).not.toBe('');
          expect(one.length).toBeLessThanOrEqual(textLimit);
        }
        for (const part of parts.slice(0, -1)) expect(part).toMatchObject({ choices: [], question: null });
        if (parts.length > 0) expect(parts.at(-1)?.question).toBe('q1');
        else expect(text.trim() + String(count)).toBe('0');
      }),
      { numRuns: sized(150, 500) },
    );
  });

  const word = fc.stringMatching(/^[a-zA-Z]{1,9}[.,!?]?$/);
  const stretch = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
  const bold = stretch.map((text) => `*${text}*`);
  const marked = fc
    .array(fc.oneof(stretch, bold), { minLength: 1, maxLength: 30 })
    .map((all) => all.join(' '));
  const weighed = (text: string) =>
    boldRuns(text).flatMap((run) =>
      [...run.text.replace(/\s/g, '')].map((letter) => [letter, run.bold] as const),
    );

  it('what is bold stays bold, and nothing else becomes it', () => {
    fc.assert(
      fc.property(marked, fc.integer({ min: 24, max: 300 }), (text, limit) => {
        const parts = partsOf(question(text, []), small(limit));
        expect(parts.flatMap((part) => weighed(part.text))).toEqual(weighed(text));
        for (const part of parts) expect(part.text.length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: sized(150, 500) },
    );
  });

  it.each([
    ['Satu. Dua tiga.', 10, ['Satu.', 'Dua tiga.']],
    ['Satu dua tiga', 10, ['Satu dua', 'tiga']],
    ['Satu dua. Tiga', 9, ['Satu dua.', 'Tiga']],
    ['Satuduatigaempat', 10, ['Satuduatig', 'aempat']],
    ['baris satu\nbaris dua', 12, ['baris satu', 'baris dua']],
    ['Baca:\n1. Nama kecil', 14, ['Baca:', '1. Nama kecil']],
    ['Kata "Ya." Lalu', 12, ['Kata "Ya."', 'Lalu']],
    ['abc😀😀', 4, ['abc', '😀😀']],
    ['😀😀😀', 3, ['😀', '😀', '😀']],
    ['e\u0301e\u0301e\u0301', 3, ['e\u0301', 'e\u0301', 'e\u0301']],
    ['Apa? Siapa!', 6, ['Apa?', 'Siapa!']],
    ['Nama *Sri Contohwati*.', 17, ['Nama', '*Sri Contohwati*.']],
    ['*satu dua tiga empat*', 14, ['*satu dua*', '*tiga empat*']],
    ['  \n ', 3, []],
    ['Satu.    ', 5, ['Satu.']],
  ])('%j in %i', (text, textLimit, parts) => {
    const message = { text, choices: [], question: null };
    expect(partsOf(message, small(textLimit)).map((part) => part.text)).toEqual(parts);
  });

  it('is quick, whatever the text', () => {
    for (const text of [
      '*'.repeat(100_000),
      'a *'.repeat(30_000),
      `a${'\u0301'.repeat(100_000)}`,
      '. '.repeat(50_000),
    ]) {
      expect(partsOf(question(text, []), small(1024)).length).toBeLessThan(250);
    }
  });
});

describe('a label on a button', () => {
  it.each([
    ['Hubungi petugas', 20, 'Hubungi petugas'],
    ['Hubungi petugas kabupaten', 20, 'Hubungi petugas kab…'],
    ['Hubungi petugas', 9, 'Hubungi…'],
    ['😀😀😀', 4, '😀…'],
    ['e\u0301e\u0301', 3, 'e\u0301…'],
  ])('%j in %i is %j', (label, limit, shown) => {
    expect(shorten(label, limit)).toBe(shown);
  });
});

describe('what stands in a button', () => {
  it.each([
    ['q1:ya', { question: 'q1', choice: 'ya' }],
    ['q1:a:b', { question: 'q1', choice: 'a:b' }],
    ['q1:', { question: 'q1', choice: '' }],
    ['q1', null],
    [':ya', null],
    ['', null],
  ])('%j', (data, read) => {
    expect(parseButtonData(data)).toEqual(read);
  });

  it('fits the 64 bytes a channel keeps for it', () => {
    expect(buttonData('019aa2c4-7d1e-7cc0-8f55-1a2b3c4d5e6f', 'x'.repeat(24)).length).toBeLessThanOrEqual(64);
  });
});
