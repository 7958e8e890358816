import type { Flow, Program, Step } from './program.js';
import type { Exit } from './steps/step.js';

/** How many people came to a place, went on from it, gave up there, and are still there. */
export interface Passage {
  readonly arrived: number;
  readonly went: number;
  readonly gaveUp: number;
  readonly waiting: number;
}

/** Passages by flow and step; the empty step is the flow as a whole. */
export type Funnel = ReadonlyMap<string, ReadonlyMap<string, Passage>>;

/** What a box of a chart stands for: somebody is asked, something is told, the program works, another flow is gone through, it is over. */
export type BoxKind = 'question' | 'message' | 'work' | 'call' | 'end';

/** One box: what it says in plain words, lines below it in small letters, and how many people passed, as far as anybody counted. */
export interface Box {
  readonly id: string;
  readonly kind: BoxKind;
  readonly text: string;
  readonly notes: readonly string[];
  readonly passage: Passage | null;
}

/** A way from one box to another, with what is chosen or found on it; the label is empty where there is nothing to say. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** A flow, or all flows, ready to be drawn. */
export interface Chart {
  readonly title: string;
  /** Lines below the title: how it begins, and how many people it had. */
  readonly notes: readonly string[];
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** What a chart is drawn with: words for the outcomes of actions, and counts when there are any. */
export interface Drawing {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly funnel: Funnel | null;
}

/** What is longer is cut: a chart is read from afar. */
const longestText = 160;
const mostPhrases = 4;
/** Words that are written in capitals. */
const initials: ReadonlySet<string> = new Set(['ktp', 'nik', 'psm', 'sk']);
const unanswered = 'tidak dijawab';
const ending = 'Selesai';
const endsHere = 'Percakapan selesai.';

/** One flow as a chart: questions in their own words, choices on the ways. */
export function chartOf(program: Program, flow: Flow, drawing: Drawing): Chart {
  const steps = [...flow.steps.values()];
  const passages = drawing.funnel?.get(flow.name);
  const whole = passages?.get('');
  const silent = flow.timers.flatMap(({ exit }) => flow.steps.get(exit?.target ?? '') ?? []);
  const leftAlone = silent.map((step) => `Bila pertanyaan tidak dijawab: ${textOf(step, program)}`);
  return {
    title: flow.title,
    notes: [...beginningOf(flow), ...leftAlone, ...(whole === undefined ? [] : [passageText(whole)])],
    boxes: steps.flatMap((step) => [boxOf(step, program, passages?.get(step.id) ?? null), ...endBelow(step)]),
    arrows: steps.flatMap((step) => arrowsOf(step, drawing)),
  };
}

/** All flows as a chart: which goes through which. */
export function overviewOf(program: Program, { funnel }: Drawing): Chart {
  const flows = [...program.flows.values()];
  return {
    title: 'Semua percakapan',
    notes: [],
    boxes: flows.map((flow) => {
      const passage = funnel?.get(flow.name)?.get('') ?? null;
      return { id: flow.name, kind: 'call', text: flow.title, notes: beginningOf(flow), passage };
    }),
    arrows: flows.flatMap((flow) => callsOf(flow).map((to) => ({ from: flow.name, to, label: '' }))),
  };
}

/** The words that start a flow, as far as they are worth knowing. */
function beginningOf({ openings }: Flow): readonly string[] {
  return openings.length === 0 ? [] : [`Dimulai dengan: ${openings.slice(0, mostPhrases).join(', ')}`];
}

function callsOf(flow: Flow): readonly string[] {
  const called = [...flow.steps.values()].flatMap(({ calls }) => calls);
  return [...new Set(called)].filter((name) => name !== flow.name);
}

function boxOf(step: Step, program: Program, passage: Passage | null): Box {
  const corrections = step.exits.flatMap(({ detour, label }) => (detour === true && label ? [label] : []));
  const notes = corrections.length === 0 ? [] : [`Memperbaiki: ${corrections.join(', ')}`];
  const over = endsAlone(step) ? [endsHere] : [];
  return {
    id: step.id,
    kind: kindOf(step),
    text: textOf(step, program),
    notes: [...notes, ...over],
    passage,
  };
}

function kindOf({ waits, calls, shows }: Step): BoxKind {
  if (waits) return 'question';
  if (calls.length > 0) return 'call';
  return shows.length > 0 ? 'message' : 'work';
}

function textOf(step: Step, program: Program): string {
  const titles = step.calls.map((name) => program.flows.get(name)?.title ?? name);
  if (titles.length > 0) return titles.join(', ');
  // A notice before a question and reminders behind it are told with it; the question is what the step is about.
  const asked = step.shows.find(({ template }) => step.waits && template.source.includes('?'));
  const shown = asked ?? step.shows[0];
  if (shown === undefined) return humane(step.id);
  const text = plainWords(shown.template.source).replace(/\s*\n\s*/g, '\n');
  // What a question asks stands last, after what it is about.
  return step.waits && text.length > longestText ? shortened(text.split('\n').at(-1) ?? '') : shortened(text);
}

function shortened(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText).replace(/\s\S*\s*$/, '')} …`;
}

/** A text without its signs: bold stars are gone, a variable is its name in angles, what depends on a value is left open. */
function plainWords(source: string): string {
  let [text, depth, inside] = ['', 0, ''];
  for (const letter of source.replaceAll('*', '')) {
    if (letter === '{') depth += 1;
    if (depth === 0) text += letter;
    else inside += letter;
    if (letter !== '}') continue;
    depth -= 1;
    if (depth > 0) continue;
    text += variableName(inside);
    inside = '';
  }
  return text;
}

function variableName(braced: string): string {
  const name = braced.slice(1, -1);
  if (name.includes(',')) return '…';
  const part = name.split('.').at(-1) ?? name;
  return `‹${part
    .replaceAll('-', ' ')
    .replace(/(?=[A-Z])/g, ' ')
    .toLowerCase()}›`;
}

/** The name of a step or a case as words: `periksa-usia` is "Periksa usia". */
function humane(id: string): string {
  const parts = id.split('-').map((word) => (initials.has(word) ? word.toUpperCase() : word));
  const words = parts.join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function endsAlone({ exits }: Step): boolean {
  return exits.every(({ target }) => target === 'end');
}

/** A step that sometimes ends the flow has an end of its own: a common one would draw long ways across everything. */
function endBelow(step: Step): readonly Box[] {
  if (endsAlone(step) || step.exits.every(({ target }) => target !== 'end')) return [];
  return [{ id: endOf(step), kind: 'end', text: ending, notes: [], passage: null }];
}

/** No step has a colon in its name. */
function endOf(step: Step): string {
  return `${step.id}:end`;
}

function arrowsOf(step: Step, { outcomes }: Drawing): readonly Arrow[] {
  if (endsAlone(step)) return [];
  const labels = new Map<string, readonly string[]>();
  for (const exit of [...step.exits, ...silentExits(step)].filter((one) => isDrawn(one, step))) {
    const to = exit.target === 'end' ? endOf(step) : exit.target;
    labels.set(to, [...(labels.get(to) ?? []), labelOf(exit, outcomes)]);
  }
  // Where all ways lead to one place, nothing is decided.
  const only = labels.size === 1 && step.exits.length + silentExits(step).length === 1;
  return [...labels].map(([to, names]) => ({ from: step.id, to, label: only ? '' : names.join(' / ') }));
}

/** Where it goes on when nobody answers, as far as the step itself says so. */
function silentExits({ timers = [] }: Step): readonly Exit[] {
  return timers.flatMap(({ own, exit }) => (own && exit !== null ? [{ ...exit, label: unanswered }] : []));
}

function labelOf({ label, name }: Exit, outcomes: Drawing['outcomes']): string {
  return label ?? outcomes[name] ?? name.replaceAll('-', ' ');
}

/** A passage in words: "12 datang, 10 lanjut, 2 berhenti". */
export function passageText({ arrived, went, gaveUp, waiting }: Passage): string {
  const parts = [
    [arrived, 'datang'],
    [went, 'lanjut'],
    [gaveUp, 'berhenti'],
    [waiting, 'masih di sini'],
  ] as const;
  return parts
    .filter(([count], at) => at < 2 || count > 0)
    .map(([count, word]) => `${count.toLocaleString('id-ID')} ${word}`)
    .join(', ');
}

/** Corrections are told in the box of their question, and what stays where it is leads nowhere. */
function isDrawn({ detour, later, target }: Exit, step: Step): boolean {
  return !detour && !later && target !== step.id;
}
