import type { Turns } from '../../src/turn/turn.js';
import { waitFor } from '../support/wait.js';
import type { Rig } from './rig.js';

/** One address of a person: what is written there, and what the bot answers there. */
export interface Place {
  readonly address: string;
  send(text: string): Promise<void>;
  /** Writes, waits until the bot is done with everything, and gives what it said here since. */
  say(text: string): Promise<readonly string[]>;
  said(): Promise<readonly string[]>;
}

/** A place by its address; `phone` is the number its channel proves with every message. */
export function placeOf(rig: Rig, turns: Turns, address: string, phone: string | null = null): Place {
  const said = () => rig.said(address);
  const send = (text: string) => turns.receive(rig.message(text, { address, phone }));
  const say = async (text: string) => {
    const before = (await said()).length;
    await send(text);
    await quiet(rig);
    await rig.acceptAll();
    return (await said()).slice(before);
  };
  return { address, send, say, said };
}

/** Waits until no wish is open and every message is treated. */
export async function quiet(rig: Rig): Promise<void> {
  await waitFor('the bot to be done', async () => {
    const [row] = await rig.rows(`SELECT EXISTS (SELECT FROM link_wish)
      OR EXISTS (SELECT FROM inbound WHERE state IN ('pending', 'failed')) AS busy`);
    return row?.['busy'] === false;
  });
}
