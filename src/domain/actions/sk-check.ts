import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import type { JsonRecord } from '../../flow/json.js';
import { titleCase } from '../../flow/text.js';
import { filesType, recordType, textType } from '../../flow/types.js';
import { run, type Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { viewerNow } from '../helpers.js';
import { lookKept } from '../requests.js';
import { areasFor, type Viewer } from '../roles.js';
import { issuers, type SkMove } from '../sk.js';
import { filesOfSk } from '../sk-files.js';
import { type Appointment, moveSk } from '../sk-moves.js';
import { countWaitingSk, nextWaitingSk, type WaitingSk, waitingOfSk } from '../sk-queue.js';
import { tellResult } from '../sk-results.js';
import { defineAction, outcome } from './define.js';

/** So long an SK stays with whoever has opened it; then the next one may. */
const heldMs = 30 * 60 * 1000;

const checkType = recordType('periksa', {
  id: textType,
  jumlah: textType,
  siapa: textType,
  nama: textType,
  nomor: textType,
  tanggal: textType,
  penerbit: textType,
  berkas: textType,
});
/** An SK as it is shown to whoever verifies it. */
export const shownSk = { periksa: checkType, berkas: filesType };
/** The SK that is open, as a flow hands it on. */
export const openedTaken = { dokumen: { type: 'text' } } as const;

const opening = {
  outcomes: { found: shownSk, passed: { antrean: recordType('antrean', { jumlah: textType }) }, none: {} },
  fixed: { found: 'SK yang berikutnya sudah dibuka' },
} as const;

/**
 * Opens the SK that has waited longest, behind the one that was decided last: it is held for half an hour, and each member it shows is
 * told of the look in DATA SAYA. What the verifier still had open goes back. `passed` when only such wait that were passed over.
 */
export const openSk = defineAction({
  signature: { takes: { sesudah: { type: 'text', optional: true } }, ...opening },
  args: z.object({ sesudah: z.uuid().nullish() }),
  run: ({ sesudah }, context) => openNext({ after: sesudah ?? null, decided: sesudah ?? null }, context),
});

/** Gives the SK that is open back undecided, and opens the one behind it. */
export const passOverSk = defineAction({
  signature: { takes: openedTaken, ...opening },
  args: z.object({ dokumen: z.uuid() }),
  run: ({ dokumen }, context) => openNext({ after: dokumen, decided: null }, context),
});

/** What this turn has decided already is not to be seen in the database before it ends. */
async function openNext(
  { after, decided }: { readonly after: string | null; readonly decided: string | null },
  context: ActionContext,
) {
  const viewer = await viewerNow(context.db, context.contactId, context.simulator);
  const members = await nextWaitingSk(viewer, after, context);
  const next = members[0]?.documentId;
  const kept = [next, decided];
  const left = (await openWith(context)).filter(({ documentId }) => !kept.includes(documentId));
  const released = left.flatMap((one) => release(one, context));
  const jumlah = await countWaitingSk(viewer, context, decided);
  if (next !== undefined) return shown(viewer, next, { jumlah, members, released }, context);
  return jumlah === 0
    ? outcome('none', {}, released)
    : outcome('passed', { antrean: { jumlah: String(jumlah) } }, released);
}

const openText = `SELECT member_id AS "memberId", document_id AS "documentId", status AS state, held_by AS "heldBy", held_from AS "heldFrom"
FROM sk_member WHERE held_by = $1 ORDER BY member_id`;

/** Everything this verifier has open. */
function openWith({ db, contactId }: ActionContext): Promise<readonly Appointment[]> {
  return run<Appointment>(db, { name: 'sk-open-with', text: openText, values: [contactId] });
}

function release(one: Appointment, context: ActionContext): readonly Statement[] {
  return moveSk(one, { move: 'lepas', by: 'verifier', who: context.contactId }, context);
}

/** What is next: how many wait, who is shown of it, and what went back for it. */
interface Found {
  readonly jumlah: number;
  readonly members: readonly WaitingSk[];
  readonly released: readonly Statement[];
}

async function shown(
  viewer: Viewer,
  documentId: string,
  { jumlah, members, released }: Found,
  context: ActionContext,
) {
  const opened = members.flatMap((one) => open(one, 'buka', documentId, context));
  const looks = members.map(({ memberId }) => lookAt(memberId, context));
  const values = await describe(viewer, documentId, { jumlah, members }, context);
  return outcome('found', values, [...released, ...opened, ...looks]);
}

/** Holds an appointment to a decree for this verifier. One that did not wait before goes back as one that was told. */
export function open(
  one: Appointment,
  move: 'buka' | 'lampirkan',
  documentId: string,
  context: ActionContext,
): readonly Statement[] {
  const until = new Date(context.now.getTime() + heldMs);
  const hold = { until, back: move === 'lampirkan' ? ('dilaporkan_ada' as const) : null };
  return moveSk(one, { move, by: 'verifier', who: context.contactId, documentId, hold }, context);
}

/** Keeps that this verifier looked at a member. */
export function lookAt(memberId: string, { contactId, now }: ActionContext): Statement {
  return lookKept(contactId, 'verify-sk', memberId, now);
}

interface Document {
  readonly number: Buffer | null;
  readonly decidedOn: string | null;
  readonly issuer: string | null;
}

const documentText = `SELECT number_sealed AS number, decided_on AS "decidedOn", issuer FROM sk_document WHERE id = $1`;
const unknown = 'belum diketahui';

type Shown = Pick<WaitingSk, 'name' | 'place' | 'conveyed'>;

function lineOf({ name, place, conveyed }: Shown): string {
  const meet = conveyed
    ? '\n(didaftarkan lewat HP orang lain; mohon dipastikan dengan bertemu langsung)'
    : '';
  return `*${titleCase(name)}*, ${place}${meet}`;
}

/** A decree in words, with those who are shown of it. */
export async function describe(
  viewer: Viewer,
  documentId: string,
  { jumlah, members }: { readonly jumlah: number; readonly members: readonly Shown[] },
  context: ActionContext,
): Promise<JsonRecord> {
  const { db, vault } = context;
  const statement = { name: 'sk-document', text: documentText, values: [documentId] };
  const [[document], berkas] = await Promise.all([
    run<Document>(db, statement),
    filesOfSk(viewer, documentId, db),
  ]);
  const number = document?.number ?? null;
  const decidedOn = document?.decidedOn ?? null;
  const periksa = {
    id: documentId,
    jumlah: String(jumlah),
    siapa: namesOf(members),
    nama: members.map(lineOf).join('\n'),
    nomor: number === null ? unknown : vault.open(number),
    tanggal: decidedOn === null ? unknown : showDate(decidedOn),
    penerbit: issuers[document?.issuer ?? ''] ?? unknown,
    berkas: berkas.length === 0 ? 'belum ada foto' : `${berkas.length} berkas`,
  };
  return { periksa, berkas: berkas.map((file) => ({ ...file })) };
}

/** Names in one line: the first, and how many more. */
function namesOf(members: readonly { readonly name: string }[]): string {
  const [first, ...others] = members.map(({ name }) => titleCase(name));
  if (first === undefined) return '';
  return others.length === 0 ? first : `${first} dan ${others.length} anggota lain`;
}

/** Those of a decree who are open with this verifier, in whose areas they still are; null without any such area. */
export async function openOfSk(
  documentId: string,
  context: ActionContext,
): Promise<{ readonly viewer: Viewer; readonly members: readonly WaitingSk[] } | null> {
  const viewer = await viewerNow(context.db, context.contactId, context.simulator);
  if (areasFor(viewer, 'verify-sk').length === 0) return null;
  const waiting = await waitingOfSk(viewer, documentId, context);
  return { viewer, members: waiting.filter(({ heldBy }) => heldBy === context.contactId) };
}

type Result = 'sahkan' | 'perbaiki' | 'tolak';

const decided = {
  outcomes: { done: { hasil: recordType('hasil', { siapa: textType }) }, already: {}, refused: {} },
  fixed: { done: 'hasil pemeriksaan sudah dikabarkan kepada anggota' },
} as const;

/** Verifies the SK that is open, for everybody shown of it. */
export const approveSk = defineAction({
  signature: { takes: openedTaken, ...decided },
  args: z.object({ dokumen: z.uuid() }),
  run: ({ dokumen }, context) => decide(dokumen, 'sahkan', null, context),
});

const withReason = { takes: { ...openedTaken, alasan: { type: 'text' } }, ...decided } as const;
const reasoned = z.object({ dokumen: z.uuid(), alasan: z.string() });

/** Asks for something to be mended; the reason is told word by word. */
export const sendBackSk = defineAction({
  signature: withReason,
  args: reasoned,
  run: ({ dokumen, alasan }, context) => decide(dokumen, 'perbaiki', alasan, context),
});

/** Does not accept it; the reason is told word by word. */
export const rejectSk = defineAction({
  signature: withReason,
  args: reasoned,
  run: ({ dokumen, alasan }, context) => decide(dokumen, 'tolak', alasan, context),
});

/**
 * Decides for everybody who is open with this verifier; each hears of it. `already`: another verifier has it, or has decided, or its
 * member has changed it; `refused`: this one may not verify any more.
 */
async function decide(documentId: string, result: Result, reason: string | null, context: ActionContext) {
  const found = await openOfSk(documentId, context);
  if (found === null) return outcome('refused', {}, await releaseAll(context));
  const { members } = found;
  if (members.length === 0) return outcome('already');
  const writes = await Promise.all(members.map((one) => decideOne(one, result, reason, context)));
  return outcome('done', { hasil: { siapa: namesOf(members) } }, writes.flat());
}

async function decideOne(
  one: WaitingSk,
  result: Result,
  reason: string | null,
  context: ActionContext,
): Promise<readonly Statement[]> {
  const move: SkMove = result === 'sahkan' && one.replaces ? 'perbarui' : result;
  const moved = moveSk(one, { move, by: 'verifier', who: context.contactId, reason }, context);
  const { memberId, name } = one;
  return [...moved, ...(await tellResult({ memberId, name, move, reason }, one.documentId, context))];
}

async function releaseAll(context: ActionContext): Promise<readonly Statement[]> {
  return (await openWith(context)).flatMap((one) => release(one, context));
}

/** Gives back whatever this verifier has open, undecided. */
export const releaseSk = defineAction({
  signature: { takes: {}, outcomes: { 'given-back': {} } },
  args: z.object({}),
  async run(_, context) {
    return outcome('given-back', {}, await releaseAll(context));
  },
});
