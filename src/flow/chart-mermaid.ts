import { type Arrow, type Box, type BoxKind, type Chart, passageText } from './chart.js';

const brackets: Readonly<Record<BoxKind, readonly [string, string]>> = {
  question: ['{{', '}}'],
  message: ['[', ']'],
  work: ['[/', '/]'],
  call: ['[[', ']]'],
  end: ['([', '])'],
};

/** A chart as Mermaid text, for pages that draw it themselves. */
export function mermaidOf({ title, notes, boxes, arrows }: Chart): string {
  const ids = new Map(boxes.map(({ id }, at) => [id, `n${at}`]));
  const idOf = (id: string) => ids.get(id) ?? id;
  const nodes = boxes.map((box) => `  ${idOf(box.id)}${shape(box)}`);
  const ways = arrows.map((arrow) => `  ${idOf(arrow.from)} -->${labelText(arrow)} ${idOf(arrow.to)}`);
  return ['flowchart TD', ...[title, ...notes].map((line) => `  %% ${line}`), ...nodes, ...ways].join('\n');
}

function shape({ kind, text, notes, passage }: Box): string {
  const [before, after] = brackets[kind];
  const lines = [text, ...notes, ...(passage === null ? [] : [passageText(passage)])];
  return `${before}"${escaped(lines.join('\n'))}"${after}`;
}

function labelText({ label }: Arrow): string {
  return label === '' ? '' : `|"${escaped(label)}"|`;
}

/** Mermaid reads quotes and angles in its own way; it has names for them. */
function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '"': '#quot;', '<': '#lt;', '>': '#gt;', '#': '#35;' };
  return text.replace(/["<>#]/g, (sign) => names[sign] ?? sign).replaceAll('\n', '<br>');
}
