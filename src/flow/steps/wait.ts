import { z } from 'zod';
import { meaningFor } from '../opening.js';
import { type Length, spanSchema, type Timer } from '../timers.js';
import type { Walk } from '../walk.js';
import { type Building, defineStep, goesTo, type Next } from './step.js';

const schema = z
  .strictObject({
    wait: z.string().min(1).describe('What is said while it waits.'),
    for: spanSchema.optional().describe('How long: a number and menit, jam or hari.'),
    until: z.string().optional().describe('The variable with the day to wait for.'),
    next: goesTo.optional(),
  })
  .describe('Says something, and goes on by itself when the time has passed.');
type Raw = z.infer<typeof schema>;

/**
 * `wait: text` with `for: 2 hari` (or `until: DATE`): says so, and goes on by itself when the time has passed since that was
 * really sent. Until then other flows can be begun; anything else is answered with the same words. Nobody need answer.
 */
export const wait = defineStep({
  key: 'wait',
  schema,
  texts: () => ['wait'],
  build(raw, building) {
    const template = building.template(raw.wait, 'wait');
    const target = raw.next ?? building.following;
    const after = afterOf(raw, building);
    const prompt = (walk: Walk) => ({ text: template.render(walk.lookup), choices: [] });
    const repeat = (walk: Walk) => walk.remind(prompt(walk));
    return {
      waits: false,
      exits: [{ name: 'passed', target, writes: [] }],
      reads: 'until' in after ? [...template.references, after.until] : template.references,
      shows: [{ template, choices: [] }],
      calls: [],
      timers: [timerOf(building.flow, after, target)],
      enter(walk) {
        walk.ask(prompt(walk), {}, false);
        return null;
      },
      repeat,
      remind: repeat,
      answer: (walk, answer) =>
        openOrRepeat(walk, answer.type === 'text' ? answer.text : answer.label, repeat),
    };
  },
});

function afterOf(raw: Raw, building: Building): Timer['after'] {
  if (raw.for !== undefined && raw.until === undefined) return raw.for;
  if (raw.for !== undefined || raw.until === undefined) {
    building.fault(
      'wait',
      `"${building.id}" must say how long it waits.`,
      'Give it for: LENGTH or until: DATE.',
    );
    return atOnce;
  }
  const found = building.reference(raw.until, 'until');
  if (found === null) return atOnce;
  if (found.type.name !== 'date') {
    const what = `"${raw.until}" is ${found.type.name}, not a date.`;
    building.fault('until', what, 'Give a variable that is a date.');
  }
  return { until: found.reference };
}

/** Stands in for a time that cannot be read; its fault keeps the flow set from running. */
const atOnce: Length = { amount: 0, unit: 'menit' };

function timerOf(flow: string, after: Timer['after'], target: string): Timer {
  return {
    flow,
    name: 'wait',
    reminder: false,
    own: true,
    after,
    says: null,
    exit: null,
    fire: () => target,
  };
}

/** Nothing is asked here, so a phrase that begins another flow means that flow. */
function openOrRepeat(walk: Walk, text: string, repeat: (walk: Walk) => void): Next {
  const meaning = meaningFor(walk, text);
  if (meaning.kind === 'sure' && !walk.isOpen(meaning.flow)) return walk.open(meaning.flow, 'trigger');
  repeat(walk);
  return null;
}
