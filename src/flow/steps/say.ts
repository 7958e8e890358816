import { z } from 'zod';
import { defineStep, goesTo } from './step.js';

/** `say: text`: tells something and goes on. */
export const say = defineStep({
  key: 'say',
  schema: z
    .strictObject({
      say: z.string().min(1).describe('The text. {name} puts a variable into it.'),
      next: goesTo.optional(),
    })
    .describe('Tells something and goes on.'),
  texts: () => ['say'],
  build(raw, building) {
    const template = building.template(raw.say, 'say');
    const target = raw.next ?? building.following;
    return {
      waits: false,
      exits: [{ name: 'next', target, writes: [] }],
      reads: template.references,
      shows: [{ template, choices: [] }],
      calls: [],
      enter(walk) {
        walk.say(template.render(walk.lookup));
        return target;
      },
    };
  },
});
