import { type Capabilities, channelCapabilities } from '../capabilities.js';
import type { Fault } from '../fault.js';
import type { Flow, Step } from '../program.js';
import type { Shown } from '../steps/step.js';
import { atStep, perFlow } from './check.js';

/** Variables make a text longer; this much is kept free for them. */
const roomForValues = 300;

/** Every message can be shown on every channel within its limits. */
export const rendering = perFlow('rendering', (flow) =>
  [...flow.steps.values()].flatMap((step) =>
    step.shows.flatMap((shown) =>
      Object.values(channelCapabilities).flatMap((channel) => tooLong(flow, step, shown, channel)),
    ),
  ),
);

function tooLong(
  flow: Flow,
  step: Step,
  { template, labels }: Shown,
  channel: Capabilities,
): readonly Fault[] {
  const lines = labels.reduce((sum, label) => sum + label.length + 5, 0);
  const length = template.source.length + lines + (template.references.length > 0 ? roomForValues : 0);
  const faults: Fault[] = [];
  if (labels.length > 0 && length > channel.textLimit) {
    faults.push(
      atStep(
        flow,
        step,
        `The question "${step.id}" is up to ${length} characters long; ${channel.channel} shows ${channel.textLimit}.`,
        'Make it shorter.',
      ),
    );
  }
  const wide = labels.filter(
    (label) => labels.length <= channel.buttonLimit && label.length > channel.labelLimit,
  );
  const mend = `Use at most ${channel.labelLimit} characters.`;
  return [
    ...faults,
    ...wide.map((label) =>
      atStep(flow, step, `The choice "${label}" is too long for a button on ${channel.channel}.`, mend),
    ),
  ];
}
