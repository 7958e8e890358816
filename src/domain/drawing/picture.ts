import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { z } from 'zod';

/*
 * The process that draws one picture and ends (`../own-process.ts`). Module and letters lie in packages, found when it runs.
 */

const installed = createRequire(import.meta.url);
const read = (name: string) => readFile(installed.resolve(name));
const fonts = ['dejavu-fonts-ttf/ttf/DejaVuSans.ttf', 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'];

const wanted = z.object({ svg: z.string(), fontFamily: z.string() });

process.once('message', async (message) => {
  const { svg, fontFamily } = wanted.parse(message);
  await initWasm(await read('@resvg/resvg-wasm/index_bg.wasm'));
  const fontBuffers = await Promise.all(fonts.map(read));
  const drawn = new Resvg(svg, { font: { fontBuffers, defaultFontFamily: fontFamily } });
  process.send?.(drawn.render().asPng(), () => process.disconnect());
});
