import { readFileSync } from 'node:fs';
import { getDistricts, getRegencies, getVillages } from 'idn-area-data';
import type { Pool } from 'pg';
import type { Region } from '../flow/regions.js';

/** Kepmendagri 300.2.2-2138 of 2025: what province 33 must come to, level by level. */
const expected = { regency: 35, district: 576, village: 8563 } as const;
const province = '33';
const seedLock = 5_277_412;

/** The regions of province 33 from `idn-area-data` (ODbL), largest first. Throws when they are not exactly as many as the law counts. */
export async function readRegions(): Promise<readonly Region[]> {
  const [regencies, districts, villages] = await Promise.all([getRegencies(), getDistricts(), getVillages()]);
  const rows = [
    ...ours(regencies).map(({ code, name }) => regency(code, name)),
    ...ours(districts).map(({ code, name }) => region(code, name, 'district', 'Kecamatan')),
    ...ours(villages).map(({ code, name }) => region(code, name, 'village', villageKind(code))),
  ];
  for (const [level, count] of Object.entries(expected)) {
    const found = rows.filter((row) => row.level === level).length;
    if (found !== count)
      throw new Error(`idn-area-data has ${found} regions of level ${level}, not ${count}`);
  }
  return rows;
}

interface Row {
  readonly code: string;
  readonly name: string;
}

function ours(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => row.code.startsWith(`${province}.`));
}

function regency(code: string, full: string): Region {
  const isCity = /^kota /i.test(full);
  return region(code, full.replace(/^(kabupaten|kota) /i, ''), 'regency', isCity ? 'Kota' : 'Kabupaten');
}

function region(code: string, name: string, level: Region['level'], kind: Region['kind']): Region {
  return { code, name, level, kind, parent: code.slice(0, code.lastIndexOf('.')) };
}

/** The last part of a Kemendagri code begins with 2 for a desa and with 1 for a kelurahan. */
function villageKind(code: string): Region['kind'] {
  return code.slice(code.lastIndexOf('.') + 1).startsWith('2') ? 'Desa' : 'Kelurahan';
}

interface Residence {
  readonly kemendagri: string;
  readonly exKaresidenan: string;
}

/** Fills the tables of regions once; a second time finds them full and does nothing. `seedFile` tells the eks-karesidenan. */
export async function seedRegions(pool: Pool, seedFile: string): Promise<{ readonly seeded: boolean }> {
  if (await isSeeded(pool)) return { seeded: false };
  const residences: readonly Residence[] = JSON.parse(readFileSync(seedFile, 'utf8'));
  const rows = await readRegions();
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [seedLock]);
    const seeded = !(await isSeeded(client));
    if (seeded) await insertAll(client, rows, residences);
    await client.query('COMMIT');
    if (seeded) await client.query('ANALYZE'); // without figures the planner reads whole tables
    return { seeded };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

type Querying = Pick<Pool, 'query'>;

async function isSeeded(db: Querying): Promise<boolean> {
  const { rows } = await db.query<{ seeded: boolean }>('SELECT EXISTS (SELECT FROM region) AS seeded');
  return rows[0]?.seeded ?? false;
}

async function insertAll(
  db: Querying,
  rows: readonly Region[],
  residences: readonly Residence[],
): Promise<void> {
  const names = [...new Set(residences.map((one) => one.exKaresidenan))];
  await db.query(
    'INSERT INTO residency (id, name) SELECT lower(name), name FROM unnest($1::text[]) AS n(name)',
    [names],
  );
  const residencyOf = new Map(residences.map((one) => [one.kemendagri, one.exKaresidenan.toLowerCase()]));
  const column = (key: keyof Region) => rows.map((row) => row[key]);
  await db.query(
    `INSERT INTO region (code, name, level, kind, parent_code, residency_id)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
    [
      column('code'),
      column('name'),
      column('level'),
      column('kind'),
      column('parent'),
      rows.map((row) => residencyOf.get(row.code) ?? null),
    ],
  );
}

/** All regions as the database knows them. */
export async function loadRegions(pool: Pool): Promise<readonly Region[]> {
  const text = 'SELECT code, name, level, kind, parent_code AS parent FROM region ORDER BY code';
  return (await pool.query<Region>(text)).rows;
}
