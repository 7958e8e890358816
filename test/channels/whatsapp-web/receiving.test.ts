import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import type { InboundMessage } from '../../../src/channels/contract.js';
import { Receiving } from '../../../src/channels/whatsapp-web/receiving.js';
import { createVault } from '../../../src/store/crypto.js';
import { createWhatsAppStore } from '../../../src/store/whatsapp-web.js';
import { freshDatabase } from '../../support/database.js';
import { sized } from '../../support/size.js';
import { waitFor } from '../../support/wait.js';
import { hearing } from '../contract.js';

const account = 'whatsapp-web';
const said = (person: number, at: number) => ({
  chat: `62812${String(person).padStart(8, '0')}@s.whatsapp.net`,
  ...{ participant: '', id: `A${at}`, lid: null, at: 1_772_420_000 + at },
  pn: `62812${String(person).padStart(8, '0')}@s.whatsapp.net`,
  content: { kind: 'text' as const, text: `pesan ${at}` },
});

/** The receiving side over a real store, with a listener that takes each identity once, as turns do. */
async function receivingAt(refuse: () => boolean = () => false) {
  const database = await freshDatabase();
  const stop = new AbortController();
  const now = () => new Date('2026-03-02T03:00:00Z');
  const vault = createVault(randomBytes(32));
  const store = createWhatsAppStore({ pool: database.pool, vault, account, now, sentAs: async () => null });
  const taken: InboundMessage[] = [];
  const known = new Set<string>();
  const listener = hearing(async (message) => {
    if (refuse()) throw new Error('not stored');
    if (!known.has(message.dedupeKey)) taken.push(message);
    known.add(message.dedupeKey);
  });
  const open = () => new Receiving({ account, store, listener, now, onFault: () => {}, stop: stop.signal });
  onTestFinished(() => database.drop());
  const end = async (receiving: Receiving) => {
    stop.abort();
    await receiving.drain();
  };
  return { store, taken, open, end };
}

it('thousands of messages of which most are repeats, out of order, lead to each once, in the order of each person', async () => {
  const { store, taken, open, end } = await receivingAt();
  const receiving = open();
  const [people, messages, times] = [sized(10, 50), 10, sized(10, 20)];
  const first = Array.from({ length: people * messages }, (_, at) =>
    said(at % people, Math.floor(at / people)),
  );
  const repeats = Array.from({ length: times - 1 }, (_, at) =>
    at % 2 === 0 ? first.toReversed() : first,
  ).flat();
  await Promise.all([...first, ...repeats].map((one) => receiving.keep(one)));
  await waitFor('all to be released', async () => (await store.held()).length === 0);
  expect(taken).toHaveLength(people * messages);
  for (let person = 0; person < people; person += 1) {
    const { pn } = said(person, 0);
    const texts = taken.filter(({ address }) => address === pn).map(({ content }) => content);
    expect(texts).toEqual(first.filter((one) => one.pn === pn).map(({ content }) => content));
  }
  await end(receiving);
});

it('leaves what it cannot read where it is, and hands over the rest', async () => {
  const { store, taken, open, end } = await receivingAt();
  await store.keep(['chat', '', 'A0'], { of: 'another version' });
  const receiving = open();
  await receiving.begin();
  await receiving.keep(said(1, 1));
  await waitFor('the rest to be released', async () => (await store.held()).length === 1);
  expect(taken.map(({ content }) => content)).toEqual([said(1, 1).content]);
  await end(receiving);
});

it('keeps what nobody takes, and the next owner hands it over', async () => {
  let away = true;
  const { store, taken, open, end } = await receivingAt(() => away);
  const first = open();
  await first.keep(said(1, 1));
  await first.keep(said(1, 2));
  expect(await store.held()).toHaveLength(2);
  away = false;
  const next = open();
  await next.begin();
  await waitFor('all to be released', async () => (await store.held()).length === 0);
  expect(taken.map(({ content }) => content)).toEqual([said(1, 1).content, said(1, 2).content]);
  expect(taken[0]).toMatchObject({ channel: 'whatsapp-web', phone: '+6281200000001' });
  await end(first);
  await next.drain();
});
