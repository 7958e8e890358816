import type { Base } from './base.js';
import type { Channel } from './channels/contract.js';
import { createTelegram } from './channels/telegram/channel.js';
import { createWhatsAppCloud } from './channels/whatsapp-cloud/channel.js';
import type { CloudSettings, Config } from './config.js';
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
  const { config, url, now } = base;
  const { telegram, whatsappCloud } = config;
  const onFault = faultLog(base, 'Telegram');
  const ownership = createOwnership({ url, pollMs: ownershipMs, onFault });
  return [
    ...(telegram === null ? [] : [createTelegram({ ...telegram, ownership, now, onFault })]),
    ...(whatsappCloud === null ? [] : [cloudNumber(base, whatsappCloud)]),
  ];
}

function faultLog({ log }: Base, name: string): (error: unknown) => void {
  return (error) =>
    log.error({ err: error }, `${name}: something went wrong; nothing is lost, and it is tried again`);
}

function cloudNumber(base: Base, settings: CloudSettings): Channel {
  const approved = compileApproved(projectTemplates(), null);
  return createWhatsAppCloud({ ...settings, approved, now: base.now, onFault: faultLog(base, 'WhatsApp') });
}

/** Where a live channel's settings come from, in words for the doctor. */
export function settingsOf({ webhook }: Channel): string {
  return webhook === null ? 'fetches its messages' : `is called at ${webhook.path}`;
}
