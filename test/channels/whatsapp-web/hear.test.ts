import { proto, type WAMessage } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { hear, lidAlone } from '../../../src/channels/whatsapp-web/hear.js';
import { foldedReports, reportsOf } from '../../../src/channels/whatsapp-web/reports.js';

const now = 1_772_420_000;
const pn = '6281200000007@s.whatsapp.net';
const lid = '99000000000007@lid';

function arrival(
  message: proto.IMessage | null,
  key: Partial<WAMessage['key']> = {},
  more: { readonly type?: 'notify' | 'append'; readonly at?: number } = {},
) {
  const whole: WAMessage = {
    key: { remoteJid: pn, id: 'A1', fromMe: false, ...key },
    ...(message === null ? {} : { message }),
    messageTimestamp: more.at ?? now,
  };
  return { message: whole, type: more.type ?? ('notify' as const) };
}

const heard = (...given: Parameters<typeof arrival>) => hear(arrival(...given), now, null);

describe('what a person says', () => {
  const text = (words: string) => ({ kind: 'text', text: words });
  it.each<[string, proto.IMessage, object]>([
    ['text', { conversation: 'halo' }, text('halo')],
    ['an answer to a message', { extendedTextMessage: { text: 'halo' } }, text('halo')],
    [
      'text that vanishes',
      { ephemeralMessage: { message: { extendedTextMessage: { text: 'halo' } } } },
      text('halo'),
    ],
    [
      'a place',
      { locationMessage: { degreesLatitude: -7.1, degreesLongitude: 110.4 } },
      { kind: 'location', latitude: -7.1, longitude: 110.4 },
    ],
    [
      'a card with its number on WhatsApp',
      { contactMessage: { vcard: 'TEL;type=CELL;waid=6281200000009:+62 812-0000-0009' } },
      text('+6281200000009'),
    ],
    [
      'a card with a plain number',
      { contactMessage: { vcard: 'TEL:+62 812-0000-0009' } },
      text('+6281200000009'),
    ],
    ['a card without a number', { contactMessage: { vcard: 'FN:Contoh' } }, text('')],
    ['a poll', { pollCreationMessage: { name: 'Hadir?' } }, text('')],
  ])('%s', (_name, message, content) => {
    expect(heard(message)).toEqual({ chat: pn, participant: '', id: 'A1', pn, lid: null, content, at: now });
  });

  it.each([
    [Number.NaN, 110],
    [-7, Number.POSITIVE_INFINITY],
    [-91, 110],
  ])('nothing, where the place is none: %d, %d', (degreesLatitude, degreesLongitude) => {
    expect(heard({ locationMessage: { degreesLatitude, degreesLongitude } })).toBeNull();
  });

  it('a file, by what finds it again, without its preview', () => {
    const imageMessage = {
      ...{ url: 'https://mmg.whatsapp.net/x', mimetype: 'image/jpeg', fileLength: 3000 },
      jpegThumbnail: Buffer.alloc(9_000),
    };
    const said = heard({ imageMessage });
    expect(said?.content).toMatchObject({ kind: 'file', mime: 'image/jpeg', size: 3000, name: null });
    expect(said?.content.kind === 'file' && said.content.ref.length).toBeLessThan(300);
  });

  it.each<[string, ...Parameters<typeof arrival>]>([
    ['our own', { conversation: 'halo' }, { fromMe: true }],
    ['a group', { conversation: 'halo' }, { remoteJid: '1203@g.us', participant: pn }],
    ['a status', { conversation: 'halo' }, { remoteJid: 'status@broadcast', participant: pn }],
    ['a channel', { conversation: 'halo' }, { remoteJid: '1@newsletter' }],
    ['a reaction', { reactionMessage: { text: '👍' } }],
    ['an edit', { protocolMessage: { type: proto.Message.ProtocolMessage.Type.MESSAGE_EDIT } }],
    ['a deletion', { protocolMessage: { type: proto.Message.ProtocolMessage.Type.REVOKE } }],
    ['what could not be read', null],
    ['one of a history', { conversation: 'halo' }, {}, { type: 'append', at: now - 8 * 86_400 }],
  ])('is let go: %s', (_name, ...given) => {
    expect(heard(...given)).toBeNull();
  });

  it('is heard when it was missed while nobody was there', () => {
    expect(heard({ conversation: 'halo' }, {}, { type: 'append', at: now - 3_600 })).not.toBeNull();
  });
});

describe('both addresses of a person', () => {
  const both = { pn, lid };
  it.each<[string, Partial<WAMessage['key']>, string | null, object]>([
    ['by number, with the other beside it', { remoteJidAlt: lid }, null, both],
    ['by privacy address, with the number', { remoteJid: lid, remoteJidAlt: pn }, null, both],
    ['by privacy address alone', { remoteJid: lid }, null, { pn: null, lid }],
    ['the same, the number known from before', { remoteJid: lid }, '6281200000007:3@s.whatsapp.net', both],
    ['with a device', { remoteJid: '6281200000007:3@s.whatsapp.net' }, null, { pn, lid: null }],
  ])('%s', (_name, key, known, addresses) => {
    expect(hear(arrival({ conversation: 'halo' }, key), now, known)).toMatchObject(addresses);
  });

  it('the client is asked only where no number came along', () => {
    const of = (key: Partial<WAMessage['key']>) => lidAlone(arrival({}, key).message);
    expect([of({}), of({ remoteJid: lid }), of({ remoteJid: lid, remoteJidAlt: pn })]).toEqual([
      null,
      lid,
      null,
    ]);
  });
});

describe('how far messages of ours got', () => {
  const { Status } = proto.WebMessageInfo;
  const key = { remoteJid: pn, id: '3EB0A', fromMe: true };
  it.each([
    ['pending', Status.PENDING, []],
    ['at the server', Status.SERVER_ACK, []],
    ['refused', Status.ERROR, []],
    ['delivered', Status.DELIVERY_ACK, [{ id: '3EB0A', kind: 'delivered', at: 7 }]],
    ['read', Status.READ, [{ id: '3EB0A', kind: 'read', at: 7 }]],
    ['played', Status.PLAYED, [{ id: '3EB0A', kind: 'read', at: 7 }]],
  ])('%s', (_name, status, reports) => {
    expect(reportsOf([{ key, update: { status, messageTimestamp: 7 } }], now)).toEqual(reports);
    expect(foldedReports([{ key, status }], 7)).toEqual(reports);
    expect(reportsOf([{ key: { ...key, fromMe: false }, update: { status } }], now)).toEqual([]);
  });
});
