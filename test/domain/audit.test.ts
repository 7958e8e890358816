import fc from 'fast-check';
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { verify } from '../../src/cli/audit.js';
import { sealAudit, verifyAudit } from '../../src/domain/audit.js';
import { audited, type Personal, sealPersonal } from '../../src/store/audit.js';
import { createVault } from '../../src/store/crypto.js';
import { newId } from '../../src/store/ids.js';
import { run } from '../../src/store/statement.js';
import { inTransaction } from '../../src/store/transaction.js';
import { sized } from '../support/size.js';
import { waitFor } from '../support/wait.js';
import { now, openWorld, unguarded, type World, write } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const secret = 'alasan rahasia';
const opened = ({ key, payload }: Personal) => createVault(world.vault.openBytes(key)).openJson(payload);

/** Entries about two people, by turns; every second one with something personal. */
async function keep(count: number, [one, other] = [newId(), newId()]): Promise<readonly string[]> {
  const statements = Array.from({ length: count }, (_, at) =>
    audited({
      ...{ kind: 'sk', action: 'tolak', detail: `entry ${at}`, actor: newId(), at: now },
      subjects: [at % 2 === 0 ? one : other],
      ...(at % 2 === 0 ? {} : { personal: sealPersonal(world.vault, { alasan: secret }) }),
    }),
  );
  await write(world, statements);
  return [one, other];
}

/** What only somebody with the database in his hands could do. */
async function tamper(script: string): Promise<void> {
  await world.db.pool.query(unguarded(script));
}

const rows = async <Row extends pg.QueryResultRow>(text: string) =>
  (await world.db.pool.query<Row>(text)).rows;
const whole = (sealed: number, unsealed = 0) => ({ sealed, unsealed, broken: null });

describe('the chain', () => {
  test('holds every entry in order, and is whole', async () => {
    await keep(5);
    expect(await verifyAudit(world)).toMatchObject({ ...whole(0, 5), upTo: null });
    expect([await sealAudit(world), await sealAudit(world)]).toEqual([5, 0]);
    await keep(3);
    expect(await verifyAudit(world)).toMatchObject({ ...whole(5, 3), upTo: now });
    expect(await sealAudit(world)).toBe(3);
    expect(await verifyAudit(world)).toMatchObject(whole(8));
    expect(await rows('SELECT detail FROM audit_entry ORDER BY seq')).toEqual(
      [0, 1, 2, 3, 4, 0, 1, 2].map((at) => ({ detail: `entry ${at}` })),
    );
  });

  test.each<readonly [string, number, string]>([
    [
      'UPDATE audit_entry SET payload_sealed = payload_sealed || $$x$$ WHERE seq = 4',
      4,
      'not what was sealed',
    ],
    ['UPDATE audit_entry SET payload_sealed = NULL WHERE seq = 4', 4, 'not what was sealed'],
    [`UPDATE audit_entry SET detail = 'entry 9' WHERE seq = 3`, 3, 'not what was sealed'],
    [`UPDATE audit_entry SET at = at + interval '1 ms' WHERE seq = 1`, 1, 'not what was sealed'],
    ['UPDATE audit_entry SET actor = NULL WHERE seq = 6', 6, 'not what was sealed'],
    [`UPDATE audit_entry SET machine = 'local:x' WHERE seq = 2`, 2, 'not what was sealed'],
    ['UPDATE audit_entry SET person = gen_random_uuid() WHERE seq = 5', 5, 'not what was sealed'],
    ['UPDATE audit_entry SET link = sha256(link) WHERE seq = 4', 4, 'not what was sealed'],
    ['DELETE FROM audit_entry WHERE seq = 4', 4, 'it is missing'],
    ['DELETE FROM audit_entry WHERE seq = 1', 1, 'it is missing'],
    ['DELETE FROM audit_entry WHERE seq >= 5', 5, 'it and what followed it are missing'],
    ['DELETE FROM audit_entry', 1, 'it and what followed it are missing'],
    [
      'DELETE FROM audit_entry WHERE seq = 3; UPDATE audit_entry SET seq = seq - 1 WHERE seq > 3',
      3,
      'not what was sealed',
    ],
    [
      'UPDATE audit_entry SET seq = -seq WHERE seq IN (2, 3); UPDATE audit_entry SET seq = 5 + seq WHERE seq < 0',
      2,
      'not what was sealed',
    ],
    [
      `WITH s AS (SELECT id, payload_sealed FROM audit_entry) UPDATE audit_entry e SET payload_sealed = s.payload_sealed
       FROM s WHERE e.seq = 2 AND s.id = (SELECT id FROM audit_entry WHERE seq = 4)`,
      2,
      'not what was sealed',
    ],
    ['UPDATE audit_chain SET link = sha256(link)', 6, 'the chain was to end otherwise'],
    ['DELETE FROM audit_chain', 1, 'the key of the chain is gone'],
  ])('tells of %s', async (script, at, what) => {
    await keep(6);
    await sealAudit(world);
    await tamper(script);
    const { broken } = await verifyAudit(world);
    expect(broken).toEqual({ at, what: expect.stringContaining(what) });
  });

  test('is one, however many seal it at the same time', async () => {
    await keep(40);
    const counts = await Promise.all(Array.from({ length: 6 }, () => sealAudit(world)));
    await sealAudit(world);
    expect(Math.max(...counts)).toBe(40);
    expect(await verifyAudit(world)).toMatchObject(whole(40));
  });

  test('loses nothing when whoever seals dies before his commit, and takes up what commits late', async () => {
    await keep(2);
    // One that is written and not committed yet has an earlier id than those behind it.
    const late = await world.db.pool.connect();
    await late.query('BEGIN');
    await run(late, audited({ kind: 'look', action: 'late', actor: null, subjects: [], at: now }));
    await keep(2);
    const dying = await world.db.pool.connect();
    dying.on('error', () => {});
    await sealAudit(world);
    await keep(1);
    await dying.query('BEGIN; SELECT FROM audit_chain FOR UPDATE');
    expect(await sealAudit(world)).toBe(0);
    const { rows: found } = await dying.query('SELECT pg_backend_pid() AS pid');
    await world.db.pool.query('SELECT pg_terminate_backend($1)', [found[0].pid]);
    dying.release(true);
    await waitFor('the chain to be free', async () => (await sealAudit(world)) === 1);
    await late.query('COMMIT');
    late.release();
    expect(await sealAudit(world)).toBe(1);
    expect(await verifyAudit(world)).toMatchObject(whole(6));
  });

  test('goes on over the batches of which many entries are made', async () => {
    const subjects = Array.from({ length: 2_300 }, () => newId());
    await write(world, [
      audited({ kind: 'look', action: 'list-members', actor: 'local:x', subjects, at: now }),
    ]);
    expect(await sealAudit(world)).toBe(2_300);
    expect(await verifyAudit(world)).toMatchObject(whole(2_300));
  });

  test('whatever is written, erased and sealed in whatever order, it is whole; and no change passes unseen', async () => {
    const act = fc.oneof(
      fc.record({ do: fc.constant('keep' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant('seal' as const) }),
      fc.record({ do: fc.constant('erase' as const) }),
    );
    const change = fc.constantFrom(
      'UPDATE audit_entry SET action = action || $$!$$ WHERE seq = %',
      'UPDATE audit_entry SET payload_sealed = $$x$$ WHERE seq = %',
      'UPDATE audit_entry SET link = sha256(link) WHERE seq = %',
      'UPDATE audit_entry SET seq = seq + 1000 WHERE seq = %',
      'DELETE FROM audit_entry WHERE seq = %',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { minLength: 1, maxLength: 12 }),
        change,
        fc.nat(),
        async (acts, text, place) => {
          world = await openWorld();
          for (const one of acts) {
            if (one.do === 'keep') await keep(one.count);
            if (one.do === 'seal') await sealAudit(world);
            if (one.do === 'erase') await world.db.pool.query('DELETE FROM person_key');
          }
          await sealAudit(world);
          const { sealed, unsealed, broken } = await verifyAudit(world);
          expect([unsealed, broken]).toEqual([0, null]);
          if (sealed === 0) return;
          const at = 1 + (place % sealed);
          await tamper(text.replace('%', String(at)));
          expect((await verifyAudit(world)).broken?.at).toBe(at);
        },
      ),
      { numRuns: sized(15, 40) },
    );
  });
});

describe('an entry', () => {
  test.each([
    `UPDATE audit_entry SET detail = 'x'`,
    'UPDATE audit_entry SET seq = NULL, link = NULL WHERE seq = 1',
    'UPDATE audit_entry SET seq = 7 WHERE seq = 1',
    `UPDATE audit_entry SET seq = 3, link = 'x', detail = 'x' WHERE seq IS NULL`,
    'DELETE FROM audit_entry WHERE seq IS NULL',
    'TRUNCATE audit_entry',
    `INSERT INTO audit_entry (at, kind, action, seq, link) VALUES (now(), 'look', 'x', 3, 'x')`,
  ])('refuses %s', async (script) => {
    await keep(2);
    await sealAudit(world);
    await keep(1);
    await expect(world.db.pool.query(script)).rejects.toThrow('audit_entry is append-only');
  });

  test('keeps what is personal sealed under a key of its own; without it nobody reads it, and the chain holds', async () => {
    const [, other] = await keep(4);
    await sealAudit(world);
    const joined = `SELECT k.key_sealed AS key, e.payload_sealed AS payload FROM audit_entry e JOIN person_key k ON k.id = e.person
      WHERE e.payload_sealed IS NOT NULL ORDER BY e.id`;
    const kept = await rows<{ key: Buffer; payload: Buffer }>(joined);
    expect(kept.map(opened)).toEqual([{ alasan: secret }, { alasan: secret }]);
    const [first, second] = kept;
    if (first === undefined || second === undefined) throw new Error('two were kept');
    expect(() => opened({ ...first, payload: second.payload })).toThrow();
    expect(() => world.vault.open(first.payload)).toThrow();
    await world.db.pool.query('DELETE FROM person_key WHERE subject = $1', [other]);
    expect(await rows(joined)).toEqual([]);
    expect(await verifyAudit(world)).toMatchObject(whole(4));
  });

  test('comes and goes with the transaction of what it tells', async () => {
    const entry = audited({ kind: 'look', action: 'x', actor: newId(), subjects: [newId()], at: now });
    await inTransaction(world.db.pool, async (connection) => {
      await run(connection, entry);
      return false;
    });
    expect(await rows('SELECT FROM audit_entry')).toEqual([]);
    expect(await rows('SELECT FROM person_key')).toEqual([]);
  });

  test('calls one person by one name, two by two', async () => {
    const [one, other] = [newId(), newId()];
    const look = (subject: string) =>
      audited({ kind: 'look', action: 'x', actor: one, subjects: [subject, subject], at: now });
    await write(world, [look(one), look(other), look(one)]);
    expect(await rows('SELECT subject FROM person_key ORDER BY subject')).toEqual(
      [one, other].sort().map((subject) => ({ subject })),
    );
    expect(await rows('SELECT actor = person AS self FROM audit_entry ORDER BY id')).toEqual([
      { self: true },
      { self: false },
      { self: true },
    ]);
  });
});

test('sapa audit verify says how it stands, and fails when it is broken', async () => {
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  await keep(3);
  await sealAudit(world);
  await keep(1);
  expect(await verify(world, print)).toBe(true);
  expect(printed[0]).toBe(`4 entries, 3 of them sealed up to ${now.toISOString()}.`);
  expect(printed[1]).toMatch(/^1 are not sealed yet/);
  expect(printed[2]).toMatch(/^ok: every sealed entry/);
  await tamper('DELETE FROM audit_entry WHERE seq = 2');
  expect(await verify(world, print)).toBe(false);
  expect(printed.join('\n')).toContain('BROKEN at entry 2: it is missing.');
});
