import { expect, it } from 'vitest';
import { grantRole } from '../../src/domain/grants.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { newId } from '../../src/store/ids.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import { openRig } from './rig.js';

const phone = '+6281200000001';

it('fills a board by chat: a member and a name, each in a field, and the term', async () => {
  const rig = await openRig();
  const { pool, vault } = rig;
  const records = { pool, vault, prisma: createPrisma(pool), now: () => new Date(), newId: () => newId() };
  const request = { phone, role: 'chair', region: '33.74', simulator: true };
  expect(await grantRole(localAdministrator('test'), records, request)).toMatchObject({ ok: true });
  const memberId = newId();
  await rig.rows(
    `INSERT INTO member (id, name, region_code, simulator) VALUES ($1, 'Sri Contohwati', '33.74.14.1001', true)`,
    [memberId],
  );
  const turns = rig.turns();
  const lines = [
    ...['pengurus', 'isi jabatan', 'anggota bidang', 'Sertifikasi', 'Sri Contohwati', '1', 'ya'],
    ...['isi jabatan', 'anggota bidang', 'Anggaran', 'Bambang Contoh', 'ya', 'ya'],
    ...['masa bakti', '2023', '2028', 'cukup'],
  ];
  for (const line of lines) {
    await rig.acceptAll();
    await turns.receive(rig.message(line, { address: phone, phone }));
  }
  const offices = await rig.rows(
    'SELECT area, office, field_sealed, member_id, name_sealed FROM board_office ORDER BY id',
  );
  const open = (sealed: unknown) => (Buffer.isBuffer(sealed) ? vault.open(sealed) : null);
  expect(
    offices.map((row) => [
      row['area'],
      row['office'],
      open(row['field_sealed']),
      row['member_id'],
      open(row['name_sealed']),
    ]),
  ).toEqual([
    ['33.74', 'bidang', 'Sertifikasi', memberId, null],
    ['33.74', 'bidang', 'Anggaran', null, 'Bambang Contoh'],
  ]);
  expect(await rig.rows('SELECT term_from, term_to FROM board')).toEqual([
    { term_from: 2023, term_to: 2028 },
  ]);
});
