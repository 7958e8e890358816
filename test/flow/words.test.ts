import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerWord, isFiller, saysNotYet } from '../../src/flow/words.js';

const votes: Readonly<Record<ReturnType<typeof answerWord>, string>> = {
  yes: `ya|y|iyaaa|Iya pak|nggih|njih|inggih leres|enggih bu|hooh|yoi|oke siap|okeh|sip lah|betul sekali|bnr|bener|leres|setuju|
    stuju|boleh juga|pareng|mau dong|gelem|purun|kersa|badhe|bisa|saged|saget|sampun|wis|uwis|sudah|pasti|tentu saja|ya pasti|
    bersedia|👍|ya 👍|lanjut|lanjutkan|yo wis|ya sudah`,
  no: `tidak|tdk|gak|nggak|ora|mboten|boten pak|bukan|dudu|sanes|jangan|ojo|
    belum|dereng|durung|tidak mau|gak gelem|mboten purun|tidak jadi|ora iso|mboten saged|salah|keliru|batal|emoh|wegah|no|👎|
    tidak setuju|kulo mboten`,
  neither: `mbuh|embuh|mboh|ampun|ya ampun|insya Allah|insyaallah nggih|Insya Allah saged|monggo|mangga pak|nggih monggo|terserah|nanti|
    mengko|nanti ya|sik|sekedap|bentar|mungkin|bisa jadi|boleh jadi|belum tentu|belum pasti|tidak tentu|tidak pasti|mau tidak mau|
    ya tidak|tidak salah|ya?|boleh?|jgn dulu|sudah belum|ya tapi nanti|kulo pikir rumiyin|setuju kalau bisa|tidak 👍|👍👎`,
  unknown: `|pak|matur nuwun|terima kasih|hadir|siap laksanakan|tidak apa-apa|ora popo|tidak masalah|mboten ngertos|kulo nderek mawon|
    amin|alhamdulillah|Bener, Purworejo|sk|1|2|🙏|constructor|ya begitulah adanya di desa kami`,
};
const rows = Object.entries(votes).flatMap(([said, texts]) =>
  texts.split('|').map((text) => [text.trim(), said] as const),
);

describe('yes, no and the polite trap', () => {
  it.each(rows)('%j says %s', (text, said) => {
    expect(answerWord(text)).toBe(said);
  });

  it('hears no answer in a long text', () => {
    expect(answerWord('ya '.repeat(100))).toBe('unknown');
  });

  it.each([
    ['belum', true],
    ['dereng pak', true],
    ['blm sempat', true],
    ['tidak', false],
  ])('%j puts off: %s', (text, notYet) => {
    expect(saysNotYet(text)).toBe(notYet);
  });

  it.each([
    ['pak', true],
    ['kulo', true],
    ['suwun', true],
    ['dmn', false],
    ['Bener', false],
  ])('%j carries no meaning of its own: %s', (word, filler) => {
    expect(isFiller(word)).toBe(filler);
  });

  it('never throws, whatever is typed', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 90 }),
      fc.constantFrom(...rows.map(([text]) => text)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(Object.keys(votes)).toContain(answerWord(text));
      }),
    );
  });
});
