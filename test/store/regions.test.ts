import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRegions, seedRegions } from '../../src/store/regions.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

const seedFile = resolve('prisma/seed/jateng-regencies.json');
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  await database.pool.query('TRUNCATE region, residency CASCADE');
});
afterAll(() => database.drop());

async function counts(text: string): Promise<Readonly<Record<string, number>>> {
  const { rows } = await database.pool.query<{ what: string; count: number }>(text);
  return Object.fromEntries(rows.map((row) => [row.what, row.count]));
}

describe('the seed of regions', () => {
  test('of two starts at once one seeds, and a later one does nothing', async () => {
    const both = await Promise.all([
      seedRegions(database.pool, seedFile),
      seedRegions(database.pool, seedFile),
    ]);
    expect(both.map((one) => one.seeded).sort()).toEqual([false, true]);
    await database.pool.query("UPDATE residency SET name = 'Banyumas Raya' WHERE id = 'banyumas'");
    expect(await seedRegions(database.pool, seedFile)).toEqual({ seeded: false });
    const { rows } = await database.pool.query("SELECT name FROM residency WHERE id = 'banyumas'");
    expect(rows).toEqual([{ name: 'Banyumas Raya' }]);
  });

  test('has 35 regencies, 576 districts and 8,563 villages', async () => {
    const found = await counts('SELECT level AS what, count(*)::int FROM region GROUP BY level');
    expect(found).toEqual({ regency: 35, district: 576, village: 8563 });
  });

  test('knows a kabupaten from a kota and a desa from a kelurahan', async () => {
    const found = await counts('SELECT kind AS what, count(*)::int FROM region GROUP BY kind');
    expect(found).toEqual({ Kabupaten: 29, Kota: 6, Kecamatan: 576, Desa: 7810, Kelurahan: 753 });
  });

  test('every regency has its eks-karesidenan: 4, 6, 7, 6, 5 and 7', async () => {
    const text = `SELECT d.id AS what, count(r)::int FROM residency d JOIN region r ON r.residency_id = d.id GROUP BY d.id`;
    expect(Object.values(await counts(text)).sort()).toEqual([4, 5, 6, 6, 7, 7]);
    const { rows } = await database.pool.query(
      "SELECT code FROM region WHERE (level = 'regency') <> (residency_id IS NOT NULL)",
    );
    expect(rows).toEqual([]);
  });

  test('names are bare and hang together', async () => {
    const regions = new Map((await loadRegions(database.pool)).map((region) => [region.code, region]));
    expect(regions.get('33.22')).toMatchObject({ name: 'Semarang', kind: 'Kabupaten', parent: '33' });
    expect(regions.get('33.74')).toMatchObject({ name: 'Semarang', kind: 'Kota', parent: '33' });
    const loose = [...regions.values()].filter(({ parent }) => parent !== '33' && !regions.has(parent ?? ''));
    expect(loose).toEqual([]);
    const shouted = [...regions.values()].filter(({ name }) => name === name.toUpperCase());
    expect(shouted).toEqual([]);
  });
});
