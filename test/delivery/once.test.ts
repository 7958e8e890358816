import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { backendsOr } from '../support/backends.js';
import { count, type FakeChannel, fakeChannel, fault, openRig, type Rig, until } from './rig.js';

const lostAnswer = fault({ kind: 'ambiguous', code: 'cut' });

function mostlyOnce(channel: FakeChannel): readonly number[] {
  return Object.values(count(channel.shown.map((parcel) => parcel.id)));
}

/** Holds a row as a worker would that then dies. */
async function dieHolding(rig: Rig, id: string, state: 'leased' | 'written'): Promise<string> {
  const token = randomUUID();
  const now = rig.now();
  const lease = await rig.store.lease([id], { token, now, until: new Date(now.getTime() + 50) }, state);
  expect(lease.rows.map((row) => row.id)).toEqual([id]);
  return token;
}

const ended = (id: string, token: string) => ({
  id,
  token,
  state: 'accepted' as const,
  code: null,
  providerId: 'late',
  dueAt: null,
  spent: 1 as const,
  stale: false,
  sequel: null,
  timers: [],
});

describe.each(backendsOr('postgres'))('exactly once over %s', (backend) => {
  it('sends each row once though every job comes twice and two processes work', async () => {
    const rig = await openRig(backend);
    const channel = fakeChannel();
    const delivery = rig.deliver([channel]);
    rig.deliver([channel]);
    const ids: string[] = [];
    for (let at = 0; at < 40; at += 1) ids.push(await rig.reply(await rig.person(), `${at}`));
    const wakeUps = ids.flatMap((id) => [{ ids: [id] }, { ids: [id] }]);
    await rig.queues.add({ account: 'fake', lane: 'reply' }, wakeUps);
    delivery.wake(ids.map((id) => ({ id, account: 'fake', lane: 'reply' as const })));
    await until(async () => expect((await rig.rows()).every((row) => row.state === 'accepted')).toBe(true));
    const before = await rig.rows();
    await rig.queues.add({ account: 'fake', lane: 'reply' }, wakeUps);
    await until(async () => expect(await rig.queues.waiting({ account: 'fake', lane: 'reply' })).toBe(0));
    expect(channel.calls).toHaveLength(40);
    expect(await rig.rows()).toEqual(before);
  });

  it('sends again under the same id when an answer is lost, and shows it once', async () => {
    const rig = await openRig(backend);
    const channel = fakeChannel({
      after: (_, call) => {
        if (call <= 2) throw lostAnswer;
      },
    });
    const delivery = rig.deliver([channel]);
    const id = await rig.reply(await rig.person(), 'halo');
    delivery.wake([{ id, account: 'fake', lane: 'reply' }]);
    await until(async () =>
      expect(await rig.row(id)).toMatchObject({ state: 'accepted', attempts: 3, code: null }),
    );
    expect(channel.calls.map((parcel) => parcel.id)).toEqual([id, id, id]);
    expect(mostlyOnce(channel)).toEqual([1]);
  });

  it('gives a row up after the last attempt, with an alarm', async () => {
    const rig = await openRig(backend);
    const channel = fakeChannel({
      before: () => {
        throw new TypeError('anything that is not a ChannelError');
      },
    });
    rig.deliver([channel], { maxAttempts: 3 });
    const id = await rig.reply(await rig.person(), 'halo');
    await until(async () =>
      expect(await rig.row(id)).toMatchObject({ state: 'failed', code: 'gave-up', attempts: 3 }),
    );
    const raised = await rig.pool.query('SELECT kind FROM alarm');
    expect(raised.rows).toEqual([{ kind: 'delivery-gave-up-fake' }]);
  });

  it('tells a reply once more where the same id would be two messages, and never a third time', async () => {
    const rig = await openRig(backend);
    const channel = fakeChannel({
      sameId: false,
      after: () => {
        throw lostAnswer;
      },
    });
    const person = await rig.person();
    const delivery = rig.deliver([channel]);
    const question = randomUUID();
    const choices = [{ id: 'ya', label: 'Ya' }];
    const id = await rig.reply(person, { text: 'Benar?', choices, question });
    delivery.wake([{ id, account: 'fake', lane: 'reply' }]);
    await until(async () =>
      expect((await rig.rows()).map((row) => row.state)).toEqual(['unknown', 'unknown']),
    );
    const [first, second] = await rig.rows();
    expect(first).toMatchObject({ id, code: 'cut' });
    expect(second).toMatchObject({ cause: id, question });
    expect(channel.texts()).toEqual(['Benar?\n\n1. Ya', 'Maaf, sempat terputus.\n\nBenar?\n\n1. Ya']);
    await rig.queues.add({ account: 'fake', lane: 'reply' }, [{ ids: [id] }, { ids: [second?.id ?? ''] }]);
    const last = await rig.reply(person, 'penutup');
    await until(async () => expect((await rig.row(last)).state).toBe('unknown'));
    expect(channel.shown.filter((parcel) => parcel.message.text.includes('Benar?'))).toHaveLength(2);
  });

  describe('what a lost answer leaves unknown in a conversation', () => {
    async function lostOnce() {
      const rig = await openRig(backend);
      const channel = fakeChannel({
        sameId: false,
        after: (_, call) => {
          if (call === 1) throw lostAnswer;
        },
      });
      return { rig, channel, person: await rig.person() };
    }

    it('is told once more before what was said since', async () => {
      const { rig, channel, person } = await lostOnce();
      await rig.replies(person, ['satu', 'dua', 'tiga']);
      rig.deliver([channel]);
      const again = 'Maaf, sempat terputus.\n\nsatu';
      await until(() => expect(channel.texts()).toEqual(['satu', again, 'dua', 'tiga']));
    });

    it.each([
      ['is asked again while its answer is awaited', true],
      ['is not asked again once something else is asked', false],
    ])('%s', async (_, isPending) => {
      const { rig, channel, person } = await lostOnce();
      const question = randomUUID();
      await rig.reply(person, { text: 'Benar?', choices: [], question });
      const pending = isPending ? question : randomUUID();
      await rig.pool.query(
        "INSERT INTO session (contact_id, state_sealed, version, question, updated_at) VALUES ($1, '', 1, $2, now())",
        [person.contactId, pending],
      );
      await rig.reply(person, 'dua');
      rig.deliver([channel]);
      const again = isPending ? ['Maaf, sempat terputus.\n\nBenar?'] : [];
      await until(() => expect(channel.texts()).toEqual(['Benar?', ...again, 'dua']));
      const ends = ['unknown', ...again.map(() => 'accepted'), 'accepted'];
      await until(async () => expect((await rig.rows()).map((row) => row.state)).toEqual(ends));
    });
  });

  it('leaves an unknown broadcast row unknown', async () => {
    const rig = await openRig(backend);
    const channel = fakeChannel({
      sameId: false,
      after: () => {
        throw lostAnswer;
      },
    });
    rig.deliver([channel]);
    await rig.broadcast([await rig.person()], 'undangan');
    await until(async () => expect((await rig.rows()).map((row) => row.state)).toEqual(['unknown']));
    expect(channel.shown).toHaveLength(1);
  });

  it.each(['reply', 'bulk'] as const)(
    'goes to the next address after a permanent failure only, on the lane %s',
    async (lane) => {
      const rig = await openRig(backend);
      const blocked = fakeChannel({
        before: () => {
          throw fault({ kind: 'permanent', code: 'blocked' });
        },
      });
      const second = fakeChannel({ account: 'second' });
      const person = await rig.person(['fake', 'second', 'unconfigured']);
      rig.deliver([blocked, second]);
      if (lane === 'reply') await rig.reply(person, 'halo');
      else await rig.broadcast([person], 'halo');
      await until(async () =>
        expect((await rig.rows()).map((row) => row.state)).toEqual(['failed', 'accepted']),
      );
      const [first, next] = await rig.rows();
      expect(first).toMatchObject({ code: 'blocked', account: 'fake' });
      expect(next).toMatchObject({ cause: first?.id, account: 'second', lane });
      expect(second.texts()).toEqual(['halo']);
    },
  );

  it('ends when no address is left, and never goes back to one it tried', async () => {
    const rig = await openRig(backend);
    const refuse = () => {
      throw fault({ kind: 'permanent', code: 'gone' });
    };
    const channels = ['fake', 'second', 'third'].map((account) => fakeChannel({ account, before: refuse }));
    rig.deliver(channels);
    await rig.reply(await rig.person(['fake', 'second', 'third']), 'halo');
    await until(async () =>
      expect((await rig.rows()).map((row) => row.state)).toEqual(['failed', 'failed', 'failed']),
    );
    expect(channels.map((channel) => channel.calls.length)).toEqual([1, 1, 1]);
  });

  it('fails a row whose body cannot be read, with an alarm, and goes on', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    const [bad = '', good = ''] = await rig.replies(person, ['rusak', 'baik']);
    await rig.pool.query('UPDATE delivery SET body_sealed = $2 WHERE id = $1', [bad, Buffer.from('x')]);
    const channel = fakeChannel();
    rig.deliver([channel]);
    await until(async () => expect((await rig.row(good)).state).toBe('accepted'));
    expect(await rig.row(bad)).toMatchObject({ state: 'failed', code: 'unreadable' });
    expect(channel.texts()).toEqual(['baik']);
  });
});

describe.each(backendsOr('postgres'))('after a crash over %s', (backend) => {
  it('gives no row up for as long after the start of the database as a lease is: its holder could not renew', async () => {
    const rig = await openRig(backend);
    const id = await rig.reply(await rig.person(), 'halo');
    await dieHolding(rig, id, 'written');
    const lapsed = new Date(rig.now().getTime() + 1_000);
    const given = (leaseMs: number) => rig.store.abandoned(lapsed, ['fake'], leaseMs);
    const month = 30 * 24 * 3_600_000;
    expect(await given(month)).toEqual([]);
    expect((await given(0)).map((row) => row.id)).toEqual([id]);
  });

  it.each([
    ['leased', true, ['halo']],
    ['written', true, ['halo']],
    ['leased', false, ['halo']],
    ['written', false, ['Maaf, sempat terputus.\n\nhalo']],
  ] as const)('recovers a %s row where the same id is one message: %s', async (state, sameId, texts) => {
    const rig = await openRig(backend);
    const id = await rig.reply(await rig.person(), 'halo');
    await dieHolding(rig, id, state);
    const channel = fakeChannel({ sameId });
    rig.deliver([channel]);
    await until(() => expect(channel.texts()).toEqual(texts));
    await until(async () => expect((await rig.rows()).at(-1)?.state).toBe('accepted'));
    const unknown = state === 'written' && !sameId;
    expect((await rig.row(id)).state).toBe(unknown ? 'unknown' : 'accepted');
  });

  it('does not let a worker write whose lease went to another', async () => {
    const rig = await openRig(backend);
    const id = await rig.reply(await rig.person(), 'halo');
    const stale = await dieHolding(rig, id, 'leased');
    rig.clock.shift(1_000);
    expect(await rig.store.releaseExpired(rig.now())).toBe(1);
    const fresh = await dieHolding(rig, id, 'leased');
    const hold = (token: string) => ({ token, now: rig.now(), until: new Date(rig.now().getTime() + 9_000) });
    expect((await rig.store.markWritten([id], hold(stale))).size).toBe(0);
    expect((await rig.store.markWritten([id], hold(fresh))).size).toBe(1);
    await rig.store.settle([ended(id, stale)], rig.now(), []);
    expect(await rig.row(id)).toMatchObject({ state: 'written', lease_token: fresh });
    await rig.store.settle([{ ...ended(id, fresh), stale: true }], rig.now(), []);
    expect((await rig.row(id)).state).toBe('written');
    await rig.store.settle([ended(id, fresh)], rig.now(), []);
    await rig.store.settle([{ ...ended(id, fresh), providerId: 'again' }], rig.now(), []);
    expect(await rig.row(id)).toMatchObject({ state: 'accepted', attempts: 1, provider_id: 'late' });
  });

  it('believes a late acceptance of the lease that was given up as unknown', async () => {
    const rig = await openRig(backend);
    const id = await rig.reply(await rig.person(), 'halo');
    const token = await dieHolding(rig, id, 'written');
    await rig.store.settle([{ ...ended(id, token), state: 'unknown', providerId: null }], rig.now(), []);
    await rig.store.settle([ended(id, randomUUID())], rig.now(), []);
    expect((await rig.row(id)).state).toBe('unknown');
    await rig.store.settle([ended(id, token)], rig.now(), []);
    expect((await rig.row(id)).state).toBe('accepted');
  });

  it('keeps a slow send leased, so that nobody else takes it', async () => {
    const rig = await openRig(backend);
    let answer = () => {};
    const slow = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const channel = fakeChannel({ sameId: false, before: () => slow });
    const id = await rig.reply(await rig.person(), 'halo');
    rig.deliver([channel], { leaseMs: 150 });
    await until(() => expect(channel.calls).toHaveLength(1));
    const begun = rig.now().getTime();
    await until(() => expect(rig.now().getTime() - begun).toBeGreaterThan(500));
    expect((await rig.row(id)).state).toBe('written');
    answer();
    await until(async () => expect((await rig.row(id)).state).toBe('accepted'));
    expect(channel.calls).toHaveLength(1);
  });

  it('finds every row again after the whole queue is lost', async () => {
    const rig = await openRig(backend);
    const people = [];
    for (let at = 0; at < 30; at += 1) people.push(await rig.person());
    for (const person of people) await rig.replies(person, ['satu', 'dua']);
    await rig.broadcast(people, 'undangan');
    let open = () => {};
    const shut = new Promise<void>((resolve) => {
      open = resolve;
    });
    const channel = fakeChannel({ before: () => shut, pace: { bulkBatch: 1, concurrency: 2 } });
    const delivery = rig.deliver([channel], { sweepMs: 100 });
    delivery.wake((await rig.rows()).map((row) => ({ id: row.id, account: 'fake', lane: row.lane })));
    await until(() => expect(channel.calls.length).toBeGreaterThanOrEqual(4));
    await loseQueue(rig, backend);
    open();
    await until(async () => expect((await rig.rows()).every((row) => row.state === 'accepted')).toBe(true));
    expect(channel.shown).toHaveLength(90);
    expect(channel.calls).toHaveLength(90);
    for (const person of people) {
      const texts = channel.texts(person.addresses.fake?.value).filter((text) => text !== 'undangan');
      expect(texts).toEqual(['satu', 'dua']);
    }
  });

  it('wakes nobody and loses nothing while the queue is away', async () => {
    const rig = await openRig(backend);
    let asked = 0;
    const away = {
      ...rig.queues,
      add: () => {
        asked += 1;
        return Promise.reject(new Error('away'));
      },
      waiting: () => Promise.reject(new Error('away')),
    };
    const channel = fakeChannel();
    const id = await rig.reply(await rig.person(), 'halo');
    const { createDelivery } = await import('../../src/delivery/delivery.js');
    const { testProfile } = await import('./rig.js');
    const lines: string[] = [];
    const write = (_: object, message: string) => void lines.push(message);
    const log = { info: write, warn: write, error: write };
    const options = {
      pool: rig.pool,
      vault: rig.vault,
      fileStore: rig.fileStore,
      channels: [channel],
      now: rig.now,
      newId: randomUUID,
      log,
      profile: testProfile,
    };
    const producer = createDelivery({ ...options, queues: away, workers: false });
    for (let turn = 0; turn < 5; turn += 1) producer.wake([{ id, account: 'fake', lane: 'reply' }]);
    await until(() => expect(asked).toBe(1));
    rig.deliver([channel]);
    await until(() => expect(channel.texts()).toEqual(['halo']));
    await producer.stop();
    expect(lines, 'the queue itself tells that it is away').toEqual([]);
  });
});

async function loseQueue(rig: Rig, backend: 'postgres' | 'redis'): Promise<void> {
  if (backend === 'postgres') {
    await rig.pool.query('DELETE FROM bullmq.job');
    return;
  }
  const redis = new Redis(inject('redisUrl') ?? '');
  const keys = await redis.keys(`${rig.queuePrefix}:*`);
  await redis.del(...keys);
  redis.disconnect();
}
