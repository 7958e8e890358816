import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { fileTypes, sheetTypes } from './attachment.js';
import type { Json } from './json.js';
import { spanSchema } from './timers.js';

const json: z.ZodType<Json> = z.json();
const outcome = z.union([
  z.string(),
  z
    .looseObject({ outcome: z.string().describe('Its name; beside it stand the values it gives.') })
    .catchall(json),
]);
const line = z.union(
  [
    z.strictObject({ member: z.string().describe('What the member types.') }),
    z.strictObject({ early: z.string().describe('Typed before the pending question was seen.') }),
    z.strictObject({ press: z.string().describe('The label of the button the member presses.') }),
    z.strictObject({ signal: z.string().describe('A signal that comes from outside the conversation.') }),
    z.strictObject({ bot: z.string().describe('What the bot must say; … stands for anything.') }),
    z.strictObject({ wait: spanSchema.describe('Time that passes: a number and menit, jam or hari.') }),
    z.strictObject({
      file: z
        .strictObject({
          type: z.enum([...fileTypes, ...sheetTypes, 'other']).describe('What the file is.'),
          mb: z.number().positive().describe('How large it is, in megabytes.'),
        })
        .describe('A photo or a document the member sends.'),
    }),
    z.strictObject({
      location: z
        .strictObject({
          latitude: z.number().describe('North is positive.'),
          longitude: z.number().describe('East is positive.'),
        })
        .describe('A place the member sends.'),
    }),
  ],
  'a line must have exactly one of: member, early, press, signal, bot, wait, file, location',
);
const given = z
  .strictObject({
    nomor: z.string().nullish().describe('The number the channel proves, +62…; null for none.'),
    now: z.string().optional().describe('The time of the talk, such as 2026-11-24T09:00:00+07:00.'),
    roles: z.array(z.string()).optional().describe('The roles the person holds.'),
    language: z.string().optional().describe('The language the person chose; Indonesian when left out.'),
  })
  .default({})
  .describe('The circumstances.');
const actions = z
  .record(z.string(), z.union([outcome, z.array(outcome)]))
  .default({})
  .describe('What each action answers: an outcome, one with its values, or a list of them in turn.');

/** A whole `.test.yaml`, with what each word means. */
export const testFile = z.strictObject({
  flow: z.string().describe('The flow these conversations test.'),
  given,
  actions,
  tests: z
    .array(
      z.strictObject({
        name: z.string().describe('What happens in it; no two have the same.'),
        after: z.string().optional().describe('The name of a conversation above that this one goes on from.'),
        given,
        actions,
        talk: z.array(line).min(1).describe('The lines in the order they are said.'),
      }),
    )
    .min(1)
    .describe('The conversations.'),
});
type RawTest = z.infer<typeof testFile>['tests'][number];

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

/** What is wrong with the form of a file, and at which line. */
export interface FormFault {
  readonly line: number;
  readonly what: string;
}

/** A `.test.yaml` as read, or what keeps it from being one, each with its line. */
export type TranscriptFile =
  | { readonly ok: true; readonly flow: string; readonly tests: readonly Transcript[] }
  | { readonly ok: false; readonly failures: readonly FormFault[] };

/** Reads a `.test.yaml`. Whatever is wrong with its form comes back in words. */
export function readTranscripts(source: string): TranscriptFile {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line: at } = lines.linePos(broken.pos[0]);
    const [what = ''] = broken.message.split('\n');
    const reason = what.replace(/ at line \d+, column \d+:?$/, '');
    return { ok: false, failures: [{ line: at, what: `this is not YAML: ${reason}` }] };
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    const node = document.getIn(path, true);
    if (!isNode(node) || !node.range) return path.length === 0 ? 1 : lineOf(path.slice(0, -1));
    return lines.linePos(node.range[0]).line;
  };
  const parsed = testFile.safeParse(document.toJS());
  if (!parsed.success) return { ok: false, failures: parsed.error.issues.map((one) => faultOf(one, lineOf)) };
  return assemble(parsed.data, (test, at) => lineOf(['tests', test, 'talk', at]));
}

function faultOf(
  { path, message }: z.core.$ZodIssue,
  lineOf: (path: readonly PropertyKey[]) => number,
): FormFault {
  return { line: lineOf(path), what: `"${path.map(String).join('.')}" is wrong: ${message}` };
}

function assemble(
  raw: z.infer<typeof testFile>,
  lineOf: (test: number, at: number) => number,
): TranscriptFile {
  const ready = new Map<string, Transcript>();
  const failures: FormFault[] = [];
  for (const [test, one] of raw.tests.entries()) {
    const before = one.after === undefined ? null : ready.get(one.after);
    if (before === undefined)
      failures.push({ line: lineOf(test, 0), what: `no conversation above is called "${one.after}"` });
    if (ready.has(one.name)) failures.push({ line: lineOf(test, 0), what: `there is another "${one.name}"` });
    const own = one.talk.map((line, at) => ({ ...line, at: lineOf(test, at), own: true }));
    ready.set(one.name, transcriptOf(raw, one, before ?? null, own));
  }
  return failures.length > 0
    ? { ok: false, failures }
    : { ok: true, flow: raw.flow, tests: [...ready.values()] };
}

function transcriptOf(
  whole: z.infer<typeof testFile>,
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
