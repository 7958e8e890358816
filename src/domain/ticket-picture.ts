import { encode } from 'uqr';
import { fontFamily } from './picture.js';

/** What stands on a ticket. */
export interface TicketWords {
  readonly nama: string;
  readonly acara: string;
  readonly waktu: string;
  readonly tempat: string;
  /** For who cannot scan. */
  readonly kode: string;
  /** What the square holds. */
  readonly link: string;
}

/** In pixels; as wide as an old phone shows without making it larger. */
const width = 720;
const edge = 36;
const square = 440;
const letters = { ink: '#111827', quiet: '#4b5563' } as const;

interface Line {
  readonly text: string;
  readonly size: number;
  readonly bold?: boolean;
  readonly colour: string;
}

/** A ticket as an SVG: the rakor, the square to scan, the name and the code to type. */
export function ticketSvg({ nama, acara, waktu, tempat, kode, link }: TicketWords): string {
  const head = [
    { text: 'TIKET RAKOR', size: 26, colour: letters.quiet },
    ...wrapped(acara, 32, { size: 34, bold: true, colour: letters.ink }, 3),
    ...wrapped(waktu, 46, { size: 24, colour: letters.ink }, 2),
    ...wrapped(tempat, 46, { size: 24, colour: letters.ink }, 3),
  ];
  const foot = [
    ...wrapped(nama, 30, { size: 36, bold: true, colour: letters.ink }, 2),
    { text: 'Bila tidak dapat dipindai, sebutkan kode:', size: 24, colour: letters.quiet },
    { text: kode, size: 56, bold: true, colour: letters.ink },
  ];
  const top = edge + heightOf(head);
  const under = top + square + edge / 2;
  const height = under + heightOf(foot) + edge;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${fontFamily}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawn(head, edge),
    squareOf(link, (width - square) / 2, top),
    ...drawn(foot, under),
    '</svg>',
  ].join('\n');
}

function heightOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { size }) => sum + leading(size), 0);
}

function leading(size: number): number {
  return Math.round(size * 1.4);
}

function drawn(lines: readonly Line[], from: number): readonly string[] {
  let y = from;
  return lines.map(({ text, size, bold = false, colour }) => {
    y += leading(size);
    const weight = bold ? ' font-weight="bold"' : '';
    const words = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `<text x="${width / 2}" y="${y - Math.round(size * 0.3)}" font-size="${size}" fill="${colour}" text-anchor="middle"${weight}>${words}</text>`;
  });
}

/** Words in lines of so many letters; what does not fit into the last one is cut. */
function wrapped(text: string, most: number, style: Omit<Line, 'text'>, lines: number): readonly Line[] {
  const rows: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + word.length < most) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  const some = rows.slice(0, lines);
  const isCut = rows.length > lines;
  return some.map((row, at) => {
    const whole = isCut && at === lines - 1 ? `${row} …` : row;
    return { ...style, text: whole.length > most ? `${whole.slice(0, most - 1)}…` : whole };
  });
}

/** The square with its margin of four, so that also a camera with a scratch reads it. */
function squareOf(link: string, left: number, top: number): string {
  const { data, size } = encode(link, { ecc: 'M', border: 4 });
  const dots = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const scale = square / size;
  return `<path transform="translate(${left} ${top}) scale(${scale})" d="${dots.join('')}" fill="#000000" shape-rendering="crispEdges"/>`;
}
