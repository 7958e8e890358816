import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of `package.json`, whether this runs as it is written, compiled, or as one program. */
function home(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Nothing that is made takes longer, on whatever machine; in milliseconds. */
const longest = 60_000;

/**
 * Lets a program of ours (`build/NAME.js`) make something of a message, in a process of its own: nobody else's turn waits for it, and the
 * memory it takes goes with it. Rejects when it ends without having made anything.
 */
export function madeBy(name: 'picture' | 'paper', message: object): Promise<Uint8Array> {
  // A program of its own, and so always the compiled one; it needs none of our settings.
  const child = fork(join(home(), `build/${name}.js`), {
    ...{
      serialization: 'advanced',
      env: {},
      execArgv: [],
      timeout: longest,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (made) =>
      made instanceof Uint8Array ? resolve(made) : reject(unmade(name, 'something else')),
    );
    child.once('error', reject);
    child.once('exit', (code) => reject(unmade(name, `${code} and no ${name}`)));
    child.send(message);
  });
}

function unmade(name: string, what: string): Error {
  return new Error(`the process that makes a ${name} ended with ${what}`);
}
