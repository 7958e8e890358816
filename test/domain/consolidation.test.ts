import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { consolidation } from '../../src/cli/consolidation.js';
import { readResidencies } from '../../src/domain/areas.js';
import {
  type Consolidation,
  countConsolidation,
  listConsolidation,
  neediestFirst,
  verifiedShare,
} from '../../src/domain/consolidation.js';
import { localAdministrator, may, type RoleName, viewerOf } from '../../src/domain/roles.js';
import { addHelper, now, openWorld, type Person, perform, type World } from './world.js';

const semarang = '33.74.14.1001';
const blora = '33.16.01.2001';
let made = 0;

interface Made {
  readonly born?: string | null;
  readonly village?: string;
  readonly claimed?: boolean;
  readonly sk?: string;
  readonly standing?: string;
  readonly simulator?: boolean;
  readonly certificates?: readonly (string | null)[];
}

/** A member, made without a talk. */
async function member(world: World, options: Made = {}): Promise<void> {
  const { born = '1970-08-17', village = semarang, claimed = true, sk, standing = 'active' } = options;
  made += 1;
  await world.prisma.member.create({
    data: {
      ...{ id: world.newId(), name: `Contoh ${made}`, birthDate: born, regionCode: village, standing },
      ...(claimed ? { sex: 'P', education: 'sma', psmSince: 2001 } : {}),
      ...{ claimedAt: claimed ? now : null, simulator: options.simulator ?? false },
      ...(sk === undefined ? {} : { sk: { create: [{ status: sk }] } }),
      certificates: {
        create: (options.certificates ?? []).map((expiresOn) => ({
          ...{ id: world.newId(), kind: expiresOn === null ? 'dasar' : 'kompetensi', expiresOn },
          ...{
            issuerSealed: new Uint8Array(world.vault.seal('LSP')),
            issuedOn: '2021-01-01',
            createdAt: now,
          },
        })),
      },
    },
  });
}

const at = (world: World) => ({ db: world.pool, now });
const seen = (world: World, role: RoleName, area: string, simulator = false) =>
  countConsolidation(viewerOf('somebody', [{ role, area }], simulator), at(world));

async function board(world: World, chair: Person, papan: string): Promise<void> {
  await perform(world, 'board.hold', { papan, jabatan: 'ketua', nama: 'Wati Contoh' }, chair);
  await perform(world, 'board.set-term', { papan, dari: 2023, sampai: 2028 }, chair);
}

describe('a regency', () => {
  test('is counted with its members, SK, ages, certificates and board', async () => {
    const world = await openWorld();
    await board(world, await addHelper(world, 'chair', '33.74'), '33.74');
    await member(world, {
      born: '1981-11-25',
      sk: 'terverifikasi',
      certificates: ['2027-02-22', '2027-02-23', null],
    });
    await member(world, { born: '1981-11-24', sk: 'diperbarui', certificates: ['2026-11-24', '2026-11-23'] });
    await member(world, { born: '1966-11-25', sk: 'dilaporkan_ada', claimed: false });
    await member(world, { born: '1966-11-24', claimed: false });
    await member(world, { born: '1950' });
    await member(world, { born: null, claimed: false });
    await member(world, { standing: 'suspended', certificates: [null] });
    await member(world, { simulator: true });
    await member(world, { village: blora });
    expect(await seen(world, 'chair', '33.74')).toEqual([
      {
        ...{ area: '33.74', place: 'Kota Semarang', board: { state: 'active', words: 'Aktif' } },
        ...{ registered: 3, listed: 3, verified: 2, under45: 1, under60: 2, over60: 2, ageless: 1 },
        ...{ valid: 2, ending: 2, ended: 1 },
      },
    ]);
    expect(await seen(world, 'chair', '33.74', true)).toMatchObject([
      { registered: 1, verified: 0, board: { state: 'vacant' } },
    ]);
  });

  test('is shown to who may read about its people as a whole, and to nobody else', async () => {
    const world = await openWorld();
    const residencyOf = await readResidencies(world.prisma);
    const regencies = await world.prisma.region.findMany({
      where: { level: 'regency' },
      orderBy: { code: 'asc' },
    });
    const areas = ['33', 'residency/pati', '33.74', '33.16', '33.74.14', '33.74.14.1001'];
    for (const role of ['province-team', 'residency-lead', 'chair', 'operator', 'member'] as const)
      for (const area of areas) {
        const viewer = viewerOf('somebody', [{ role, area }], false);
        const allowed = regencies.filter(({ code }) => may(viewer, 'read-people', code, residencyOf));
        const shown = await countConsolidation(viewer, at(world));
        expect([role, area, shown.map(({ area: code }) => code)]).toEqual([
          role,
          area,
          allowed.map(({ code }) => code),
        ]);
      }
    expect(await listConsolidation(localAdministrator('test'), world)).toHaveLength(35);
  });

  test('that needs help comes first: no active board, then the smallest share of verified SK', () => {
    const counts = {
      listed: 0,
      under45: 0,
      under60: 0,
      over60: 0,
      ageless: 0,
      valid: 0,
      ending: 0,
      ended: 0,
    };
    const one = (area: string, state: 'active' | 'vacant', verified: number): Consolidation => ({
      ...{ ...counts, area, place: area, registered: 3, verified, board: { state, words: state } },
    });
    const order = neediestFirst([
      one('a', 'active', 0),
      one('b', 'vacant', 3),
      one('c', 'vacant', 1),
      one('d', 'vacant', 1),
    ]);
    expect(order.map(({ area }) => area)).toEqual(['c', 'd', 'b', 'a']);
    expect([one('a', 'active', 2), one('a', 'active', 3)].map(verifiedShare)).toEqual([66, 100]);
    expect(verifiedShare({ ...one('a', 'active', 0), registered: 0 })).toBe(0);
  });
});

describe('by chat', () => {
  const read = async (world: World, person: Person) => {
    const { outcome, values } = await perform(world, 'consolidation.read', {}, person);
    return { outcome, ...Object(values['konsolidasi']) };
  };

  test('a chair reads the own regency, and the look is kept', async () => {
    const world = await openWorld();
    const chair = await addHelper(world, 'chair', '33.74');
    await member(world, { born: '1990-01-01', sk: 'terverifikasi' });
    await member(world, { born: null, claimed: false });
    expect(await read(world, chair)).toEqual({
      outcome: 'one',
      tempat: 'Kota Semarang',
      rincian:
        'Pengurus: Belum ada ketua\nPSM: 2 (1 terdaftar, 1 baru terdata)\nSK sah: 1 (50%)\nUsia di bawah 45: 1 (regenerasi), 45-59: 0, 60 ke atas: 0, belum diketahui: 1\nSertifikat berlaku: 0 (0 berakhir dalam 90 hari), sudah berakhir: 0',
    });
    expect(await world.prisma.auditEntry.findMany({ where: { action: 'consolidation' } })).toMatchObject([
      { kind: 'look', person: null },
    ]);
    expect(await read(world, await addHelper(world, 'operator', '33.74.14'))).toEqual({ outcome: 'none' });
  });

  test('the lead of an eks-karesidenan reads each regency, the province the five that need help first', async () => {
    const world = await openWorld();
    const { residencyId } = await world.prisma.region.findUniqueOrThrow({ where: { code: '33.74' } });
    const regencies = await world.prisma.region.count({ where: { residencyId } });
    await board(world, await addHelper(world, 'chair', '33.74'), '33.74');
    await member(world, { sk: 'terverifikasi' });
    const lead = await read(world, await addHelper(world, 'residency-lead', `residency/${residencyId}`));
    expect(lead.tempat).toBe(`${regencies} kabupaten/kota`);
    const named = lead.rincian.split('Setiap kabupaten/kota:\n')[1].split('\n');
    expect(named).toHaveLength(regencies);
    expect(named.at(-1)).toBe('Kota Semarang: 1 PSM, SK sah 100%, pengurus aktif');
    const province = await read(world, await addHelper(world, 'province-team', '33'));
    expect(province.rincian).toMatch(/^Pengurus aktif: 1 dari 35\nPSM: 1 \(1 terdaftar, 0 baru terdata\)\n/);
    expect(province.rincian.split('Yang paling perlu dibantu:\n')[1].split('\n')).toHaveLength(5);
    expect(province.rincian.length).toBeLessThan(700);
  });
});

test('the command prints a table, or writes CSV', async () => {
  const world = await openWorld();
  await member(world, { sk: 'terverifikasi' });
  const printed: string[] = [];
  expect(await consolidation(world, null, (line) => printed.push(line))).toBe(true);
  expect(printed).toHaveLength(37);
  expect(printed.find((line) => line.startsWith('Kota Semarang'))).toMatch(
    /^Kota Semarang +1 +1 +0 +1 +100 +vacant +0 +1 +0 +0 +0 +0 +0$/,
  );
  const folder = mkdtempSync(join(tmpdir(), 'sapa-consolidation-'));
  try {
    const file = join(folder, 'out.csv');
    await consolidation(world, file, (line) => printed.push(line));
    expect(printed.at(-1)).toBe(`${file}: 35 regencies and their sum.`);
    const lines = readFileSync(file, 'utf8').split('\r\n');
    expect(lines).toHaveLength(38);
    expect(lines[0]).toMatch(/^regency,members,registered,listed,SK verified,%,board,/);
    expect(lines).toContain('Kota Semarang,1,1,0,1,100,vacant,0,1,0,0,0,0,0');
    expect(lines[36]).toBe('all,1,1,0,1,100,0 active,0,1,0,0,0,0,0');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
