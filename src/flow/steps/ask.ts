import { z } from 'zod';
import type { Attachment } from '../attachment.js';
import type { InputKind } from '../inputs/input.js';
import type { Json } from '../json.js';
import { type Reference, resolveReference, type Template } from '../template.js';
import { shownWith, spoken, timerKeys } from '../timers.js';
import type { Walk } from '../walk.js';
import {
  answerUnasked,
  joinAnswer,
  noRefs,
  pending,
  promptOf,
  type Question,
  skipId,
  takeAnswer,
  takeAttachment,
} from './question.js';
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
    if (input.counts && raw.skip !== undefined)
      building.fault(
        'skip',
        `"1" would be an answer of input ${raw.input} and the number of "${raw.skip.label}" at the same time.`,
        'Ask with choose: first whether there is one, and leave skip: out.',
      );
    return body(questionOf(raw, input, parsed.data, template, building));
  },
});

/** Nothing of a question before is changed: there was none. */
const firstTime = {};

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
      walk.ask(promptOf(question, walk), firstTime, false);
      return null;
    },
    repeat: (walk: Walk) => walk.ask(pending(question, walk), {}, true),
    remind: (walk: Walk) => walk.remind(pending(question, walk)),
    answer: (walk: Walk, answer: Answer) => takeAnswer(question, walk, answer),
    take: (walk: Walk, attachment: Attachment) => takeAttachment(question, walk, attachment),
    unasked: (walk: Walk, text: string) => answerUnasked(question, walk, text),
    join: (walk: Walk, text: string, partial: Json) => joinAnswer(question, walk, text, partial),
  };
}

function skippedExit(name: string, { label, target }: NonNullable<Question['skip']>): Exit {
  return { name: 'skipped', target, writes: [name], empties: [name], label };
}
