import { whatsAppStore } from '../../src/live.js';
import type { WhatsAppWebDouble } from '../doubles/whatsapp-web/double.js';
import type { Person } from '../doubles/whatsapp-web/people.js';
import type { TestApp } from '../support/app.js';
import { openApp } from '../support/app.js';
import { waitFor } from '../support/wait.js';

/** A person with WhatsApp, as a test plays them. */
export interface WhatsAppPhone {
  readonly person: Person;
  /** Writes a text, waits until the bot is done, and gives what it said since. */
  say(text: string): Promise<readonly string[]>;
}

/** The settings that point a Sapa at a double, with times short enough for a test. */
export function whatsAppEnv(api: WhatsAppWebDouble): Readonly<Record<string, string>> {
  return {
    WHATSAPP_WEB: 'on',
    WHATSAPP_WEB_SOCKET_URL: api.url,
    WHATSAPP_WEB_ROOT_KEY: api.rootKey,
    TEST_PROFILE: JSON.stringify({
      ...{ leaseMs: 2_000, sweepMs: 200, quietHours: 'ignored', stillMs: 0 },
      telegramChatMs: 1,
      whatsappWeb: { gapMs: 50, typingMs: 1, ackMs: 4_000, retryMs: 50 },
    }),
  };
}

/** A Sapa at a double, whose number is linked. */
export async function linkedApp(
  api: WhatsAppWebDouble,
  options: Parameters<typeof openApp>[0] & object = {},
): Promise<TestApp> {
  const test = await openApp({ ...options, env: { ...options.env, ...whatsAppEnv(api) } });
  const store = whatsAppStore(test.base);
  const { text } = await waitFor('a QR', async () => (await store.status()).pairing);
  api.scan(text);
  await isOpen(test);
  return test;
}

/** Waits until the number is connected. */
export function isOpen({ base }: TestApp): Promise<unknown> {
  return waitFor('the login', async () => (await whatsAppStore(base).status()).state === 'open');
}

/** A new person at a double. */
export function whatsAppPhone(api: WhatsAppWebDouble, test: TestApp, person = api.person()): WhatsAppPhone {
  const say = async (text: string) => {
    const before = person.shown().length;
    await isTreated(test, person, person.write(text));
    await waitFor('the bot to be done', () => isDone(api, test));
    return person
      .shown()
      .slice(before)
      .map((one) => one.text);
  };
  return { person, say };
}

/** Waits until the turn of a message is over: that the client has receipted it says nothing about us. */
export function isTreated({ base, database }: TestApp, person: Person, id: string): Promise<unknown> {
  const chat = person.naming === 'pn' ? person.pn : person.lid;
  const key = base.vault.index('whatsapp-message', JSON.stringify([chat, '', id])).toString('base64url');
  return waitFor('the turn', async () => {
    const text = "SELECT FROM inbound WHERE dedupe_key = $1 AND state = 'done'";
    return (await database.pool.query(text, [key])).rows.length > 0;
  });
}

/** Whether everything that was sent is stored and treated, and every reply has ended. */
export async function isDone(api: WhatsAppWebDouble, { database }: TestApp): Promise<boolean> {
  if (api.waiting() > 0) return false;
  const { rows } = await database.pool.query(`
    SELECT EXISTS (SELECT FROM inbound WHERE state IN ('pending', 'failed'))
      OR EXISTS (SELECT FROM link_wish)
      OR EXISTS (SELECT FROM whatsapp_inbox)
      OR EXISTS (SELECT FROM delivery WHERE state IN ('due', 'leased', 'written')) AS busy`);
  return rows[0].busy === false;
}
