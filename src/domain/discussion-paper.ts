import { showDate } from '../flow/calendar.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run } from '../store/statement.js';
import { covered } from './areas.js';
import { maskNumbers } from './mask.js';
import type { Block, Paper } from './paper.js';
import { areasFor, type Viewer } from './roles.js';
import { dayInWib } from './wib.js';

/** A problem as it is discussed: who proposed it is told to nobody. */
export interface Discussed {
  /** Under what the audit knows whoever proposed it. */
  readonly subject: string;
  readonly residency: string;
  readonly topic: string;
  readonly place: string;
  readonly text: string;
  readonly proposedAt: Date;
}

type Row = Omit<Discussed, 'text'> & { readonly sealed: Buffer };

// As `listProblems`: not of those whose data may not be used now.
const discussedText = `
SELECT coalesce(p.member_id, p.contact_id) AS subject, y.name AS residency, p.topic, r.kind || ' ' || r.name AS place,
  p.text_sealed AS sealed, p.proposed_at AS "proposedAt"
FROM problem p JOIN residency y ON y.id = p.residency_id JOIN region r ON r.code = left(p.region_code, 5) LEFT JOIN member m ON m.id = p.member_id
WHERE ${covered('p.region_code')} AND ($2::boolean IS NULL OR p.simulator = $2) AND (m.id IS NULL OR m.standing = 'active')
ORDER BY y.name, array_position($3::text[], p.topic), r.name, p.proposed_at, p.id`;

/** What is to be discussed in a viewer's areas, by eks-karesidenan and topic; numbers in it are cut, since it is handed round. */
export async function problemsDiscussed(
  viewer: Viewer,
  { db, vault }: { readonly db: Queryable; readonly vault: Vault },
): Promise<readonly Discussed[]> {
  const world = viewer.simulator === 'both' ? null : viewer.simulator;
  const values = [areasFor(viewer, 'read-people'), world, Object.keys(topics)];
  const rows = await run<Row>(db, { name: 'problems-discussed', text: discussedText, values });
  return rows.map(({ sealed, ...row }) => ({ ...row, text: maskNumbers(vault.open(sealed)) }));
}

const topics: Readonly<Record<string, string>> = {
  ...{ anggaran: 'Anggaran', sertifikasi: 'Sertifikasi', csr: 'CSR', kemitraan: 'Kemitraan' },
  lain: 'Lainnya',
};

/** The paper for the rakor: each eks-karesidenan with its topics, each topic with what was proposed and from where. */
export function discussionPaper(problems: readonly Discussed[], now: Date): Paper {
  return {
    title: 'Bahan diskusi rakor',
    blocks: [
      { kind: 'title', lines: ['BAHAN DISKUSI RAKOR', `Usulan masalah sampai ${showDate(dayInWib(now))}`] },
      ...[...groupedBy(problems, 'residency')].flatMap(([residency, some]) => ofResidency(residency, some)),
    ],
  };
}

function ofResidency(residency: string, problems: readonly Discussed[]): readonly Block[] {
  return [
    { kind: 'heading', text: `Eks-karesidenan ${residency} (${problems.length} usulan)` },
    ...[...groupedBy(problems, 'topic')].flatMap(([topic, some]): readonly Block[] => [
      { kind: 'heading', text: topics[topic] ?? topic },
      { kind: 'list', items: some.map(({ text, place }) => `${text} (${place})`) },
    ]),
  ];
}

function groupedBy(
  problems: readonly Discussed[],
  key: 'residency' | 'topic',
): ReadonlyMap<string, readonly Discussed[]> {
  const groups = new Map<string, Discussed[]>();
  for (const one of problems) groups.set(one[key], [...(groups.get(one[key]) ?? []), one]);
  return groups;
}

const columns = [
  ['Eks-karesidenan', 18],
  ['Topik', 14],
  ['Kabupaten/kota', 24],
  ['Masalah', 80],
  ['Tanggal', 20],
] as const;

/** The same as a workbook, a line for each. */
export async function discussionSheet(problems: readonly Discussed[]): Promise<Buffer> {
  const { default: write } = await import('write-excel-file/node');
  const head = columns.map(([value]) => ({ value, fontWeight: 'bold' as const }));
  const body = problems.map(({ residency, topic, place, text, proposedAt }) => [
    ...[residency, topics[topic] ?? topic, place, text, showDate(dayInWib(proposedAt))],
  ]);
  const written = write([head, ...body], {
    ...{ sheet: 'Bahan rakor', stickyRowsCount: 1, columns: columns.map(([, width]) => ({ width })) },
  });
  return written.toBuffer();
}
