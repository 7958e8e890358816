import { z } from 'zod';
import { nameKey, personName } from '../../flow/inputs/person-name.js';
import type { Json } from '../../flow/json.js';
import { titleCase } from '../../flow/text.js';
import { optionsType, recordType } from '../../flow/types.js';
import { run, type Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { confirmed, findOpened } from '../behalf.js';
import { type Claimant, type Standing, standingOf, twinsKept } from '../claim.js';
import { dropUnused, insertDocument } from '../sk-documents.js';
import { type Appointment, moveSk } from '../sk-moves.js';
import { isAdult } from './age.js';
import { defineAction, outcome } from './define.js';

/** A member as flows see one. */
export const memberType = recordType('anggota', { nama: personName.type({}) });

interface Spoken {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string;
  readonly nikIndex: Buffer | null;
  readonly regionCode: string;
}

const membersOfContact = `SELECT m.id, m.name, m.birth_date AS "birthDate", m.nik_index AS "nikIndex",
  m.region_code AS "regionCode"
FROM member_contact l JOIN member m ON m.id = l.member_id WHERE l.contact_id = $1 AND m.standing <> 'deceased' ORDER BY l.linked_at, m.id`;

/** The living members a contact may speak for. */
export function spokenFor({ db, contactId }: ActionContext): Promise<readonly Spoken[]> {
  return run<Spoken>(db, { name: 'members-of-contact', text: membersOfContact, values: [contactId] });
}

/** Members as a list to choose from, by name. */
export function choicesOf(members: readonly Spoken[]): Json {
  return members.map(({ id, name }) => ({ id, label: titleCase(name) }));
}

/** The member that was picked from such a list, or the only one where nobody was; null for one this contact does not speak for. */
export async function memberMeant(picked: string | null, context: ActionContext): Promise<Spoken | null> {
  const members = await spokenFor(context);
  if (picked !== null) return members.find((member) => member.id === picked) ?? null;
  return members.length === 1 ? (members[0] ?? null) : null;
}

/** Who is already registered through this contact. */
export const findMember = defineAction({
  signature: {
    takes: {},
    outcomes: { found: { anggota: memberType }, several: { daftar: optionsType }, unknown: {} },
  },
  args: z.object({}),
  async run(_, context) {
    const [first, ...others] = await spokenFor(context);
    if (first === undefined) return outcome('unknown');
    if (others.length > 0) return outcome('several', { daftar: choicesOf([first, ...others]) });
    return outcome('found', { anggota: { nama: first.name } });
  },
});

/** What is asked of whoever registers. */
export const registration = z.object({
  nama: z.string(),
  lahir: z.object({ tempat: z.string(), tanggal: z.string() }),
  'jenis-kelamin': z.enum(['L', 'P']),
  wilayah: z.object({ kode: z.string() }),
  tahun: z.number().int(),
  pendidikan: z.string(),
  sk: z.enum(['ada', 'tanpa-nomor', 'belum']),
  'nomor-sk': z.string().nullish(),
  'tanggal-sk': z.string().nullish(),
  'penerbit-sk': z.string().nullish(),
  nik: z.string().nullish(),
  telepon: z.string().nullish(),
});
type Registration = z.infer<typeof registration>;

/** The answers of a registration, as flows hand them on. */
export const registrationTaken = {
  nama: { type: 'person-name' },
  lahir: { type: 'birth' },
  'jenis-kelamin': { type: 'choice(L|P)' },
  wilayah: { type: 'region' },
  tahun: { type: 'year' },
  pendidikan: { type: 'any' },
  sk: { type: 'choice(ada|tanpa-nomor|belum)' },
  'nomor-sk': { type: 'sk-number', optional: true },
  'tanggal-sk': { type: 'date', optional: true },
  'penerbit-sk': { type: 'any', optional: true },
  nik: { type: 'nik', optional: true },
  telepon: { type: 'phone', optional: true },
} as const;

/**
 * Writes a new member with the reported SK. The same person again through the same contact is written once; a NIK of somebody this contact
 * speaks for is nobody else's. What somebody else has typed
 * (`titipan`) is the person's own with it.
 */
export const register = defineAction({
  signature: {
    takes: { ...registrationTaken, titipan: { type: 'text', optional: true } },
    outcomes: {
      registered: { anggota: memberType },
      already: { anggota: memberType },
      'nik-own': { anggota: memberType },
      'nik-taken': {},
    },
    fixed: { registered: 'pendaftaran sudah tercatat' },
  },
  args: registration.extend({ titipan: z.uuid().nullish() }),
  async run({ titipan, ...given }, context) {
    // Flows ask for the age first; whoever writes another one must not be able to forget it.
    if (!isAdult(given.lahir.tanggal, context.now)) throw new Error('a flow registers somebody under age');
    const anggota = { nama: given.nama };
    const typed = titipan ? await findOpened(context.contactId, titipan, context) : null;
    const own = typed === null ? [] : await confirmed(typed, context);
    const known = await spokenFor(context);
    if (known.some((member) => isSame(member, given))) return outcome('already', { anggota }, own);
    const other = known.find((member) => hasNik(member, given, context));
    if (other !== undefined) return outcome('nik-own', { anggota: { nama: other.name } });
    const standing = await standingOf(claimantIn(given), context);
    if (standing.kind === 'taken') return outcome('nik-taken');
    const writes = [...registrationWrites(given, standing, context), ...own];
    return outcome('registered', { anggota }, writes);
  },
});

function isSame(member: Spoken, { nama, lahir }: Registration): boolean {
  return nameKey(member.name) === nameKey(nama) && member.birthDate === lahir.tanggal;
}

function hasNik({ nikIndex }: Spoken, { nik }: Registration, { vault }: ActionContext): boolean {
  return nik ? nikIndex?.equals(vault.index('nik', nik)) === true : false;
}

const insertMember = `INSERT INTO member (id, name, birth_place_sealed, birth_date, sex, region_code, psm_since, education,
  phone_sealed, phone_index, phone_proved, nik_sealed, nik_index, simulator, created_at, claimed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)`;
// What he says himself replaces what the list said.
const claimMember = `UPDATE member SET name = $2, birth_place_sealed = $3, birth_date = $4, sex = $5, region_code = $6, psm_since = $7,
  education = $8, phone_sealed = $9, phone_index = $10, phone_proved = $11, nik_sealed = $12, nik_index = $13, claimed_at = $15
WHERE id = $1 AND simulator = $14 AND claimed_at IS NULL RETURNING id`;
const insertLink = 'INSERT INTO member_contact (member_id, contact_id, linked_at) VALUES ($1, $2, $3)';
const noAppointment = `INSERT INTO sk_member (member_id, status, changed_at) VALUES ($1, 'belum_ada', $2)`;

function claimantIn({ nama, lahir, wilayah, nik }: Registration): Claimant {
  return { name: nama, birthDate: lahir.tanggal, regionCode: wilayah.kode, nik: nik ?? null };
}

type Free = Exclude<Standing, { readonly kind: 'taken' }>;

function registrationWrites(
  given: Registration,
  standing: Free,
  context: ActionContext,
): readonly Statement[] {
  const { contactId, now } = context;
  if (standing.kind === 'claim') {
    const id = standing.appointment.memberId;
    return [
      {
        name: 'member-claim',
        text: claimMember,
        values: memberValues(id, given, context),
        mustFind: true,
      },
      { name: 'member-link', text: insertLink, values: [id, contactId, now] },
      ...reported(given, standing.appointment, context),
      provedElsewhere(id, context),
      consentOf(id, context),
    ];
  }
  return newMemberWrites(given, standing, context);
}

/** A NIK that a list has for somebody else waits with the question whether they are one person. */
function newMemberWrites(
  given: Registration,
  { memberIds, nikHeld }: Extract<Standing, { readonly kind: 'twins' }>,
  context: ActionContext,
): readonly Statement[] {
  const { contactId, now, newId, vault } = context;
  const id = newId();
  const held = nikHeld && given.nik ? vault.seal(given.nik) : null;
  const values = memberValues(id, nikHeld ? { ...given, nik: null } : given, context);
  const nothing = { memberId: id, documentId: null, state: 'belum_ada', heldBy: null, heldFrom: null };
  return [
    { name: 'member-insert', text: insertMember, values },
    { name: 'member-link', text: insertLink, values: [id, contactId, now] },
    ...(given.sk === 'belum'
      ? [{ name: 'sk-member-none', text: noAppointment, values: [id, now] }]
      : reported(given, nothing, context)),
    provedElsewhere(id, context),
    ...twinsKept(id, memberIds, held),
    consentOf(id, context),
  ];
}

/**
 * The SK as it was told. A list may know the SK of somebody who says that there is none, or who has forgotten its number: that one stays. A
 * number typed before the answer was changed to "I do not know it" is not kept.
 */
function reported(given: Registration, seen: Appointment, context: ActionContext): readonly Statement[] {
  if (given.sk === 'belum' || (given.sk === 'tanpa-nomor' && seen.documentId !== null)) return [];
  const known = given.sk === 'ada' ? given : null;
  const [number, decidedOn, issuer] = [known?.['nomor-sk'], known?.['tanggal-sk'], known?.['penerbit-sk']];
  const parts = { number: number ?? null, decidedOn: decidedOn ?? null, issuer: issuer ?? null };
  const documentId = context.newId();
  const told = { move: 'laporkan', by: 'member', who: context.contactId, documentId } as const;
  return [
    insertDocument(documentId, parts, given.wilayah.kode, context),
    ...moveSk(seen, told, context),
    ...dropUnused(seen.documentId),
  ];
}

const ownConsent =
  'UPDATE consent SET member_id = $1 WHERE contact_id = $2 AND member_id IS NULL AND granted';

/** The consent that led to a registration is this member's from here on. */
export function consentOf(id: string, { contactId }: ActionContext): Statement {
  return { name: 'consent-own', text: ownConsent, values: [id, contactId] };
}

const proveText = `
UPDATE member SET phone_proved = true WHERE id = $1 AND NOT phone_proved
  AND EXISTS (SELECT FROM address a WHERE a.contact_id = $2 AND a.phone_index = member.phone_index)`;

/** A member's number counts as proved also when another application of the same contact has proved it. */
export function provedElsewhere(id: string, { contactId }: ActionContext): Statement {
  return { name: 'member-phone-proved', text: proveText, values: [id, contactId] };
}

function memberValues(
  id: string,
  given: Registration,
  { vault, phone, simulator, now }: ActionContext,
): readonly unknown[] {
  const { nama, lahir, wilayah, tahun, pendidikan, telepon, nik } = given;
  return [
    ...[
      id,
      nama,
      vault.seal(lahir.tempat),
      lahir.tanggal,
      given['jenis-kelamin'],
      wilayah.kode,
      tahun,
      pendidikan,
    ],
    ...[
      telepon ? vault.seal(telepon) : null,
      telepon ? vault.index('phone', telepon) : null,
      telepon ? telepon === phone : false,
    ],
    ...[nik ? vault.seal(nik) : null, nik ? vault.index('nik', nik) : null, simulator, now],
  ];
}
