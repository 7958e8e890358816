import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { titleOfChannel } from '../../flow/capabilities.js';
import { dateType } from '../../flow/inputs/date.js';
import { maskNik } from '../../flow/inputs/nik.js';
import { personName } from '../../flow/inputs/person-name.js';
import { phone as phoneInput } from '../../flow/inputs/phone.js';
import type { JsonRecord } from '../../flow/json.js';
import { booleanType, recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { officesTold } from '../boards.js';
import { certificatesTold } from '../certificates.js';
import { educations } from '../educations.js';
import { looksTold } from '../looks.js';
import { maskNumbers } from '../mask.js';
import { issuers, plainStatus, type SkMove, skMoveWords } from '../sk.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';
import { memberMeant } from './member.js';
import { type ChangeName, changeWords } from './update.js';

const profileType = recordType('profil', {
  nama: personName.type({}),
  tempat: textType,
  tanggal: dateType,
  'jenis-kelamin': textType,
  wilayah: textType,
  tahun: textType,
  pendidikan: textType,
  telepon: phoneInput.type({}),
  aplikasi: textType,
  sk: textType,
  'nomor-sk': textType,
  'tanggal-sk': textType,
  'penerbit-sk': textType,
  nik: textType,
  'punya-nik': booleanType,
  terdaftar: textType,
  perubahan: textType,
  dilihat: textType,
  'riwayat-sk': textType,
  jabatan: textType,
  sertifikat: textType,
});

interface Row {
  readonly name: string;
  readonly birthPlace: Buffer | null;
  readonly birthDate: string;
  readonly sex: string;
  readonly region: string;
  readonly psmSince: number | null;
  readonly education: string;
  readonly phone: Buffer | null;
  readonly nik: Buffer | null;
  readonly createdAt: Date;
  readonly status: string;
  readonly number: Buffer | null;
  readonly decidedOn: string | null;
  readonly issuer: string | null;
}

const profileOfMember = `
SELECT m.name, m.birth_place_sealed AS "birthPlace", m.birth_date AS "birthDate", m.sex, m.psm_since AS "psmSince", m.education,
  concat_ws(', ', v.kind || ' ' || v.name, d.kind || ' ' || d.name, r.kind || ' ' || r.name) AS region,
  m.phone_sealed AS phone, m.nik_sealed AS nik, m.created_at AS "createdAt",
  coalesce(a.status, 'belum_ada') AS status, s.number_sealed AS number, s.decided_on AS "decidedOn", s.issuer
FROM member m
LEFT JOIN region v ON v.code = m.region_code
LEFT JOIN region d ON d.code = v.parent_code LEFT JOIN region r ON r.code = d.parent_code
LEFT JOIN sk_member a ON a.member_id = m.id LEFT JOIN sk_document s ON s.id = a.document_id
WHERE m.id = $1`;

/** All that is kept of one member this contact speaks for: the one that was picked, or the only one. */
export const readProfile = defineAction({
  signature: {
    takes: { anggota: { type: 'picked', optional: true } },
    outcomes: { found: { profil: profileType }, unknown: {} },
  },
  args: z.object({ anggota: z.uuid().nullish() }),
  async run({ anggota }, context) {
    const member = await memberMeant(anggota ?? null, context);
    if (member === null) return outcome('unknown');
    const [row, aplikasi, perubahan, dilihat, riwayat, jabatan, sertifikat] = await Promise.all([
      readRow(member.id, context),
      channelsTold(context),
      changesTold(member.id, context),
      looksTold(context.db, member.id, context.simulator),
      skMovesTold(member.id, context),
      officesTold(member.id, context),
      certificatesTold(member.id, context),
    ]);
    const told = { aplikasi, perubahan, dilihat, 'riwayat-sk': riwayat, jabatan, sertifikat };
    return outcome('found', { profil: { ...profileOf(row, context), ...told } });
  },
});

/** What is kept of a member as words, the NIK masked: the same that the conversation tells. */
export async function profileWords(memberId: string, context: ActionContext): Promise<JsonRecord> {
  const aplikasi = await channelsTold(context);
  return { ...profileOf(await readRow(memberId, context), context), aplikasi };
}

async function readRow(memberId: string, { db }: ActionContext): Promise<Row> {
  const statement = { name: 'profile-of-member', text: profileOfMember, values: [memberId] };
  const [row] = await run<Row>(db, statement);
  if (row === undefined) throw new Error('a member was removed while it was read');
  return row;
}

function profileOf(row: Row, { vault }: ActionContext): JsonRecord {
  const opened = (sealed: Buffer | null) => (sealed === null ? null : vault.open(sealed));
  const nik = opened(row.nik);
  return {
    nama: row.name,
    tempat: opened(row.birthPlace),
    tanggal: row.birthDate,
    'jenis-kelamin': row.sex,
    wilayah: row.region,
    tahun: row.psmSince === null ? null : String(row.psmSince),
    pendidikan: educations[row.education] ?? row.education,
    telepon: opened(row.phone),
    sk: plainStatus(row.status),
    'nomor-sk': opened(row.number),
    'tanggal-sk': row.decidedOn === null ? null : showDate(row.decidedOn),
    'penerbit-sk': issuers[row.issuer ?? ''] ?? null,
    nik: nik === null ? null : maskNik(nik),
    'punya-nik': nik !== null,
    terdaftar: showDate(dayInWib(row.createdAt)),
  };
}

const channelsOfContact = 'SELECT DISTINCT channel FROM address WHERE contact_id = $1';

/** Over which applications this contact is reached, in words. */
async function channelsTold({ db, contactId }: ActionContext): Promise<string> {
  const statement = { name: 'channels-of-contact', text: channelsOfContact, values: [contactId] };
  const rows = await run<{ channel: string }>(db, statement);
  return [...new Set(rows.map(({ channel }) => titleOfChannel(channel)))].sort().join(', ');
}

interface Change {
  readonly item: ChangeName;
  readonly changedAt: Date;
}

const lastChanges = `SELECT item, changed_at AS "changedAt" FROM member_change WHERE member_id = $1
ORDER BY changed_at DESC, id DESC LIMIT 3`;

/** The last corrections in words; null when there were none. */
async function changesTold(memberId: string, { db }: ActionContext): Promise<string | null> {
  const statement = { name: 'changes-of-member', text: lastChanges, values: [memberId] };
  const changes = await run<Change>(db, statement);
  const told = changes.map(
    ({ item, changedAt }) => `${changeWords[item]} (${showDate(dayInWib(changedAt))})`,
  );
  return told.length === 0 ? null : told.join(', ');
}

interface Moved {
  readonly move: SkMove;
  readonly at: Date;
  readonly reason: Buffer | null;
}

const lastMoves = `SELECT move, at, reason_sealed AS reason FROM sk_move WHERE member_id = $1 AND move NOT IN ('buka', 'lepas')
ORDER BY at DESC, id DESC LIMIT 5`;

/** What became of the SK, the latest first: lines for the member; null when nothing did. Looks are told beside it. */
async function skMovesTold(memberId: string, { db, vault }: ActionContext): Promise<string | null> {
  const moves = await run<Moved>(db, { name: 'sk-moves-of-member', text: lastMoves, values: [memberId] });
  const lines = moves.map(({ move, at, reason }) => {
    const why = reason === null ? '' : ` (${maskNumbers(vault.open(reason))})`;
    return `${showDate(dayInWib(at))}: ${skMoveWords[move]}${why}`;
  });
  return lines.length === 0 ? null : lines.join('\n');
}
