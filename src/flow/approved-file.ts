import { z } from 'zod';
import {
  type ApprovedText,
  anything,
  approvedCategories,
  lengthOf,
  longestApproved,
  placesIn,
  strayBraces,
  valuesIn,
} from './approved.js';
import { channelCapabilities } from './capabilities.js';
import type { Fault } from './fault.js';
import { FlowDefinitionError } from './fault.js';
import { type ReadYaml, readYaml } from './parse.js';
import type { Program } from './program.js';
import { render } from './render.js';

const form = z.strictObject({
  template: z.string(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'must be a language of the provider, such as id or en_US'),
  category: z.enum(approvedCategories),
  /** Each with an example, which the provider asks for when it approves. */
  parameters: z.record(z.string(), z.string().min(1)).default({}),
  body: z.string().min(1),
  for: z.string().min(1).optional(),
  from: z.enum(['flows', 'broadcasts']).default('flows'),
  buttons: z.array(z.string().min(1)).default([]),
});

type Form = z.infer<typeof form>;
type FaultAt = Extract<ReadYaml<Form>, { ok: true }>['fault'];

/** A template file as read, with what its checks look at. */
interface RawApproved extends Form {
  readonly file: string;
  readonly body: string;
  readonly stands: string;
  readonly fault: FaultAt;
}

/** One rule every template must keep: a name, and the faults it finds. */
export interface ApprovedCheck {
  readonly name: string;
  readonly run: (
    template: RawApproved,
    others: readonly RawApproved[],
    program: Program | null,
  ) => readonly Fault[];
}

/** Longest name, and longest text on a button (Cloud API, "Message templates"). */
const longestName = 512;
const longestButton = 25;
const mostButtons = 10;

const names: ApprovedCheck = {
  name: 'names',
  run({ template, file, fault }, others) {
    const at = (what: string, mend: string) => [fault(['template'], what, mend)];
    const isName = /^[a-z0-9_]+$/.test(template) && template.length <= longestName;
    const wrong = `"${template.slice(0, 40)}" is no name for a template.`;
    return [
      ...(isName ? [] : at(wrong, `Use small letters, digits and _, at most ${longestName}.`)),
      ...(file.endsWith(`/${template}.yaml`)
        ? []
        : at('The file has another name than its template.', 'Name the file after the template.')),
      ...(others.some((other) => other.template === template)
        ? at(`There are two templates "${template}".`, 'Give one of them another name.')
        : []),
    ];
  },
};

const lengths: ApprovedCheck = {
  name: 'lengths',
  run({ body, parameters, fault }) {
    const length = lengthOf(body, new Map(Object.entries(parameters)));
    const what = `The body is ${length} characters long with its examples; at most ${longestApproved} are approved.`;
    return length <= longestApproved ? [] : [fault(['body'], what, 'Make it shorter.')];
  },
};

const edges: ApprovedCheck = {
  name: 'edges',
  run({ body, fault }) {
    if (!/^\{[^}]*\}|\{[^{}]*\}$/.test(body)) return [];
    const what = 'A value opens or closes the body, which the provider does not approve.';
    return [fault(['body'], what, 'Put words before it and behind it.')];
  },
};

/** Everything in braces is a place, and stands once. */
const places: ApprovedCheck = {
  name: 'places',
  run({ body, stands, fault, ...raw }) {
    const patterns = [
      { key: 'body', text: body },
      ...(raw.for === undefined ? [] : [{ key: 'for', text: stands }]),
    ];
    return patterns.flatMap(({ key, text }) => [
      ...repeated(placesIn(text)).map((name) =>
        fault([key], `{${name}} stands here twice.`, 'Let each value stand once.'),
      ),
      ...strayBraces(text).map((brace) =>
        fault([key], `"${brace}" is no place for a value.`, 'Write {name}: small letters, digits and _.'),
      ),
    ]);
  },
};

/** Every value of the body is a parameter and comes from the message, and every parameter is used. */
const bound: ApprovedCheck = {
  name: 'bound',
  run({ body, stands, parameters, fault }) {
    const used = new Set(placesIn(body));
    const given = new Set(placesIn(stands));
    const known = Object.keys(parameters);
    const strangers = [...used].filter((name) => !known.includes(name));
    const loose = known.filter((name) => used.has(name) && !given.has(name));
    const idle = known.filter((name) => !used.has(name));
    return [
      ...strangers.map((name) =>
        fault(
          ['body'],
          `The body uses {${name}}, which is no parameter.`,
          'List it under parameters, with an example.',
        ),
      ),
      ...loose.map((name) =>
        fault(
          ['for'],
          `Nothing of the message becomes {${name}}.`,
          `Write {${name}} where its value stands in the message.`,
        ),
      ),
      ...idle.map((name) =>
        fault(['parameters', name], `The body does not use {${name}}.`, 'Use it or remove it.'),
      ),
    ];
  },
};

const buttons: ApprovedCheck = {
  name: 'buttons',
  run({ buttons: labels, fault }) {
    const at = (what: string, mend: string) => [fault(['buttons'], what, mend)];
    const long = labels.filter((label) => label.length > longestButton);
    const many = labels.length > mostButtons;
    return [
      ...(many ? at(`There are ${labels.length} buttons.`, `Use at most ${mostButtons}.`) : []),
      ...long.flatMap((label) =>
        at(`The button "${label}" is too long.`, `Use at most ${longestButton} characters.`),
      ),
      ...repeated(labels).flatMap((label) =>
        at(`Two buttons say "${label}".`, 'Let each say something else.'),
      ),
    ];
  },
};

const spoken: ApprovedCheck = {
  name: 'spoken',
  run({ from, stands, fault, ...raw }, _others, program) {
    if (from === 'broadcasts' || program === null) return [];
    if (messagesOf(program).some((text) => valuesIn(text, stands) !== null)) return [];
    const key = raw.for === undefined ? 'body' : 'for';
    return [
      fault(
        [key],
        'No flow says anything that looks like this, so the template would never be sent.',
        `Copy the message from its flow, ${anything} for what may be anything; or say from: broadcasts.`,
      ),
    ];
  },
};

/** Every rule a template must keep. */
export const approvedChecks: readonly ApprovedCheck[] = [
  names,
  lengths,
  edges,
  places,
  bound,
  buttons,
  spoken,
];

/** Whatever the flows may say, as it is written in them, with choices as they are shown. */
function messagesOf(program: Program): readonly string[] {
  const steps = [...program.flows.values()].flatMap((flow) => [...flow.steps.values()]);
  return steps.flatMap(({ shows }) =>
    shows.map(({ template, choices }) => {
      const message = { text: template.source, choices, question: null };
      return render(message, channelCapabilities['whatsapp-cloud']).text;
    }),
  );
}

function repeated(words: readonly string[]): readonly string[] {
  return [...new Set(words.filter((word, at) => words.indexOf(word) !== at))];
}

/**
 * Reads the templates by file and proves them; with a program also that its flows say what they stand for. Throws
 * `FlowDefinitionError` with every fault.
 */
export function compileApproved(
  sources: Readonly<Record<string, string>>,
  program: Program | null,
): readonly ApprovedText[] {
  const read = Object.entries(sources).map(([file, source]) => readApproved(file, source));
  const raws = read.flatMap((one) => ('template' in one ? [one] : []));
  const faults = [
    ...read.flatMap((one) => ('template' in one ? [] : one.faults)),
    ...raws.flatMap((raw) => faultsOf(raw, raws, program)),
  ];
  if (faults.length > 0) throw new FlowDefinitionError(faults);
  return raws.map(({ template: name, language, category, body, stands, buttons: labels }) => {
    return { name, language, category, body, stands, buttons: labels };
  });
}

function faultsOf(raw: RawApproved, raws: readonly RawApproved[], program: Program | null): readonly Fault[] {
  const others = raws.filter((other) => other !== raw);
  return approvedChecks.flatMap(({ run }) => run(raw, others, program));
}

function readApproved(file: string, source: string): RawApproved | { readonly faults: readonly Fault[] } {
  const read = readYaml(file, source, form);
  if (!read.ok) return read;
  const { data, fault } = read;
  const body = data.body.trim();
  return { ...data, file, body, stands: data.for?.trim() ?? body, fault };
}
