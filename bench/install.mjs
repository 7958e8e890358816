import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const stamp = `${here}node_modules/.lock-sha256`;

/** Installs the peers when they are missing or the lock file changed. Gives why it could not, or null. */
export function installPeers() {
  const wanted = createHash('sha256')
    .update(readFileSync(`${here}package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return null;
  console.log('Installing the peers in bench/ …');
  const options = { cwd: here, encoding: 'utf8', shell: process.platform === 'win32' };
  const { status, stderr, error } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
    options,
  );
  if (status !== 0) return (stderr ?? error?.message ?? 'npm ci failed').trim();
  writeFileSync(stamp, wanted);
  return null;
}
