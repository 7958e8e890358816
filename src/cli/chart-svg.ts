import type { BoxKind, Chart } from '../flow/chart.js';
import {
  type Area,
  layOut,
  lineHeight,
  type PlacedArrow,
  type PlacedBox,
  type Point,
  type TextLine,
  widthOf,
} from './chart-layout.js';

interface Look {
  readonly fill: string;
  readonly edge: string;
  readonly round: number;
  readonly name: string;
}

/** Light fills with dark letters: readable in print too. The names are those of the legend. */
const looks: Readonly<Record<BoxKind, Look>> = {
  question: { fill: '#fff4d6', edge: '#a86b00', round: 18, name: 'Pertanyaan kepada anggota' },
  message: { fill: '#e3f0fb', edge: '#2a6496', round: 4, name: 'Pesan kepada anggota' },
  work: { fill: '#f1f1f1', edge: '#6b6b6b', round: 4, name: 'Dikerjakan sistem' },
  call: { fill: '#e2f3e7', edge: '#1f7a43', round: 4, name: 'Percakapan lain' },
  end: { fill: '#ffffff', edge: '#222222', round: 16, name: 'Selesai' },
};

const titleSize = 22;
/** Bold letters are that much wider. */
const boldness = 1.15;
const legendSize = 13;
const legendWidth = 320;
const titleRoom = 60;
const noteLine = 20;
const legendLine = 24;

/** A chart as SVG: title, boxes and ways, and what the colours mean. */
export function svgOf(chart: Chart): string {
  const { boxes, arrows, ...size } = layOut(chart);
  const found = [...new Set(boxes.map(({ box }) => box.kind))];
  // One colour alone means nothing.
  const kinds = found.length > 1 ? found : [];
  const above = titleRoom + chart.notes.length * noteLine;
  const width = Math.ceil(Math.max(size.width, ...headWidths(chart)));
  const height = Math.ceil(size.height + above + legendLine * kinds.length + 24);
  const shift = Math.floor((width - size.width) / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Verdana, Arial, sans-serif" role="img">`,
    `<title>${escaped(chart.title)}</title>`,
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z" fill="#444444"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="24" y="40" font-size="${titleSize}" font-weight="bold" fill="#111111">${escaped(chart.title)}</text>`,
    ...chart.notes.map((note, at) => noteOf(note, titleRoom + at * noteLine)),
    `<g transform="translate(${shift} ${above})">`,
    // Ways first: the boxes and the labels lie on top of them.
    ...arrows.map(wayOf),
    ...boxes.map(boxOf),
    ...arrows.flatMap(labelOf),
    '</g>',
    ...kinds.map((kind, at) => legendOf(kind, height - 24 - legendLine * (kinds.length - at - 1))),
    '</svg>',
    '',
  ].join('\n');
}

/** How wide the lines above the drawing are, and the legend below it. */
function headWidths({ title, notes }: Chart): readonly number[] {
  const lines = [widthOf(title, titleSize * boldness), ...notes.map((note) => widthOf(note, legendSize))];
  return [...lines.map((width) => width + 48), legendWidth];
}

function wayOf({ points }: PlacedArrow): string {
  return `<path d="${curve(points)}" fill="none" stroke="#444444" stroke-width="1.5" marker-end="url(#tip)"/>`;
}

/** A line through the bends that is round where it bends. */
function curve(points: readonly Point[]): string {
  const [first, ...others] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  const bends = others.slice(0, -1).map((point, at) => {
    const next = others[at + 1] ?? last;
    const middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${place(point)} ${place(middle)}`;
  });
  return [`M${place(first)}`, ...bends, `L${place(last)}`].join('');
}

function place({ x, y }: Point): string {
  return `${rounded(x)} ${rounded(y)}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function boxOf(placed: PlacedBox): string {
  const { fill, edge, round } = looks[placed.box.kind];
  const frame = `${rectangle(placed, round)} fill="${fill}" stroke="${edge}" stroke-width="1.5"/>`;
  return `<g class="box" data-id="${escaped(placed.box.id)}">${frame}${textIn(placed, placed.lines, '#111111')}</g>`;
}

function labelOf({ label }: PlacedArrow): readonly string[] {
  if (label === null) return [];
  const frame = `${rectangle(label, 4)} fill="#ffffff" fill-opacity="0.92"/>`;
  return [`<g class="label">${frame}${textIn(label, label.lines, '#333333')}</g>`];
}

function rectangle({ x, y, width, height }: Area, round: number): string {
  const corner = `x="${rounded(x - width / 2)}" y="${rounded(y - height / 2)}"`;
  return `<rect ${corner} width="${rounded(width)}" height="${rounded(height)}" rx="${round}"`;
}

/** The lines one below the other, in the middle of their area. */
function textIn({ x, y }: Area, lines: readonly TextLine[], colour: string): string {
  const whole = lines.reduce((sum, { size }) => sum + size * lineHeight, 0);
  let top = y - whole / 2;
  const spans = lines.map(({ text, size }) => {
    const base = top + size * 1.05;
    top += size * lineHeight;
    return `<text x="${rounded(x)}" y="${rounded(base)}" font-size="${size}">${escaped(text)}</text>`;
  });
  return `<g text-anchor="middle" fill="${colour}">${spans.join('')}</g>`;
}

function noteOf(note: string, base: number): string {
  return `<text x="24" y="${base}" font-size="${legendSize}" fill="#333333">${escaped(note)}</text>`;
}

function legendOf(kind: BoxKind, base: number): string {
  const { fill, edge, name } = looks[kind];
  const sample = `<rect x="24" y="${base - 12}" width="22" height="15" rx="4" fill="${fill}" stroke="${edge}" stroke-width="1.5"/>`;
  return `${sample}<text x="56" y="${base}" font-size="${legendSize}" fill="#333333">${name}</text>`;
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (sign) => names[sign] ?? sign);
}
