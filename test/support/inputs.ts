import type { InputContext, InputKind, Parsed } from '../../src/flow/inputs/input.js';
import type { Json } from '../../src/flow/json.js';
import { buildRegionIndex } from '../../src/flow/region-index.js';
import type { RegionIndex } from '../../src/flow/regions.js';

export type { Parsed };

/** The day on which all input tests happen. */
const today = new Date('2026-11-24T03:00:00Z');

/** What else a row needs: options as in a flow file, values pointed to, what was said before. */
export interface Setting {
  readonly options?: unknown;
  readonly refs?: Readonly<Record<string, Json>>;
  readonly state?: Json;
  readonly regions?: RegionIndex;
  readonly now?: Date;
}

/** A typed answer that is taken, and what it is worth. */
type Accepted = readonly [text: string, worth: Json, setting?: Setting];

/** A typed answer that is not simply taken: how it is answered, and what is said then. */
type Refused = readonly [
  text: string,
  how: 'again' | 'did-you-mean' | 'confirm',
  says?: string,
  setting?: Setting,
];

/** The cases of one input. `setting` is what every row needs; `worth` compares something else than the value. */
export interface Table {
  readonly setting?: Setting;
  readonly worth?: (parsed: Parsed) => Json;
  readonly accepted: readonly Accepted[];
  readonly refused: readonly Refused[];
}

/** Rows for texts that all mean the same. */
export function each(texts: readonly string[], worth: Json, setting?: Setting): readonly Accepted[] {
  return texts.map((text) => (setting === undefined ? [text, worth] : [text, worth, setting]));
}

/** Rows for texts that are all answered in one way. */
export function asked(texts: readonly string[], how: Refused[1]): readonly Refused[] {
  return texts.map((text) => [text, how]);
}

/** Rows for texts that are all asked again. */
export function again(texts: readonly string[]): readonly Refused[] {
  return asked(texts, 'again');
}

const noRegions = buildRegionIndex([]);

/** A context with checked options and nothing else unless said. */
export function contextFor<O>(kind: InputKind<O>, setting: Setting = {}): InputContext<O> {
  return {
    options: kind.options.parse(setting.options ?? {}),
    refs: setting.refs ?? {},
    state: setting.state ?? null,
    now: setting.now ?? today,
    regions: setting.regions ?? noRegions,
    question: () => 'Apakah Bapak/Ibu setuju data disimpan?',
  };
}

/** Parses one answer of one kind. */
export function parse<O>(kind: InputKind<O>, text: string, setting: Setting = {}): Parsed {
  return kind.parse(text, contextFor(kind, setting));
}

/** What an understood answer is worth: its value, or how it was not understood. */
export function valueFrom(parsed: Parsed): Json {
  return parsed.kind === 'ok' ? parsed.value : `(${parsed.kind})`;
}

/** What is said to the person, whatever became of the answer. */
export function wordsOf(parsed: Parsed): string {
  if (parsed.kind === 'again') return parsed.reason;
  if (parsed.kind === 'ok') return parsed.readback ?? '';
  return parsed.question;
}
