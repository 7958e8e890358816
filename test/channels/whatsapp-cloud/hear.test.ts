import { describe, expect, it } from 'vitest';
import type { Person } from '../../doubles/whatsapp-cloud/people.js';
import { waitFor } from '../../support/wait.js';
import { cloud, heardBy, numberOf } from './world.js';

/** What the number heard of what a person does; another message afterwards shows that nothing else came. */
async function heardOf(
  deed: (person: Person) => unknown,
  profile: Parameters<Awaited<ReturnType<typeof cloud>>['person']>[0] = {},
) {
  const api = await cloud();
  const { channel, faults } = numberOf(api);
  const all = await heardBy(api, channel);
  const person = api.person(profile);
  deed(person);
  person.write('sudah');
  await waitFor('the last message', () => all.messages.some(isLast) && api.webhook.pending === 0);
  return { ...all, api, person, faults, messages: all.messages.filter((message) => !isLast(message)) };
}

function isLast({ content }: { readonly content: object }): boolean {
  return 'text' in content && content.text === 'sudah';
}

const bytes = new Uint8Array(3000);
const file = (name: string | null, mime: string) => ({ kind: 'file', name, mime, size: null });

describe('what a person sends is understood', () => {
  it.each<[string, (person: Person) => unknown, object]>([
    ['a text', (one) => one.write('cek sk'), { kind: 'text', text: 'cek sk' }],
    [
      'a place',
      (one) => one.shareLocation(-7.05, 110.4),
      { kind: 'location', latitude: -7.05, longitude: 110.4 },
    ],
    [
      'a photo, whatever is written under it',
      (one) => one.sendPhoto(bytes, 'SK saya'),
      file(null, 'image/jpeg'),
    ],
    ['a document', (one) => one.sendDocument({ name: 'sk.pdf', bytes }), file('sk.pdf', 'application/pdf')],
    [
      'a voice message',
      (one) => one.send('audio', { audio: { id: '9', mime_type: 'audio/ogg', voice: true } }),
      file(null, 'audio/ogg'),
    ],
    [
      'a card, which proves nothing',
      (one) => one.shareContact('+62 812-0009-9999', '6281200099999'),
      { kind: 'text', text: '+6281200099999' },
    ],
    [
      'a card of somebody without WhatsApp',
      (one) => one.shareContact('0812-0009-9999'),
      { kind: 'text', text: '0812-0009-9999' },
    ],
    [
      'a sticker',
      (one) => one.send('sticker', { sticker: { id: '9', mime_type: 'image/webp' } }),
      { kind: 'text', text: '' },
    ],
    [
      'what the API cannot hand over',
      (one) => one.send('unsupported', { errors: [{ code: 131051 }] }),
      { kind: 'text', text: '' },
    ],
    [
      'the button of a template',
      (one) => one.send('button', { button: { payload: 'q-1:ya', text: 'Ya' } }),
      { kind: 'choice', question: 'q-1', choice: 'ya', label: 'Ya' },
    ],
    [
      'a button that is none of ours',
      (one) => one.send('button', { button: { payload: 'Ya', text: 'Ya' } }),
      { kind: 'text', text: 'Ya' },
    ],
  ])('%s', async (_name, deed, content) => {
    const { messages, person, receipts, faults } = await heardOf(deed);
    const { address, phone } = person;
    expect(messages).toMatchObject([{ channel: 'whatsapp-cloud', address, phone, content }]);
    expect([receipts, faults]).toEqual([[], []]);
  });

  it('buttons and lists, with the question they belong to', async () => {
    const api = await cloud();
    const { channel } = numberOf(api);
    const { messages } = await heardBy(api, channel);
    const person = api.person();
    const send = (text: string, data: readonly string[], list?: true) => {
      const buttons = data.map((label) => ({ label, data: `q-1:${label}` }));
      const message = { text, buttons, ...(list === undefined ? {} : { list }) };
      return channel.send({ id: 'd', address: person.address, message }, new AbortController().signal);
    };
    await send('Benar?', ['Ya', 'Tidak']);
    person.press('Tidak');
    await send('Yang mana?', ['Satu', 'Dua', 'Tiga', 'Empat'], true);
    expect(
      person
        .shown()
        .at(-1)
        ?.taps.map(({ kind }) => kind),
    ).toEqual(['row', 'row', 'row', 'row']);
    person.press('Empat');
    await waitFor('both', () => messages.length === 2);
    expect(messages.map(({ content }) => content)).toEqual([
      { kind: 'choice', question: 'q-1', choice: 'Tidak', label: 'Tidak' },
      { kind: 'choice', question: 'q-1', choice: 'Empat', label: 'Empat' },
    ]);
  });

  it('but not reactions, changes, groups, echoes, or what is said to other numbers', async () => {
    const { messages, faults } = await heardOf((one) => {
      one.react('👍', 'wamid.x');
      one.send('edit', { edit: { original_message_id: 'wamid.x' } });
      one.send('revoke', { revoke: { original_message_id: 'wamid.x' } });
      one.send('text', { group_id: 'g', text: { body: 'halo semua' } });
    });
    expect([messages, faults]).toEqual([[], []]);
    const api = await cloud();
    const { channel } = numberOf(api);
    const heard = await heardBy(api, channel);
    const from = {
      from: '6281200099999',
      id: 'wamid.y',
      timestamp: '1',
      type: 'text',
      text: { body: 'halo' },
    };
    const metadata = { display_phone_number: '1', phone_number_id: '990000000000009' };
    api.tell('other', 'messages', { metadata, messages: [from] });
    api.tell('echo', 'smb_message_echoes', { message_echoes: [from] });
    api.tell('news', 'message_template_status_update', { event: 'APPROVED' });
    await waitFor('all of it', () => api.webhook.pending === 0);
    expect(heard.messages).toEqual([]);
    expect(api.webhook.answers).toEqual([200, 200, 200]);
  });
});

describe('a person is known by a number, a user id, or both', () => {
  const userId = 'ID.Contoh990000000001';

  it('by the number alone', async () => {
    const { messages, moves, person } = await heardOf((one) => one.write('halo'));
    expect(messages).toMatchObject([{ address: person.profile.waId, phone: `+${person.profile.waId}` }]);
    expect(moves).toEqual([]);
  });

  it('by both: the user id is the address, the number is proved, and who was known by it moves', async () => {
    const { messages, moves, person } = await heardOf((one) => one.write('halo'), { userId });
    const phone = `+${person.profile.waId}`;
    expect(messages).toMatchObject([{ address: userId, phone }]);
    expect(moves).toMatchObject([{ from: person.profile.waId, to: userId, phone }]);
  });

  it('by the user id alone, which is left as it is', async () => {
    const { messages, moves } = await heardOf((one) => one.write('halo'), { userId, hidesNumber: true });
    expect(messages).toMatchObject([{ address: userId, phone: null }]);
    expect(moves).toEqual([]);
  });

  it('by what the call says of its only person, when the message names nobody', async () => {
    const api = await cloud();
    const { channel } = numberOf(api);
    const { messages } = await heardBy(api, channel);
    const message = { id: 'wamid.z', timestamp: '1790000000', type: 'text', text: { body: 'halo' } };
    const [one, other] = [{ user_id: userId }, { user_id: 'ID.B' }];
    api.tell('a', 'messages', { contacts: [one], messages: [message] });
    api.tell('b', 'messages', { contacts: [one, other], messages: [{ ...message, id: 'wamid.w' }] });
    await waitFor('both', () => api.webhook.answers.length === 2);
    expect(messages.map(({ address, phone }) => [address, phone])).toEqual([[userId, null]]);
  });

  it('and is written to by the same', async () => {
    const api = await cloud();
    const { channel } = numberOf(api);
    const people = [api.person(), api.person({ userId }), api.person({ waId: null, userId: 'ID.B' })];
    for (const { address } of people)
      await channel.send(
        { id: 'd', address, message: { text: 'Halo.', buttons: [] } },
        new AbortController().signal,
      );
    expect(people.map((person) => person.texts())).toEqual([['Halo.'], ['Halo.'], ['Halo.']]);
  });

  it('a new number is told with what it was before, and proves the new one only when it is shown', async () => {
    const shown = await heardOf((one) => one.changeNumber('6281200029999', 'ID.B'), { userId });
    const old = { from: userId, to: 'ID.B', phone: '+6281200029999' };
    expect(shown.moves.slice(0, 2)).toMatchObject([old, { ...old, from: '6281200020000' }]);
    expect(shown.messages).toEqual([]);
    const hidden = await heardOf((one) => one.changeNumber('6281200029999', 'ID.B'), {
      userId,
      hidesNumber: true,
    });
    expect(hidden.moves).toMatchObject([{ from: userId, to: 'ID.B', phone: null }]);
  });
});

it('tells who takes no advertising any more, by either name', async () => {
  const { preferences, person } = await heardOf(
    (one) => {
      one.setMarketing(false);
      one.setMarketing(true);
    },
    { userId: 'ID.A' },
  );
  const { waId } = person.profile;
  expect(preferences.map(({ address, takesMarketing }) => [address, takesMarketing])).toEqual([
    ['ID.A', false],
    [waId, false],
    ['ID.A', true],
    [waId, true],
  ]);
});

it('tells what became of a message, under our own id of it, and why it failed', async () => {
  const api = await cloud();
  const { channel } = numberOf(api);
  const { receipts } = await heardBy(api, channel);
  const id = '00000000-0000-4000-8000-00000000000a';
  const { address } = api.person();
  const { providerId } = await channel.send(
    { id, address, message: { text: 'a', buttons: [] } },
    new AbortController().signal,
  );
  const [shown] = api.accepted;
  if (shown === undefined) return expect.fail('nothing was taken');
  for (const status of ['sent', 'delivered', 'read'] as const)
    api.report(shown, status, { timestamp: 1_790_000_000 });
  api.report(shown, 'failed', { error: 131026 });
  api.report(shown, 'failed', { error: 999_999 });
  api.report({ ...shown, opaque: 'of another program' }, 'failed');
  await waitFor('all of it', () => receipts.length === 6);
  const own = { account: channel.account, providerId, parcelId: id };
  expect(receipts).toMatchObject([
    { ...own, kind: 'accepted', at: new Date(1_790_000_000_000) },
    { ...own, kind: 'delivered' },
    { ...own, kind: 'read' },
    { ...own, kind: 'failed', fault: { kind: 'permanent', code: 'undeliverable' } },
    { ...own, kind: 'failed', fault: { kind: 'permanent', code: 'error-999999' } },
    { ...own, parcelId: null, kind: 'failed', fault: { kind: 'ambiguous', code: 'api' } },
  ]);
});
