import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import {
  countWaiting,
  findProgram,
  insideOthers,
  newestProgram,
  publishProgram,
  removePrograms,
} from '../../src/store/programs.js';
import { freshDatabase } from '../support/database.js';

const day = 24 * 60 * 60 * 1000;
const start = Date.parse('2026-11-24T03:00:00Z');
const at = (days: number) => new Date(start + days * day);

async function open() {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const { pool } = database;
  const publish = (hash: string, days: number) => publishProgram(pool, { hash, source: hash, at: at(days) });
  const addPeople = (program: string | null, place: string, count: number) =>
    pool.query(
      `WITH c AS (INSERT INTO contact (id) SELECT id FROM unnest($1::uuid[]) AS id RETURNING id)
       INSERT INTO session (contact_id, state_sealed, program, flow, step)
       SELECT id, '', $2, $3, $3 || '-step' FROM c`,
      [Array.from({ length: count }, () => randomUUID()), program, place],
    );
  const kept = async () => {
    const { rows } = await pool.query('SELECT hash FROM flow_program ORDER BY hash');
    return rows.map(({ hash }) => hash);
  };
  return { pool, publish, addPeople, kept };
}

it('what was published last is the newest, also an older one again, and whatever the clock says', async () => {
  const { pool, publish } = await open();
  expect(await newestProgram(pool)).toBeNull();
  expect(await publish('a', 0)).toEqual(at(0));
  expect(await publish('b', 1)).toEqual(at(1));
  expect(await publish('b', 2), 'the newest stays as it is').toEqual(at(1));
  expect(await newestProgram(pool)).toBe('b');
  expect(await publish('a', 3)).toEqual(at(3));
  expect(await newestProgram(pool)).toBe('a');
  await publish('c', 2);
  expect(await newestProgram(pool), 'a clock that is behind').toBe('c');
  expect(await findProgram(pool, 'a')).toEqual({ source: 'a', at: at(3) });
  expect(await findProgram(pool, 'd')).toBeNull();
});

it('removes what was replaced long enough ago and nobody is inside of, twice as well as once', async () => {
  const { pool, publish, addPeople, kept } = await open();
  for (const [days, hash] of ['empty', 'inside', 'replaced-lately', 'newest'].entries())
    await publish(hash, days);
  await addPeople('inside', 'menu', 1);
  await addPeople(null, 'menu', 1);
  expect(await removePrograms(pool, at(3))).toEqual(['empty']);
  expect(await removePrograms(pool, at(3))).toEqual([]);
  expect(await kept()).toEqual(['inside', 'newest', 'replaced-lately']);
  await pool.query('UPDATE session SET program = NULL');
  expect((await removePrograms(pool, at(10))).toSorted()).toEqual(['inside', 'replaced-lately']);
  expect(await kept()).toEqual(['newest']);
});

it('finds everybody who is inside another one, once each, however many', async () => {
  const { pool, addPeople } = await open();
  await addPeople('old', 'menu', 1203);
  await addPeople('older', 'form', 2);
  await addPeople('new', 'menu', 3);
  await addPeople(null, 'menu', 4);
  const found: string[] = [];
  for await (const { contactId, program } of insideOthers(pool, 'new')) {
    found.push(contactId);
    expect(program).not.toBe('new');
  }
  expect(new Set(found).size).toBe(1205);
  expect(found).toHaveLength(1205);
  expect(await countWaiting(pool, 'new')).toEqual([
    { flow: 'form', step: 'form-step', people: 2 },
    { flow: 'menu', step: 'menu-step', people: 1203 },
  ]);
});
