import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { channelCapabilities } from '../../src/flow/capabilities.js';

const page = 'docs/channels-limits.md';

function limits(...args: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/limits.mjs', ...args], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

test('the page says what the table says', () => {
  expect(limits('check')).toEqual({ status: 0, stderr: '' });
  for (const { channel } of Object.values(channelCapabilities))
    expect(readFileSync(page, 'utf8')).toContain(` ${channel} |`);
});

test('an outdated or missing page is refused, and can be made again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sapa-limits-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'page.md');
  expect(limits('check', file)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('npm run limits'),
  });
  writeFileSync(file, readFileSync(page, 'utf8').replace('4,096', '4,097'));
  expect(limits('check', file).status).toBe(1);
  expect(limits('write', file).status).toBe(0);
  expect(limits('check', file).status).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(page, 'utf8'));
});
