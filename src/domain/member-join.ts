import { z } from 'zod';
import { audited } from '../store/audit.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import type { ActionContext } from './action.js';
import { verifiedStates } from './sk.js';

/** What belongs to a member by its id and goes along, with the columns that tell its rows apart. */
const belongings: Readonly<Record<string, string>> = {
  member_change: 'id::text',
  problem: 'id::text',
  consent: 'id::text',
  privacy_request: 'id::text',
  sk_move: 'id::text',
  certificate: 'id::text',
  board_office: 'id::text',
  member_news: 'id::text',
  number_change: 'id::text',
  invitation: 'id::text',
  named_list_person: 'id::text',
  recipient: 'seq::text',
};

/** Of what a member has once for each of these, that of the one who stays is kept. */
const onceFor: Readonly<Record<string, string>> = { invitation: 'rakor_id', named_list_person: 'list_id' };

/** An answer that only the one who goes has given counts for both, with whoever is sent instead. */
const takeAnswer = `UPDATE invitation k SET answer = g.answer, answered_at = g.answered_at, reason_sealed = g.reason_sealed
FROM invitation g WHERE k.member_id = $1 AND g.member_id = $2 AND g.rakor_id = k.rakor_id AND k.answer IS NULL AND g.answer IS NOT NULL`;
const takeDelegate = `UPDATE invitation d SET delegate_of_id = k.id FROM invitation g JOIN invitation k ON k.rakor_id = g.rakor_id
WHERE d.delegate_of_id = g.id AND g.member_id = $2 AND k.member_id = $1 AND k.answer = 'diwakilkan'
  AND NOT EXISTS (SELECT FROM invitation o WHERE o.delegate_of_id = k.id)`;

/** What the one who goes may fill in at the one who stays; what belongs together stands together. */
const filled: readonly (readonly string[])[] = [
  ['birth_place_sealed'],
  ['birth_date'],
  ['sex'],
  ['psm_since'],
  ['education'],
  ['phone_sealed', 'phone_index', 'phone_proved'],
  ['nik_sealed', 'nik_index'],
];

const movedOf = (table: string, key: string) =>
  `'${table}', (SELECT coalesce(json_agg(${key}), '[]') FROM ${table} WHERE member_id = $2::uuid)`;
// The digest says later whether both still stand as they were seen.
const lookText = `
SELECT json_build_object(
  'kept', (SELECT row_to_json(m) FROM member m WHERE m.id = $1), 'gone', (SELECT row_to_json(m) FROM member m WHERE m.id = $2),
  'keptSk', (SELECT row_to_json(a) FROM sk_member a WHERE a.member_id = $1), 'goneSk', (SELECT row_to_json(a) FROM sk_member a WHERE a.member_id = $2),
  'contacts', (SELECT coalesce(json_agg(row_to_json(l)), '[]') FROM member_contact l WHERE l.member_id = $2
    AND NOT EXISTS (SELECT FROM member_contact k WHERE k.member_id = $1 AND k.contact_id = l.contact_id)),
  'shared', (SELECT coalesce(json_agg(row_to_json(l)), '[]') FROM member_contact l WHERE l.member_id = $2
    AND EXISTS (SELECT FROM member_contact k WHERE k.member_id = $1 AND k.contact_id = l.contact_id)),
  'moved', json_build_object(${Object.entries(belongings)
    .map(([table, key]) => movedOf(table, key))
    .join(', ')})
) AS snapshot, md5((SELECT m::text FROM member m WHERE m.id = $1) || (SELECT m::text FROM member m WHERE m.id = $2)) AS digest`;

const row = z.record(z.string(), z.json());
const snapshotSchema = z.object({
  kept: row,
  gone: row,
  keptSk: row.nullable(),
  goneSk: row.nullable(),
  contacts: z.array(row),
  shared: z.array(row),
  moved: z.record(z.string(), z.array(z.string())),
});
type Snapshot = z.infer<typeof snapshotSchema>;

const stillSo = `SELECT id FROM member WHERE id IN ($1, $2) AND md5((SELECT m::text FROM member m WHERE m.id = $1) || (SELECT m::text FROM member m WHERE m.id = $2)) = $3
FOR UPDATE`;
const fillText = `UPDATE member k SET ${filled
  .flatMap(([lead = '', ...rest]) =>
    [lead, ...rest].map(
      (column) => `${column} = CASE WHEN k.${lead} IS NULL THEN g.${column} ELSE k.${column} END`,
    ),
  )
  .join(', ')} FROM json_populate_record(NULL::member, $2::json) g WHERE k.id = $1`;
const takeSk = `UPDATE sk_member k SET document_id = g.document_id, status = g.status, held_by = g.held_by, held_until = g.held_until,
  held_from = g.held_from, changed_at = g.changed_at FROM json_populate_record(NULL::sk_member, $2::json) g WHERE k.member_id = $1`;
const insertJoin = `INSERT INTO member_join (member_id, other_id, snapshot_sealed, joined_by, joined_at) VALUES ($1, $2, $3, $4, $5)`;

type Tools = Pick<ActionContext, 'db' | 'vault' | 'now' | 'contactId'>;

/** Makes two members one: what the one who goes has and the other has not is taken over. Null when one of them is not there any more. */
export async function joinMembers(
  keptId: string,
  goneId: string,
  { db, vault, now, contactId }: Tools,
): Promise<readonly Statement[] | null> {
  const seen = await lookAt(db, keptId, goneId);
  if (seen === null) return null;
  const { snapshot, digest } = seen;
  const one = (name: string, text: string, ...values: readonly unknown[]): Statement => ({
    name: `join-${name}`,
    text,
    values,
  });
  return [
    { ...one('still-so', stillSo, keptId, goneId, digest), mustFind: true },
    one('answer', takeAnswer, keptId, goneId),
    one('delegate', takeDelegate, keptId, goneId),
    ...Object.keys(belongings).map((table) => one(table, takeOver(table), keptId, goneId)),
    one(
      'shared',
      `DELETE FROM member_contact WHERE member_id = $1 AND contact_id IN (SELECT contact_id FROM member_contact WHERE member_id = $2)`,
      goneId,
      keptId,
    ),
    one('contact', 'UPDATE member_contact SET member_id = $1 WHERE member_id = $2', keptId, goneId),
    one('names', 'UPDATE person_key SET subject = $1 WHERE subject = $2', keptId, goneId),
    one('sk', 'DELETE FROM sk_member WHERE member_id = $1', goneId),
    one('earlier', 'UPDATE member_join SET member_id = $1 WHERE member_id = $2', keptId, goneId),
    one('gone', 'DELETE FROM member WHERE id = $1', goneId),
    one('fill', fillText, keptId, JSON.stringify(snapshot.gone)),
    ...(isBetter(snapshot) ? [one('take-sk', takeSk, keptId, JSON.stringify(snapshot.goneSk))] : []),
    one('kept', insertJoin, keptId, goneId, vault.sealJson(snapshot), contactId, now),
    audited({ kind: 'merge', action: 'join-members', actor: contactId, subjects: [keptId], at: now }),
  ];
}

function takeOver(table: string): string {
  const column = onceFor[table];
  const all = `UPDATE ${table} SET member_id = $1 WHERE member_id = $2`;
  if (column === undefined) return all;
  return `${all} AND NOT EXISTS (SELECT FROM ${table} k WHERE k.member_id = $1 AND k.${column} = ${table}.${column})`;
}

async function lookAt(db: Queryable, keptId: string, goneId: string) {
  const statement = { name: 'join-look', text: lookText, values: [keptId, goneId] };
  const [found] = await run<{ snapshot: unknown; digest: string | null }>(db, statement);
  if (found === undefined || found.digest === null) return null;
  return { snapshot: snapshotSchema.parse(found.snapshot), digest: found.digest };
}

/** A verified SK before one that was only told of, that before none. */
function isBetter({ keptSk, goneSk }: Snapshot): boolean {
  return worth(goneSk) > worth(keptSk);
}

function worth(sk: Snapshot['keptSk']): number {
  if (sk === null) return 0;
  if (verifiedStates.some((state) => state === sk['status'])) return 3;
  return sk['document_id'] === null ? 1 : 2;
}

const lastText = `SELECT j.member_id AS "keptId", j.other_id AS "goneId", j.snapshot_sealed AS snapshot, m.name
FROM member_join j JOIN member m ON m.id = j.member_id WHERE j.joined_by = $1 AND j.joined_at > $2 ORDER BY j.joined_at DESC, j.other_id LIMIT 1`;
const undoableMs = 7 * 24 * 60 * 60 * 1000;

/** A join that can be taken back. */
export interface LastJoin {
  readonly keptId: string;
  readonly goneId: string;
  readonly snapshot: Buffer;
  readonly name: string;
}

/** What this person joined last, within a week; null when there is nothing to take back. */
export async function lastJoin({ db, contactId, now }: Tools): Promise<LastJoin | null> {
  const values = [contactId, new Date(now.getTime() - undoableMs)];
  const [found] = await run<LastJoin>(db, { name: 'join-last', text: lastText, values });
  return found ?? null;
}

const emptyAgain = `UPDATE member k SET ${filled
  .flatMap(([lead = '', ...rest]) =>
    [lead, ...rest].map(
      (column) =>
        `${column} = CASE WHEN o.${lead} IS NULL AND k.${lead} IS NOT DISTINCT FROM g.${lead} THEN o.${column} ELSE k.${column} END`,
    ),
  )
  .join(
    ', ',
  )} FROM json_populate_record(NULL::member, $2::json) o, json_populate_record(NULL::member, $3::json) g WHERE k.id = $1`;
const giveSkBack = `UPDATE sk_member k SET document_id = o.document_id, status = o.status, held_by = o.held_by, held_until = o.held_until,
  held_from = o.held_from, changed_at = o.changed_at FROM json_populate_record(NULL::sk_member, $2::json) o
WHERE k.member_id = $1 AND (k.document_id, k.status) IS NOT DISTINCT FROM ($3::uuid, $4::text)`;
const openTwin = `INSERT INTO member_twin (first_id, second_id) VALUES (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid)) ON CONFLICT DO NOTHING`;

/** Parts again what was made one: both stand as before, and what was changed since stays with the one who stayed. */
export function partMembers(
  join: LastJoin,
  { vault, now, contactId }: Pick<Tools, 'vault' | 'now' | 'contactId'>,
): readonly Statement[] {
  const { keptId, goneId } = join;
  const before = snapshotSchema.parse(vault.openJson(join.snapshot));
  return [
    { ...part('take', takeJoin, goneId, keptId), mustFind: true },
    part('empty', emptyAgain, keptId, JSON.stringify(before.kept), JSON.stringify(before.gone)),
    inserted('member', [before.gone]),
    ...skAgain(keptId, before),
    ...belongingsAgain(join, before),
    part('twin', openTwin, keptId, goneId),
    audited({ kind: 'merge', action: 'part-members', actor: contactId, subjects: [keptId, goneId], at: now }),
  ];
}

const takeJoin = 'DELETE FROM member_join WHERE other_id = $1 AND member_id = $2 RETURNING other_id';

function part(name: string, text: string, ...values: readonly unknown[]): Statement {
  return { name: `part-${name}`, text, values };
}

function inserted(table: string, rows: readonly unknown[]): Statement {
  const text = `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json) ON CONFLICT DO NOTHING`;
  return part(`insert-${table}`, text, JSON.stringify(rows));
}

function skAgain(keptId: string, before: Snapshot): readonly Statement[] {
  const { keptSk, goneSk } = before;
  if (goneSk === null) return [];
  const taken = [goneSk['document_id'], goneSk['status']];
  const back = part('give-sk', giveSkBack, keptId, JSON.stringify(keptSk), ...taken);
  return [...(isBetter(before) ? [back] : []), inserted('sk_member', [goneSk])];
}

function belongingsAgain({ keptId, goneId }: LastJoin, before: Snapshot): readonly Statement[] {
  const move = (table: string, key: string, keys: readonly unknown[]) =>
    part(
      table,
      `UPDATE ${table} SET member_id = $1 WHERE member_id = $2 AND ${key} = ANY($3)`,
      ...[goneId, keptId, keys],
    );
  const contacts = before.contacts.map((link) => String(link['contact_id']));
  return [
    ...Object.entries(belongings).map(([table, key]) => move(table, key, before.moved[table] ?? [])),
    move('member_contact', 'contact_id', contacts),
    inserted('member_contact', before.shared),
  ];
}
