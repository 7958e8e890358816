import {
  Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
} from 'yaml';
import type { JsonRecord } from './json.js';
import type { Pair } from './transcript-diff.js';

/** A conversation as it really went, to be kept as a test. `talk` are its lines in order, `actions` what each action answered in turn. */
export interface Recording {
  readonly name: string;
  /** ISO 8601 with an offset. */
  readonly now: string;
  /** The number the channel proved, or null. */
  readonly nomor: string | null;
  readonly actions: Readonly<Record<string, readonly (string | JsonRecord)[]>>;
  readonly talk: readonly { readonly who: 'member' | 'press' | 'early' | 'bot'; readonly text: string }[];
}

/** The first line of every test file: editors complete and check by it. */
const testSchemaLine = '# yaml-language-server: $schema=./flow.test.schema.json';

/** A longer text on one line is hard to read between quotes. */
const longestQuoted = 100;

/**
 * Adds a recording to a test file, or makes the file (`source` null) for the flow of that name. What stands in the file is
 * not touched. Throws when `source` is no list of tests.
 */
export function addRecording(source: string | null, flow: string, recording: Recording): string {
  if (source === null) return `${testSchemaLine}\nflow: ${flow}\ntests:\n${entryOf(recording, 2)}`;
  const last = lastTest(source);
  if (last === null) throw new NotTests();
  const end = endOf(source, last);
  const rest = source.slice(end).trimStart();
  const head = `${source.slice(0, end)}\n\n${entryOf(recording, columnOf(source, last) - 2)}`;
  return rest === '' ? head : `${head}\n${rest}`;
}

/** Whether a recording can be added to a file. */
export function takesRecordings(source: string): boolean {
  return lastTest(source) !== null;
}

function lastTest(source: string): Node | null {
  const { contents } = parseDocument(source);
  const tests = isMap(contents) ? contents.get('tests', true) : null;
  const last = isSeq(tests) && tests.flow !== true ? tests.items.at(-1) : null;
  return isNode(last) ? last : null;
}

/** The file a recording was to be added to is no test file. */
export class NotTests extends Error {
  override readonly name = 'NotTests';

  constructor() {
    super('tests: is missing, or is not a list with one test below the other');
  }
}

/** The name a new test can have: the wanted one, with a number behind it when another test has it. */
export function freeName(source: string | null, wanted: string): string {
  const tests: unknown = source === null ? null : parseDocument(source).toJS()?.tests;
  const taken = new Set(Array.isArray(tests) ? tests.map((test: unknown) => nameIn(test)) : []);
  let [name, number] = [wanted, 1];
  while (taken.has(name)) name = `${wanted} (${++number})`;
  return name;
}

function nameIn(test: unknown): unknown {
  return typeof test === 'object' && test !== null && 'name' in test ? test.name : null;
}

function entryOf({ name, now, nomor, actions, talk }: Recording, indent: number): string {
  const answers = Object.entries(actions).map(([action, list]) => [
    action,
    list.length === 1 ? list[0] : list,
  ]);
  const entry = {
    name: quoted(name),
    given: { now: quoted(now), nomor: nomor === null ? null : quoted(nomor) },
    ...(answers.length === 0 ? {} : { actions: Object.fromEntries(answers) }),
    talk: talk.map(({ who, text }) => ({ [who]: written(text) })),
  };
  return indented(stringified([entry]), indent);
}

function stringified(value: unknown): string {
  return new Document(value).toString({ lineWidth: 0, blockQuote: 'literal' });
}

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** Short texts stand between quotes, long ones and those of several lines below a bar. */
function written(text: string): Scalar {
  const scalar = quoted(text);
  const block = /\n/.test(text) || text.length > longestQuoted;
  // A block of lines cannot begin or end with blanks, nor hold what does not print.
  if (block && text === text.trim() && !/[^\P{Cc}\n]/u.test(text)) scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

/** A piece of a file and what takes its place. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Writes what was really said in the place of what was wanted, in the talk whose messages stand at `line` and around it;
 * everything else in the file stays as it is, comments too. Gives null where the talk is not written one line below the other.
 */
export function rewriteTalk(source: string, line: number, pairs: readonly Pair[]): string | null {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const items = itemsAt(document.contents, line, (offset) => lines.linePos(offset).line);
  if (items === null) return null;
  const edits = editsOf(source, items, pairs, line);
  // They come in the order of the file: from its end on, no edit moves the place of another.
  return edits
    .toReversed()
    .reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), source);
}

interface Item {
  readonly line: number;
  readonly node: Node;
  readonly value: Node;
}

/** The lines of the talk that has one at `line`. */
function itemsAt(
  contents: unknown,
  line: number,
  lineOf: (offset: number) => number,
): readonly Item[] | null {
  const tests = isMap(contents) ? contents.get('tests', true) : null;
  for (const test of isSeq(tests) ? tests.items : []) {
    const talk = isMap(test) ? test.get('talk', true) : null;
    if (!isSeq(talk) || talk.flow === true) continue;
    const items = talk.items.flatMap((item) => itemOf(item, lineOf));
    if (items.some((item) => item.line === line)) return items;
  }
  return null;
}

function itemOf(item: unknown, lineOf: (offset: number) => number): readonly Item[] {
  if (!isMap(item) || item.flow === true) return [];
  const value = item.items[0]?.value;
  return isScalar(value) && value.range ? [{ line: lineOf(startOf(item)), node: item, value }] : [];
}

function editsOf(
  source: string,
  items: readonly Item[],
  pairs: readonly Pair[],
  line: number,
): readonly Edit[] {
  const edits: Edit[] = [];
  // What nobody wanted comes after the message before it; before the first, after what the member did.
  let after = beforeFirst(items, pairs, line);
  for (const pair of pairs) {
    const item = 'wanted' in pair ? items.find((one) => one.line === pair.wanted.line) : undefined;
    if (item !== undefined) after = item;
    if (pair.kind === 'extra') edits.push(added(source, after, pair.got));
    else if (item !== undefined && pair.kind === 'different') edits.push(replaced(source, item, pair.got));
    else if (item !== undefined && pair.kind === 'missing') edits.push(removed(source, item));
  }
  return edits;
}

function beforeFirst(items: readonly Item[], pairs: readonly Pair[], line: number): Item | undefined {
  const first = pairs.find((pair) => 'wanted' in pair);
  const at = items.findIndex((item) => item.line === (first?.wanted.line ?? line));
  return first === undefined ? items[at] : items[at - 1];
}

function replaced(source: string, { node, value }: Item, got: string): Edit {
  return { from: startOf(value), to: endOf(source, value), text: valueText(source, node, got) };
}

function removed(source: string, { node, value }: Item): Edit {
  const from = source.lastIndexOf('\n', startOf(node));
  return { from, to: lineEnd(source, endOf(source, value)), text: '' };
}

function added(source: string, after: Item | undefined, got: string): Edit {
  if (after === undefined) return { from: 0, to: 0, text: '' };
  const at = lineEnd(source, endOf(source, after.value));
  const dash = ' '.repeat(columnOf(source, after.node) - 2);
  return { from: at, to: at, text: `\n${dash}- bot: ${valueText(source, after.node, got)}` };
}

function valueText(source: string, node: Node, got: string): string {
  const text = stringified({ bot: written(got) })
    .slice('bot: '.length)
    .trimEnd();
  return text.replace(/\n(?=.)/g, `\n${' '.repeat(columnOf(source, node))}`);
}

function startOf({ range }: Node): number {
  return range?.[0] ?? 0;
}

/** Where a node ends, without the empty lines that belong to nothing. */
function endOf(source: string, node: Node): number {
  const [from, to] = [startOf(node), node.range?.[1] ?? 0];
  return from + source.slice(from, to).trimEnd().length;
}

function lineEnd(source: string, offset: number): number {
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end;
}

/** How many characters stand before a node in its line. */
function columnOf(source: string, node: Node): number {
  return startOf(node) - (source.lastIndexOf('\n', startOf(node)) + 1);
}
