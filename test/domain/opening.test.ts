import { describe, expect, it } from 'vitest';
import { type Addressee, greeted, openingRoom } from '../../src/domain/opening.js';
import { saying } from '../../src/flow/message.js';

const known = { from: 'writing' } as const;
const read = (names: readonly string[], more: Partial<Addressee> = {}) =>
  greeted(saying('Mari bertemu.'), { names, isFirst: false, known, ...more }).text;

describe('the greeting of a broadcast', () => {
  it.each([
    [[], 'Yth. Bapak/Ibu,'],
    [['SRI CONTOHWATI'], 'Yth. Bapak/Ibu Sri Contohwati,'],
    [['sri', 'budi'], 'Yth. Bapak/Ibu Sri dan Budi,'],
    [['sri', 'budi', 'tono'], 'Yth. Bapak/Ibu Sri, Budi, dan Tono,'],
    [['Sri', 'SRI'], 'Yth. Bapak/Ibu Sri,'],
    [
      Array.from({ length: 9 }, (_, at) => `Orang Rekaan Nomor ${at}`),
      'Yth. Bapak/Ibu Orang Rekaan Nomor 0 dan 8 anggota lain,',
    ],
  ])('for %j', (names, greeting) => {
    expect(read(names)).toBe(`${greeting}\n\nMari bertemu.`);
  });

  it('stands in front of nothing else than a broadcast', () => {
    expect(greeted(saying('Mari bertemu.'), undefined).text).toBe('Mari bertemu.');
  });
});

describe('the first message to an address', () => {
  it.each([
    [{ from: 'registration' }, 'dari pendaftaran Bapak/Ibu sebagai PSM'],
    [{ from: 'list', place: 'Kota Semarang' }, 'dari daftar PSM Kota Semarang'],
    [{ from: 'office' }, 'dari daftar pengurus dan petugas IPSM'],
    [{ from: 'writing' }, 'karena Bapak/Ibu pernah menulis kepada kami'],
  ] as const)('says who speaks, from where it is known, and how to stop: %j', (from, source) => {
    expect(read(['Sri'], { isFirst: true, known: from })).toBe(
      `Yth. Bapak/Ibu Sri,

Saya asisten otomatis IPSM Jawa Tengah. Kontak Bapak/Ibu kami peroleh ${source}. Bila tidak ingin menerima pesan seperti ini, ketik *BERHENTI*.

Mari bertemu.`,
    );
  });

  it('takes no more room than was promised', () => {
    const names = ['x'.repeat(500), ...Array.from({ length: 300 }, (_, at) => `Orang ${at}`)];
    const place = 'Kabupaten Dengan Nama Yang Panjang Sekali';
    const longest = read(names, { isFirst: true, known: { from: 'list', place } });
    expect(longest.length - 'Mari bertemu.'.length).toBeLessThanOrEqual(openingRoom);
  });
});

describe('a message in a group', () => {
  const choices = [
    { id: 'hadir', label: 'Hadir' },
    { id: 'tidak', label: 'Tidak hadir' },
    { id: 'diwakilkan', label: 'Diwakilkan' },
  ];
  const asking = { text: 'Apakah Bapak/Ibu hadir?', choices, question: 'q' };
  const group = (isFirst: boolean): Addressee => ({ names: ['SRI'], isFirst, known: { from: 'group' } });

  it('names nobody and asks nothing there: it says in words how to answer', () => {
    expect(greeted(asking, group(false))).toEqual({
      choices: [],
      question: null,
      text: `Yth. Bapak/Ibu anggota grup,

Apakah Bapak/Ibu hadir?

Jawablah secara pribadi kepada nomor ini, bukan di grup: *HADIR* / *TIDAK HADIR* / *DIWAKILKAN*.`,
    });
  });

  it('says at first who speaks, that nothing is heard there, and how to stop it', () => {
    const { text } = greeted(saying('Mari bertemu.'), group(true));
    for (const part of [
      'Saya asisten otomatis IPSM Jawa Tengah.',
      'tidak kami baca',
      'secara pribadi kepada nomor ini, misalnya *BERHENTI*',
      'keluarkan nomor ini dari grup',
    ])
      expect(text).toContain(part);
    expect(text.endsWith('\n\nMari bertemu.')).toBe(true);
  });

  it('takes no more room than was promised', () => {
    const longest = greeted(asking, group(true)).text;
    expect(longest.length - asking.text.length).toBeLessThanOrEqual(openingRoom);
  });
});
