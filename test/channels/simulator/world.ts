import { randomUUID } from 'node:crypto';
import { createSimulator } from '../../../src/channels/simulator/channel.js';
import type { SimulatorPhones, SimulatorProvider } from '../../../src/channels/simulator/port.js';
import type { ChannelWorld } from '../contract.js';

/** The simulator as the contract suite wants a channel. */
export function simulatorWorld(
  store: SimulatorPhones & SimulatorProvider,
  end: () => Promise<void>,
): ChannelWorld {
  let people = 0;
  return {
    channel: createSimulator(store, { account: 'simulator' }),
    newAddress: async () => (await store.addPerson(`orang-${people++}-${randomUUID().slice(0, 8)}`)).value,
    personSays: async (address, messageId, text) => {
      const { id } = await store.addPerson(address);
      await store.say(id, messageId, { text });
    },
    personSends: async (address, messageId, { name, bytes }) => {
      const { id } = await store.addPerson(address);
      await store.sendFile(id, messageId, { name, mime: 'image/jpeg', bytes });
    },
    files: async (address) => {
      const { id } = await store.addPerson(address);
      const shown = (await store.screen(id, 0)).map(async (bubble) => {
        const file = bubble.fromBot ? await store.openFile(id, bubble.messageId) : null;
        return file === null || !bubble.fromBot ? [] : [{ ...file, text: bubble.body.text }];
      });
      return (await Promise.all(shown)).flat();
    },
    shown: async (address) => {
      const { id } = await store.addPerson(address);
      const bubbles = await store.screen(id, 0);
      return bubbles.flatMap((bubble) => (bubble.fromBot ? [bubble.body.text] : []));
    },
    end,
  };
}
