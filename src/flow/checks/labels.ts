import { channelCapabilities } from '../capabilities.js';
import type { Fault } from '../fault.js';
import type { Choice } from '../message.js';
import type { Flow, Step } from '../program.js';
import { pickerFor, shorten } from '../render.js';
import { fold } from '../text.js';
import { atStep, perFlow } from './check.js';

/** No two choices of a question look the same, also where a channel shows only the beginning of a label. */
export const labels = perFlow('labels', (flow) =>
  [...flow.steps.values()].flatMap((step) =>
    step.shows.flatMap(({ choices }) =>
      pairsOf(choices).flatMap((pair) => sameOf(pair, choices.length, flow, step)),
    ),
  ),
);

type Pair = readonly [Choice, Choice];

function pairsOf(choices: readonly Choice[]): readonly Pair[] {
  return choices.flatMap((one, at) => choices.slice(at + 1).map((other): Pair => [one, other]));
}

function sameOf([one, other]: Pair, count: number, flow: Flow, step: Step): readonly Fault[] {
  const mend = 'Let their labels begin differently.';
  if (fold(one.label) === fold(other.label)) {
    return [atStep(flow, step, `Two choices are both called "${one.label}".`, mend)];
  }
  const channel = Object.values(channelCapabilities).find((row) => {
    const limit = pickerFor(count, row)?.label ?? Number.POSITIVE_INFINITY;
    return shorten(one.label, limit) === shorten(other.label, limit);
  });
  if (channel === undefined) return [];
  const what = `The choices "${one.label}" and "${other.label}" look the same on a button on ${channel.channel}.`;
  return [atStep(flow, step, what, mend)];
}
