import type { Fact } from './fact.js';
import type { Json, JsonRecord } from './json.js';
import { type Choice, type Enclosure, type Message, saying } from './message.js';
import { appended, entryAt, lastEntry, noEntries, withEntry, withoutLast } from './pages.js';
import type { Flow, Program, Step } from './program.js';
import type { RegionIndex } from './regions.js';
import {
  type Answered,
  type Detour,
  type Frame,
  idleSession,
  isUnderWay,
  type Prompt,
  type Session,
  type Wait,
} from './session.js';
import type { Lookup } from './template.js';
import { spanOf, type Timer } from './timers.js';
import { indonesian, type Wording } from './wording.js';

/** All the engine may know of the world. `builtins` are the values every flow can read (`kontak`, `sesi`). */
export interface Env {
  readonly now: Date;
  /** A new id of the moment `at`, in milliseconds: nobody in a turn looks at a clock. */
  readonly newId: (at: number) => string;
  readonly regions: RegionIndex;
  readonly roles: readonly string[];
  /** The language the contact chose (`jv`). Absent, or one the program does not have: Indonesian, all of it. */
  readonly language?: string | null | undefined;
  readonly builtins: Readonly<Record<string, Json>>;
  /** Told of every step from which the conversation went on, where to, and by which exit when the step says so; for coverage. */
  readonly trace?: (flow: string, from: string, to: string, exit: string | null) => void;
}

/** Thrown when a session and its program do not fit together, which no answer of a person can cause. */
export class BrokenSession extends Error {
  override readonly name = 'BrokenSession';
}

/** What of a wait a step decides. */
type Asked = Omit<Wait, 'question' | 'notes'>;

/** A question just asked, before anything was answered. */
const firstWait: Asked = { tries: 0, prompt: null, partial: null, heard: null, offers: null };

const noTimers: readonly Timer[] = [];
const nothingBefore: Answered['before'] = [];

/** How a turn stood at some moment. */
interface Mark {
  readonly frame: Frame;
  readonly facts: number;
  readonly notes: readonly string[];
}

/** A frame under work. */
type Draft = { -readonly [Key in keyof Frame]: Frame[Key] };

/** Variables to write, by name. */
type Values = readonly (readonly [name: string, value: Json])[];

type By = Extract<Fact, { kind: 'started' }>['by'];

/**
 * The draft of one turn: what steps may do. It never leaves `advance`; frames are replaced, not changed, so the session
 * it began with stays as it was.
 */
export class Walk {
  readonly program: Program;
  readonly env: Env;
  readonly words: Wording;
  readonly facts: Fact[] = [];
  /** Flows that the text of this turn may have meant, for the question that offers them. */
  guesses: readonly string[] = [];
  /** The exit just taken; only steps with several ways to one place need to say. */
  via: string | null = null;
  readonly #session: Session;
  readonly #flows: Program['flows'];
  readonly #frames: Frame[];
  #own: Draft | null = null;
  #notes: readonly string[] = [];
  #lookup: Lookup | null = null;
  /** What the frame on top names, once it was looked up: a turn asks for it a dozen times. Forgotten where that frame moves. */
  #flow: Flow | null = null;
  #step: Step | null = null;

  constructor(program: Program, session: Session, env: Env) {
    this.program = program;
    this.env = env;
    const spoken = env.language == null ? undefined : program.languages.get(env.language);
    this.words = spoken === undefined ? indonesian : spoken.words;
    this.#flows = spoken === undefined ? program.flows : spoken.flows;
    this.#session = session;
    this.#frames = session.frames.slice();
    this.#notes = session.notes;
  }

  /** The conversation on top of the stack, if any. */
  get top(): Frame | undefined {
    return this.#frames.at(-1);
  }

  get depth(): number {
    return this.#frames.length;
  }

  /** The conversation on top; a step can only run inside one. */
  get frame(): Frame {
    const { top } = this;
    if (top === undefined) throw new BrokenSession('no flow is open');
    return top;
  }

  get flow(): Flow {
    this.#flow ??= this.#findFlow(this.frame.flow);
    return this.#flow;
  }

  get step(): Step {
    this.#step ??= this.#findStep(this.frame.step);
    return this.#step;
  }

  /** Reads variables for a text. */
  get lookup(): Lookup {
    this.#lookup ??= (name) => this.read(name);
    return this.#lookup;
  }

  /** How a flow is called, for people. */
  titleOf(flow: string): string {
    return this.#flows.get(flow)?.title ?? flow;
  }

  /** Whether a flow is somewhere on the stack. */
  isOpen(flow: string): boolean {
    return this.#frames.some((frame) => frame.flow === flow);
  }

  /** The value of a variable of the open flow, or of a built-in. */
  read(name: string): Json {
    const slot = this.flow.slots.get(name);
    if (slot === undefined) return name === 'sesi' ? this.#about() : (this.env.builtins[name] ?? null);
    return entryAt(this.frame.values, slot) ?? null;
  }

  /** Writes variables of the open flow and remembers what stood there, for KEMBALI. `said` is the answer as it was typed. */
  save(values: Values, answered: { readonly said: string | null; readonly fixed: string | null }): void {
    const draft = this.#draft();
    const { step, detour } = draft;
    let before = nothingBefore;
    for (const written of values) before = this.#write(draft, written, before);
    const plain = before.length === 0 && answered.fixed === null && detour === null && this.step.waits;
    draft.trail = appended(draft.trail, plain ? step : { step, before, detour, fixed: answered.fixed });
    draft.said = answered.said;
  }

  /** Keeps a value that no answer of a person is: KEMBALI does not come back to it, and no history tells of it. */
  hold(name: string, value: Json): void {
    const slot = this.flow.slots.get(name);
    if (slot === undefined) return;
    const draft = this.#draft();
    draft.values = withEntry(draft.values, slot, value, null);
  }

  /** Writes one variable and adds what stood there, unless it was empty and its step empties it again by itself. */
  #write(draft: Draft, written: Values[number], before: Answered['before']): Answered['before'] {
    // Not taken apart by a pattern: of an array that runs its iterator, and this runs in every turn.
    const name = written[0];
    const value = written[1];
    const slot = this.flow.slots.get(name);
    if (slot === undefined) return before;
    const old = entryAt(draft.values, slot) ?? null;
    draft.values = withEntry(draft.values, slot, value, null);
    this.facts.push({ kind: 'saved', flow: draft.flow, step: draft.step, name, value });
    return old === null && this.step.waits ? before : [...before, [slot, old]];
  }

  /** The last answered step, if any. */
  get lastAnswered(): Answered | null {
    const last = lastEntry(this.frame.trail);
    if (last === undefined) return null;
    if (typeof last === 'string')
      return { step: last, before: this.#emptied(last), detour: null, fixed: null };
    return { ...last, before: [...this.#emptied(last.step), ...last.before] };
  }

  /** Takes the last answered step back; returns it, or null when there is none. */
  unsave(): Answered | null {
    const entry = this.lastAnswered;
    if (entry === null) return null;
    const draft = this.#draft();
    for (const [slot, value] of entry.before) draft.values = withEntry(draft.values, slot, value, null);
    draft.trail = withoutLast(draft.trail);
    draft.said = null;
    draft.detour = entry.detour;
    return entry;
  }

  /** The variables of a question, all empty, as they were the first time it was asked. */
  #emptied(step: string): Answered['before'] {
    const { steps, slots } = this.flow;
    const asking = steps.get(step);
    if (asking?.waits !== true) return [];
    const names = new Set(asking.exits.flatMap((exit) => exit.writes));
    return [...names].flatMap((name) => (slots.has(name) ? [[slots.get(name) ?? 0, null] as const] : []));
  }

  /** Says something on its own; files go out before it, the last one with it. */
  say(text: string, files: readonly Enclosure[] = []): void {
    const { flow, step } = this.#place();
    const last = files.at(-1);
    for (const enclosure of files.slice(0, -1))
      this.facts.push({ kind: 'said', flow, step, message: { ...saying(''), enclosure } });
    const words = saying(this.#withNotes(text));
    const message = last === undefined ? words : { ...words, enclosure: last };
    this.facts.push({ kind: 'said', flow, step, message });
  }

  /** Keeps a sentence to stand in front of whatever is said next. */
  note(text: string): void {
    this.#notes = [...this.#notes, text];
  }

  /** Drops what was to be said first. */
  forgetNotes(): void {
    this.#notes = [];
  }

  /** Asks, under a new question id, and waits. What is not given in `wait` is kept from the question before. */
  ask(prompt: Prompt, wait: Partial<Asked>, again: boolean): void {
    const question = this.env.newId(this.env.now.getTime());
    const draft = this.#draft();
    const { flow, step } = draft;
    const notes = this.#notes.length === 0 ? '' : this.#notes.join('\n\n');
    const message = this.#timed(asking(prompt, this.#withNotes(prompt.text), question));
    this.facts.push({ kind: 'asked', flow, step, message, again });
    draft.wait = waitAfter(draft.wait ?? firstWait, wait, question, notes);
  }

  /** Says the pending question once more: its id stays, so its buttons go on to work and its timers are not begun anew. */
  remind(prompt: Prompt): void {
    const { flow, step, wait } = this.frame;
    if (wait === null) throw new BrokenSession('nothing was asked');
    const message = asking(prompt, this.#withNotes(prompt.text), wait.question);
    this.facts.push({ kind: 'reminded', flow, step, message });
  }

  /**
   * The timer of a question that is still pending, brought to the top: what interrupted it is given up. Null, and nothing
   * changed, when the question was answered or its program knows no such timer.
   */
  dueTimer(question: string, name: string): Timer | null {
    if (!this.#frames.some((frame) => frame.wait?.question === question)) return null;
    while (this.frame.wait?.question !== question) this.close('left');
    const timer = this.#timers().find((one) => one.name === name) ?? null;
    if (timer === null) return null;
    const { flow, step } = this.frame;
    this.facts.push({ kind: 'timer', flow, step, name });
    this.env.trace?.(flow, step, step, timerWay(name));
    return timer;
  }

  /** Gives up every conversation above the one of a flow. */
  closeTo(flow: string): void {
    while (this.frame.flow !== flow) this.close('left');
  }

  /** Counts a misunderstood answer and returns how many there were in a row. */
  countMistake(reason: string): number {
    const draft = this.#draft();
    if (draft.wait === null) throw new BrokenSession('nothing was asked');
    const tries = draft.wait.tries + 1;
    draft.wait = { ...draft.wait, tries };
    this.facts.push({ kind: 'misunderstood', ...this.#place(), tries, reason });
    return tries;
  }

  /** Says that a file a person sent belongs to an answer and must be kept. */
  keep(attachment: string): void {
    this.facts.push({ kind: 'kept', ...this.#place(), attachment });
  }

  /** Asks for a domain action; its result comes back as an event. */
  want(action: string, args: JsonRecord): void {
    this.facts.push({ kind: 'actionWanted', ...this.#place(), action, args });
  }

  /** Opens a flow on top of the stack and returns its first step. */
  open(name: string, by: By): string {
    const flow = this.#flows.get(name);
    if (flow === undefined) throw new BrokenSession(`flow ${name} does not exist`);
    const called = by === 'call';
    const { first: step } = flow;
    this.#frames.push(blankFrame(name, step, called));
    this.#forgetPlace();
    this.facts.push({ kind: 'started', flow: name, step: null, by });
    return flow.first;
  }

  /** Closes the conversation on top and returns it. */
  close(outcome: string): Frame {
    const frame = this.#frames.pop();
    if (frame === undefined) throw new BrokenSession('no flow is open');
    this.#forgetPlace();
    this.facts.push({ kind: 'ended', flow: frame.flow, step: frame.step, outcome });
    return frame;
  }

  /**
   * Goes to another flow. One that is already open further down is resumed where it waits; a caller that has nothing left
   * to do gives its place away, so that the stack does not grow.
   */
  switchTo(flow: string, by: By, replace: boolean): string | null {
    if (this.isOpen(flow)) return this.#resume(flow);
    if (!replace) return this.open(flow, by);
    this.env.trace?.(this.frame.flow, this.frame.step, 'end', null);
    const { called } = this.close('left');
    const first = this.open(flow, by);
    this.#draft().called = called;
    return first;
  }

  /** Closes everything below the conversation on top: what was interrupted is given up. */
  closeBelow(): void {
    for (const { flow, step } of this.#frames.splice(0, this.#frames.length - 1)) {
      this.facts.push({ kind: 'ended', flow, step, outcome: 'given-up' });
    }
  }

  /** How everything stands, for `restore`. */
  mark(): Mark {
    return { frame: { ...this.frame }, facts: this.facts.length, notes: this.#notes };
  }

  /** Puts the conversation on top back as it was, after something tried did not fit. */
  restore({ frame, facts, notes }: Mark): void {
    this.#frames[this.#frames.length - 1] = frame;
    this.#forgetPlace();
    this.facts.length = facts;
    this.#notes = notes;
  }

  /** Moves to a step of the open flow; nothing is asked yet. */
  goto(step: string): void {
    const draft = this.#draft();
    draft.step = step;
    draft.wait = null;
    this.#step = null;
  }

  /** Begins or ends a correction of one item. */
  setDetour(detour: Detour | null): void {
    this.#draft().detour = detour;
  }

  /** Gives up on this conversation: a sentence, a fact that raises an alarm, and an empty stack. */
  fail(why: string): void {
    this.facts.push({ kind: 'failed', ...this.#place(), why });
    this.#notes = [];
    this.say(this.words.stuck);
    this.#frames.length = 0;
    this.#forgetPlace();
  }

  /** The session after the turn. A conversation that has ended is pinned to nothing. */
  finish(): Session {
    if (this.#notes.length > 0 && this.facts.at(-1)?.kind !== 'actionWanted') this.say('');
    if (this.#frames.length === 0) return idleSession;
    const turns = this.#session.turns + 1;
    return { program: this.program.hash, turns, frames: this.#frames, notes: this.#notes };
  }

  #findFlow(name: string): Flow {
    const flow = this.#flows.get(name);
    if (flow === undefined) throw new BrokenSession(`flow ${name} is not in program ${this.program.hash}`);
    return flow;
  }

  #findStep(id: string): Step {
    const step = this.flow.steps.get(id);
    if (step === undefined) throw new BrokenSession(`step ${id} is not in flow ${this.flow.name}`);
    return step;
  }

  #forgetPlace(): void {
    this.#flow = null;
    this.#step = null;
  }

  #resume(flow: string): string | null {
    while (this.frame.flow !== flow) this.close('left');
    const { step } = this;
    if (step.returned) return step.returned(this);
    step.repeat?.(this);
    return null;
  }

  #timed(message: Message): Message {
    const timers = this.program.timed ? this.#timers() : noTimers;
    if (timers.length === 0) return message;
    const started = timers.map((timer) => {
      const { flow, name, reminder } = timer;
      return { flow, name, reminder, after: spanOf(timer, this.lookup) };
    });
    return { ...message, timers: started };
  }

  /** The timers of the question on top. One that nothing would end, in a flow that another goes through, ends with that. */
  #timers(): readonly Timer[] {
    const own = this.step.timers ?? noTimers;
    if (!this.frame.called || own.some((timer) => !timer.reminder)) return own;
    return [...own, ...this.#callersTimers()];
  }

  #callersTimers(): readonly Timer[] {
    for (let at = this.#frames.length - 1; this.#frames[at]?.called; at -= 1) {
      const caller = this.#flows.get(this.#frames[at - 1]?.flow ?? '');
      const lasting = caller?.timers.filter((timer) => !timer.reminder) ?? noTimers;
      if (lasting.length > 0) return lasting;
    }
    return noTimers;
  }

  #about(): JsonRecord {
    const { fallback } = this.program;
    return { menyela: this.#frames.slice(0, -1).some((frame) => isUnderWay(frame, fallback)) };
  }

  #place(): { readonly flow: string | null; readonly step: string | null } {
    return { flow: this.top?.flow ?? null, step: this.top?.step ?? null };
  }

  /** The frame on top as this turn may change it: copied the first time, so that the session it came from stays as it was. */
  #draft(): Draft {
    const { frame } = this;
    if (frame === this.#own) return this.#own;
    const { flow, step, called, values, trail, said, detour, wait } = frame;
    const draft = { flow, step, called, values, trail, said, detour, wait };
    this.#own = draft;
    this.#frames[this.#frames.length - 1] = draft;
    return draft;
  }

  #withNotes(text: string): string {
    if (this.#notes.length === 0) return text;
    const whole = [...this.#notes, text].filter((part) => part !== '').join('\n\n');
    this.#notes = [];
    return whole;
  }
}

function blankFrame(flow: string, step: string, called: boolean): Frame {
  return { flow, step, called, values: noEntries, trail: noEntries, said: null, detour: null, wait: null };
}

/** The message that asks. Written out for the same reason as `waitAfter`. */
function asking({ choices, share }: Prompt, text: string, question: string): Message {
  return share === undefined ? { text, choices, question } : { text, choices, question, share };
}

/** What is not decided anew stays as it was. Written out: this runs in every turn, and a spread costs ten times as much. */
function waitAfter(before: Asked, now: Partial<Asked>, question: string, notes: string): Wait {
  return {
    question,
    tries: now.tries === undefined ? before.tries : now.tries,
    prompt: now.prompt === undefined ? before.prompt : now.prompt,
    partial: now.partial === undefined ? before.partial : now.partial,
    heard: now.heard === undefined ? before.heard : now.heard,
    offers: now.offers === undefined ? before.offers : now.offers,
    notes,
  };
}

/** The name under which coverage knows that a timer happened: no step can have it. */
export function timerWay(name: string): string {
  return `(${name})`;
}

/** Choices for a plain yes or no. */
export function yesNo(words: Wording): readonly Choice[] {
  return [
    { id: 'ya', label: words.yes },
    { id: 'tidak', label: words.no },
  ];
}
