import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The family in which texts are drawn; its files come with Sapa, since a bare machine has none. */
export const fontFamily = 'DejaVu Sans';

const installed = createRequire(import.meta.url);
const fontFiles = ['dejavu-fonts-ttf/ttf/DejaVuSans.ttf', 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'];

let drawing: Promise<(svg: string) => Uint8Array> | undefined;

/** Draws an SVG as a PNG. The first one loads what it is drawn with. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  drawing ??= loadDrawing();
  return (await drawing)(svg);
}

async function loadDrawing() {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  const read = (name: string) => readFile(installed.resolve(name));
  await initWasm(await read('@resvg/resvg-wasm/index_bg.wasm'));
  const fontBuffers = await Promise.all(fontFiles.map(read));
  return (svg: string) => {
    const drawn = new Resvg(svg, { font: { fontBuffers, defaultFontFamily: fontFamily } });
    const picture = drawn.render();
    const png = picture.asPng();
    // Both lie in the memory of the module, which nothing else tidies up.
    picture.free();
    drawn.free();
    return png;
  };
}
