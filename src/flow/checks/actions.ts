import type { ActionSignature } from '../action.js';
import type { Fault } from '../fault.js';
import type { Flow, Step } from '../program.js';
import type { Wanted } from '../steps/step.js';
import { atKey, perStep } from './check.js';

/** Every action exists, and is given what it takes, in the types it takes; nothing the flow saved for it is forgotten. */
export const actions = perStep('actions', (step, flow, proving) => {
  const { wants } = step;
  if (wants === undefined) return [];
  const signature = proving.actions[wants.action];
  if (signature === undefined) {
    const known = Object.keys(proving.actions).sort().join(', ');
    return [atKey(flow, step, 'do', `There is no action "${wants.action}".`, `Use one of: ${known}.`)];
  }
  return [
    ...strange(step, flow, wants, signature),
    ...missing(step, flow, wants, signature),
    ...unfit(step, flow, wants, signature),
    ...forgotten(step, flow, wants, signature),
  ];
});

function strange(
  step: Step,
  flow: Flow,
  { action, names }: Wanted,
  { takes }: ActionSignature,
): readonly Fault[] {
  const known = Object.keys(takes);
  const mend = known.length === 0 ? 'Remove it: it takes nothing.' : `It takes: ${known.join(', ')}.`;
  return names
    .filter((name) => takes[name] === undefined)
    .map((name) => atKey(flow, step, 'with', `The action ${action} takes no "${name}".`, mend));
}

function missing(
  step: Step,
  flow: Flow,
  { action, names }: Wanted,
  { takes }: ActionSignature,
): readonly Fault[] {
  return Object.entries(takes)
    .filter(([name, { optional }]) => optional !== true && !names.includes(name))
    .map(([name]) =>
      atKey(flow, step, 'with', `The action ${action} needs "${name}".`, `Add ${name}: VARIABLE to with.`),
    );
}

function unfit(step: Step, flow: Flow, { given }: Wanted, { takes }: ActionSignature): readonly Fault[] {
  return given.flatMap(({ name, path, type }) => {
    const wanted = takes[name]?.type ?? 'any';
    if (wanted === 'any' || wanted === type) return [];
    const what = `"${path}" is ${type}, but "${name}" must be ${wanted}.`;
    return [atKey(flow, step, 'with', what, 'Give a variable of that type.')];
  });
}

/** What need not be given is forgotten all the more easily: the flow saves it under the very name the action takes. */
function forgotten(
  step: Step,
  flow: Flow,
  { action, names }: Wanted,
  { takes }: ActionSignature,
): readonly Fault[] {
  return Object.entries(takes)
    .filter(([name, { optional }]) => optional === true && !names.includes(name) && flow.slots.has(name))
    .map(([name]) =>
      atKey(
        flow,
        step,
        'with',
        `The flow saves "${name}", which ${action} takes, but does not hand it over.`,
        `Add ${name}: ${name} to with.`,
      ),
    );
}
