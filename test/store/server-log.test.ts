import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { complaintFrom, lengthOf, notStarted, reasonOf } from '../../src/store/server-log.js';

const dir = mkdtempSync(join(tmpdir(), 'sapa-log-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('why a server did not start', () => {
  test.each([
    [
      'initdb: error: could not create directory "x": No space left on device\ninitdb: removing data directory "x"',
      'could not create directory "x": No space left on device',
    ],
    [
      'FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device\nchild process exited with exit code 1\ninitdb: error: failed',
      'could not write to file "pg_wal/xlogtemp.9": No space left on device',
    ],
    ['2026-11-27 UTC [9] PANIC:  could not fsync\nlast line', 'could not fsync'],
    ['only words', 'only words'],
  ])('is the line that says so: %j', (stderr, reason) => {
    expect(reasonOf(Object.assign(new Error('Command failed'), { stderr }))).toBe(reason);
  });

  test('is told from what this attempt wrote', () => {
    const log = join(dir, 'written.log');
    writeFileSync(log, 'FATAL:  of yesterday, é\n');
    const logged = lengthOf(log);
    expect(complaintFrom(log, logged)).toBeNull();
    writeFileSync(log, '[7] FATAL:  of now\n[7] LOG:  ended\n', { flag: 'a' });
    expect(complaintFrom(log, logged)).toBe('of now');
  });

  test.each([
    ['a full disk', 'could not extend file: wrote only 4096 of 8192 bytes at block 10', 'empty', 'make room'],
    ['a full disk', 'ENOSPC: no space left on device, write', 'written.log', 'make room'],
    ['what a log says more of', 'a fault', 'written.log', 'Read the end of'],
    ['what no log says', 'a fault', 'none.log', 'Mend that'],
  ])('and what to do about %s', (_name, reason, log, mend) => {
    expect(notStarted({ dir, log: join(dir, log) }, reason).mend).toContain(mend);
  });
});
