import type { Pool } from 'pg';
import type { TelegramDouble } from '../doubles/telegram/double.js';
import type { Person } from '../doubles/telegram/people.js';
import { waitFor } from '../support/wait.js';
import type { Transcript } from './phone.js';

/** A person with Telegram, as a test plays them. */
export interface TelegramPhone {
  readonly person: Person;
  /** Does something, waits until the bot is done, and gives what it said since. */
  act(deed: (person: Person) => unknown): Promise<readonly string[]>;
  /** Writes a text, as `act`. */
  say(text: string): Promise<readonly string[]>;
}

/** A new person at a double; `pool` is the database of the bot, to see whether it is done. */
export function telegramPhone(api: TelegramDouble, pool: Pool, person = api.person()): TelegramPhone {
  const act: TelegramPhone['act'] = async (deed) => {
    const before = person.shown().length;
    deed(person);
    await waitFor('the bot to be done', () => isDone(api, pool));
    return person.texts().slice(before);
  };
  return { person, act, say: (text) => act((one) => one.write(text)) };
}

/** Whether everything that was sent is stored and treated, and every reply has ended. */
export async function isDone(api: TelegramDouble, pool: Pool): Promise<boolean> {
  if (api.pending() > 0) return false;
  const { rows } = await pool.query(`
    SELECT EXISTS (SELECT FROM inbound WHERE state IN ('pending', 'failed'))
      OR EXISTS (SELECT FROM link_wish)
      OR EXISTS (SELECT FROM delivery WHERE state IN ('due', 'leased', 'written')) AS busy`);
  return rows[0].busy === false;
}

/** A conversation as Telegram shows it: what is bold is marked beside the text. */
export function shownPlain(transcript: Transcript): Transcript {
  return transcript.map(([said, ...answers]) => [said, ...answers.map((piece) => piece.replaceAll('*', ''))]);
}
