import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait.js';
import { Client } from './client.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from './double.js';
import type { Person } from './people.js';

let api: WhatsAppWebDouble;
let person: Person;
let client: Client;

beforeEach(async () => {
  api = await startWhatsAppWeb();
  person = api.person();
  client = new Client(api);
});
afterEach(async () => {
  await client.stop();
  await api.close();
});

/** Links a client and logs it in. */
async function linked(one = client, phone = api.phone): Promise<void> {
  one.start();
  api.scan(await one.qr(), phone);
  await one.ended();
  await one.open();
}

describe('linking', () => {
  it('is by QR, and ends with a new login', async () => {
    client.start();
    const device = api.scan(await client.qr());
    expect(await client.ended()).toBe(515);
    expect(client.auth.creds.me).toMatchObject({ id: device.jid, lid: device.lid });
    await client.open();
    expect(api.isOnline()).toBe(true);
    expect(api.queries('encrypt')).toBeGreaterThan(0);
  });

  it('is by code', async () => {
    client.start();
    await client.qr();
    const code = await client.socket.requestPairingCode(api.phone.digits);
    await api.enterCode(code);
    expect(await client.ended()).toBe(515);
    await client.open();
    expect(api.isOnline()).toBe(true);
  });
});

describe('what is sent', () => {
  it('is read by the person and acknowledged', async () => {
    await linked();
    const sent = await client.socket.sendMessage(person.pn, { text: 'Selamat pagi.' });
    const ack = await waitFor('an ack', () => client.acks[0]);
    expect(ack.attrs).toMatchObject({ id: sent?.key.id, from: person.pn });
    expect(person.shown()).toMatchObject([{ id: sent?.key.id, text: 'Selamat pagi.', from: api.phone }]);
  });
});

describe('what comes in', () => {
  it('is heard with both addresses', async () => {
    await linked();
    const id = person.write('halo');
    const { message, type } = await waitFor('a message', () =>
      client.heard.find((one) => one.message.key.id === id),
    );
    expect(type).toBe('notify');
    expect(message.message?.conversation).toBe('halo');
    expect(message.key).toMatchObject({ remoteJid: person.pn, remoteJidAlt: person.lid });
    await waitFor('the receipt', () => api.waiting() === 0);
  });
});
