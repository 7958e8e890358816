import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Capabilities, channelCapabilities } from '../../src/flow/capabilities.js';
import type { FlowEvent } from '../../src/flow/event.js';
import type { Choice, Message } from '../../src/flow/message.js';
import { noEntries, withEntry } from '../../src/flow/pages.js';
import type { Flow, Step } from '../../src/flow/program.js';
import { parseButtonData, splitToFit as partsOf, render } from '../../src/flow/render.js';
import type { Frame, Session } from '../../src/flow/session.js';
import { fold } from '../../src/flow/text.js';
import { shipped, Talk } from './rig.js';

const people = [
  { id: '019aa2c4-7d1e-7cc0-8f55-1a2b3c4d5e6f', label: 'Sri Contohwati Kusumaningrum Hadiningsih' },
  { id: '019aa2c4-7d1e-7cc0-8f55-1a2b3c4d5e70', label: 'Bambang Contoh' },
];

/** A conversation that stands at a step, wherever it is in its flow; lists hold two people, all else is empty. */
function standingAt(flow: Flow, step: Step): Session {
  let values: Frame['values'] = noEntries;
  for (const [name, slot] of flow.slots) {
    if (flow.scope(name)?.name === 'options') values = withEntry(values, slot, people, null);
  }
  const blank = { called: false, trail: noEntries, said: null, detour: null, wait: null };
  return {
    program: shipped.hash,
    turns: 1,
    frames: [{ flow: flow.name, step: step.id, values, ...blank }],
    notes: [],
  };
}

/** A conversation that has just asked the question of a step, and the question. */
function asking(flow: Flow, step: Step): { readonly session: Session; readonly message: Message } {
  const talk = new Talk();
  talk.session = standingAt(flow, step);
  talk.say('ulang');
  const message = talk.questions.at(-1);
  if (message === undefined) throw new Error(`${flow.name}.${step.id} asks nothing`);
  return { session: talk.session, message };
}

const asked = [...shipped.flows.values()]
  .flatMap((flow) =>
    [...flow.steps.values()].map((step) => ({ flow, step, name: `${flow.name}.${step.id}` })),
  )
  .filter(({ step }) => step.waits && !step.listens)
  .map((one) => ({ ...one, ...asking(one.flow, one.step) }))
  .filter(({ message }) => message.choices.length > 0);

/** What is different after an answer: where the conversation stands, and what was saved on the way. */
function outcome(session: Session, event: FlowEvent) {
  const talk = new Talk();
  talk.session = session;
  talk.happens(event);
  const saved = talk.facts.flatMap((fact) => (fact.kind === 'saved' ? [[fact.name, fact.value]] : []));
  return { stack: talk.stack, saved, misunderstood: talk.facts.some(({ kind }) => kind === 'misunderstood') };
}

const typed = (text: string): FlowEvent => ({ type: 'message', text, seen: true });

/** What a person sees of a question on a channel: numbers with labels in the text, and buttons. */
function seenOn(channel: Capabilities, message: Message) {
  const shown = partsOf(message, channel).map((part) => render(part, channel));
  const lines = shown.flatMap(({ text }) => text.split('\n'));
  const numbered = lines.flatMap((line) => {
    const [, number, label] = /^(\d+)\. (.+)$/.exec(line) ?? [];
    return number === undefined || label === undefined ? [] : [{ number, label }];
  });
  return { numbered: numbered.slice(-message.choices.length), buttons: shown.at(-1)?.buttons ?? [] };
}

/** A label with one letter wrong, left out or too many. */
function slipsOf(label: string): readonly string[] {
  const at = label.search(/\p{L}{3}/u) + 1;
  return [`${label.slice(0, at)}${label.slice(at + 1)}`, `${label}n`, `${label.slice(0, -1)}x`];
}

/** What pressing a choice leads to. */
function pressing({ choices, question }: Message, session: Session, { id, label }: Choice): unknown {
  expect(choices.map((choice) => choice.id)).toContain(id);
  return outcome(session, { type: 'choice', question: question ?? '', choice: id, label });
}

describe.each(Object.values(channelCapabilities))('on $channel', (channel: Capabilities) => {
  it.each(asked)('$name: number, label and button mean the same', ({ session, message }) => {
    const { numbered, buttons } = seenOn(channel, message);
    expect(numbered.map(({ label }) => label)).toEqual(message.choices.map(({ label }) => label));
    expect(buttons).toHaveLength(channel.buttons === null ? 0 : message.choices.length);
    for (const [at, choice] of message.choices.entries()) {
      const meaning = pressing(message, session, choice);
      expect(meaning).toMatchObject({ misunderstood: false });
      expect(outcome(session, typed(numbered[at]?.number ?? ''))).toEqual(meaning);
      // A word that works everywhere (BANTUAN) opens the same flow, but comes back to the question.
      if (!shipped.words.has(fold(choice.label)))
        expect(outcome(session, typed(numbered[at]?.label ?? ''))).toEqual(meaning);
      const button = buttons[at];
      if (button === undefined) continue;
      const pressed = parseButtonData(button.data) ?? { question: '', choice: '' };
      expect(outcome(session, { type: 'choice', ...pressed, label: button.label })).toEqual(meaning);
    }
  });
});

// A word that works everywhere (BANTUAN) is understood as that word, also with a slip.
const labelled = asked.flatMap(({ name, session, message }) =>
  message.choices
    .filter(({ label }) => !shipped.words.has(fold(label)))
    .flatMap((choice) => slipsOf(choice.label).map((slip) => ({ name, slip, choice, session, message }))),
);

/** A name shorter than this may become another word by one slip: the question is asked again instead. */
const leastLetters = 5;

describe('a label with one slip', () => {
  it.each(labelled)('$name: $slip', ({ slip, choice, session, message }) => {
    const meaning = pressing(message, session, choice);
    const got = outcome(session, typed(slip));
    if (fold(choice.label).length >= leastLetters) expect(got).toEqual(meaning);
    // Some choices lead to the same where there is nothing to show: the word list knows "lgi", and takes it for "Lagi".
    else if (!isDeepStrictEqual(got, meaning))
      for (const other of message.choices) {
        if (other.id !== choice.id) expect(got).not.toEqual(pressing(message, session, other));
      }
  });
});
