import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Json } from './json.js';

/** Where something in a YAML file stands (its line, from 1), and where what stands in it does, by its keys. */
export interface Spot {
  readonly line: number;
  readonly in?: Readonly<Record<string, Spot>>;
}

/** What a YAML file says, as plain data. */
export interface Outline {
  readonly value: Json;
  readonly spot: Spot;
}

/**
 * Gives the outlines of files that were read before, by their text; null: not known, read it. Reading YAML is half of what it costs to
 * compile the shipped flows, so their outlines are made beforehand (docs/decisions/0044-what-a-start-need-not-read.md).
 */
export type KnownOutlines = (source: string) => Outline | null;

/** Something that keeps a text from being YAML, at its line. */
export interface YamlError {
  readonly line: number;
  readonly message: string;
}

/** Reads a text as YAML. */
export function readOutline(
  source: string,
):
  | { readonly ok: true; readonly outline: Outline }
  | { readonly ok: false; readonly errors: readonly YamlError[] } {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0)
    return {
      ok: false,
      errors: document.errors.map(({ pos, message }) => ({ line: lineOf(pos[0]), message })),
    };
  const first = document.contents?.range?.[0] ?? 0;
  return {
    ok: true,
    outline: { value: document.toJS(), spot: spotOf(document.contents, first, lineOf) },
  };
}

/** The line a path stands at; of the nearest thing above it when it is not there. */
export function lineAt({ spot }: Outline, path: readonly (string | number)[]): number {
  let found = spot;
  for (const part of path) {
    const next = found.in?.[String(part)];
    if (next === undefined) break;
    found = next;
  }
  return found.line;
}

function spotOf(node: unknown, offset: number, lineOf: (offset: number) => number): Spot {
  const line = lineOf(offset);
  if (!isMap(node)) return { line };
  const inner = node.items.flatMap(({ key, value }) =>
    isScalar(key) ? [[String(key.value), spotOf(value, key.range?.[0] ?? offset, lineOf)]] : [],
  );
  return { line, in: Object.fromEntries(inner) };
}
