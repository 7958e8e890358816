import { Graph, layout } from '@dagrejs/dagre';
import { type Arrow, type Box, type Chart, passageText } from '../flow/chart.js';

/** A place in pixels; the origin is above on the left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle around its middle. */
export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

/** One line of text in a box, in its size. */
export interface TextLine {
  readonly text: string;
  readonly size: number;
}

/** A box with its place and the lines in it. */
export interface PlacedBox extends Area {
  readonly box: Box;
  readonly lines: readonly TextLine[];
}

/** A way with its bends, and the place of its label; null where it has none. */
export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly points: readonly Point[];
  readonly label: (Area & { readonly lines: readonly TextLine[] }) | null;
}

/** A chart laid out from above to below. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

/** Sizes of letters in pixels. */
const textSize = 15;
const noteSize = 12.5;
/** The room for the words in a box and on a way, and the edge around them. */
const boxRoom = 250;
const labelRoom = 170;
const padding = 12;
const labelPadding = 5;
/** How far from the corner of a box a way may leave it, and where it may turn aside. */
const cornerRoom = 22;
const beyondLayer = 12;
/** From one line to the next, in sizes of its letters. */
export const lineHeight = 1.35;

/** Puts boxes in layers and ways between them, so that no box covers another. */
export function layOut({ boxes, arrows }: Chart): Layout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 40, edgesep: 18, marginx: 24, marginy: 24 });
  const contents = new Map(boxes.map((box) => [box.id, contentOf(box)]));
  for (const [id, { width, height }] of contents) graph.setNode(id, { width, height });
  for (const [at, { from, to, label }] of arrows.entries()) {
    const { width, height } = labelOf(label);
    graph.setEdge(from, to, { width, height, labelpos: 'c' }, String(at));
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const areas = new Map(boxes.map(({ id }) => [id, areaOf(graph.node(id))]));
  return {
    ...{ width, height },
    boxes: boxes.map((box) => ({
      ...{ box, lines: contents.get(box.id)?.lines ?? [] },
      ...(areas.get(box.id) ?? nowhere),
    })),
    arrows: arrows.map((arrow, at) => placed(arrow, graph.edge(arrow.from, arrow.to, String(at)), areas)),
  };
}

const nowhere: Area = { x: 0, y: 0, width: 0, height: 0 };

interface Laid {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly points?: readonly Point[];
}

function areaOf({ x = 0, y = 0, width = 0, height = 0 }: Laid): Area {
  return { x, y, width, height };
}

type Areas = ReadonlyMap<string, Area>;

function placed(arrow: Arrow, laid: Laid, areas: Areas): PlacedArrow {
  const { lines } = labelOf(arrow.label);
  const label = arrow.label === '' ? null : { ...areaOf(laid), lines };
  const bends = (laid.points ?? []).slice(1, -1);
  const [first, last] = [bends[0], bends.at(-1)];
  const [from, to] = [areas.get(arrow.from), areas.get(arrow.to)];
  if (!first || !last || !from || !to) return { arrow, points: laid.points ?? [], label };
  return {
    arrow,
    points: [...leaving(from, first, areas), ...bends, ...leaving(to, last, areas).toReversed()],
    label,
  };
}

/**
 * A way leaves its box above or below, and turns aside only beyond the whole layer: a neighbour may be higher than the box.
 */
function leaving(area: Area, towards: Point, areas: Areas): readonly Point[] {
  const down = towards.y > area.y ? 1 : -1;
  const layer = [...areas.values()].filter(({ y }) => Math.abs(y - area.y) < 1);
  const tallest = Math.max(...layer.map(({ height }) => height));
  const inside = Math.max(0, area.width / 2 - cornerRoom);
  const x = Math.min(area.x + inside, Math.max(area.x - inside, towards.x));
  return [
    { x, y: area.y + (down * area.height) / 2 },
    { x, y: area.y + down * (tallest / 2 + beyondLayer) },
  ];
}

function contentOf({ text, notes, passage }: Box) {
  const small = [...notes, ...(passage === null ? [] : [passageText(passage)])];
  const lines = [
    ...wrapped(text, textSize, boxRoom),
    ...small.flatMap((note) => wrapped(note, noteSize, boxRoom)),
  ];
  return { lines, ...sizeOf(lines, padding) };
}

function labelOf(label: string) {
  const lines = label === '' ? [] : wrapped(label, noteSize, labelRoom);
  return { lines, ...(label === '' ? { width: 0, height: 0 } : sizeOf(lines, labelPadding)) };
}

function sizeOf(lines: readonly TextLine[], around: number) {
  const widest = Math.max(...lines.map(({ text, size }) => widthOf(text, size)));
  const height = lines.reduce((sum, { size }) => sum + size * lineHeight, 0);
  return { width: Math.ceil(widest + 2 * around), height: Math.ceil(height + 2 * around) };
}

function wrapped(text: string, size: number, room: number): readonly TextLine[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    const [first = '', ...words] = paragraph.split(' ');
    lines.push(first);
    for (const word of words) {
      const longer = `${lines.at(-1)} ${word}`;
      if (widthOf(longer, size) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
  }
  return lines.map((line) => ({ text: line, size }));
}

/**
 * How wide a text is at most, in pixels: nothing here can measure a font, so each letter counts as much as the widest of
 * its sort in DejaVu Sans and Verdana, the widest of the usual fonts.
 */
export function widthOf(text: string, size: number): number {
  return [...text].reduce((sum, letter) => sum + widthOfLetter(letter), 0) * size;
}

const sorts: readonly (readonly [RegExp, number])[] = [
  [/[ijlI.,:;'|!]/, 0.42],
  [/[ftr()[\]/"‹›-]/, 0.46],
  [/ /, 0.36],
  [/[mwMW%@…]/, 1.08],
  [/[A-Z&]/, 0.8],
  [/[a-z0-9]/, 0.65],
];

function widthOfLetter(letter: string): number {
  return sorts.find(([sort]) => sort.test(letter))?.[1] ?? 1.1;
}
