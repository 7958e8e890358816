import type { Pool } from 'pg';
import { whatsAppStore } from '../../src/live.js';
import type { WhatsAppWebDouble } from '../doubles/whatsapp-web/double.js';
import type { Person } from '../doubles/whatsapp-web/people.js';
import type { TestApp } from '../support/app.js';
import { openApp } from '../support/app.js';
import { waitFor } from '../support/wait.js';

/** A person with WhatsApp, as a test plays them. */
export interface WhatsAppPhone {
  readonly person: Person;
  /** Does something, waits until the bot is done, and gives what it said since. */
  act(deed: (person: Person) => unknown): Promise<readonly string[]>;
  /** Writes a text, as `act`. */
  say(text: string): Promise<readonly string[]>;
}

/** The settings that point a Sapa at a double, with times short enough for a test. */
export function whatsAppEnv(api: WhatsAppWebDouble): Readonly<Record<string, string>> {
  return {
    WHATSAPP_WEB: 'on',
    WHATSAPP_WEB_SOCKET_URL: api.url,
    WHATSAPP_WEB_ROOT_KEY: api.rootKey,
    TEST_PROFILE: JSON.stringify({
      ...{ leaseMs: 2_000, sweepMs: 200, quietHours: 'ignored' },
      whatsappWeb: { gapMs: 50, typingMs: 1, ackMs: 4_000, retryMs: 50 },
    }),
  };
}

/** A Sapa at a double, whose number is linked. */
export async function linkedApp(
  api: WhatsAppWebDouble,
  options: Omit<Parameters<typeof openApp>[0] & object, 'env'> = {},
): Promise<TestApp> {
  const test = await openApp({ ...options, env: whatsAppEnv(api) });
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

/** A new person at a double; `pool` is the database of the bot, to see whether it is done. */
export function whatsAppPhone(api: WhatsAppWebDouble, pool: Pool, person = api.person()): WhatsAppPhone {
  const act: WhatsAppPhone['act'] = async (deed) => {
    const before = person.shown().length;
    await deed(person);
    await waitFor('the bot to be done', () => isDone(api, pool));
    return person
      .shown()
      .slice(before)
      .map(({ text }) => text);
  };
  return { person, act, say: (text) => act((one) => one.write(text)) };
}

/** Whether everything that was sent is stored and treated, and every reply has ended. */
export async function isDone(api: WhatsAppWebDouble, pool: Pool): Promise<boolean> {
  if (api.waiting() > 0) return false;
  const { rows } = await pool.query(`
    SELECT EXISTS (SELECT FROM inbound WHERE state IN ('pending', 'failed'))
      OR EXISTS (SELECT FROM whatsapp_inbox)
      OR EXISTS (SELECT FROM delivery WHERE state IN ('due', 'leased', 'written')) AS busy`);
  return rows[0].busy === false;
}
