import { describe, expect, it } from 'vitest';
import { consentWord } from '../../../src/flow/inputs/consent-word.js';
import type { Parsed } from '../../../src/flow/inputs/input.js';
import { parse } from '../../support/inputs.js';

const options = { version: '2026-01' };

function granted(parsed: Parsed): unknown {
  return parsed.kind === 'ok' ? Object(parsed.value).setuju : parsed.kind;
}

const given = [
  'SETUJU',
  'setuju',
  'Setuju',
  'sETUJU',
  ' setuju ',
  'SETUJU.',
  'setuju .',
  'setuju...',
  '\u200fSETUJU',
  'ＳＥＴＵＪＵ',
  'setuju\n',
] as const;

const refusals =
  'tidak|TIDAK|tidak setuju|TIDAK SETUJU|Tidak setuju.|tdk setuju|gak setuju|nggak|mboten|mboten setuju|ora|saya tidak setuju|tidak-setuju|tidak pak|jangan|👎|tidak mau';

const slips =
  'setju|setujuu|setuj|stuju|setujj|setuuju|sutuju|setujo|setuju!|setuju?|"setuju"|*SETUJU*|s e t u j u|se tuju|saya setuju|setuju pak|ya setuju|ok setuju|setuju setuju|setuju 👍';

const misses =
  'ya|iya|nggih|inggih|ok|oke|siap|sip|baik|boleh|bisa|lanjut|👍|✅|1|2|y|benar|leres|mau|bersedia|insya Allah|monggo|terserah|nanti|mbuh|ampun|belum|belum setuju|dereng|setuju tapi nanti|setuju tidak|tidak salah|kurang setuju|setuju insya Allah|setuju kalau gratis|setuju atau tidak|tuju|persetujuan|menyetujui|disetujui|setuji saja pak|SETUJUKAN|sepakat|agree|yes|salah|sudah|halo|terima kasih|🙏||.|setuju dengan syarat|apakah setuju|tidak?';

describe('consent-word', () => {
  it.each(given)('takes %j as consent', (text) => {
    expect(granted(parse(consentWord, text, { options }))).toBe(true);
  });

  it.each(refusals.split('|'))('takes %j as refusal', (text) => {
    expect(granted(parse(consentWord, text, { options }))).toBe(false);
  });

  it.each(slips.split('|'))('asks whether %j means the word', (text) => {
    const parsed = parse(consentWord, text, { options });
    expect(parsed.kind).toBe('did-you-mean');
    // Two candidates: with one, a polite "ya" could be taken for consent.
    expect(parsed).toMatchObject({ candidates: [{ answer: 'SETUJU' }, { answer: 'TIDAK SETUJU' }] });
  });

  it.each(misses.split('|'))('does not take %j for anything', (text) => {
    expect(parse(consentWord, text, { options }).kind).toBe('again');
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
