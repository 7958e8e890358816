import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { channelCapabilities } from '../../src/flow/capabilities.js';
import { type Message, saying } from '../../src/flow/message.js';
import { insertAttachment } from '../../src/store/attachments.js';
import { run } from '../../src/store/statement.js';
import { waitFor } from '../support/wait.js';
import { type FakeChannel, fakeChannel, fault, openRig, type Person, type Rig } from './rig.js';

const bytes = Buffer.from('isi foto');

/** A photo that is kept for a person, in a message to another. */
async function photoFor(rig: Rig, { contactId }: Person, text = 'Ini fotonya.'): Promise<Message> {
  const content = randomUUID();
  const { fileStore, pool } = rig;
  const file = fileStore.nameOf(bytes);
  await fileStore.put(file, bytes);
  const kept = { id: content, contactId, inboundId: randomUUID(), type: 'jpeg', size: bytes.length };
  await run(pool, insertAttachment({ ...kept, name: null, file, at: rig.now() }));
  const photo = { kind: 'photo', content, mime: 'image/jpeg', name: 'foto.jpg', size: bytes.length } as const;
  return { ...saying(text), enclosure: photo };
}

async function ended(rig: Rig, channel: FakeChannel, message: Message, person: Person) {
  const id = await rig.reply(person, message);
  const delivery = rig.deliver([channel]);
  delivery.start();
  await waitFor('the end of all', async () => {
    const rows = await rig.rows();
    return rows.every(({ state }) => ['accepted', 'failed', 'unknown'].includes(state));
  });
  await delivery.stop();
  const others = (await rig.rows()).filter((row) => row.id !== id);
  return { row: await rig.row(id), others };
}

const apology = 'Mohon maaf, ada foto yang tidak dapat kami kirimkan ke sini.';

it('a file is read when its message is sent, and goes out with its words', async () => {
  const rig = await openRig('postgres');
  const person = await rig.person();
  const channel = fakeChannel();
  const { row, others } = await ended(rig, channel, await photoFor(rig, person), person);
  expect([row.state, others]).toEqual(['accepted', []]);
  expect(channel.shown).toMatchObject([
    { message: { text: 'Ini fotonya.' }, file: { kind: 'photo', mime: 'image/jpeg', name: 'foto.jpg' } },
  ]);
  expect(Buffer.from(channel.shown[0]?.file?.bytes ?? [])).toEqual(bytes);
});

it('a file that is missing on the disk is left out as one that was erased, and nothing fails', async () => {
  const rig = await openRig('postgres');
  const person = await rig.person();
  const message = await photoFor(rig, person);
  rmSync(rig.fileStore.folder, { recursive: true });
  const channel = fakeChannel();
  const { row, others } = await ended(rig, channel, message, person);
  expect(row).toMatchObject({ state: 'failed', code: 'file-gone' });
  expect(others).toMatchObject([{ state: 'accepted', cause: row.id }]);
  expect(channel.texts()).toEqual([`${apology}\n\nIni fotonya.`]);
});

it('a file that was erased is left out: the row says why, and the words are sent', async () => {
  const rig = await openRig('postgres');
  const person = await rig.person();
  const message = await photoFor(rig, person);
  await rig.pool.query('DELETE FROM attachment');
  const channel = fakeChannel();
  const { row, others } = await ended(rig, channel, message, person);
  expect(row).toMatchObject({ state: 'failed', code: 'file-gone' });
  expect(others).toMatchObject([{ state: 'accepted', cause: row.id }]);
  expect(channel.texts()).toEqual([`${apology}\n\nIni fotonya.`]);
});

it.each([
  ['file-type', { mime: 'image/heic' }],
  ['file-too-large', { size: 200 * 1024 * 1024 }],
])('a file that the channel never takes is not even tried (%s)', async (code, wrong) => {
  const rig = await openRig('postgres');
  const person = await rig.person();
  const { enclosure, ...message } = await photoFor(rig, person, '');
  if (enclosure === undefined) return expect.fail('it has a photo');
  const channel = { ...fakeChannel(), capabilities: channelCapabilities['whatsapp-cloud'] };
  const whole = { ...message, enclosure: { ...enclosure, ...wrong } };
  const { row } = await ended(rig, channel, whole, person);
  expect(row).toMatchObject({ state: 'failed', code });
  expect(channel.texts()).toEqual([apology]);
});

it('what the provider refuses because of its file is sent without it, also after nobody knew of the first try', async () => {
  const rig = await openRig('postgres');
  const person = await rig.person();
  const channel = fakeChannel({
    sameId: false,
    before: ({ file }, call) => {
      if (call === 1) throw fault({ kind: 'ambiguous', code: 'cut' });
      if (file !== undefined) throw fault({ kind: 'file', code: 'photo' });
    },
  });
  const { row, others } = await ended(rig, channel, await photoFor(rig, person), person);
  expect(row.state).toBe('unknown');
  expect(others.map(({ state, code }) => [state, code])).toEqual([
    ['failed', 'photo'],
    ['accepted', null],
  ]);
  expect(channel.texts()).toEqual([`${apology}\n\nMaaf, sempat terputus.\n\nIni fotonya.`]);
});
