import type { InputContext, InputKind, Parsed } from '../../src/flow/inputs/input.js';
import type { Json } from '../../src/flow/json.js';
import { buildRegionIndex } from '../../src/flow/region-index.js';
import type { RegionIndex } from '../../src/flow/regions.js';

/** The day on which all input tests happen. */
const today = new Date('2026-11-24T03:00:00Z');

interface Setting {
  readonly options?: unknown;
  readonly refs?: Readonly<Record<string, Json>>;
  readonly state?: Json;
  readonly regions?: RegionIndex;
  readonly now?: Date;
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
