import { z } from 'zod';
import { type SheetType, sheetTypes } from './attachment.js';
import type { Fault } from './fault.js';
import { type KnownOutlines, lineAt, readOutline, type YamlError } from './outline.js';
import { stepKinds } from './steps/index.js';
import type { StepKind } from './steps/step.js';
import { withinOneEdit } from './text.js';
import { type RawTimers, timerKeys } from './timers.js';

/** A flow file as read: its own words, with the line of everything a fault may point at. */
export interface RawFlow extends RawTimers {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly triggers: readonly string[];
  readonly always: readonly string[];
  /** Words that begin this flow when an answer to its first question stands behind them. */
  readonly prefixes: readonly string[];
  /** Signals from outside the conversation that begin this flow. */
  readonly signals: readonly string[];
  /** Kinds of file that begin this flow as the answer to its first question. */
  readonly files: readonly SheetType[];
  readonly audience: readonly string[];
  readonly fallback: boolean;
  readonly unsure: boolean;
  readonly human: boolean;
  /** Variables that may be left empty: a text says so, an action is given nothing. */
  readonly optional: readonly string[];
  /** What steps and variables of earlier versions are called now; null when people inside are not to be carried over. */
  readonly moved: Readonly<Record<string, string>> | null;
  readonly steps: readonly RawStep[];
  readonly lineOf: LineOf;
}

/** A step as read: which kind it is, and what stands in it. */
export interface RawStep {
  readonly id: string;
  readonly kind: StepKind;
  readonly raw: unknown;
}

/** A flow file or the faults that keep it from being one. */
export type ParsedFlow =
  | { readonly ok: true; readonly flow: RawFlow }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const words = z.array(z.string().min(1)).default([]);
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and hyphens');

/** The head of a flow file, with what each word means; its steps are read by their kinds. */
export const header = z.strictObject({
  flow: name.describe(
    'The name of this flow: small letters, digits and hyphens. The file is named after it.',
  ),
  title: z.string().min(1).describe('What the flow is called where people see it.'),
  triggers: words.describe('Phrases that start this flow while nothing else is going on.'),
  always: words.describe('Words that start this flow at any moment, in the middle of another one too.'),
  prefixes: words.describe(
    'Words that start this flow at any moment when an answer to its first question stands behind them.',
  ),
  signals: words.describe('Signals from outside a conversation that start this flow.'),
  files: z
    .array(z.enum(sheetTypes))
    .default([])
    .describe(
      'Kinds of file that start this flow while nothing else is going on, as the answer to its first question.',
    ),
  for: z
    .union([z.string(), z.array(z.string()).min(1)])
    .default('anyone')
    .describe('The roles that may enter, or anyone.'),
  fallback: z.boolean().default(false).describe('The one flow that begins when nothing else matches.'),
  unsure: z
    .boolean()
    .default(false)
    .describe('The one flow that asks which was meant when a text may mean several.'),
  human: z.boolean().default(false).describe('The one flow that gets a person.'),
  optional: z.array(z.string()).default([]).describe('Variables that may stay empty on some way.'),
  moved: z
    .record(z.string(), z.string())
    .nullish()
    .transform((names) => (names === undefined ? null : (names ?? {})))
    .describe(
      'For people inside an older version: left the step as it was called, right what it is called now.',
    ),
  ...timerKeys,
  steps: z
    .record(name, z.unknown())
    .describe('The steps in order, each under its name. Without next a step goes on to the one below it.'),
});

/** Reads one flow file. Whatever is wrong with its form becomes faults with their lines. */
export function parseFlow(file: string, source: string, known?: KnownOutlines): ParsedFlow {
  const read = readYaml(file, source, header, known);
  if (!read.ok) return read;
  const { data, lineOf, fault } = read;
  const faults: Fault[] = [];
  const steps = Object.entries(data.steps).flatMap(([id, raw]) => readStep(id, raw, fault, faults));
  if (Object.keys(data.steps).length === 0)
    faults.push(fault(['steps'], 'The flow has no steps.', 'Add at least one step.'));
  if (faults.length > 0) return failed(faults);
  const audience = typeof data.for === 'string' ? [data.for] : data.for;
  return { ok: true, flow: { ...data, file, name: data.flow, audience, steps, lineOf } };
}

/** The line of something in a file, by its path; of the nearest thing above it when it is not there. */
export type LineOf = (path: readonly (string | number)[]) => number;
type FaultAt = (path: readonly (string | number)[], what: string, mend: string) => Fault;

/** A YAML file of the form asked for, with the line of everything in it; or the faults that keep it from being one. */
export type ReadYaml<T> =
  | { readonly ok: true; readonly data: T; readonly lineOf: LineOf; readonly fault: FaultAt }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads a YAML file of a form, unless its outline is known already. */
export function readYaml<T>(
  file: string,
  source: string,
  form: z.ZodType<T>,
  known: KnownOutlines = () => null,
): ReadYaml<T> {
  const before = known(source);
  const read = before === null ? readOutline(source) : { ok: true as const, outline: before };
  if (!read.ok) return failed(read.errors.map((error) => yamlFault(file, error)));
  const lineOf: LineOf = (path) => lineAt(read.outline, path);
  const fault = faultAt(file, lineOf);
  if (read.outline.value === null)
    return failed([fault([], 'The file is empty.', 'Write into it, or remove it.')]);
  const parsed = form.safeParse(read.outline.value);
  if (!parsed.success) return failed(parsed.error.issues.map((issue) => zodFault(issue, [], fault)));
  return { ok: true, data: parsed.data, lineOf, fault };
}

function faultAt(file: string, line: LineOf): FaultAt {
  return (path, what, mend) => ({ file, line: line(path), what, mend });
}

function failed(faults: readonly Fault[]): { readonly ok: false; readonly faults: readonly Fault[] } {
  return { ok: false, faults };
}

function yamlFault(file: string, { line, message }: YamlError): Fault {
  const [first = ''] = message.split('\n');
  if (/multiple documents/.test(first))
    return {
      ...{ file, line, what: 'A line with "---" or "..." would begin a second text in the file.' },
      mend: 'Take it out, or set it in quotes.',
    };
  const reason = first.replace(/ at line \d+, column \d+:?$/, '');
  return { file, line, what: `This is not YAML: ${reason}.`, mend: mends[mendOf(reason)] };
}

const mends = {
  form: 'Correct the indentation or the quotes here.',
  quotes: 'A text with a colon, a brace or quotes in it stands in quotes as a whole: "Jam: 08.00".',
};

/** What people most often mean who are told so: a text that YAML takes for more than a text. */
function mendOf(reason: string): keyof typeof mends {
  return /node end|compact mappings|end with a [}\]]|plain value cannot start/i.test(reason)
    ? 'quotes'
    : 'form';
}

function zodFault(issue: z.core.$ZodIssue, at: readonly (string | number)[], fault: FaultAt): Fault {
  const path = [...at, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return fault([...path, key], `Nobody reads "${key}" here.`, 'Correct its spelling or remove it.');
  }
  const name = path.length === 0 ? 'The file' : `"${path.join('.')}"`;
  return fault(path, `${name} is wrong: ${issue.message}.`, 'Correct it as the flow guide says.');
}

function readStep(id: string, raw: unknown, fault: FaultAt, faults: Fault[]): readonly RawStep[] {
  const path = ['steps', id];
  const keys = typeof raw === 'object' && raw !== null ? Object.keys(raw) : [];
  const kinds = stepKinds.filter((kind) => keys.includes(kind.key));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    faults.push(kindFault(id, keys, fault));
    return [];
  }
  const parsed = kind.schema.safeParse(raw);
  if (parsed.success) return [{ id, kind, raw }];
  faults.push(...parsed.error.issues.map((issue) => zodFault(issue, path, fault)));
  return [];
}

function kindFault(id: string, keys: readonly string[], fault: FaultAt): Fault {
  const known = stepKinds.map(({ key }) => key);
  const isKnown = (key: string) => known.includes(key);
  const meant = (key: string) => known.find((one) => isMistyped(key, one));
  const mistyped = keys.some(isKnown) ? undefined : keys.find((key) => meant(key) !== undefined);
  const what = `The step "${id}" must have exactly one of: ${known.join(', ')}.`;
  if (mistyped === undefined) return fault(['steps', id], what, 'Say what kind of step it is.');
  return fault(['steps', id, mistyped], what, `Is "${mistyped}" meant to be "${meant(mistyped)}"?`);
}

/** Whether a word is another with its letters changed about, or with one that is missing, too many or wrong. */
function isMistyped(word: string, meant: string): boolean {
  const [typed, shortest] = [word.toLowerCase(), 3];
  if ([...typed].sort().join('') === [...meant].sort().join('')) return true;
  return Math.max(typed.length, meant.length) >= shortest && withinOneEdit(typed, meant);
}
