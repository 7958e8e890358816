import { z } from 'zod';
import type { Message } from '../flow/message.js';
import { audited } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import { ChangedMeanwhile, type Queryable, run, type Statement } from '../store/statement.js';
import { writeTogether } from '../store/transaction.js';
import { type Audience, audienceSchema, lackingIn, showAudience } from './audience.js';
import type { Known } from './audience-leaves.js';
import {
  type Asked,
  countMessages,
  freezePeople,
  type Headcount,
  type MessageCount,
  readKnown,
  residencyOfKnown,
} from './audience-people.js';
import { type BroadcastKind, kindNamed, turnWords } from './broadcast-kinds.js';
import { type MadeBroadcast, toMaker } from './broadcast-maker.js';
import { approversFor } from './helpers.js';
import { fitsRakor, turnsRakor } from './rakor-turns.js';
import { messageJson, sealMessage, sendTo, type Tools } from './reach.js';
import type { Records } from './records.js';
import { type Area, may, type Viewer } from './roles.js';

/** How far it may go: `urgent` does not wait for the hours of broadcasts, `lawful` (a breach notice: UU 27/2022, article 46) for no opt-out either. */
export const urgencies = ['normal', 'urgent', 'lawful'] as const;
/** One of them. */
export type Urgency = (typeof urgencies)[number];

/** What somebody wants to tell many. */
export interface Announcement {
  readonly kind: BroadcastKind;
  readonly rakorId: string | null;
  /** Its text is the same for all; a question in it is asked of each. */
  readonly message: Message;
  /** What is sent besides to some of them, as its kind decides, once it is approved. */
  readonly follow?: Message;
  readonly audience: Audience;
  /** Where its maker may speak: nobody outside of it is ever meant. */
  readonly area: Area;
  readonly urgency: Urgency;
  readonly expiresAt: Date | null;
  readonly simulator: boolean;
  /** What becomes of its rakor once it is sent (`sealNext`). */
  readonly rakorNext?: Buffer;
}

/** With what broadcasts are made: `db` for looking only. */
export interface Making extends Tools {
  readonly db: Queryable;
  /** More messages than this need a second person's yes. */
  readonly secondYesAbove: number;
}

const insertText = `
INSERT INTO broadcast (id, simulator, kind, urgency, area, audience, rakor_id, state, body_sealed, created_by, created_at, expires_at,
  rakor_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $12)`;

/**
 * Keeps a broadcast as a draft; null when the viewer may not speak in that area. A draft is never changed: whoever wants it otherwise makes
 * another one, so that what was seen is what is approved.
 */
export async function draftBroadcast(
  viewer: Viewer,
  wish: Announcement,
  making: Making,
): Promise<{ readonly id: string; readonly writes: readonly Statement[] } | null> {
  const { db, vault, now, newId } = making;
  const { kind, urgency, area, audience, rakorId, simulator, expiresAt } = wish;
  const known = await readKnown(db, { simulator, now, area });
  if (!may(viewer, 'broadcast', area, residencyOfKnown(known))) return null;
  const id = newId();
  const body = sealedBody(wish, vault);
  const asked = JSON.stringify(audience);
  const values = [id, simulator, kind, urgency, area, asked, rakorId, body, viewer.id, now, expiresAt];
  const draft = { name: 'broadcast-draft', text: insertText, values: [...values, wish.rakorNext ?? null] };
  const moved = told('drafted', id, viewer, now);
  return { id, writes: [draft, moved] };
}

function sealedBody({ message, follow }: Announcement, vault: Vault): Buffer {
  const besides = follow === undefined ? {} : { follow: messageJson(follow) };
  return vault.sealJson({ ...messageJson(message), ...besides });
}

function told(action: string, detail: string, viewer: Viewer, at: Date): Statement {
  return audited({ kind: 'broadcast', action, detail, actor: viewer.id, subjects: [], at });
}

interface Row {
  readonly id: string;
  readonly number: number;
  readonly simulator: boolean;
  readonly kind: string;
  readonly urgency: string;
  readonly area: Area;
  readonly audience: unknown;
  readonly rakorId: string | null;
  readonly state: string;
  readonly body: Buffer;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly rakorNext: Buffer | null;
}

/** A broadcast as its makers and approvers see it. */
export interface Broadcast extends Omit<Row, 'audience' | 'urgency' | 'body'> {
  readonly audience: Audience;
  readonly urgency: Urgency;
  readonly message: Message;
  readonly follow: Message | null;
}

const columns = `id, number, simulator, kind, urgency, area, audience, rakor_id AS "rakorId", state, body_sealed AS body,
  created_by AS "createdBy", expires_at AS "expiresAt", rakor_sealed AS "rakorNext"`;
const byIdText = `SELECT ${columns} FROM broadcast WHERE id = $1::uuid`;
const byNumberText = `SELECT ${columns} FROM broadcast WHERE number = $1::int`;

/** A broadcast by its id or its number, for who may make or approve one in its area; null for others. */
export async function findBroadcast(
  viewer: Viewer,
  which: string | number,
  { db, vault, now }: Pick<Making, 'db' | 'vault' | 'now'>,
): Promise<{ readonly broadcast: Broadcast; readonly known: Known } | null> {
  const statement =
    typeof which === 'number'
      ? { name: 'broadcast-by-number', text: byNumberText, values: [which] }
      : { name: 'broadcast-by-id', text: byIdText, values: [which] };
  const [row] = await run<Row>(db, statement);
  if (row === undefined || !(viewer.simulator === 'both' || viewer.simulator === row.simulator)) return null;
  const known = await readKnown(db, { simulator: row.simulator, area: row.area, now });
  const acts = ['broadcast', 'approve-broadcast'] as const;
  if (!acts.some((act) => may(viewer, act, row.area, residencyOfKnown(known)))) return null;
  return { broadcast: opened(row, vault), known };
}

const urgencySchema = z.enum(urgencies);
const messageSchema = z.object({
  text: z.string(),
  choices: z.array(z.object({ id: z.string(), label: z.string() })),
  question: z.string().nullable(),
  enclosure: z
    .object({
      kind: z.enum(['photo', 'document']),
      content: z.string(),
      mime: z.string(),
      name: z.string(),
      size: z.number(),
    })
    .exactOptional(),
});

const bodySchema = messageSchema.extend({ follow: messageSchema.nullable().default(null) });

function opened({ body, audience, urgency, ...row }: Row, vault: Vault): Broadcast {
  const { follow, ...message } = bodySchema.parse(vault.openJson(body));
  return {
    ...row,
    ...{ message, follow },
    audience: audienceSchema.parse(audience),
    urgency: urgencySchema.parse(urgency),
  };
}

/** The message of a broadcast, opened. Throws when the row holds something else. */
export function openedMessage(body: Buffer, vault: Vault): Message {
  return messageSchema.parse(vault.openJson(body));
}

/** The people of a broadcast, as a query asks for them. */
export function askedBy({ audience, area, urgency }: Broadcast, known: Known): Asked {
  return { audience, area, lawful: urgency === 'lawful', known };
}

/** How many messages go out. */
export function messagesIn({ messages }: Headcount): number {
  return Object.values(messages).reduce((sum, count) => sum + count, 0);
}

/**
 * Why nothing was approved: there is no such broadcast for this viewer; it was decided already; it is too late; its rakor is another one by
 * now; whoever made it cannot be the second person; a draft is its maker's; or it names a list that is not there any more.
 */
export type Refusal = 'unknown' | 'decided' | 'expired' | 'changed' | 'own' | 'not-yours' | 'no-list';

/** What becomes of an approval, with what it writes; `asked`: how many were asked to be the second person. */
export type Approval =
  | {
      readonly result: 'running';
      readonly number: number;
      readonly messages: number;
      readonly writes: readonly Statement[];
    }
  | {
      readonly result: 'waiting';
      readonly number: number;
      readonly messages: number;
      readonly asked: number;
      readonly writes: readonly Statement[];
    }
  | { readonly result: 'refused'; readonly why: Refusal };

const refused = (why: Refusal): Approval => ({ result: 'refused', why });

/**
 * Decides what a yes of this viewer does. That of its maker sends a small broadcast, and asks for a second person where there are more messages,
 * where it goes to a group, or where it does not wait for the hours; that of a second person, who may approve in its area and did not make it, sends it.
 */
export async function decideApproval(
  viewer: Viewer,
  which: string | number,
  making: Making,
): Promise<Approval> {
  const found = await findBroadcast(viewer, which, making);
  if (found === null) return refused('unknown');
  const { broadcast, known } = found;
  const { state, createdBy, expiresAt } = broadcast;
  if (state !== 'draft' && state !== 'waiting') return refused('decided');
  if (expiresAt !== null && expiresAt <= making.now) return refused('expired');
  if (!(await fitsRakor(broadcast, making))) return refused('changed');
  if (lackingIn(broadcast.audience, known) !== null) return refused('no-list');
  const isOwn = createdBy === viewer.id;
  if (state === 'draft') return isOwn ? ownYes(viewer, broadcast, known, making) : refused('not-yours');
  if (isOwn) return refused('own');
  if (!may(viewer, 'approve-broadcast', broadcast.area, residencyOfKnown(known))) return refused('unknown');
  const { messages } = await countMessages(making.db, askedBy(broadcast, known));
  return goAhead(viewer, broadcast, known, { ...making, messages });
}

async function ownYes(viewer: Viewer, broadcast: Broadcast, known: Known, making: Making): Promise<Approval> {
  if (!may(viewer, 'broadcast', broadcast.area, residencyOfKnown(known))) return refused('unknown');
  const count = await countMessages(making.db, askedBy(broadcast, known));
  const { messages } = count;
  if (!needsSecondYes(broadcast, count, making))
    return goAhead(viewer, broadcast, known, { ...making, messages });
  const { area, simulator, id } = broadcast;
  const second = await approversFor(making.db, { area, simulator, except: viewer.id });
  const text = secondYesText(broadcast, messages);
  return {
    ...{ result: 'waiting', number: broadcast.number, messages, asked: second.length },
    writes: [
      take(id, 'draft', 'waiting', null, making.now),
      told('asked', id, viewer, making.now),
      ...second.flatMap((one) => sendTo(one, text, null, making)),
    ],
  };
}

function needsSecondYes(
  { urgency }: Broadcast,
  { messages, inGroups }: MessageCount,
  { secondYesAbove }: Pick<Making, 'secondYesAbove'>,
): boolean {
  return urgency !== 'normal' || inGroups || messages > secondYesAbove;
}

function secondYesText({ number, kind, urgency, audience }: Broadcast, messages: number): string {
  const hurry = {
    normal: '',
    urgent: ' Siaran ini *mendesak*: dikirim di luar jam siaran juga.',
    lawful: ' Siaran ini *kewajiban hukum*: dikirim juga kepada yang memilih berhenti menerima pesan.',
  }[urgency];
  const turns = turnWords(kind).map((words) => ` ${words}`);
  return `${kindNamed(kind).words} ${number} menunggu persetujuan orang kedua: ${messages} pesan, untuk ${showAudience(audience)}.${hurry}${turns.join('')}

Ketik *SETUJUI ${number}* untuk melihat isinya dan memutuskan.`;
}

const takeText = `UPDATE broadcast SET state = $3, approved_by = $4, approved_at = CASE WHEN $4::text IS NULL THEN approved_at ELSE $5::timestamptz END
WHERE id = $1 AND state = $2 RETURNING id`;

/** Of two who decide at once the second finds nothing, and decides anew. */
function take(id: string, from: string, to: string, by: string | null, now: Date): Statement {
  return { name: 'broadcast-take', text: takeText, values: [id, from, to, by, now], mustFind: true };
}

/** So many new rows that plans which were made for fewer of them no longer hold. */
const manyRows = 1_000;
// Connections remember plans until somebody has counted; the server does so within a minute, in which each look would read the whole table.
const countRows: Statement = { name: '', text: 'ANALYZE delivery, recipient', values: [] };

async function goAhead(
  viewer: Viewer,
  broadcast: Broadcast,
  known: Known,
  { messages, ...making }: Making & { readonly messages: number },
): Promise<Approval> {
  const { id, state, kind, rakorId, message, expiresAt } = broadcast;
  const { now, vault, newId } = making;
  const asked = askedBy(broadcast, known);
  const follow =
    broadcast.follow === null ? null : { id: newId(), body: sealMessage(vault, broadcast.follow) };
  const frozen = kindNamed(kind).frozen?.({ id, rakorId, now, follow }) ?? [];
  return {
    ...{ result: 'running', number: broadcast.number, messages },
    writes: [
      ...(await turnsRakor(viewer, broadcast, making)),
      take(id, state, 'running', viewer.id, now),
      ...freezePeople(asked, { id, question: message.question, expiresAt, now }),
      ...(messages > manyRows ? [countRows] : []),
      ...frozen,
      told('approved', id, viewer, now),
      ...(state === 'waiting' ? await toMaker(broadcast, goesOut(broadcast), making) : []),
    ],
  };
}

function goesOut({ number, kind }: MadeBroadcast): string {
  const { words, turns } = kindNamed(kind);
  const also = turns === undefined ? '' : `, dan ${turns.yes}`;
  return `${words} ${number} sudah disetujui orang kedua dan mulai dikirim${also}.`;
}

/** The no of a second person, with what is told to its maker; null where there is nothing (any more) to say no to. */
export async function declineBroadcast(
  viewer: Viewer,
  which: string | number,
  reason: string,
  making: Making,
): Promise<readonly Statement[] | null> {
  const found = await findBroadcast(viewer, which, making);
  if (found === null || found.broadcast.state !== 'waiting' || found.broadcast.createdBy === viewer.id)
    return null;
  const { broadcast, known } = found;
  if (!may(viewer, 'approve-broadcast', broadcast.area, residencyOfKnown(known))) return null;
  const { id, number, kind } = broadcast;
  const { words, again, turns } = kindNamed(kind);
  const stays = turns === undefined ? '' : `, dan ${turns.no}`;
  const text = `${words} ${number} tidak disetujui orang kedua. Alasannya: ${reason}

Tidak ada yang dikirim${stays}. Untuk memperbaikinya, ketik *${again}* dan buat yang baru.`;
  return [
    take(id, 'waiting', 'cancelled', null, making.now),
    told('declined', id, viewer, making.now),
    ...(await toMaker(broadcast, text, making)),
  ];
}

/** An approval, written at once: for whoever is in no conversation. */
export async function approveBroadcast(
  viewer: Viewer,
  which: string | number,
  records: Pick<Records, 'pool' | 'vault' | 'now' | 'newId'> & Pick<Making, 'secondYesAbove'>,
): Promise<Approval> {
  const { pool, vault, now, newId, secondYesAbove } = records;
  const making = { db: pool, vault, now: now(), newId, secondYesAbove };
  return writeDecision(pool, () => decideApproval(viewer, which, making));
}

/** Writes a decision; when something has changed meanwhile it is made anew, and finds what has changed. */
async function writeDecision(pool: Records['pool'], decide: () => Promise<Approval>): Promise<Approval> {
  const first = await decide();
  if (first.result === 'refused') return first;
  try {
    await writeTogether(pool, first.writes);
    return first;
  } catch (error) {
    if (error instanceof ChangedMeanwhile) return writeDecision(pool, decide);
    throw error;
  }
}
