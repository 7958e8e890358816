import { describe, expect, it } from 'vitest';
import type { ChannelFault, Receipt } from '../../src/channels/contract.js';
import { unopened } from '../support/unopened.js';
import { type FakeOptions, fakeChannel, fault, openRig, type Rig, until } from './rig.js';

const permanent = { kind: 'permanent', code: 'gone' } as const;
const at = new Date(Date.UTC(2026, 2, 2, 4));

/** A delivery over channels where a repeat is a second message, and what a provider may report to it. */
async function world(...channels: readonly FakeOptions[]) {
  const rig = await openRig('postgres');
  const fakes = channels.map((options) => fakeChannel({ sameId: false, ...options }));
  const delivery = rig.deliver(fakes);
  const failed = (id: string, why: ChannelFault, account = 'fake') =>
    delivery.receipt({ account, providerId: `p-${id}`, kind: 'failed', fault: why, at });
  return { rig, delivery, failed, fakes };
}

const states = async (rig: Rig) =>
  (await rig.rows()).map(({ account, state, code }) => [account, state, code]);

describe('a message that was taken and did not arrive', () => {
  it('goes to the next address once, however often it is told', async () => {
    const { rig, failed } = await world({}, { account: 'second' });
    const id = await rig.reply(await rig.person(['fake', 'second']), 'halo');
    await until(async () => expect((await rig.row(id)).state).toBe('accepted'));
    await Promise.all([failed(id, permanent), failed(id, permanent), failed(id, permanent)]);
    await until(async () =>
      expect(await states(rig)).toEqual([
        ['fake', 'failed', 'gone'],
        ['second', 'accepted', null],
      ]),
    );
    await failed(id, permanent);
    expect(await rig.rows()).toHaveLength(2);
  });

  it('goes out once more where only the time was bad, and not a third time', async () => {
    const { rig, failed, fakes } = await world({});
    const id = await rig.reply(await rig.person(), 'halo');
    await until(async () => expect((await rig.row(id)).state).toBe('accepted'));
    const soon = { kind: 'throttled', until: rig.now(), code: 'busy', waits: 'address' } as const;
    await failed(id, soon);
    await until(() => expect(fakes[0]?.texts()).toEqual(['halo', 'halo']));
    const again = (await rig.rows())[1]?.id ?? '';
    await until(async () => expect((await rig.row(again)).state).toBe('accepted'));
    await failed(again, soon);
    await until(async () => expect((await rig.row(again)).state).toBe('failed'));
    expect(await rig.rows()).toHaveLength(2);
  });

  it('of a broadcast goes out once more with the text of the broadcast', async () => {
    const { rig, failed, fakes } = await world({});
    await rig.broadcast([await rig.person()], 'undangan');
    await until(async () => expect((await rig.rows())[0]?.state).toBe('accepted'));
    await failed((await rig.rows())[0]?.id ?? '', { kind: 'throttled', until: rig.now(), code: 'busy' });
    await until(() => expect(fakes[0]?.texts()).toEqual(['undangan', 'undangan']));
  });

  it('is remembered as unwanted, goes nowhere else, and says so to the channel that asks', async () => {
    const { rig, failed, fakes } = await world({ asksOfPeople: true }, { account: 'second' });
    const person = await rig.person(['fake', 'second']);
    const id = await rig.reply(person, 'promosi');
    await until(async () => expect((await rig.row(id)).state).toBe('accepted'));
    await failed(id, { kind: 'unwanted', code: 'stop' });
    const next = await rig.reply(person, 'lagi');
    await until(async () => expect((await rig.row(next)).state).toBe('accepted'));
    expect(fakes[0]?.shown.map(({ acquaintance }) => acquaintance?.takesMarketing)).toEqual([true, false]);
    expect(fakes[1]?.shown).toEqual([]);
  });

  it('pauses its broadcast when it is our fault', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // Two messages at once, of which the second is still on its way: the broadcast is not done.
    const before: FakeOptions['before'] = (_parcel, call) => (call === 2 ? held : undefined);
    const { rig, failed } = await world({ before, pace: { bulkBatch: 1 } });
    await rig.broadcast([await rig.person(), await rig.person()], 'undangan');
    const taken = async () => (await rig.rows()).find(({ state }) => state === 'accepted')?.id;
    await until(async () => expect(await taken()).toBeDefined());
    await failed((await taken()) ?? '', { kind: 'bug', code: 'template' });
    const { rows } = await rig.pool.query('SELECT state FROM broadcast');
    release();
    expect(rows).toEqual([{ state: 'paused' }]);
  });

  it('does not take back what was delivered', async () => {
    const { rig, delivery, failed } = await world({});
    const id = await rig.reply(await rig.person(), 'halo');
    await until(async () => expect((await rig.row(id)).state).toBe('accepted'));
    await delivery.receipt({ account: 'fake', providerId: `p-${id}`, kind: 'delivered', at });
    await failed(id, permanent);
    expect(await states(rig)).toEqual([['fake', 'delivered', null]]);
  });
});

describe('a message of which nobody knows', () => {
  const lost: FakeOptions = {
    after: () => {
      throw fault({ kind: 'ambiguous', code: 'cut' });
    },
  };
  it.each<[Extract<Receipt['kind'], string>, object]>([
    ['accepted', { state: 'accepted', delivered_at: null }],
    ['delivered', { state: 'delivered', delivered_at: at }],
    ['read', { state: 'read', delivered_at: at, read_at: at }],
    ['failed', { state: 'failed', code: 'gone' }],
  ])('is %s when its provider says so under our own id', async (kind, expected) => {
    const { rig, delivery } = await world(lost);
    const id = await rig.reply(await rig.person(), 'halo', { lane: 'bulk' });
    await until(async () => expect((await rig.row(id)).state).toBe('unknown'));
    const own = { account: 'fake', providerId: 'p-late', parcelId: id, at };
    await delivery.receipt(kind === 'failed' ? { ...own, kind, fault: permanent } : { ...own, kind });
    expect(await rig.row(id)).toMatchObject({ ...expected, provider_id: 'p-late' });
  });

  it('a reply that was followed up goes nowhere else when it is known to have failed', async () => {
    let calls = 0;
    const { rig, delivery, fakes } = await world({
      after: () => {
        calls += 1;
        if (calls === 1) throw fault({ kind: 'ambiguous', code: 'cut' });
      },
    });
    const id = await rig.reply(await rig.person(), 'halo');
    await until(() => expect(fakes[0]?.texts()).toEqual(['halo', 'Maaf, sempat terputus.\n\nhalo']));
    const soon = { kind: 'throttled', until: rig.now(), code: 'busy' } as const;
    await delivery.receipt({
      account: 'fake',
      providerId: 'p',
      parcelId: id,
      at,
      kind: 'failed',
      fault: soon,
    });
    expect(await rig.row(id)).toMatchObject({ state: 'failed' });
    expect(await rig.rows()).toHaveLength(2);
  });

  it('waits for its own result first: a receipt that comes too early is to come again', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { rig, delivery } = await world({ before: () => held });
    const id = await rig.reply(await rig.person(), 'halo');
    await until(async () => expect((await rig.row(id)).state).toBe('written'));
    const early = { account: 'fake', providerId: `p-${id}`, parcelId: id, kind: 'read', at } as const;
    await expect(delivery.receipt(early)).rejects.toThrow(/is to repeat it/);
    release();
    await until(async () => expect((await rig.row(id)).state).toBe('accepted'));
    await delivery.receipt(early);
    expect((await rig.row(id)).state).toBe('read');
  });
});

it('what a provider refuses as ours pauses the broadcast, and a person goes on with it', async () => {
  const { rig, fakes } = await world({
    pace: { bulkBatch: 1, bulkConcurrency: 1, bulkGapMs: 1 },
    before: () => {
      throw fault({ kind: 'bug', code: 'template' });
    },
  });
  const people = [];
  for (let at = 0; at < 12; at += 1) people.push(await rig.person());
  await rig.broadcast(people, 'undangan');
  const paused = async () => (await rig.pool.query('SELECT state FROM broadcast')).rows;
  await until(async () => expect(await paused()).toEqual([{ state: 'paused' }]));
  await until(async () => expect(await states(rig)).toContainEqual(['fake', 'planned', null]));
  expect(fakes[0]?.calls.length).toBeLessThan(12);
});

it('complaints hold broadcasts back and let replies pass', async () => {
  let complaints = 1;
  const { rig, fakes } = await world({
    before: ({ message }) => {
      if (unopened(message.text) === 'undangan' && complaints-- > 0)
        throw fault({
          kind: 'throttled',
          until: new Date(rig.now().getTime() + 3_600_000),
          code: 'spam',
          waits: 'broadcasts',
        });
    },
  });
  await rig.broadcast([await rig.person()], 'undangan');
  await until(async () =>
    expect((await rig.pool.query('SELECT kind FROM alarm')).rows).toEqual([
      { kind: 'delivery-complaints-fake' },
    ]),
  );
  await rig.broadcast([await rig.person()], 'lain');
  const reply = await rig.reply(await rig.person(), 'jawaban');
  await until(async () => expect((await rig.row(reply)).state).toBe('accepted'));
  expect(fakes[0]?.texts()).toEqual(['jawaban']);
  rig.clock.shift(3_601_000);
  await until(() => expect(fakes[0]?.texts().toSorted()).toEqual(['jawaban', 'lain', 'undangan']));
});

it('knows when a person last wrote, timers and signals left out', async () => {
  const { rig, fakes } = await world({ asksOfPeople: true });
  const person = await rig.person();
  const wrote = async (key: string, minute: number) =>
    rig.pool.query(
      `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, state, written_at, received_at)
       VALUES (gen_random_uuid(), $1, $2, 'fake', $3, 'done', $4, $4)`,
      [person.contactId, person.addresses.fake?.id, key, new Date(Date.UTC(2026, 2, 2, 1, minute))],
    );
  const heard = async (text: string) => {
    const id = await rig.reply(person, text);
    await until(async () => expect((await rig.row(id)).state).toBe('accepted'));
    return fakes[0]?.shown.at(-1)?.acquaintance?.heardAt;
  };
  expect(await heard('satu')).toBeNull();
  await wrote('m-1', 1);
  await wrote('m-2', 2);
  await wrote('timer:x', 3);
  await wrote('signal:y', 4);
  expect(await heard('dua')).toEqual(new Date(Date.UTC(2026, 2, 2, 1, 2)));
});
