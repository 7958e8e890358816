import { downloadMediaMessage, type WAMessage } from '@whiskeysockets/baileys';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait.js';
import type { Client } from './client.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from './double.js';
import type { Person } from './people.js';
import { heard, heardOnce, linked } from './support.js';

let api: WhatsAppWebDouble;
let client: Client;
let person: Person;

beforeAll(async () => {
  api = await startWhatsAppWeb({ fewKeys: true });
  client = await linked(api);
});
afterAll(async () => {
  await client.stop();
  await api.close();
});
beforeEach(() => {
  person = api.person('Ibu Contoh');
});
afterEach(async () => {
  await waitFor('all confirmations', () => api.waiting() === 0);
});

const bytesOf = (message: WAMessage) => downloadMediaMessage(message, 'buffer', {});

describe('who writes', () => {
  it('is named by number, with the LID beside it', async () => {
    const { message, type } = await heardOnce(client, person.write('halo'));
    expect(type).toBe('notify');
    expect(message).toMatchObject({ pushName: 'Ibu Contoh', message: { conversation: 'halo' } });
    expect(message.key).toMatchObject({
      ...{ remoteJid: person.pn, remoteJidAlt: person.lid, addressingMode: 'pn', fromMe: false },
    });
  });

  it('is named by LID, with the number beside it', async () => {
    person.naming = 'lid';
    const { message } = await heardOnce(client, person.write('halo'));
    expect(message.key).toMatchObject({
      ...{ remoteJid: person.lid, remoteJidAlt: person.pn, addressingMode: 'lid' },
    });
  });

  it('is named by LID alone, and can be answered', async () => {
    const { message } = await heardOnce(client, person.write('halo', { naming: 'lid-only' }));
    expect(message.key).toMatchObject({ remoteJid: person.lid, addressingMode: 'lid' });
    expect(message.key.remoteJidAlt).toBeUndefined();
    await client.socket.sendMessage(person.lid, { text: 'halo juga' });
    await waitFor('the answer', () => person.shown().some(({ text }) => text === 'halo juga'));
  });

  it('may be the account itself, on its phone', async () => {
    const { message } = await heardOnce(client, api.writeAsPhone(person, 'dari HP'));
    expect(message.key).toMatchObject({ remoteJid: person.pn, fromMe: true });
    expect(message.message?.conversation).toBe('dari HP');
  });

  it('writes when it was written', async () => {
    const at = Date.UTC(2026, 0, 2) / 1000;
    const { message } = await heardOnce(client, person.write('halo', { at }));
    expect(Number(message.messageTimestamp)).toBe(at);
  });
});

describe('what comes', () => {
  it('is long text, a place, a card, a sign', async () => {
    const ids = [
      person.writeExtended('lihat https://contoh.example'),
      person.shareLocation(-7.05, 110.4),
      person.shareContact({ name: 'Bapak Contoh', phone: '+6281200099999' }),
      person.react('3EB0', '👍'),
    ];
    const messages = [];
    for (const id of ids) messages.push((await heardOnce(client, id)).message.message);
    expect(messages[0]?.extendedTextMessage?.text).toBe('lihat https://contoh.example');
    expect(messages[1]?.locationMessage).toMatchObject({ degreesLatitude: -7.05, degreesLongitude: 110.4 });
    expect(messages[2]?.contactMessage?.vcard).toContain('waid=6281200099999:+6281200099999');
    expect(messages[3]?.reactionMessage).toMatchObject({ text: '👍', key: { id: '3EB0' } });
  });

  it('is a file, with what the sender says of it', async () => {
    const bytes = Buffer.from('isi surat');
    const id = await person.sendDocument({ bytes, name: 'sk.pdf', caption: 'SK saya', size: 5_000_000 });
    const { message } = await heardOnce(client, id);
    const document = message.message?.documentMessage;
    expect(document).toMatchObject({ fileName: 'sk.pdf', mimetype: 'application/pdf', caption: 'SK saya' });
    expect(Number(document?.fileLength)).toBe(5_000_000);
    expect(await bytesOf(message)).toEqual(bytes);
  });

  it('is a picture', async () => {
    const bytes = Buffer.alloc(70_000, 'gambar');
    const { message } = await heardOnce(client, await person.sendImage({ bytes, caption: 'foto SK' }));
    expect(message.message?.imageMessage).toMatchObject({ mimetype: 'image/jpeg', caption: 'foto SK' });
    expect((await bytesOf(message)).equals(bytes)).toBe(true);
  });

  it('is a file that cannot be had now, or not any more', async () => {
    const { message } = await heardOnce(client, await person.sendDocument({ bytes: Buffer.from('isi') }));
    api.media.failNext('GET', 503);
    await expect(bytesOf(message)).rejects.toMatchObject({ output: { statusCode: 503 } });
    expect(await bytesOf(message)).toEqual(Buffer.from('isi'));
    api.media.forget();
    await expect(bytesOf(message)).rejects.toMatchObject({ output: { statusCode: 404 } });
  });

  it('is said in a group', async () => {
    const group = api.group([person]);
    const { message } = await heardOnce(client, person.write('halo semua', { group }));
    expect(message.key).toMatchObject({
      ...{ remoteJid: group.jid, participant: person.lid, participantAlt: person.pn },
    });
  });

  it('is shown to everybody', async () => {
    const { message } = await heardOnce(client, person.postStatus('kabar hari ini'));
    expect(message.key).toMatchObject({ remoteJid: 'status@broadcast', participant: person.pn });
  });

  it('comes twice under one id', async () => {
    const id = person.write('sekali');
    await heardOnce(client, id);
    person.repeat(id);
    const both = await heard(client, id, 2);
    expect(both.map(({ message }) => message.message?.conversation)).toEqual(['sekali', 'sekali']);
    expect(() => person.repeat('3A00')).toThrow('has sent nothing with the id 3A00');
  });

  it('comes under an id that was chosen', async () => {
    await heardOnce(client, person.write('halo', { id: '3AFFFFFFFFFFFFFFFFFF' }));
  });
});

describe('what was missed', () => {
  it('comes at the next login, in order and marked as missed', async () => {
    await client.stop();
    const ids = ['satu', 'dua', 'tiga'].map((text) => person.write(text));
    // The three, and the token that the first of them brings.
    expect(api.waiting()).toBe(4);
    await client.open();
    for (const id of ids) expect((await heardOnce(client, id)).type).toBe('append');
    const order = client.heard.map(({ message }) => message.key.id).filter((id) => ids.includes(id ?? ''));
    expect(order).toEqual(ids);
    expect((await heardOnce(client, person.write('empat'))).type).toBe('notify');
  });

  it('comes again until it was confirmed', async () => {
    const id = person.write('halo');
    api.cut();
    await waitFor('the end', () => !api.isOnline());
    expect(api.waiting()).toBeGreaterThan(0);
    await client.open();
    expect((await heard(client, id)).at(-1)?.type).toBe('append');
    await waitFor('the confirmation', () => api.waiting() === 0);
    const times = client.heard.filter(({ message }) => message.key.id === id).length;
    await client.stop();
    await client.open();
    await heardOnce(client, person.write('dan lagi'));
    expect(client.heard.filter(({ message }) => message.key.id === id)).toHaveLength(times);
  });

  it('may be a receipt', async () => {
    const sent = await client.socket.sendMessage(person.pn, { text: 'halo' });
    const id = sent?.key.id ?? '';
    await waitFor('the stanza', () => api.stanzas(person.pn, id)[0]?.isAcknowledged);
    await client.stop();
    person.reads(id);
    await client.open();
    await waitFor('the status', () => client.fate(id).some(({ status }) => status === 4));
  });
});
