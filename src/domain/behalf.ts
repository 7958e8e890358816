import { showDate } from '../flow/calendar.js';
import { isRecord, type JsonRecord } from '../flow/json.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { type Erasing, eraseTalk } from './erasing.js';
import { mailboxesOf } from './mailboxes.js';
import { sendTo, type Tools } from './reach.js';
import { dayInWib } from './wib.js';

const dayMs = 24 * 60 * 60 * 1000;
/** How long the code of a registration on behalf may be used, in milliseconds. */
export const behalfLastsMs = 7 * dayMs;
/** How long one that was opened may be confirmed, from when it was typed: as long as any unfinished registration is kept. */
export const openedLastsMs = 30 * dayMs;
/** So many of one helper may wait at a time: nobody fills a list with people who know nothing of it. */
export const mostWaiting = 10;

/** A registration that somebody typed for another one, as it stands. */
export interface Behalf {
  readonly id: string;
  /** Where it was typed, and whose that is now. */
  readonly addressId: string;
  readonly helperId: string;
  /** Where the code was used, and whose that is now; null: not yet. */
  readonly openedId: string | null;
  readonly openerId: string | null;
  readonly openedAt: Date | null;
  readonly madeAt: Date;
  /** What was typed; null once it was confirmed, refused or erased by age. */
  readonly answers: Buffer | null;
  readonly ended: boolean;
  /** Whom the helper's phone speaks for. */
  readonly names: readonly string[];
}

/** Who looks: people of the simulator and others never find each other. */
export interface Looking {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly now: Date;
  readonly simulator: boolean;
}

const rowText = `
SELECT b.id, b.address_id AS "addressId", h.contact_id AS "helperId", b.opened_id AS "openedId", o.contact_id AS "openerId",
  b.opened_at AS "openedAt", b.made_at AS "madeAt", b.answers_sealed AS answers, b.ends_at <= $1 AS ended,
  ARRAY(SELECT m.name FROM member_contact l JOIN member m ON m.id = l.member_id WHERE l.contact_id = h.contact_id ORDER BY l.linked_at, m.id) AS names
FROM behalf b JOIN address h ON h.id = b.address_id JOIN contact c ON c.id = h.contact_id LEFT JOIN address o ON o.id = b.opened_id`;
const byCode = `${rowText} WHERE c.simulator = $2 AND b.code_index = $3`;
const opened = `${rowText} WHERE c.simulator = $2 AND o.contact_id = $3 AND b.answers_sealed IS NOT NULL AND b.ends_at > $1
  AND ($4::uuid IS NULL OR b.id = $4) ORDER BY b.opened_at DESC, b.id LIMIT 1`;

const over = `${rowText} WHERE b.answers_sealed IS NOT NULL AND b.ends_at <= $1 ORDER BY b.ends_at, b.id LIMIT $2`;

function indexOf(code: string, vault: Vault): Buffer {
  return vault.index('behalf-code', code);
}

/** Finds a registration by its code; null when nobody ever made that code. */
export async function findByCode(
  code: string,
  { db, vault, now, simulator }: Looking,
): Promise<Behalf | null> {
  const values = [now, simulator, indexOf(code, vault)];
  const [found] = await run<Behalf>(db, { name: 'behalf-by-code', text: byCode, values });
  return found ?? null;
}

/** The registration this contact has opened and not answered yet, the latest first; or the one of that id. */
export async function findOpened(
  contactId: string,
  id: string | null,
  { db, now, simulator }: Omit<Looking, 'vault'>,
): Promise<Behalf | null> {
  const values = [now, simulator, contactId, id];
  const [found] = await run<Behalf>(db, { name: 'behalf-opened', text: opened, values });
  return found ?? null;
}

/** Those nobody has confirmed in time. */
export function findOver(db: Queryable, before: Date, most: number): Promise<readonly Behalf[]> {
  return run<Behalf>(db, { name: 'behalf-over', text: over, values: [before, most] });
}

/** What was typed, as answers of the flow. */
export function answersOf({ answers }: Behalf, vault: Vault): JsonRecord {
  const given = answers === null ? null : vault.openJson(answers);
  return isRecord(given) ? given : {};
}

const countText = `SELECT count(*)::int AS n FROM behalf b JOIN address a ON a.id = b.address_id
WHERE a.contact_id = $1 AND b.answers_sealed IS NOT NULL AND b.ends_at > $2`;

/** How many registrations that this contact typed for others wait. */
export async function countWaiting(contactId: string, db: Queryable, now: Date): Promise<number> {
  const statement = { name: 'behalf-waiting', text: countText, values: [contactId, now] };
  return (await run<{ n: number }>(db, statement))[0]?.n ?? 0;
}

const keepText = `INSERT INTO behalf (id, code_index, code_sealed, address_id, answers_sealed, made_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)`;

/** Keeps what was typed for another one under a code; of the code only its index can be searched. */
export function keepBehalf(code: string, addressId: string, answers: JsonRecord, tools: Tools): Statement {
  const { vault, now, newId } = tools;
  const sealed = [indexOf(code, vault), vault.seal(code)];
  const values = [newId(), ...sealed, addressId, vault.sealJson(answers), now];
  const ends = new Date(now.getTime() + behalfLastsMs);
  return { name: 'behalf-keep', text: keepText, values: [...values, ends] };
}

const openText = `UPDATE behalf SET opened_id = $2, opened_at = $3, ends_at = $4
WHERE id = $1 AND opened_id IS NULL AND answers_sealed IS NOT NULL RETURNING id`;

/** Uses the code up: from here on the registration is to be answered at that address. Of two who do so one succeeds. */
export function openBehalf({ id, madeAt }: Behalf, addressId: string, now: Date): Statement {
  const values = [id, addressId, now, new Date(madeAt.getTime() + openedLastsMs)];
  return { name: 'behalf-open', text: openText, values, mustFind: true };
}

const closeText = `UPDATE behalf SET answers_sealed = NULL, opened_id = NULL WHERE id = $1 AND answers_sealed IS NOT NULL RETURNING id`;

function closed(id: string): Statement {
  return { name: 'behalf-close', text: closeText, values: [id], mustFind: true };
}

/** Erases what was typed, with the talk in which it was typed and the one in which it was read out. */
export function discarded(one: Behalf, erasing: Erasing): readonly Statement[] {
  const { id, addressId, madeAt, openedId, openedAt } = one;
  const read = openedId === null ? [] : eraseTalk(openedId, { since: openedAt, until: erasing.now }, erasing);
  return [closed(id), ...eraseTalk(addressId, { since: null, until: madeAt }, erasing), ...read];
}

type Telling = Tools & { readonly db: Queryable };

/** The registration is somebody's own now; whoever typed it is told. */
export async function confirmed(one: Behalf, telling: Telling): Promise<readonly Statement[]> {
  const text = `Pendaftaran yang Bapak/Ibu isi untuk orang lain pada ${typedOn(one)} sudah dikonfirmasi. Terima kasih sudah membantu.`;
  return [closed(one.id), ...(await told(one, text, telling))];
}

/** Whoever typed it is told that it was not confirmed, and nothing more: not by whom, nor why. */
export function notConfirmed(one: Behalf, telling: Telling): Promise<readonly Statement[]> {
  const text = `Pendaftaran yang Bapak/Ibu isi untuk orang lain pada ${typedOn(one)} tidak dikonfirmasi. Semua isinya sudah kami hapus.`;
  return told(one, text, telling);
}

function typedOn({ madeAt }: Behalf): string {
  return showDate(dayInWib(madeAt));
}

async function told({ helperId }: Behalf, text: string, telling: Telling): Promise<readonly Statement[]> {
  return (await mailboxesOf(telling.db, [helperId])).flatMap((box) => sendTo(box, text, null, telling));
}
