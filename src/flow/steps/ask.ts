import { z } from 'zod';
import type { Attachment } from '../attachment.js';
import { named, surelyMeant } from '../choosing.js';
import type { InputContext, InputKind, Parsed } from '../inputs/input.js';
import type { Json } from '../json.js';
import type { Choice } from '../message.js';
import { repair } from '../repair.js';
import type { Prompt } from '../session.js';
import { type Reference, readReference, resolveReference, type Template } from '../template.js';
import { fold } from '../text.js';
import { shownWith, spoken, type Timer, timerKeys } from '../timers.js';
import { type Walk, yesNo } from '../walk.js';
import {
  type Answer,
  type Building,
  defineStep,
  type Exit,
  type Fitting,
  type Form,
  goesTo,
  type Next,
  type Spelling,
} from './step.js';

const schema = z
  .looseObject({
    ask: z.string().min(1).describe('The question, with one question mark at its end.'),
    notice: z
      .string()
      .min(1)
      .optional()
      .describe('Told once, before the question is asked for the first time.'),
    input: z.string().describe('The kind of answer.'),
    save: z
      .string()
      .optional()
      .describe('The variable the answer is saved in; the name of the step when left out.'),
    next: goesTo.optional(),
    skip: z
      .strictObject({
        label: z.string().describe('What stands on the button.'),
        go: goesTo.optional(),
      })
      .optional()
      .describe('Lets the question be left out; the variable is empty then.'),
    ...timerKeys,
  })
  .describe('Asks for a typed answer.');
type Raw = z.infer<typeof schema>;

/** A question built: everything about it that no answer can change. */
interface Question {
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

/** What people write when they would rather leave a question out. */
const skipWords = new Set([
  'lewat',
  'lewati',
  'lewatkan',
  'skip',
  'nanti',
  'nanti saja',
  'belum tahu',
  'tidak tahu',
  'mboten ngertos',
]);

/** Most questions look at no variable: they share these. */
const noRefs: Readonly<Record<string, Reference>> = {};
const noValues: Readonly<Record<string, Json>> = {};

/** Under this id the choice to leave a question out is offered. */
const skipId = 'lewati';

/**
 * `ask: text` with `input: kind`: one typed answer, saved under `save` (or the step's own name). `skip` lets it be left out.
 * `notice` is said once before the question, for what must be known first.
 */
export const ask = defineStep({
  key: 'ask',
  schema,
  texts: (raw, { inputs }) => [
    'notice',
    'ask',
    'skip.label',
    'nudge.*.say',
    ...(inputs[raw.input]?.texts ?? []),
  ],
  forms: ({ inputs }) => Object.values(inputs).map(formOf),
  declares(raw, { id, inputs }) {
    const input = inputs[raw.input];
    const options = input?.options.safeParse(optionsOf(raw));
    return input && options?.success ? { [raw.save ?? id]: input.type(options.data) } : {};
  },
  build(raw, building) {
    const input = building.inputs[raw.input];
    const template = building.template(raw.ask, 'ask');
    if (input === undefined) {
      building.fault(
        'input',
        `There is no input "${raw.input}".`,
        `Use one of: ${Object.keys(building.inputs).sort().join(', ')}.`,
      );
      return idle(raw, template, building);
    }
    const parsed = input.options.safeParse(optionsOf(raw));
    if (!parsed.success) {
      building.fault(
        'input',
        `The settings of input ${raw.input} are wrong: ${issues(parsed.error)}.`,
        'Correct or remove them.',
      );
      return idle(raw, template, building);
    }
    return body(questionOf(raw, input, parsed.data, template, building));
  },
});

/** How a question with this input is written: with the settings the input takes. */
function formOf({ name, options }: InputKind): Form {
  return [schema.extend({ input: z.literal(name).describe('The kind of answer.') }), options];
}

function optionsOf(raw: Raw): Record<string, unknown> {
  const own = new Set(Object.keys(schema.shape));
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !own.has(key)));
}

function issues(error: z.ZodError): string {
  return error.issues
    .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
    .join('; ');
}

/** Stands in for a question that cannot be built; its fault keeps the flow set from running, and should be the only one. */
function idle(raw: Raw, template: Template, { id, following }: Building) {
  const exits = [{ name: 'answered', target: raw.next ?? following, writes: [raw.save ?? id] }];
  return { waits: true, shows: [{ template, choices: [] }], exits, reads: [], calls: [], enter: () => null };
}

function questionOf(
  raw: Raw,
  input: InputKind,
  options: unknown,
  template: Template,
  building: Building,
): Question {
  const target = raw.next ?? building.following;
  const skip = raw.skip === undefined ? null : { label: raw.skip.label, target: raw.skip.go ?? target };
  const offered = input.choices(options);
  const fits = fitsOf(raw, input, building);
  return {
    id: building.id,
    name: raw.save ?? building.id,
    notice: raw.notice === undefined ? null : building.template(raw.notice, 'notice'),
    template,
    input,
    options,
    refs: input.refs === undefined ? noRefs : refsOf(fits, building),
    fits,
    spellings: spellingsOf(input, options, target, skip),
    choices: skip === null ? offered : [...offered, { id: skipId, label: skip.label }],
    target,
    skip,
    timers: building.timers(raw),
  };
}

/** The settings that name a variable, with the type each must have. */
function fitsOf(raw: Raw, { refs = {} }: InputKind, building: Building): readonly Fitting[] {
  return Object.entries(refs).flatMap(([name, wanted]) => {
    const path = raw[name];
    const found = typeof path === 'string' ? building.reference(path, name) : null;
    return found === null || typeof path !== 'string' ? [] : [{ name, path, type: found.type.name, wanted }];
  });
}

function refsOf(fits: readonly Fitting[], { scope }: Building): Readonly<Record<string, Reference>> {
  return Object.fromEntries(fits.map(({ name, path }) => [name, resolveReference(path, scope).reference]));
}

function spellingsOf(
  input: InputKind,
  options: unknown,
  target: string,
  skip: Question['skip'],
): readonly Spelling[] {
  const own = (input.spellings?.(options) ?? []).map((one) => ({ ...one, target }));
  return skip === null ? own : [...own, { choice: skipId, words: [skip.label], target: skip.target }];
}

function body(question: Question) {
  const { name, notice, template, target, skip, timers } = question;
  const told = notice === null ? [] : [{ template: notice, choices: [] }];
  const saved = { name: 'answered', target, writes: [name], label: 'dijawab' };
  return {
    waits: true,
    exits: skip === null ? [saved] : [saved, skippedExit(name, skip)],
    reads: [
      ...(notice?.references ?? []),
      ...template.references,
      ...Object.values(question.refs),
      ...timers.flatMap(spoken),
    ],
    shows: [...told, ...shownWith({ template, choices: question.choices }, timers)],
    timers,
    calls: [],
    fits: question.fits,
    spellings: question.spellings,
    enter(walk: Walk): Next {
      if (notice !== null) walk.say(notice.render(walk.lookup));
      walk.ask(promptOf(question, walk), {}, false);
      return null;
    },
    repeat: (walk: Walk) => walk.ask(pending(question, walk), {}, true),
    remind: (walk: Walk) => walk.remind(pending(question, walk)),
    answer: (walk: Walk, answer: Answer) => takeAnswer(question, walk, answer),
    take: (walk: Walk, attachment: Attachment) => takeAttachment(question, walk, attachment),
    join: (walk: Walk, text: string, partial: Json) => joinAnswer(question, walk, text, partial),
  };
}

function skippedExit(name: string, { label, target }: NonNullable<Question['skip']>): Exit {
  return { name: 'skipped', target, writes: [name], empties: [name], label };
}

function promptOf(question: Question, walk: Walk): Prompt {
  const { choices, input } = question;
  const prompt = { text: question.template.render(walk.lookup), choices };
  return input.share === undefined ? prompt : { ...prompt, share: input.share };
}

function pending(question: Question, walk: Walk): Prompt {
  return walk.frame.wait?.prompt ?? promptOf(question, walk);
}

/**
 * A choice named outright is taken; everything else is first what the input can read. Only where something was offered in
 * its own words ("did you mean"), and where the input cannot read it, words that come near a choice mean that choice.
 */
function takeAnswer(question: Question, walk: Walk, answer: Answer): Next {
  const { wait } = walk.frame;
  const choices = wait?.prompt?.choices ?? question.choices;
  const isOffer = (wait?.offers ?? null) !== null;
  const picked = isOffer ? surelyMeant(answer, choices) : named(answer, choices);
  if (picked !== null) return takeChoice(question, walk, picked);
  if (question.skip !== null && isSkip(answer)) return leaveOut(question.name, question.skip.target, walk);
  const text = answer.type === 'text' ? answer.text : answer.label;
  const parsed = parse(question, walk, text);
  const near = parsed.kind === 'again' ? surelyMeant(answer, choices) : null;
  return near === null ? take(question, walk, parsed, text) : takeChoice(question, walk, near);
}

/** A file is kept once the input has understood it: nothing is kept that no question asked for. */
function takeAttachment(question: Question, walk: Walk, attachment: Attachment): Next | undefined {
  const context = contextOf(question, walk, walk.frame.wait?.partial ?? null);
  const parsed = question.input.take?.(attachment, context) ?? null;
  if (parsed === null) return undefined;
  if (attachment.kind === 'file' && parsed.kind !== 'again') walk.keep(attachment.id);
  return take(question, walk, parsed, null);
}

function isSkip(answer: Answer): boolean {
  return answer.type === 'text' && answer.text.length < 24 && skipWords.has(fold(answer.text));
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
      return askAgain(question, walk, parsed.reason, text ?? '');
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
function joinAnswer(
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
