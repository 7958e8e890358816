import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { localAdministrator } = await import('../dist/domain/roles.js');
const { importRoster } = await import('../dist/domain/roster/import.js');
const { countsOf, reportOf } = await import('../dist/domain/roster/report.js');
const { buildRegionIndex } = await import('../dist/flow/region-index.js');
const { createVault } = await import('../dist/store/crypto.js');
const { startEmbedded } = await import('../dist/store/embedded.js');
const { newId } = await import('../dist/store/ids.js');
const { applyMigrations } = await import('../dist/store/migrations.js');
const { openPool } = await import('../dist/store/pool.js');
const { createPrisma } = await import('../dist/store/prisma-client.js');
const { readRegions, seedRegions } = await import('../dist/store/regions.js');

const rows = 12_000;
const limit = 30;
const inProject = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A workbook of 12,000 people, one in twenty with a fault: looked through, imported, told of in a report; then once more. */
export async function rosterFigures() {
  const dir = await mkdtemp(join(tmpdir(), 'sapa-bench-'));
  await chmod(dir, 0o711); // the server may run as another user
  const server = await startEmbedded({ dir });
  const pool = openPool(server.url);
  try {
    await applyMigrations(server.url, inProject('prisma/migrations'));
    await seedRegions(pool, inProject('prisma/seed/jateng-regencies.json'));
    return await measured(pool);
  } finally {
    await pool.end();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measured(pool) {
  const { module } = await runnerImport('test/support/roster.ts', { configFile: false });
  const regions = await readRegions();
  const lines = module.madeList(rows, regions);
  const bytes = await module.madeWorkbook(lines);
  const records = {
    pool,
    prisma: createPrisma(pool),
    vault: createVault(randomBytes(32)),
    now: () => new Date(),
    newId,
  };
  const wish = {
    viewer: localAdministrator('bench'),
    regions: buildRegionIndex(regions),
    apply: true,
    simulator: false,
  };
  const good = lines.filter(({ fault }) => fault === null).length;
  return [
    await timed('roster.import_12000_s', { new: good }, bytes, wish, records),
    await timed('roster.again_12000_s', { same: good }, bytes, wish, records),
  ];
}

async function timed(figure, expected, bytes, wish, records) {
  const before = performance.now();
  const done = await importRoster({ bytes, byHand: {}, regency: null }, wish, records);
  const report = await reportOf(done.planned);
  const value = (performance.now() - before) / 1000;
  const counts = countsOf(done.planned);
  const wrong = Object.entries(expected).some(([fate, count]) => counts[fate] !== count);
  if (wrong || report.length === 0) throw new Error(`${figure}: ${JSON.stringify(counts)}`);
  return { figure, value: Math.round(value * 10) / 10, unit: 's', limit };
}
