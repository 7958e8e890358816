import { z } from 'zod';
import { type Queryable, run, type Statement } from '../../store/statement.js';
import { openReach, type Reach, sealReach, signalTo, type Tools } from '../reach.js';
import { fateWords } from './report.js';

/** What is to be done with a list that somebody sent in the chat (`look`, `import`), or takes back (`undo`); or it waits for his answer (`looked`), or to be told (`done`). */
export type JobState = 'look' | 'looked' | 'import' | 'undo' | 'done';

/** A conversation hears under this name that something became of a list. */
const rosterNews = 'roster-news';

// Object.keys loses the key type; these are the fates of a line.
const fates = Object.keys(fateWords) as (keyof typeof fateWords)[];
const column = z.object({ heading: z.string(), field: z.string().nullable() });
const found = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('list'),
    columns: z.array(column),
    counts: z.record(z.enum(fates), z.number()),
    /** The first that were refused, in words. */
    refused: z.array(z.string()),
  }),
  z.object({ kind: z.literal('imported'), counts: z.record(z.enum(fates), z.number()) }),
  z.object({
    kind: z.literal('taken-back'),
    ...{ removed: z.number(), restored: z.number(), stayed: z.number() },
  }),
  z.object({ kind: z.literal('failed'), why: z.string() }),
]);
/** What became of a list. */
export type Found = z.infer<typeof found>;

const byHand = z.record(z.string(), z.string());

/** A list that somebody sent in the chat, or takes back. */
export interface Job {
  readonly id: string;
  readonly contactId: string;
  readonly state: JobState;
  /** How often it was begun in this state. */
  readonly tries: number;
  readonly attachmentId: string | null;
  /** The message it came with. */
  readonly inboundId: string | null;
  readonly reportId: string | null;
  readonly reportSize: number | null;
  readonly number: number | null;
  readonly simulator: boolean;
  readonly reach: Buffer;
  readonly columns: Buffer | null;
  readonly result: Buffer | null;
}

const columns = `j.id, j.contact_id AS "contactId", j.state, j.tries, j.attachment_id AS "attachmentId", j.report_id AS "reportId", j.number, j.simulator,
  j.reach_sealed AS reach, j.columns_sealed AS columns, j.result_sealed AS result,
  (SELECT t.inbound_id FROM attachment t WHERE t.id = j.attachment_id) AS "inboundId",
  (SELECT t.size FROM attachment t WHERE t.id = j.report_id) AS "reportSize"`;
const ownText = `SELECT ${columns} FROM roster_job j WHERE j.contact_id = $1`;

/** The list that somebody has under way; null: none. */
export async function jobOf(contactId: string, db: Queryable): Promise<Job | null> {
  const statement = { name: 'roster-job-of', text: ownText, values: [contactId] };
  return (await run<Job>(db, statement))[0] ?? null;
}

const waitingText = `SELECT id FROM roster_job WHERE state IN ('look', 'import', 'undo') LIMIT 1`;

/** Whether a list waits to be worked through. */
export async function isListWaiting(db: Queryable): Promise<boolean> {
  return (await run(db, { name: 'roster-job-waits', text: waitingText, values: [] })).length > 0;
}

const beginText = `UPDATE roster_job j SET tries = j.tries + 1 WHERE j.id = (
  SELECT id FROM roster_job WHERE state IN ('look', 'import', 'undo') AND id <> ALL($1::uuid[]) ORDER BY asked_at, id LIMIT 1)
RETURNING ${columns}`;

/** Begins with the list that has waited longest, but none of these. */
export async function beginJob(passed: readonly string[], db: Queryable): Promise<Job | null> {
  return (await run<Job>(db, { name: 'roster-job-begin', text: beginText, values: [passed] }))[0] ?? null;
}

/** What is known of somebody who sends a list or takes one back. */
interface Asking extends Tools {
  readonly contactId: string;
  readonly simulator: boolean;
  readonly reach: Reach;
}

const askText = `
INSERT INTO roster_job AS j (id, contact_id, reach_sealed, state, attachment_id, number, simulator, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (contact_id) DO UPDATE SET id = $1, reach_sealed = $3, state = $4, tries = 0,
  attachment_id = $5, report_id = NULL, columns_sealed = NULL, result_sealed = NULL, number = $6, asked_at = $8
WHERE j.state IN ('look', 'looked', 'done') RETURNING id`;

/** A list is to be looked through or taken back; what the same person had sent before, and is not being written just now, goes. */
export function askForList(
  wish: { readonly state: 'look' | 'undo'; readonly attachmentId?: string; readonly number?: number },
  before: Job | null,
  { contactId, simulator, reach, vault, newId, now }: Asking,
): readonly Statement[] {
  const { state, attachmentId = null, number = null } = wish;
  const values = [newId(), contactId, sealReach(vault, reach), state, attachmentId, number, simulator, now];
  const asked = { name: 'roster-job-ask', text: askText, values, mustFind: true };
  return [asked, ...forgetFile(before?.attachmentId ?? null)];
}

const fileText = 'DELETE FROM attachment WHERE id = $1';

/** Erases the row of what was sent, and what is under way with it; the bytes go with the next sweep. A report that was made of it goes by age. */
export function forgetFile(attachmentId: string | null): readonly Statement[] {
  return attachmentId === null ? [] : [{ name: 'roster-job-file', text: fileText, values: [attachmentId] }];
}

const dropText = 'DELETE FROM roster_job WHERE id = $1 AND state = $2 RETURNING id';

/** Nothing more becomes of it, and the file that was sent is erased. */
export function dropJob({ id, state, attachmentId }: Job): readonly Statement[] {
  const drop = { name: 'roster-job-drop', text: dropText, values: [id, state], mustFind: true };
  return [drop, ...forgetFile(attachmentId)];
}

const againText = `UPDATE roster_job SET state = $2, tries = 0, columns_sealed = $3 WHERE id = $1 AND state = 'looked' RETURNING id`;

/** Goes on with a list that was looked through: to look once more with what was said of its columns, or to write it. */
export function goOn(
  { id, columns: kept }: Job,
  to: 'look' | 'import',
  said: Readonly<Record<string, string>>,
  { vault }: Tools,
): Statement {
  const sealed = to === 'look' ? vault.sealJson(said) : kept;
  return { name: 'roster-job-go-on', text: againText, values: [id, to, sealed], mustFind: true };
}

/** What was said of columns by hand. */
export function columnsOf(
  { columns: sealed }: Job,
  { vault }: Pick<Tools, 'vault'>,
): Readonly<Record<string, string>> {
  return sealed === null ? {} : byHand.parse(vault.openJson(sealed));
}

/** What became of it; null while nothing did. */
export function foundIn({ result }: Job, { vault }: Pick<Tools, 'vault'>): Found | null {
  return result === null ? null : found.parse(vault.openJson(result));
}

const endText = `UPDATE roster_job SET state = $3, tries = 0, result_sealed = $4, report_id = $5, number = coalesce($6, number),
  attachment_id = CASE WHEN $3 = 'looked' THEN attachment_id END
WHERE id = $1 AND state = $2 RETURNING id`;

/** What a job came to. */
export interface Ending {
  readonly found: Found;
  readonly reportId?: string | null;
  readonly number?: number | null;
}

/** A job has come to something, which the person is told: written once, however often it was begun. */
export function endJob(
  job: Job,
  { found: what, reportId = null, number = null }: Ending,
  tools: Tools,
): readonly Statement[] {
  const to: JobState = what.kind === 'list' ? 'looked' : 'done';
  const values = [job.id, job.state, to, tools.vault.sealJson(what), reportId, number];
  return [
    { name: 'roster-job-end', text: endText, values, mustFind: true },
    ...(to === 'looked' ? [] : forgetFile(job.attachmentId)),
    signalTo(openReach(tools.vault, job.reach), rosterNews, tools),
  ];
}
