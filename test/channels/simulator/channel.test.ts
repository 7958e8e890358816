import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Channel, InboundMessage } from '../../../src/channels/contract.js';
import { createSimulator } from '../../../src/channels/simulator/channel.js';
import { personValue, type Said } from '../../../src/channels/simulator/port.js';
import { channelContract, hearing } from '../contract.js';
import { memorySimulator } from './memory.js';
import { simulatorWorld } from './world.js';

channelContract('simulator in memory', async () => simulatorWorld(memorySimulator(), async () => {}));

describe('what the bot receives', () => {
  let channel: Channel | null = null;
  afterEach(async () => channel?.close());

  async function received(value: string, said: Said): Promise<InboundMessage> {
    const store = memorySimulator();
    channel = createSimulator(store, { account: 'simulator' });
    const { id } = await store.addPerson(value);
    const messages: InboundMessage[] = [];
    await channel.open(hearing(async (message) => void messages.push(message)));
    await store.say(id, randomUUID(), said);
    return vi.waitFor(() => messages[0] ?? expect.fail('nothing came'), 4_000);
  }

  it('proves a phone number and nothing else', async () => {
    expect(await received('+6281234567890', { text: 'menu' })).toMatchObject({ phone: '+6281234567890' });
    expect(await received('tanpa-nomor-1', { text: 'menu' })).toMatchObject({
      phone: null,
      address: 'tanpa-nomor-1',
    });
  });

  it.each([
    ['a text', { text: 'cek sk' }, { kind: 'text', text: 'cek sk' }],
    [
      'a button',
      { button: { data: 'q-1:hadir', label: 'Hadir' } },
      { kind: 'choice', question: 'q-1', choice: 'hadir', label: 'Hadir' },
    ],
    [
      'a place',
      { location: { latitude: -7.05, longitude: 110.4 } },
      { kind: 'location', latitude: -7.05, longitude: 110.4 },
    ],
    [
      'a button that no question wrote',
      { button: { data: 'x', label: 'Hadir' } },
      { kind: 'text', text: 'Hadir' },
    ],
  ])('understands %s', async (_name, said: Said, content) => {
    expect((await received('budi', said)).content).toEqual(content);
  });
});

describe('sending', () => {
  const parcel = (address: string) => ({
    id: randomUUID(),
    address,
    message: { text: 'Halo.', buttons: [] },
  });

  it('is a permanent fault to an address nobody has', async () => {
    const channel = createSimulator(memorySimulator(), { account: 'simulator' });
    await expect(channel.send(parcel('siapa'), new AbortController().signal)).rejects.toMatchObject({
      fault: { kind: 'permanent' },
    });
  });

  it('is ambiguous when the storage failed or time ran out in between', async () => {
    const failing = { ...memorySimulator(), show: async () => Promise.reject(new Error('gone')) };
    await expect(
      createSimulator(failing, { account: 'simulator' }).send(parcel('budi'), new AbortController().signal),
    ).rejects.toMatchObject({ fault: { kind: 'ambiguous', code: 'database' } });

    const hanging = { ...memorySimulator(), show: () => new Promise<boolean>(() => {}) };
    const stop = new AbortController();
    const sent = createSimulator(hanging, { account: 'simulator' }).send(parcel('budi'), stop.signal);
    stop.abort();
    await expect(sent).rejects.toMatchObject({ fault: { kind: 'ambiguous', code: 'aborted' } });
  });
});

it.each([
  ['0812-3456 7890', '+6281234567890'],
  ['6281234567890', '+6281234567890'],
  ['+62 812 3456 7890', '+6281234567890'],
  ['tanpa-nomor-1', 'tanpa-nomor-1'],
  ['<b>', null],
  ['', null],
  ['12', null],
])('reads %j as a person', (typed, value) => {
  expect(personValue(typed)).toBe(value);
});
