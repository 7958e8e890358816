import { onTestFinished } from 'vitest';
import type {
  Channel,
  InboundMessage,
  Listener,
  Move,
  Preference,
  Receipt,
} from '../../../src/channels/contract.js';
import { type CloudOptions, createWhatsAppCloud } from '../../../src/channels/whatsapp-cloud/channel.js';
import { createWeb, listenWeb } from '../../../src/web/server.js';
import { type CloudDouble, type DoubleOptions, startCloud } from '../../doubles/whatsapp-cloud/double.js';
import type { ChannelWorld } from '../contract.js';
import { memorySimulator } from '../simulator/memory.js';

/** One of our numbers, with the faults it told. */
export interface CloudNumber {
  readonly channel: Channel;
  readonly faults: unknown[];
}

/** A double that ends with its test. */
export async function cloud(options: DoubleOptions = {}): Promise<CloudDouble> {
  const api = await startCloud(options);
  onTestFinished(() => api.close());
  return api;
}

function optionsOf(api: CloudDouble, faults: unknown[]): CloudOptions {
  const { token, phoneId, appSecret, verifyToken, url: root } = api;
  const onFault = (error: unknown) => void faults.push(error);
  return { token, phoneId, appSecret, verifyToken, root, approved: [], now: () => new Date(), onFault };
}

/** A number of this double, which ends with its test. */
export function numberOf(api: CloudDouble, options: Partial<CloudOptions> = {}): CloudNumber {
  const faults: unknown[] = [];
  const channel = createWhatsAppCloud({ ...optionsOf(api, faults), ...options });
  onTestFinished(() => channel.close());
  return { channel, faults };
}

/** A web server of ours for the calls to a channel. */
export async function webFor(channel: Channel) {
  const web = await listenWeb(
    createWeb({
      ...{ phones: memorySimulator(), simulator: 'auto', liveChannels: true, ready: async () => ({}) },
      ...{ restart: async () => {}, record: async () => null },
      webhook: (path) => (channel.webhook?.path === path ? channel.webhook : null),
    }),
    { host: '127.0.0.1', port: 0 },
  );
  return { url: `${web.url}/whatsapp/webhook`, close: () => web.close() };
}

/** What a number heard. */
export interface HeardAll {
  readonly messages: InboundMessage[];
  readonly receipts: Receipt[];
  readonly preferences: Preference[];
  readonly moves: Move[];
}

/** Opens a channel behind a web server, subscribes it at the double, and keeps all it tells. */
export async function heardBy(api: CloudDouble, channel: Channel): Promise<HeardAll> {
  const web = await webFor(channel);
  onTestFinished(() => web.close());
  const all: HeardAll = { messages: [], receipts: [], preferences: [], moves: [] };
  const listener: Listener = {
    message: async (message) => void all.messages.push(message),
    receipt: async (receipt) => void all.receipts.push(receipt),
    standing: async () => {},
    preference: async (preference) => void all.preferences.push(preference),
    moved: async (move) => void all.moves.push(move),
  };
  await channel.open(listener);
  if (!(await api.subscribe(web.url))) throw new Error('the webhook was not verified');
  return all;
}

/** The Cloud API as the contract suite wants a channel. */
export async function cloudWorld(): Promise<ChannelWorld> {
  const api = await startCloud();
  const channel = createWhatsAppCloud(optionsOf(api, []));
  const web = await webFor(channel);
  await api.subscribe(web.url);
  return {
    channel,
    newAddress: async () => api.person().address,
    personSays: async (address, id, text) => void api.known(address).write(text, { id }),
    personSends: async (address, id, file) => void api.known(address).sendDocument(file, { id }),
    files: async (address) => api.known(address).files(),
    shown: async (address) => api.known(address).texts(),
    end: async () => {
      await api.close();
      await web.close();
    },
  };
}
