import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { closingTime } from '../../src/flow/human-hours.js';
import type { Message, StartedTimer } from '../../src/flow/message.js';
import { newId } from '../../src/store/ids.js';
import { backendsOr } from '../support/backends.js';
import { fakeChannel, fault, openRig, type Person, type Rig, until } from './rig.js';

const timers: readonly StartedTimer[] = [
  { flow: 'isi', name: 'nudge-1', reminder: true, after: { amount: 1, unit: 'hari' } },
  { flow: 'isi', name: 'expire', reminder: false, after: { amount: 10, unit: 'jam' } },
  { flow: 'nanti', name: 'wait', reminder: false, after: { day: '2026-03-09' } },
];

function question(more: Partial<Message> = {}): Message {
  return { text: 'Siapa nama Bapak/Ibu?', choices: [], question: newId(), timers, ...more };
}

const running = async ({ pool }: Rig) => (await pool.query('SELECT * FROM timer ORDER BY due_at, name')).rows;

async function ended(rig: Rig, id: string): Promise<void> {
  await until(async () => expect((await rig.row(id)).ended_at).not.toBeNull());
}

/** Ten in the morning, as the clock of the rig says. */
const tomorrow = (rig: Rig) => rig.now().getTime() + 24 * 3_600_000;

describe.each(backendsOr('redis'))('the timers of a question over %s', (backend) => {
  it('begin to run when it is accepted, in the same statement', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    const message = question();
    const before = rig.now().getTime();
    const id = await rig.reply(person, message);
    expect(await running(rig)).toEqual([]);
    rig.deliver([fakeChannel()]);
    await ended(rig, id);
    const rows = await running(rig);
    expect(rows.map(({ flow, name, reminder }) => [flow, name, reminder])).toEqual([
      ['isi', 'expire', false],
      ['isi', 'nudge-1', true],
      ['nanti', 'wait', false],
    ]);
    const { accepted_at: accepted } = (
      await rig.pool.query('SELECT accepted_at FROM delivery WHERE id = $1', [id])
    ).rows[0];
    for (const row of rows)
      expect(row).toMatchObject({
        contact_id: person.contactId,
        address_id: person.addresses.fake?.id,
        question: message.question,
        sent_at: accepted,
      });
    const [expire, nudge, wait] = rows.map((row) => row.due_at.getTime());
    const closing = closingTime(rig.now()).getTime();
    expect(expire).toBeGreaterThanOrEqual(Math.min(before + 10 * 3_600_000, closing - 1));
    expect(nudge).toBeGreaterThanOrEqual(before + 24 * 3_600_000);
    expect(nudge).toBeLessThanOrEqual(tomorrow(rig));
    expect(new Date(wait)).toEqual(new Date('2026-03-09T08:00:00+07:00'));
  });

  it('are those of the newest question, also when an older one is accepted later', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    const [first, second] = [
      question({ question: newId(1) }),
      question({ question: newId(2), timers: timers.slice(0, 1) }),
    ];
    rig.deliver([fakeChannel()]);
    await ended(rig, await rig.reply(person, first));
    await ended(rig, await rig.reply(person, second));
    const newest = await running(rig);
    expect(newest.map(({ name, question: of }) => [name, of])).toEqual([
      ['expire', first.question],
      ['nudge-1', second.question],
      ['wait', first.question],
    ]);
    await ended(rig, await rig.reply(person, first));
    expect(await running(rig), 'neither begun anew nor taken over').toEqual(newest);
  });

  it('of several people accepted together each run for their own', async () => {
    const rig = await openRig(backend);
    const people: readonly Person[] = await Promise.all(Array.from({ length: 30 }, () => rig.person()));
    const ids = await Promise.all(people.map((person) => rig.reply(person, question())));
    rig.deliver([fakeChannel()]);
    for (const id of ids) await ended(rig, id);
    const rows = await running(rig);
    expect(rows).toHaveLength(people.length * timers.length);
    expect(new Set(rows.map((row) => row.contact_id)).size).toBe(people.length);
  });

  it('do not run for what was not sent: still due, refused, or nobody knows', async () => {
    const rig = await openRig(backend);
    const refused = await rig.reply(await rig.person(), question());
    const lost = await rig.reply(await rig.person(), question());
    const later = await rig.reply(await rig.person(), question(), { dueAt: new Date(tomorrow(rig)) });
    const channel = fakeChannel({
      sameId: false,
      before: ({ id }) => {
        if (id === refused) throw fault({ kind: 'permanent', code: 'blocked' });
        if (id === lost) throw fault({ kind: 'ambiguous', code: 'timeout' });
        throw fault({ kind: 'permanent', code: 'no-follow-up' });
      },
    });
    rig.deliver([channel]);
    await ended(rig, refused);
    await ended(rig, lost);
    const next = async () => (await rig.rows()).find(({ cause }) => cause === lost)?.id;
    await until(async () => expect(await next()).toBeDefined());
    await ended(rig, (await next()) ?? '');
    expect((await rig.row(refused)).state).toBe('failed');
    expect((await rig.row(lost)).state).toBe('unknown');
    expect((await rig.row(later)).state).toBe('due');
    expect(await running(rig)).toEqual([]);
  });

  it.each([
    ['told once more', 'ambiguous' as const, 'fake'],
    ['sent to the next address', 'permanent' as const, 'second'],
  ])('run from the message that arrived: %s', async (_, kind, account) => {
    const rig = await openRig(backend);
    const person = await rig.person(['fake', 'second']);
    const id = await rig.reply(person, question());
    const first = fakeChannel({
      sameId: false,
      before: (parcel) => {
        if (parcel.id === id) throw fault({ kind, code: 'test' });
      },
    });
    rig.deliver([first, fakeChannel({ account: 'second' })]);
    await until(async () => expect(await running(rig)).toHaveLength(timers.length));
    for (const row of await running(rig)) expect(row.address_id).toBe(person.addresses[account]?.id);
  });

  it('do not run for a message that asks nothing', async () => {
    const rig = await openRig(backend);
    const id = await rig.reply(await rig.person(), { ...question(), question: null });
    rig.deliver([fakeChannel()]);
    await ended(rig, id);
    expect(await running(rig)).toEqual([]);
  });

  it('are not begun by a worker whose lease went to another', async () => {
    const rig = await openRig(backend);
    const message = question();
    const id = await rig.reply(await rig.person(), message);
    const now = rig.now();
    const due = timers.map(({ flow, name, reminder }) => ({ flow, name, reminder, dueAt: now }));
    const hold = { token: randomUUID(), now, until: new Date(now.getTime() + 5_000) };
    await rig.store.lease([id], hold, 'written');
    const ending = {
      ...{ id, state: 'accepted' as const, code: null, providerId: 'p', dueAt: null, spent: 1 as const },
      ...{ stale: false, sequel: null, timers: due },
    };
    await rig.store.settle([{ ...ending, token: randomUUID() }], now, []);
    expect(await running(rig)).toEqual([]);
    await rig.store.settle([{ ...ending, token: hold.token }], now, []);
    expect(await running(rig)).toHaveLength(timers.length);
  });
});
