import { z } from 'zod';
import { meant as meantBy } from '../choosing.js';
import type { Choice } from '../message.js';
import { meaningFor } from '../opening.js';
import { repair } from '../repair.js';
import type { Prompt } from '../session.js';
import type { Template } from '../template.js';
import type { Walk } from '../walk.js';
import { type Answer, defineStep, goesTo, type Next } from './step.js';

/** Under this id stands "none of these"; no flow can have that name. */
const noneId = '-';

/** The question built: `none` is the choice that leads on when no flow offered was meant. */
interface Question {
  readonly template: Template;
  readonly none: { readonly label: string; readonly also: readonly string[]; readonly target: string };
}

/**
 * `meant: text` with `none: { label, go }`: offers the flows that a text may have asked for, by their titles, and goes to the
 * one that is taken. Belongs into the flow with `unsure: true`.
 */
export const meant = defineStep({
  key: 'meant',
  schema: z
    .strictObject({
      meant: z.string().min(1).describe('The question, with one question mark at its end.'),
      none: z
        .strictObject({
          label: z.string().min(1).describe('What stands on the button.'),
          also: z.array(z.string()).default([]).describe('Other words people use for it.'),
          go: goesTo.optional(),
        })
        .describe('The choice for when none of the flows was meant.'),
    })
    .describe('Offers the flows that may have been meant; stands in the flow with unsure: true.'),
  texts: () => ['meant', 'none.label'],
  build(raw, building) {
    const { label, also, go } = raw.none;
    const target = go ?? building.following;
    const template = building.template(raw.meant, 'meant');
    const question = { template, none: { label, also, target } };
    return {
      waits: true,
      exits: [
        { name: 'taken', target: 'end', writes: [], label: 'percakapan yang dipilih' },
        { name: 'none', target, writes: [], label },
      ],
      reads: template.references,
      shows: [{ template, choices: [{ id: noneId, label }] }],
      calls: [],
      spellings: [{ choice: 'none', words: [label, ...also], target }],
      enter(walk) {
        const prompt = promptOf(question, walk);
        walk.ask(prompt, { prompt }, false);
        return null;
      },
      repeat: (walk) => walk.ask(pending(question, walk), {}, true),
      answer: (walk, answer) => takeAnswer(question, walk, answer),
    };
  },
});

function promptOf({ template, none }: Question, walk: Walk): Prompt {
  const flows = walk.guesses.map((id) => ({ id, label: walk.titleOf(id) }));
  return { text: template.render(walk.lookup), choices: [...flows, { id: noneId, label: none.label }] };
}

function pending(question: Question, walk: Walk): Prompt {
  return walk.frame.wait?.prompt ?? promptOf(question, walk);
}

function takeAnswer(question: Question, walk: Walk, answer: Answer): Next {
  const prompt = pending(question, walk);
  const taken = takenBy(answer, question, prompt.choices);
  if (taken === noneId) {
    walk.via = 'none';
    return question.none.target;
  }
  if (prompt.choices.some(({ id }) => id === taken)) return walk.switchTo(taken, 'guess', true);
  const text = answer.type === 'choice' ? answer.label : answer.text;
  const meaning = meaningFor(walk, text);
  if (meaning.kind === 'sure') return walk.switchTo(meaning.flow, 'trigger', true);
  const example = prompt.choices[0]?.label ?? null;
  return repair(walk, { reason: walk.words.notUnderstood, example, prompt }, text);
}

/** The choice that was pressed or typed; a yes where one flow is offered, a no. Empty when it is none of them. */
function takenBy(answer: Answer, { none }: Question, choices: readonly Choice[]): string {
  const isAlone = choices.length === 2;
  const named = choices.map((choice) => {
    const words = isAlone ? ['ya'] : [];
    return { ...choice, also: choice.id === noneId ? [...none.also, 'tidak'] : words };
  });
  const match = meantBy(answer, named);
  return match.kind === 'one' ? match.id : '';
}
