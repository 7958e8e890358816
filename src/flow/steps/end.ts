import { z } from 'zod';
import { defineStep } from './step.js';

/**
 * `end: text` (or `end: true`) closes the flow; what was interrupted goes on. `closes: all` also gives up what was
 * interrupted.
 */
export const end = defineStep({
  key: 'end',
  schema: z
    .strictObject({
      end: z.union([z.string().min(1), z.literal(true)]).describe('The last text; true says nothing.'),
      closes: z.literal('all').optional().describe('Also gives up what this flow interrupted.'),
    })
    .describe('Says goodbye and closes the flow.'),
  texts: () => ['end'],
  build(raw, building) {
    const template = raw.end === true ? null : building.template(raw.end, 'end');
    return {
      waits: false,
      exits: [{ name: 'end', target: 'end', writes: [], givesUp: raw.closes === 'all' }],
      reads: template?.references ?? [],
      shows: template === null ? [] : [{ template, choices: [] }],
      calls: [],
      enter(walk) {
        if (template !== null) walk.say(template.render(walk.lookup));
        if (raw.closes === 'all') walk.closeBelow();
        return 'end';
      },
    };
  },
});
