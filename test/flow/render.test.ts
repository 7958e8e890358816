import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Capabilities, channelCapabilities } from '../../src/flow/capabilities.js';
import type { Choice, Message } from '../../src/flow/message.js';
import { buttonData, parseButtonData, splitToFit as partsOf, render } from '../../src/flow/render.js';

const channels = Object.values(channelCapabilities);

function choices(count: number, label = 'Pilihan'): readonly Choice[] {
  return Array.from({ length: count }, (_, at) => ({ id: `c${at}`, label: `${label} ${at + 1}` }));
}

function question(text: string, offered: readonly Choice[]): Message {
  return { text, choices: offered, question: 'q1' };
}

const lone = /(?:[\ud800-\udbff](?![\udc00-\udfff]))|(?:(?<![\ud800-\udbff])[\udc00-\udfff])/;
const withoutSpaces = (text: string) => text.replace(/\s/g, '');

describe.each(channels)('on $channel', (channel) => {
  it('the choices always stand in the text with their numbers', () => {
    const { text } = render(question('Apa?', choices(12)), channel);
    const lines = choices(12).map(({ label }, at) => `${at + 1}. ${label}`);
    expect(text).toBe(`Apa?\n\n${lines.join('\n')}`);
  });

  it('a message without choices is its text, and has no buttons', () => {
    expect(render({ text: 'Baik.', choices: [], question: null }, channel)).toEqual({
      text: 'Baik.',
      buttons: [],
    });
    expect(render(question('Siapa?', []), channel).buttons).toEqual([]);
  });

  it.each([1, 2, 3, 4, 10, 11, 100, 101])(
    '%i choices are buttons where there is room for all of them',
    (count) => {
      const { buttons } = render(
        question('Apa?', choices(count, 'Pilihan yang panjangnya melebihi semua batas')),
        channel,
      );
      expect(buttons).toHaveLength(count <= channel.buttonLimit ? count : 0);
      for (const [at, { label, data }] of buttons.entries()) {
        expect(label.length).toBeLessThanOrEqual(channel.labelLimit);
        expect(parseButtonData(data)).toEqual({ question: 'q1', choice: `c${at}` });
      }
    },
  );

  it('choices that ask nothing are no buttons', () => {
    expect(render({ text: 'Apa?', choices: choices(2), question: null }, channel).buttons).toEqual([]);
  });

  it('a text of any length is split into messages within the limit', () => {
    const long = question('Kalimat yang cukup panjang. '.repeat(6000), choices(3));
    const parts = partsOf(long, channel);
    for (const part of parts)
      expect(render(part, channel).text.length).toBeLessThanOrEqual(channel.textLimit);
    expect(parts.slice(0, -1).every((part) => part.text.endsWith('.') && part.question === null)).toBe(true);
    expect(parts.at(-1)).toMatchObject({ question: 'q1', choices: choices(3) });
  });

  it('a short message stays one', () => {
    const short = question('Apa?', choices(3));
    expect(partsOf(short, channel)).toEqual([short]);
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom('😀', 'a', ' ', '\n', '. ', 'é', '👨‍👩‍👧'), maxLength: 400 }),
);

describe('splitting', () => {
  it('loses nothing but spaces, splits no character, and leaves the choices with the last part', () => {
    const setting = fc.tuple(anyText, fc.integer({ min: 40, max: 200 }), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(setting, ([text, textLimit, count]) => {
        const channel: Capabilities = { channel: 'x', textLimit, buttonLimit: 3, labelLimit: 20 };
        const parts = partsOf(question(text, choices(count)), channel);
        const whole = parts.map((part) => part.text).join('');
        expect(withoutSpaces(whole)).toBe(withoutSpaces(text));
        expect(parts.some((part) => lone.test(part.text))).toBe(lone.test(text));
        for (const part of parts) expect(render(part, channel).text.length).toBeLessThanOrEqual(textLimit);
        for (const part of parts.slice(0, -1)) expect(part).toMatchObject({ choices: [], question: null });
        expect(parts.slice(0, -1).every((part) => part.text !== '')).toBe(true);
        expect(parts.at(-1)?.choices).toEqual(choices(count));
      }),
    );
  });

  it.each([
    ['Satu. Dua tiga.', 10, ['Satu.', 'Dua tiga.']],
    ['Satu dua tiga', 10, ['Satu dua', 'tiga']],
    ['Satuduatigaempat', 10, ['Satuduatig', 'aempat']],
    ['baris satu\nbaris dua', 12, ['baris satu', 'baris dua']],
    ['abc😀😀', 4, ['abc', '😀😀']],
    ['😀😀😀', 3, ['😀', '😀', '😀']],
    ['Apa? Siapa!', 6, ['Apa?', 'Siapa!']],
  ])('%j in %i', (text, textLimit, parts) => {
    const channel: Capabilities = { channel: 'x', textLimit, buttonLimit: 0, labelLimit: 0 };
    expect(partsOf({ text, choices: [], question: null }, channel).map((part) => part.text)).toEqual(parts);
  });

  it('ends even when the choices alone are longer than a message may be', () => {
    const channel: Capabilities = { channel: 'x', textLimit: 50, buttonLimit: 0, labelLimit: 0 };
    const parts = partsOf(question('Yang mana yang dimaksud? '.repeat(9), choices(20)), channel);
    expect(parts.at(-1)?.choices).toHaveLength(20);
    expect(parts.length).toBeLessThan(12);
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
