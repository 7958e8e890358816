import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/flow/fact.js';
import { noEntries } from '../../src/flow/pages.js';
import type { Session } from '../../src/flow/session.js';
import { shipped, Talk } from './rig.js';

/** A registration that stands at a step, with nothing answered before. */
function standingAt(step: string): Session {
  const blank = { called: false, values: noEntries, trail: noEntries, said: null, detour: null, wait: null };
  const frame = { flow: 'registrasi', step, ...blank };
  return { program: shipped.hash, turns: 1, frames: [frame], notes: [] };
}

function asking(step: string): Talk {
  const talk = new Talk();
  talk.session = standingAt(step);
  talk.say('ulang');
  return talk;
}

/** Where an answer leads, in a word: the value saved or the step that follows, what is asked back, or that it is not understood. */
function outcome(step: string, ...texts: readonly string[]): string {
  const talk = asking(step);
  talk.say(...texts);
  const { facts, questions, session } = talk;
  if (facts.some(({ kind }) => kind === 'misunderstood')) return 'not understood';
  const frame = session.frames.at(-1);
  if (frame?.flow === 'registrasi' && frame.step === step)
    return `asks ${(questions.at(-1)?.choices ?? []).map(({ label }) => label).join(', ')}`;
  if (frame === undefined) return 'ended';
  const saved = facts.find((fact) => fact.kind === 'saved');
  return saved === undefined ? frame.step : JSON.stringify(saved.value);
}

const isEmptied = (fact: Fact) => fact.kind === 'saved' && fact.value === null;
const alone = (label: string) => `asks ${label}, Tidak ada yang cocok`;

/** Texts of a question by what they lead to, `|` between them. */
const answers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'nomor-ini': {
    true: 'iya ini nomor saya|nggih leres niki nomer kulo|ya nomor ini',
    false: 'tidak, ini nomor anak saya|bukan pak, nomor saya 0812-0000-0777|mboten, niki nomer anak kulo',
    'not understood': 'iya, tapi bukan nomor saya',
  },
  sk: {
    '"ada"': 'ya|sampun|nggih sampun|wonten|sudah punya SK|ada pak|nggih|kulo sampun gadah',
    '"tanpa-nomor"': 'lupa nomernya|lali|ada, lupa nomornya',
    '"belum"':
      'dereng|dereng wonten|durung nduwe|belum dapat|tidak ada SK|sedang proses|tidak|mboten|belum punya SK|belum pak|mboten gadah SK|sudah diajukan belum keluar',
    [alone('Ada')]: 'sudah pak, dari pak kades|ada, nomor 141/05/2019|sudah?',
    [alone('Ada, lupa nomornya')]: 'ada tapi hilang|SK saya hilang',
    [alone('Belum ada')]: 'belum pernah punya',
    'asks Ada, Ada, lupa nomornya, Tidak ada yang cocok': 'ada di rumah, nomornya lupa',
  },
  'jenis-kelamin': {
    '"L"': 'jaler|tiyang jaler|laki laki pak|lk',
    '"P"': 'nggih kulo estri|ibu rumah tangga|perempun|pr',
    [alone('Perempuan')]: 'perempuan, kudus',
    'not understood': 'bukan laki-laki|3',
  },
  pendidikan: {
    '"sd"': 'sekolah rakyat|sr',
    '"sma"': 'madrasah aliyah|paket C|SLTA',
    '"sarjana"': 'S.Pd|S.Pd.',
    '"lain"': 'pondok pesantren|tidak lulus SD|tidak tamat SR',
    [alone('SD')]: 'SR tamat|lulusan SR',
    [alone('SMP')]: 'smp kelas 2',
    [alone('SMA atau SMK')]: 'tamatan SMEA',
    [alone('Diploma')]: 'D III kebidanan',
    [alone('Sarjana')]: 'S1 pendidikan',
    'asks Diploma, Sarjana, Tidak ada yang cocok': 'kuliah',
    'asks SMP, SMA atau SMK, Tidak ada yang cocok': 'sekolah guru',
    'not understood': 'belum lulus SMA',
  },
  'penerbit-sk': {
    '"dinas"': 'Kepala Dinas Sosial',
    '"kades"': 'ibu kades|pj kades',
    '"lain"': 'gubernur|sekdes|tidak tahu',
    [alone('Kepala desa')]: 'kepala desa klaling',
    [alone('Camat')]: 'bapak camat jekulo',
    'not understood': 'Pak Sutrisno|bukan kades',
  },
  ringkasan: {
    ended:
      'ya|leres sedoyo|mboten wonten sing salah|tidak ada yang salah pak|wis bener|👍|sudah benar, tidak ada yang salah',
    ubah: 'ada yang salah|namanya salah|nama|tahun|wilayah|belum benar|tidak benar|tidak, lahirnya juga salah|Ada yang salah pak, nomor NIK',
    [alone('Ada yang salah')]:
      'salah, tahunnya 2012|ya tapi nama salah|semua benar kecuali tahun|nama saya kurang lengkap harusnya Sukinem Wati Rahayu|kurang benar|hanya nama yang salah|tidak ada',
    [alone('Ya, sudah benar')]: 'benar?|ya kalau sudah benar',
    'not understood': 'tidak salah|benar tapi nanti|semua benar kecuali itu',
  },
  ubah: {
    lahir: 'tgl lahir|umur|tahun lahir',
    wilayah: 'alamat|desa|kecamatan|kabupaten',
    tahun: 'tahunnya',
    telepon: 'hp|nomor',
    nik: 'NIKnya|nomor NIK',
    sk: 'tanggal sk',
    'asks Nama, Tahun menjadi PSM': 'nama dan tahun',
    'asks Nama, Lahir': 'nama, lahir',
    [alone('Nama')]: 'nama saya salah tulis',
  },
};

const rows = Object.entries(answers).flatMap(([step, texts]) =>
  Object.entries(texts).flatMap(([want, all]) => all.split('|').map((text) => ({ step, text, want }))),
);

describe('what people answer in a registration', () => {
  it.each(rows)('$step: $text', ({ step, text, want }) => {
    expect(outcome(step, text)).toBe(want);
  });
});

/** Texts that leave a question out, and texts that do not, by the step. */
const skips: Readonly<Record<string, { readonly skip: string; readonly no: string }>> = {
  nik: {
    skip: 'lupa|saya tidak hafal|tidak mau|tidak usah|besok aja|mboten|mboten kelingan|nanti dulu, KTP di lemari|tidak ada KTP|kulo lali pak|belum hafal, nanti saya cari',
    no: '12345|saya takut penipuan|tidak lupa|untuk apa NIK?|bukan|tidak, maksudnya apa|kurang jelas',
  },
  'nomor-sk': {
    skip: 'lupa|belum ada|tidak hafal|mboten hapal nomere|nanti dulu, SKnya di lemari',
    no: 'apa itu nomor SK|jangan lewati',
  },
  'tanggal-sk': { skip: 'lupa|lupa tanggalnya|mboten kelingan', no: 'tanggal muda' },
  telepon: {
    skip: 'mboten gadah|saya tidak punya HP|tidak ada|belum punya WA',
    no: 'punya|nomor anak saya|0812',
  },
};
const skipRows = Object.entries(skips).flatMap(([step, { skip, no }]) => [
  ...skip.split('|').map((text) => ({ step, text, want: true })),
  ...no.split('|').map((text) => ({ step, text, want: false })),
]);

it('"nanti" is no slip of "ganti"', () => {
  expect(outcome('ringkasan', 'nanti')).not.toBe('ubah');
});

describe('a question that may be left out', () => {
  it.each(skipRows)('$step: $text, $want', ({ step, text, want }) => {
    const talk = asking(step);
    const said = talk.say(text).join('\n');
    expect(talk.stack.at(-1) !== `registrasi.${step}` && talk.facts.some(isEmptied)).toBe(want);
    expect(said.includes('Baik, pertanyaan itu saya lewati.')).toBe(want);
  });

  it.each([
    ['nik', 'nanti'],
    ['nomor-sk', 'belum tau'],
  ])('%s: is left out without a word after %j, which are its own words', (step, text) => {
    const talk = asking(step);
    expect(talk.say(text).join('')).not.toContain('saya lewati');
    expect(talk.stack).not.toEqual([`registrasi.${step}`]);
  });

  it('is not left out where that would end the conversation', () => {
    expect(outcome('untuk', 'lupa')).toBe('not understood');
  });
});

describe('a consent that is put off', () => {
  it('is asked for again as often as it takes, and no human is called', () => {
    const talk = asking('persetujuan');
    for (const text of ['nanti dulu', 'besok saja', 'dereng', 'kulo pikir rumiyin', 'nanti']) {
      expect(talk.say(text).join('')).toMatch(
        /^Baik, tidak perlu tergesa-gesa.*ketik TIDAK\..*tersebut dicatat\?$/s,
      );
      expect(talk.stack).toEqual(['registrasi.persetujuan']);
    }
  });
});

describe('a choice that is asked back', () => {
  const odd = 'semua benar kecuali tahun';

  it.each([
    ['ya', 'ubah'],
    ['nggih', 'ubah'],
    ['1', 'ubah'],
    ['ada yang salah', 'ubah'],
    ['Ya, sudah benar', 'ended'],
    ['tidak', 'asks Ya, sudah benar, Ada yang salah'],
    ['2', 'asks Ya, sudah benar, Ada yang salah'],
  ])('is meant after %j: %s', (text, want) => {
    expect(outcome('ringkasan', odd, text)).toBe(want);
  });
});
