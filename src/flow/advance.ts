import { bareWord, mayBeginWith, mayBeWord } from './always.js';
import type { Attachment } from './attachment.js';
import { type Courtesy, courtesyIn } from './courtesy.js';
import type { FlowEvent } from './event.js';
import type { Fact } from './fact.js';
import { askWhich, mayOpen, meaningFor } from './opening.js';
import type { Program } from './program.js';
import { idleSession, type Session, type Wait } from './session.js';
import type { Answer, Next } from './steps/step.js';
import { fold } from './text.js';
import { takeBack } from './undo.js';
import { type Env, Walk } from './walk.js';
import { plain } from './word-list.js';

/** What one event leads to. */
export interface Advanced {
  readonly session: Session;
  readonly facts: readonly Fact[];
}

/** No turn walks through more steps than this: a flow that would is stuck, and a person is told. */
export const mostSteps = 100;
/** No conversation lasts longer than this many turns. */
export const mostTurns = 2000;

/**
 * One event in the life of a conversation: pure and synchronous. The session given stays as it is; the new one and what
 * happened come back. Throws `BrokenSession` only when session and program do not belong together.
 */
export function advance(program: Program, session: Session, event: FlowEvent, env: Env): Advanced {
  const walk = new Walk(program, session, env);
  if (event.type === 'timer') return onTimer(walk, session, event);
  if (session.turns >= mostTurns) walk.fail('too-many-turns');
  else run(walk, dispatch(walk, event));
  return { session: walk.finish(), facts: walk.facts };
}

type TimerEvent = Extract<FlowEvent, { type: 'timer' }>;

function dispatch(walk: Walk, event: Exclude<FlowEvent, TimerEvent>): Next {
  switch (event.type) {
    case 'message':
      return onMessage(walk, event);
    case 'attachment':
      return onAttachment(walk, event);
    case 'choice':
      return onChoice(walk, event);
    case 'actionResult':
      return walk.step.result?.(walk, event) ?? null;
    case 'signal':
      return onSignal(walk, event.name);
  }
}

/** A timer whose question is not pending any more changes nothing. */
function onTimer(walk: Walk, session: Session, { question, timer }: TimerEvent): Advanced {
  const due = walk.dueTimer(question, timer);
  if (due === null) return { session, facts: [] };
  run(walk, due.fire(walk));
  return { session: walk.finish(), facts: walk.facts };
}

/** Walks from step to step until one waits, or nothing is open any more. */
function run(walk: Walk, first: Next): void {
  let next = first;
  for (let steps = 0; next !== null; steps += 1) {
    if (steps >= mostSteps) {
      walk.fail('too-many-steps');
      return;
    }
    const step = landing(walk, next);
    walk.env.trace?.(walk.frame.flow, walk.frame.step, step, walk.via);
    walk.via = null;
    next = step === 'end' ? leave(walk) : enter(walk, step);
  }
}

/** Where a way really leads: a correction that is done goes back to where it was asked for. */
function landing(walk: Walk, step: string): string {
  const { detour } = walk.frame;
  if (detour === null || detour.until !== step) return step;
  walk.setDetour(null);
  return detour.back;
}

function enter(walk: Walk, step: string): Next {
  walk.goto(step);
  return walk.step.enter(walk);
}

/** A flow has ended: its caller goes on, or what it interrupted asks its question again. */
function leave(walk: Walk): Next {
  const { called } = walk.close('end');
  if (walk.top === undefined) return null;
  const { step } = walk;
  if (called && step.returned) return step.returned(walk);
  step.repeat?.(walk);
  return null;
}

function onMessage(walk: Walk, { text, seen, answers }: Extract<FlowEvent, { type: 'message' }>): Next {
  const { prefixShape, wordShape } = walk.program;
  const answered = mayBeginWith(text, prefixShape) ? onPrefix(walk, text) : undefined;
  if (answered !== undefined) return answered;
  const opened = mayBeWord(text, wordShape) ? onWord(walk, bareWord(fold(text))) : undefined;
  if (opened !== undefined) return opened;
  const elsewhere = answers === undefined || isHeard(walk) ? undefined : onOutside(walk, answers, false);
  if (elsewhere !== undefined) return elsewhere;
  if (walk.top === undefined) return begin(walk, text);
  if (!isHeard(walk)) {
    if (walk.frame.wait === null) return onRenewed(walk);
    if (!seen && walk.step.waits) return onUnseen(walk, text);
  }
  return answer(walk, { type: 'text', text });
}

/** The words that mean the same everywhere; undefined when the text is none of them, or not for this person. */
function onWord(walk: Walk, word: string): Next | undefined {
  const flow = walk.program.words.get(word);
  if (flow !== undefined && mayOpen(walk.program, flow, walk.env.roles))
    return isHeard(walk) ? undefined : walk.switchTo(flow, 'word', false);
  if (walk.top === undefined) return undefined;
  const command = walk.program.commands.get(word);
  if (command === undefined || isHeard(walk)) return undefined;
  return command === 'back' ? takeBack(walk) : repeat(walk);
}

/**
 * A word with an answer behind it, as links bring it ("start K7M4P2QX"): its flow begins with that answer, at any moment and
 * whoever listens. What another link brings behind it answers no question: then the word counts as if it stood alone. Words for some
 * roles only are no links: what is heard, offered or a trigger as it stands is not taken for them.
 */
function onPrefix(walk: Walk, text: string): Next | undefined {
  const end = text.indexOf(' ');
  const word = end < 1 ? '' : text.slice(0, end).toLowerCase();
  const flow = walk.program.prefixes.get(word);
  if (flow === undefined) return undefined;
  if (!mayOpen(walk.program, flow, []) && isMeantOtherwise(walk, text)) return undefined;
  const answer = text.slice(end + 1);
  if (mayOpen(walk.program, flow, walk.env.roles) && isAnswer(walk, flow, answer)) {
    if (walk.isOpen(flow)) walk.closeTo(flow);
    else walk.open(flow, 'word');
    return answerFirst(walk, answer);
  }
  return walk.top === undefined || answer.includes(' ') ? undefined : onWord(walk, word);
}

function isMeantOtherwise(walk: Walk, text: string): boolean {
  if (walk.program.intents.exact.has(plain(text))) return true;
  if (walk.top === undefined) return false;
  if (walk.step.listens === true) return true;
  return walk.step.spellings?.some(({ words }) => words.some((one) => fold(one) === fold(text))) ?? false;
}

/** Tried in a conversation of its own, so that nothing has happened in this one when it is none. */
function isAnswer({ program, env }: Walk, flow: string, text: string): boolean {
  const trial = new Walk(program, idleSession, env);
  trial.open(flow, 'word');
  return answerFirst(trial, text) !== null;
}

function answerFirst(walk: Walk, text: string): string | null {
  walk.goto(walk.flow.first);
  return walk.step.unasked?.(walk, text) ?? null;
}

/** Whether the open step takes every message for itself. */
function isHeard(walk: Walk): boolean {
  return walk.top !== undefined && walk.step.listens === true;
}

/** The open step hears it, or it begins the flow that waits for it; nobody else is disturbed by it. */
function onSignal(walk: Walk, name: string): Next {
  const heard = walk.top === undefined ? undefined : walk.step.signals?.[name];
  if (heard !== undefined) return heard;
  const flow = walk.program.signals.get(name);
  return flow === undefined || walk.isOpen(flow) ? null : walk.open(flow, 'signal');
}

/**
 * What was asked outside of the conversation has its own flow, which begins with the answer, at any moment, and anew where it waits already. What
 * is typed (`!tapped`) while that flow waits is the answer to what it asks.
 */
function onOutside(walk: Walk, signal: string, tapped: boolean): Next | undefined {
  const flow = walk.program.signals.get(signal);
  if (flow === undefined) return undefined;
  if (!walk.isOpen(flow)) return walk.open(flow, 'signal');
  if (!tapped && walk.frame.flow === flow) return undefined;
  walk.closeTo(flow);
  walk.close('left');
  return walk.open(flow, 'signal');
}

function repeat(walk: Walk): Next {
  walk.step.repeat?.(walk);
  return null;
}

function begin(walk: Walk, text: string): Next {
  const courtesy = courtesyIn(text);
  if (courtesy === 'salam') walk.note(walk.words.salam);
  const meaning = meaningFor(walk, text);
  switch (meaning.kind) {
    case 'sure':
      return walk.open(meaning.flow, 'trigger');
    case 'unsure':
      return askWhich(walk, meaning.flows);
    case 'none':
      return beginAnyway(walk, courtesy);
  }
}

/** Thanks after a conversation are answered, and need no other one; whatever else nobody knows begins where all begin. */
function beginAnyway(walk: Walk, courtesy: Courtesy | null): Next {
  if (courtesy === null || courtesy === 'salam' || courtesy === 'greeting')
    return walk.switchTo(walk.program.fallback, 'default', false);
  walk.say(walk.words[courtesy]);
  return null;
}

function answer(walk: Walk, given: Answer): Next {
  return walk.step.answer?.(walk, given) ?? null;
}

/** A file or a place: the answer where the question asks for one; else it is told kindly that it is none. */
function onAttachment(walk: Walk, { attachment, seen }: Extract<FlowEvent, { type: 'attachment' }>): Next {
  const heard = isHeard(walk);
  if (walk.top !== undefined && !heard && !seen) return askUnseen(walk);
  const taken = walk.top === undefined ? byFile(walk, attachment) : walk.step.take?.(walk, attachment);
  if (taken !== undefined) return taken;
  if (heard) return unheard(walk, attachment);
  walk.note(attachment.kind === 'place' ? walk.words.placeNotAnswer : walk.words.fileNotAnswer);
  return walk.top === undefined ? begin(walk, '') : repeat(walk);
}

/** A file of a kind that begins a flow is the answer to its first question; undefined when it begins none for this person. */
function byFile(walk: Walk, attachment: Attachment): Next | undefined {
  const { program, env } = walk;
  const flow = attachment.kind === 'file' ? program.files.get(attachment.type) : undefined;
  if (flow === undefined || !mayOpen(program, flow, env.roles)) return undefined;
  walk.goto(walk.open(flow, 'trigger'));
  return walk.step.take?.(walk, attachment);
}

/** Whoever is listened to hears what to do instead, and no question: none was asked. */
function unheard(walk: Walk, { kind }: Attachment): Next {
  walk.say(kind === 'place' ? walk.words.placeNotHeard : walk.words.fileNotHeard);
  return null;
}

function onChoice(walk: Walk, event: Extract<FlowEvent, { type: 'choice' }>): Next {
  const { answers } = event;
  const elsewhere = answers === undefined ? undefined : onOutside(walk, answers, true);
  if (elsewhere !== undefined) return elsewhere;
  if (walk.top === undefined) {
    walk.say(walk.words.oldButtonIdle);
    return null;
  }
  if (walk.frame.wait?.question === event.question || walk.step.listens === true) {
    return answer(walk, { type: 'choice', id: event.choice, label: event.label });
  }
  walk.note(walk.words.oldButton);
  return repeat(walk);
}

/**
 * The message was written before its writer had seen the pending question, so it cannot be the answer. It may be the rest
 * of the answer before; otherwise the question is asked again.
 */
function onUnseen(walk: Walk, text: string): Next {
  const before = walk.mark();
  const { heard } = before.frame.wait ?? { heard: null };
  const { flow, step } = before.frame;
  const joined = heard === null ? joinToAnswer(walk, text) : joinToPart(walk, text, heard);
  if (joined === null) {
    walk.restore(before);
    return askUnseen(walk);
  }
  walk.facts.push({ kind: 'unseen', flow, step, joined: true });
  return joined.next;
}

/** What came too early is not used: what stood before the question is said again, and the question is asked again. */
function askUnseen(walk: Walk): Next {
  const { flow, step, wait } = walk.frame;
  walk.facts.push({ kind: 'unseen', flow, step, joined: false });
  const notes = wait?.notes ?? '';
  if (notes !== '' && notes !== walk.words.unseen) walk.note(notes);
  if (!notes.endsWith(walk.words.unseen) || notes === walk.words.unseen) walk.note(walk.words.unseen);
  return repeat(walk);
}

/** The step has changed since it asked, so nothing is pending: what was written answers a question that is no more. */
function onRenewed(walk: Walk): Next {
  const { flow, step } = walk.frame;
  walk.facts.push({ kind: 'unseen', flow, step, joined: false });
  walk.note(walk.words.renewed);
  return repeat(walk);
}

type Heard = NonNullable<Wait['heard']>;

/** The answer so far was only a part (a regency without its district): this may be the next one. */
function joinToPart(walk: Walk, text: string, heard: Heard): { readonly next: Next } | null {
  return walk.step.join?.(walk, `${heard.text}\n${text}`, heard.before) ?? null;
}

/** The same words sent twice, and words the answer before does not need, are not the rest of it. */
function joinToAnswer(walk: Walk, text: string): { readonly next: Next } | null {
  const { said, values, wait } = walk.frame;
  // What came after a message that did not belong to the answer does not belong to it either.
  const refused = wait?.notes.endsWith(walk.words.unseen) ?? false;
  if (said === null || refused || fold(said) === fold(text)) return null;
  const last = walk.unsave();
  if (last === null) return null;
  walk.goto(last.step);
  const joined = walk.step.join?.(walk, `${said}\n${text}`, null) ?? null;
  return JSON.stringify(walk.frame.values) === JSON.stringify(values) ? null : joined;
}
