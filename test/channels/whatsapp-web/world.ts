import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Channel, Listener } from '../../../src/channels/contract.js';
import {
  createWhatsAppWeb,
  type WhatsAppTimes,
  type WhatsAppWebOptions,
} from '../../../src/channels/whatsapp-web/channel.js';
import type { Pairing, WhatsAppStore } from '../../../src/channels/whatsapp-web/port.js';
import { childLimits } from '../../../src/channels/whatsapp-web/session.js';
import { createVault, type Vault } from '../../../src/store/crypto.js';
import { createWhatsAppStore } from '../../../src/store/whatsapp-web.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from '../../doubles/whatsapp-web/double.js';
import { type FreshDatabase, freshDatabase } from '../../support/database.js';
import { waitFor } from '../../support/wait.js';
import { alone, type ChannelWorld, hearing } from '../contract.js';

/** Times short enough for a test. */
const quickly: WhatsAppTimes = {
  ...{ retryMs: 20, longestRetryMs: 200, slowMs: 30, askedMs: 50, beatMs: 200 },
  ...{ typingMs: 1, ackMs: 5_000 },
};

/** A number with its database, at a double. */
export interface Linked {
  readonly api: WhatsAppWebDouble;
  readonly database: FreshDatabase;
  readonly vault: Vault;
  readonly store: WhatsAppStore;
  readonly channel: Channel;
  readonly faults: unknown[];
  /** What was shown to be scanned or typed. */
  readonly shown: Pairing[];
  /** Another process at the same number. */
  another(options?: Partial<WhatsAppWebOptions>): Channel;
  end(): Promise<void>;
}

const account = 'whatsapp-web';

const certificates = new Map<string, string>();

/** The processes that are started from here on trust this media host: each has a file of its own, as their names are alike. */
function trust(certificate: string): void {
  const file = join(tmpdir(), `sapa-media-${process.pid}-${certificates.size}.pem`);
  const known = certificates.get(certificate);
  process.env.NODE_EXTRA_CA_CERTS = known ?? file;
  if (known !== undefined) return;
  certificates.set(certificate, file);
  writeFileSync(file, certificate);
  process.once('exit', () => rmSync(file, { force: true }));
}

/** A number at a double, at rest. */
async function numberAt(api: WhatsAppWebDouble, options: Partial<WhatsAppWebOptions> = {}): Promise<Linked> {
  const database = await freshDatabase();
  const vault = createVault(randomBytes(32));
  const { pool } = database;
  const now = () => new Date();
  const sentAs = async () => null;
  const store = createWhatsAppStore({ pool, vault, account, now, sentAs });
  const [faults, shown]: [unknown[], Pairing[]] = [[], []];
  const channels: Channel[] = [];
  const another = (more: Partial<WhatsAppWebOptions> = {}) => {
    trust(api.media.certificate);
    const channel = createWhatsAppWeb({
      ...{ account, store, ownership: alone, now, random: Math.random, pairingNumber: null },
      program: resolve('build/whatsapp-web.js'),
      double: { socketUrl: api.url, rootKey: api.rootKey },
      onFault: (error) => void faults.push(error),
      onPairing: (pairing) => void shown.push(pairing),
      times: quickly,
      limits: { ...childLimits, aliveMs: 200 },
      ...options,
      ...more,
    });
    channels.push(channel);
    return channel;
  };
  const end = async () => {
    await Promise.all(channels.map((channel) => channel.close()));
    await database.drop();
  };
  return { api, database, vault, store, channel: another(), faults, shown, another, end };
}

/** A double that ends with its test. */
export async function whatsApp(): Promise<WhatsAppWebDouble> {
  const api = await startWhatsAppWeb({ fewKeys: true });
  onTestFinished(() => api.close());
  return api;
}

/** A number that ends with its test. */
export async function numberOf(
  api: WhatsAppWebDouble,
  options: Partial<WhatsAppWebOptions> = {},
): Promise<Linked> {
  const number = await numberAt(api, options);
  onTestFinished(() => number.end());
  return number;
}

/** Opens a channel and keeps all it tells. */
export async function heardBy(channel: Channel) {
  const messages: Parameters<Listener['message']>[0][] = [];
  const receipts: Parameters<Listener['receipt']>[0][] = [];
  await channel.open({
    ...hearing(async (message) => void messages.push(message)),
    receipt: async (receipt) => void receipts.push(receipt),
  });
  return { messages, receipts };
}

/** Scans the next QR, and waits until the number is linked and can send. */
export async function link({ api, shown, store }: Linked): Promise<void> {
  const { text } = await waitFor('a QR', () => shown.at(-1));
  api.scan(text);
  await waitFor('the login', async () => (await store.status()).state === 'open');
}

/** Links a number before it is opened by the test: the state of a linked device is in the database. */
async function linkBefore(number: Linked): Promise<void> {
  const first = number.another();
  await first.open(nobody);
  await link(number);
  await first.close();
}

/** A number that was linked before: a login takes long, and nobody who tries it leaves anything to the next. */
let linked: Promise<Linked> | null = null;

async function linkedNumber(): Promise<Linked> {
  const number = await numberAt(await startWhatsAppWeb({ fewKeys: true }));
  await linkBefore(number);
  return number;
}

/** Ends what the worlds of the contract suite share. */
export async function endWhatsAppWorld(): Promise<void> {
  const number = await linked;
  linked = null;
  await number?.end();
  await number?.api.close();
}

/** WhatsApp Web as the contract suite wants a channel: linked, and closed since; where others only open, this also logs in. */
export async function whatsAppWorld(): Promise<ChannelWorld> {
  linked ??= linkedNumber();
  const { api, another, store } = await linked;
  const channel = another();
  let isOpen = false;
  const open: Channel['open'] = async (listener) => {
    isOpen = true;
    await channel.open(listener);
    await waitFor('the login', async () => (await store.status()).state === 'open');
  };
  const send: Channel['send'] = async (parcel, signal) => {
    if (!isOpen) await open(nobody);
    return channel.send(parcel, signal);
  };
  const sent = new Set<string>();
  const once = async (address: string, messageId: string, give: () => unknown) => {
    if (sent.has(messageId)) api.known(address).repeat(messageId);
    else await give();
    sent.add(messageId);
  };
  return {
    channel: { ...channel, open, send },
    newAddress: async () => api.person().pn,
    personSays: (address, id, text) => once(address, id, () => api.known(address).write(text, { id })),
    personSends: (address, id, file) =>
      once(address, id, () => api.known(address).sendDocument(file, { id })),
    files: (address) => api.known(address).files(),
    shown: async (address) =>
      api
        .known(address)
        .shown()
        .map(({ text }) => text),
    end: async () => {},
  };
}

const nobody = hearing(async () => {});
