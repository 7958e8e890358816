import { z } from 'zod';
import { defineStep, goesTo } from './step.js';

/** `flow: name`: goes through another flow and comes back. A flow that is already open below is resumed instead. */
export const flow = defineStep({
  key: 'flow',
  schema: z
    .strictObject({
      flow: z.string().describe('The name of the other flow.'),
      next: goesTo.optional(),
    })
    .describe('Goes through another flow and comes back.'),
  build(raw, building) {
    const target = raw.next ?? building.following;
    return {
      waits: false,
      exits: [{ name: 'next', target, writes: [] }],
      reads: [],
      shows: [],
      calls: [raw.flow],
      enter: (walk) => walk.switchTo(raw.flow, 'call', target === 'end'),
      returned: () => target,
    };
  },
});
