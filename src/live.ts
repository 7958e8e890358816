import type { Base } from './base.js';
import type { Channel } from './channels/contract.js';
import { createTelegram } from './channels/telegram/channel.js';
import type { Config } from './config.js';
import { createOwnership } from './store/ownership.js';

/** How often a process looks whether it may fetch, in milliseconds. */
const ownershipMs = 1_000;

/** Whether people can write to the bot over something else than the simulator. */
export function isLive({ telegram }: Config): boolean {
  return telegram !== null;
}

/** The channels for which there are settings, at rest. */
export function liveChannels({ config, url, now, log }: Base): readonly Channel[] {
  const { telegram } = config;
  if (telegram === null) return [];
  const onFault = (error: unknown) =>
    log.error({ err: error }, 'Telegram: something went wrong; nothing is lost, and it is tried again');
  const ownership = createOwnership({ url, pollMs: ownershipMs, onFault });
  return [createTelegram({ ...telegram, ownership, now, onFault })];
}

/** Where a live channel's settings come from, in words for the doctor. */
export function settingsOf({ webhook }: Channel): string {
  return webhook === null ? 'fetches its messages' : `is called at ${webhook.path}`;
}
