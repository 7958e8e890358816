import { z } from 'zod';
import type { Json } from '../json.js';
import type { Enclosure } from '../message.js';
import { readReference } from '../template.js';
import { filesType } from '../types.js';
import { defineStep, goesTo } from './step.js';

/** `say: text`: tells something and goes on. With `files` photos and documents that an action found go out before it. */
export const say = defineStep({
  key: 'say',
  schema: z
    .strictObject({
      say: z.string().min(1).describe('The text. {name} puts a variable into it.'),
      files: z.string().optional().describe('The photos and documents an action found; they go out first.'),
      next: goesTo.optional(),
    })
    .describe('Tells something and goes on.'),
  texts: () => ['say'],
  build(raw, building) {
    const { files: path } = raw;
    const template = building.template(raw.say, 'say');
    const target = raw.next ?? building.following;
    const files = path === undefined ? null : building.reference(path, 'files');
    const fits =
      files === null || path === undefined
        ? []
        : [{ name: 'files', path, type: files.type.name, wanted: filesType.name }];
    return {
      waits: false,
      exits: [{ name: 'next', target, writes: [] }],
      reads: [...template.references, ...(files === null ? [] : [files.reference])],
      shows: [{ template, choices: [] }],
      calls: [],
      fits,
      enter(walk) {
        walk.say(
          template.render(walk.lookup),
          files === null ? [] : filesIn(readReference(files.reference, walk.lookup)),
        );
        return target;
      },
    };
  },
});

/** The value of that type is what an action gave, unchanged. */
function filesIn(value: Json): readonly Enclosure[] {
  return Array.isArray(value) ? (value as readonly unknown[] as readonly Enclosure[]) : [];
}
