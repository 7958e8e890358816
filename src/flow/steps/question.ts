import type { Attachment } from '../attachment.js';
import { named, surelyMeant } from '../choosing.js';
import type { InputContext, InputKind, Parsed } from '../inputs/input.js';
import type { Json } from '../json.js';
import type { Choice } from '../message.js';
import { repair, waitOn } from '../repair.js';
import type { Prompt } from '../session.js';
import { isSkip, saysSkip } from '../skipping.js';
import { type Reference, readReference, type Template } from '../template.js';
import type { Timer } from '../timers.js';
import { type Walk, yesNo } from '../walk.js';
import type { Answer, Fitting, Next, Spelling } from './step.js';

/** A question built: everything about it that no answer can change. */
export interface Question {
  readonly id: string;
  readonly name: string;
  /** Said before the question is asked for the first time; with it, it is what a consent is given to. */
  readonly notice: Template | null;
  readonly template: Template;
  readonly input: InputKind;
  readonly options: unknown;
  readonly refs: Readonly<Record<string, Reference>>;
  readonly fits: readonly Fitting[];
  readonly spellings: readonly Spelling[];
  readonly choices: readonly Choice[];
  readonly target: string;
  readonly skip: { readonly label: string; readonly target: string } | null;
  readonly timers: readonly Timer[];
}

/** Most questions look at no variable: they share these. */
export const noRefs: Readonly<Record<string, Reference>> = {};
const noValues: Readonly<Record<string, Json>> = {};

/** Under this id the choice to leave a question out is offered. */
export const skipId = 'lewati';

/** The question as it is asked the first time. */
export function promptOf(question: Question, walk: Walk): Prompt {
  const { choices, input } = question;
  const prompt = { text: question.template.render(walk.lookup), choices };
  return input.share === undefined ? prompt : { ...prompt, share: input.share };
}

/** The question as it stands now: its own words, or those of a part of the answer. */
export function pending(question: Question, walk: Walk): Prompt {
  return walk.frame.wait?.prompt ?? promptOf(question, walk);
}

/**
 * A choice named outright is taken; everything else is first what the input can read. Only where something was offered in
 * its own words ("did you mean"), and where the input cannot read it, words that come near a choice mean that choice.
 */
export function takeAnswer(question: Question, walk: Walk, answer: Answer): Next {
  const { wait } = walk.frame;
  const choices = wait?.prompt?.choices ?? question.choices;
  const isOffer = (wait?.offers ?? null) !== null;
  const picked = isOffer ? surelyMeant(answer, choices) : named(answer, choices);
  if (picked !== null) return takeChoice(question, walk, picked);
  if (question.skip !== null && answer.type === 'text' && isSkip(answer.text))
    return leaveOut(question.name, question.skip.target, walk);
  const text = answer.type === 'text' ? answer.text : answer.label;
  const parsed = parse(question, walk, text);
  return parsed.kind === 'again'
    ? takeUnread(question, walk, answer, choices, parsed)
    : take(question, walk, parsed, text);
}

function takeUnread(
  question: Question,
  walk: Walk,
  answer: Answer,
  choices: readonly Choice[],
  parsed: Parsed,
): Next {
  const near = surelyMeant(answer, choices);
  if (near !== null) return takeChoice(question, walk, near);
  if (skipsUnread(question, answer)) {
    walk.note(walk.words.skipped);
    return leaveOut(question.name, question.target, walk);
  }
  return take(question, walk, parsed, answer.type === 'text' ? answer.text : answer.label);
}

/** A file is kept once the input has understood it: nothing is kept that no question asked for. */
export function takeAttachment(question: Question, walk: Walk, attachment: Attachment): Next | undefined {
  const context = contextOf(question, walk, walk.frame.wait?.partial ?? null);
  const parsed = question.input.take?.(attachment, context) ?? null;
  if (parsed === null) return undefined;
  if (attachment.kind === 'file' && parsed.kind !== 'again') walk.keep(attachment.id);
  return take(question, walk, parsed, null);
}

/** Whoever does not know, have or want it leaves the question out, where the conversation goes on as if it were answered. */
function skipsUnread({ skip, target }: Question, answer: Answer): boolean {
  return skip !== null && skip.target === target && answer.type === 'text' && saysSkip(answer.text);
}

function takeChoice(question: Question, walk: Walk, picked: Choice): Next {
  const offers = walk.frame.wait?.offers ?? null;
  if (offers !== null) return takeOffer(question, walk, picked, offers[picked.id] ?? null);
  if (question.skip !== null && picked.id === skipId)
    return leaveOut(question.name, question.skip.target, walk);
  return takeText(question, walk, picked.label);
}

function leaveOut(name: string, target: string, walk: Walk): Next {
  walk.save([[name, null]], { said: null, fixed: null });
  walk.via = 'skipped';
  return target;
}

/** An offer is the text that means it, the confirmed value in a list of one, or null for "none of these". */
function takeOffer(question: Question, walk: Walk, picked: Choice, offer: Json): Next {
  if (typeof offer === 'string') return takeText(question, walk, offer);
  if (Array.isArray(offer)) return accept(question, walk, offer[0] ?? null, picked.label, null);
  walk.ask(promptOf(question, walk), { prompt: null, offers: null, partial: null, heard: null }, true);
  return null;
}

function takeText(question: Question, walk: Walk, text: string): Next {
  return take(question, walk, parse(question, walk, text), text);
}

function parse(question: Question, walk: Walk, text: string): Parsed {
  return question.input.parse(text, contextOf(question, walk, walk.frame.wait?.partial ?? null));
}

/** What becomes of an answer once it is read; `text` is null when it was no words. */
function take(question: Question, walk: Walk, parsed: Parsed, text: string | null): Next {
  const before = walk.frame.wait?.partial ?? null;
  switch (parsed.kind) {
    case 'ok':
      return accept(question, walk, parsed.value, text, parsed.readback);
    case 'again':
      return parsed.waits === true
        ? waitOn(walk, parsed.reason, pending(question, walk))
        : askAgain(question, walk, parsed.reason, text ?? '');
    case 'more':
      walk.ask({ text: parsed.question, choices: [] }, partially(parsed, text ?? '', before), false);
      return null;
    default:
      offer(walk, parsed);
      return null;
  }
}

function partially(parsed: Extract<Parsed, { kind: 'more' }>, text: string, before: Json) {
  const prompt = { text: parsed.question, choices: [] };
  return { prompt, partial: parsed.state, heard: { text, before }, offers: null, tries: 0 };
}

function accept(
  question: Question,
  walk: Walk,
  value: Json,
  text: string | null,
  readback: string | null,
): Next {
  walk.save([[question.name, value]], { said: text, fixed: null });
  walk.via = 'answered';
  if (readback !== null) walk.note(walk.words.noted(readback));
  return question.target;
}

function askAgain(question: Question, walk: Walk, reason: string, heard: string): Next {
  const example = question.input.example(question.options);
  return repair(walk, { reason, example, prompt: pending(question, walk) }, heard);
}

function offer(walk: Walk, parsed: Extract<Parsed, { kind: 'did-you-mean' | 'confirm' }>): void {
  if (parsed.kind === 'confirm') {
    const prompt = { text: parsed.question, choices: yesNo(walk.words) };
    walk.ask(prompt, { prompt, offers: { ya: [parsed.value], tidak: null } }, false);
    return;
  }
  const alone = parsed.candidates.length === 1;
  const offers: Record<string, Json> = { tidak: null };
  const choices = parsed.candidates.map((candidate, at) => {
    const id = alone ? 'ya' : `c${at}`;
    offers[id] = candidate.answer;
    return { id, label: candidate.label };
  });
  const prompt = { text: parsed.question, choices: [...choices, { id: 'tidak', label: walk.words.none }] };
  walk.ask(prompt, { prompt, offers }, false);
}

function valuesOf(refs: Question['refs'], walk: Walk): Readonly<Record<string, Json>> {
  const values: Record<string, Json> = {};
  for (const [name, reference] of Object.entries(refs)) values[name] = readReference(reference, walk.lookup);
  return values;
}

function contextOf(question: Question, walk: Walk, state: Json): InputContext<unknown> {
  const refs = question.refs === noRefs ? noValues : valuesOf(question.refs, walk);
  const { now, regions } = walk.env;
  return {
    options: question.options,
    refs,
    state,
    now,
    regions,
    question: () => wordsOf(question, walk),
  };
}

/** Everything a person was told before they answered. */
function wordsOf({ notice, template }: Question, walk: Walk): string {
  const asked = template.render(walk.lookup);
  return notice === null ? asked : `${notice.render(walk.lookup)}\n\n${asked}`;
}

/** Takes a text that came in two messages as one answer, or as more of one that is only begun. */
export function joinAnswer(
  question: Question,
  walk: Walk,
  text: string,
  partial: Json,
): { readonly next: Next } | null {
  const parsed = question.input.parse(text, contextOf(question, walk, partial));
  if (parsed.kind === 'more') {
    const reached = walk.frame.wait?.partial ?? null;
    if (reached === null || JSON.stringify(reached) === JSON.stringify(parsed.state)) return null;
    walk.note(walk.words.joinedPart);
    walk.ask({ text: parsed.question, choices: [] }, partially(parsed, text, partial), false);
    return { next: null };
  }
  if (parsed.kind !== 'ok' || parsed.readback === null) return null;
  walk.save([[question.name, parsed.value]], { said: text, fixed: null });
  walk.via = 'answered';
  walk.note(walk.words.joined(parsed.readback));
  return { next: question.target };
}

/** Takes a text as the answer to a question that was not even asked, when it is one without doubt; else null. */
export function answerUnasked(question: Question, walk: Walk, text: string): string | null {
  const parsed = question.input.parse(text, contextOf(question, walk, null));
  if (parsed.kind !== 'ok') return null;
  accept(question, walk, parsed.value, text, parsed.readback);
  return question.target;
}
