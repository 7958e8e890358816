import { describe, expect, it } from 'vitest';
import type { Channel } from '../../src/channels/contract.js';
import { backendsOr } from '../support/backends.js';
import { type FakeChannel, fakeChannel, openRig, until } from './rig.js';

/** A channel over which only one process can send at a time, as this process sees it. */
function tied(able: boolean): { channel: FakeChannel & Channel; turn(able: boolean): void } {
  const listeners: ((able: boolean) => void)[] = [];
  let now = able;
  const sending: Channel['sending'] = {
    watch(listener) {
      listeners.push(listener);
      listener(now);
    },
  };
  return {
    channel: { ...fakeChannel(), sending },
    turn(able) {
      now = able;
      for (const listener of listeners) listener(able);
    },
  };
}

describe.each(backendsOr('postgres'))('an account over which only its owner can send, over %s', (backend) => {
  it('sends from the owner alone, and goes on in the next owner', async () => {
    const rig = await openRig(backend);
    const [owner, other] = [tied(true), tied(false)];
    const [first, second] = [rig.deliver([owner.channel]), rig.deliver([other.channel])];
    const people = await Promise.all(Array.from({ length: 20 }, () => rig.person()));
    const send = async (text: string) => {
      const ids = await Promise.all(people.map((person) => rig.reply(person, text)));
      const rows = ids.map((id) => ({ id, account: 'fake', lane: 'reply' as const }));
      first.wake(rows);
      second.wake(rows);
      return ids;
    };
    await send('satu');
    await until(() => expect(owner.channel.texts()).toHaveLength(20));
    owner.turn(false);
    other.turn(true);
    await send('dua');
    await until(() => expect(other.channel.texts()).toEqual(Array(20).fill('dua')));
    expect(owner.channel.texts()).toEqual(Array(20).fill('satu'));
    await until(async () => expect((await rig.rows()).every(({ state }) => state === 'accepted')).toBe(true));
  });

  it('lets rows wait without an attempt while nobody can send, and sends them at once when somebody can', async () => {
    const rig = await openRig(backend);
    const only = tied(false);
    const delivery = rig.deliver([only.channel], { sweepMs: 20 });
    const ids = await rig.replies(await rig.person(), ['satu', 'dua']);
    delivery.wake(ids.map((id) => ({ id, account: 'fake', lane: 'reply' as const })));
    const sweeps = await rig.pool.query("SELECT now() + interval '300 ms' AS until");
    await until(async () => {
      const { rows } = await rig.pool.query('SELECT now() > $1 AS over', [sweeps.rows[0].until]);
      expect(rows[0].over).toBe(true);
    });
    expect(only.channel.calls).toEqual([]);
    expect((await rig.rows()).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['due', 0],
      ['due', 0],
    ]);
    only.turn(true);
    await until(() => expect(only.channel.texts()).toEqual(['satu', 'dua']));
  });
});
