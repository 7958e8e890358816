import type { Program } from './program.js';
import { fold } from './text.js';

/** A phrase longer than this is a story, not a request to start something. */
const longestRequest = 80;

/** The flow a text asks for: the whole text is a trigger, or holds one as whole words; the longest trigger wins. */
export function matchPhrase(program: Program, text: string, roles: readonly string[]): string | null {
  if (text.length > longestRequest) return null;
  const folded = fold(text);
  const flow = program.triggers.get(folded)?.flow ?? longestWithin(program, ` ${folded} `);
  return flow !== null && mayOpen(program, flow, roles) ? flow : null;
}

/** Whether somebody with these roles may be in a flow. */
export function mayOpen(program: Program, flow: string, roles: readonly string[]): boolean {
  const audience = program.flows.get(flow)?.audience ?? [];
  return audience.includes('anyone') || audience.some((role) => roles.includes(role));
}

function longestWithin(program: Program, padded: string): string | null {
  let best: { readonly flow: string; readonly length: number } | null = null;
  for (const [phrase, { flow }] of program.triggers) {
    if (!padded.includes(` ${phrase} `)) continue;
    if (best === null || phrase.length > best.length) best = { flow, length: phrase.length };
  }
  return best?.flow ?? null;
}
