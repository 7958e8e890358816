import { z } from 'zod';
import type { Fault } from './fault.js';
import type { KnownOutlines } from './outline.js';
import { type LineOf, readYaml } from './parse.js';

/** The texts of one flow in another language, in the form of the flow itself: its title, its steps, and in them only what is said. */
export interface FlowTexts {
  readonly file: string;
  readonly language: string;
  readonly flow: string;
  readonly title: string;
  /** The reminders of the whole flow, in their order. */
  readonly nudge: readonly { readonly say: string }[];
  readonly steps: Readonly<Record<string, unknown>>;
  readonly lineOf: LineOf;
}

/** What a language says by itself: the engine's own sentences, and in its words what inputs and actions say in Indonesian. */
export interface EngineTexts {
  readonly file: string;
  readonly language: string;
  readonly words: Readonly<Record<string, string>>;
  readonly sentences: Readonly<Record<string, string>>;
  readonly lineOf: LineOf;
}

/** A file of another language, or the faults that keep it from being one. */
export type ParsedTexts =
  | { readonly ok: true; readonly flowTexts: FlowTexts }
  | { readonly ok: true; readonly engineTexts: EngineTexts }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const language = z.string().regex(/^[a-z]{2,3}$/, 'must be a language code of two or three letters');
const sentences = z.record(z.string(), z.string().min(1));
const flowForm = z.strictObject({
  language,
  flow: z.string(),
  title: z.string().min(1),
  nudge: z.array(z.strictObject({ say: z.string().min(1) })).default([]),
  steps: z.record(z.string(), z.record(z.string(), z.unknown())),
});
const engineForm = z.strictObject({ language, words: sentences, sentences: sentences.default({}) });

const textsName = /\.([a-z]{2,3})\.yaml$/;
const engineName = /(?:^|[/.])engine\.[a-z]{2,3}\.yaml$/;

/** Whether a file holds texts in another language: `NAME.jv.yaml`. */
export function isTexts(file: string): boolean {
  return textsName.test(file);
}

/** Reads `NAME.jv.yaml` (the texts of a flow) or `engine.jv.yaml` (what the engine itself says). */
export function parseTexts(file: string, source: string, known?: KnownOutlines): ParsedTexts {
  if (engineName.test(file)) {
    const read = readYaml(file, source, engineForm, known);
    return read.ok ? named(file, { engineTexts: { ...read.data, file, lineOf: read.lineOf } }) : read;
  }
  const read = readYaml(file, source, flowForm, known);
  return read.ok ? named(file, { flowTexts: { ...read.data, file, lineOf: read.lineOf } }) : read;
}

type Named = { readonly flowTexts: FlowTexts } | { readonly engineTexts: EngineTexts };

/** The language in the name of a file and the one in it are the same, so that nobody reads the wrong one. */
function named(file: string, texts: Named): ParsedTexts {
  const { language: written, lineOf } = 'flowTexts' in texts ? texts.flowTexts : texts.engineTexts;
  if (textsName.exec(file)?.[1] === written) return { ok: true, ...texts };
  const what = `The file says language: ${written}, its name says another.`;
  return { ok: false, faults: [{ file, line: lineOf(['language']), what, mend: 'Let both be the same.' }] };
}

/** A way into a step, from key to key. */
export type Path = readonly string[];

/** Where the texts of a step stand, for the patterns of its kind (`choices.*.label`). */
export function textPaths(raw: unknown, patterns: readonly string[]): readonly Path[] {
  return patterns.flatMap((pattern) =>
    expand(raw, pattern.split('.')).filter((path) => typeof valueAt(raw, path) === 'string'),
  );
}

function expand(node: unknown, pattern: Path): readonly Path[] {
  const [key, ...rest] = pattern;
  if (key === undefined) return [[]];
  const keys = key === '*' ? keysOf(node) : [key];
  return keys.flatMap((one) => expand(valueAt(node, [one]), rest).map((path) => [one, ...path]));
}

function isMap(node: unknown): boolean {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

function keysOf(node: unknown): readonly string[] {
  // A list of words is one thing; a list of maps (reminders) is gone through.
  if (Array.isArray(node) && !node.every(isMap)) return [];
  return typeof node === 'object' && node !== null ? Object.keys(node) : [];
}

/** What stands at the end of a path; undefined when the path leads nowhere. */
export function valueAt(node: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (keysOf(inner).includes(key) ? Reflect.get(Object(inner), key) : undefined),
    node,
  );
}

/** Every path that ends at something other than a map. */
export function leafPaths(node: unknown): readonly Path[] {
  const keys = keysOf(node);
  if (keys.length === 0) return [[]];
  return keys.flatMap((key) => leafPaths(valueAt(node, [key])).map((path) => [key, ...path]));
}

/**
 * A step with the texts of another language in place of its own. Beside a label may stand more words it is known by
 * (`also`); the words it was known by before still count.
 */
export function inOtherWords(raw: unknown, texts: unknown): unknown {
  if (Array.isArray(raw) && Array.isArray(texts))
    return raw.every(isMap) ? raw.map((one, at) => inOtherWords(one, texts[at])) : [...raw, ...texts];
  if (keysOf(raw).length === 0 || keysOf(texts).length === 0) return texts === undefined ? raw : texts;
  const keys = [...new Set([...keysOf(raw), ...keysOf(texts)])];
  return Object.fromEntries(
    keys.map((key) => [key, inOtherWords(valueAt(raw, [key]), valueAt(texts, [key]))]),
  );
}
