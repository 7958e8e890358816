import type pg from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Health } from '../src/channels/contract.js';
import { databaseHealth, readiness } from '../src/readiness.js';
import { StartError } from '../src/store/errors.js';
import { isDiskFull, isOutage } from '../src/store/outage.js';
import { tellOnce, tellOnceUnlessAway, watchDatabase } from '../src/watch.js';

const failure = (message: string, more: object = {}) => Object.assign(new Error(message), more);
const diskFull = failure('could not extend file', { code: '53100' });

/** A database that answers a look with what stands next; at the end goes on with the last. */
function poolOf(...answers: readonly (Error | 'well' | 'silence')[]): pg.Pool {
  let at = 0;
  const query = () => {
    const answer = answers[Math.min(at, answers.length - 1)];
    at += 1;
    if (answer === 'silence') return new Promise(() => {});
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ rows: [] });
  };
  return { query } as unknown as pg.Pool;
}

function lines() {
  const told: string[] = [];
  const write = (_: object, line: string) => void told.push(line);
  return { told, log: { info: write, warn: write, error: write } };
}

it.each<[string, Error, boolean]>([
  ['no socket there', failure('connect ENOENT /x', { code: 'ENOENT', syscall: 'connect' }), true],
  ['no socket there, by Prisma', failure('Invalid call:\n\nconnect ENOENT /x', { code: 'ENOENT' }), true],
  ['a socket of somebody else', failure('connect EACCES /x', { code: 'EACCES', syscall: 'connect' }), true],
  ['no file there', failure("ENOENT: … open '/x'", { code: 'ENOENT', syscall: 'open' }), false],
  ['a file of somebody else', failure("EACCES: … open '/x'", { code: 'EACCES', syscall: 'open' }), false],
  ['nobody listens', failure('connect ECONNREFUSED', { code: 'ECONNREFUSED', syscall: 'connect' }), true],
  ['the server is stopped', failure('terminating', { code: '57P01' }), true],
  ['a full disk', diskFull, true],
  ['a wrong statement', failure('syntax error', { code: '42601' }), false],
])('knows whether the database is away: %s', (_, error, away) => {
  expect(isOutage(error)).toBe(away);
});

it('finds a full disk also in what Prisma throws', () => {
  const meta = { driverAdapterError: { cause: { originalCode: '53100' } } };
  expect(isDiskFull(failure('Raw query failed', { code: 'P2010', meta }))).toBe(true);
  expect(isDiskFull(failure('Raw query failed', { code: 'P2010', meta: {} }))).toBe(false);
});

it.each<[string, Error | 'well' | 'silence', string | null]>([
  ['well', 'well', null],
  ['stopped', failure('terminating', { code: '57P01' }), 'The database does not answer.'],
  ['hanging', 'silence', 'The database does not answer.'],
  ['without room', diskFull, 'The disk is full: the database cannot write, and people get no answer.'],
])('says how the database is: %s', async (_, answer, what) => {
  const health = await databaseHealth({ pool: poolOf(answer) }, 30);
  expect(health.ok ? null : health.what).toBe(what);
});

it('names each part that does not answer, and waits for none of them', async () => {
  const never = () => new Promise<Health>(() => {});
  const well = async (): Promise<Health> => ({ ok: true });
  const channel = (name: string, health: () => Promise<Health>) => ({ name, health }) as never;
  const engine = {
    channels: [channel('telegram', never), channel('simulator', well)],
    queues: { health: never },
  };
  const told = await readiness({ pool: poolOf('silence') }, engine, 30);
  const wrong = Object.entries(told).flatMap(([name, one]) => (one.ok ? [] : [`${name}: ${one.what}`]));
  expect(wrong).toEqual([
    'database: The database does not answer.',
    'queue: The part "queue" does not answer.',
    'telegram: The part "telegram" does not answer.',
    'alarms: The part "alarms" does not answer.',
  ]);
});

it('tells an outage once, another one once, and the end once', async () => {
  const { told, log } = lines();
  const gone = failure('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
  const pool = poolOf('well', gone, gone, gone, diskFull, diskFull, 'well', 'well');
  const ensureServer = vi.fn(async () => {});
  const watch = watchDatabase({ pool, log: log as never, ensureServer }, 5);
  onTestFinished(() => watch.stop());
  await vi.waitFor(() => expect(told).toHaveLength(3));
  await new Promise((wait) => setTimeout(wait, 30));
  expect(told).toEqual([
    expect.stringContaining('The database does not answer.'),
    expect.stringContaining('The disk is full'),
    'The database answers again.',
  ]);
  expect(ensureServer).toHaveBeenCalledTimes(6);
});

it('tells once why the server does not start, in one line, and again when the reason changes or after an hour', () => {
  const { told, log } = lines();
  let at = 0;
  const tell = tellOnce(log, 'it did not start', { now: () => at });
  for (const pid of [12, 13, 14]) tell(new StartError(`PostgreSQL did not start (held by ${pid}).`, 'Look.'));
  tell(new StartError('PostgreSQL did not start (no room).', 'Look.'));
  tell(new StartError('PostgreSQL did not start (no room).', 'Look.'));
  at += 61 * 60_000;
  tell(new StartError('PostgreSQL did not start (no room).', 'Look.'));
  expect(told).toEqual([
    'it did not start: PostgreSQL did not start (held by 12). Look.',
    'it did not start: PostgreSQL did not start (no room). Look.',
    'it did not start: PostgreSQL did not start (no room). Look.',
  ]);
});

it('leaves an outage to whoever watches the database', () => {
  const { told, log } = lines();
  const tell = tellOnceUnlessAway(log, 'requests were not looked after');
  for (const error of [diskFull, failure('terminating', { code: '57P01' }), failure('a bug')]) tell(error);
  expect(told).toEqual(['requests were not looked after']);
});
