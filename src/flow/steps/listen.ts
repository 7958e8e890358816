import { z } from 'zod';
import { bareWord } from '../always.js';
import type { Attachment } from '../attachment.js';
import { documentOf, documentType, isSheet, unusable } from '../inputs/document.js';
import { fold } from '../text.js';
import { textType } from '../types.js';
import type { Walk } from '../walk.js';
import { type Answer, defineStep, goesTo, type Next } from './step.js';

const ways = z.record(z.string(), z.string());
const variable = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'must be a variable: small letters, digits and hyphens');
const schema = z
  .strictObject({
    listen: variable.describe('The variable that takes what is written, as it stands.'),
    file: variable
      .optional()
      .describe('The variable that takes a photo or a document; what is written under it is taken as ever.'),
    remind: z.string().min(1).describe('Said when something that came between has ended.'),
    words: ways
      .default({})
      .describe('Words that lead elsewhere when they are the whole message: word and step.'),
    signals: ways.default({}).describe('Signals from outside that lead elsewhere: name and step.'),
    next: goesTo.optional(),
  })
  .describe('Waits without asking, and keeps whatever is written.');
type Raw = z.infer<typeof schema>;

/** No word is longer than this, with what may stand around it. */
const longestWord = 24;

/**
 * `listen: variable`: waits without asking, and keeps whatever is written as it stands; the bot says nothing. Only its own
 * `words` (the whole message) and `signals` from outside lead elsewhere. `remind` is said when something that came between
 * has ended. With `file: variable` photos and documents are heard as well, else the person is told that they are not.
 */
export const listen = defineStep({
  key: 'listen',
  schema,
  declares: ({ listen: name, file }) => ({
    [name]: textType,
    ...(file === undefined ? {} : { [file]: documentType }),
  }),
  build(raw, building) {
    const template = building.template(raw.remind, 'remind');
    const target = raw.next ?? building.following;
    const words = new Map(Object.entries(raw.words).map(([word, way]) => [fold(word), way]));
    return {
      waits: true,
      listens: true,
      words: Object.keys(raw.words),
      signals: raw.signals,
      exits: [
        { name: 'heard', target, writes: raw.file === undefined ? [raw.listen] : [raw.listen, raw.file] },
        ...waysOut(raw),
      ],
      reads: template.references,
      shows: [{ template, choices: [] }],
      calls: [],
      enter: () => null,
      repeat: (walk: Walk) => walk.say(template.render(walk.lookup)),
      answer(walk: Walk, answer: Answer): Next {
        const text = answer.type === 'text' ? answer.text : answer.label;
        const way = text.length <= longestWord ? words.get(bareWord(fold(text))) : undefined;
        if (way !== undefined) return way;
        hear(walk, raw, text, null);
        return target;
      },
      take(walk: Walk, attachment: Attachment): Next | undefined {
        if (raw.file === undefined || attachment.kind === 'place') return undefined;
        if (attachment.kind === 'unusable-file' || isSheet(attachment.type)) {
          walk.say(unusable[attachment.kind === 'file' ? 'unknown-type' : attachment.why]);
          return null;
        }
        walk.keep(attachment.id);
        hear(walk, raw, attachment.caption ?? '', attachment);
        return target;
      },
    };
  },
});

/** Holds what came: words, a file, or both. */
function hear(
  walk: Walk,
  { listen: name, file }: Raw,
  text: string,
  sent: Extract<Attachment, { kind: 'file' }> | null,
): void {
  walk.hold(name, text);
  if (file === undefined) return;
  const named = sent?.name === undefined ? {} : { nama: sent.name };
  walk.hold(file, sent === null ? null : { ...documentOf(sent), ...named });
}

function waysOut({ words, signals }: Raw) {
  return Object.entries({ ...words, ...signals }).map(([name, target]) => ({ name, target, writes: [] }));
}
