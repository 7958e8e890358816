import { join } from 'node:path';
import { type Base, projectRoot } from './base.js';
import type { Channel, Ownership } from './channels/contract.js';
import { createTelegram } from './channels/telegram/channel.js';
import { createWhatsAppWeb, whatsAppTimes } from './channels/whatsapp-web/channel.js';
import { paceLimits } from './channels/whatsapp-web/pacing.js';
import type { Pairing, WhatsAppStore } from './channels/whatsapp-web/port.js';
import { pairingText } from './cli/pairing.js';
import type { Config, WhatsAppWebSettings } from './config.js';
import { sentText } from './delivery/sent.js';
import { channelCapabilities } from './flow/capabilities.js';
import { isOutage } from './store/outage.js';
import { createOwnership } from './store/ownership.js';
import { createWhatsAppStore } from './store/whatsapp-web.js';

/** How often a process looks whether it may fetch, in milliseconds. */
const ownershipMs = 1_000;

/** The account of the number on WhatsApp Web: it stays when another number takes its place. */
const whatsAppAccount = 'whatsapp-web';

/** Whether people can write to the bot over something else than the simulator. */
export function isLive({ telegram, whatsappWeb }: Config): boolean {
  return telegram !== null || whatsappWeb !== null;
}

/** The channels for which there are settings, at rest. */
export function liveChannels(base: Base): readonly Channel[] {
  const { config, url, now } = base;
  const { telegram, whatsappWeb } = config;
  const onFault = faultLog(base, 'Telegram');
  const ownership = createOwnership({ url, pollMs: ownershipMs, onFault });
  return [
    ...(telegram === null ? [] : [createTelegram({ ...telegram, ownership, now, onFault })]),
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

function whatsAppWeb(
  base: Base,
  { socketUrl, rootKey, pairingNumber }: WhatsAppWebSettings,
  ownership: Ownership,
): Channel {
  const { now, config } = base;
  const { gapMs, ...times } = config.testProfile.whatsappWeb ?? {};
  const gap = gapMs === undefined ? {} : { leastGapMs: gapMs, mostGapMs: gapMs };
  return createWhatsAppWeb({
    ...{ account: whatsAppAccount, store: whatsAppStore(base), ownership, now, pairingNumber },
    // The child is a program of its own, and so always the compiled one.
    program: join(projectRoot, 'dist/channels/whatsapp-web/child.js'),
    double: socketUrl === null ? null : { socketUrl, rootKey },
    random: Math.random,
    onFault: faultLog(base, 'WhatsApp Web'),
    onPairing: (pairing) => showPairing(base, pairing),
    pace: { ...paceLimits, ...gap },
    times: { ...whatsAppTimes, ...given(times) },
  });
}

/** Only what was given: the rest stays as it is in normal work. */
function given(times: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  const entries = Object.entries(times);
  return Object.fromEntries(entries.flatMap(([name, ms]) => (ms === undefined ? [] : [[name, ms]])));
}

/** The storage of the number on WhatsApp Web. */
export function whatsAppStore({ pool, vault, now }: Base): WhatsAppStore {
  const account = whatsAppAccount;
  const sent = { pool, vault, account, capabilities: channelCapabilities['whatsapp-web'] };
  return createWhatsAppStore({ pool, vault, account, now, textOf: (id) => sentText(sent, id) });
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
