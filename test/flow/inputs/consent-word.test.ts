import { describe, expect, it } from 'vitest';
import { consentWord } from '../../../src/flow/inputs/consent-word.js';
import type { Parsed } from '../../../src/flow/inputs/input.js';
import { parse } from '../../support/inputs.js';

const options = { version: '2026-01' };

function granted(parsed: Parsed): unknown {
  return parsed.kind === 'ok' ? Object(parsed.value).setuju : parsed.kind;
}

const slips =
  'setju|setujuu|setuj|stuju|setujj|setuuju|sutuju|setujo|setuju?|*setuju?*|s e t u j u|se tuju|ok setuju|setuju setuju|setuju 👍|SETUJUU|sarujuk|bapak setuju|ibu setuju';

describe('consent-word', () => {
  it.each(slips.split('|'))('reads the word back after %j, and offers nothing to choose', (text) => {
    expect(parse(consentWord, text, { options })).toEqual({
      kind: 'again',
      reason:
        'Sepertinya yang dimaksud adalah kata SETUJU. Mohon ketik kata itu saja, dengan lengkap, atau ketik TIDAK bila tidak setuju.',
    });
  });

  it('keeps the proof: question, exact answer, version', () => {
    expect(parse(consentWord, ' Setuju. ', { options })).toMatchObject({
      value: {
        setuju: true,
        jawaban: ' Setuju. ',
        teks: expect.stringContaining('setuju'),
        versi: '2026-01',
      },
    });
  });

  it('works with another word', () => {
    const other = { word: 'IKUT', version: '1' };
    expect(granted(parse(consentWord, 'ikut', { options: other }))).toBe(true);
    expect(granted(parse(consentWord, 'tidak ikut', { options: other }))).toBe(false);
    expect(parse(consentWord, 'setuju', { options: other }).kind).toBe('again');
  });

  it('offers no buttons or numbers, for neither is the word itself', () => {
    expect(consentWord.choices({ word: 'SETUJU', version: '1' })).toEqual([]);
  });
});
