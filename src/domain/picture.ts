import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The family in which texts are drawn; its files come with Sapa, since a bare machine has none. */
export const fontFamily = 'DejaVu Sans';

/** The folder of `package.json`, whether this runs as it is written, compiled, or as one program. */
function home(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** No picture takes longer, on whatever machine; in milliseconds. */
const longest = 60_000;

/**
 * Draws an SVG as a PNG, in a process of its own: nobody else's turn waits for it, and the hundred megabytes it takes go with it. Rejects
 * when it cannot be drawn.
 */
export function pngOf(svg: string): Promise<Uint8Array> {
  // A program of its own, and so always the compiled one; it needs none of our settings.
  const child = fork(join(home(), 'build/picture.js'), {
    ...{
      serialization: 'advanced',
      env: {},
      execArgv: [],
      timeout: longest,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (png) =>
      png instanceof Uint8Array ? resolve(png) : reject(unpictured('something else')),
    );
    child.once('error', reject);
    child.once('exit', (code) => reject(unpictured(`${code} and no picture`)));
    child.send({ svg, fontFamily });
  });
}

function unpictured(what: string): Error {
  return new Error(`the process that draws ended with ${what}`);
}
