import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { z } from 'zod';

/*
 * The process that draws pictures until nobody is connected to it (`../own-process.ts`). Module and letters lie in packages, found when it runs.
 */

const installed = createRequire(import.meta.url);
const read = (name: string) => readFile(installed.resolve(name));
const fonts = ['dejavu-fonts-ttf/ttf/DejaVuSans.ttf', 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'];

const wanted = z.object({ svg: z.string(), fontFamily: z.string() });

const begun = begin();

async function begin(): Promise<readonly Uint8Array[]> {
  await initWasm(await read('@resvg/resvg-wasm/index_bg.wasm'));
  return Promise.all(fonts.map(read));
}

process.on('message', async (message) => {
  const { svg, fontFamily } = wanted.parse(message);
  const fontBuffers = [...(await begun)];
  const drawn = new Resvg(svg, { font: { fontBuffers, defaultFontFamily: fontFamily } });
  const image = drawn.render();
  process.send?.(image.asPng());
  image.free();
  drawn.free();
});
