import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { fileTypes } from './attachment.js';
import type { Json } from './json.js';
import { spanSchema } from './timers.js';

const json: z.ZodType<Json> = z.json();
const outcome = z.union([z.string(), z.looseObject({ outcome: z.string() }).catchall(json)]);
const line = z.union(
  [
    z.strictObject({ member: z.string() }),
    z.strictObject({ early: z.string() }),
    z.strictObject({ press: z.string() }),
    z.strictObject({ signal: z.string() }),
    z.strictObject({ bot: z.string() }),
    z.strictObject({ wait: spanSchema }),
    z.strictObject({
      file: z.strictObject({ type: z.enum([...fileTypes, 'other']), mb: z.number().positive() }),
    }),
    z.strictObject({ location: z.strictObject({ latitude: z.number(), longitude: z.number() }) }),
  ],
  'a line must have exactly one of: member, early, press, signal, bot, wait, file, location',
);
const given = z
  .strictObject({
    nomor: z.string().nullish(),
    now: z.string().optional(),
    roles: z.array(z.string()).optional(),
    language: z.string().optional(),
  })
  .default({});
const actions = z.record(z.string(), z.union([outcome, z.array(outcome)])).default({});
const file = z.strictObject({
  flow: z.string(),
  given,
  actions,
  tests: z
    .array(
      z.strictObject({
        name: z.string(),
        after: z.string().optional(),
        given,
        actions,
        talk: z.array(line).min(1),
      }),
    )
    .min(1),
});
type RawTest = z.infer<typeof file>['tests'][number];

/** What an action answers: only the name of an outcome, or one with its values. */
export type Outcome = z.infer<typeof outcome>;

/** One line of a talk, and where it stands in the file. `own` is false for what came in through `after`. */
export type TalkLine = z.infer<typeof line> & { readonly at: number; readonly own: boolean };

/** A conversation ready to be played: everything it takes over from the file and from the one it comes `after` is in it. */
export interface Transcript {
  readonly name: string;
  readonly nomor: string | null;
  readonly now: string | undefined;
  readonly roles: readonly string[];
  /** The language the person chose; undefined: Indonesian. */
  readonly language: string | undefined;
  readonly actions: Readonly<Record<string, Outcome | readonly Outcome[]>>;
  readonly talk: readonly TalkLine[];
}

/** A `.test.yaml` as read, or what keeps it from being one, each with its line. */
export type TranscriptFile =
  | { readonly ok: true; readonly flow: string; readonly tests: readonly Transcript[] }
  | { readonly ok: false; readonly failures: readonly string[] };

/** Reads a `.test.yaml`. Whatever is wrong with its form comes back in words. */
export function readTranscripts(source: string): TranscriptFile {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line: at } = lines.linePos(broken.pos[0]);
    const [what = ''] = broken.message.split('\n');
    const reason = what.replace(/ at line \d+, column \d+:?$/, '');
    return { ok: false, failures: [`line ${at}: this is not YAML: ${reason}`] };
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    const node = document.getIn(path, true);
    if (!isNode(node) || !node.range) return path.length === 0 ? 1 : lineOf(path.slice(0, -1));
    return lines.linePos(node.range[0]).line;
  };
  const parsed = file.safeParse(document.toJS());
  if (!parsed.success) return { ok: false, failures: parsed.error.issues.map((one) => faultOf(one, lineOf)) };
  return assemble(parsed.data, (test, at) => lineOf(['tests', test, 'talk', at]));
}

function faultOf({ path, message }: z.core.$ZodIssue, lineOf: (path: readonly PropertyKey[]) => number) {
  return `line ${lineOf(path)}: "${path.map(String).join('.')}" is wrong: ${message}`;
}

function assemble(raw: z.infer<typeof file>, lineOf: (test: number, at: number) => number): TranscriptFile {
  const ready = new Map<string, Transcript>();
  const failures: string[] = [];
  for (const [test, one] of raw.tests.entries()) {
    const before = one.after === undefined ? null : ready.get(one.after);
    if (before === undefined)
      failures.push(`line ${lineOf(test, 0)}: no conversation above is called "${one.after}"`);
    if (ready.has(one.name)) failures.push(`line ${lineOf(test, 0)}: there is another "${one.name}"`);
    const own = one.talk.map((line, at) => ({ ...line, at: lineOf(test, at), own: true }));
    ready.set(one.name, transcriptOf(raw, one, before ?? null, own));
  }
  return failures.length > 0
    ? { ok: false, failures }
    : { ok: true, flow: raw.flow, tests: [...ready.values()] };
}

function transcriptOf(
  whole: z.infer<typeof file>,
  one: RawTest,
  before: Transcript | null,
  own: readonly TalkLine[],
): Transcript {
  const inherited = before ?? {
    nomor: whole.given.nomor ?? null,
    now: whole.given.now,
    roles: whole.given.roles ?? [],
    language: whole.given.language,
    actions: whole.actions,
  };
  const earlier = (before?.talk ?? []).map((line) => ({ ...line, own: false }));
  return {
    name: one.name,
    nomor: one.given.nomor === undefined ? inherited.nomor : one.given.nomor,
    now: one.given.now ?? inherited.now,
    roles: one.given.roles ?? inherited.roles,
    language: one.given.language ?? inherited.language,
    actions: { ...inherited.actions, ...one.actions },
    talk: [...earlier, ...own],
  };
}
