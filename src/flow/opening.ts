import { type Meaning, meaningOf } from './intents.js';
import type { Program } from './program.js';
import type { Walk } from './walk.js';

/** What a text asks for, among the flows this person may be in. Where a conversation begins anyway is never a guess. */
export function meaningFor({ program, env }: Walk, text: string): Meaning {
  const meaning = meaningOf(program.intents, text, (flow) => mayOpen(program, flow, env.roles));
  if (meaning.kind !== 'unsure') return meaning;
  const flows = meaning.flows.filter((flow) => flow !== program.fallback);
  return flows.length > 0 && program.unsure !== null ? { kind: 'unsure', flows } : { kind: 'none' };
}

/** Asks which of these flows was meant; returns the first step of the flow that asks it. */
export function askWhich(walk: Walk, flows: readonly string[]): string | null {
  if (walk.program.unsure === null) return null;
  walk.guesses = flows;
  return walk.open(walk.program.unsure, 'guess');
}

/** Whether somebody with these roles may be in a flow. */
export function mayOpen(program: Program, flow: string, roles: readonly string[]): boolean {
  const audience = program.flows.get(flow)?.audience ?? [];
  return audience.includes('anyone') || audience.some((role) => roles.includes(role));
}
