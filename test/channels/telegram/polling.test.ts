import { expect, it, onTestFinished } from 'vitest';
import type { InboundMessage, Ownership } from '../../../src/channels/contract.js';
import { call } from '../../doubles/telegram/call.js';
import { refuse, tooMany } from '../../doubles/telegram/refusal.js';
import { sized } from '../../support/size.js';
import { waitFor } from '../../support/wait.js';
import { hearing } from '../contract.js';
import { botOf, heardBy, telegram } from './world.js';

const text = ({ content }: InboundMessage) => (content.kind === 'text' ? content.text : '');

it('lets Telegram forget an update only once it is stored', async () => {
  const api = await telegram();
  const person = api.person();
  let store = (): void => {};
  const stored = new Promise<void>((resolve) => {
    store = resolve;
  });
  const { channel } = botOf(api);
  const begun: string[] = [];
  await channel.open(
    hearing(async (message) => {
      begun.push(text(message));
      await stored;
    }),
  );
  person.write('satu');
  await waitFor('the message', () => begun.length === 1);
  const polls = api.calls('getUpdates').length;
  await waitFor('another poll', () => api.calls('getUpdates').length > polls);
  expect(api.pending()).toBe(1);
  expect(begun).toEqual(['satu']);
  store();
  await waitFor('the confirmation', () => api.pending() === 0);
});

it('loses nothing when the process dies between the fetch and the store', async () => {
  const api = await telegram();
  const person = api.person();
  const killed = new AbortController();
  const ownership: Ownership = {
    own: (_name, work) => {
      void work(killed.signal);
      return { close: async () => {} };
    },
  };
  let [begun, release] = [false, (): void => {}];
  await botOf(api, { ownership }).channel.open(
    hearing(() => {
      begun = true;
      return new Promise((resolve) => {
        release = resolve;
      });
    }),
  );
  onTestFinished(() => release());
  person.write('satu');
  await waitFor('the fetch', () => begun);
  killed.abort();
  const { messages } = await heardBy(botOf(api).channel);
  await waitFor('the message', () => messages.length > 0);
  expect(messages.map(text)).toEqual(['satu']);
});

it('goes on with others, beyond a hundred updates, once the stuck one is stored', async () => {
  const api = await telegram();
  const stuck = api.person();
  const others = Array.from({ length: 130 }, () => api.person());
  let store = (): void => {};
  const stored = new Promise<void>((resolve) => {
    store = resolve;
  });
  const seen: string[] = [];
  await botOf(api).channel.open(
    hearing(async (message) => {
      if (message.address === stuck.address) await stored;
      seen.push(text(message));
    }),
  );
  stuck.write('macet');
  for (const [at, other] of others.entries()) other.write(`${at}`);
  await waitFor('as many as Telegram gives out', () => seen.length === 99);
  expect(seen).not.toContain('macet');
  store();
  await waitFor('all', () => seen.length === 131);
  expect(new Set(seen).size).toBe(131);
  await waitFor('the confirmation', () => api.pending() === 0);
});

it('thousands of updates, many of them twice or late, are each handed over under their own key', async () => {
  const api = await telegram();
  const people = Array.from({ length: 50 }, () => api.person());
  const { messages } = await heardBy(botOf(api).channel);
  const late: number[] = [];
  const written = sized(1_000, 6_700);
  for (let at = 0; at < written; at += 1) {
    const person = people[at % people.length];
    if (person === undefined) throw new Error('nobody');
    const update = person.write(`${at}`);
    if (update !== null && at % 2 === 0) api.repeat(update);
    if (at % 100 === 0) late.push(api.reserve());
  }
  for (const updateId of late) people[0]?.write('terlambat', { updateId });
  const keys = () => new Set(messages.map(({ dedupeKey }) => dedupeKey));
  await waitFor('all', () => keys().size === written + late.length);
  for (const person of people) {
    const own = messages.filter(({ address }) => address === person.address);
    const first = own.filter((one, at) => own.findIndex((other) => other.dedupeKey === one.dedupeKey) === at);
    const numbers = first.map((one) => Number(text(one))).filter(Number.isInteger);
    expect(new Set(numbers).size).toBe(written / people.length);
  }
});

it('waits while another program fetches, says so, and goes on by itself', async () => {
  const api = await telegram();
  const { channel, faults } = botOf(api);
  const { messages } = await heardBy(channel);
  await waitFor('the poll', () => api.isPolled());
  const other = call(api, 'getUpdates', { timeout: 50 });
  await waitFor('the conflict', async () => !(await channel.health()).ok);
  expect(await channel.health()).toMatchObject({ what: expect.stringContaining('Another program fetches') });
  expect(String(faults[0])).toContain('other-poller');
  api.person().write('satu');
  await other;
  await waitFor('the message', () => messages.length === 1);
  expect(await channel.health()).toMatchObject({ ok: true });
});

it('waits while a webhook of another program is set, and says so', async () => {
  const api = await telegram();
  await call(api, 'setWebhook', { url: 'https://lain.test/hook' });
  const { channel } = botOf(api);
  const { messages } = await heardBy(channel);
  await waitFor('the conflict', async () => !(await channel.health()).ok);
  expect(await channel.health()).toMatchObject({
    what: expect.stringContaining('A webhook of another program'),
  });
  await call(api, 'deleteWebhook');
  api.person().write('satu');
  await waitFor('the message', () => messages.length === 1);
});

it('says that the token is refused, also before it receives, and asks Telegram at most every ten seconds', async () => {
  const api = await telegram();
  api.revoke();
  const { channel } = botOf(api);
  for (let at = 0; at < 20; at += 1)
    expect(await channel.health()).toMatchObject({
      ok: false,
      what: expect.stringContaining('refuses the token'),
    });
  expect(api.calls('getMe')).toHaveLength(1);
});

it('goes on after errors, a long wait and a restart of the service, and reports each trouble once', async () => {
  const api = await telegram();
  const person = api.person();
  const { channel, faults } = botOf(api);
  const { messages } = await heardBy(channel);
  api.faults.next('getUpdates', { kind: 'refuse', refusal: refuse(500) }, 3);
  api.faults.next('getUpdates', { kind: 'refuse', refusal: tooMany(1) });
  api.faults.next('getUpdates', { kind: 'page', status: 502 });
  person.write('satu');
  await waitFor('the first', () => messages.length === 1);
  await api.goAway();
  await waitFor('the trouble', async () => !(await channel.health()).ok);
  await api.comeBack();
  person.write('dua');
  await waitFor('the second', () => messages.length === 2);
  expect(messages.map(text)).toEqual(['satu', 'dua']);
  const told = faults.map((fault) => /\((.*)\)/.exec(String(fault))?.[1]);
  expect(told.filter((code) => code === 'http-500')).toHaveLength(1);
});
