import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readSheets from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import { countProblems, fileProblems, printProblems } from '../../src/cli/problems.js';
import { discussionPaper, problemsDiscussed } from '../../src/domain/discussion-paper.js';
import { listProblemCounts, listProblems } from '../../src/domain/problems.js';
import { type Area, type RoleName, viewerOf } from '../../src/domain/roles.js';
import type { JsonRecord } from '../../src/flow/json.js';
import { isUniqueViolation } from '../../src/store/outage.js';
import { pagesOfPdf } from '../support/pdf.js';
import {
  addHelper,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  looksIn,
  now,
  openWorld,
  perform,
  registration,
  write,
} from './world.js';

const text = 'Belum ada dana untuk kegiatan di desa';
const proposal = (more: JsonRecord = {}): JsonRecord => ({
  topik: 'anggaran',
  masalah: text,
  'sebut-nama': true,
  ...more,
});

const grobogan = { kode: '33.15', kabupaten: 'Kabupaten Grobogan' };

describe('proposing', () => {
  test('a member proposes from the duty region; twice is once', async () => {
    const world = await openWorld();
    const person = await addMember(world);
    for (const _twice of [1, 2])
      expect(await perform(world, 'problem.propose', proposal(), person)).toMatchObject({
        outcome: 'recorded',
        values: { usulan: { karesidenan: 'Semarang' } },
      });
    const [row, ...others] = await world.prisma.problem.findMany({ include: { member: true } });
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      ...{ topic: 'anggaran', regionCode: '33.74.14.1001', residencyId: 'semarang', named: true },
      ...{ contactId: person.contactId, simulator: false, proposedAt: now },
      member: { name: 'SRI CONTOHWATI' },
    });
    expect(world.vault.open(row?.textSealed ?? new Uint8Array())).toBe(text);
    const { rows } = await world.db.pool.query('SELECT p::text AS p FROM problem p');
    expect(Buffer.from(rows[0].p.replaceAll(/[^0-9a-f]/g, ''), 'hex').toString('latin1')).not.toContain(
      'dana',
    );
  });

  test('a member’s own words about a regency count for nothing', async () => {
    const world = await openWorld();
    await perform(world, 'problem.propose', proposal({ kabupaten: grobogan }), await addMember(world));
    expect(await world.prisma.problem.findMany()).toMatchObject([{ regionCode: '33.74.14.1001' }]);
  });

  test('somebody not registered proposes from a regency, without a name', async () => {
    const world = await openWorld();
    const stranger = await addPerson(world);
    const given = proposal({ kabupaten: grobogan });
    expect(await perform(world, 'problem.propose', given, stranger)).toMatchObject({ outcome: 'recorded' });
    expect(await world.prisma.problem.findMany()).toMatchObject([
      { regionCode: '33.15', residencyId: 'semarang', memberId: null, named: false },
    ]);
  });

  test.each([
    ['a stranger who gave no regency', false, {}],
    ['several members and none picked', true, { kabupaten: grobogan }],
    ['a member of somebody else', false, { anggota: '019ab7a0-0000-7000-8000-000000000000' }],
  ])('%s: nothing is kept', async (_, shared, more) => {
    const world = await openWorld();
    const person = shared ? await addMember(world) : await addPerson(world);
    const other = registration({ nama: 'Budi Contoh', nik: null });
    if (shared) await perform(world, 'member.register', other, person);
    const result = await perform(world, 'problem.propose', proposal(more), person);
    expect(result).toMatchObject({ outcome: 'gone', writes: [] });
  });

  test('of several members the one that is picked', async () => {
    const world = await openWorld();
    const person = await addMember(world);
    const away = { nama: 'Budi Contoh', nik: null, wilayah: { kode: '33.18.01.2001' } };
    await perform(world, 'member.register', registration(away), person);
    const budi = await world.prisma.member.findFirst({ where: { name: 'Budi Contoh' } });
    await perform(world, 'problem.propose', proposal({ anggota: budi?.id ?? '' }), person);
    expect(await world.prisma.problem.findMany()).toMatchObject([
      { memberId: budi?.id, residencyId: 'pati' },
    ]);
  });

  test('the mapping as it stands decides, and a later change rewrites nothing', async () => {
    const world = await openWorld();
    const person = await addMember(world);
    const to = (residencyId: string) =>
      world.prisma.region.update({ where: { code: '33.74' }, data: { residencyId } });
    await perform(world, 'problem.propose', proposal(), person);
    try {
      await to('pati');
      await perform(world, 'problem.propose', proposal({ topik: 'csr' }), person);
      const rows = await world.prisma.problem.findMany({ orderBy: { topic: 'asc' } });
      expect(rows.map((row) => row.residencyId)).toEqual(['semarang', 'pati']);
    } finally {
      await to('semarang');
    }
  });

  test('the same twice at once is kept once by the database', async () => {
    const world = await openWorld();
    const person = await addMember(world);
    const [one, other] = [
      await decide('problem.propose', proposal(), contextOf(world, person)),
      await decide('problem.propose', proposal(), contextOf(world, person)),
    ];
    const results = await Promise.allSettled([write(world, one.writes), write(world, other.writes)]);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused.map(isUniqueViolation)).toEqual([true]);
    expect(await count(world, 'problem')).toBe(1);
  });
});

/** Two problems in Kota Semarang, one of them without a name, one in Pati, and one of a pretended person. */
async function proposed() {
  const world = await openWorld();
  const sri = await addMember(world);
  await perform(world, 'problem.propose', proposal(), sri);
  await perform(world, 'problem.propose', proposal({ masalah: `${text} kami`, 'sebut-nama': false }), sri);
  const pati = { nama: 'Budi Contoh', nik: null, wilayah: { kode: '33.18.01.2001' } };
  await perform(world, 'problem.propose', proposal({ topik: 'csr' }), await addMember(world, pati));
  const pretender = await addMember(world, {}, { simulator: true });
  await perform(world, 'problem.propose', proposal({ masalah: 'Hanya pura-pura saja' }), pretender);
  return world;
}

describe('seeing', () => {
  test.each<readonly [RoleName, Area, boolean, readonly (readonly [string, string, number])[]]>([
    ['operator', '33.74', false, [['Semarang', 'anggaran', 2]]],
    ['chair', '33.22', false, []],
    ['residency-lead', 'residency/pati', false, [['Pati', 'csr', 1]]],
    [
      'province-team',
      '33',
      false,
      [
        ['Pati', 'csr', 1],
        ['Semarang', 'anggaran', 2],
      ],
    ],
    ['province-admin', '33', true, [['Semarang', 'anggaran', 1]]],
    ['member', '33.74', false, []],
  ])('%s of %s (pretended: %s)', async (role, area, simulator, expected) => {
    const world = await proposed();
    const viewer = viewerOf('somebody', [{ role, area }], simulator);
    const counts = await listProblemCounts(viewer, world);
    expect(counts.map(({ residency, topic, count }) => [residency, topic, count])).toEqual(expected);
    const lines = await listProblems(viewer, world);
    expect(lines).toHaveLength(expected.reduce((sum, [, , number]) => sum + number, 0));
  });

  test('a name stands there only when its owner allowed it', async () => {
    const world = await proposed();
    const viewer = viewerOf('somebody', [{ role: 'operator', area: '33.74' }], false);
    const lines = await listProblems(viewer, world);
    expect(lines.map((line) => line.name)).toEqual(['Sri Contohwati', null]);
    expect(lines[0]).toMatchObject({
      residency: 'Semarang',
      text,
      place: expect.stringMatching(/^Kelurahan /),
    });
  });

  test('each look is kept: at everybody whose words are read, at nobody when only counted', async () => {
    const world = await proposed();
    const viewer = viewerOf('somebody', [{ role: 'operator', area: '33.74' }], false);
    const sri = await world.prisma.member.findFirst({
      where: { simulator: false, regionCode: '33.74.14.1001' },
    });
    for (const _twice of [1, 2]) {
      await listProblemCounts(viewer, world);
      await listProblems(viewer, world);
    }
    const log = await looksIn(world);
    const both = [
      { viewer: 'somebody', action: 'count-problems', subject: null },
      { viewer: 'somebody', action: 'list-problems', subject: sri?.id },
    ];
    expect(log).toMatchObject([...both, ...both]);
  });

  test('at the machine: the counts, or each in its own words', async () => {
    const world = await proposed();
    const printed: string[] = [];
    await countProblems(world, (line) => printed.push(line));
    expect(printed).toEqual(['Pati, csr: 1', 'Semarang, anggaran: 3']);
    printed.length = 0;
    await printProblems(world, (line) => printed.push(line));
    expect(printed).toHaveLength(8);
    expect(printed[0]).toMatch(/^Pati, csr: Desa .+, Budi Contoh, 2026-11-24T03:00:00.000Z$/);
    expect(printed[1]).toBe(`  ${text}`);
  });

  test('the paper for the rakor has what may be read there, by eks-karesidenan and topic, without names and numbers', async () => {
    const world = await proposed();
    const stranger = await addPerson(world);
    const more = { kabupaten: grobogan, topik: 'lain', masalah: 'Hubungi saya di 0812-3456-7890 soal honor' };
    await perform(world, 'problem.propose', proposal(more), stranger);
    const lead = viewerOf('somebody', [{ role: 'residency-lead', area: 'residency/semarang' }], false);
    const some = await problemsDiscussed(lead, { db: world.pool, vault: world.vault });
    expect(discussionPaper(some, now).blocks).toEqual([
      { kind: 'title', lines: ['BAHAN DISKUSI RAKOR', 'Usulan masalah sampai 24 November 2026'] },
      { kind: 'heading', text: 'Eks-karesidenan Semarang (3 usulan)' },
      { kind: 'heading', text: 'Anggaran' },
      { kind: 'list', items: [`${text} (Kota Semarang)`, `${text} kami (Kota Semarang)`] },
      { kind: 'heading', text: 'Lainnya' },
      { kind: 'list', items: ['Hubungi saya di 0812… soal honor (Kabupaten Grobogan)'] },
    ]);
  });

  test('goes out in the chat as a paper and a workbook, each look kept', async () => {
    const world = await proposed();
    const lead = await addHelper(world, 'residency-lead', 'residency/pati');
    expect(await perform(world, 'problem.print', {}, lead)).toMatchObject({
      outcome: 'made',
      values: {
        bahan: { jumlah: '1' },
        berkas: [{ name: 'bahan-rakor.pdf', mime: 'application/pdf' }, { name: 'bahan-rakor.xlsx' }],
      },
    });
    expect(await count(world, 'attachment')).toBe(2);
    expect(await looksIn(world, 'print-problems')).toHaveLength(1);
    const nobody = await perform(world, 'problem.print', {}, await addPerson(world));
    expect(nobody).toMatchObject({ outcome: 'none', writes: [] });
  });

  test('at the machine: as files', async () => {
    const world = await proposed();
    const folder = mkdtempSync(join(tmpdir(), 'sapa-problems-'));
    const printed: string[] = [];
    const print = (line: string) => void printed.push(line);
    const [pdf, xlsx] = [join(folder, 'a.pdf'), join(folder, 'a.xlsx')];
    await fileProblems(world, { pdf, xlsx }, print);
    expect(printed).toEqual([`${pdf}: 4 problems.`, `${xlsx}: 4 problems.`]);
    expect(pagesOfPdf(readFileSync(pdf)).flat().join(' ')).toContain('Eks-karesidenan Pati (1 usulan)');
    const [sheet] = await readSheets(xlsx);
    expect(sheet?.data[1]?.slice(0, 4)).toEqual(['Pati', 'CSR', 'Kabupaten Pati', text]);
    rmSync(folder, { recursive: true });
    await fileProblems(await openWorld(), { pdf, xlsx }, print);
    expect(printed.at(-1)).toBe('No problem has been proposed yet.');
  });

  test('at the machine: none yet', async () => {
    const world = await openWorld();
    const printed: string[] = [];
    await countProblems(world, (line) => printed.push(line));
    await printProblems(world, (line) => printed.push(line));
    expect(new Set(printed)).toEqual(new Set(['No problem has been proposed yet.']));
  });
});

test('erasing takes what a stranger proposed, and leaves what a member of the same phone did', async () => {
  const world = await openWorld();
  const person = await addPerson(world);
  await perform(world, 'problem.propose', proposal({ kabupaten: grobogan }), person);
  await perform(world, 'member.register', registration(), person);
  await perform(world, 'problem.propose', proposal({ masalah: 'Sertifikat belum dibagikan' }), person);
  for (const _twice of [1, 2]) await perform(world, 'registration.erase-typed', {}, person);
  const left = await everything(world);
  expect(left).not.toContain(text);
  expect(left).toContain('Sertifikat belum dibagikan');
});
