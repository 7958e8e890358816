import type { Base } from './base.js';
import type { Channel } from './channels/contract.js';
import { createTelegram } from './channels/telegram/channel.js';
import { createWhatsAppCloud } from './channels/whatsapp-cloud/channel.js';
import type { Config } from './config.js';
import { compileApproved } from './flow/approved-file.js';
import { projectTemplates } from './programs.js';
import { createOwnership } from './store/ownership.js';

/** How often a process looks whether it may fetch, in milliseconds. */
const ownershipMs = 1_000;

/** Whether people can write to the bot over something else than the simulator. */
export function isLive({ telegram, whatsappCloud }: Config): boolean {
  return telegram !== null || whatsappCloud !== null;
}

/** The channels for which there are settings, at rest. Throws `FlowDefinitionError` where what they may say is not right. */
export function liveChannels(base: Base): readonly Channel[] {
  return [...telegramBots(base), ...cloudNumbers(base)];
}

function cloudNumbers({ config, now, log }: Base): readonly Channel[] {
  const { whatsappCloud } = config;
  if (whatsappCloud === null) return [];
  const onFault = (error: unknown) =>
    log.error({ err: error }, 'WhatsApp: a call was not stored; nothing is lost, and it comes again');
  return [
    createWhatsAppCloud({
      ...whatsappCloud,
      approved: compileApproved(projectTemplates(), null),
      now,
      onFault,
    }),
  ];
}

function telegramBots({ config, url, now, log }: Base): readonly Channel[] {
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
