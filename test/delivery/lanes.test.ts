import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/delivery/delivery.js';
import { backendsOr } from '../support/backends.js';
import { sized } from '../support/size.js';
import { unopened } from '../support/unopened.js';
import { count, type FakeChannel, fakeChannel, fault, openRig, type Rig, until } from './rig.js';

describe.each(backendsOr('postgres'))('lanes over %s', (backend) => {
  it('keeps a hundred rows to one address in order, however they are woken', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    const texts = Array.from({ length: 100 }, (_, at) => `pesan ${at}`);
    const ids = await rig.replies(person, texts);
    const channel = fakeChannel();
    const delivery = rig.deliver([channel], { sweepMs: 1_000 });
    const refs = ids.toReversed().map((id) => ({ id, account: 'fake', lane: 'reply' as const }));
    delivery.wake(refs);
    delivery.wake(refs);
    await until(() => expect(channel.shown).toHaveLength(100));
    await until(async () => expect((await rig.rows()).every((row) => row.state === 'accepted')).toBe(true));
    expect(channel.texts()).toEqual(texts);
    expect(channel.calls).toHaveLength(100);
  });

  it('sends to different addresses at the same time', async () => {
    const rig = await openRig(backend);
    let open = () => {};
    const together = new Promise<void>((resolve) => {
      open = resolve;
    });
    // Nobody gets through before four are inside: with one at a time this would never end.
    const channel = fakeChannel({
      before: (_, call) => {
        if (call === 4) open();
        return together;
      },
    });
    const delivery = rig.deliver([channel]);
    for (let at = 0; at < 4; at += 1) {
      const id = await rig.reply(await rig.person(), `${at}`);
      delivery.wake([{ id, account: 'fake', lane: 'reply' }]);
    }
    await until(() => expect(channel.shown).toHaveLength(4));
  });

  it('answers while thousands of broadcast rows wait', async () => {
    const rig = await openRig(backend);
    const people = await manyPeople(rig, sized(1_000, 5_000));
    await rig.broadcast(people, 'undangan');
    let free = () => {};
    const blocked = new Promise<void>((resolve) => {
      free = resolve;
    });
    const channel = fakeChannel({
      before: (parcel) => (unopened(parcel.message.text) === 'undangan' ? blocked : undefined),
    });
    const delivery = rig.deliver([channel]);
    await until(() => expect(channel.calls.length).toBeGreaterThan(0));
    const id = await rig.reply(await rig.person(), 'jawaban');
    delivery.wake([{ id, account: 'fake', lane: 'reply' }]);
    await until(() => expect(channel.texts()).toEqual(['jawaban']));
    free();
  });

  it('sends a broadcast of thousands once each through a small window', async () => {
    const many = sized(600, 2_000);
    const rig = await openRig(backend);
    const people = await manyPeople(rig, many);
    const id = await rig.broadcast(people, 'undangan');
    let widest = 0;
    const watched = fakeChannel({
      pace: { bulkBatch: 50 },
      before: async () => {
        if (watched.calls.length % 100 === 1) widest = Math.max(widest, await onTheirWay());
      },
    });
    const onTheirWay = async () => {
      const rows = await rig.pool.query(
        `SELECT count(*)::int AS n FROM delivery WHERE state IN ('due', 'leased', 'written')`,
      );
      return rows.rows[0].n;
    };
    rig.deliver([watched], { windowRows: 200, sweepMs: 1_000 });
    await until(() => expect(watched.shown).toHaveLength(many));
    expect(Object.values(count(watched.calls.map((parcel) => parcel.id))).every((times) => times === 1)).toBe(
      true,
    );
    expect(widest).toBeLessThanOrEqual(200);
    await until(async () => {
      const broadcast = await rig.pool.query('SELECT state FROM broadcast WHERE id = $1', [id]);
      expect(broadcast.rows).toEqual([{ state: 'done' }]);
    });
  });

  it('waits while the provider wants no messages, spends no attempt, then goes on', async () => {
    const rig = await openRig(backend);
    const opening = new Date(rig.now().getTime() + 400);
    const early: number[] = [];
    const channel = fakeChannel({
      before: (_, call) => {
        if (call > 1 && rig.now() < opening) early.push(call);
        if (call === 1) throw fault({ kind: 'throttled', until: opening, code: '429' });
      },
    });
    const person = await rig.person();
    const other = await rig.person();
    const ids = [await rig.reply(person, 'satu'), await rig.reply(other, 'dua')];
    const delivery = rig.deliver([
      fakeChannel({ account: 'calm' }),
      { ...channel, pace: { ...channel.pace, concurrency: 1, bulkConcurrency: 1 } },
    ]);
    const calm = await rig.reply(await rig.person(['calm']), 'tenang', { account: 'calm' });
    delivery.wake(ids.map((id) => ({ id, account: 'fake', lane: 'reply' as const })));
    delivery.wake([{ id: calm, account: 'calm', lane: 'reply' }]);
    await until(async () => expect((await rig.row(calm)).state).toBe('accepted'));
    await until(() => expect([...channel.texts()].sort()).toEqual(['dua', 'satu']));
    expect(early).toEqual([]);
    await until(async () => expect((await rig.rows(ids)).map((row) => row.attempts)).toEqual([1, 1]));
  });

  it('stops an account that its provider stopped, raises an alarm, and goes on when it is healthy', async () => {
    const rig = await openRig(backend);
    let healthy = false;
    const channel = fakeChannel({
      healthy: () => healthy,
      before: () => {
        if (!healthy) throw fault({ kind: 'stopped', code: '401' });
      },
    });
    const delivery = rig.deliver([channel]);
    const id = await rig.reply(await rig.person(), 'halo');
    delivery.wake([{ id, account: 'fake', lane: 'reply' }]);
    await until(async () =>
      expect(await alarms(rig)).toEqual([{ kind: 'delivery-stopped-fake', standing: true }]),
    );
    await until(async () => expect(await rig.row(id)).toMatchObject({ state: 'due', attempts: 0 }));
    const tried = channel.calls.length;
    healthy = true;
    await until(() => expect(channel.texts()).toEqual(['halo']));
    expect(channel.calls.length).toBe(tried + 1);
    await until(async () =>
      expect(await alarms(rig)).toEqual([{ kind: 'delivery-stopped-fake', standing: false }]),
    );
  });

  it('lowers the alarm of an account that another process stopped, once it is healthy, and not before', async () => {
    const rig = await openRig(backend);
    let asked = 0;
    const channel = fakeChannel({
      healthy: () => {
        asked += 1;
        return asked > 2;
      },
    });
    await rig.store.raiseAlarm({
      ...{ kind: 'delivery-stopped-fake', account: 'fake', message: 'stopped', at: rig.now() },
    });
    rig.deliver([channel]);
    await until(async () =>
      expect(await alarms(rig)).toEqual([{ kind: 'delivery-stopped-fake', standing: false }]),
    );
    expect(asked).toBe(3);
  });

  it('keeps the gap between two broadcast messages', async () => {
    const rig = await openRig(backend);
    const people = await manyPeople(rig, 6);
    await rig.broadcast(people, 'undangan');
    const times: number[] = [];
    const channel = fakeChannel({
      pace: { bulkBatch: 1, bulkGapMs: 60, bulkConcurrency: 4 },
      before: () => void times.push(Date.now()),
    });
    rig.deliver([channel]);
    await until(() => expect(channel.shown).toHaveLength(6));
    expect((times[5] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(5 * 60 - 40);
  });

  it('keeps the pace of broadcasts over all processes that send for an account', async () => {
    const rig = await openRig(backend);
    const times: number[] = [];
    const channel = fakeChannel({
      pace: { bulkBatch: 1, bulkGapMs: 50, bulkConcurrency: 1 },
      before: () => void times.push(Date.now()),
    });
    await rig.broadcast(await manyPeople(rig, 30), 'undangan');
    await threeProcesses(rig, channel);
    await until(() => expect(channel.shown).toHaveLength(30));
    // Each for itself, the three would have sent the thirty within half a second.
    expect((times[21] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(900);
  });

  it('holds broadcasts back in every process when an answer is refused for a while', async () => {
    const rig = await openRig(backend);
    const { channel, early } = refusing(rig, 'jawaban', 1_500);
    const [delivery] = await threeProcesses(rig, channel);
    const id = await rig.reply(await rig.person(), 'jawaban');
    delivery?.wake([{ id, account: 'fake', lane: 'reply' }]);
    await until(async () => expect(await rig.row(id)).toMatchObject({ state: 'due', code: '429' }));
    await rig.broadcast(await manyPeople(rig, 5), 'undangan');
    await until(() => expect(channel.texts()).toHaveLength(6));
    expect(early).toEqual([]);
    expect(channel.calls).toHaveLength(7);
    await until(async () => expect(await rig.row(id)).toMatchObject({ state: 'accepted', attempts: 1 }));
  });

  it('answers while broadcasts are refused for a while, and holds only those back, in every process', async () => {
    const rig = await openRig(backend);
    const { channel, early } = refusing(rig, 'undangan', 1_500);
    await rig.broadcast(await manyPeople(rig, 10), 'undangan');
    const [delivery] = await threeProcesses(rig, channel);
    await until(() => expect(channel.calls.length).toBeGreaterThan(0));
    const id = await rig.reply(await rig.person(), 'jawaban');
    delivery?.wake([{ id, account: 'fake', lane: 'reply' }]);
    await until(() => expect(channel.texts()).toHaveLength(11));
    expect(early).toContain('jawaban');
    // What the two others had in hand already.
    expect(early.filter((text) => text === 'undangan').length).toBeLessThanOrEqual(2);
    await until(async () => expect((await rig.rows()).map((row) => row.attempts)).toEqual(Array(11).fill(1)));
  });
});

/** Refuses the first message with this text for a time; `early` is what was accepted before that was over. */
function refusing(rig: Rig, text: string, ms: number) {
  const early: string[] = [];
  let opening: Date | null = null;
  const channel = fakeChannel({
    pace: { bulkBatch: 1, bulkGapMs: 5, bulkConcurrency: 1 },
    before: ({ message }) => {
      const said = unopened(message.text);
      if (opening === null && said === text) {
        opening = new Date(rig.now().getTime() + ms);
        throw fault({ kind: 'throttled', until: opening, code: '429' });
      }
      if (opening !== null && rig.now() < opening) early.push(said);
    },
  });
  return { channel, early };
}

/** As three processes would: each with queues and gates of its own. */
async function threeProcesses(rig: Rig, channel: FakeChannel): Promise<readonly Delivery[]> {
  const queues = [rig.queues, await rig.moreQueues(), await rig.moreQueues()];
  return queues.map((its) => rig.deliver([channel], {}, its));
}

async function manyPeople(rig: Rig, many: number) {
  const found = await rig.pool.query<{ contactId: string }>(
    `WITH c AS (INSERT INTO contact (id, simulator) SELECT gen_random_uuid(), true FROM generate_series(1, $1::int) RETURNING id)
     INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index)
     SELECT gen_random_uuid(), id, 'fake', 'fake', $2, decode(replace(id::text, '-', ''), 'hex') FROM c
     RETURNING contact_id AS "contactId"`,
    [many, rig.vault.seal('alamat')],
  );
  return found.rows.map((row) => ({ ...row, addresses: {} }));
}

async function alarms(rig: Rig) {
  const found = await rig.pool.query('SELECT kind, cleared_at IS NULL AS standing FROM alarm');
  return found.rows;
}
