import { expect, it } from 'vitest';
import { grantRole } from '../../src/domain/grants.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { newId } from '../../src/store/ids.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import { openRig } from './rig.js';

const phone = '+6281200000001';
const village = '33.74.14.1001';

/** A chair of Kota Semarang with twelve members in one village, and how to talk as the chair. */
async function chairOfTwelve() {
  const rig = await openRig();
  const { pool, vault } = rig;
  const records = { pool, vault, prisma: createPrisma(pool), now: () => new Date(), newId: () => newId() };
  const request = { phone, role: 'chair', region: '33.74', simulator: true };
  expect(await grantRole(localAdministrator('test'), records, request)).toMatchObject({ ok: true });
  await rig.rows(
    `INSERT INTO member (id, name, region_code, simulator) SELECT gen_random_uuid(), 'Contoh ' || chr(64 + n), $1, true
     FROM generate_series(1, 12) AS n`,
    [village],
  );
  const [region] = await rig.rows('SELECT name FROM region WHERE code = $1', [village]);
  const turns = rig.turns();
  const says = async (...lines: readonly string[]) => {
    for (const line of lines) {
      await rig.acceptAll();
      await turns.receive(rig.message(line, { address: phone, phone }));
    }
    return rig.said(phone);
  };
  return { rig, says, village: String(region?.['name']) };
}

it('leads from one page to the next, of a village and of those without an SK', async () => {
  const { says, village: name } = await chairOfTwelve();
  const pages = await says(`daftar ${name}`, 'lagi');
  expect(pages.at(-2)).toMatch(/sampai nomor 10 dari 12:\n- Contoh A,/);
  expect(pages.at(-1)).toMatch(
    /sampai nomor 12 dari 12:\n- Contoh K, Belum ada SK\n- Contoh L, Belum ada SK/,
  );
  const without = await says('tanpa sk', 'lagi');
  expect(without.at(-1)).toMatch(/sampai nomor 12 dari 12:\n\*Kecamatan Mijen\*\n- Contoh K, Kelurahan /);
});

it('sends the picture with the five lines, and the workbook: rows, files and bodies are there together', async () => {
  const { rig, says } = await chairOfTwelve();
  const said = await says('ringkasan');
  expect(said.at(-2)).toMatch(/^\*Ringkasan Kota Semarang\*, 24 November 2026\nPSM: 12 orang/);
  await says('tanpa sk', 'berkas');
  expect(await rig.rows('SELECT type FROM attachment ORDER BY created_at, id')).toEqual([
    { type: 'chart' },
    { type: 'sheet' },
  ]);
});

it('finds somebody behind the word, and takes what is on offer for no name', async () => {
  const { says } = await chairOfTwelve();
  const found = await says('cari contoh c', '1');
  expect(found.at(-1)).toMatch(/^\*Contoh C\*\nKelurahan .+, Kecamatan Mijen, Kota Semarang\n/);
  const searched = await says('cari lagi');
  expect(searched.at(-1)).toBe('Sebagian nama pun boleh.\n\nSiapa nama anggota yang dicari?');
});
