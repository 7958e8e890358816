import type { Health } from './contract.js';

/** How long an answer is good for: /readyz may be asked every second. In milliseconds. */
const goodForMs = 10_000;

/** Asks how a provider is, and says the same again for ten seconds. */
export function askSeldom(ask: () => Promise<Health>, now: () => Date): () => Promise<Health> {
  let asked: { readonly at: number; readonly health: Promise<Health> } | null = null;
  return () => {
    const at = now().getTime();
    if (asked === null || at - asked.at > goodForMs) asked = { at, health: ask() };
    return asked.health;
  };
}
