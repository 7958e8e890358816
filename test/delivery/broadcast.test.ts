import { describe, expect, it } from 'vitest';
import { machine } from '../../src/delivery/states.js';
import {
  cancelBroadcast,
  pauseBroadcast,
  planBroadcast,
  resumeBroadcast,
} from '../../src/store/broadcasts.js';
import { backendsOr } from '../support/backends.js';
import { count, fakeChannel, openRig, type Person, type Rig, until } from './rig.js';

async function people(rig: Rig, many: number): Promise<readonly Person[]> {
  const found: Person[] = [];
  for (let at = 0; at < many; at += 1) found.push(await rig.person());
  return found;
}

const codes = async (rig: Rig) => (await rig.rows()).map((row) => [row.state, row.code]);

describe.each(backendsOr('redis'))('a broadcast over %s', (backend) => {
  it('skips who opted out, but still answers them', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    await rig.broadcast([person], 'undangan');
    await rig.pool.query('UPDATE contact SET opted_out_at = now() WHERE id = $1', [person.contactId]);
    await rig.reply(person, 'jawaban');
    const channel = fakeChannel();
    rig.deliver([channel]);
    await until(async () =>
      expect(await codes(rig)).toEqual([
        ['skipped', 'opted-out'],
        ['accepted', null],
      ]),
    );
    expect(channel.texts()).toEqual(['jawaban']);
  });

  it('sends nothing after it expired, and an expired head does not hold the next back', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    const soon = new Date(rig.now().getTime() + 60_000);
    await rig.broadcast([person], 'rakor', { expiresAt: soon });
    const old = await rig.reply(person, 'lama', { expiresAt: soon });
    const next = await rig.reply(person, 'baru');
    rig.clock.shift(61_000);
    const channel = fakeChannel();
    const delivery = rig.deliver([channel]);
    delivery.wake([{ id: next, account: 'fake', lane: 'reply' }]);
    await until(async () =>
      expect((await rig.rows()).map((row) => row.state)).toEqual(['expired', 'expired', 'accepted']),
    );
    expect((await rig.row(old)).ended_at).not.toBeNull();
    expect(channel.texts()).toEqual(['baru']);
  });

  it('waits for the morning outside its hours; replies do not', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    await rig.broadcast([person], 'undangan');
    // Twenty minutes past nine in the evening, with a row that was already in the window.
    rig.clock.shift(11.3 * 3_600_000);
    const [row] = await rig.rows();
    await rig.pool.query(`UPDATE delivery SET state = 'due'`);
    await rig.reply(person, 'jawaban');
    const channel = fakeChannel();
    const delivery = rig.deliver([channel], { bulkHours: { from: 8, to: 17 } });
    delivery.wake([{ id: row?.id ?? '', account: 'fake', lane: 'bulk' }]);
    const morning = new Date('2026-03-03T01:00:00Z');
    await until(async () => expect((await rig.row(row?.id ?? '')).due_at).toEqual(morning));
    await until(() => expect(channel.texts()).toEqual(['jawaban']));
    rig.clock.shift(morning.getTime() - rig.now().getTime() + 200);
    await until(() => expect(channel.texts()).toEqual(['jawaban', 'undangan']));
  });

  it('stops exactly when paused, goes on when resumed, and loses nobody', async () => {
    const rig = await openRig(backend);
    const id = await rig.broadcast(await people(rig, 120), 'undangan');
    const slow = fakeChannel({ pace: { bulkBatch: 1, bulkGapMs: 5, bulkConcurrency: 2 } });
    rig.deliver([slow], { windowRows: 20 });
    await until(() => expect(slow.shown.length).toBeGreaterThan(10));
    expect(await pauseBroadcast(rig.pool, id)).toBe(true);
    expect(await pauseBroadcast(rig.pool, id)).toBe(false);
    await until(async () =>
      expect(Object.keys(count((await rig.rows()).map((row) => row.state))).sort()).toEqual([
        'accepted',
        'planned',
      ]),
    );
    const sent = slow.calls.length;
    const person = await rig.person();
    await rig.broadcast([person], 'lain');
    await until(() => expect(slow.texts(person.addresses.fake?.value)).toEqual(['lain']));
    expect(slow.calls.length).toBe(sent + 1);
    expect(await resumeBroadcast(rig.pool, id)).toBe(true);
    await until(() => expect(slow.shown).toHaveLength(121));
    expect(slow.calls).toHaveLength(121);
  });

  it('sends nothing more when cancelled', async () => {
    const rig = await openRig(backend);
    const id = await rig.broadcast(await people(rig, 80), 'undangan');
    const slow = fakeChannel({ pace: { bulkBatch: 1, bulkGapMs: 5, bulkConcurrency: 2 } });
    rig.deliver([slow], { windowRows: 20 });
    await until(() => expect(slow.shown.length).toBeGreaterThan(5));
    expect(await cancelBroadcast(rig.pool, machine, id, rig.now())).toBe(true);
    await until(async () =>
      expect(Object.keys(count((await rig.rows()).map((row) => row.state))).sort()).toEqual([
        'accepted',
        'cancelled',
      ]),
    );
    const sent = (await rig.rows()).filter((row) => row.state === 'accepted');
    expect(slow.calls).toHaveLength(sent.length);
    expect(await resumeBroadcast(rig.pool, id)).toBe(false);
  });

  it('takes running broadcasts in turn', async () => {
    const rig = await openRig(backend);
    const everybody = await people(rig, 20);
    await rig.broadcast(everybody, 'satu');
    await rig.broadcast(everybody, 'dua');
    const fed = await rig.store.feed('fake', 10, rig.now(), false);
    expect(fed).toHaveLength(10);
    const texts = await rig.pool.query(
      `SELECT count(*)::int AS rows FROM delivery WHERE state = 'due' GROUP BY broadcast_id`,
    );
    expect(texts.rows).toEqual([{ rows: 5 }, { rows: 5 }]);
    expect(await rig.store.feed('fake', 10, rig.now(), false)).toEqual([]);
  });

  it('is planned once however often it is asked for', async () => {
    const rig = await openRig(backend);
    const person = await rig.person(['fake', 'second']);
    await rig.person(['second']);
    const plan = {
      id: '00000000-0000-4000-8000-000000000001',
      message: { text: 'x', choices: [], question: null },
      contacts: 'simulator' as const,
      account: 'fake',
      createdBy: 'test',
      now: rig.now(),
      expiresAt: null,
    };
    expect(await planBroadcast(rig.pool, rig.vault, plan)).toBe(1);
    expect(await planBroadcast(rig.pool, rig.vault, plan)).toBe(1);
    expect((await rig.rows()).map((row) => row.account)).toEqual(['fake']);
    expect(person.addresses.fake?.id).toBeDefined();
  });
});

describe.each(backendsOr('redis'))('receipts over %s', (backend) => {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 4, minute));

  it('only move a row forward, late, repeated or out of order', async () => {
    const rig = await openRig(backend);
    const id = await rig.reply(await rig.person(), 'halo');
    const delivery = rig.deliver([fakeChannel()]);
    await until(async () => expect((await rig.row(id)).state).toBe('accepted'));
    const receipt = (kind: 'delivered' | 'read', minute: number, providerId = `p-${id}`) =>
      delivery.receipt({ account: 'fake', providerId, kind, at: at(minute) });
    await receipt('delivered', 1);
    expect(await rig.row(id)).toMatchObject({ state: 'delivered', delivered_at: at(1), read_at: null });
    await receipt('delivered', 2);
    expect(await rig.row(id)).toMatchObject({ state: 'delivered', delivered_at: at(1) });
    await receipt('read', 3);
    await receipt('delivered', 4);
    await receipt('read', 5);
    expect(await rig.row(id)).toMatchObject({ state: 'read', delivered_at: at(1), read_at: at(3) });
    await receipt('read', 6, 'not-ours');
  });

  it('wait for the acceptance they overtook', async () => {
    const rig = await openRig(backend);
    const early: Promise<void>[] = [];
    const id = await rig.reply(await rig.person(), 'halo');
    const channel = fakeChannel({
      after: (parcel) => {
        const receipt = { account: 'fake', providerId: `p-${parcel.id}`, kind: 'read' as const, at: at(1) };
        early.push(delivery.receipt(receipt));
      },
    });
    const delivery = rig.deliver([channel]);
    await until(async () => expect(await rig.row(id)).toMatchObject({ state: 'read', delivered_at: at(1) }));
    await Promise.all(early);
  });
});
