import type { PartCounts } from './area-counts.js';
import { fontFamily } from './picture.js';

/** What stands above the bars. */
export interface ChartHead {
  readonly title: string;
  readonly subtitle: string;
}

/** In pixels; as wide as an old phone shows without making it larger. */
const width = 720;
const edge = 24;
const headHeight = 170;
const rowHeight = 74;
const barHeight = 24;

/** Told apart by their lightness too, for who sees no colours or prints it. */
const colours = { verified: '#14532d', waiting: '#f59e0b', rest: '#d1d5db', ink: '#111827' } as const;
const legend = [
  { label: 'SK sah', colour: colours.verified },
  { label: 'menunggu', colour: colours.waiting },
  { label: 'belum ada', colour: colours.rest },
] as const;

/** A bar for each part of an area, as long as it has members, split by how their SK stand; the numbers beside it. An SVG. */
export function chartOf({ title, subtitle }: ChartHead, parts: readonly PartCounts[]): string {
  const height = headHeight + parts.length * rowHeight + edge;
  const most = Math.max(1, ...parts.map(membersIn));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${fontFamily}" fill="${colours.ink}">`,
    box(0, 0, width, height, '#ffffff'),
    words(edge, 50, 32, title, ' font-weight="bold"'),
    words(edge, 88, 24, subtitle),
    ...legend.flatMap(({ label, colour }, at) => [
      box(edge + at * 215, 112, 24, 24, colour),
      words(edge + 34 + at * 215, 132, 22, label),
    ]),
    ...parts.flatMap((part, at) => rowOf(part, headHeight + at * rowHeight, most)),
    '</svg>',
  ].join('\n');
}

function membersIn({ registered, listed }: PartCounts): number {
  return registered + listed;
}

function rowOf(part: PartCounts, top: number, most: number): readonly string[] {
  const members = membersIn(part);
  const unit = (width - 2 * edge) / most;
  const lengths = [part.verified, part.waiting, members - part.verified - part.waiting];
  const colourOf = [colours.verified, colours.waiting, colours.rest];
  let from: number = edge;
  const bars = lengths.map((count, at) => {
    const left = from;
    from += count * unit;
    return box(left, top + 34, count * unit, barHeight, colourOf[at] ?? colours.rest);
  });
  const numbers = members === 0 ? 'belum ada PSM' : `${part.verified} sah dari ${members} PSM`;
  const name = words(edge, top + 24, 24, shortName(part.place), ' font-weight="bold"');
  return [name, words(width - edge, top + 24, 22, numbers, ' text-anchor="end"'), ...bars];
}

/** What every part is called is left out, but for a kota or kabupaten of one name. */
function shortName(place: string): string {
  return place.replace(/^(?:Kecamatan|Desa|Kelurahan) /, '').replace(/^Kabupaten /, 'Kab. ');
}

function box(x: number, y: number, wide: number, high: number, colour: string): string {
  return `<rect x="${x}" y="${y}" width="${wide.toFixed(1)}" height="${high}" fill="${colour}"/>`;
}

function words(x: number, y: number, size: number, text: string, more = ''): string {
  return `<text x="${x}" y="${y}" font-size="${size}"${more}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
