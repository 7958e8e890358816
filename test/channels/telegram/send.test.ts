import { describe, expect, it } from 'vitest';
import type { Rendered } from '../../../src/flow/render.js';
import type { Fault } from '../../doubles/telegram/faults.js';
import { Refusal, refuse, tooMany } from '../../doubles/telegram/refusal.js';
import { waitFor } from '../../support/wait.js';
import { botOf, heardBy, telegram } from './world.js';

const never = () => new AbortController().signal;
const now = new Date(Date.UTC(2026, 10, 25, 1));
const parcel = (address: string, message: Rendered = { text: 'Halo.', buttons: [] }) => ({
  ...{ id: 'd-1', address, message },
});

it('shows bold by its place, counted as Telegram counts, and every button in a row of its own', async () => {
  const api = await telegram();
  const person = api.person();
  const text = 'Halo 🙂 *Sri Contohwati*, 2*3*4.\n\n1. *Ya*';
  const buttons = [
    { label: 'Ya', data: 'q:ya' },
    { label: 'Tidak', data: 'q:tidak' },
  ];
  const { providerId } = await botOf(api).channel.send(parcel(person.address, { text, buttons }), never());
  const [shown] = person.shown();
  expect(shown).toMatchObject({
    text: 'Halo 🙂 Sri Contohwati, 2*3*4.\n\n1. Ya',
    entities: [
      { type: 'bold', offset: 8, length: 14 },
      { type: 'bold', offset: 35, length: 2 },
    ],
    reply_markup: {
      inline_keyboard: [
        [{ text: 'Ya', callback_data: 'q:ya' }],
        [{ text: 'Tidak', callback_data: 'q:tidak' }],
      ],
    },
  });
  expect(providerId).toBe(`${person.address}:${shown?.message_id}`);
});

it('offers to share the own number at one tap, and the choices beside it', async () => {
  const api = await telegram();
  const person = api.person();
  const { channel } = botOf(api);
  const { messages } = await heardBy(channel);
  const buttons = [{ label: 'Lewati dulu', data: 'q:-' }];
  const message = { text: 'Berapa nomornya?', buttons, share: 'number' } as const;
  await channel.send(parcel(person.address, message), never());
  expect(person.keys()).toEqual(['📱 Bagikan nomor saya', 'Lewati dulu']);
  person.tapKey('📱 Bagikan nomor saya');
  await channel.send(parcel(person.address, { ...message, share: 'place' }), never());
  person.tapKey('Lewati dulu');
  await waitFor('both', () => messages.length === 2);
  expect(messages).toMatchObject([
    { phone: person.phone },
    { phone: null, content: { kind: 'text', text: 'Lewati dulu' } },
  ]);
});

it('takes the button to share something away again, whether it was used or not', async () => {
  const api = await telegram();
  const [person, other] = [api.person(), api.person()];
  const { channel } = botOf(api);
  const buttons = [{ label: 'Ya', data: 'q:ya' }];
  const asking = { text: 'Berapa nomornya?', buttons: [], share: 'number' } as const;
  const choosing = { text: 'Benar?\n\n1. Ya', buttons };
  await channel.send(parcel(person.address, asking), never());
  await channel.send(parcel(person.address), never());
  expect(person.keys()).toEqual([]);
  await channel.send(parcel(person.address, asking), never());
  await channel.send(parcel(other.address, choosing), never());
  expect([person.keys().length, other.buttons()]).toEqual([1, ['Ya']]);
  // A message has one keyboard: the choices stand in its text, and from the next one on as buttons again.
  await channel.send(parcel(person.address, choosing), never());
  expect([person.keys(), person.buttons()]).toEqual([[], []]);
  const { channel: another } = botOf(api);
  await another.send(parcel(other.address, asking), never());
  await channel.send(parcel(other.address, choosing), never());
  expect([other.keys().length, other.buttons()]).toEqual([1, ['Ya']]);
  await channel.send(parcel(other.address), never());
  expect(other.keys()).toEqual([]);
});

describe('a file', () => {
  const jpeg = { kind: 'photo', mime: 'image/jpeg', name: 'foto.jpg' } as const;

  it('has bold words under it', async () => {
    const api = await telegram();
    const person = api.person();
    const file = { ...jpeg, bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) };
    await botOf(api).channel.send(
      { ...parcel(person.address, { text: 'Dari *petugas*.', buttons: [] }), file },
      never(),
    );
    expect(person.shown()).toMatchObject([
      { caption: 'Dari petugas.', caption_entities: [{ type: 'bold', offset: 5, length: 7 }] },
    ]);
  });

  it('that Telegram can make no photo of goes as a document, once', async () => {
    const api = await telegram();
    const person = api.person();
    const file = { ...jpeg, name: 'foto; "baru".jpg', bytes: Buffer.from('bukan gambar') };
    await botOf(api).channel.send({ ...parcel(person.address), file }, never());
    expect(person.files()).toMatchObject([{ kind: 'document', name: 'foto_ _baru_.jpg', text: 'Halo.' }]);
    expect([api.calls('sendPhoto').length, api.calls('sendDocument').length]).toEqual([1, 1]);
  });

  it.each<[string, Fault]>([
    ['is too large', { kind: 'refuse', refusal: new Refusal(413, 'Request Entity Too Large') }],
    ['is refused as a document too', { kind: 'refuse', refusal: refuse(400, 'IMAGE_PROCESS_FAILED') }],
  ])('that %s says that it is the file', async (_name, fault) => {
    const api = await telegram();
    api.faults.next('sendDocument', fault);
    const file = { ...jpeg, kind: 'document', bytes: Buffer.from('x') } as const;
    const sent = botOf(api).channel.send({ ...parcel(api.person().address), file }, never());
    await expect(sent).rejects.toMatchObject({ fault: { kind: 'file' } });
  });

  it('of which nobody knows whether it came is not sent again here', async () => {
    const api = await telegram();
    const person = api.person();
    api.faults.next('sendPhoto', { kind: 'reset', when: 'after' });
    const file = { ...jpeg, bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) };
    const sent = botOf(api).channel.send({ ...parcel(person.address), file }, never());
    await expect(sent).rejects.toMatchObject({ fault: { kind: 'ambiguous' } });
    expect(person.files()).toHaveLength(1);
  });
});

describe('a send that fails says what that means', () => {
  const until = (ms: number) => new Date(now.getTime() + ms);
  it.each<[string, Fault, object]>([
    ['blocked', refused(403, 'bot was blocked by the user'), { kind: 'permanent', code: 'blocked' }],
    ['deactivated', refused(403, 'user is deactivated'), { kind: 'permanent', code: 'deactivated' }],
    [
      'never started',
      refused(403, "bot can't initiate conversation with a user"),
      { kind: 'permanent', code: 'never-started' },
    ],
    ['any other 403', refused(403, 'something new'), { kind: 'permanent', code: 'http-403' }],
    ['no such chat', refused(400, 'chat not found'), { kind: 'permanent', code: 'no-such-chat' }],
    [
      'moved',
      refused(400, 'group chat was upgraded to a supergroup chat'),
      { kind: 'permanent', code: 'moved' },
    ],
    [
      '429',
      { kind: 'refuse', refusal: tooMany(7) },
      { kind: 'throttled', until: until(7_000), code: 'http-429' },
    ],
    ['too long', refused(400, 'message is too long'), { kind: 'bug', code: 'text-too-long' }],
    ['entities', refused(400, "can't parse entities: Sri"), { kind: 'bug', code: 'entities' }],
    ['button', refused(400, 'BUTTON_DATA_INVALID'), { kind: 'bug', code: 'button' }],
    ['any other 400', refused(400, 'something new'), { kind: 'bug', code: 'http-400' }],
    ['token', refused(401), { kind: 'stopped', code: 'token-refused' }],
    ['no token', refused(404), { kind: 'stopped', code: 'token-refused' }],
    ['500', refused(500), { kind: 'ambiguous', code: 'http-500' }],
    ['a gateway page', { kind: 'page', status: 502 }, { kind: 'ambiguous', code: 'invalid-json' }],
    ['reset before', { kind: 'reset', when: 'before' }, { kind: 'ambiguous', code: 'ECONNRESET' }],
    ['reset after', { kind: 'reset', when: 'after' }, { kind: 'ambiguous', code: 'ECONNRESET' }],
  ])('%s', async (_name, fault, expected) => {
    const api = await telegram();
    api.faults.next('sendMessage', fault);
    const { channel } = botOf(api, { now: () => now });
    const sent = channel.send(parcel(api.person().address), never());
    await expect(sent).rejects.toMatchObject({ name: 'ChannelError', fault: expected });
    // Never tried again by itself: who decides that is the delivery.
    expect(api.calls('sendMessage')).toHaveLength(1);
  });

  it('too many to one chat, which waits by itself: Telegram would keep the whole bot waiting', async () => {
    const api = await telegram();
    const [fast, other] = [api.person(), api.person()];
    const { channel } = botOf(api, { now: () => now });
    for (let at = 0; at < 4; at += 1) await channel.send(parcel(fast.address), never());
    await expect(channel.send(parcel(fast.address), never())).rejects.toMatchObject({
      fault: { kind: 'throttled', until: until(1_000), code: 'chat-rate', waits: 'address' },
    });
    await channel.send(parcel(other.address), never());
    expect(api.calls('sendMessage')).toHaveLength(5);
  });

  function refused(code: number, sentence = ''): Fault {
    return { kind: 'refuse', refusal: refuse(code, sentence) };
  }

  it('no answer in time', async () => {
    const api = await telegram();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    api.faults.next('sendMessage', { kind: 'slow', until: held });
    const stop = new AbortController();
    const sent = botOf(api).channel.send(parcel(api.person().address), stop.signal);
    stop.abort();
    await expect(sent).rejects.toMatchObject({ fault: { kind: 'ambiguous', code: 'aborted' } });
    release();
  });

  it('nobody listens: nothing was sent, so nothing is uncertain', async () => {
    const api = await telegram();
    const { channel } = botOf(api, { now: () => now });
    const { address } = api.person();
    await api.goAway();
    await expect(channel.send(parcel(address), never())).rejects.toMatchObject({
      fault: { kind: 'throttled', until: until(5_000), code: 'ECONNREFUSED' },
    });
    await api.comeBack();
    await channel.send(parcel(address), never());
  });
});
