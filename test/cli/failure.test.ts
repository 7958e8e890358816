import { describe, expect, it } from 'vitest';
import { bare, coloured, failureText } from '../../src/cli/failure.js';
import type { Failure } from '../../src/flow/transcript.js';
import { align } from '../../src/flow/transcript-diff.js';

const long =
  'Bila berhenti, Bapak/Ibu tidak lagi menerima undangan dan pengumuman. Bapak/Ibu tetap dapat menulis kepada kami kapan saja.';

/** What is printed below the first line when these messages were wanted and those were said. */
function shown(wanted: readonly string[], got: readonly string[]): readonly string[] {
  const pairs = align(
    wanted.map((text, at) => ({ text, line: at + 1 })),
    got,
  );
  const failure: Failure = { line: 7, what: 'the bot said something else', before: [], pairs };
  return failureText('flows/a.test.yaml', 'satu', failure, bare).split('\n').slice(1);
}

describe('messages stand beside those that were wanted', () => {
  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      'one word differs',
      ['Warna merah hati.'],
      ['Warna biru hati.'],
      ['    ≠ wanted: Warna [merah] hati.', '      got:    Warna [biru] hati.'],
    ],
    [
      'a word too few',
      ['Terima kasih banyak, Ibu.'],
      ['Terima kasih, Ibu.'],
      ['    ≠ wanted: Terima [kasih banyak,] Ibu.', '      got:    Terima [kasih,] Ibu.'],
    ],
    [
      'line ends and spaces are no difference',
      ['Apa   warna\nkesukaan?'],
      ['Apa warna kesukaan Ibu?'],
      ['    ≠ wanted: Apa warna [kesukaan?]', '      got:    Apa warna [kesukaan Ibu?]'],
    ],
    [
      'what … stands for is no difference',
      ['Mohon dibaca: … Apakah setuju?'],
      ['Mohon dibaca: satu, dua, tiga. Apakah sepakat?'],
      ['    ≠ wanted: Mohon dibaca: … Apakah [setuju?]', '      got:    Mohon dibaca: … Apakah [sepakat?]'],
    ],
    [
      'a long common part is left out',
      [`${long} Apakah yakin?`],
      [`${long} Apakah Bapak/Ibu yakin?`],
      [
        '    ≠ wanted: (…) kepada kami kapan saja. Apakah yakin?',
        '      got:    (…) kepada kami kapan saja. Apakah [Bapak/Ibu] yakin?',
      ],
    ],
    [
      'a long common part between two differences keeps both ends',
      [`Halo. ${long} Ya?`],
      [`Hai. ${long} Oh?`],
      [
        '    ≠ wanted: [Halo.] Bila berhenti, Bapak/Ibu tidak lagi (…) menulis kepada kami kapan saja. [Ya?]',
        '      got:    [Hai.] Bila berhenti, Bapak/Ibu tidak lagi (…) menulis kepada kami kapan saja. [Oh?]',
      ],
    ],
    ['one is missing', ['Satu.', 'Dua.'], ['Dua.'], ['    - not said: Satu.', '    = bot: Dua.']],
    ['one is extra', ['Satu.'], ['Nol.', 'Satu.'], ['    + not wanted: Nol.', '    = bot: Satu.']],
    ['nothing was said', ['Satu.'], [], ['    - not said: Satu.']],
    ['nothing was wanted', [], ['Satu.'], ['    + not wanted: Satu.']],
    [
      'one is missing, one has changed, one is extra',
      ['Selamat pagi.', 'Apa kabar Bapak hari ini?', 'Sampai jumpa.'],
      ['Apa kabar Ibu hari ini?', 'Sampai jumpa.', 'Salam.'],
      [
        '    - not said: Selamat pagi.',
        '    ≠ wanted: Apa kabar [Bapak] hari ini?',
        '      got:    Apa kabar [Ibu] hari ini?',
        '    = bot: Sampai jumpa.',
        '    + not wanted: Salam.',
      ],
    ],
    [
      'a long message that is right is shortened',
      [long, 'Satu.'],
      [long],
      [
        '    = bot: Bila berhenti, Bapak/Ibu tidak lagi menerima undangan dan pengumuman. Bapak/Ibu tetap (…)',
        '    - not said: Satu.',
      ],
    ],
  ])('%s', (_name, wanted, got, lines) => {
    expect(shown(wanted, got)).toEqual(lines);
  });

  it('stays quick when everything differs', () => {
    const texts = (word: string) => Array.from({ length: 40 }, (_, at) => `${word} ${at}`);
    expect(shown(texts('satu'), texts('dua'))).toHaveLength(80);
  });
});

describe('a failure', () => {
  const failure: Failure = {
    line: 12,
    what: 'the bot said something else',
    before: [
      { who: 'member', text: 'halo' },
      { who: 'bot', text: `${long}\n\n1. Ya\n2. Tidak` },
      { who: 'press', text: 'Ya' },
    ],
    pairs: align([{ text: 'Baik, Ibu.', line: 12 }], ['Baik, Bapak.']),
  };
  const lines = [
    'flows/salam.test.yaml:12: sebuah nama: the bot said something else',
    '      member: halo',
    '      bot: Bila berhenti, Bapak/Ibu tidak lagi menerima undangan dan pengumuman. Bapak/Ibu tetap (…)',
    '      press: Ya',
    '    ≠ wanted: Baik, [Ibu.]',
    '      got:    Baik, [Bapak.]',
  ];

  it('begins with its place, to click, and shows the talk before', () => {
    expect(failureText('flows/salam.test.yaml', 'sebuah nama', failure, bare).split('\n')).toEqual(lines);
  });

  it('has colours on a terminal only, and says the same without them', () => {
    const text = failureText('flows/salam.test.yaml', 'sebuah nama', failure, coloured);
    expect(text).toContain('\x1b[31m[Ibu.]\x1b[39m');
    expect(text).toContain('\x1b[32m[Bapak.]\x1b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours begin with one.
    expect(text.replace(/\x1b\[\d+m/g, '').split('\n')).toEqual(lines);
  });
});
