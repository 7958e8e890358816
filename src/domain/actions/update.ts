import { z } from 'zod';
import { nikDoubts } from '../../flow/inputs/nik.js';
import { textType } from '../../flow/types.js';
import { audited } from '../../store/audit.js';
import { run, type Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { afterSkMove } from '../sk.js';
import { copyPages, dropUnused, insertDocument } from '../sk-documents.js';
import { type Appointment, moveSk } from '../sk-moves.js';
import { isAdult } from './age.js';
import { defineAction, outcome } from './define.js';
import { memberMeant, provedElsewhere } from './member.js';

/** What of a member can be corrected, and how it is told. */
const itemWords = {
  nama: 'nama',
  lahir: 'tempat dan tanggal lahir',
  'jenis-kelamin': 'jenis kelamin',
  wilayah: 'wilayah tugas',
  tahun: 'tahun menjadi PSM',
  pendidikan: 'pendidikan',
  telepon: 'nomor',
  'nomor-sk': 'nomor SK',
  'tanggal-sk': 'tanggal SK',
  'penerbit-sk': 'penerbit SK',
  nik: 'NIK',
} as const;
/** One of them. */
type ItemName = keyof typeof itemWords;
/** What of a member can change, beside what is corrected. */
export const changeWords = { ...itemWords, pindah: 'pindah wilayah tugas' } as const;
/** One of them. */
export type ChangeName = keyof typeof changeWords;

const answers = z.object({
  nama: z.string().nullish(),
  lahir: z.object({ tempat: z.string(), tanggal: z.string() }).nullish(),
  'jenis-kelamin': z.enum(['L', 'P']).nullish(),
  wilayah: z.object({ kode: z.string() }).nullish(),
  tahun: z.number().int().nullish(),
  pendidikan: z.string().nullish(),
  telepon: z.string().nullish(),
  'nomor-sk': z.string().nullish(),
  'tanggal-sk': z.string().nullish(),
  'penerbit-sk': z.string().nullish(),
  nik: z.string().nullish(),
});
type Answers = z.infer<typeof answers>;

const skItems = ['nomor-sk', 'tanggal-sk', 'penerbit-sk'] as const;
const memberItems = [
  'nama',
  'lahir',
  'jenis-kelamin',
  'wilayah',
  'tahun',
  'pendidikan',
  'telepon',
  'nik',
] as const;

/** What stands there before a correction. */
export interface Stored {
  readonly id: string;
  readonly name: string;
  readonly birthPlace: Buffer | null;
  readonly birthDate: string;
  readonly sex: string;
  readonly regionCode: string;
  readonly psmSince: number | null;
  readonly education: string;
  readonly phone: Buffer | null;
  readonly nik: Buffer | null;
  readonly state: string;
  readonly documentId: string | null;
  readonly heldBy: string | null;
  readonly heldFrom: string | null;
  readonly number: Buffer | null;
  readonly decidedOn: string | null;
  readonly issuer: string | null;
}

/** One item before and after, in words that are equal when nothing changes, and what to write. */
interface Corrected {
  readonly before: string | null;
  readonly after: string;
  readonly writes: readonly Statement[];
}

const fixed = 'perubahan data sudah tersimpan';

/**
 * Corrects the one item named by `butir` (of an SK by `butir-sk`) with the answer of that name, and keeps what stood there. A NIK is
 * taken only once: it stays for life (PP 37/2007 Pasal 37), so another one may mean another person, and an officer must look.
 */
export const updateMember = defineAction({
  signature: {
    takes: {
      anggota: { type: 'picked', optional: true },
      butir: { type: 'any' },
      'butir-sk': { type: 'any', optional: true },
      nama: { type: 'person-name', optional: true },
      lahir: { type: 'birth', optional: true },
      'jenis-kelamin': { type: 'any', optional: true },
      wilayah: { type: 'region', optional: true },
      tahun: { type: 'year', optional: true },
      pendidikan: { type: 'any', optional: true },
      telepon: { type: 'phone', optional: true },
      'nomor-sk': { type: 'sk-number', optional: true },
      'tanggal-sk': { type: 'date', optional: true },
      'penerbit-sk': { type: 'any', optional: true },
      nik: { type: 'nik', optional: true },
    },
    outcomes: {
      saved: {},
      'sk-recheck': {},
      'nik-differs': { perbedaan: textType },
      same: {},
      minor: {},
      'nik-taken': {},
      'nik-stored': {},
      gone: {},
    },
    fixed: { saved: fixed, 'sk-recheck': fixed, 'nik-differs': fixed },
  },
  args: answers.extend({
    anggota: z.uuid().nullish(),
    butir: z.enum([...memberItems, 'sk']),
    'butir-sk': z.enum(skItems).nullish(),
  }),
  async run(given, context) {
    const member = await memberMeant(given.anggota ?? null, context);
    if (member === null) return outcome('gone');
    const stored = await readStored(member.id, context);
    const item = given.butir === 'sk' ? answered(given['butir-sk']) : given.butir;
    const refused = await refusal(item, given, stored, context);
    if (refused !== null) return outcome(refused);
    const corrected = corrections[item](given, stored, context);
    if (corrected.before === corrected.after) return outcome('same');
    const writes = [...corrected.writes, ...keptChange(item, corrected, stored, context)];
    return saved(item, given, stored, writes, context);
  },
});

/** The flow asks for an item before it names it. */
function answered<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the item to correct was not answered');
  return value;
}

const storedMember = `
SELECT m.id, m.name, m.birth_place_sealed AS "birthPlace", m.birth_date AS "birthDate", m.sex, m.region_code AS "regionCode",
  m.psm_since AS "psmSince", m.education, m.phone_sealed AS phone, m.nik_sealed AS nik, coalesce(a.status, 'belum_ada') AS state,
  a.document_id AS "documentId", a.held_by AS "heldBy", a.held_from AS "heldFrom", d.number_sealed AS number, d.decided_on AS "decidedOn", d.issuer
FROM member m LEFT JOIN sk_member a ON a.member_id = m.id LEFT JOIN sk_document d ON d.id = a.document_id WHERE m.id = $1`;

/** Reads it. Throws when the member is gone. */
export async function readStored(memberId: string, { db }: ActionContext): Promise<Stored> {
  const [row] = await run<Stored>(db, { name: 'member-stored', text: storedMember, values: [memberId] });
  if (row === undefined) throw new Error('a member was removed while it was read');
  return row;
}

type Refusal = 'minor' | 'nik-taken' | 'nik-stored';

async function refusal(
  item: ItemName,
  given: Answers,
  stored: Stored,
  context: ActionContext,
): Promise<Refusal | null> {
  if (item === 'lahir') return isAdult(answered(given.lahir).tanggal, context.now) ? null : 'minor';
  if (item !== 'nik') return null;
  const nik = answered(given.nik);
  if (stored.nik !== null) return context.vault.open(stored.nik) === nik ? null : 'nik-stored';
  return (await isOfAnother(nik, stored.id, context)) ? 'nik-taken' : null;
}

const anotherWithNik = 'SELECT 1 FROM member WHERE simulator = $1 AND nik_index = $2 AND id <> $3';

/** Also of somebody who shares the phone: a NIK belongs to one person. */
async function isOfAnother(
  nik: string,
  memberId: string,
  { db, vault, simulator }: ActionContext,
): Promise<boolean> {
  const values = [simulator, vault.index('nik', nik), memberId];
  return (await run(db, { name: 'nik-of-another', text: anotherWithNik, values })).length > 0;
}

type Correct = (given: Answers, stored: Stored, context: ActionContext) => Corrected;

const corrections: Readonly<Record<ItemName, Correct>> = {
  nama: (given, stored) => plainly(stored, 'name', stored.name, answered(given.nama)),
  'jenis-kelamin': (given, stored) => plainly(stored, 'sex', stored.sex, answered(given['jenis-kelamin'])),
  tahun: (given, stored) => plainly(stored, 'psm_since', stored.psmSince, answered(given.tahun)),
  pendidikan: (given, stored) => plainly(stored, 'education', stored.education, answered(given.pendidikan)),
  lahir(given, stored, { vault }) {
    const { tempat, tanggal } = answered(given.lahir);
    const before = `${opened(stored.birthPlace, vault) ?? ''}, ${stored.birthDate}`;
    const columns = { birth_place_sealed: vault.seal(tempat), birth_date: tanggal };
    return { before, after: `${tempat}, ${tanggal}`, writes: [setting(stored, columns)] };
  },
  wilayah(given, stored, context) {
    const { kode } = answered(given.wilayah);
    const { before, after, writes } = plainly(stored, 'region_code', stored.regionCode, kode);
    if (!isRechecked(stored)) return { before, after, writes };
    const moved = { move: 'pindah', by: 'member', who: context.contactId } as const;
    return { before, after, writes: [...writes, ...moveSk(appointmentOf(stored), moved, context)] };
  },
  // Only a number the channel itself vouches for is proved.
  telepon(given, stored, context) {
    const { vault, phone } = context;
    const telepon = answered(given.telepon);
    const columns = {
      phone_sealed: vault.seal(telepon),
      phone_index: vault.index('phone', telepon),
      phone_proved: telepon === phone,
    };
    const writes = [setting(stored, columns), provedElsewhere(stored.id, context)];
    return { before: opened(stored.phone, vault), after: telepon, writes };
  },
  nik(given, stored, { vault }) {
    const nik = answered(given.nik);
    const columns = { nik_sealed: vault.seal(nik), nik_index: vault.index('nik', nik) };
    return { before: opened(stored.nik, vault), after: nik, writes: [setting(stored, columns)] };
  },
  'nomor-sk'(given, stored, context) {
    const number = answered(given['nomor-sk']);
    const before = opened(stored.number, context.vault);
    return { before, after: number, writes: documentWrites({ number }, stored, context) };
  },
  'tanggal-sk'(given, stored, context) {
    const decidedOn = answered(given['tanggal-sk']);
    const writes = documentWrites({ decidedOn }, stored, context);
    return { before: stored.decidedOn, after: decidedOn, writes };
  },
  'penerbit-sk'(given, stored, context) {
    const issuer = answered(given['penerbit-sk']);
    return { before: stored.issuer, after: issuer, writes: documentWrites({ issuer }, stored, context) };
  },
};

function opened(sealed: Buffer | null, vault: ActionContext['vault']): string | null {
  return sealed === null ? null : vault.open(sealed);
}

/** An item that is one plain column. */
function plainly(
  stored: Stored,
  column: string,
  before: string | number | null,
  after: string | number,
): Corrected {
  const words = before === null ? null : String(before);
  return { before: words, after: String(after), writes: [setting(stored, { [column]: after })] };
}

function setting({ id }: Stored, columns: Readonly<Record<string, unknown>>): Statement {
  const names = Object.keys(columns);
  const sets = names.map((name, at) => `${name} = $${at + 2}`).join(', ');
  return {
    name: `member-set-${names.join('-')}`,
    text: `UPDATE member SET ${sets} WHERE id = $1`,
    values: [id, ...Object.values(columns)],
  };
}

/** The appointment as it was seen. */
export function appointmentOf({ id, documentId, state, heldBy, heldFrom }: Stored): Appointment {
  return { memberId: id, documentId, state, heldBy, heldFrom };
}

/** After a move to another village an SK in hand must be looked at again; where there is none, nothing changes. */
export function isRechecked({ state }: Stored): boolean {
  return afterSkMove(state, 'pindah', 'member') !== null;
}

/** A document may appoint others too, whom this member does not speak for: it is replaced for this member alone. */
function documentWrites(
  part: { readonly number?: string; readonly decidedOn?: string; readonly issuer?: string },
  stored: Stored,
  context: ActionContext,
): readonly Statement[] {
  const documentId = context.newId();
  const { decidedOn, issuer, regionCode } = stored;
  const parts = { number: opened(stored.number, context.vault), decidedOn, issuer, ...part };
  const moved = { move: 'koreksi', by: 'member', who: context.contactId, documentId } as const;
  return [
    insertDocument(documentId, parts, regionCode, context),
    ...(stored.documentId === null ? [] : [copyPages(documentId, stored.documentId)]),
    ...moveSk(appointmentOf(stored), moved, context),
    ...dropUnused(stored.documentId),
  ];
}

const keepChange = `INSERT INTO member_change (id, member_id, contact_id, item, old_sealed, since, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)`;

/** What stood there stays with the member; that it was changed, in the audit. `since`: the day from which a change counts. */
export function keptChange(
  item: ChangeName,
  { before, since = null }: { readonly before: string | null; readonly since?: string | null },
  { id }: Pick<Stored, 'id'>,
  context: ActionContext,
): readonly Statement[] {
  const { vault, newId, contactId, now } = context;
  const old = before === null ? null : vault.seal(before);
  return [
    { name: 'member-change', text: keepChange, values: [newId(), id, contactId, item, old, since, now] },
    audited({ kind: 'correction', action: item, actor: contactId, subjects: [id], at: now }),
  ];
}

function saved(
  item: ItemName,
  given: Answers,
  stored: Stored,
  writes: readonly Statement[],
  { vault, now }: ActionContext,
) {
  if (item === 'wilayah' && isRechecked(stored)) return outcome('sk-recheck', {}, writes);
  const nik = opened(stored.nik, vault);
  const [born, sex] = [given.lahir?.tanggal ?? stored.birthDate, given['jenis-kelamin'] ?? stored.sex];
  const asksNik = nik !== null && (item === 'lahir' || item === 'jenis-kelamin');
  const doubts = asksNik ? nikDoubts(nik, born, sex, now) : [];
  if (doubts.length === 0) return outcome('saved', {}, writes);
  return outcome('nik-differs', { perbedaan: doubts.join(' ') }, writes);
}
