import { showDate } from '../flow/calendar.js';
import { type Queryable, run } from '../store/statement.js';
import { dayInWib } from './wib.js';

/** A headed part of the file; a part without lines says so. */
export interface Part {
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * The parts as a text file any phone opens: UTF-8 that says so in its first bytes, lines as Windows ends them, which old viewers need, and
 * no line that must be wide to be read.
 */
export function textOf(head: readonly string[], parts: readonly Part[]): Buffer {
  const body = parts.flatMap(({ title, lines }) => [
    '',
    title.toUpperCase(),
    ...(lines.length === 0 ? ['Tidak ada.'] : lines.map((line) => `- ${line.replace(/\s+/g, ' ')}`)),
  ]);
  return Buffer.from(`\uFEFF${[...head, ...body].join('\r\n')}\r\n`, 'utf8');
}

const day = (at: Date) => showDate(dayInWib(at));

interface ConsentRow {
  readonly at: Date;
  readonly version: string;
  readonly granted: boolean;
  readonly conveyed: boolean;
  readonly reply: Buffer;
}

const consentsText = `SELECT at, version, granted, conveyed, reply_sealed AS reply FROM consent WHERE member_id = $1
  OR member_id IS NULL AND contact_id IN (SELECT contact_id FROM member_contact WHERE member_id = $1) ORDER BY at, id`;

/** Each consent and refusal: when, to which text, in which words. */
export async function consentLines(
  db: Queryable,
  memberId: string,
  open: (sealed: Buffer) => string,
): Promise<readonly string[]> {
  const rows = await run<ConsentRow>(db, { name: 'own-consents', text: consentsText, values: [memberId] });
  return rows.map(
    ({ at, version, granted, conveyed, reply }) =>
      `${day(at)}: ${granted ? 'setuju' : 'tidak setuju'}, naskah ${version}, jawaban "${open(reply)}"${conveyed ? ', disampaikan lewat HP orang lain' : ''}`,
  );
}

interface EntryRow {
  readonly at: Date;
  readonly action: string;
  readonly detail: string | null;
}

const entriesText = `SELECT e.at, e.action, e.detail FROM person_key n JOIN audit_entry e ON e.person = n.id
WHERE n.subject = $1 AND e.kind = $2 ORDER BY e.at, e.id`;

/** What the audit tells of one kind about a member, in order, in the words given for it. */
export async function entryLines(
  db: Queryable,
  memberId: string,
  kind: string,
  words: (entry: EntryRow) => string,
): Promise<readonly string[]> {
  const statement = { name: 'own-entries', text: entriesText, values: [memberId, kind] };
  return (await run<EntryRow>(db, statement)).map((entry) => `${day(entry.at)}: ${words(entry)}`);
}

interface ProblemRow {
  readonly at: Date;
  readonly topic: string;
  readonly words: Buffer;
}

const problemsText = `SELECT proposed_at AS at, topic, text_sealed AS words FROM problem WHERE member_id = $1 ORDER BY proposed_at, id`;

/** What the member proposed for the rakor. */
export async function problemLines(
  db: Queryable,
  memberId: string,
  open: (sealed: Buffer) => string,
): Promise<readonly string[]> {
  const rows = await run<ProblemRow>(db, { name: 'own-problems', text: problemsText, values: [memberId] });
  return rows.map(({ at, topic, words }) => `${day(at)}: ${topic}: ${open(words)}`);
}

interface RequestRow {
  readonly number: number;
  readonly kind: string;
  readonly askedAt: Date;
  readonly result: string | null;
}

const requestsText = `SELECT number, kind, asked_at AS "askedAt", result FROM privacy_request WHERE member_id = $1 ORDER BY number`;
const results: Readonly<Record<string, string>> = { done: 'selesai', refused: 'tidak dipenuhi' };

/** What the member asked for about the data. */
export async function requestLines(
  db: Queryable,
  memberId: string,
  words: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const rows = await run<RequestRow>(db, { name: 'own-requests', text: requestsText, values: [memberId] });
  return rows.map(
    ({ number, kind, askedAt, result }) =>
      `${day(askedAt)}: nomor ${number}, ${words[kind] ?? kind}, ${results[result ?? ''] ?? 'sedang dikerjakan'}`,
  );
}

interface ChangeRow {
  readonly at: Date;
  readonly item: string;
  readonly old: Buffer | null;
  readonly since: string | null;
}

const changesText = `SELECT changed_at AS at, item, old_sealed AS old, since FROM member_change WHERE member_id = $1 ORDER BY changed_at, id`;

/** Every correction, with what stood there before. */
export async function changeLines(
  db: Queryable,
  memberId: string,
  words: Readonly<Record<string, string>>,
  open: (sealed: Buffer) => string,
): Promise<readonly string[]> {
  const rows = await run<ChangeRow>(db, { name: 'own-changes', text: changesText, values: [memberId] });
  return rows.map(
    ({ at, item, old, since }) =>
      `${day(at)}: ${words[item] ?? item}${since === null ? '' : ` sejak ${showDate(since)}`}, sebelumnya ${old === null ? 'kosong' : `"${open(old)}"`}`,
  );
}
