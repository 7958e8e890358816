import type { WhatsAppStore } from '../channels/whatsapp-web/port.js';
import { clearAlarm, raiseAlarm } from './alarms.js';
import { joinAddresses } from './contact-join.js';
import { run } from './statement.js';
import {
  type AccountStore,
  accountCreds,
  accountGroups,
  accountStatus,
  accountVersion,
  askAgain,
  beginOwning,
} from './whatsapp-account.js';
import { heldInbound, keepInbound, releaseInbound } from './whatsapp-inbox.js';

/** What the storage of a number on WhatsApp Web needs; `sentAs` opens what was sent under an id. */
interface WhatsAppStoreOptions extends AccountStore {
  readonly sentAs: WhatsAppStore['sentAs'];
}

const warmText = `
SELECT EXISTS (SELECT FROM address a JOIN inbound i ON i.contact_id = a.contact_id AND i.account = a.account
    WHERE a.account = $1 AND a.value_index = $2 AND i.dedupe_key NOT LIKE 'signal:%')
  OR EXISTS (SELECT FROM address a JOIN chat_group g ON g.address_id = a.id WHERE a.account = $1 AND a.value_index = $2) AS warm`;

/** The storage of a number on WhatsApp Web, in PostgreSQL; everything that is somebody's is sealed. */
export function createWhatsAppStore(options: WhatsAppStoreOptions): WhatsAppStore {
  const { pool, account, now, sentAs } = options;
  return {
    begin: () => beginOwning(options),
    status: () => accountStatus(options),
    version: () => accountVersion(options),
    creds: () => accountCreds(options),
    ask: () => askAgain(options),
    keep: (key, body) => keepInbound(options, key, body),
    held: () => heldInbound(options),
    release: (seq) => releaseInbound(options, seq),
    join: (pair) => joinAddresses(options, pair),
    isWarm: (address) => isWarm(options, address),
    groups: () => accountGroups(options),
    sentAs,
    alarm: async (kind, message) => void (await run(pool, raiseAlarm({ kind, account, message, at: now() }))),
    clearAlarm: async (kind) => void (await run(pool, clearAlarm(kind, now()))),
  };
}

async function isWarm({ pool, vault, account }: AccountStore, address: string): Promise<boolean> {
  const values = [account, vault.index('address', address)];
  const statement = { name: 'whatsapp-warm', text: warmText, values };
  return (await run<{ warm: boolean }>(pool, statement))[0]?.warm === true;
}
