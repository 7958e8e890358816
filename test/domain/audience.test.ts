import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Audience, audienceSchema, readAudience, showAudience } from '../../src/domain/audience.js';
import { leafKinds, within } from '../../src/domain/audience-leaves.js';

test.each<[string, Audience]>([
  ['semua', { everyone: true }],
  ['Anggota', { members: 'any' }],
  ['anggota:terdata', { members: 'listed' }],
  ['peran:ketua', { role: 'chair' }],
  ['peran: wakil-ketua', { role: 'residency-lead' }],
  ['wilayah:33.22', { area: '33.22' }],
  ['eks-karesidenan:semarang', { residency: 'semarang' }],
  ['sk:belum', { sk: 'without' }],
  ['pengurus:aktif', { board: 'active' }],
  ['jabatan:ketua', { office: 'ketua' }],
  ['saluran:telegram', { channel: 'telegram' }],
  ['terlihat:90 hari', { seen: 90 }],
  ['rakor:3', { rakor: 3 }],
  ['rakor:3 jawaban:hadir, mungkin datang:ya', { rakor: 3, answer: ['hadir', 'mungkin'], checkedIn: true }],
  ['daftar:ketua-solo-raya', { list: 'ketua-solo-raya' }],
  ['daftar: Ketua Solo Raya kecuali sk:ada', { minus: [{ list: 'ketua-solo-raya' }, { sk: 'verified' }] }],
  ['grup:ketua-jateng', { group: 'ketua-jateng' }],
  ['peran:ketua dan wilayah:33.22', { all: [{ role: 'chair' }, { area: '33.22' }] }],
  [
    'peran:ketua atau peran:petugas atau peran:tim',
    { any: [{ role: 'chair' }, { role: 'operator' }, { role: 'province-team' }] },
  ],
  ['semua kecuali peran:ketua', { minus: [{ everyone: true }, { role: 'chair' }] }],
  [
    'sk:belum dan wilayah:33.22 kecuali terlihat:90 hari',
    { minus: [{ all: [{ sk: 'without' }, { area: '33.22' }] }, { seen: 90 }] },
  ],
  [
    '(peran:ketua atau peran:petugas) dan wilayah:33.22',
    { all: [{ any: [{ role: 'chair' }, { role: 'operator' }] }, { area: '33.22' }] },
  ],
  [
    'semua kecuali (peran:ketua dan wilayah:33.22) kecuali sk:ada',
    {
      minus: [
        { minus: [{ everyone: true }, { all: [{ role: 'chair' }, { area: '33.22' }] }] },
        { sk: 'verified' },
      ],
    },
  ],
])('%s is read', (text, audience) => {
  expect(readAudience(text)).toEqual({ ok: true, audience });
  expect(audienceSchema.parse(audience)).toEqual(audience);
});

test.each([
  ['', 'Tulis siapa yang dituju'],
  ['peran:', 'salah satu: ketua'],
  ['peran:raja', 'salah satu: ketua'],
  ['wilayah:32.01', 'kode wilayah'],
  ['wilayah:Semarang', 'kode wilayah'],
  ['semua:ketua', 'Tulis "semua" saja'],
  ['terlihat:kemarin', '90 hari'],
  ['terlihat:0 hari', '90 hari'],
  ['rakor:3 jawaban:entah', 'rakor:3 jawaban:hadir'],
  ['rakor:3 datang:nanti', 'rakor:3 jawaban:hadir'],
  ['daftar:', 'nama daftarnya'],
  ['daftar:123', 'nama daftarnya'],
  [`daftar:${'x'.repeat(41)}`, 'nama daftarnya'],
  ['grup:', 'nama grupnya'],
  ['grup:Ketua Jateng', 'nama grupnya'],
  ['teman saya', 'belum mengerti "teman saya"'],
  ['semua orang', 'belum mengerti "semua orang"'],
  ['peran:ketua dan', 'Tulis siapa yang dituju'],
  ['dan peran:ketua', 'Tulis siapa yang dituju'],
  ['(peran:ketua', 'belum ditutup'],
  ['peran:ketua)', 'tidak ada pembukanya'],
  ['peran:ketua atau peran:tim dan sk:ada', 'Pakai tanda kurung bila'],
  ['semua kecuali peran:ketua dan sk:ada', 'sesudah "kecuali"'],
  ['saluran:Telegram!', 'telegram atau whatsapp'],
  ['x'.repeat(501), 'paling panjang 500'],
])('%s is not read, and it is said why', (text, what) => {
  expect(readAudience(text)).toEqual({ ok: false, what: expect.stringContaining(what) });
});

const leaf = fc.constantFrom<Audience>(
  { everyone: true },
  { members: 'registered' },
  { role: 'operator' },
  { area: '33.74.14.1001' },
  { residency: 'semarang' },
  { sk: 'to-mend' },
  { board: 'vacant' },
  { office: 'wakil-ketua' },
  { channel: 'whatsapp-web' },
  { seen: 7 },
  { rakor: 12, answer: ['tidak', 'belum'], checkedIn: false },
  { list: 'peserta-rakor-3' },
  { group: 'ketua-jateng' },
);
const { tree } = fc.letrec<{ tree: Audience; several: Audience[] }>((tie) => ({
  several: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    tie('several').map((all) => ({ all })),
    tie('several').map((any) => ({ any })),
    fc.tuple(tie('tree'), tie('tree')).map((minus) => ({ minus })),
  ),
}));

test('what is shown is read as the same again', () => {
  fc.assert(
    fc.property(tree, (audience) => {
      const text = showAudience(audience);
      fc.pre(text.length <= 500);
      expect(readAudience(text)).toEqual({ ok: true, audience });
    }),
  );
});

test('every kind of leaf is tried here, and its word begins its text', () => {
  const shown = fc.sample(leaf, 500).map(showAudience);
  for (const { word } of Object.values(leafKinds))
    expect(shown.some((text) => text.startsWith(word))).toBe(true);
});

test('a column is in areas of any kind, and the whole province asks nothing', () => {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  expect(within('c', ['33', '33.74'], bind)).toBe('true');
  expect(within('c', [], bind)).toBe('false');
  expect(within('c', ['33.74', '33.22', '33.74.14'], bind)).toBe(
    '(left(c, 5) = ANY($1::text[]) OR left(c, 8) = ANY($2::text[]))',
  );
  expect(values).toEqual([['33.74', '33.22'], ['33.74.14']]);
});
