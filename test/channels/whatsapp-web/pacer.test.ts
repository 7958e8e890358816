import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ChannelError, type Parcel } from '../../../src/channels/contract.js';
import { Pacer } from '../../../src/channels/whatsapp-web/pacer.js';
import { paceLimits } from '../../../src/channels/whatsapp-web/pacing.js';
import type { OwnedAccount } from '../../../src/channels/whatsapp-web/port.js';
import type { Json } from '../../../src/flow/json.js';

const parcel: Parcel = { id: 'd', address: 'a', message: { text: 'Undangan', buttons: [] }, bulk: true };
const start = Date.parse('2026-03-02T03:00:00Z');

/** A pacer with its clock, and what it wrote down. */
function pacerAt({ wrote = true, kept = null }: { readonly wrote?: boolean; readonly kept?: Json } = {}) {
  const clock = { now: start };
  const written: Json[] = [];
  const alarms: string[] = [];
  const cleared: string[] = [];
  const owned: Pick<OwnedAccount, 'keepPace'> = {
    keepPace: async (pace) => {
      written.push(pace);
      return true;
    },
  };
  const store = {
    isWarm: async () => wrote,
    alarm: async (kind: string) => void alarms.push(kind),
    clearAlarm: async (kind: string) => void cleared.push(kind),
  };
  const now = () => new Date(clock.now);
  const options = { store, account: 'wa', limits: paceLimits, now, random: () => 0 };
  return { pacer: new Pacer(options, owned, kept), clock, written, alarms, cleared };
}

async function faultOf(work: Promise<void>) {
  const error = await work.catch((thrown: unknown) => thrown);
  return error instanceof ChannelError ? error.fault : null;
}

it('lets one go, and the next after the gap; what it counted is written down before anything is sent', async () => {
  const { pacer, clock, written } = pacerAt();
  await pacer.take(parcel);
  expect(written).toMatchObject([{ sent: 1, nextAt: start + 6_000 }]);
  expect(await faultOf(pacer.take(parcel))).toEqual({
    ...{ kind: 'throttled', code: 'pace' },
    until: new Date(start + 6_000),
  });
  clock.now += 6_000;
  await pacer.take(parcel);
  const next = pacerAt({ kept: written.at(-1) ?? null });
  next.clock.now = clock.now;
  expect(await faultOf(next.pacer.take(parcel))).toMatchObject({ code: 'pace' });
});

it('begins no chat with who never wrote, and lets them be reached elsewhere', async () => {
  const { pacer, written } = pacerAt({ wrote: false });
  expect(await faultOf(pacer.take(parcel))).toEqual({ kind: 'permanent', code: 'never-wrote' });
  expect(written).toEqual([]);
});

it('rests when the provider allows no new chats, and says so', async () => {
  const { pacer, alarms, written } = pacerAt();
  await pacer.lock(null);
  expect(await faultOf(pacer.take(parcel))).toMatchObject({ code: 'new-chats-locked' });
  expect(alarms).toEqual(['whatsapp-web-locked']);
  expect(written).toMatchObject([{ lockedUntil: start + 24 * 3_600_000 }]);
});

it('remembers the rest, whatever else is written down at the same time', async () => {
  const kept: { pace: Json } = { pace: null };
  let slowness = 30;
  const owned = {
    keepPace: async (pace: Json) => {
      slowness /= 3;
      await pause(slowness);
      kept.pace = pace;
      return true;
    },
  };
  const store = { isWarm: async () => true, alarm: async () => {}, clearAlarm: async () => {} };
  const now = () => new Date(start);
  const pacer = new Pacer({ store, account: 'wa', limits: paceLimits, now, random: () => 0 }, owned, null);
  await Promise.all([pacer.note(true), pacer.lock(null)]);
  expect(kept.pace).toMatchObject({ failed: [true], lockedUntil: start + 24 * 3_600_000 });
});

it('rests and says so when too many fail', async () => {
  const { pacer, alarms } = pacerAt();
  for (let at = 0; at < 49; at += 1) await pacer.note(at < 3);
  expect(alarms).toEqual([]);
  await pacer.note(false);
  expect(alarms).toEqual(['whatsapp-web-failing']);
  expect(await faultOf(pacer.take(parcel))).toMatchObject({ code: 'too-many-failed' });
});

it('lowers an alarm once its time is over: at the next message, or as soon as the number is connected again', async () => {
  const day = 24 * 3_600_000;
  const { pacer, clock, cleared, written } = pacerAt();
  await pacer.calm();
  expect(cleared.toSorted()).toEqual(['whatsapp-web-failing', 'whatsapp-web-locked']);
  await pacer.lock(null);
  for (let at = 0; at < 50; at += 1) await pacer.note(true);
  clock.now += day - 1;
  for (const _ of [1, 2]) await pacer.calm();
  expect(await faultOf(pacer.take(parcel))).toMatchObject({ code: 'new-chats-locked' });
  expect(cleared).toHaveLength(2);
  const next = pacerAt({ kept: written.at(-1) ?? null });
  next.clock.now = clock.now + 1;
  for (const _ of [1, 2]) await next.pacer.calm();
  expect(next.cleared.toSorted()).toEqual(['whatsapp-web-failing', 'whatsapp-web-locked']);
  clock.now += 1;
  for (const _ of [1, 2]) await faultOf(pacer.take(parcel));
  expect(cleared).toHaveLength(4);
});
