import type { Fact } from './fact.js';
import type { Json, JsonRecord } from './json.js';
import { type Choice, saying } from './message.js';
import type { Flow, Program, Step } from './program.js';
import type { RegionIndex } from './regions.js';
import {
  type Answered,
  type Detour,
  type Frame,
  idleSession,
  type Prompt,
  type Session,
  type Wait,
} from './session.js';
import type { Lookup } from './template.js';
import { indonesian, type Wording } from './wording.js';

/** All the engine may know of the world. `builtins` are the values every flow can read (`kontak`, `sesi`). */
export interface Env {
  readonly now: Date;
  readonly newId: () => string;
  readonly regions: RegionIndex;
  readonly roles: readonly string[];
  readonly builtins: Readonly<Record<string, Json>>;
  /** Told of every step from which the conversation went on, and where to; for coverage. */
  readonly trace?: (flow: string, from: string, to: string) => void;
}

/** Thrown when a session and its program do not fit together, which no answer of a person can cause. */
export class BrokenSession extends Error {
  override readonly name = 'BrokenSession';
}

/** A question just asked, before anything was answered. */
const firstWait = { tries: 0, prompt: null, partial: null, heard: null, offers: null };

type By = Extract<Fact, { kind: 'started' }>['by'];

/**
 * The draft of one turn: what steps may do. It never leaves `advance`; frames are replaced, not changed, so the session
 * it began with stays as it was.
 */
export class Walk {
  readonly program: Program;
  readonly env: Env;
  readonly words: Wording = indonesian;
  readonly facts: Fact[] = [];
  readonly #session: Session;
  readonly #frames: Frame[];
  #notes: readonly string[] = [];
  readonly lookup: Lookup = (name) => this.read(name);

  constructor(program: Program, session: Session, env: Env) {
    this.program = program;
    this.env = env;
    this.#session = session;
    this.#frames = session.frames.slice();
    this.#notes = session.notes;
  }

  /** The conversation on top of the stack, if any. */
  get top(): Frame | undefined {
    return this.#frames[this.#frames.length - 1];
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
    const flow = this.program.flows.get(this.frame.flow);
    if (flow === undefined)
      throw new BrokenSession(`flow ${this.frame.flow} is not in program ${this.program.hash}`);
    return flow;
  }

  get step(): Step {
    const step = this.flow.steps.get(this.frame.step);
    if (step === undefined)
      throw new BrokenSession(`step ${this.frame.step} is not in flow ${this.frame.flow}`);
    return step;
  }

  /** Whether a flow is somewhere on the stack. */
  isOpen(flow: string): boolean {
    return this.#frames.some((frame) => frame.flow === flow);
  }

  /** The value of a variable of the open flow, or of a built-in. */
  read(name: string): Json {
    const slot = this.flow.slots.get(name);
    if (slot === undefined) return name === 'sesi' ? this.#about() : (this.env.builtins[name] ?? null);
    return this.frame.values[slot] ?? null;
  }

  /** Writes variables of the open flow and remembers what stood there, for KEMBALI. */
  save(values: JsonRecord, answered: { readonly text: string | null; readonly fixed: string | null }): void {
    const { frame, flow } = this;
    const after = frame.values.slice();
    const before: [number, Json][] = [];
    for (const [name, value] of Object.entries(values)) {
      const slot = flow.slots.get(name);
      if (slot === undefined) continue;
      before.push([slot, after[slot] ?? null]);
      after[slot] = value;
      this.facts.push({ kind: 'saved', flow: frame.flow, step: frame.step, name, value });
    }
    const entry: Answered = { step: frame.step, before, ...answered };
    this.#replace({ ...frame, values: after, trail: [...frame.trail, entry] });
  }

  /** Takes the last answered step back; returns it, or null when there is none. */
  unsave(): Answered | null {
    const { frame } = this;
    const entry = frame.trail[frame.trail.length - 1];
    if (entry === undefined) return null;
    const values = frame.values.slice();
    for (const [slot, value] of entry.before) values[slot] = value;
    this.#replace({ ...frame, values, trail: frame.trail.slice(0, -1) });
    return entry;
  }

  /** Says something on its own. */
  say(text: string): void {
    this.facts.push({ kind: 'said', ...this.#place(), message: saying(this.#withNotes(text)) });
  }

  /** Keeps a sentence to stand in front of whatever is said next. */
  note(text: string): void {
    this.#notes = [...this.#notes, text];
  }

  /** Asks, under a new question id, and waits. What is not given in `wait` is kept from the question before. */
  ask(prompt: Prompt, wait: Partial<Omit<Wait, 'question' | 'notes'>>, again: boolean): void {
    const question = this.env.newId();
    const { frame } = this;
    const notes = this.#notes.join('\n\n');
    const message = { text: this.#withNotes(prompt.text), choices: prompt.choices, question };
    this.facts.push({ kind: 'asked', flow: frame.flow, step: frame.step, message, again });
    this.#replace({ ...frame, wait: { ...(frame.wait ?? firstWait), ...wait, question, notes } });
  }

  /** Counts a misunderstood answer and returns how many there were in a row. */
  countMistake(reason: string): number {
    const { frame } = this;
    if (frame.wait === null) throw new BrokenSession('nothing was asked');
    const tries = frame.wait.tries + 1;
    this.#replace({ ...frame, wait: { ...frame.wait, tries } });
    this.facts.push({ kind: 'misunderstood', ...this.#place(), tries, reason });
    return tries;
  }

  /** Asks for a domain action; its result comes back as an event. */
  want(action: string, args: JsonRecord): void {
    this.facts.push({ kind: 'actionWanted', ...this.#place(), action, args });
  }

  /** Opens a flow on top of the stack and returns its first step. */
  open(name: string, by: By): string {
    const flow = this.program.flows.get(name);
    if (flow === undefined) throw new BrokenSession(`flow ${name} does not exist`);
    const values = new Array<Json>(flow.slots.size).fill(null);
    const blank = { trail: [], detour: null, wait: null };
    this.#frames.push({ flow: name, step: flow.first, called: by === 'call', values, ...blank });
    this.facts.push({ kind: 'started', flow: name, step: null, by });
    return flow.first;
  }

  /** Closes the conversation on top and returns it. */
  close(outcome: string): Frame {
    const frame = this.#frames.pop();
    if (frame === undefined) throw new BrokenSession('no flow is open');
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
    this.env.trace?.(this.frame.flow, this.frame.step, 'end');
    const { called } = this.close('left');
    const first = this.open(flow, by);
    this.#replace({ ...this.frame, called });
    return first;
  }

  /** Closes everything below the conversation on top: what was interrupted is given up. */
  closeBelow(): void {
    for (const { flow, step } of this.#frames.splice(0, this.#frames.length - 1)) {
      this.facts.push({ kind: 'ended', flow, step, outcome: 'given-up' });
    }
  }

  /** Puts the conversation on top back as it was, after something tried did not fit. */
  restore(frame: Frame): void {
    this.#replace(frame);
  }

  /** Moves to a step of the open flow; nothing is asked yet. */
  goto(step: string): void {
    this.#replace({ ...this.frame, step, wait: null });
  }

  /** Begins or ends a correction of one item. */
  setDetour(detour: Detour | null): void {
    this.#replace({ ...this.frame, detour });
  }

  /** Gives up on this conversation: a sentence, a fact that raises an alarm, and an empty stack. */
  fail(why: string): void {
    this.facts.push({ kind: 'failed', ...this.#place(), why });
    this.#notes = [];
    this.say(this.words.stuck);
    this.#frames.length = 0;
  }

  /** The session after the turn. A conversation that has ended is pinned to nothing. */
  finish(): Session {
    const acting = this.facts[this.facts.length - 1]?.kind === 'actionWanted';
    if (this.#notes.length > 0 && !acting) this.say('');
    if (this.#frames.length === 0) return idleSession;
    const turns = this.#session.turns + 1;
    return { program: this.program.hash, turns, frames: this.#frames, notes: this.#notes };
  }

  #resume(flow: string): null {
    while (this.frame.flow !== flow) this.close('left');
    this.step.repeat?.(this);
    return null;
  }

  #about(): JsonRecord {
    return { menyela: this.#frames.length > 1 };
  }

  #place(): { readonly flow: string | null; readonly step: string | null } {
    return { flow: this.top?.flow ?? null, step: this.top?.step ?? null };
  }

  #replace(frame: Frame): void {
    this.#frames[this.#frames.length - 1] = frame;
  }

  #withNotes(text: string): string {
    if (this.#notes.length === 0) return text;
    const whole = [...this.#notes, text].filter((part) => part !== '').join('\n\n');
    this.#notes = [];
    return whole;
  }
}

/** Choices for a plain yes or no. */
export function yesNo(words: Wording): readonly Choice[] {
  return [
    { id: 'ya', label: words.yes },
    { id: 'tidak', label: words.no },
  ];
}
