import type { Fault } from '../fault.js';
import type { Flow, Step } from '../program.js';
import type { Correction } from '../steps/step.js';
import { atKey, perStep, reachableFrom } from './check.js';

/** A correction says until where it goes, and comes there before it can come back. */
export const corrections = perStep('corrections', (step, flow) =>
  (step.corrections ?? []).flatMap((one) => faultsOf(one, step, flow)),
);

function faultsOf({ choice, redo, until, back }: Correction, step: Step, flow: Flow): readonly Fault[] {
  const fault = (what: string, mend: string) => [atKey(flow, step, 'choices', what, mend)];
  if (until === null) return fault(`The choice "${choice}" does not say until where.`, 'Add until: STEP.');
  if (!flow.steps.has(until))
    return fault(
      `The choice "${choice}" corrects until "${until}", which does not exist.`,
      `Use the name of a step of ${flow.name}.`,
    );
  const first = flow.steps.get(redo);
  // Where it begins and where it goes back are exits of the step, and proved like every other.
  if (first === undefined || comesTo(flow, first, until, [step.id, back])) return [];
  return fault(
    `The correction "${choice}" begins at "${redo}" and can come back here without "${until}".`,
    'Name the step that follows the corrected one under until.',
  );
}

/** Whether `until` can be reached, and nothing in `beyond` without it. */
function comesTo(flow: Flow, first: Step, until: string, beyond: readonly string[]): boolean {
  const all = [...reachableFrom(flow, first)].map(({ id }) => id);
  const short = withoutPassing(flow, first, until);
  return first.id !== until && all.includes(until) && !beyond.some((id) => id !== until && short.has(id));
}

function withoutPassing(flow: Flow, first: Step, until: string): ReadonlySet<string> {
  const seen = new Set<string>([first.id]);
  for (const id of seen) {
    const targets = flow.steps.get(id)?.exits.map(({ target }) => target) ?? [];
    for (const target of targets) if (target !== until) seen.add(target);
  }
  return seen;
}
