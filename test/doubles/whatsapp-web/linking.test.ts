import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait.js';
import { Client } from './client.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from './double.js';
import { heardOnce, link } from './support.js';

let api: WhatsAppWebDouble;
const clients: Client[] = [];

/** A client that is stopped when the test is over. */
function newClient(): Client {
  const client = new Client(api);
  clients.push(client);
  return client;
}

beforeEach(async () => {
  api = await startWhatsAppWeb({ fewKeys: true });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.stop();
  await api.close();
});

describe('linking', () => {
  it('is by QR, ends with 515, and goes on with a login', async () => {
    const client = newClient();
    client.start();
    const device = api.scan(await client.qr());
    expect(await client.ended()).toBe(515);
    expect(client.auth.creds.me).toMatchObject({ id: device.jid, lid: device.lid });
    expect(api.isOnline()).toBe(false);
    await client.open();
    expect(api.isOnline()).toBe(true);
    expect(device.keysLeft).toBe(5);
    await client.stop();
    await client.open();
    expect(device.keysLeft).toBe(5);
  });

  it('leaves many keys with a server that says that it has none', async () => {
    const other = await startWhatsAppWeb();
    const client = new Client(other);
    await link(other, client);
    expect(other.phone.devices.get(1)?.keysLeft).toBe(812);
    await client.stop();
    await other.close();
  });

  it('is by code, which the phone has to be told', async () => {
    const client = newClient();
    client.start();
    await client.qr();
    const code = await client.socket.requestPairingCode(api.phone.digits);
    expect(code).toMatch(/^[\dA-Z]{8}$/);
    const device = await api.enterCode(code);
    expect(await client.ended()).toBe(515);
    expect(client.auth.creds).toMatchObject({ registered: true, me: { id: device.jid } });
    await client.open();
    expect(api.isOnline()).toBe(true);
  });

  it('does not happen by another code', async () => {
    const client = newClient();
    client.start();
    await client.qr();
    await client.socket.requestPairingCode(api.phone.digits, 'ABCD1234');
    await expect(api.enterCode('ABCD1235')).rejects.toThrow('not the code that the client shows');
    expect(api.phone.devices.size).toBe(0);
  });

  it('does not happen for a QR nobody shows, or not any more', async () => {
    const client = newClient();
    client.start();
    const qr = await client.qr();
    api.scan(qr);
    expect(() => api.scan(qr)).toThrow('nobody shows this QR');
    expect(() => api.scan('https://wa.me/settings/linked_devices#2@x,a,b,c,1')).toThrow('nobody shows');
    expect(api.phone.devices.size).toBe(1);
  });
});

describe('several', () => {
  it('devices of one account hear the same, and each what the others send', async () => {
    const [one, other] = [newClient(), newClient()];
    await link(api, one);
    await link(api, other);
    const person = api.person();
    const id = person.write('halo');
    for (const client of [one, other])
      expect((await heardOnce(client, id)).message.message?.conversation).toBe('halo');
    const sent = await one.socket.sendMessage(person.pn, { text: 'Selamat pagi.' });
    const { message } = await heardOnce(other, sent?.key.id ?? '');
    expect(message.key).toMatchObject({ fromMe: true, remoteJid: person.pn });
    expect(message.message?.extendedTextMessage?.text).toBe('Selamat pagi.');
    expect(person.shown()).toHaveLength(1);
  });

  it('accounts keep apart what they hear and send', async () => {
    const [one, other] = [newClient(), newClient()];
    const phone = api.addPhone();
    await link(api, one);
    await link(api, other, phone);
    const person = api.person();
    const first = person.write('satu');
    const second = person.write('dua', { phone });
    await heardOnce(one, first);
    await heardOnce(other, second);
    expect(one.heard.map(({ message }) => message.key.id)).not.toContain(second);
    await other.socket.sendMessage(person.pn, { text: 'dari yang kedua' });
    const [shown] = await waitFor('what was sent', () => person.shown().length > 0 && person.shown());
    expect(shown?.from).toBe(phone.pn);
    expect(api.isOnline(phone)).toBe(true);
    api.end(503, phone);
    expect(await other.ended(2)).toBe(503);
    expect(api.isOnline()).toBe(true);
  });
});

describe('the same credentials', () => {
  it('let the second in, and end the first with 440', async () => {
    const one = newClient();
    await link(api, one);
    const again = newClient();
    Object.assign(again.auth, one.auth);
    await again.open();
    expect(await one.ended(2)).toBe(440);
    expect(api.isOnline()).toBe(true);
    await heardOnce(again, api.person().write('halo'));
  });

  it('are of no use when the phone has thrown the device out', async () => {
    const client = newClient();
    await link(api, client);
    api.unlink();
    expect(await client.ended(2)).toBe(401);
    client.start();
    expect(await client.ended(3)).toBe(401);
  });

  it('are of no use after the client has logged out', async () => {
    const client = newClient();
    await link(api, client);
    await client.socket.logout();
    await client.ended(2);
    expect(api.phone.devices.size).toBe(0);
    client.start();
    expect(await client.ended(3)).toBe(401);
  });
});

describe('a session', () => {
  it('asks nothing that is not answered', async () => {
    const client = newClient();
    await link(api, client);
    const { creds } = client.auth;
    await waitFor('what the server offers', () => creds.lastPropHash === 'double');
    await waitFor('the history', () => creds.accountSyncCounter === 1);
    expect(await client.socket.fetchPrivacySettings(true)).toEqual({ readreceipts: 'all' });
    expect(await client.socket.fetchBlocklist()).toEqual([]);
    await client.socket.digestKeyBundle();
    await client.socket.rotateSignedPreKey();
    expect(api.refused).toEqual([]);
  });

  it('is told plainly what this server does not know', async () => {
    const client = newClient();
    await link(api, client);
    await expect(client.socket.profilePictureUrl(api.person().pn)).rejects.toThrow('feature-not-implemented');
    expect(api.refused).toEqual(['w:profile:picture picture']);
  });

  it('comes back when the service was away', async () => {
    const client = newClient();
    await link(api, client);
    await api.goAway();
    await client.ended(2);
    client.start();
    await client.ended(3);
    await api.comeBack();
    await client.open();
    expect(api.isOnline()).toBe(true);
  });
});
