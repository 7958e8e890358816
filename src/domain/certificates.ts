import { showDate } from '../flow/calendar.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { type CertificateKind, expiryOf, kindName } from './certificate.js';
import { dayInWib } from './wib.js';

/** A certificate as it is kept. */
export interface Certificate {
  readonly id: string;
  readonly kind: string;
  readonly number: string | null;
  readonly issuer: string;
  readonly issuedOn: string;
  readonly expiresOn: string | null;
}

interface Row extends Omit<Certificate, 'number' | 'issuer'> {
  readonly number: Buffer | null;
  readonly issuer: Buffer;
}

/** As many as fit into one message. */
const mostListed = 8;
const ofMemberText = `SELECT id, kind, number_sealed AS number, issuer_sealed AS issuer, issued_on AS "issuedOn", expires_on AS "expiresOn"
FROM certificate WHERE member_id = $1 ORDER BY issued_on DESC, id LIMIT ${mostListed}`;

/** Where certificates are read, and when. */
export interface Reading {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly now: Date;
}

/** The certificates of a member, the latest first: for the contacts that speak for the member, and nobody else. */
export async function certificatesOf(
  memberId: string,
  { db, vault }: Reading,
): Promise<readonly Certificate[]> {
  const rows = await run<Row>(db, { name: 'certificates-of-member', text: ofMemberText, values: [memberId] });
  return rows.map(({ number, issuer, ...row }) => ({
    ...row,
    number: number === null ? null : vault.open(number),
    issuer: vault.open(issuer),
  }));
}

/** A certificate in one line, with until when it is good. */
function certificateLine(one: Certificate, now: Date): string {
  const { kind, number, issuer, issuedOn } = one;
  const called = number === null ? '' : `, nomor ${number}`;
  return `${kindName(kind)}, ${showDate(issuedOn)}, oleh ${issuer}${called}${untilWhen(one, now)}`;
}

function untilWhen({ expiresOn }: Certificate, now: Date): string {
  if (expiresOn === null) return '';
  const isOver = expiresOn < dayInWib(now);
  return isOver ? `, *sudah berakhir ${showDate(expiresOn)}*` : `, berlaku sampai ${showDate(expiresOn)}`;
}

/** All certificates of a member as lines; null: none. */
export async function certificatesTold(memberId: string, reading: Reading): Promise<string | null> {
  const all = await certificatesOf(memberId, reading);
  return all.length === 0 ? null : all.map((one) => certificateLine(one, reading.now)).join('\n');
}

/** What is told of a certificate. */
export interface CertificateParts {
  readonly kind: CertificateKind;
  readonly number: string | null;
  readonly issuer: string;
  readonly issuedOn: string;
  /** The kept file, of the contact that sent it. */
  readonly attachmentId: string | null;
}

const addText = `INSERT INTO certificate (id, member_id, kind, number_sealed, issuer_sealed, issued_on, expires_on, attachment_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT id FROM attachment WHERE id = $8 AND contact_id = $9), $10)`;

/** Who adds one, and when. */
export interface Adding {
  readonly vault: Vault;
  readonly newId: () => string;
  readonly contactId: string;
  readonly now: Date;
}

/** Keeps a certificate of a member. */
export function addCertificate(
  memberId: string,
  parts: CertificateParts,
  { vault, newId, contactId, now }: Adding,
): Statement {
  const { kind, number, issuer, issuedOn, attachmentId } = parts;
  const sealed = [number === null ? null : vault.seal(number), vault.seal(issuer)];
  const dates = [issuedOn, expiryOf(kind, issuedOn)];
  const values = [newId(), memberId, kind, ...sealed, ...dates, attachmentId, contactId, now];
  return { name: 'certificate-add', text: addText, values };
}

const dropScan =
  'DELETE FROM attachment WHERE id = (SELECT attachment_id FROM certificate WHERE id = $1 AND member_id = $2)';
const dropText = 'DELETE FROM certificate WHERE id = $1 AND member_id = $2 RETURNING id';

/** Removes a certificate with its photo. */
export function removeCertificate(memberId: string, id: string): readonly Statement[] {
  const values = [id, memberId];
  return [
    { name: 'certificate-drop-scan', text: dropScan, values },
    { name: 'certificate-drop', text: dropText, values, mustFind: true },
  ];
}
