import { StartError } from '../store/errors.js';
import { type Queryable, run } from '../store/statement.js';
import { writeTogether } from '../store/transaction.js';
import { silenceForGood } from './deaths.js';
import { eraseStranger } from './erasing.js';
import { eraseOne, type Left, proving, type Retaining } from './retention.js';
import { changeStanding, type Standing } from './standing.js';

/** What people have said that no older copy may forget: by digests of random ids, which lead to nobody without that copy. */
type Objection = 'erased' | Stand | 'opted-out';
/** How a member may stand since the copy was made; who has left or died is written to no more than who has objected. */
type Stand = Exclude<Standing, 'active'>;
const stands: readonly Stand[] = ['suspended', 'left', 'withdrawn', 'deceased'];

/** The digest of `privacy-requests.ts`, in SQL. */
const digestOf = (id: string) =>
  `sha256(convert_to('sapa/erased', 'UTF8') || '\\x00'::bytea || convert_to(${id}::text, 'UTF8'))`;

const listText = `SELECT kind || ' ' || encode(digest, 'hex') AS line FROM (
  SELECT 'erased' AS kind, member_digest AS digest FROM privacy_request WHERE member_digest IS NOT NULL
  UNION ALL SELECT standing, ${digestOf('id')} FROM member WHERE standing <> 'active'
  UNION ALL SELECT 'opted-out', ${digestOf('id')} FROM contact WHERE opted_out_at IS NOT NULL
) all_of_them ORDER BY line`;

/** All of them, a line each, to be kept beside the backups. */
export async function writtenObjections(db: Queryable): Promise<string> {
  const rows = await run<{ line: string }>(db, { name: 'objections', text: listText, values: [] });
  return rows.map(({ line }) => `${line}\n`).join('');
}

/** Those of a file, by what was said: digests in hex. */
export type Objections = Readonly<Record<Objection, readonly string[]>>;

const line = new RegExp(`^(erased|${stands.join('|')}|opted-out) ([0-9a-f]{64})$`);

/** Reads such a file again. Throws `StartError`. */
export function readObjections(text: string): Objections {
  const lines = text.split('\n').filter((one) => one.trim() !== '');
  if (lines.some((one) => !line.test(one.trim())))
    throw new StartError(
      'The file with the erasures is damaged, or is another one.',
      'Give the file erasures.log of the old DATA_DIR.',
    );
  const of = (kind: Objection) =>
    lines
      .map((one) => one.trim().split(' '))
      .flatMap(([word, digest = '']) => (word === kind ? [digest] : []));
  return {
    erased: of('erased'),
    suspended: of('suspended'),
    left: of('left'),
    withdrawn: of('withdrawn'),
    deceased: of('deceased'),
    'opted-out': of('opted-out'),
  };
}

/** How many were found in the copy and treated again. */
export type Honoured = Readonly<Record<Objection, number>>;

/** Does again, in a copy of before, what people have asked for since. */
export async function honour(objections: Objections, retaining: Retaining): Promise<Honoured> {
  const erased = await eraseAgain(objections.erased, retaining);
  return {
    erased,
    suspended: await stand('suspended', objections.suspended, retaining),
    left: await stand('left', objections.left, retaining),
    withdrawn: await stand('withdrawn', objections.withdrawn, retaining),
    deceased: await stand('deceased', objections.deceased, retaining),
    'opted-out': await shutUp(objections['opted-out'], retaining),
  };
}

const provedText = `SELECT encode(member_digest, 'hex') AS digest FROM privacy_request WHERE member_digest IS NOT NULL`;
const membersText = `SELECT id, region_code AS "regionCode", simulator FROM member
WHERE encode(${digestOf('id')}, 'hex') = ANY($1::text[]) ORDER BY id`;
const strangersText = `SELECT c.id, '33' AS "regionCode", c.simulator FROM contact c
WHERE encode(${digestOf('c.id')}, 'hex') = ANY($1::text[]) ORDER BY c.id`;

/** A contact may have been erased before, and have written anew: what the copy proves already is not done once more. */
async function eraseAgain(digests: readonly string[], retaining: Retaining): Promise<number> {
  const { pool } = retaining;
  const proved = await run<{ digest: string }>(pool, {
    name: 'objections-proved',
    text: provedText,
    values: [],
  });
  const left = without(
    digests,
    proved.map(({ digest }) => digest),
  );
  const find = (name: string, text: string) => run<Left>(pool, { name, text, values: [left] });
  const members = await find('objections-members', membersText);
  for (const member of members) await eraseOne(member, 'restore', [], retaining);
  const strangers = await find('objections-strangers', strangersText);
  for (const stranger of strangers) await eraseContact(stranger, retaining);
  return members.length + strangers.length;
}

/** What is in a list more often than in another one. */
function without(all: readonly string[], known: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const one of known) counts.set(one, (counts.get(one) ?? 0) + 1);
  return all.filter((one) => {
    const count = counts.get(one) ?? 0;
    counts.set(one, count - 1);
    return count <= 0;
  });
}

async function eraseContact(contact: Left, retaining: Retaining): Promise<void> {
  const { how, proof } = await proving(contact, 'restore', retaining);
  await writeTogether(retaining.pool, [...eraseStranger(contact.id, how), proof]);
}

const standText = `SELECT id, standing FROM member WHERE standing <> $1 AND standing <> 'withdrawn'
AND encode(${digestOf('id')}, 'hex') = ANY($2::text[])`;

/** Whoever has said so since does not have to say it twice; nothing waits any more in the name of who died. */
async function stand(to: Stand, digests: readonly string[], { pool, now }: Retaining): Promise<number> {
  const statement = { name: 'objections-stand', text: standText, values: [to, digests] };
  const rows = await run<{ id: string; standing: Standing }>(pool, statement);
  for (const { id, standing } of rows)
    await writeTogether(pool, [
      ...(to === 'deceased' ? silenceForGood(id, now()) : []),
      ...changeStanding({ memberId: id, from: standing, to, actor: 'local:restore', at: now() }),
    ]);
  return rows.length;
}

const optText = `UPDATE contact SET opted_out_at = $1 WHERE opted_out_at IS NULL
AND encode(${digestOf('id')}, 'hex') = ANY($2::text[]) RETURNING id`;

async function shutUp(digests: readonly string[], { pool, now }: Retaining): Promise<number> {
  return (await run(pool, { name: 'objections-opt-out', text: optText, values: [now(), digests] })).length;
}
