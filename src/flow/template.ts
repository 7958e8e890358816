import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { isRecord, type Json } from './json.js';
import type { ValueType } from './types.js';
import { indonesian } from './wording.js';

/** A variable a text mentions, with the part of it: `wilayah.desa` → name `wilayah`, part `desa`. */
export interface Reference {
  readonly name: string;
  readonly part: string | null;
}

/** Gives the value of a variable while a text is rendered. */
export type Lookup = (name: string) => Json;

/** A text with places for variables, ready to render. */
export interface Template {
  readonly source: string;
  readonly references: readonly Reference[];
  readonly selects: readonly Selecting[];
  readonly render: (lookup: Lookup) => string;
}

/** A `select` over a value of finitely many `cases`, with the keys the text names. */
export interface Selecting {
  readonly path: string;
  readonly keys: readonly string[];
  readonly cases: readonly string[];
}

/** Types of the variables a text may mention. */
export type Scope = (name: string) => ValueType | undefined;

/** ICU names may not hold a dot; this letter-like point stands in for it while the library parses, one unit for one. */
const innerDot = 'ꞏ';

/**
 * Compiles ICU MessageFormat (arguments, `select`, `plural`, `number`) with dotted names. Throws `SyntaxError` from the
 * parser, or `UnknownVariable` for a name the scope does not know. `empty` is shown for a value that was left out.
 */
export function compileTemplate(source: string, scope: Scope, empty = indonesian.empty): Template {
  const text = source.trim();
  const elements = parse(text.replace(names, escapeName), { ignoreTag: true });
  const seen: Seen = { scope, empty, references: [], selects: [] };
  const pieces = elements.map((element) => compileElement(element, seen));
  const [only] = pieces;
  const render = pieces.length === 1 && only ? only : (lookup: Lookup) => joinPieces(pieces, lookup);
  return { source: text, references: seen.references, selects: seen.selects, render };
}

/** A text that mentions a variable no step writes, or a part its type does not have. */
export class UnknownVariable extends Error {
  override readonly name = 'UnknownVariable';
  readonly reference: string;

  constructor(reference: string) {
    super(`unknown variable ${reference}`);
    this.reference = reference;
  }
}

/** Splits `wilayah.desa`, and checks both parts against the scope. Throws `UnknownVariable`. */
export function resolveReference(
  path: string,
  scope: Scope,
): { readonly reference: Reference; readonly type: ValueType } {
  const dot = path.indexOf('.');
  const name = dot < 0 ? path : path.slice(0, dot);
  const part = dot < 0 ? null : path.slice(dot + 1);
  const whole = scope(name);
  const type = part === null ? whole : whole?.fields?.[part];
  if (type === undefined) throw new UnknownVariable(path);
  return { reference: { name, part }, type };
}

/** The value a reference stands for; null when the variable or its part is empty. */
export function readReference(reference: Reference, lookup: Lookup): Json {
  const value = lookup(reference.name);
  if (reference.part === null) return value;
  return isRecord(value) ? (value[reference.part] ?? null) : null;
}

type Piece = (lookup: Lookup) => string;

/** What a text is compiled with, and what was met in it so far. */
interface Seen {
  readonly scope: Scope;
  readonly empty: string;
  readonly references: Reference[];
  readonly selects: Selecting[];
}

// ICU identifiers take neither dots nor hyphens: both are swapped for letters and swapped back, wherever a name may stand.
const names = /\{\s*[\w.-]+|[\w.-]+(?=\s*\{)/g;
const innerHyphen = 'ꟷ';
function escapeName(name: string): string {
  return name.replaceAll('.', innerDot).replaceAll('-', innerHyphen);
}
function plainName(name: string): string {
  return name.replaceAll(innerDot, '.').replaceAll(innerHyphen, '-');
}

function joinPieces(pieces: readonly Piece[], lookup: Lookup): string {
  let text = '';
  for (const piece of pieces) text += piece(lookup);
  return text;
}

function compileElement(element: MessageFormatElement, seen: Seen): Piece {
  switch (element.type) {
    case TYPE.literal: {
      const value = plainName(element.value);
      return () => value;
    }
    case TYPE.argument:
    case TYPE.number:
      return compileArgument(plainName(element.value), seen);
    case TYPE.select:
    case TYPE.plural:
      return compileSelect(plainName(element.value), element.options, seen);
    default:
      throw new SyntaxError('only {name}, {name, select, …} and {name, plural, …} may stand in a text');
  }
}

function compileArgument(path: string, { scope, empty, references }: Seen): Piece {
  const { reference, type } = resolveReference(path, scope);
  references.push(reference);
  return (lookup) => {
    const value = readReference(reference, lookup);
    return value === null ? empty : type.show(value);
  };
}

type Options = Readonly<Record<string, { readonly value: readonly MessageFormatElement[] }>>;

function compileSelect(path: string, options: Options, seen: Seen): Piece {
  const { reference, type } = resolveReference(path, seen.scope);
  seen.references.push(reference);
  const keys = Object.keys(options).map(plainName);
  if (type.cases !== undefined) seen.selects.push({ path, keys, cases: type.cases });
  const branches = new Map(
    Object.entries(options).map(([key, option]) => {
      const pieces = option.value.map((element) => compileElement(element, seen));
      return [plainName(key), (lookup: Lookup) => joinPieces(pieces, lookup)];
    }),
  );
  const other = branches.get('other') ?? (() => '');
  return (lookup) => (branches.get(selectKey(readReference(reference, lookup))) ?? other)(lookup);
}

/** The key a `select` or a `decide` looks for: `ada`/`tidak-ada` is asked with `kosong`, yes and no are `ya` and `tidak`. */
export function selectKey(value: Json): string {
  if (value === null) return 'kosong';
  if (typeof value === 'boolean') return value ? 'ya' : 'tidak';
  return typeof value === 'number' ? `=${value}` : String(value);
}
