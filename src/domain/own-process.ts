import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
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
/** So long a process is kept for whatever is made next: to begin one and to read the letters takes longer than to make a paper. */
const keptFor = 10_000;

type Program = 'picture' | 'paper';

/** Those that have nothing to do, at most one of each program, with what forgets it. */
const resting = new Map<Program, { readonly child: ChildProcess; readonly forget: () => void }>();

/**
 * Lets a program of ours (`build/NAME.js`) make something of a message, in a process of its own: nobody else's turn waits for it, and the
 * memory it takes goes with it, soon after the last one was made. Rejects when it ends without having made anything.
 */
export async function madeBy(name: Program, message: object): Promise<Uint8Array> {
  const child = wake(name);
  try {
    const made = await answerOf(child, name, message);
    rest(name, child);
    return made;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function wake(name: Program): ChildProcess {
  const found = resting.get(name);
  if (found === undefined) return begin(name);
  const { child, forget } = found;
  forget();
  child.off('disconnect', forget);
  child.ref();
  child.channel?.ref();
  return child;
}

function begin(name: Program): ChildProcess {
  // A program of its own, and so always the compiled one; it needs none of our settings.
  return fork(join(home(), `build/${name}.js`), {
    ...{ serialization: 'advanced', env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  });
}

async function answerOf(child: ChildProcess, name: Program, message: object): Promise<Uint8Array> {
  const late = setTimeout(() => child.kill('SIGKILL'), longest);
  const heard = new AbortController();
  const answered = once(child, 'message', heard);
  const gone = once(child, 'exit', heard).then(([code]) => {
    throw unmade(name, `${code} and no ${name}`);
  });
  try {
    child.send(message);
    const [made] = await Promise.race([answered, gone]);
    if (made instanceof Uint8Array) return made;
    throw unmade(name, 'something else');
  } finally {
    clearTimeout(late);
    heard.abort();
  }
}

/**
 * Keeps a process that has made something, unless another one is kept; it ends by itself when nobody is connected to it any more, and it
 * keeps nobody from ending.
 */
function rest(name: Program, child: ChildProcess): void {
  if (resting.has(name)) {
    child.disconnect();
    return;
  }
  const end = setTimeout(() => child.disconnect(), keptFor).unref();
  const forget = () => {
    clearTimeout(end);
    resting.delete(name);
  };
  child.once('disconnect', forget);
  child.unref();
  child.channel?.unref();
  resting.set(name, { child, forget });
}

function unmade(name: string, what: string): Error {
  return new Error(`the process that makes a ${name} ended with ${what}`);
}
