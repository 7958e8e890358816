import { type Capabilities, channelCapabilities, type Picker } from '../capabilities.js';
import type { Fault } from '../fault.js';
import type { Choice } from '../message.js';
import type { Flow, Step } from '../program.js';
import { buttonData, pickerFor, render } from '../render.js';
import type { Shown } from '../steps/step.js';
import { atStep, perFlow } from './check.js';

/** Variables make a text longer; this much is kept free for them. */
const roomForValues = 300;
/** As long as the id of any question. */
const question = '00000000-0000-0000-0000-000000000000';

/** Every message can be shown on every channel within its limits. */
export const rendering = perFlow('rendering', (flow) =>
  [...flow.steps.values()].flatMap((step) =>
    step.shows.flatMap((shown) =>
      Object.values(channelCapabilities).flatMap((channel) => faultsOn(channel, flow, step, shown)),
    ),
  ),
);

function faultsOn(channel: Capabilities, flow: Flow, step: Step, shown: Shown): readonly Fault[] {
  const { choices } = shown;
  const picker = pickerFor(choices.length, channel);
  const limit = picker === null ? channel.textLimit : channel.promptLimit;
  const length = lengthOf(shown, channel);
  const long = `The question "${step.id}" is up to ${length} characters long; ${channel.channel} shows ${limit}.`;
  return [
    ...(choices.length > 0 && length > limit ? [atStep(flow, step, long, 'Make it shorter.')] : []),
    ...(picker === null ? [] : choices.flatMap((choice) => faultsOf(choice, picker, channel, flow, step))),
  ];
}

function lengthOf({ template, choices }: Shown, channel: Capabilities): number {
  const { text } = render({ text: template.source, choices, question }, channel);
  return text.length + (template.references.length > 0 ? roomForValues : 0);
}

function faultsOf(
  { id, label }: Choice,
  picker: Picker,
  { channel }: Capabilities,
  flow: Flow,
  step: Step,
): readonly Fault[] {
  const spare = picker.payloadBytes - Buffer.byteLength(buttonData(question, id));
  const wide = `The choice "${label}" is too long for a button on ${channel}.`;
  const heavy = `The id "${id}" of a choice is longer than a button on ${channel} can carry.`;
  return [
    ...(label.length > picker.label
      ? [atStep(flow, step, wide, `Use at most ${picker.label} characters.`)]
      : []),
    ...(spare < 0 ? [atStep(flow, step, heavy, `Make it ${-spare} bytes shorter.`)] : []),
  ];
}
