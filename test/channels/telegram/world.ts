import type { Update } from 'grammy/types';
import { onTestFinished } from 'vitest';
import type { Channel, Listener } from '../../../src/channels/contract.js';
import { createTelegram, type TelegramOptions } from '../../../src/channels/telegram/channel.js';
import type { PollingTimes } from '../../../src/channels/telegram/polling.js';
import { type DoubleOptions, startTelegram, type TelegramDouble } from '../../doubles/telegram/double.js';
import { alone, type ChannelWorld, hearing } from '../contract.js';

/** The times of the loop, short enough for a test; Telegram's own half second stays. */
const quickly: PollingTimes = {
  pollS: 5,
  patienceMs: 550,
  retryMs: 20,
  longestRetryMs: 100,
  refusedMs: 50,
};

/** A bot at a double, with what it reported. */
export interface Bot {
  readonly channel: Channel;
  readonly faults: unknown[];
}

/** A double that ends with its test. */
export async function telegram(options: DoubleOptions = {}): Promise<TelegramDouble> {
  const api = await startTelegram(options);
  onTestFinished(() => api.close());
  return api;
}

/** A bot of this double, which ends with its test. */
export function botOf(api: TelegramDouble, options: Partial<TelegramOptions> = {}): Bot {
  const faults: unknown[] = [];
  const channel = createTelegram({
    ...{ token: api.token, root: api.url, webhook: null, ownership: alone, now: () => new Date() },
    ...{ onFault: (error) => void faults.push(error), times: quickly, ...options },
  });
  onTestFinished(() => channel.close());
  return { channel, faults };
}

/** Opens a channel and keeps all it tells. */
export async function heardBy(channel: Channel) {
  const messages: Parameters<Listener['message']>[0][] = [];
  const standings: Parameters<Listener['standing']>[0][] = [];
  await channel.open({
    ...hearing(async (message) => void messages.push(message)),
    standing: async (standing) => void standings.push(standing),
  });
  return { messages, standings };
}

/** Telegram as the contract suite wants a channel. */
export async function telegramWorld(): Promise<ChannelWorld> {
  const api = await startTelegram();
  const channel = createTelegram({
    ...{ token: api.token, root: api.url, webhook: null, ownership: alone, now: () => new Date() },
    ...{ onFault: () => {}, times: quickly },
  });
  const sent = new Map<string, Update | null>();
  const once = (messageId: string, send: () => Update | null) => {
    const before = sent.get(messageId);
    if (before) api.repeat(before);
    else sent.set(messageId, send());
  };
  return {
    channel,
    newAddress: async () => api.person().address,
    personSays: async (address, messageId, text) => once(messageId, () => api.known(address).write(text)),
    personSends: async (address, messageId, file) =>
      once(messageId, () => api.known(address).sendDocument(file)),
    files: async (address) => api.known(address).files(),
    shown: async (address) => api.known(address).texts(),
    end: () => api.close(),
  };
}
