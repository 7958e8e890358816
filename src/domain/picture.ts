import { madeBy } from './own-process.js';

/** The family in which texts are drawn; its files come with Sapa, since a bare machine has none. */
export const fontFamily = 'DejaVu Sans';

/** Draws an SVG as a PNG. Rejects when it cannot be drawn. */
export function pngOf(svg: string): Promise<Uint8Array> {
  return madeBy('picture', { svg, fontFamily });
}
