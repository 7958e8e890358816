// The crash suite: over one channel, or over all of them one after the other, each in a process of its own.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readOptions } from './options.mjs';

const args = process.argv.slice(2);
const player = fileURLToPath(new URL('play.mjs', import.meta.url));
let playing = null;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    interrupted = true;
    playing?.kill(signal);
  });

const failed = [];
for (const { channel } of readOptions(args)) if ((await play(channel)) !== 0) failed.push(channel);
if (failed.length > 0 && !interrupted) console.error(`chaos: not passed: ${failed.join(', ')}`);
process.exit(interrupted ? 130 : failed.length === 0 ? 0 : 1);

/** Gives the exit code; what was interrupted is not begun. */
function play(channel) {
  if (interrupted) return 130;
  playing = spawn(process.execPath, [player, ...args, '--channel', channel], { stdio: 'inherit' });
  return new Promise((resolve) => playing.once('exit', (code) => resolve(code ?? 1)));
}
