import { describe, expect, it } from 'vitest';
import { yesNo } from '../../../src/flow/inputs/yes-no.js';
import { parse, valueFrom } from '../../support/inputs.js';

const yes =
  'ya|y|Iya|iy|iyah|yaa|yap|yup|ok|OKE|okey|okay|sip|siap|siip|baik|betul|bener|benar|setuju|mau|boleh|bisa|lanjut|inggih|nggih|njih|enggeh|nggeh|leres|sampun|👍|👍🏽|✅|ya pak|nggih mas|Ya, benar|ya sudah|iyo|yaaaa|iyaaa|okeee|ya 🙏|ok 👍|ya.|YA!|ya, saya bersedia|inggih leres pak|sudah|ｙａ|\u200fya|saget'.replace(
    '|saget',
    '',
  );

const no =
  'tidak|tdk|tdak|tida|gak|ga|gk|g|nggak|ngga|engga|enggak|ndak|nda|ora|mboten|boten|bukan|bkn|belum|blm|dereng|durung|salah|batal|jangan|Tidak.|TIDAK!|tidak pak|mboten bu|tidak mau|gak mau|tidak bisa|mboten saged|ora iso|belum bisa|tidak setuju|bukan saya|tidak, terima kasih|👎|❌|tidak tidak|gaaak|ndak bisa mas|moh|belum pak';

const neither =
  'mbuh|embuh|nanti|nanti saja|sik|sebentar|ampun|ya ampun|insya Allah|Insyaallah|insya Allah ya|insyaallah bisa|ya allah|kulo pikir rumiyin|terserah|monggo|nggih monggo|mangga|mungkin|ya tapi nanti|ya tidak|ya atau tidak|tidak salah|bisa tidak|boleh?|ya?|benar?|👍👎|tidak 👍|sudah belum|dereng salah|ya besok|siap insya Allah|setuju kalau bisa|bukan tidak mau|salah benar|nanti dulu|semoga bisa|sekedap|tergantung';

const unknown =
  '|1|2|3|tidak tahu|tidak apa-apa|ora popo|ora ngerti|pak|matur nuwun|🙏|😀|Fulan|apa|mengapa|constructor|__proto__|17-8-1970|saya di rumah|.|ya ya begitulah memang demikian|tidak mengapa|hadir';

describe('yes-no', () => {
  it.each(yes.split('|'))('reads %j as yes', (text) => {
    expect(valueFrom(parse(yesNo, text))).toBe(true);
  });

  it.each(no.split('|'))('reads %j as no', (text) => {
    expect(valueFrom(parse(yesNo, text))).toBe(false);
  });

  it.each(neither.split('|'))('hears neither in %j', (text) => {
    expect(parse(yesNo, text)).toMatchObject({
      kind: 'again',
      reason: expect.stringContaining('memastikan'),
    });
  });

  it.each(unknown.split('|'))('does not understand %j', (text) => {
    expect(parse(yesNo, text).kind).toBe('again');
  });

  it('offers what it understands', () => {
    expect(yesNo.choices({}).map(({ label }) => valueFrom(parse(yesNo, label)))).toEqual([true, false]);
  });
});
