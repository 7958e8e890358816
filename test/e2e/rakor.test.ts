import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { recordsOf } from '../../src/base.js';
import { changeByFile, newRakor } from '../../src/cli/rakor.js';
import { approveBroadcast } from '../../src/domain/broadcasts.js';
import { grantRole } from '../../src/domain/grants.js';
import { momentInWords } from '../../src/domain/rakor.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { keepIn } from '../../src/store/files.js';
import { openApp, type TestApp } from '../support/app.js';
import { backendsOr } from '../support/backends.js';
import { waitFor } from '../support/wait.js';
import { botTexts, type Phone, phoneOf, play } from './phone.js';

const numbers = {
  admin: '+6281200000060',
  semarang: '+6281200000061',
  kendal: '+6281200000062',
  guest: '+6281200000063',
};
const profile = JSON.stringify({ quietHours: 'ignored', stillMs: 0, sweepMs: 200 });
const hourMs = 60 * 60 * 1000;

/** Somebody who has written to the bot, with a role. */
async function personWith(app: TestApp, phone: string, role?: string, region = ''): Promise<Phone> {
  const request = { phone, role: role ?? '', region, simulator: true };
  if (role !== undefined)
    expect(await grantRole(localAdministrator('test'), recordsOf(app.base), request)).toMatchObject({
      ok: true,
    });
  const person = await phoneOf(app.phones, phone);
  await play(person, [['bantuan', 'Kata yang selalu dapat dipakai']]);
  return person;
}

/** Waits for a message that holds this piece, and gives the last that does. */
async function heard(phone: Phone, piece: string): Promise<string> {
  const find = async () => botTexts(await phone.screen()).findLast((text) => text.includes(piece));
  await waitFor(`the words "${piece}"`, async () => (await find()) !== undefined);
  await phone.settle();
  return (await find()) ?? '';
}

const letter = (begins: Date, place: string) => `nomor: 005/12/IPSM/2026
hal: Undangan Rapat Koordinasi
acara: Rakor Contoh
mulai: ${momentInWords(begins)}
tempat: ${place}
`;

it.each(backendsOr('postgres'))(
  'from the call to the minutes: chairs are invited, answer, send somebody, hear of a change, come in and read what was said (%s)',
  async (backend) => {
    const app = await openApp({ backend, env: { TEST_PROFILE: profile } });
    onTestFinished(() => app.close());
    const folder = mkdtempSync(join(tmpdir(), 'sapa-rakor-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'rakor.yaml');
    const { base } = app;
    const records = {
      ...recordsOf(base),
      keepFile: (bytes: Uint8Array) => keepIn(base.fileStore, bytes),
      secondYesAbove: base.config.approvalAbove,
    };
    const admin = await personWith(app, numbers.admin, 'province-admin', '33');
    const semarang = await personWith(app, numbers.semarang, 'chair', '33.74');
    const kendal = await personWith(app, numbers.kendal, 'chair', '33.24');
    const guest = await personWith(app, numbers.guest);

    const begins = new Date(base.now().getTime() + 2 * hourMs);
    writeFileSync(file, letter(begins, 'Aula Lama'));
    const printed: string[] = [];
    expect(
      await newRakor(records, { file, simulator: true }, (line) => printed.push(line)),
      printed.join(),
    ).toBe(true);
    expect(await approveBroadcast(localAdministrator('rakor'), 1, records)).toMatchObject({
      result: 'running',
      messages: 2,
    });

    for (const chair of [semarang, kendal]) expect(await heard(chair, 'Aula Lama')).toContain('Rakor Contoh');
    await play(semarang, [['Hadir', 'Saya catat: *hadir*']]);
    await play(kendal, [
      ['diwakilkan', 'Siapa nama'],
      ['Wati Contoh', 'jabatan'],
      ['tidak', 'nomor'],
      ['ya', 'Berapa nomornya'],
      [numbers.guest, 'Saya catat: *diwakilkan* oleh *Wati Contoh*'],
    ]);
    await heard(guest, 'Rakor Contoh');
    await play(guest, [['hadir', 'Saya catat: *hadir*']]);

    writeFileSync(file, letter(begins, 'Aula Baru'));
    expect(
      await changeByFile(records, { number: 1, file }, (line) => printed.push(line)),
      printed.join(),
    ).toBe(true);
    expect(printed).toContain('Rakor 1 stays as it is until those who were invited are told.');
    expect(await approveBroadcast(localAdministrator('rakor'), 2, records)).toMatchObject({
      result: 'waiting',
    });
    await heard(admin, 'Ketik *SETUJUI 2*');
    await play(admin, [
      ['setujui 2', 'Aula Baru', 'Apakah Bapak/Ibu menyetujuinya?'],
      ['ya', 'mulai dikirim: 3 pesan'],
    ]);
    for (const invited of [semarang, kendal, guest])
      expect(await heard(invited, 'PERUBAHAN')).toContain('Aula Baru');
    for (const coming of [semarang, guest])
      expect(await heard(coming, 'berkas kalender yang baru')).toContain('Rakor Contoh');

    await play(admin, [
      ['ubah rakor', 'Apa yang berubah?'],
      ['pakaian', 'Keterangan mana yang berubah?'],
      ['pakaian', 'Pakaian apa yang dikenakan?'],
      ['Batik', 'masih ada lagi yang berubah?'],
      ['tidak', 'Menjadi: *Pakaian: Batik*', 'Apakah rakor ini diubah'],
      ['ya', 'Rakor *belum* diubah'],
    ]);
    const waiting = await records.prisma.broadcast.findFirstOrThrow({ where: { state: 'waiting' } });
    expect(await approveBroadcast(localAdministrator('rakor'), waiting.id, records)).toMatchObject({
      result: 'running',
    });
    await heard(admin, 'dan rakornya diubah');
    for (const invited of [semarang, kendal, guest])
      expect(await heard(invited, 'Menjadi: *Pakaian: Batik*')).toContain('Aula Baru');

    const ticket = /kode \*([^*]+)\*/.exec((await semarang.say('tiket')).join('\n'))?.[1] ?? '';
    await play(admin, [
      [`hadirkan ${ticket}`, 'Apakah orangnya cocok?'],
      ['ya', 'tercatat hadir'],
      [`hadirkan ${ticket}`, 'sudah masuk'],
    ]);

    await app.database.pool.query("UPDATE rakor SET starts_at = starts_at - interval '4 hours'");
    await play(admin, [
      ['notulen', 'ikut dikirim'],
      ['tidak', 'Apa hasil rakornya'],
      ['Disepakati pendataan selesai pada bulan Maret.', 'Apakah notulen ini dikirim'],
      ['ya', 'mulai dikirim'],
    ]);
    const came = await heard(semarang, 'pendataan selesai');
    const missed = await heard(guest, 'pendataan selesai');
    expect(came).not.toBe(missed);

    await waitFor('every broadcast to be done', async () => {
      const { rows } = await app.database.pool.query("SELECT state FROM broadcast WHERE state <> 'done'");
      return rows.length === 0;
    });
    const { rows } = await app.database.pool.query(
      `SELECT broadcast_id, address_id FROM delivery WHERE broadcast_id IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1`,
    );
    expect(rows, 'nobody has one of them twice').toEqual([]);
  },
  180_000,
);
