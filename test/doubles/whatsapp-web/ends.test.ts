import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait.js';
import { Client } from './client.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from './double.js';
import type { End } from './ends.js';
import type { Person } from './people.js';
import { link } from './support.js';

let api: WhatsAppWebDouble;
let client: Client;
let person: Person;

beforeAll(async () => {
  api = await startWhatsAppWeb({ fewKeys: true });
  client = new Client(api, { keepAliveIntervalMs: 200 });
  await link(api, client);
});
afterAll(async () => {
  await client.stop();
  await api.close();
});
beforeEach(() => {
  person = api.person();
});
afterEach(async () => {
  api.faults.clear();
  api.silence(false);
  if (!api.isOnline()) await client.open();
});

const send = async (text: string) => {
  const sent = await client.socket.sendMessage(person.pn, { text });
  return sent?.key.id ?? '';
};
const ackOf = (id: string) => client.acks.find(({ attrs }) => attrs.id === id);
const acked = (id: string) => waitFor('the ack', () => ackOf(id));
/** The code of the next end. */
const nextEnd = () => client.ended(client.ends.length + 1);

describe('the end of a connection', () => {
  it.each<[End]>([[401], [403], [405], [411], [440], [500], [503], [515]])('is %i', async (code) => {
    const ended = nextEnd();
    api.end(code);
    expect(await ended).toBe(code);
    await client.open();
    await acked(await send('halo lagi'));
  });

  it.each([401, 403, 405, 411, 500, 503])('is %i when a client comes', async (code) => {
    await client.stop();
    api.faults.refuseLogin(code);
    const ended = nextEnd();
    client.start();
    expect(await ended).toBe(code);
    await client.open();
  });

  it('comes as often as was said', async () => {
    await client.stop();
    api.faults.refuseLogin(503, 2);
    for (const _time of [1, 2]) {
      const ended = nextEnd();
      client.start();
      expect(await ended).toBe(503);
    }
    await client.open();
  });

  it('is 405 for a client that is not linked yet, too', async () => {
    api.faults.refuseLogin(405);
    const stranger = new Client(api);
    stranger.start();
    expect(await stranger.ended()).toBe(405);
  });

  it('comes without a word', async () => {
    const ended = nextEnd();
    api.cut();
    expect(await ended).toBe(428);
  });

  it('is left to the client when the server falls silent', async () => {
    const pings = api.queries('w:p ping');
    await waitFor('a ping', () => api.queries('w:p ping') > pings);
    await acked(await send('dijawab'));
    const ended = nextEnd();
    api.silence(true);
    const id = await send('tak dijawab');
    expect(await ended).toBe(408);
    expect(ackOf(id)).toBeUndefined();
    expect(person.shown().map(({ text }) => text)).toEqual(['dijawab', 'tak dijawab']);
  });
});
