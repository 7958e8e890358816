import { expect, it } from 'vitest';
import { grantRole } from '../../src/domain/grants.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { newId } from '../../src/store/ids.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import { openRig } from './rig.js';

const admin = '+6281200000001';
const people = ['+6281200000002', '+6281200000003'] as const;

it('gives roles by chat: the code that was forwarded is accepted elsewhere, once, and taken back', async () => {
  const rig = await openRig();
  const { pool, vault } = rig;
  const records = { pool, vault, prisma: createPrisma(pool), now: () => new Date(), newId: () => newId() };
  const request = { phone: admin, role: 'province-admin', region: '33', simulator: true };
  expect(await grantRole(localAdministrator('test'), records, request)).toMatchObject({ ok: true });
  const turns = rig.turns();
  const talk = async (phone: string, ...lines: readonly string[]) => {
    for (const line of lines) {
      await rig.acceptAll();
      await turns.receive(rig.message(line, { address: phone, phone }));
    }
    return (await rig.said(phone)).at(-1) ?? '';
  };
  const codeIn = (text: string) => /PERAN \w{4}-\w{4}/.exec(text)?.[0] ?? '';
  const held = () =>
    rig.rows(
      `SELECT role, area FROM role_grant WHERE role <> 'province-admin' AND revoked_at IS NULL ORDER BY role`,
    );

  const first = codeIn(await talk(admin, 'beri peran', 'Ketua kabupaten/kota', 'Grobogan', 'ya'));
  const second = codeIn(
    await talk(admin, 'beri peran', 'Wakil ketua eks-karesidenan', 'Eks-karesidenan Pati', 'ya'),
  );
  expect(await talk(people[0], first)).toContain('*ketua IPSM Kabupaten Grobogan*');
  expect(await held()).toEqual([]);
  expect(await talk(people[0], 'ya')).toContain('sekarang *ketua IPSM Kabupaten Grobogan*');
  expect(await rig.said(admin)).toContainEqual(expect.stringContaining('berakhiran 0002'));
  expect(await talk(people[1], first)).toContain('sudah dipakai');
  expect(await talk(people[1], second, 'ya')).toContain('sekarang *wakil ketua eks-karesidenan Pati*');
  expect(await held()).toEqual([
    { role: 'chair', area: '33.15' },
    { role: 'residency-lead', area: 'residency/pati' },
  ]);
  expect(await talk(admin, 'cabut peran', '1', 'ya')).toContain('sudah dicabut');
  expect(await held()).toEqual([{ role: 'chair', area: '33.15' }]);
});
