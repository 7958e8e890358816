import { waitFor } from '../../support/wait.js';
import { Client, type Heard } from './client.js';
import type { WhatsAppWebDouble } from './double.js';
import type { Phone } from './phones.js';

/** Links a client to an account by QR, and logs it in. */
export async function link(api: WhatsAppWebDouble, client: Client, phone: Phone = api.phone): Promise<void> {
  client.start();
  api.scan(await client.qr(), phone);
  await client.ended();
  await client.open();
}

/** A client that is linked and logged in. */
export async function linked(api: WhatsAppWebDouble, ...more: readonly Phone[]): Promise<Client> {
  const client = new Client(api);
  await link(api, client, more[0]);
  return client;
}

/** What the client hears under an id, when it has heard it as often as this. */
export async function heard({ heard }: Client, id: string, times = 1): Promise<readonly Heard[]> {
  const found = () => heard.filter(({ message }) => message.key.id === id);
  await waitFor(`message ${id}, ${times} times`, () => found().length >= times);
  return found();
}

/**
 * Waits until the client has told what it keeps of an own message. It may keep news of its own messages for 30 seconds (a flush
 * that came in vain leaves its timer behind, and no other is set), but not beyond the next thing that comes in.
 */
export async function told(api: WhatsAppWebDouble, client: Client, id: string): Promise<void> {
  await waitFor('the ack', () => client.acks.some(({ attrs }) => attrs.id === id));
  await heardOnce(client, api.person().write('sementara itu'));
  await heard(client, id);
}

/** The one message the client hears under an id. */
export async function heardOnce(client: Client, id: string): Promise<Heard> {
  const [found] = await heard(client, id);
  if (found === undefined) throw new Error(`nothing was heard under ${id}`);
  return found;
}
