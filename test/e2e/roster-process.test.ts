import { expect, it } from 'vitest';
import { recordsOf } from '../../src/base.js';
import { grantRole } from '../../src/domain/grants.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { openApp } from '../support/app.js';
import { waitFor } from '../support/wait.js';
import { botTexts, phoneOf } from './phone.js';

const list = `Nama;Hari jadi;Kecamatan;Desa
Sri Contohwati;17-08-1970;Toroh;Sindurejo
Budi Contohyono;01-02-1980;Toroh;Sindurejo
`;

it('a chair sends a list, puts a column right, imports it and takes it back, while the bot ends and begins', async () => {
  const test = await openApp();
  try {
    const number = '+6281200000051';
    const phone = await phoneOf(test.phones, number);
    const request = { phone: number, role: 'chair', region: '33.15', simulator: true };
    expect(await grantRole(localAdministrator('test'), recordsOf(test.base), request)).toMatchObject({
      ok: true,
    });
    const heard = (piece: string) =>
      waitFor(`the bot to say "${piece}"`, async () =>
        botTexts(await phone.screen())
          .at(-1)
          ?.includes(piece),
      );
    const members = async () =>
      (await test.database.pool.query('SELECT name, birth_date FROM member ORDER BY name')).rows;

    await phone.sendFile({ name: 'daftar.csv', bytes: Buffer.from(list) });
    await phone.settle();
    await phone.say('ya');
    // The process at work is ended with the bot; the list waits for the next one.
    await test.stop();
    await test.start();
    await heard('- Hari jadi: tidak dibaca');
    await phone.say('perbaiki kolom');
    await phone.say('Hari jadi');
    await phone.say('tanggal lahir');
    await heard('- Hari jadi: *tanggal lahir*');
    const said = await phone.say('ya');
    expect(said.at(-1)).toContain('- 2 baru');
    expect(await members()).toEqual([]);
    await phone.say('ya');
    await heard('Daftar nomor 1 sudah disimpan:\n- 2 baru');
    expect(await members()).toEqual([
      { name: 'Budi Contohyono', birth_date: '1980-02-01' },
      { name: 'Sri Contohwati', birth_date: '1970-08-17' },
    ]);
    await phone.say('batalkan daftar');
    await phone.say('1');
    await phone.say('ya');
    await heard('Daftar nomor 1 sudah dibatalkan');
    expect(await members()).toEqual([]);
  } finally {
    await test.close();
  }
}, 180_000);
