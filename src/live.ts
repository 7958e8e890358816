import { join } from 'node:path';
import type { Base } from './base.js';
import type { Channel, Ownership } from './channels/contract.js';
import { createWhatsAppCloud } from './channels/whatsapp-cloud/channel.js';
import { createWhatsAppWeb, whatsAppTimes } from './channels/whatsapp-web/channel.js';
import { paceLimits } from './channels/whatsapp-web/pacing.js';
import type { Pairing, WhatsAppStore } from './channels/whatsapp-web/port.js';
import { pairingText } from './cli/pairing.js';
import type { CloudSettings, Config, TelegramSettings, WhatsAppWebSettings } from './config.js';
import { sentMessage } from './delivery/sent.js';
import { compileApproved } from './flow/approved-file.js';
import { channelCapabilities } from './flow/capabilities.js';
import { projectTemplates } from './programs.js';
import { projectRoot } from './root.js';
import { isOutage } from './store/outage.js';
import { createOwnership } from './store/ownership.js';
import { createWhatsAppStore } from './store/whatsapp-web.js';

/** How often a process looks whether it may fetch, in milliseconds. */
const ownershipMs = 1_000;

/** The account of the simulator's bot. */
export const simulatorAccount = 'simulator';

/** The account of the number on WhatsApp Web: it stays when another number takes its place. */
export const whatsAppAccount = 'whatsapp-web';

/** Whether people can write to the bot over something else than the simulator. */
export function isLive({ telegram, whatsappCloud, whatsappWeb }: Config): boolean {
  return telegram !== null || whatsappCloud !== null || whatsappWeb !== null;
}

/** The channels for which there are settings, at rest. Throws `FlowDefinitionError` where what they may say is not right. */
export async function liveChannels(base: Base): Promise<readonly Channel[]> {
  const { telegram, whatsappCloud, whatsappWeb } = base.config;
  const onFault = faultLog(base, 'Ownership of an account');
  const ownership = createOwnership({ url: base.url, pollMs: ownershipMs, onFault });
  return [
    ...(telegram === null ? [] : [await telegramBot(base, telegram, ownership)]),
    ...(whatsappCloud === null ? [] : [cloudNumber(base, whatsappCloud)]),
    ...(whatsappWeb === null ? [] : [whatsAppWeb(base, whatsappWeb, ownership)]),
  ];
}

/** A database that is away is reported once by who watches it, not by each who misses it. */
function faultLog({ log }: Base, name: string): (error: unknown) => void {
  return (error) => {
    if (isOutage(error)) return;
    log.error({ err: error }, `${name}: something went wrong; nothing is lost, and it is tried again`);
  };
}

/** Its client is loaded only where there is a bot: it is a tenth of what a start has to load. */
async function telegramBot(base: Base, settings: TelegramSettings, ownership: Ownership): Promise<Channel> {
  const { createTelegram } = await import('./channels/telegram/channel.js');
  const { telegramChatMs: chatMs } = base.config.testProfile;
  return createTelegram({
    ...settings,
    ownership,
    chatMs,
    now: base.now,
    onFault: faultLog(base, 'Telegram'),
  });
}

function cloudNumber(base: Base, settings: CloudSettings): Channel {
  const approved = compileApproved(projectTemplates(), null);
  return createWhatsAppCloud({ ...settings, approved, now: base.now, onFault: faultLog(base, 'WhatsApp') });
}

function whatsAppWeb(
  base: Base,
  { socketUrl, rootKey, pairingNumber }: WhatsAppWebSettings,
  ownership: Ownership,
): Channel {
  const { now, config } = base;
  const { gapMs, dayCap, ...times } = config.testProfile.whatsappWeb ?? {};
  const gap = gapMs === undefined ? {} : { leastGapMs: gapMs, mostGapMs: gapMs };
  return createWhatsAppWeb({
    ...{ account: whatsAppAccount, store: whatsAppStore(base), ownership, now, pairingNumber },
    // The child is a program of its own, and so always the compiled one.
    program: join(projectRoot, 'build/whatsapp-web.js'),
    double: socketUrl === null ? null : { socketUrl, rootKey },
    random: Math.random,
    onFault: faultLog(base, 'WhatsApp Web'),
    onPairing: (pairing) => showPairing(base, pairing),
    pace: { ...paceLimits, ...gap, ...(dayCap === undefined ? {} : { caps: [dayCap] }) },
    times: { ...whatsAppTimes, ...given(times) },
  });
}

/** Only what was given: the rest stays as it is in normal work. */
function given(times: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  const entries = Object.entries(times);
  return Object.fromEntries(entries.flatMap(([name, ms]) => (ms === undefined ? [] : [[name, ms]])));
}

/** The storage of the number on WhatsApp Web. */
export function whatsAppStore({ pool, vault, fileStore, now }: Base): WhatsAppStore {
  const account = whatsAppAccount;
  const sent = { pool, vault, fileStore, account, capabilities: channelCapabilities['whatsapp-web'] };
  return createWhatsAppStore({ pool, vault, account, now, sentAs: (id) => sentMessage(sent, id) });
}

/** Somebody at a terminal sees what is to be scanned; a log that is kept somewhere must not hold it. */
function showPairing({ log }: Base, pairing: Pairing): void {
  if (process.stdout.isTTY) process.stdout.write(`${pairingText(pairing)}\n`);
  else log.info({}, 'WhatsApp Web: no number is linked yet; open /whatsapp/pair on this computer');
}

/** Where a live channel's settings come from, in words for the doctor. */
export function settingsOf({ webhook, sending }: Channel): string {
  if (sending !== undefined) return 'a linked device of a number';
  return webhook === null ? 'fetches its messages' : `is called at ${webhook.path}`;
}
