import { z } from 'zod';
import { bareWord } from '../always.js';
import { fold } from '../text.js';
import { textType } from '../types.js';
import type { Walk } from '../walk.js';
import { type Answer, defineStep, goesTo, type Next } from './step.js';

const ways = z.record(z.string(), z.string());
const schema = z
  .strictObject({
    listen: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'must be a variable: small letters, digits and hyphens')
      .describe('The variable that takes what is written, as it stands.'),
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
 * has ended.
 */
export const listen = defineStep({
  key: 'listen',
  schema,
  declares: (raw) => ({ [raw.listen]: textType }),
  build(raw, building) {
    const template = building.template(raw.remind, 'remind');
    const target = raw.next ?? building.following;
    const words = new Map(Object.entries(raw.words).map(([word, way]) => [fold(word), way]));
    return {
      waits: true,
      listens: true,
      words: Object.keys(raw.words),
      signals: raw.signals,
      exits: [{ name: 'heard', target, writes: [raw.listen] }, ...waysOut(raw)],
      reads: template.references,
      shows: [{ template, choices: [] }],
      calls: [],
      enter: () => null,
      repeat: (walk: Walk) => walk.say(template.render(walk.lookup)),
      answer(walk: Walk, answer: Answer): Next {
        const text = answer.type === 'text' ? answer.text : answer.label;
        const way = text.length <= longestWord ? words.get(bareWord(fold(text))) : undefined;
        if (way !== undefined) return way;
        walk.hold(raw.listen, text);
        return target;
      },
    };
  },
});

function waysOut({ words, signals }: Raw) {
  return Object.entries({ ...words, ...signals }).map(([name, target]) => ({ name, target, writes: [] }));
}
