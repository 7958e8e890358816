import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApp, type TestApp } from '../support/app.js';
import { dumpOf } from '../support/dump.js';
import { nik, type Phone, phoneOf, play, registration } from './phone.js';

const otherNik = '9901015708700002';
let test: TestApp;
let helper: Phone;
beforeAll(async () => {
  test = await openApp();
  helper = await phoneOf(test.phones, '+6281200000081');
  await play(helper, [['daftar', 'Sebelum mendaftar', '*SETUJU*']]);
  const own: Readonly<Record<string, string>> = {
    'Sri Contohwati': 'Budi Contoh',
    'Semarang, 17 Agustus 1970': 'Blora, 2 Januari 1998',
    perempuan: 'laki-laki',
    ada: 'belum',
    [nik]: 'nanti',
  };
  const spared = ['470/12/2015', '12-03-2015', 'kades'];
  for (const [said] of registration.slice(1)) if (!spared.includes(said)) await helper.say(own[said] ?? said);
});
afterAll(() => test?.close());

const rows = async (text: string) => (await test.database.pool.query(text)).rows;

/** The helper answers every question about somebody else, and gets the code. */
async function typedByHelper(name: string, itsNik = nik): Promise<string> {
  await play(helper, [
    ['daftar', '*Budi Contoh* sudah terdaftar melalui nomor ini'],
    ['orang lain', 'Apakah beliau punya HP sendiri'],
    ['punya', 'mengizinkan Bapak/Ibu mengisi datanya'],
    ['ya', 'Berapa nomor telepon beliau?'],
    ['081200000082', 'Siapa nama lengkap beliau'],
    [name, 'beliau lahir?'],
    ...registration.slice(4, -2),
    [itsNik, 'Mohon diperiksa'],
  ]);
  const [told = ''] = await helper.say('ya');
  const [, code = ''] = /Ini kodenya: \*([A-Z0-9]{4}-[A-Z0-9]{4})\*/.exec(told) ?? [];
  expect(told).toContain(`KONFIRMASI ${code}`);
  return code;
}

const texts = async (phone: Phone) =>
  (await phone.screen()).map(({ body }) => ('text' in body ? body.text : ''));

it('one is registered by a colleague, confirms on the own phone, and asks there for the SK', async () => {
  const code = await typedByHelper('Sri Contohwati');
  expect(await rows('SELECT name FROM member')).toEqual([{ name: 'Budi Contoh' }]);
  const older = await phoneOf(test.phones, '+6281200000082');
  // The link tapped twice in a row, while the bot is away.
  await test.stop();
  for (const _ of [1, 2]) await older.send({ text: `KONFIRMASI ${code}` });
  await test.start();
  await older.settle();
  expect((await texts(older)).at(-1)).toContain('Budi Contoh mengisi pendaftaran PSM untuk *Sri Contohwati*');
  await play(older, [
    ['ya', 'Ini yang diisi oleh Budi Contoh untuk Bapak/Ibu. Mohon diperiksa:'],
    ['ada yang salah', 'Yang mana yang perlu diperbaiki?'],
    ['tahun', 'Sejak tahun berapa Bapak/Ibu menjadi PSM?'],
    ['2011', 'PSM sejak: 2011'],
    ['nggih', 'Sebelum data itu kami catat, mohon dibaca', '*SETUJU*'],
  ]);
  await test.restart();
  await play(older, [
    ['Setuju', 'Terima kasih, Ibu *Sri Contohwati*'],
    ['cek sk', 'Status SK *Sri Contohwati*: *Menunggu pemeriksaan*', 'Apa yang ingin Bapak/Ibu lakukan?'],
    ['selesai', 'Terima kasih'],
  ]);
  expect(await rows('SELECT name, psm_since, phone_proved FROM member ORDER BY created_at')).toEqual([
    { name: 'Budi Contoh', psm_since: 2012, phone_proved: true },
    { name: 'Sri Contohwati', psm_since: 2011, phone_proved: true },
  ]);
  expect((await texts(helper)).at(-1)).toContain('sudah dikonfirmasi');
  const [consent] =
    await rows(`SELECT c.reply_sealed, c.conveyed, a.value_index FROM consent c JOIN member m ON m.id = c.member_id
    JOIN address a ON a.contact_id = c.contact_id WHERE m.name = 'Sri Contohwati'`);
  expect(consent).toMatchObject({ conveyed: false });
  expect(test.base.vault.open(consent.reply_sealed)).toBe('Setuju');
  expect(consent.value_index).toEqual(test.base.vault.index('address', '+6281200000082'));
  const third = await phoneOf(test.phones, '+6281200000083');
  expect(await third.say(`konfirmasi ${code}`)).toEqual([expect.stringContaining('sudah pernah dipakai')]);
});

it.each([
  ['it is another one', ['bukan saya']],
  ['she does not consent', ['ya', 'ya', 'TIDAK']],
])('%s: nothing of what was typed is left', async (_, answers) => {
  const before = (await texts(helper)).length;
  const code = await typedByHelper('Tini Pengandaian', otherNik);
  const other = await phoneOf(test.phones, `+62812000000${80 + answers.length * 3}`);
  await other.say(`KONFIRMASI ${code}`);
  for (const answer of answers.slice(0, -1)) await other.say(answer);
  expect((await other.say(answers.at(-1) ?? '')).at(-1)).toContain('Semua yang diisi sudah kami hapus');
  await helper.settle();
  expect((await texts(helper)).at(-1)).toContain('tidak dikonfirmasi');
  expect((await texts(helper)).length).toBeGreaterThan(before);
  const { pool, vault } = test.base;
  const left = await dumpOf(pool, {
    without: [/^public\.simulator_/, /^public\.region$/, /^public\.flow_program$/],
    vault,
  });
  for (const word of ['Pengandaian', otherNik]) expect(left).not.toContain(word);
  expect(left).toContain('Sri Contohwati');
  expect(await other.say('daftar')).toEqual([
    expect.stringContaining('Sebelum mendaftar'),
    expect.stringContaining('SETUJU'),
  ]);
});

it('somebody without a phone is registered beside the helper: the consent is kept as conveyed by that phone', async () => {
  await play(helper, [
    ['daftar', '*Budi Contoh* sudah terdaftar melalui nomor ini'],
    ['orang lain', 'Apakah beliau punya HP sendiri'],
    ['tidak', 'Apakah beliau ada di dekat Bapak/Ibu sekarang?'],
    ['ya', 'Mohon bacakan ini kepada yang didaftarkan', 'Apakah beliau setuju data tersebut dicatat?'],
    ['SETUJU', 'Berapa nomor telepon beliau?'],
    ['lewati', 'Siapa nama lengkap beliau'],
    ['Tono Contoh', 'beliau lahir?'],
    ['Semarang, 17 Agustus 1950', 'Apa jenis kelamin beliau?'],
    ['laki-laki', 'beliau bertugas?'],
    ...registration.slice(6, 9),
    ['belum', 'Langkah 9 dari 9'],
    ['nanti', 'Mohon diperiksa'],
    ['ya', 'Pengurus IPSM akan memastikannya dengan bertemu langsung'],
    ['cek sk', 'SK siapa yang ingin dilihat?'],
    ['tidak jadi', 'Terima kasih'],
  ]);
  const consents = await rows(
    `SELECT m.name, c.conveyed FROM consent c JOIN member m ON m.id = c.member_id ORDER BY c.at`,
  );
  expect(consents).toEqual([
    { name: 'Budi Contoh', conveyed: false },
    { name: 'Sri Contohwati', conveyed: false },
    { name: 'Tono Contoh', conveyed: true },
  ]);
});
