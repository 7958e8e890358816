import { z } from 'zod';
import { fileTypes } from '../../flow/attachment.js';
import { showDate } from '../../flow/calendar.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { issuers, plainStatus, verifiedStates } from '../sk.js';
import { addPages, dropUnused, insertDocument, numberIndex, officeOf } from '../sk-documents.js';
import { type Appointment, moveSk } from '../sk-moves.js';
import { defineAction, outcome } from './define.js';
import { choicesOf, memberMeant, memberType, spokenFor } from './member.js';

/** A member's SK as it is known when another may be sent. */
interface Own extends Appointment {
  readonly name: string;
  readonly regionCode: string;
  readonly number: Buffer | null;
  readonly decidedOn: string | null;
  readonly issuer: string | null;
}

const ownText = `
SELECT m.id AS "memberId", m.name, m.region_code AS "regionCode", coalesce(a.status, 'belum_ada') AS state,
  a.document_id AS "documentId", a.held_by AS "heldBy", a.held_from AS "heldFrom",
  d.number_sealed AS number, d.decided_on AS "decidedOn", d.issuer
FROM member m LEFT JOIN sk_member a ON a.member_id = m.id LEFT JOIN sk_document d ON d.id = a.document_id WHERE m.id = $1`;

/** The SK of the member that was picked, or of the only one; null when this contact speaks for nobody like that. */
async function ownSk(picked: string | null | undefined, context: ActionContext): Promise<Own | null> {
  const member = await memberMeant(picked ?? null, context);
  if (member === null) return null;
  const statement = { name: 'sk-own', text: ownText, values: [member.id] };
  const [own] = await run<Own>(context.db, statement);
  return own ?? null;
}

const unknown = 'belum diketahui';
const reportedType = recordType('sk', {
  statusLabel: textType,
  nomor: textType,
  tanggal: textType,
  penerbit: textType,
});
const whose = { anggota: memberType };

/** Whose SK is to be sent, and what is known of it: nothing in hand, one whose number is known, or one that is verified. */
export const beginSk = defineAction({
  signature: {
    takes: { anggota: { type: 'picked', optional: true } },
    outcomes: {
      lacking: whose,
      reported: { ...whose, sk: reportedType },
      verified: { ...whose, sk: reportedType },
      several: { daftar: optionsType },
      unknown: {},
    },
  },
  args: z.object({ anggota: z.uuid().nullish() }),
  async run({ anggota }, context) {
    const own = await ownSk(anggota, context);
    if (own !== null) return begun(own, context);
    const members = await spokenFor(context);
    return members.length > 1 ? outcome('several', { daftar: choicesOf(members) }) : outcome('unknown');
  },
});

function begun(own: Own, { vault }: ActionContext) {
  const anggota = { nama: own.name };
  const isVerified = verifiedStates.some((state) => state === own.state);
  if (own.number === null && !isVerified) return outcome('lacking', { anggota });
  const sk = {
    statusLabel: plainStatus(own.state),
    nomor: own.number === null ? unknown : vault.open(own.number),
    tanggal: own.decidedOn === null ? unknown : showDate(own.decidedOn),
    penerbit: issuers[own.issuer ?? ''] ?? unknown,
  };
  return outcome(isVerified ? 'verified' : 'reported', { anggota, sk });
}

// Of the same world, signed by the same office; the one that appoints most first. What the member has already is no other one.
const sameText = `
SELECT d.id, count(*)::text AS count FROM sk_document d JOIN sk_member a ON a.document_id = d.id JOIN member m ON m.id = a.member_id
WHERE d.number_index = $1 AND d.issuer = $2 AND d.region_code = $3 AND m.simulator = $4 AND d.id IS DISTINCT FROM $5::uuid
GROUP BY d.id ORDER BY count(*) DESC, d.id LIMIT 1`;

interface Same {
  readonly id: string;
  readonly count: string;
}

/** A decree of the same number and office that others have reported: who stands in it too need not send it again. */
export const findSameSk = defineAction({
  signature: {
    takes: {
      anggota: { type: 'picked', optional: true },
      nomor: { type: 'sk-number' },
      penerbit: { type: 'any' },
    },
    outcomes: { found: { dokumen: recordType('dokumen', { id: textType, jumlah: textType }) }, none: {} },
  },
  args: z.object({ anggota: z.uuid().nullish(), nomor: z.string(), penerbit: z.string() }),
  async run({ anggota, nomor, penerbit }, context) {
    const own = await ownSk(anggota, context);
    if (own === null) return outcome('none');
    const { db, vault, simulator } = context;
    const office = officeOf(penerbit, own.regionCode);
    const values = [numberIndex(nomor, vault), penerbit, office, simulator, own.documentId];
    const [same] = await run<Same>(db, { name: 'sk-same', text: sameText, values });
    if (same === undefined) return outcome('none');
    return outcome('found', { dokumen: { id: same.id, jumlah: same.count } });
  },
});

const sentFixed = 'SK sudah dikirim untuk diperiksa';
const pagesOfText = `SELECT (SELECT count(*) FROM sk_file WHERE document_id = d.id)::int AS pages FROM sk_document d WHERE d.id = $1`;

/** Makes the member one of those whom a decree appoints that others have reported. */
export const joinSk = defineAction({
  signature: {
    takes: { anggota: { type: 'picked', optional: true }, dokumen: { type: 'text' } },
    outcomes: { joined: {}, gone: {} },
    fixed: { joined: sentFixed },
  },
  args: z.object({ anggota: z.uuid().nullish(), dokumen: z.uuid() }),
  async run({ anggota, dokumen: documentId }, context) {
    const own = await ownSk(anggota, context);
    const statement = { name: 'sk-pages-of', text: pagesOfText, values: [documentId] };
    const [found] = await run<{ pages: number }>(context.db, statement);
    if (own === null || found === undefined) return outcome('gone');
    const move = found.pages === 0 ? 'laporkan' : 'kirim';
    const joined = moveSk(own, { move, by: 'member', who: context.contactId, documentId }, context);
    const left = own.documentId === documentId ? [] : dropUnused(own.documentId);
    return outcome('joined', {}, [...joined, ...left]);
  },
});

const page = z.object({ id: z.uuid(), jenis: z.enum(fileTypes), ukuran: z.number() }).nullish();
const pageNames = ['halaman-1', 'halaman-2', 'halaman-3', 'halaman-4'] as const;
const submission = z.object({
  anggota: z.uuid().nullish(),
  yang: z.enum(['lama', 'baru']).nullish(),
  nomor: z.string().nullish(),
  tanggal: z.string().nullish(),
  penerbit: z.string().nullish(),
  'halaman-1': page,
  'halaman-2': page,
  'halaman-3': page,
  'halaman-4': page,
});
type Submission = z.infer<typeof submission>;
const pageTaken = { type: 'document', optional: true } as const;

/** Sends an SK to be verified: another one, or (`yang: lama`) more pages of the one that is known. */
export const submitSk = defineAction({
  signature: {
    takes: {
      anggota: { type: 'picked', optional: true },
      yang: { type: 'any', optional: true },
      nomor: { type: 'sk-number', optional: true },
      tanggal: { type: 'date', optional: true },
      penerbit: { type: 'any', optional: true },
      'halaman-1': pageTaken,
      'halaman-2': pageTaken,
      'halaman-3': pageTaken,
      'halaman-4': pageTaken,
    },
    outcomes: { sent: {}, gone: {} },
    fixed: { sent: sentFixed },
  },
  args: submission,
  async run(given, context) {
    const own = await ownSk(given.anggota, context);
    if (own === null) return outcome('gone');
    const pages = pagesOf(given);
    const kept = given.yang === 'lama' ? own.documentId : null;
    const documentId = kept ?? context.newId();
    const move = pages.length > 0 ? 'kirim' : 'laporkan';
    return outcome('sent', {}, [
      ...(kept === null ? [newDocument(documentId, given, own, context)] : []),
      ...addPages(documentId, pages, context.contactId),
      ...moveSk(own, { move, by: 'member', who: context.contactId, documentId }, context),
      ...(kept === null ? dropUnused(own.documentId) : []),
    ]);
  },
});

/** What stands behind a page that was left out is of an earlier answer. */
function pagesOf(given: Submission): readonly string[] {
  const pages = pageNames.map((name) => given[name] ?? null);
  const end = pages.indexOf(null);
  return pages.slice(0, end < 0 ? pages.length : end).flatMap((one) => one?.id ?? []);
}

function newDocument(id: string, { nomor, tanggal, penerbit }: Submission, own: Own, context: ActionContext) {
  const parts = { number: nomor ?? null, decidedOn: tanggal ?? null, issuer: penerbit ?? null };
  return insertDocument(id, parts, own.regionCode, context);
}
