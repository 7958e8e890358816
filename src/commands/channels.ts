import { recordsOf } from '../base.js';
import { connectWhatsApp } from '../cli/pairing.js';
import * as chatGroups from '../cli/whatsapp-groups.js';
import { type Config, ConfigError } from '../config.js';
import { whatsAppAccount, whatsAppStore } from '../live.js';
import { print, withBase } from './common.js';

/** Takes away the webhook that keeps the bot from fetching its messages. */
export async function forgetWebhook({ telegram }: Config): Promise<boolean> {
  const name = 'telegram forget-webhook';
  if (telegram === null) throw new ConfigError(name, 'There is no bot.', 'Set TELEGRAM_BOT_TOKEN.');
  if (telegram.webhook !== null)
    throw new ConfigError(
      name,
      'The webhook is Sapa’s own.',
      'Take TELEGRAM_WEBHOOK_URL and its secret away.',
    );
  const client = await import('../channels/telegram/forget.js');
  const done = await client.forgetWebhook(telegram);
  print(done.ok ? (done.note ?? '') : `${done.what} ${done.mend}`);
  return done.ok;
}

/** Lets the number on WhatsApp Web, that was stopped, connect again. */
export function connect(config: Config): Promise<boolean> {
  return withBase(config, async (base) => {
    await connectWhatsApp(whatsAppStore(base), print);
    return true;
  });
}

/** The groups that the number on WhatsApp Web is in. */
export const groups = {
  list: (config: Config) => onGroups(config, chatGroups.listGroups),
  add: (config: Config, jid: string, wish: Parameters<typeof chatGroups.addGroup>[2]) =>
    onGroups(config, (desk) => chatGroups.addGroup(desk, jid, wish)),
  remove: (config: Config, name: string) => onGroups(config, (desk) => chatGroups.dropGroup(desk, name)),
};

function onGroups(config: Config, work: (desk: chatGroups.GroupDesk) => Promise<boolean>): Promise<boolean> {
  return withBase(config, (base) => {
    const store = whatsAppStore(base);
    return work({ records: recordsOf(base), store, account: whatsAppAccount, print });
  });
}
