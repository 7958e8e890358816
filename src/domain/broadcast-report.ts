import { titleCase } from '../flow/text.js';
import { audited } from '../store/audit.js';
import { type Queryable, run } from '../store/statement.js';
import { excluded, reasons } from './audience-people.js';
import { broadcastsInReach, type MessageState } from './broadcast-progress.js';
import type { Records } from './records.js';
import type { Viewer } from './roles.js';
import { clockInWib, dayInWib } from './wib.js';

interface Found {
  readonly seq: string;
  readonly memberId: string | null;
  readonly name: string | null;
  readonly regency: string | null;
  readonly village: string | null;
  readonly reason: string | null;
  readonly contactedBy: string | null;
  readonly contactedAt: Date | null;
  readonly channel: string | null;
  readonly state: MessageState | null;
  readonly code: string | null;
  readonly at: Date | null;
}

// One person a row; of several tries the last one counts, also where two contacts became one meanwhile.
const text = `
SELECT r.seq, m.id AS "memberId", coalesce(m.name, (SELECT g.role FROM role_grant g WHERE g.id = r.grant_id), 'grup ' || c.name) AS name,
  (SELECT p.kind || ' ' || p.name FROM region p WHERE p.code = left(coalesce(m.region_code, c.area), 5)) AS regency,
  (SELECT v.name FROM region v WHERE v.code = m.region_code AND v.level = 'village') AS village,
  r.reason, CASE WHEN r.contacted_by LIKE 'local:%' THEN 'pengelola sistem' ELSE (
    SELECT w.name FROM member_contact l JOIN member w ON w.id = l.member_id WHERE l.contact_id::text = r.contacted_by ORDER BY l.linked_at LIMIT 1
  ) END AS "contactedBy", r.contacted_at AS "contactedAt", last.channel, last.state, last.code, last.at
FROM recipient r LEFT JOIN member m ON m.id = r.member_id LEFT JOIN LATERAL (
  SELECT g.name, g.area FROM address a JOIN chat_group g ON g.address_id = a.id WHERE a.contact_id = r.contact_id AND r.member_id IS NULL
) c ON true LEFT JOIN LATERAL (
  SELECT a.channel, d.state, d.code, coalesce(d.read_at, d.delivered_at, d.accepted_at, d.ended_at) AS at
  FROM delivery d JOIN address a ON a.id = d.address_id
  WHERE d.contact_id = r.contact_id AND d.broadcast_id = r.broadcast_id AND d.code IS DISTINCT FROM 'merged' ORDER BY d.seq DESC LIMIT 1
) last ON true
WHERE r.broadcast_id = $1 AND r.seq > $2::bigint ORDER BY r.seq LIMIT $3`;

/** So many people are read at once. */
const page = 2_000;

/** A person of a broadcast, in the words of its report. */
export interface Reported {
  readonly name: string;
  readonly place: string;
  readonly channel: string;
  readonly state: string;
  readonly at: Date | null;
  readonly reason: string;
}

const stateWords: Readonly<Record<MessageState, string>> = {
  planned: 'menunggu giliran',
  due: 'menunggu giliran',
  leased: 'sedang dikirim',
  written: 'sedang dikirim',
  accepted: 'terkirim',
  delivered: 'diterima',
  read: 'dibaca',
  unknown: 'tidak diketahui sampai atau tidak',
  skipped: 'dilewati',
  failed: 'gagal',
  cancelled: 'dibatalkan',
  expired: 'kedaluwarsa',
};

const codeWords: Readonly<Record<string, string>> = {
  'opted-out': 'memilih BERHENTI menerima pesan',
  erased: 'datanya sudah dihapus',
  interrupted: 'sambungan terputus saat mengirim',
  timeout: 'tidak ada jawaban dari penyedia',
  'window-closed': 'lebih dari 24 jam tidak menulis, dan tidak ada templat yang disetujui',
  'too-long': 'pesan terlalu panjang untuk saluran ini',
  'file-gone': 'berkasnya sudah tidak ada',
  'file-too-large': 'berkasnya terlalu besar untuk saluran ini',
  'not-in-group': 'nomor kami tidak ada lagi di grup itu',
  'only-admins': 'di grup itu hanya admin yang dapat menulis',
  'group-removed': 'grup itu sudah dihapus dari daftar',
  'file-type': 'jenis berkas tidak diterima saluran ini',
};

/** Why a message has ended so, in plain words; a code of a provider is given as it is. */
function codeTold(code: string | null): string {
  if (code === null) return '';
  return codeWords[code] ?? `ditolak penyedia (kode ${code})`;
}

const reasonWords: Readonly<Record<string, string>> = reasons;
const never: readonly string[] = excluded;

function reportOf(row: Found): Reported {
  const name = row.memberId === null ? (row.name ?? 'tamu') : titleCase(row.name ?? '');
  const place = [row.village, row.regency].filter((part) => part !== null).join(', ');
  return { name, place, channel: row.channel ?? '', ...outcomeOf(row) };
}

function outcomeOf({
  reason,
  contactedAt,
  contactedBy,
  state,
  code,
  at,
}: Found): Pick<Reported, 'state' | 'at' | 'reason'> {
  const why = reason === null ? '' : (reasonWords[reason] ?? reason);
  if (contactedAt !== null)
    return {
      state: 'sudah dihubungi',
      at: contactedAt,
      reason: contactedBy === null ? why : `${why}; dihubungi ${contactedBy}`,
    };
  if (reason !== null)
    return { state: never.includes(reason) ? 'tidak dikirimi' : 'tidak terjangkau', at: null, reason: why };
  if (state === null) return { state: 'tidak dikirimi', at: null, reason: 'pesan sudah dihapus' };
  return { state: stateWords[state], at, reason: codeTold(code) };
}

/**
 * Everybody of a broadcast, in the order in which they were frozen, page by page, for who may make or approve one in its area; null for
 * others. Each page is a look at the members in it, and told as such.
 */
export async function reportBroadcast(
  viewer: Viewer,
  number: number,
  records: Pick<Records, 'pool' | 'prisma' | 'now'>,
): Promise<AsyncIterable<readonly Reported[]> | null> {
  const [found] = await broadcastsInReach(viewer, number, records);
  return found === undefined ? null : pagesOf(viewer, found.id, records);
}

async function* pagesOf(
  viewer: Viewer,
  id: string,
  { pool, now }: Pick<Records, 'pool' | 'now'>,
): AsyncGenerator<readonly Reported[]> {
  let rows = await pageAfter(pool, id, '0');
  while (rows.length > 0) {
    const subjects = rows.flatMap(({ memberId }) => memberId ?? []);
    const look = { kind: 'look', action: 'broadcast-report', actor: viewer.id, subjects, at: now() } as const;
    if (subjects.length > 0) await run(pool, audited(look));
    yield rows.map(reportOf);
    rows = rows.length < page ? [] : await pageAfter(pool, id, rows.at(-1)?.seq ?? '0');
  }
}

function pageAfter(db: Queryable, id: string, seq: string): Promise<readonly Found[]> {
  return run<Found>(db, { name: 'broadcast-report', text, values: [id, seq, page] });
}

const headings = ['Nama', 'Wilayah', 'Saluran', 'Keadaan', 'Waktu (WIB)', 'Keterangan'] as const;
const widths = [32, 36, 18, 28, 18, 60] as const;

/** The report as a workbook, a line for each person. The people are read page by page; the one sheet is put together in memory. */
export async function reportSheet(pages: AsyncIterable<readonly Reported[]>): Promise<Buffer> {
  const { default: write } = await import('write-excel-file/node');
  const head = headings.map((value) => ({ value, fontWeight: 'bold' as const }));
  const lines: string[][] = [];
  for await (const people of pages) lines.push(...people.map(lineOf));
  const layout = { sheet: 'Laporan', stickyRowsCount: 1, columns: widths.map((width) => ({ width })) };
  return write([head, ...lines], layout).toBuffer();
}

function lineOf({ name, place, channel, state, at, reason }: Reported): string[] {
  const time = at === null ? '' : `${dayInWib(at)} ${clockInWib(at)}`;
  return [name, place, channel, state, time, reason];
}
