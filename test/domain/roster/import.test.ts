import { beforeEach, expect, test } from 'vitest';
import { localAdministrator, viewerOf } from '../../../src/domain/roles.js';
import { type Imported, importRoster } from '../../../src/domain/roster/import.js';
import { countsOf, reportOf } from '../../../src/domain/roster/report.js';
import { readSheets } from '../../../src/domain/roster/sheet.js';
import { undoRoster } from '../../../src/domain/roster/undo.js';
import { buildRegionIndex } from '../../../src/flow/region-index.js';
import { readRegions } from '../../../src/store/regions.js';
import { faultNames, madeList, madeWorkbook, saidOf } from '../../support/roster.js';
import { sized } from '../../support/size.js';
import { openWorld, type World } from '../world.js';

const rows = await readRegions();
const regions = buildRegionIndex(rows);
const total = sized(420, 800);
const lines = madeList(total, rows);
const workbook = await madeWorkbook(lines);
const local = localAdministrator('test');
const undoing = { who: 'local:test' };

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

async function imported(bytes: Buffer, apply: boolean, viewer = local) {
  const wish = { viewer, regions, apply, simulator: false };
  const done: Imported = await importRoster({ bytes, byHand: {}, regency: null }, wish, world);
  if (!done.ok) throw new Error(done.what);
  return done;
}

function members(): Promise<number> {
  return world.prisma.member.count();
}

test('looks a list through without writing anything, and names every fault', async () => {
  const done = await imported(workbook, false);
  expect(done.number).toBeNull();
  expect(await members()).toBe(0);
  expect(done.planned.map(({ line }) => line.number)).toEqual(lines.map((_, at) => at + 5));
  for (const [at, { fault }] of lines.entries()) {
    const planned = done.planned[at];
    expect([planned?.line.number, planned?.fate]).toEqual([at + 5, fault === null ? 'new' : 'refused']);
    if (fault !== null) expect(planned?.remarks.join(' ')).toMatch(saidOf(fault));
  }
  expect(new Set(lines.map(({ fault }) => fault)).size).toBe(faultNames.length + 1);
});

test('imports all good lines at once, and the same list again changes nothing', async () => {
  const good = lines.filter(({ fault }) => fault === null).length;
  const first = await imported(workbook, true);
  expect(first.number).not.toBeNull();
  expect(await members()).toBe(good);
  const before = await snapshot();
  const second = await imported(workbook, true);
  expect(countsOf(second.planned)).toMatchObject({
    new: 0,
    changed: 0,
    same: good,
    refused: lines.length - good,
  });
  expect(await snapshot()).toEqual(before);
});

async function snapshot(): Promise<unknown> {
  const { rows: stored } = await world.pool.query(
    `SELECT m.id, m.name, m.birth_date, m.sex, m.region_code, m.psm_since, m.education, m.nik_index, m.phone_index, a.document_id, a.status
     FROM member m JOIN sk_member a ON a.member_id = m.id ORDER BY m.id`,
  );
  return stored;
}

test('is taken back whole: new members go, changed ones stand as before', async () => {
  const first = await imported(workbook, true);
  const before = await snapshot();
  const changed = lines.map((line, at) =>
    at === 3 ? { ...line, cells: line.cells.with(10, 'S2').with(11, '081200099999') } : line,
  );
  const second = await imported(
    await madeWorkbook([...changed, ...madeList(total + 5, rows).slice(total)]),
    true,
  );
  expect(countsOf(second.planned)).toMatchObject({ new: 5, changed: 1 });
  expect(await undoRoster(first.number ?? 0, undoing, world)).toEqual({ ok: false, later: second.number });
  expect(await undoRoster(second.number ?? 0, undoing, world)).toEqual({
    ok: true,
    removed: 5,
    restored: 1,
    stayed: 0,
  });
  expect(await snapshot()).toEqual(before);
  expect(await undoRoster(first.number ?? 0, undoing, world)).toMatchObject({ ok: true, restored: 0 });
  expect([await members(), await world.prisma.skDocument.count()]).toEqual([0, 0]);
  expect(await undoRoster(first.number ?? 0, undoing, world)).toEqual({ ok: false, later: null });
});

test('taken back, whoever was verified or holds an office since stays', async () => {
  const done = await imported(workbook, true);
  const good = lines.filter(({ fault }) => fault === null).length;
  const [verified, holder, opened] = await world.prisma.member.findMany({ orderBy: { id: 'asc' }, take: 3 });
  const move = `INSERT INTO sk_move (id, member_id, move, from_state, to_state, who, at) VALUES (gen_random_uuid(), $1, $2, 'x', 'x', 'test', now())`;
  await world.pool.query(move, [verified?.id, 'sahkan']);
  await world.pool.query(move, [opened?.id, 'buka']);
  await world.pool.query(`INSERT INTO board (area, simulator, confirmed_at) VALUES ('33.15', false, now())`);
  await world.pool.query(
    `INSERT INTO board_office (id, area, simulator, office, member_id, since) VALUES (gen_random_uuid(), '33.15', false, 'ketua', $1, '2026-11-26')`,
    [holder?.id],
  );
  expect(await undoRoster(done.number ?? 0, undoing, world)).toEqual({
    ok: true,
    removed: good - 2,
    restored: 0,
    stayed: 2,
  });
  const left = await world.prisma.member.findMany({ orderBy: { id: 'asc' } });
  expect(left.map(({ id }) => id)).toEqual([verified?.id, holder?.id]);
  const names = await world.prisma.personKey.count({ where: { subject: opened?.id ?? '' } });
  expect(names).toBe(0);
});

test('of whom the report says how they stand, the look is kept', async () => {
  await imported(workbook, true);
  const good = lines.filter(({ fault }) => fault === null).length;
  const looks = () => world.prisma.auditEntry.count({ where: { kind: 'look', action: 'compare-with-list' } });
  expect(await looks()).toBe(0);
  await imported(workbook, false);
  expect(await looks()).toBe(good);
});

test('a chair imports into the own area only', async () => {
  const chair = viewerOf('chair', [{ role: 'chair', area: '33.05' }], false);
  const done = await imported(workbook, true, chair);
  const codes = await world.prisma.member.findMany({ select: { regionCode: true } });
  expect(codes.length).toBeGreaterThan(0);
  expect(codes.every(({ regionCode }) => regionCode.startsWith('33.05.'))).toBe(true);
  const outside = done.planned.filter(({ remarks }) => remarks.join().includes('di luar wilayah'));
  expect(outside.length).toBeGreaterThan(total / 2);
});

test('the report is a workbook with a line for each line, faults first', async () => {
  const done = await imported(workbook, false);
  const read = await readSheets(await reportOf(done.planned));
  if (!read.ok) throw new Error(read.what);
  const [head, ...body] = (read.sheets[0]?.rows ?? []).map(({ cells }) =>
    cells.map((cell) => cell?.text ?? ''),
  );
  expect(head).toEqual(['Lembar', 'Baris', 'Nama', 'Hasil', 'Keterangan']);
  expect(body.length).toBe(lines.length);
  const refused = lines.filter(({ fault }) => fault !== null).length;
  expect(body.slice(0, refused).every(([, , , fate]) => fate === 'Ditolak')).toBe(true);
  expect(JSON.stringify(body)).not.toMatch(/\d{16}/);
});

test('a fault of the database in the middle leaves nothing half-done', async () => {
  await world.pool.query(
    `CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;
     CREATE TRIGGER fail BEFORE INSERT ON sk_member FOR EACH STATEMENT EXECUTE FUNCTION fail_once()`,
  );
  try {
    await expect(imported(workbook, true)).rejects.toThrow('disk full');
    expect([await members(), await world.prisma.roster.count()]).toEqual([0, 0]);
  } finally {
    await world.pool.query('DROP TRIGGER fail ON sk_member; DROP FUNCTION fail_once()');
  }
});
