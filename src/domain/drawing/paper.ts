import { createRequire } from 'node:module';
import Document from 'pdfkit';
import { type Block, type Column, type Fact, type Paper, paper } from '../paper.js';

/*
 * The process that makes papers until nobody is connected to it (`../own-process.ts`). The letters lie in a package, found when it runs.
 */

process.on('message', async (message) => {
  process.send?.(await pdfOf(paper.parse(message)));
});

type Page = PDFKit.PDFDocument;
type Drawers = {
  readonly [Kind in Block['kind']]: (page: Page, block: Extract<Block, { kind: Kind }>) => void;
};

const installed = createRequire(import.meta.url);
const letters = { plain: 'DejaVuSansCondensed', bold: 'DejaVuSansCondensed-Bold' } as const;

type Font = keyof typeof letters;

/** In points; there are 72 to an inch. */
const margin = 64;
const size = 10;
const small = 8;
const gap = 8;
const indent = 28;
const labelWidth = 84;

/** A4, with the number of each page when there are several. */
function pdfOf({ title, blocks, wide = false }: Paper): Promise<Buffer> {
  const page = new Document({
    ...{ size: 'A4', layout: wide ? 'landscape' : 'portrait', margin, bufferPages: true },
    font: fontOf('plain'),
    info: { Title: title, Creator: 'Sapa', Producer: 'Sapa' },
    lang: 'id-ID',
  });
  page.registerFont('plain', fontOf('plain')).registerFont('bold', fontOf('bold'));
  for (const block of blocks) draw(page, block);
  number(page);
  return ended(page);
}

function fontOf(font: Font): string {
  return installed.resolve(`dejavu-fonts-ttf/ttf/${letters[font]}.ttf`);
}

function ended(page: Page): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    page.on('data', (part: Buffer) => parts.push(part));
    page.once('end', () => resolve(Buffer.concat(parts)));
    page.once('error', reject);
    page.end();
  });
}

const drawers: Drawers = {
  head: drawHead,
  reference: drawReference,
  title: (page, { lines }) => {
    plainly(page, 'bold', size + 2);
    for (const line of lines) page.text(line, { align: 'center' });
  },
  heading: (page, { text }) => {
    keepTogether(page, 60);
    plainly(page, 'bold').text(text);
  },
  text: (page, { text }) => plainly(page).text(text, { lineGap: 2 }),
  facts: (page, { facts }) => {
    for (const fact of facts) drawFact(page, fact, indent);
  },
  list: (page, { items }) => {
    for (const [at, item] of items.entries())
      drawBeside(page, `${at + 1}.`, item, { from: indent, width: 20 });
  },
  table: drawTable,
  signature: drawSignature,
};

function draw<Kind extends Block['kind']>(page: Page, block: Extract<Block, { kind: Kind }>): void {
  // The drawer of a kind takes the blocks of that kind; the index loses what both have in common.
  const drawer = drawers[block.kind] as (page: Page, block: Extract<Block, { kind: Kind }>) => void;
  page.x = margin;
  drawer(page, block);
  page.x = margin;
  page.y += gap;
}

function plainly(page: Page, font: Font = 'plain', points: number = size): Page {
  return page.font(font).fontSize(points);
}

function widthOf(page: Page): number {
  return page.page.width - 2 * margin;
}

/** Begins a new page unless so many points are free on this one. */
function keepTogether(page: Page, points: number): void {
  if (page.y + points > page.page.height - margin) page.addPage();
}

function drawHead(page: Page, { lines }: Extract<Block, { kind: 'head' }>): void {
  lines.forEach((line, at) => {
    const font = at < 2 ? 'bold' : 'plain';
    plainly(page, font, at < 2 ? size + 4 : small + 1).text(line, margin, page.y, { align: 'center' });
  });
  const y = page.y + 6;
  page
    .lineWidth(2)
    .moveTo(margin, y)
    .lineTo(margin + widthOf(page), y)
    .stroke();
  page
    .lineWidth(0.5)
    .moveTo(margin, y + 3)
    .lineTo(margin + widthOf(page), y + 3)
    .stroke();
  page.y = y + gap;
}

function drawReference(page: Page, { facts, right }: Extract<Block, { kind: 'reference' }>): void {
  const { y } = page;
  const half = widthOf(page) * 0.6;
  plainly(page).text(right, margin + half, y, { width: widthOf(page) - half, align: 'right' });
  page.y = y;
  for (const fact of facts) drawFact(page, fact, 0, half);
}

function drawFact(page: Page, [label, value]: Fact, from: number, width = widthOf(page)): void {
  const room = { from, width: labelWidth, whole: width };
  drawBeside(page, label, `: ${value}`, room);
}

/** A word, and a text beside it that may take several lines. */
function drawBeside(
  page: Page,
  word: string,
  text: string,
  {
    from,
    width,
    whole = widthOf(page),
  }: { readonly from: number; readonly width: number; readonly whole?: number },
): void {
  plainly(page);
  const room = { width: whole - from - width, lineGap: 2 };
  keepTogether(page, page.heightOfString(text, room));
  const { y } = page;
  page.text(word, margin + from, y, { width });
  page.text(text, margin + from + width, y, room);
}

const cellPadding = 4;

function drawTable(page: Page, { columns, rows, least = 0 }: Extract<Block, { kind: 'table' }>): void {
  const widths = widthsOf(columns, widthOf(page));
  const head = columns.map(({ heading }) => heading);
  const drawHeading = () => drawRow(page, head, widths, 0, 'bold');
  keepTogether(page, 60);
  drawHeading();
  for (const row of rows) {
    const pages = page.bufferedPageRange().count;
    keepTogether(page, heightOf(page, row, widths, least, 'plain'));
    if (page.bufferedPageRange().count > pages) drawHeading();
    drawRow(page, row, widths, least, 'plain');
  }
}

function widthsOf(columns: readonly Column[], width: number): readonly number[] {
  const total = columns.reduce((sum, { share }) => sum + share, 0);
  return columns.map(({ share }) => (width * share) / total);
}

function heightOf(
  page: Page,
  cells: readonly string[],
  widths: readonly number[],
  least: number,
  font: Font,
) {
  plainly(page, font, small + 1);
  const heights = cells.map((cell, at) =>
    page.heightOfString(cell, { width: (widths[at] ?? 0) - 2 * cellPadding }),
  );
  return Math.max(least, ...heights.map((height) => height + 2 * cellPadding));
}

function drawRow(
  page: Page,
  cells: readonly string[],
  widths: readonly number[],
  least: number,
  font: Font,
): void {
  const height = heightOf(page, cells, widths, least, font);
  const { y } = page;
  let x = margin;
  widths.forEach((width, at) => {
    page.lineWidth(0.5).rect(x, y, width, height).stroke();
    page.text(cells[at] ?? '', x + cellPadding, y + cellPadding, { width: width - 2 * cellPadding });
    x += width;
  });
  page.y = y + height;
}

/** Room for a signature and a stamp, in points. */
const signatureRoom = 54;

function drawSignature(page: Page, { above, name }: Extract<Block, { kind: 'signature' }>): void {
  keepTogether(page, (above.length + 1) * (size + 4) + signatureRoom);
  const at = margin + widthOf(page) * 0.55;
  const room = { width: widthOf(page) * 0.45, align: 'center' } as const;
  plainly(page);
  for (const line of above) page.text(line, at, page.y, room);
  page.y += signatureRoom;
  plainly(page, 'bold').text(name, at, page.y, room);
}

/** "Halaman 2 dari 3" at the foot, when there are several. */
function number(page: Page): void {
  const { start, count } = page.bufferedPageRange();
  if (count === 1) return;
  for (let at = start; at < start + count; at += 1) {
    page.switchToPage(at);
    // Below the margin the library would begin a new page.
    page.page.margins.bottom = 0;
    const y = page.page.height - margin + 20;
    plainly(page, 'plain', small).text(`Halaman ${at - start + 1} dari ${count}`, margin, y, {
      ...{ align: 'center', lineBreak: false, width: widthOf(page) },
    });
  }
}
