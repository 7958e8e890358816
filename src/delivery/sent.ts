import type { Capabilities } from '../flow/capabilities.js';
import { render } from '../flow/render.js';
import type { Vault } from '../store/crypto.js';
import { sentBody } from '../store/sent-body.js';
import type { Queryable } from '../store/statement.js';
import { openMessage } from './bodies.js';

/** Where it was sent, and with what it is read. */
export interface SentOptions {
  readonly pool: Queryable;
  readonly vault: Vault;
  readonly account: string;
  readonly capabilities: Capabilities;
}

/** The text of what was accepted under a provider's id, as its channel showed it; null for none, or one that was erased. */
export async function sentText(
  { pool, vault, account, capabilities }: SentOptions,
  providerId: string,
): Promise<string | null> {
  const message = openMessage(vault, await sentBody(pool, account, providerId));
  return message === null ? null : render(message, capabilities).text;
}
