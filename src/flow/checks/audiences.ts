import type { Fault } from '../fault.js';
import type { Flow, Step } from '../program.js';
import { atHead, atStep, type Check, type Proving } from './check.js';

/** Every role under `for` exists, the beginning and the human are for anyone, and nobody is led to a flow that is not for him. */
export const audiences: Check = {
  name: 'audiences',
  run: (proving) => [...unknownRoles(proving), ...shutOut(proving), ...ledAstray(proving)],
};

function unknownRoles({ raws, roles }: Proving): readonly Fault[] {
  const known = ['anyone', ...roles];
  return raws.flatMap((raw) =>
    raw.audience
      .filter((role) => !known.includes(role))
      .map((role) => atHead(raw, 'for', `There is no role "${role}".`, `Use: ${known.join(', ')}.`)),
  );
}

function shutOut({ raws }: Proving): readonly Fault[] {
  return raws
    .filter(({ fallback, unsure, human }) => fallback || unsure || human)
    .filter(({ audience }) => !audience.includes('anyone'))
    .map((raw) =>
      atHead(
        raw,
        'for',
        `The flow "${raw.name}" is where anybody may come to.`,
        'Remove for: everybody must be let in.',
      ),
    );
}

function ledAstray({ program: { flows } }: Proving): readonly Fault[] {
  return [...flows.values()].flatMap((flow) =>
    [...flow.steps.values()].flatMap((step) =>
      step.calls
        .flatMap((name) => flows.get(name) ?? [])
        .filter((called) => !lets(called, flow))
        .map((called) => astray(flow, step, called)),
    ),
  );
}

function lets({ audience }: Flow, flow: Flow): boolean {
  return audience.includes('anyone') || flow.audience.every((role) => audience.includes(role));
}

function astray(flow: Flow, step: Step, called: Flow): Fault {
  const what = `The step "${step.id}" leads ${flow.audience.join(', ')} to "${called.name}", which is for ${called.audience.join(', ')}.`;
  return atStep(flow, step, what, 'Give this flow the same for, or go elsewhere.');
}
