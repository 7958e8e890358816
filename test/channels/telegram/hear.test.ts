import type { Message } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import { call } from '../../doubles/telegram/call.js';
import type { Person } from '../../doubles/telegram/people.js';
import { waitFor } from '../../support/wait.js';
import { botOf, heardBy, telegram } from './world.js';

/** What the bot heard of what a person does; another message afterwards shows that nothing else came. */
async function heardOf(deed: (person: Person) => unknown) {
  const api = await telegram();
  const { channel } = botOf(api);
  const { messages, standings } = await heardBy(channel);
  const person = api.person();
  deed(person);
  person.write('sudah');
  await waitFor('the last message', () => messages.at(-1)?.content.kind === 'text' && messages.some(isLast));
  return { api, person, standings, messages: messages.filter((message) => !isLast(message)) };
}

function isLast({ content }: { readonly content: object }): boolean {
  return 'text' in content && content.text === 'sudah';
}

const bytes = new Uint8Array(3000);

describe('what a person sends is understood', () => {
  it.each<[string, (person: Person) => unknown, object]>([
    ['a text', (one) => one.write('cek sk'), { kind: 'text', text: 'cek sk' }],
    ['Start', (one) => one.start(), { kind: 'text', text: 'start' }],
    ['Start from a link', (one) => one.start('x9-_'), { kind: 'text', text: 'start x9-_' }],
    [
      'a word and more from a link',
      (one) => one.start('HADIRKAN_K7M4P2QX'),
      { kind: 'text', text: 'HADIRKAN K7M4P2QX' },
    ],
    ['a command', (one) => one.write('/cek_sk@contoh_bot'), { kind: 'text', text: 'cek sk' }],
    ['a command and more', (one) => one.write('/daftar ya'), { kind: 'text', text: 'daftar ya' }],
    ['no command', (one) => one.write('1/2 tahun'), { kind: 'text', text: '1/2 tahun' }],
    [
      'a place',
      (one) => one.shareLocation(-7.05, 110.4),
      { kind: 'location', latitude: -7.05, longitude: 110.4 },
    ],
    [
      'a photo, by its largest size',
      (one) => one.sendPhoto(bytes, 'SK saya'),
      { kind: 'file', name: null, mime: 'image/jpeg', size: 3000 },
    ],
    [
      'a document',
      (one) => one.sendDocument({ name: 'sk.pdf', mime: 'application/pdf', bytes }),
      { kind: 'file', name: 'sk.pdf', mime: 'application/pdf', size: 3000 },
    ],
    [
      'a voice message',
      (one) => one.sendOther({ voice: { file_id: 'v', file_unique_id: 'v', duration: 2 } }),
      { kind: 'file', ref: 'v', size: null },
    ],
    ['a sticker', (one) => one.sendOther({ sticker: sticker('👍') }), { kind: 'text', text: '👍' }],
    ['a dice', (one) => one.sendOther({ dice: { emoji: '🎲', value: 3 } }), { kind: 'text', text: '' }],
  ])('%s', async (_name, deed, content) => {
    const { messages, person } = await heardOf(deed);
    expect(messages).toMatchObject([{ channel: 'telegram', address: person.address, phone: null, content }]);
  });

  function sticker(emoji: string) {
    const size = { width: 1, height: 1, is_animated: false, is_video: false };
    return { file_id: 's', file_unique_id: 's', type: 'regular' as const, emoji, ...size };
  }

  it('the own number, which is proved, and the card of another, which is words', async () => {
    const { messages, person } = await heardOf((one) => {
      one.shareContact();
      one.shareContact({ phone: '+62 812-0009-9999', userId: one.user.id + 1 });
      one.shareContact({ phone: one.phone });
    });
    expect(messages).toMatchObject([
      { phone: person.phone, content: { kind: 'text', text: person.phone } },
      { phone: null, content: { kind: 'text', text: '+6281200099999' } },
      { phone: null, content: { kind: 'text', text: person.phone } },
    ]);
  });

  it('a press, with the question it belongs to and its words; the button stops waiting', async () => {
    const api = await telegram();
    const { channel } = botOf(api);
    const { messages } = await heardBy(channel);
    const person = api.person();
    const buttons = [
      { label: 'Ya', data: 'q-1:ya' },
      { label: 'Tidak', data: 'q-1:tidak' },
    ];
    await channel.send(
      { id: 'd', address: person.address, message: { text: 'Benar?', buttons } },
      new AbortController().signal,
    );
    expect(person.buttons()).toEqual(['Ya', 'Tidak']);
    const press = person.press('Tidak');
    person.pressForgotten('q-0:lama');
    await waitFor('both presses', () => messages.length === 2);
    expect(messages.map(({ content }) => content)).toEqual([
      { kind: 'choice', question: 'q-1', choice: 'tidak', label: 'Tidak' },
      { kind: 'choice', question: 'q-0', choice: 'lama', label: 'lama' },
    ]);
    if (press === null) return expect.fail('no press');
    await waitFor('the answer', () => api.answered(press) !== null);
  });

  it('but not edits, groups, bots, or notices of Telegram', async () => {
    const { messages, api } = await heardOf((one) => {
      one.edit(1, 'lain');
      one.sendOther({
        pinned_message: { message_id: 1, date: 0, chat: { id: 1, type: 'private', first_name: '' } },
      });
      one.sendOther({ from: { id: 5, is_bot: true, first_name: 'Lain' }, text: 'halo' } as Partial<Message>);
    });
    expect(messages).toEqual([]);
    const group = api.group();
    const { messages: later } = await heardOf((one) => {
      one.writeInGroup(group, 'halo semua');
    });
    expect(later).toEqual([]);
    expect(api.accepted).toEqual([]);
  });
});

it('tells who blocks the bot and who lets it in again', async () => {
  const { standings, person } = await heardOf((one) => {
    one.block();
    one.unblock();
  });
  expect(standings).toMatchObject([
    { address: person.address, blocked: true },
    { address: person.address, blocked: false },
  ]);
});

it('takes an answer within the second of its question as written after it, and none as written in the future', async () => {
  let now = Date.UTC(2026, 10, 25, 1, 0, 0, 400);
  const api = await telegram({ now: () => now });
  const { channel } = botOf(api, { now: () => new Date(now) });
  const { messages } = await heardBy(channel);
  const person = api.person();
  await call(api, 'getMe');
  person.write('cepat', { date: Math.floor(now / 1000) });
  await waitFor('the first', () => messages.length === 1);
  now += 5_000;
  person.write('lama', { date: Math.floor(now / 1000) - 2 });
  await waitFor('the second', () => messages.length === 2);
  expect(messages.map(({ writtenAt }) => writtenAt.toISOString().slice(14))).toEqual([
    '00:00.400Z',
    '00:03.999Z',
  ]);
});
