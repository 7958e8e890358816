/** A stretch of text in one weight. */
export interface TextRun {
  readonly text: string;
  readonly bold: boolean;
}

const bold = /(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*[^*\s])\*(?![\p{L}\p{N}*])/u;
const everyBold = new RegExp(bold, 'gu');

/** Splits a text at its `*bold*` marks, as WhatsApp shows them; stars that mark nothing stay. */
export function boldRuns(text: string): readonly TextRun[] {
  return text
    .split(bold)
    .map((part, at) => ({ text: part, bold: at % 2 === 1 }))
    .filter((run) => run.text !== '');
}

/** A `*bold*` stretch of a text: from its first star to behind its last, in UTF-16 units. */
export interface BoldPlace {
  readonly start: number;
  readonly end: number;
}

/** Where the `*bold*` stretches lie that begin within the first `limit` units of a text. */
export function boldPlaces(text: string, limit: number): readonly BoldPlace[] {
  const places: BoldPlace[] = [];
  for (const { index, 0: found } of text.matchAll(everyBold)) {
    if (index >= limit) break;
    places.push({ start: index, end: index + found.length });
  }
  return places;
}
