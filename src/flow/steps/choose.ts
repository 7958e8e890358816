import { z } from 'zod';
import { meant, named, perhapsMeant } from '../choosing.js';
import { isRecord, type Json } from '../json.js';
import type { ChoiceMatch, MatchableChoice } from '../matching.js';
import type { Choice } from '../message.js';
import { openInstead, repair } from '../repair.js';
import type { Prompt } from '../session.js';
import { type Reference, readReference, type Template } from '../template.js';
import { shownWith, spoken, timerKeys } from '../timers.js';
import { textType, type ValueType } from '../types.js';
import type { Walk } from '../walk.js';
import {
  type Answer,
  type Building,
  type Correction,
  defineStep,
  type Exit,
  goesTo,
  type Next,
  type Spelling,
} from './step.js';

/** The way of everything taken from a list. */
const pickedExit = 'picked';

const choice = z.strictObject({
  label: z.string().min(1).describe('What stands on the button, at most 24 characters.'),
  also: z.array(z.string()).optional().describe('Other words people use for it.'),
  go: goesTo.optional(),
  rest: z
    .strictObject({
      save: z.string().describe('The variable for what stands behind the word.'),
      go: z.string().describe('The step it leads to.'),
    })
    .optional()
    .describe('What is written behind the label, or behind another word for it, is an answer as well.'),
  redo: z.string().optional().describe('Asks again from this step on, to correct one item.'),
  until: z.string().optional().describe('The step before which the correction ends.'),
  back: z.string().optional().describe('Where it goes on after the correction; here when left out.'),
});
const schema = z
  .strictObject({
    choose: z.string().min(1).describe('The question, with one question mark at its end.'),
    choices: z.record(z.string(), choice).describe('What is offered, each under its own id.'),
    from: z.string().optional().describe('A list an action found, offered before the choices.'),
    pick: z.string().optional().describe('The variable for what was taken from the list.'),
    next: z.string().optional().describe('The step after something was taken from the list.'),
    ...timerKeys,
  })
  .describe('Offers choices that lead to different steps.');
type Raw = z.infer<typeof schema>;
type RawChoice = z.infer<typeof choice>;

/** A choice on offer; `take` is what happens when it is taken. */
interface Offered {
  readonly id: string;
  readonly label: string;
  readonly also?: readonly string[];
  readonly exit: string;
  readonly saves: readonly (readonly [string, Json])[];
  readonly take: (walk: Walk) => Next;
  /** Where an answer behind the word goes, and what it is saved as. */
  readonly rest?: RawChoice['rest'];
}

/** A choice question built. `from` is a list of `{id, label}` offered before the fixed choices; its id is saved as `pick`. */
interface Menu {
  readonly template: Template;
  readonly fixed: readonly Offered[];
  readonly from: Reference | null;
  readonly pick: string;
  readonly target: string;
}

/**
 * `choose: text` with `choices`: goes where the answer leads. A choice with `redo: step, until: step` corrects one item:
 * the questions from `redo` on are asked again, and where `until` would come the conversation goes `back` (or here).
 * `from: list` offers what an action found; the id taken is saved as `pick`, and `next` goes on.
 */
export const choose = defineStep({
  key: 'choose',
  schema,
  texts: () => ['choose', 'choices.*.label', 'nudge.*.say'],
  declares: (raw, { id }) => ({
    ...(raw.from === undefined ? {} : { [raw.pick ?? id]: picked }),
    ...Object.fromEntries(
      Object.values(raw.choices).flatMap(({ rest }) => (rest === undefined ? [] : [[rest.save, textType]])),
    ),
  }),
  build(raw, building) {
    const menu = menuOf(raw, building);
    const timers = building.timers(raw);
    const from = menu.from === null ? [] : [menu.from];
    return {
      waits: true,
      exits: exitsOf(raw, building),
      reads: [...menu.template.references, ...from, ...timers.flatMap(spoken)],
      shows: shownWith({ template: menu.template, choices: menu.fixed }, timers),
      timers,
      calls: [],
      corrections: correctionsOf(raw, building),
      spellings: spellingsOf(raw, building),
      enter(walk) {
        walk.ask(promptOf(menu, walk), {}, false);
        return null;
      },
      repeat: (walk) => walk.ask(pending(menu, walk), {}, true),
      remind: (walk) => walk.remind(pending(menu, walk)),
      answer: (walk, answer) => takeAnswer(menu, walk, answer),
    };
  },
});

const picked: ValueType = { name: 'picked', show: (value) => String(value) };

function menuOf(raw: Raw, building: Building): Menu {
  const from = raw.from === undefined ? null : (building.reference(raw.from, 'from')?.reference ?? null);
  return {
    template: building.template(raw.choose, 'choose'),
    fixed: Object.entries(raw.choices).map(([id, one]) => offeredOf(id, one, building)),
    from,
    pick: raw.pick ?? building.id,
    target: raw.next ?? building.following,
  };
}

function offeredOf(id: string, one: RawChoice, building: Building): Offered {
  const offered = {
    id,
    label: one.label,
    exit: id,
    saves: [],
    rest: one.rest,
    ...(one.also === undefined ? {} : { also: one.also }),
  };
  const { redo } = one;
  if (redo === undefined) return { ...offered, take: () => one.go ?? building.following };
  const detour = { until: one.until ?? building.id, back: one.back ?? building.id };
  const take = (walk: Walk) => {
    walk.setDetour(detour);
    return redo;
  };
  return { ...offered, take };
}

function correctionsOf(raw: Raw, building: Building): readonly Correction[] {
  return Object.entries(raw.choices).flatMap(([choice, { redo, until, back }]) =>
    redo === undefined ? [] : [{ choice, redo, until: until ?? null, back: back ?? building.id }],
  );
}

function spellingsOf(raw: Raw, building: Building): readonly Spelling[] {
  return Object.entries(raw.choices).map(([choice, { label, also = [], go, redo }]) => ({
    choice,
    words: [label, ...also],
    target: redo ?? go ?? building.following,
  }));
}

function exitsOf(raw: Raw, building: Building): readonly Exit[] {
  const fixed = Object.entries(raw.choices).flatMap(([name, one]) => waysOf(name, one, building));
  if (raw.from === undefined) return fixed;
  return [
    ...fixed,
    {
      name: pickedExit,
      target: raw.next ?? building.following,
      writes: [raw.pick ?? building.id],
      label: 'dipilih',
    },
  ];
}

function waysOf(name: string, one: RawChoice, { id, following }: Building): readonly Exit[] {
  const { label, rest } = one;
  const more =
    rest === undefined
      ? []
      : [{ name: restExit(name), target: rest.go, writes: [rest.save], label: `${label} …` }];
  if (one.redo === undefined) return [{ name, target: one.go ?? following, writes: [], label }, ...more];
  const back = { name, target: one.back ?? id, writes: [], later: true } as const;
  return [{ name, target: one.redo, writes: [], label, detour: true }, back];
}

function offersOf(menu: Menu, walk: Walk): readonly Offered[] {
  if (menu.from === null) return menu.fixed;
  const list = readReference(menu.from, walk.lookup);
  const found = Array.isArray(list) ? list.flatMap((item: Json, at) => foundOf(menu, item, at)) : [];
  return [...found, ...menu.fixed];
}

/** Called by its place: the id of what an action found may be longer than a button can carry. */
function foundOf(menu: Menu, item: Json, at: number): readonly Offered[] {
  if (!isRecord(item)) return [];
  const saves = [[menu.pick, String(item['id'])]] as const;
  return [{ id: `c${at}`, label: String(item['label']), exit: pickedExit, saves, take: () => menu.target }];
}

function promptOf(menu: Menu, walk: Walk): Prompt {
  const choices = offersOf(menu, walk).map(({ id, label }) => ({ id, label }));
  return { text: menu.template.render(walk.lookup), choices };
}

function pending(menu: Menu, walk: Walk): Prompt {
  return walk.frame.wait?.prompt ?? promptOf(menu, walk);
}

/** Under this id stands "none of these" where a single choice is asked back; no choice can have that name. */
const noneId = '-';

function takeAnswer(menu: Menu, walk: Walk, answer: Answer): Next {
  const offers = offersOf(menu, walk);
  const match = meantBy(answer, walk, offers);
  if (match.kind === 'one') return take(menu, walk, offers, match.id);
  if (match.kind === 'unsure') return askBack(walk, offers, match.ids);
  if (answer.type === 'choice') return repairChoice(menu, walk, answer.label);
  const taken = behind(menu, walk, answer.text) ?? openInstead(walk, answer.text);
  return taken ?? takeSentence(menu, walk, offers, answer);
}

/** Something was said besides the words of a choice: it is asked back what was meant. */
function takeSentence(
  menu: Menu,
  walk: Walk,
  offers: readonly Offered[],
  answer: Extract<Answer, { type: 'text' }>,
): Next {
  const match = perhapsMeant(answer, offers);
  if (match.kind === 'one') return take(menu, walk, offers, match.id);
  if (match.kind === 'unsure') return askBack(walk, offers, match.ids);
  return repairChoice(menu, walk, answer.text);
}

function askBack(walk: Walk, offers: readonly Offered[], ids: readonly string[]): Next {
  const choices = offers.filter(({ id }) => ids.includes(id)).map(({ id, label }) => ({ id, label }));
  const [only, ...others] = choices;
  const prompt =
    only !== undefined && others.length === 0
      ? { text: walk.words.confirm(only.label), choices: [only, { id: noneId, label: walk.words.none }] }
      : { text: walk.words.pickOne, choices };
  walk.ask(prompt, { prompt }, true);
  return null;
}

/** Numbers mean what was shown last; words and buttons may also mean a choice that a narrower question left out. */
function meantBy(answer: Answer, walk: Walk, offers: readonly Offered[]): ChoiceMatch {
  const shown = walk.frame.wait?.prompt?.choices;
  if (shown === undefined) return meant(answer, offers);
  const isNumber = answer.type === 'text' && /\d/.test(answer.text);
  const outright = isNumber ? null : named(answer, offers);
  if (outright !== null) return { kind: 'one', id: outright.id };
  const match = meant(answer, askedBack(shown));
  return match.kind === 'none' && !isNumber ? meant(answer, offers) : match;
}

/** Where one choice was asked back, a yes means that one and a no none, whatever they mean in the question itself. */
function askedBack(shown: readonly Choice[]): readonly MatchableChoice[] {
  if (!shown.some(({ id }) => id === noneId)) return shown;
  return shown.map((choice) => ({ ...choice, also: [choice.id === noneId ? 'tidak' : 'ya'] }));
}

const restExit = (choice: string) => `${choice} …`;
/** Less behind a word is a courtesy, and more is a story. */
const shortestRest = 5;
const longestRest = 300;
const between = /^[\s:;,.(-]+/;

/** An answer behind the word of a choice ("perbaiki fotonya buram"): both are taken at once. Null when there is none. */
function behind(menu: Menu, walk: Walk, text: string): Next {
  for (const { id, label, also = [], rest } of menu.fixed) {
    const words = rest === undefined ? [] : [label, ...also];
    const word = words.find((one) => text.trimStart().toLowerCase().startsWith(one.toLowerCase()));
    if (rest === undefined || word === undefined) continue;
    const left = text.trimStart().slice(word.length);
    const said = left.replace(between, '').replace(/\)$/, '').trim();
    if (!between.test(left) || said.length < shortestRest || said.length > longestRest) continue;
    walk.save([[rest.save, said]], { said: null, fixed: null });
    walk.via = restExit(id);
    return rest.go;
  }
  return null;
}

function take(menu: Menu, walk: Walk, offers: readonly Offered[], id: string): Next {
  if (id === noneId) {
    walk.ask(promptOf(menu, walk), { prompt: null }, true);
    return null;
  }
  const offered = offers.find((one) => one.id === id);
  if (offered === undefined) return null;
  walk.save(offered.saves, { said: null, fixed: null });
  walk.via = offered.exit;
  return offered.take(walk);
}

function repairChoice(menu: Menu, walk: Walk, heard: string): Next {
  const prompt = pending(menu, walk);
  const reason = walk.words.notUnderstood;
  return repair(walk, { reason, example: prompt.choices[0]?.label ?? null, prompt }, heard);
}
