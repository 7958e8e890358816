import { setTimeout as pause } from 'node:timers/promises';
import { messageId } from '../../../dist/channels/whatsapp-web/message-id.js';
import { whatsAppStore } from '../../../dist/live.js';
import { haveWritten, loadDouble, peopleOf } from './double.mjs';

const retryMs = 200;

/** A number on WhatsApp Web; the bot's process owns it, and its child is killed with it. */
export async function openWhatsAppWeb(base) {
  const { pool, vault } = base;
  // The library behind the people of the double prints their session keys.
  console.info = () => {};
  console.warn = () => {};
  const { startWhatsAppWeb } = await loadDouble('whatsapp-web');
  const api = await startWhatsAppWeb({ fewKeys: true });
  const store = whatsAppStore(base);
  const people = peopleOf({
    pool,
    vault,
    newPerson: () => personOf(api.person()),
    // The id follows from the row's: also a row that was replaced while it was on its way is known by it.
    accountedBy: ({ id }) => messageId(id),
    acceptances: () => api.all.filter(({ outcome }) => outcome === 'accepted').map(({ id }) => id),
    waiting: () => api.waiting(),
  });
  return {
    ...{ channel: 'whatsapp-web', account: 'whatsapp-web', simulator: false },
    env: { WHATSAPP_WEB: 'on', WHATSAPP_WEB_SOCKET_URL: api.url, WHATSAPP_WEB_ROOT_KEY: api.rootKey },
    // As careful as with a real number, a broadcast to thousands would take weeks.
    profile: { whatsappWeb: { gapMs: 20, typingMs: 1, ackMs: 4_000, retryMs: 100, dayCap: 100_000 } },
    // A message sent again under its id is the same message: nothing stays unknown.
    inFlight: { reply: 0, bulk: 0 },
    ...people,
    welcome: (newcomers) => haveWritten(pool, newcomers),
    async isQuiet() {
      const { rows } = await pool.query('SELECT NOT EXISTS (SELECT FROM whatsapp_inbox) AS quiet');
      return rows[0].quiet && (await people.isQuiet());
    },
    /** Links the number: somebody scans what the bot shows. */
    async connect(_origin, signal) {
      const scanned = new Set();
      for (let status = await store.status(); status.state !== 'open'; status = await store.status()) {
        const code = status.pairing?.text;
        if (code !== undefined && !scanned.has(code)) api.scan(code);
        if (code !== undefined) scanned.add(code);
        await pause(retryMs, undefined, { signal });
      }
    },
    end: () => api.close(),
  };
}

function personOf(person) {
  return {
    address: person.pn,
    write: (text) => person.write(text),
    texts: () => person.shown().map(({ text }) => text),
  };
}
