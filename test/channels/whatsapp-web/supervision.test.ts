import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { childLimits } from '../../../src/channels/whatsapp-web/session.js';
import { isRunning } from '../../support/process.js';
import { waitFor } from '../../support/wait.js';
import { heardBy, numberOf, whatsApp } from './world.js';

const limits = { ...childLimits, aliveMs: 20, silentMs: 3_000, patienceMs: 1_000 };

/** A number whose connections are played by a program of the test. */
async function playing(deed: string) {
  const number = await numberOf(await whatsApp(), {
    program: resolve('test/support/programs/whatsapp-child.mjs'),
    double: { socketUrl: deed, rootKey: null },
    limits,
  });
  await heardBy(number.channel);
  const pids = () => number.shown.map(({ text }) => Number(text));
  return { ...number, pids };
}

it.each([
  ['one that dies', 'crash'],
  ['one that grows beyond its ceiling', 'too-large'],
  ['one that talks nonsense', 'nonsense'],
  ['one that gives no sign of life', 'silent'],
])('ends a process and begins another: %s', async (_name, deed) => {
  const { pids, channel } = await playing(deed);
  await waitFor('another process', () => new Set(pids()).size >= 2);
  await channel.close();
  for (const pid of pids()) await waitFor('its end', () => !isRunning(pid));
});

it('shows no QR for ever: when nobody scans, it stops until a person asks', async () => {
  const { store, pids, channel } = await playing('close-408');
  await waitFor('the stop', async () => (await store.status()).state === 'stopped');
  expect(await store.status()).toMatchObject({ code: 'not-scanned', pairing: null });
  expect(await channel.health()).toMatchObject({
    ok: false,
    what: expect.stringContaining('Nobody scanned'),
  });
  expect(pids()).toHaveLength(1);
  await store.ask();
  await waitFor('another QR', () => pids().length === 2);
});

it('gives a version up that the provider does not take, after looking for a newer one', async () => {
  const { store, pids } = await playing('close-405');
  await waitFor('the stop', async () => (await store.status()).state === 'stopped');
  expect(await store.status()).toMatchObject({ code: 'too-old' });
  expect(pids()).toHaveLength(4);
});
