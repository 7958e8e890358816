import { expect, it } from 'vitest';
import { grantRole } from '../../src/domain/grants.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { newId } from '../../src/store/ids.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import { fileOf } from '../support/files.js';
import { openRig, type Rig } from './rig.js';

const phone = '+6281200000001';

/** How to talk as the chair of Kota Semarang, who is the only one there; or of other areas as well. */
async function chair(...others: readonly string[]) {
  const rig = await openRig();
  const { pool, vault } = rig;
  const records = { pool, vault, prisma: createPrisma(pool), now: () => new Date(), newId: () => newId() };
  for (const region of ['33.74', ...others]) {
    const request = { phone, role: 'chair', region, simulator: true };
    expect(await grantRole(localAdministrator('test'), records, request)).toMatchObject({ ok: true });
  }
  const turns = rig.turns();
  const types = async (...lines: readonly string[]) => {
    for (const line of lines) {
      await rig.acceptAll();
      await turns.receive(rig.message(line, { address: phone, phone }));
    }
  };
  const says = async (...lines: readonly string[]) => {
    await types(...lines);
    return rig.said(phone);
  };
  return { rig, types, says };
}

const brought = ['ya', 'Fotokopi SK'];
const answers = ['Rakor Contoh', '10 Desember pukul 09.00', '10 Desember pukul 12.00', 'Aula Contoh'];
const until = ['005/IPSM', 'belum', '8 Desember pukul 16.00'];
const more = [
  ...['tambah', 'pakaian', 'Batik', 'tambah', 'narahubung', 'Sri Contohwati'],
  ...['tambah', 'peta', 'https://maps.contoh.invalid/@-6.9932,110.4203,17z', 'tambah', 'agenda'],
];
const toChairs = ['lain', 'peran:ketua'];

it('a rakor made in the chat says each thing in its place, and is sent once by one yes', async () => {
  const { rig, types, says } = await chair();
  const said = await says(
    ...['rakor baru', ...answers, ...until, ...brought, ...more, 'Pembukaan; penutup'],
    ...['ya, benar', ...toChairs],
  );
  expect(said.at(-2)).toContain(`IPSM Kota Semarang mengundang Bapak/Ibu untuk hadir pada rapat koordinasi:

*Hari/Tanggal*: Kamis, 10 Desember 2026
*Waktu*: pukul 09.00 s.d. 12.00 WIB
*Tempat*: Aula Contoh
*Peta*: https://maps.google.com/?q=-6.9932,110.4203
*Acara*: Rakor Contoh
*Yang dibawa*: Fotokopi SK
*Pakaian*: Batik
*Narahubung*: Sri Contohwati

Nomor surat: 005/IPSM`);
  expect(said.at(-2)).toContain('paling lambat Selasa, 8 Desember 2026 pukul 16.00 WIB');
  expect(await rig.rows('SELECT state FROM rakor')).toEqual([{ state: 'draft' }]);
  expect(await rig.rows('SELECT 1 FROM recipient')).toEqual([]);
  await types('ya, kirim');
  expect(await rig.rows('SELECT state FROM rakor')).toEqual([{ state: 'called' }]);
  expect(await rig.rows('SELECT 1 AS one FROM invitation')).toHaveLength(1);
  expect(await rig.rows('SELECT state FROM broadcast')).toEqual([{ state: 'running' }]);
});

it('a draft that is put right ends, and another one is made; what is not wanted leaves nothing to send', async () => {
  const { rig, says } = await chair();
  await says('rakor baru', ...answers, ...until, ...brought, 'ya, benar', ...toChairs, 'ubah dahulu');
  expect(await rig.rows('SELECT state FROM broadcast')).toEqual([{ state: 'cancelled' }]);
  await says('ya, benar', ...toChairs, 'tidak jadi');
  expect(await rig.rows('SELECT state FROM rakor')).toEqual([{ state: 'cancelled' }, { state: 'cancelled' }]);
  expect(await rig.rows('SELECT state FROM broadcast')).toEqual([
    { state: 'cancelled' },
    { state: 'cancelled' },
  ]);
});

/** Sends one of these files in the chat, and gives what is answered. */
function senderOf(rig: Rig, files: Readonly<Record<string, Uint8Array>>) {
  const turns = rig.turns({ fetchFile: async (_, ref) => files[ref] ?? new Uint8Array() });
  return async (ref: string) => {
    await rig.acceptAll();
    const content = { kind: 'file', ref, size: null, name: null, mime: null, caption: null } as const;
    await turns.receive(rig.message(content, { address: phone, phone }));
    return (await rig.said(phone)).at(-1);
  };
}

it('the PDF that was sent is the letter, and a photo is none', async () => {
  const { rig, types, says } = await chair();
  const pdf = fileOf('pdf', 700, 'Surat resmi');
  const sends = senderOf(rig, { foto: fileOf('jpeg', 900), surat: pdf });
  await says('rakor baru', ...answers, '005/IPSM', 'sudah');
  expect(await sends('foto')).toContain('Berkas ini bukan PDF');
  expect(await sends('surat')).toContain('Saya catat: *berkas PDF diterima, 1 KB*.');
  const shown = (await says('8 Desember pukul 16.00', 'tidak')).join('\n');
  expect(shown).toContain('Surat undangan: berkas PDF, 1 KB');
  await types('ya, benar', ...toChairs, 'ya, kirim');
  const [letter] = await rig.rows(
    'SELECT a.file, a.contact_id FROM rakor k JOIN attachment a ON a.id = k.letter_id',
  );
  expect(letter?.['contact_id']).toBeNull();
  expect(await rig.fileStore.read(letter?.['file'])).toEqual(Buffer.from(pdf));
  expect(rig.failures).toEqual([]);
});

it('whoever has several areas calls in the one that was picked', async () => {
  const { says } = await chair('33.15');
  const said = await says('rakor baru', 'Kota Semarang');
  expect(said.at(-1)).toMatch(/^Kami bantu membuat undangan rakor IPSM Kota Semarang\./);
});

/** A chair with a rakor that the chairs there are invited to. */
async function calledRakor() {
  const talk = await chair();
  await talk.types('rakor baru', ...answers, ...until, 'tidak', 'ya, benar', ...toChairs, 'ya, kirim');
  return talk;
}

it('a rakor is changed in the chat thing by thing, each in its place, and only by the yes that sends it', async () => {
  const { rig, types, says } = await calledRakor();
  const again = (thing: string, ...words: readonly string[]) => ['ya, ada lagi', thing, ...words];
  const said = await says(
    ...['ubah rakor', 'hari dan jam mulai', '11 Desember pukul 10.00'],
    ...again('waktu selesai', '11 Desember pukul 14.00'),
    ...again('batas jawaban', '9 Desember pukul 16.00'),
    ...again('tempat', 'Pendopo Contoh'),
    ...again('acara', 'Rakor Lain'),
    ...again('keterangan lain', 'yang dibawa', 'Alat tulis'),
    ...again('pakaian', 'pakaian', 'Batik'),
    ...again('narahubung', 'narahubung', 'Sri Contohwati'),
    ...again('agenda', 'agenda', 'Pembukaan; penutup'),
    ...again('titik peta', 'titik peta', '-6.9932, 110.4203'),
    'tidak, sudah semua',
  );
  expect(said.at(-2)).toContain(`Semula: Hari/Tanggal: Kamis, 10 Desember 2026
Menjadi: *Hari/Tanggal: Jumat, 11 Desember 2026*

Semula: Waktu: pukul 09.00 s.d. 12.00 WIB
Menjadi: *Waktu: pukul 10.00 s.d. 14.00 WIB*

Semula: Tempat: Aula Contoh
Menjadi: *Tempat: Pendopo Contoh*

Semula: Acara: Rakor Contoh
Menjadi: *Acara: Rakor Lain*

Semula: Dijawab paling lambat: Selasa, 8 Desember 2026 pukul 16.00 WIB
Menjadi: *Dijawab paling lambat: Rabu, 9 Desember 2026 pukul 16.00 WIB*

Semula: Peta: tidak ada
Menjadi: *Peta: https://maps.google.com/?q=-6.9932,110.4203*

Semula: Yang dibawa: tidak ada
Menjadi: *Yang dibawa: Alat tulis*

Semula: Pakaian: tidak ada
Menjadi: *Pakaian: Batik*

Semula: Narahubung: tidak ada
Menjadi: *Narahubung: Sri Contohwati*

Semula: Agenda: seperti di surat sebelumnya
Menjadi: *Agenda: seperti di surat yang baru*`);
  expect(await rig.rows('SELECT version FROM rakor')).toEqual([{ version: 1 }]);
  await types('ya, kirim');
  expect(await rig.rows('SELECT version, state FROM rakor')).toEqual([{ version: 2, state: 'called' }]);
  expect(await rig.rows("SELECT state FROM broadcast WHERE kind = 'change'")).toEqual([{ state: 'running' }]);
});

it('what is left out and said yes to is taken away; what is left out and said no to stays', async () => {
  const { rig, types, says } = await calledRakor();
  const leave = (thing: string, label: string, answer: string) => [thing, label, answer];
  const point = ['titik', 'titik', '-6.9932, 110.4203', 'tidak', 'ya, kirim'];
  await types('ubah rakor', ...point);
  const [before] = await rig.rows('SELECT ends_at, answer_by FROM rakor');
  expect(Object.values(before ?? {})).not.toContain(null);
  const said = await says(
    ...['ubah rakor', ...leave('waktu selesai', 'sampai selesai', 'tidak')],
    ...['ya, ada lagi', ...leave('batas jawaban', 'tanpa batas', 'ya'), 'tidak, sudah semua'],
  );
  expect(said.at(-2)).toContain('Menjadi: *Dijawab paling lambat: tidak ada*');
  expect(said.at(-2)).not.toContain('Menjadi: *Waktu');
  await says(
    ...['ubah lagi', ...leave('waktu selesai', 'sampai selesai', 'ya')],
    ...['ya, ada lagi', 'titik', ...leave('titik', 'tanpa titik peta', 'ya'), 'tidak, sudah semua'],
  );
  const shown = (await rig.said(phone)).at(-2);
  expect(shown).toContain('Menjadi: *Waktu: pukul 09.00 WIB s.d. selesai*');
  expect(shown).toContain('Menjadi: *Peta: tidak ada*');
  await types('ya, kirim');
  expect(await rig.rows('SELECT version, ends_at, answer_by FROM rakor')).toEqual([
    { version: 3, ends_at: null, answer_by: null },
  ]);
});

it('the PDF that was sent with its number is the new letter, and nothing is told of one that was left out', async () => {
  const { rig, types, says } = await calledRakor();
  const pdf = fileOf('pdf', 700, 'Surat perubahan');
  const sends = senderOf(rig, { foto: fileOf('jpeg', 900), surat: pdf });
  const none = await says('ubah rakor', 'surat', 'surat', 'tanpa surat baru', 'tidak, sudah semua');
  expect(none.at(-2)).toContain('Semuanya sama dengan yang sudah tertulis');
  await types('surat', 'surat');
  expect(await sends('foto')).toContain('Berkas ini bukan PDF');
  expect(await sends('surat')).toContain('Berapa nomor surat yang baru itu?');
  const said = await says('005/14/IPSM', 'tidak, sudah semua');
  expect(said.at(-2)).toContain(`Semula: Nomor surat: 005/IPSM
Menjadi: *Nomor surat: 005/14/IPSM*

Semula: Surat undangan: yang sebelumnya
Menjadi: *Surat undangan: yang baru (PDF)*`);
  await types('ya, kirim');
  const letters = 'SELECT a.file, a.type FROM rakor k JOIN attachment a ON a.id = k.letter_id';
  const [letter] = await rig.rows(letters);
  expect(letter?.['type']).toBe('letter-brought');
  expect(await rig.fileStore.read(letter?.['file'])).toEqual(Buffer.from(pdf));
  expect(rig.failures).toEqual([]);
});

it('of several rakor the one that was picked is changed, and cancelled', async () => {
  const { rig, types, says } = await calledRakor();
  const later = ['12 Desember pukul 09.00', '12 Desember pukul 12.00', 'Aula Contoh'];
  await types(
    ...['rakor baru', 'Rakor Kedua', ...later, ...until, 'tidak', 'ya, benar', ...toChairs, 'ya, kirim'],
    ...['ubah rakor', '2', 'tempat', 'Pendopo Contoh', 'tidak', 'ya, kirim'],
  );
  const versions = 'SELECT version, state FROM rakor ORDER BY number';
  expect(await rig.rows(versions)).toEqual([
    { version: 1, state: 'called' },
    { version: 2, state: 'called' },
  ]);
  const said = await says('batalkan rakor', '1', 'Gedung dipakai acara lain.');
  expect(said.at(-2)).toContain('Alasan: Gedung dipakai acara lain.');
  await types('ya, batalkan');
  expect(await rig.rows(versions)).toEqual([
    { version: 2, state: 'cancelled' },
    { version: 2, state: 'called' },
  ]);
});

it('one that nobody was invited to yet is cancelled in the chat as well', async () => {
  const { rig, says } = await chair();
  await says(
    'rakor baru',
    ...answers,
    ...until,
    'tidak',
    'ya, benar',
    ...toChairs,
    'batal',
    'berhenti mengisi',
  );
  const said = await says('batalkan rakor', 'ya, batalkan');
  expect(said.at(-1)).toBe('Rakor itu sudah dibatalkan, dan undangannya tidak akan dikirim.');
  expect(await rig.rows('SELECT state FROM rakor')).toEqual([{ state: 'cancelled' }]);
  expect(await rig.rows('SELECT state FROM broadcast')).toEqual([{ state: 'cancelled' }]);
});
