import { Agent } from 'node:https';
import { downloadMediaMessage } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait.js';
import { Client } from './client.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from './double.js';
import type { Person } from './people.js';
import { heardOnce, link } from './support.js';

let api: WhatsAppWebDouble;
let client: Client;
let person: Person;

beforeAll(async () => {
  api = await startWhatsAppWeb({ fewKeys: true, sealed: true, media: 'https' });
  client = new Client(api, { fetchAgent: new Agent({ ca: api.media.certificate }), retryRequestDelayMs: 0 });
  await link(api, client);
});
afterAll(async () => {
  await client.stop();
  await api.close();
});
beforeEach(() => {
  person = api.person();
});

const device = () => [...api.phone.devices.values()][0];

describe('what people seal', () => {
  it('is opened by the client, with a key that is used once', async () => {
    const before = device()?.keysLeft ?? 0;
    const { message } = await heardOnce(client, person.write('rahasia'));
    expect(message.message?.conversation).toBe('rahasia');
    expect(device()?.keysLeft).toBe(before - 1);
    await heardOnce(client, person.write('rahasia lagi'));
    expect(device()?.keysLeft).toBe(before - 1);
  });

  it('goes back and forth', async () => {
    for (const round of [1, 2, 3]) {
      await heardOnce(client, person.write(`tanya ${round}`));
      await client.socket.sendMessage(person.pn, { text: `jawab ${round}` });
      await waitFor('the answer', () => person.shown().length === round);
    }
    expect(person.shown().map(({ text }) => text)).toEqual(['jawab 1', 'jawab 2', 'jawab 3']);
  });

  it('is opened after a new login, and when it was missed', async () => {
    await heardOnce(client, person.write('sebelum'));
    await client.stop();
    const id = person.write('selagi pergi', { naming: 'lid' });
    await waitFor('the sealed message', () => api.waiting() > 0);
    await client.open();
    const { message, type } = await heardOnce(client, id);
    expect(type).toBe('append');
    expect(message.message?.conversation).toBe('selagi pergi');
  });

  it('is sealed anew when the client has lost its keys', async () => {
    await heardOnce(client, person.write('sebelum'));
    const keysLeft = device()?.keysLeft ?? 0;
    const [user] = person.lid.split('@');
    await client.auth.keys.set({ session: { [`${user}_1.0`]: null, [`${user}.0`]: null } });
    const id = person.write('sesudah');
    const found = () => client.heard.find(({ message }) => message.key.id === id && message.message);
    const again = await waitFor('the message', found);
    expect(again.message.message?.conversation).toBe('sesudah');
    expect(device()?.keysLeft).toBe(keysLeft - 1);
    await waitFor('the confirmations', () => api.waiting() === 0);
  });
});

describe('a file by HTTPS', () => {
  it('is named by path, and put back by the phone when it is gone', async () => {
    const id = await person.sendDocument({ bytes: Buffer.from('isi surat') });
    const { message } = await heardOnce(client, id);
    const document = message.message?.documentMessage;
    expect(document?.url).toBe(`https://${api.media.host}${document?.directPath}`);
    api.media.forget();
    const updated = await client.socket.updateMediaMessage(message);
    expect(updated.message?.documentMessage?.directPath).toBe(document?.directPath);
    expect(await api.media.open(updated.message ?? {})).toEqual(Buffer.from('isi surat'));
  });

  it('is not fetched by a client that does not know the certificate', async () => {
    const { message } = await heardOnce(client, await person.sendImage({ bytes: Buffer.from('gambar') }));
    await expect(downloadMediaMessage(message, 'buffer', {})).rejects.toThrow('fetch failed');
  });

  it('is not sent to a host the client does not trust', async () => {
    const other = new Client(api, { auth: client.auth });
    await other.open();
    const content = { document: Buffer.from('isi'), mimetype: 'application/pdf' };
    await expect(other.socket.sendMessage(person.pn, content)).rejects.toThrow(
      'Media upload failed on all hosts',
    );
    await other.stop();
  });
});
