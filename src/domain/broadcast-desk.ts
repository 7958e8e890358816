import { audited } from '../store/audit.js';
import { type BroadcastChange, broadcastChanges, changeBroadcast } from '../store/broadcasts.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { covered } from './areas.js';
import { excluded, type Reason, reasons } from './audience-people.js';
import { codeIndexOf, codeOf } from './links.js';
import { placeName } from './places.js';
import { areasFor, type Viewer } from './roles.js';

/** As many as an old phone shows in one message. */
const mostListed = 8;

const isTheirs = (area: string) => `('33' = ANY($1::text[]) OR ${covered(area)})`;
const isWorld = 'b.simulator IS NOT DISTINCT FROM coalesce($2::boolean, b.simulator)';

/** A broadcast in a list. */
export interface BroadcastLine {
  readonly number: number;
  readonly kind: string;
  readonly state: string;
  readonly createdAt: Date;
}

const linesText = `SELECT b.number, b.kind, b.state, b.created_at AS "createdAt" FROM broadcast b
WHERE ${isTheirs('b.area')} AND ${isWorld} ORDER BY b.number DESC LIMIT ${mostListed}`;

function reachOf(viewer: Viewer): readonly unknown[] {
  return [areasFor(viewer, 'broadcast'), viewer.simulator === 'both' ? null : viewer.simulator];
}

/** The last broadcasts of the areas in which a viewer may make one, the latest first. */
export function broadcastsFor(viewer: Viewer, db: Queryable): Promise<readonly BroadcastLine[]> {
  return run(db, { name: 'broadcasts-for', text: linesText, values: reachOf(viewer) });
}

/** What a word in the chat can make of a broadcast. */
export const wordChanges = ['pause', 'resume', 'cancel'] as const satisfies readonly BroadcastChange[];

/** Those that mean something in a state. */
export function changesFrom(state: string): readonly BroadcastChange[] {
  return wordChanges.filter((change) => broadcastChanges[change].from.some((one) => one === state));
}

/** Changes a broadcast as a word in the chat asks, told in the audit together with it. */
export function changeByWord(
  id: string,
  change: BroadcastChange,
  viewer: Viewer,
  at: Date,
): readonly Statement[] {
  return [
    changeBroadcast(id, change, change === 'cancel' ? at : null),
    audited({ kind: 'broadcast', action: change, detail: id, actor: viewer.id, subjects: [], at }),
  ];
}

/** Why somebody cannot be reached whom another person may call. */
const unreachable = Object.keys(reasons).filter((one) => !excluded.some((other) => other === one));

/** Somebody of a broadcast whom Sapa cannot write to; `name` is null of the holder of a role who is no member. */
export interface Unreached {
  readonly broadcastId: string;
  readonly seq: string;
  readonly memberId: string | null;
  readonly grantId: string | null;
  readonly name: string | null;
  readonly role: string | null;
  readonly place: string;
  readonly reason: Reason;
  /** Sealed. */
  readonly phone: Buffer | null;
  readonly contactedAt: Date | null;
  readonly contactedBy: string | null;
}

const people = `FROM broadcast b JOIN recipient r ON r.broadcast_id = b.id LEFT JOIN member m ON m.id = r.member_id
  LEFT JOIN role_grant g ON g.id = r.grant_id LEFT JOIN region v ON v.code = m.region_code LEFT JOIN region d ON d.code = v.parent_code
WHERE ${isTheirs('coalesce(m.region_code, g.area)')} AND ${isWorld} AND b.number = $3::int AND r.reason = ANY($4::text[])`;
const columns = `r.broadcast_id AS "broadcastId", r.seq, r.member_id AS "memberId", r.grant_id AS "grantId", m.name, g.role,
  coalesce(v.kind || ' ' || v.name || ', ' || d.name, ${placeName('g.area')}) AS place, r.reason,
  coalesce(m.phone_sealed, g.phone_sealed) AS phone, r.contacted_at AS "contactedAt", r.contacted_by AS "contactedBy"`;
const openText = `SELECT ${columns}, count(*) OVER ()::int AS count ${people} AND r.contacted_at IS NULL
ORDER BY coalesce(m.region_code, g.area), m.name, r.seq LIMIT $5 OFFSET $6`;
const allText = `SELECT ${columns}, count(*) OVER ()::int AS count ${people}
ORDER BY coalesce(m.region_code, g.area), m.name, r.seq LIMIT $5 OFFSET $6`;
const oneText = `SELECT ${columns} ${people} AND r.seq = $5::bigint AND r.contacted_at IS NULL`;

/** Which part of the list is wanted; `told`: with those somebody has told already. */
export interface UnreachedWish {
  readonly number: number;
  readonly most: number;
  readonly after: number;
  readonly told?: boolean;
}

/** Part of that list: these people, and how many there are in all. */
export interface UnreachedPage {
  readonly count: number;
  readonly people: readonly Unreached[];
}

/** Those of a broadcast whom Sapa cannot reach, in the areas in which a viewer may make one, whoever made this one: so that chairs can help. */
export async function unreachedOf(
  viewer: Viewer,
  { number, most, after, told = false }: UnreachedWish,
  db: Queryable,
): Promise<UnreachedPage> {
  const values = [...reachOf(viewer), number, unreachable, most, after];
  const statement = told
    ? { name: 'unreached-all', text: allText, values }
    : { name: 'unreached-open', text: openText, values };
  const rows = await run<Unreached & { readonly count: number }>(db, statement);
  return { count: rows[0]?.count ?? 0, people: rows.map(({ count: _, ...one }) => one) };
}

/** That these people were looked at. */
export function lookedAtUnreached(
  viewer: Viewer,
  some: readonly Unreached[],
  at: Date,
): readonly Statement[] {
  const subjects = some.flatMap(({ memberId, grantId }) => memberId ?? grantId ?? []);
  if (subjects.length === 0) return [];
  return [audited({ kind: 'look', action: 'list-unreached', actor: viewer.id, subjects, at })];
}

const contactedText = `UPDATE recipient SET contacted_by = $3, contacted_at = $4, code_index = NULL
WHERE broadcast_id = $1 AND seq = $2 AND contacted_at IS NULL RETURNING seq`;

/** Keeps that somebody has been told by hand, by whom and when; null where that cannot be said (any more) by this viewer. */
export async function markContacted(
  viewer: Viewer,
  number: number,
  seq: string,
  { db, now }: { readonly db: Queryable; readonly now: Date },
): Promise<readonly Statement[] | null> {
  const values = [...reachOf(viewer), number, unreachable, seq];
  const [found] = await run<Unreached>(db, { name: 'unreached-one', text: oneText, values });
  if (found === undefined) return null;
  const subjects = [found.memberId ?? found.grantId].filter((one) => one !== null);
  return [
    {
      ...{ name: 'recipient-contacted', text: contactedText, mustFind: true },
      values: [found.broadcastId, found.seq, viewer.id, now],
    },
    audited({ kind: 'broadcast', action: 'contacted', actor: viewer.id, subjects, at: now }),
  ];
}

/** The code behind which the message waits for one of them: the same whenever it is asked for, until it is used. */
export function codeFor({ broadcastId, seq }: Pick<Unreached, 'broadcastId' | 'seq'>, vault: Vault): string {
  return codeOf((round) => vault.indexBytes('recipient', Buffer.from(`${broadcastId} ${seq} ${round}`)));
}

const codesText = `UPDATE recipient r SET code_index = n.code FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS n(id, seq, code)
WHERE r.broadcast_id = n.id AND r.seq = n.seq AND r.contacted_at IS NULL AND r.code_index IS NULL`;

/** Lets the codes of these people open the message. */
export function keepCodes(some: readonly Unreached[], vault: Vault): Statement {
  const ids = some.map(({ broadcastId }) => broadcastId);
  const seqs = some.map(({ seq }) => seq);
  const codes = some.map((one) => codeIndexOf(codeFor(one, vault), vault));
  return { name: 'recipient-codes', text: codesText, values: [ids, seqs, codes] };
}

const waitingText = `SELECT r.broadcast_id AS "broadcastId", r.seq, b.body_sealed AS body FROM recipient r JOIN broadcast b ON b.id = r.broadcast_id
WHERE r.code_index = $1 AND b.simulator = $2 AND b.state IN ('running', 'paused', 'done') AND (b.expires_at IS NULL OR b.expires_at > $3)`;

/** What waits behind a code, and for whom it was. */
export interface WaitingMessage {
  readonly broadcastId: string;
  readonly seq: string;
  readonly body: Buffer;
}

/** Finds the message behind a code; null when there is none, it was opened, or it is too late. */
export async function waitingBehind(
  code: string,
  {
    db,
    vault,
    now,
    simulator,
  }: { readonly db: Queryable; readonly vault: Vault; readonly now: Date; readonly simulator: boolean },
): Promise<WaitingMessage | null> {
  const values = [codeIndexOf(code, vault), simulator, now];
  const [found] = await run<WaitingMessage>(db, { name: 'recipient-behind', text: waitingText, values });
  return found ?? null;
}

/** Whoever opened the message by its link was told by it. */
const byLink = 'tautan';

/** Keeps that a message was opened by its code; of two who do so one has it. */
export function openedByLink({ broadcastId, seq }: WaitingMessage, at: Date): Statement {
  const values = [broadcastId, seq, byLink, at];
  return { name: 'recipient-contacted', text: contactedText, values, mustFind: true };
}
