import type { SentMessage } from '../channels/whatsapp-web/port.js';
import { type Addressee, greeted } from '../domain/opening.js';
import type { Capabilities } from '../flow/capabilities.js';
import { render } from '../flow/render.js';
import type { Vault } from '../store/crypto.js';
import type { FileStore } from '../store/files.js';
import { addresseesOf } from '../store/openings.js';
import { sentBody } from '../store/sent-body.js';
import type { Queryable } from '../store/statement.js';
import { openMessage } from './bodies.js';
import { createFiles } from './files.js';

/** Where it was sent, and with what it is read. */
export interface SentOptions {
  readonly pool: Queryable;
  readonly vault: Vault;
  readonly fileStore: FileStore;
  readonly account: string;
  readonly capabilities: Capabilities;
}

/** What was accepted under a provider's id, as its channel showed it; null for none, or where something of it was erased. */
export async function sentMessage(
  { pool, vault, fileStore, account, capabilities }: SentOptions,
  providerId: string,
): Promise<SentMessage | null> {
  const sent = await sentBody(pool, account, providerId);
  const body = sent === null ? null : openMessage(vault, sent.body);
  if (sent === null || body === null) return null;
  const addressees = sent.isShared ? await addresseesOf(pool, [sent.id]) : nobody;
  const message = greeted(body, addressees.get(sent.id));
  const file = await createFiles({ db: pool, vault, fileStore })(message, capabilities);
  return typeof file === 'string' ? null : { text: render(message, capabilities).text, file };
}

const nobody: ReadonlyMap<string, Addressee> = new Map();
