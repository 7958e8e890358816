/** The engine's own sentences; one such table per language is the seam for others. */
export interface Wording {
  readonly notUnderstood: string;
  readonly example: (example: string) => string;
  readonly noted: (readback: string) => string;
  readonly humanComes: string;
  /** Somebody asks for patience instead of answering. */
  readonly waiting: string;
  /** Somebody says thanks. */
  readonly welcome: string;
  readonly salam: string;
  readonly greeting: string;
  /** Somebody says sorry. */
  readonly noMatter: string;
  readonly unseen: string;
  readonly renewed: string;
  readonly lost: string;
  readonly fileNotAnswer: string;
  readonly placeNotAnswer: string;
  /** A file while a person is listened to: nothing was asked, so it is no answer. */
  readonly fileNotHeard: string;
  readonly placeNotHeard: string;
  /** A question was left out in other words than its own. */
  readonly skipped: string;
  readonly joined: (readback: string) => string;
  readonly joinedPart: string;
  readonly oldButton: string;
  readonly oldButtonIdle: string;
  readonly undone: string;
  readonly nothingToUndo: string;
  readonly fixed: (what: string) => string;
  readonly yes: string;
  readonly no: string;
  readonly pickOne: string;
  readonly none: string;
  /** Asks back what an input understood, where a language has no sentence of its own for it. */
  readonly confirm: (readback: string) => string;
  /** Asks for the rest of an answer, likewise. */
  readonly more: string;
  /** What a member sees for a value that was left out. */
  readonly empty: string;
  readonly tooLong: string;
  readonly stuck: string;
}

/** Plain, formal Indonesian. */
export const indonesian: Wording = {
  notUnderstood: 'Maaf, saya belum paham jawaban Bapak/Ibu.',
  example: (example) => `Contoh jawaban: ${example}`,
  noted: (readback) => `Saya catat: *${readback}*.`,
  humanComes: 'Maaf, saya masih belum paham. Saya mintakan bantuan petugas.',
  waiting: 'Baik, kami tunggu. Tidak perlu terburu-buru.',
  welcome: 'Sama-sama, Bapak/Ibu.',
  salam: 'Waalaikumsalam, Bapak/Ibu.',
  greeting: 'Halo, Bapak/Ibu.',
  noMatter: 'Tidak apa-apa, Bapak/Ibu.',
  unseen:
    'Maaf, pesan Bapak/Ibu tadi masuk sebelum pertanyaan ini tampil, jadi belum saya pakai. Mohon dijawab setelah pertanyaannya terbaca.',
  renewed:
    'Pertanyaan ini baru kami perbarui, jadi pesan Bapak/Ibu tadi belum saya pakai. Mohon dijawab sekali lagi.',
  lost: 'Mohon maaf, percakapan tadi tidak dapat saya lanjutkan karena isinya sudah kami perbarui. Jawaban Bapak/Ibu masih tersimpan, dan petugas sudah diberi tahu.',
  fileNotAnswer:
    'Foto atau berkas ini belum dapat saya baca sebagai jawaban, jadi tidak saya pakai. Mohon dijawab dengan tulisan.',
  placeNotAnswer:
    'Lokasi ini belum dapat saya baca sebagai jawaban, jadi tidak saya pakai. Mohon dijawab dengan tulisan.',
  fileNotHeard:
    'Mohon maaf, foto atau berkas belum dapat kami teruskan dalam percakapan ini. Mohon isinya ditulis, atau fotonya dikirim nanti saat asisten otomatis memintanya.',
  placeNotHeard:
    'Mohon maaf, lokasi belum dapat kami teruskan dalam percakapan ini. Mohon nama tempat atau alamatnya ditulis, atau lokasinya dikirim nanti saat asisten otomatis memintanya.',
  skipped: 'Baik, pertanyaan itu saya lewati.',
  joined: (readback) => `Pesan tadi saya gabungkan dengan jawaban sebelumnya. Saya catat: *${readback}*.`,
  joinedPart: 'Pesan tadi saya gabungkan dengan jawaban sebelumnya.',
  oldButton: 'Tombol itu dari pertanyaan yang sudah lewat, jadi tidak saya pakai.',
  oldButtonIdle: 'Tombol itu dari percakapan yang sudah selesai. Ketik *MENU* untuk memulai lagi.',
  undone: 'Baik, kita kembali ke pertanyaan sebelumnya.',
  nothingToUndo: 'Ini pertanyaan yang pertama, jadi belum ada jawaban yang bisa dibatalkan.',
  fixed: (what) => `Kita tidak dapat kembali lebih jauh, karena ${what}.`,
  yes: 'Ya',
  no: 'Tidak',
  pickOne: 'Yang mana yang Bapak/Ibu maksud?',
  none: 'Tidak ada yang cocok',
  confirm: (readback) => `Apakah yang Bapak/Ibu maksud *${readback}*?`,
  more: 'Jawaban Bapak/Ibu baru sebagian. Bagaimana kelanjutannya?',
  empty: 'belum diisi',
  tooLong: 'Maaf, pesan itu terlalu panjang untuk saya baca.',
  stuck:
    'Maaf, percakapan ini terhenti karena kesalahan saya. Hal ini sudah kami catat untuk petugas. Ketik *MENU* untuk memulai lagi.',
};

/**
 * The table of another language, from one sentence for each name; `{}` is where a value stands. That all are there is
 * proved before (`languages`).
 */
export function wordingOf(sentences: Readonly<Record<string, string>>): Wording {
  const said = Object.entries(indonesian).map(([name, own]) => {
    const sentence = sentences[name] ?? '';
    return [
      name,
      typeof own === 'string' ? sentence : (value: string) => sentence.replace('{}', () => value),
    ];
  });
  // Made name by name from the Indonesian table: a text where that has a text, a function where it has one.
  return Object.fromEntries(said) as Wording;
}
