import type { Pool } from 'pg';
import type { CloudDouble } from '../doubles/whatsapp-cloud/double.js';
import type { Person } from '../doubles/whatsapp-cloud/people.js';
import { waitFor } from '../support/wait.js';

/** A person with WhatsApp, as a test plays them. */
export interface CloudPhone {
  readonly person: Person;
  /** Does something, waits until the bot is done, and gives what it said since. */
  act(deed: (person: Person) => unknown): Promise<readonly string[]>;
  /** Writes a text, as `act`. */
  say(text: string): Promise<readonly string[]>;
}

/** A new person at a double; `pool` is the database of the bot, to see whether it is done. */
export function cloudPhone(api: CloudDouble, pool: Pool, person = api.person()): CloudPhone {
  const act: CloudPhone['act'] = async (deed) => {
    const before = person.shown().length;
    deed(person);
    await waitFor('the bot to be done', () => isDone(api, pool));
    return person.texts().slice(before);
  };
  return { person, act, say: (text) => act((one) => one.write(text)) };
}

/** Whether everything that was sent is stored and treated, and every reply has ended. */
export async function isDone(api: CloudDouble, pool: Pool): Promise<boolean> {
  if (api.webhook.pending > 0) return false;
  const { rows } = await pool.query(`
    SELECT EXISTS (SELECT FROM inbound WHERE state IN ('pending', 'failed'))
      OR EXISTS (SELECT FROM delivery WHERE state IN ('due', 'leased', 'written')) AS busy`);
  return rows[0].busy === false;
}

/** The settings of a number at a double. */
export function cloudEnv(api: CloudDouble): Readonly<Record<string, string>> {
  return {
    WHATSAPP_CLOUD_TOKEN: api.token,
    WHATSAPP_CLOUD_PHONE_ID: api.phoneId,
    WHATSAPP_CLOUD_APP_SECRET: api.appSecret,
    WHATSAPP_CLOUD_VERIFY_TOKEN: api.verifyToken,
    WHATSAPP_CLOUD_API_ROOT: api.url,
  };
}
