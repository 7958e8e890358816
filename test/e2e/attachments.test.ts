import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findingsOf } from '../../src/findings.js';
import { openApp, type TestApp } from '../support/app.js';
import { fileOf } from '../support/files.js';
import { botTexts, phoneOf } from './phone.js';

const flows = {
  'flows/kirim.yaml': `
flow: kirim
title: Kirim foto SK
fallback: true
steps:
  foto: { ask: "Mohon kirim foto SK. Apakah ada?", input: document }
  tempat: { ask: "Di mana rumah Bapak/Ibu?", input: location }
  selesai: { end: "Terima kasih. Foto: {foto}. Lokasi: {tempat}." }
`,
};

const secret = 'Sri Contohwati, NIK 9901015708700001';

/** Every table that could hold the file, as plain text. */
async function plainRows({ database }: TestApp): Promise<string> {
  const tables = ['attachment', 'simulator_file', 'simulator_bubble', 'inbound', 'session', 'delivery'];
  const found = await Promise.all(tables.map((table) => database.pool.query(`SELECT * FROM ${table}`)));
  const cells = found.flatMap(({ rows }) => rows.flatMap((row) => Object.values(row)));
  return cells.map((cell) => (Buffer.isBuffer(cell) ? cell.toString('latin1') : String(cell))).join('\n');
}

it('a photo sent while the bot is away is kept after it has started again, sealed and once', async () => {
  const test = await openApp({ flows });
  try {
    const phone = await phoneOf(test.phones, '+6281200000041');
    await phone.say('halo');
    await test.stop();
    const bytes = fileOf('jpeg', 1_240_000, secret);
    await phone.sendFile({ name: `${secret}.pdf`, bytes });
    await test.start();
    await phone.settle();
    await test.restart();
    expect(botTexts(await phone.screen()).at(-1)).toBe(
      'Saya catat: *foto diterima, 1,2 MB*.\n\nDi mana rumah Bapak/Ibu?',
    );
    await phone.send({ location: { latitude: -7.05, longitude: 110.4 } });
    await phone.settle();
    expect(botTexts(await phone.screen()).at(-1)).toContain(
      'Terima kasih. Foto: foto, 1,2 MB. Lokasi: 7,0500° LS, 110,4000° BT.',
    );
    const { rows } = await test.database.pool.query('SELECT type, size, file, name_sealed FROM attachment');
    expect(rows).toMatchObject([{ type: 'jpeg', size: bytes.length }]);
    expect((await test.base.fileStore.read(rows[0]?.file))?.equals(bytes)).toBe(true);
    expect(test.base.vault.open(rows[0]?.name_sealed)).toBe(`${secret}.pdf`);
    const plain = await plainRows(test);
    for (const word of ['Contohwati', '9901015708700001']) expect(plain).not.toContain(word);
    const files = async () => (await findingsOf(test.base)).find(({ name }) => name === 'files');
    expect(await files()).toMatchObject({
      value: test.base.fileStore.folder,
      health: {
        ok: true,
        note: expect.stringContaining('DATA_DIR must be one folder that all of them share'),
      },
    });
    rmSync(test.base.fileStore.folder, { recursive: true });
    expect(await files()).toMatchObject({
      health: { ok: false, what: '1 files that people sent are not there.' },
    });
  } finally {
    await test.close();
  }
});

it('what is no photo is asked for again, a large one too, and neither is kept', async () => {
  const test = await openApp({ flows });
  try {
    const phone = await phoneOf(test.phones, '+6281200000042');
    await phone.say('halo');
    await phone.sendFile({ name: 'foto.jpg', bytes: Buffer.from('MZ this is a program') });
    await phone.settle();
    expect(botTexts(await phone.screen()).at(-1)).toContain('belum dapat saya buka');
    await phone.sendFile({ name: 'foto.jpg', bytes: fileOf('jpeg', 6_000_000) });
    await phone.settle();
    expect(botTexts(await phone.screen()).at(-1)).toContain('terlalu besar');
    expect((await test.database.pool.query('SELECT 1 FROM attachment')).rows).toEqual([]);
  } finally {
    await test.close();
  }
});
