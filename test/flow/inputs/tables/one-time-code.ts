import { again, each, type Table } from '../../../support/inputs.js';

/** Codes however they are copied, and what is none. */
export const oneTimeCode: Table = {
  accepted: [
    ...each(
      [
        'K7M4P2QX',
        'k7m4p2qx',
        'K7M4-P2QX',
        'k7m4 p2qx',
        'K7M4 - P2QX',
        'K7M4–P2QX.',
        'K 7 M 4 P 2 Q X',
        'k-7-m-4-p-2-q-x',
        'kodenya K7M4-P2QX pak',
        'HUBUNGKAN K7M4-P2QX',
        'kode: K7M4P2QX',
        '*K7M4-P2QX*',
        'K7M4\nP2QX',
        ' K7M4-P2QX 🙏',
        'Ｋ７Ｍ４Ｐ２ＱＸ',
      ],
      'K7M4P2QX',
    ),
    ...each(['2345678A'], '2345678A'),
    ...each(['ABCDEFG2', 'abcd-efg2'], 'ABCDEFG2'),
    ...each(['K7M4-P2QX K7M4-P2QX'], 'K7M4P2QX'),
  ],
  refused: [
    ...again([
      '',
      'ya',
      'KELUARGA',
      'saya dengan petugas',
      '23456789',
      '0812-0000',
      'K7M4-P2Q',
      'K7M4-P2QXZ',
      'K7M4P2QXK7M4P2QX',
      'K7M0P2QX',
      'KOM4P2QX',
      'K7MIP2QX',
      'K7M1P2QX',
      'K7M4-P2QX atau K7M4-P2QY',
      '9901014107700001',
      '👍',
    ]),
  ],
};
