import { z } from 'zod';
import { isRecord, type Json } from '../flow/json.js';
import { audited } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { type Ground, type Helper, rightsOf } from './helpers.js';
import { maskNumbers } from './mask.js';
import { answerBy } from './patience.js';
import { openReach, type Reach, sealReach, sendTo, type Tools } from './reach.js';

/** Why a human is needed. */
type Reason = 'asked' | 'turn-failed' | 'flows-unreadable';

/** One request for a human, and how it stands. Illegal combinations are kept out by the table itself. */
export interface Request extends Ground {
  readonly id: string;
  /** What people call it by: "Permintaan 12". */
  readonly number: number;
  readonly contactId: string;
  readonly reason: Reason;
  readonly state: 'open' | 'taken' | 'closed';
  /** Who was asked, or who has taken it. */
  readonly operatorId: string | null;
  readonly declined: readonly string[];
  readonly place: string;
  readonly openedAt: Date;
  readonly context: Context;
  readonly member: Reach;
  /** How the operator is reached who has taken it. */
  readonly operator: Operator | null;
}

/** Who has taken a request. */
interface Operator extends Reach {
  readonly contactId: string;
}

/**
 * What was going on when help was asked for: the pending question, and the last messages of both sides, NIK and phone numbers
 * cut. A report is what was told for the officer to act on: nothing of it is cut.
 */
export interface Context {
  readonly report: string | null;
  readonly question: string | null;
  readonly messages: readonly { readonly from: Speaker; readonly text: string }[];
}
type Speaker = 'member' | 'bot';

const context: z.ZodType<Context> = z.object({
  // Requests opened by earlier versions have none.
  report: z.string().nullable().default(null),
  question: z.string().nullable(),
  messages: z.array(z.object({ from: z.enum(['member', 'bot']), text: z.string() })),
});
const nothing: Context = { report: null, question: null, messages: [] };

interface Row extends Omit<Request, 'context' | 'member' | 'operator'> {
  readonly memberSealed: Buffer;
  readonly operatorSealed: Buffer | null;
  readonly contextSealed: Buffer | null;
}

const selectRequest = `
SELECT h.id, h.number, h.contact_id AS "contactId", h.reason, h.state, h.area, h.operator_id AS "operatorId", h.declined,
  h.opened_at AS "openedAt", c.simulator, h.member_sealed AS "memberSealed", h.operator_sealed AS "operatorSealed",
  h.context_sealed AS "contextSealed", coalesce(r.kind || ' ' || r.name, 'Provinsi Jawa Tengah') AS place,
  (SELECT y.residency_id FROM region y WHERE y.code = left(h.area, 5)) AS residency
FROM handover h JOIN contact c ON c.id = h.contact_id LEFT JOIN region r ON r.code = h.area`;

/** How requests are looked up: a condition over `h` (the request) and its one value. */
const lookups = {
  byId: 'WHERE h.id = $1',
  byNumber: 'WHERE h.number = $1',
  takenBy: `WHERE h.operator_id = $1 AND h.state = 'taken'`,
  standingOf: `WHERE h.contact_id = $1 AND h.state <> 'closed' ORDER BY h.state = 'taken' DESC, h.reason = 'asked' DESC, h.opened_at`,
  open: `WHERE h.state = 'open' AND c.simulator = $1 ORDER BY h.opened_at, h.number`,
  overdue: `WHERE h.state <> 'closed' AND h.due_at <= $1 ORDER BY h.due_at LIMIT 100`,
} as const;

/** Where requests are looked up. */
export interface Desk {
  readonly db: Queryable;
  readonly vault: Vault;
}

/** The requests a lookup finds. */
export async function findRequests(
  { db, vault }: Desk,
  by: keyof typeof lookups,
  value: unknown,
): Promise<readonly Request[]> {
  const text = `${selectRequest} ${lookups[by]}`;
  const rows = await run<Row>(db, { name: `requests-${by}`, text, values: [value] });
  return rows.map((row) => opened(row, vault));
}

/** The first one, or null. */
export async function findRequest(
  desk: Desk,
  by: keyof typeof lookups,
  value: unknown,
): Promise<Request | null> {
  const [first] = await findRequests(desk, by, value);
  return first ?? null;
}

function opened({ memberSealed, operatorSealed, contextSealed, ...row }: Row, vault: Vault): Request {
  return {
    ...row,
    member: openReach(vault, memberSealed),
    operator: operatorOf(row.operatorId, operatorSealed, vault),
    context: contextSealed === null ? nothing : context.parse(vault.openJson(contextSealed)),
  };
}

function operatorOf(contactId: string | null, sealed: Buffer | null, vault: Vault): Operator | null {
  return contactId === null || sealed === null ? null : { ...openReach(vault, sealed), contactId };
}

/** A helper is named by the address he was found at: whose that is when it is written. */
const contactAt = (address: string) => `(SELECT contact_id FROM address WHERE id = ${address} FOR SHARE)`;

const insertRequest = `
INSERT INTO handover (id, number, contact_id, member_sealed, reason, area, operator_id, context_sealed, opened_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, ${contactAt('$7')}, $8, $9, $10)`;

/** Writes a new request of which this helper or nobody is asked. */
export function openRequest(one: Request, helper: Helper | null, { vault, now }: Tools): Statement {
  const { id, number, contactId, member, reason, area } = one;
  const values = [
    ...[id, number, contactId, sealReach(vault, member), reason, area, helper?.addressId ?? null],
    ...[sealContext(vault, one.context), now, helper === null ? null : answerBy(now)],
  ];
  return { name: 'request-open', text: insertRequest, values };
}

const placeText = `
SELECT nextval(pg_get_serial_sequence('handover', 'number'))::int AS number,
  coalesce((SELECT r.kind || ' ' || r.name FROM region r WHERE r.code = $1), 'Provinsi Jawa Tengah') AS place,
  (SELECT r.residency_id FROM region r WHERE r.code = left($1, 5)) AS residency`;

/** The next number for a request, and what its area is called. A number that is not used after all stays unused. */
export async function placeRequest(
  db: Queryable,
  area: string,
): Promise<Pick<Request, 'number' | 'place' | 'residency'>> {
  const statement = { name: 'request-place', text: placeText, values: [area] };
  const [row] = await run<Pick<Request, 'number' | 'place' | 'residency'>>(db, statement);
  if (row === undefined) throw new Error('a select without a table gives one row');
  return row;
}

/** Seals a context. */
function sealContext(vault: Vault, { report, question, messages }: Context): Buffer {
  return vault.sealJson({ report, question, messages: messages.map(({ from, text }) => ({ from, text })) });
}

// Each change names the state it was decided on: whoever comes second finds nothing and decides anew.
const asSeen = `id = $1 AND state = $2 AND operator_id IS NOT DISTINCT FROM $3::uuid`;
const changes = {
  ask: `UPDATE handover SET state = 'open', operator_sealed = NULL, operator_id = ${contactAt('$4')}, declined = $5, context_sealed = $6,
    area = $7, due_at = $8, member_sealed = $9 WHERE ${asSeen} RETURNING id`,
  take: `UPDATE handover SET state = 'taken', operator_id = $4, operator_sealed = $5, due_at = $6 WHERE ${asSeen} RETURNING id`,
  close: `UPDATE handover SET state = 'closed', operator_sealed = NULL, closed_at = $4, due_at = NULL WHERE ${asSeen} RETURNING id`,
  answered: `UPDATE handover SET due_at = NULL, operator_sealed = $4 WHERE ${asSeen} RETURNING id`,
  unanswered: `UPDATE handover SET due_at = coalesce(due_at, $4), member_sealed = $5 WHERE ${asSeen} RETURNING id`,
} as const;

function change(what: keyof typeof changes, seen: Request, values: readonly unknown[]): Statement {
  const text = changes[what];
  return {
    name: `request-${what}`,
    text,
    values: [seen.id, seen.state, seen.operatorId, ...values],
    mustFind: true,
  };
}

/** What may be new about a request when somebody is asked. */
export type Asking = Pick<Request, 'area' | 'declined' | 'context' | 'member'>;

/** The request is (again) open, and this helper or nobody is asked. */
export function askFor(
  seen: Request,
  helper: Helper | null,
  asking: Asking,
  { vault, now }: Tools,
): Statement {
  return change('ask', seen, [
    ...[helper?.addressId ?? null, asking.declined, sealContext(vault, asking.context), asking.area],
    ...[helper === null ? null : answerBy(now), sealReach(vault, asking.member)],
  ]);
}

/** This operator takes it. */
export function takeRequest(
  seen: Request,
  contactId: string,
  operator: Reach,
  { vault, now }: Tools,
): Statement {
  return change('take', seen, [contactId, sealReach(vault, operator), answerBy(now)]);
}

/** It is over. */
export function closeRequest(seen: Request, { now }: Tools): Statement {
  return change('close', seen, [now]);
}

/**
 * The operator wrote, and is reached from here on where he did: nobody waits. Holds the request until the turn is written, so
 * that what is relayed stays in order.
 */
export function answeredRequest(seen: Request, operator: Reach, { vault }: Pick<Tools, 'vault'>): Statement {
  return change('answered', seen, [sealReach(vault, operator)]);
}

/** The member wrote, is reached from here on where he did, and waits, if he did not wait before. Holds the request likewise. */
export function unansweredRequest(seen: Request, member: Reach, { vault, now }: Tools): Statement {
  return change('unanswered', seen, [answerBy(now), sealReach(vault, member)]);
}

/** An entry of the audit: somebody looked at a person. In the transaction that shows it. */
export function lookKept(viewer: string, action: string, subject: string, at: Date): Statement {
  return audited({ kind: 'look', action, actor: viewer, subjects: [subject], at });
}

/** Tells a helper of a request, with as much of it as he may see; the look is kept. */
export async function tellHelper(
  request: Request,
  helper: Helper,
  { db, ...tools }: Tools & Desk,
): Promise<readonly Statement[]> {
  const may = await rightsOf(db, helper.contactId);
  const reads = may('read-conversation', request);
  const text = `${summaryOf(request, reads)}\n\nKetik *LAYANI* untuk menjawab.`;
  const action = reads ? 'read-conversation' : 'told-of-request';
  const look = lookKept(helper.contactId, action, request.contactId, tools.now);
  return [look, ...sendTo(helper, text, request.id, tools)];
}

const reasons: Readonly<Record<Reason, string>> = {
  asked: 'anggota meminta bantuan petugas',
  'turn-failed': 'percakapan terhenti karena kesalahan sistem',
  'flows-unreadable': 'percakapan terhenti karena perubahan sistem',
};
/** A message of the bot can be long; a helper needs only its end, where the question is. */
const longestQuote = 160;

/** A request in words, for an operator: a report for whoever looks after it, the conversation only for who may read it. */
export function summaryOf(request: Request, reads: boolean): string {
  const { number, place, reason, openedAt, context: kept } = request;
  const head = [
    `*Permintaan ${number}*`,
    `Wilayah: ${place}`,
    `Alasan: ${reasons[reason]}`,
    `Sejak: ${inWib(openedAt)}`,
    ...(kept.report === null ? [] : ['', `Laporan anggota: ${quoted(kept.report)}`]),
  ];
  if (!reads) return head.join('\n');
  const question = kept.question === null ? [] : ['', `Sedang ditanyakan: ${endOf(kept.question)}`];
  const said = kept.messages.map(
    ({ from, text }) =>
      `${from === 'bot' ? 'Bot' : 'Anggota'}: ${from === 'bot' ? endOf(text) : quoted(text)}`,
  );
  return [...head, ...question, ...(said.length === 0 ? [] : ['', 'Pesan terakhir:', ...said])].join('\n');
}

/** One line, without bold, so that it cannot be taken for ours. */
function quoted(text: string): string {
  return text.replaceAll('*', '').replace(/\s+/g, ' ').trim();
}

const betweenSentences = /(?<=[.!?…]["'”’)]*) /u;

/** The last sentences that fit, the very last one always whole: what is asked stands at the end of a message. */
function endOf(text: string): string {
  const sentences = quoted(text).split(betweenSentences);
  let shown = sentences.pop() ?? '';
  for (const sentence of sentences.reverse()) {
    if (sentence.length + shown.length >= longestQuote) return `… ${shown}`;
    shown = `${sentence} ${shown}`;
  }
  return shown;
}

const wib = new Intl.DateTimeFormat('id-ID', {
  timeZone: 'Asia/Jakarta',
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
});

/** A moment as people in Central Java write it. */
export function inWib(at: Date): string {
  return `${wib.format(at)} WIB`;
}

interface Said {
  readonly body: Buffer;
  readonly ours: boolean;
  readonly question: string | null;
}

const rememberedMessages = 6;
const lastMessages = `
SELECT body, ours, question FROM (
  SELECT body_sealed AS body, true AS ours, question, created_at AS at, seq FROM delivery
  WHERE contact_id = $1 AND lane = 'reply' AND body_sealed IS NOT NULL
  UNION ALL
  SELECT body_sealed, false, NULL, received_at, seq FROM inbound
  WHERE contact_id = $1 AND body_sealed IS NOT NULL AND dedupe_key NOT LIKE 'signal:%' AND id IS DISTINCT FROM $2::uuid
) AS said ORDER BY at DESC, ours DESC, seq DESC LIMIT ${rememberedMessages}`;

/** What a person writes in the turn that asks: its row is written with the turn, or was stored before it and counts once. */
export interface Latest {
  readonly inboundId: string;
  readonly said: string | null;
}

/** What was said last in a conversation, so that a helper need not ask again; NIK and phone numbers are cut short. */
export async function recentContext(
  { db, vault }: Desk,
  contactId: string,
  pendingQuestion: string | null,
  latest: Latest | null,
): Promise<Omit<Context, 'report'>> {
  const values = [contactId, latest?.inboundId ?? null];
  const rows = await run<Said>(db, { name: 'request-messages', text: lastMessages, values });
  const said = rows.toReversed().map(({ body, ours, question }) => ({
    from: ours ? ('bot' as const) : ('member' as const),
    text: maskNumbers(wordsIn(vault.openJson(body))),
    pending: question !== null && question === pendingQuestion,
  }));
  const question = said.findLast((one) => one.pending)?.text ?? null;
  const before = said.map(({ from, text }) => ({ from, text }));
  return { question, messages: [...before, ...wordsNow(latest)].slice(-rememberedMessages) };
}

function wordsNow(latest: Latest | null): Context['messages'] {
  const said = latest?.said ?? null;
  return said === null ? [] : [{ from: 'member', text: maskNumbers(said) }];
}

/** The words of a stored message: what we said, what was typed, the label of what was chosen, or that it was a file. */
function wordsIn(body: Json): string {
  const said = isRecord(body) && isRecord(body.content) ? body.content : body;
  if (!isRecord(said)) return '';
  if (said.kind === 'file') return `[foto atau berkas] ${String(said.caption ?? '')}`.trim();
  return String(said.text ?? said.label ?? '');
}
