import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { idleSession } from '../../src/flow/session.js';
import {
  closeBroadcast,
  pauseBroadcast,
  type Retried,
  resumeBroadcast,
  retryBroadcast,
} from '../../src/store/broadcasts.js';
import { backendsOr } from '../support/backends.js';
import { count, fakeChannel, fault, openRig, type Person, type Rig, until } from './rig.js';

const [backend = 'postgres'] = backendsOr('redis');
const day = { bulkHours: { from: 8, to: 17 } } as const;
const hour = 3_600_000;

const codes = async (rig: Rig) => (await rig.rows()).map((row) => [row.state, row.code]);
const states = async (rig: Rig) => (await rig.rows()).map((row) => row.state);

async function urgent(rig: Rig, id: string, urgency: 'urgent' | 'lawful'): Promise<void> {
  await rig.pool.query('UPDATE broadcast SET urgency = $2 WHERE id = $1', [id, urgency]);
}

async function people(rig: Rig, many: number): Promise<readonly Person[]> {
  const found: Person[] = [];
  for (let at = 0; at < many; at += 1) found.push(await rig.person());
  return found;
}

describe('a broadcast that is urgent', () => {
  it('goes out at night, and what waits for the morning does not hold it back', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    await rig.broadcast([person], 'undangan');
    const [first] = await rig.rows();
    await rig.pool.query(`UPDATE delivery SET state = 'due'`);
    await urgent(rig, await rig.broadcast([person], 'tempat berubah'), 'urgent');
    rig.clock.shift(11.3 * hour);
    const channel = fakeChannel();
    rig.deliver([channel], day);
    await until(() => expect(channel.texts()).toEqual(['tempat berubah']));
    const morning = new Date('2026-03-03T01:00:00Z');
    await until(async () =>
      expect(await rig.row(first?.id ?? '')).toMatchObject({ state: 'planned', due_at: morning }),
    );
    rig.clock.shift(morning.getTime() - rig.now().getTime() + 200);
    await until(() => expect(channel.texts()).toEqual(['tempat berubah', 'undangan']));
  });

  it('does not wait behind a window full of others', async () => {
    const rig = await openRig(backend);
    const everybody = await people(rig, 60);
    await rig.broadcast(everybody, 'undangan');
    const slow = fakeChannel({ pace: { bulkBatch: 1, bulkGapMs: 10, bulkConcurrency: 1 } });
    rig.deliver([slow], { windowRows: 40 });
    await until(() => expect(slow.shown.length).toBeGreaterThan(2));
    await urgent(rig, await rig.broadcast(everybody.slice(50), 'segera'), 'urgent');
    await until(() => expect(count(slow.texts()).segera).toBe(10));
    expect(slow.shown.length).toBeLessThan(60);
    await until(() => expect(slow.shown).toHaveLength(70));
  });

  it.each([
    ['urgent', [], ['skipped', 'opted-out']],
    ['lawful', ['data bocor'], ['accepted', null]],
  ] as const)('of the kind %s reaches who has opted out: %s', async (urgency, texts, ended) => {
    const rig = await openRig(backend);
    const person = await rig.person();
    await rig.pool.query('UPDATE contact SET opted_out_at = now()');
    await urgent(rig, await rig.broadcast([person], 'data bocor'), urgency);
    const channel = fakeChannel();
    rig.deliver([channel], day);
    await until(async () => expect(await codes(rig)).toEqual([ended]));
    expect(channel.texts()).toEqual(texts);
  });

  it('is not sent after it expired, either', async () => {
    const rig = await openRig(backend);
    const expiresAt = new Date(rig.now().getTime() + 60_000);
    await urgent(rig, await rig.broadcast([await rig.person()], 'rakor', { expiresAt }), 'lawful');
    rig.clock.shift(60_000);
    const channel = fakeChannel();
    rig.deliver([channel]);
    await until(async () => expect(await states(rig)).toEqual(['expired']));
    expect(channel.shown).toEqual([]);
  });
});

describe('somebody in the middle of a conversation', () => {
  const stillMs = 10 * 60_000;

  async function asked(rig: Rig, person: Person): Promise<void> {
    await rig.pool.query(
      `INSERT INTO session (contact_id, state_sealed, flow, question, updated_at) VALUES ($1, $2, 'registrasi', $3, $4)`,
      [
        person.contactId,
        rig.vault.sealJson(JSON.parse(JSON.stringify(idleSession))),
        randomUUID(),
        rig.now(),
      ],
    );
  }

  it('gets a broadcast once it has ended; others do not wait, nor do answers', async () => {
    const rig = await openRig(backend);
    const [busy, idle] = [await rig.person(), await rig.person()];
    await asked(rig, busy);
    await rig.broadcast([busy, idle], 'undangan');
    await rig.reply(busy, 'jawaban');
    const channel = fakeChannel({ pace: { bulkBatch: 1, bulkConcurrency: 1 } });
    rig.deliver([channel], { stillMs, windowRows: 1 });
    await until(() => expect(channel.texts(idle.addresses.fake?.value)).toEqual(['undangan']));
    await until(() => expect(channel.texts(busy.addresses.fake?.value)).toEqual(['jawaban']));
    await rig.pool.query('UPDATE session SET question = NULL, flow = NULL');
    await until(() => expect(channel.texts(busy.addresses.fake?.value)).toEqual(['jawaban', 'undangan']));
  });

  it('gets it when the conversation stands still', async () => {
    const rig = await openRig(backend);
    const busy = await rig.person();
    await asked(rig, busy);
    await rig.broadcast([busy], 'undangan');
    const channel = fakeChannel();
    rig.deliver([channel], { stillMs });
    await until(async () =>
      expect((await rig.rows())[0]?.due_at.getTime()).toBeGreaterThan(rig.now().getTime()),
    );
    expect(channel.shown).toEqual([]);
    rig.clock.shift(stillMs);
    await until(() => expect(channel.texts()).toEqual(['undangan']));
  });

  it.each(['expiring', 'urgent'] as const)('gets what is %s at once', async (which) => {
    const rig = await openRig(backend);
    const busy = await rig.person();
    await asked(rig, busy);
    const soon = { expiresAt: new Date(rig.now().getTime() + stillMs / 2) };
    const id = await rig.broadcast([busy], 'undangan', which === 'expiring' ? soon : {});
    if (which === 'urgent') await urgent(rig, id, 'urgent');
    const channel = fakeChannel();
    rig.deliver([channel], { stillMs });
    await until(() => expect(channel.texts()).toEqual(['undangan']));
  });
});

describe('two broadcasts', () => {
  it('share an account: a small one is not behind a large one', async () => {
    const rig = await openRig(backend);
    const everybody = await people(rig, 100);
    await rig.broadcast(everybody, 'besar');
    const slow = fakeChannel({ pace: { bulkBatch: 1, bulkGapMs: 2, bulkConcurrency: 1 } });
    rig.deliver([slow], { windowRows: 16 });
    await until(() => expect(slow.shown.length).toBeGreaterThan(5));
    await rig.broadcast(everybody.slice(0, 30), 'kecil');
    await until(() => expect(count(slow.texts()).kecil).toBe(30));
    const before = slow.texts().indexOf('kecil');
    const last = slow.texts().lastIndexOf('kecil');
    const between = slow
      .texts()
      .slice(before, last)
      .filter((text) => text === 'besar').length;
    // As many of the other as of its own, but for what was in the window.
    expect(between).toBeLessThanOrEqual(30 + 16);
    expect(between).toBeGreaterThanOrEqual(30 - 16);
    await until(() => expect(slow.shown).toHaveLength(130));
  });
});

describe('what was not sent is tried once more', () => {
  it('over the next address by itself, greeted there as well', async () => {
    const rig = await openRig(backend);
    const person = await rig.person(['fake', 'second']);
    const id = await rig.broadcast([person], 'undangan');
    const first = fakeChannel({
      before: () => {
        throw fault({ kind: 'permanent', code: 'gone' });
      },
    });
    const second = fakeChannel({ account: 'second' });
    rig.deliver([first, second]);
    await until(() => expect(second.texts()).toEqual(['undangan']));
    expect(second.shown[0]?.message.text).toMatch(/^Yth\. Bapak\/Ibu,\n\nSaya asisten otomatis IPSM/);
    await until(async () => expect(await states(rig)).toEqual(['failed', 'accepted']));
    expect(await retryBroadcast(rig.pool, id, 'failed', rig.now())).toBe(0);
  });

  it('by choice where it failed, but not to who has blocked us, and not when it is too late', async () => {
    const rig = await openRig(backend);
    const [lucky, unlucky, blocked] = [await rig.person(), await rig.person(), await rig.person()];
    const expiresAt = new Date(rig.now().getTime() + hour);
    const id = await rig.broadcast([lucky, unlucky, blocked], 'undangan', { expiresAt });
    let broken = true;
    const channel = fakeChannel({
      before: ({ address }) => {
        if (broken && address !== lucky.addresses.fake?.value)
          throw fault({ kind: 'permanent', code: 'gone' });
      },
    });
    rig.deliver([channel]);
    await until(async () => expect(await stateOf(rig, id)).toBe('done'));
    await rig.pool.query('UPDATE address SET blocked_at = now() WHERE id = $1', [blocked.addresses.fake?.id]);
    broken = false;
    expect(await retryBroadcast(rig.pool, id, 'failed', rig.now())).toBe(1);
    expect(await retryBroadcast(rig.pool, id, 'failed', rig.now())).toBe(0);
    await until(async () => expect(await stateOf(rig, id)).toBe('done'));
    expect(channel.texts(unlucky.addresses.fake?.value)).toEqual(['undangan']);
    expect(channel.texts()).toHaveLength(2);
    rig.clock.shift(hour);
    await rig.pool.query(`UPDATE address SET blocked_at = NULL`);
    expect(await retryBroadcast(rig.pool, id, 'failed', rig.now())).toBe(0);
  });

  it('by choice where nobody knows, and never a third time', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    const id = await rig.broadcast([person], 'undangan');
    const channel = fakeChannel({
      sameId: false,
      after: () => {
        throw fault({ kind: 'ambiguous', code: 'timeout' });
      },
    });
    rig.deliver([channel]);
    const again = (what: Retried) => retryBroadcast(rig.pool, id, what, rig.now());
    await until(async () => expect(await states(rig)).toEqual(['unknown']));
    expect([await again('failed'), await again('unknown'), await again('unknown')]).toEqual([0, 1, 0]);
    await until(async () => expect(await states(rig)).toEqual(['unknown', 'unknown']));
    expect(await again('unknown')).toBe(0);
    expect(channel.calls).toHaveLength(2);
  });

  it('never of a broadcast that was cancelled', async () => {
    const rig = await openRig(backend);
    const id = await rig.broadcast([await rig.person()], 'undangan');
    await rig.pool.query(`UPDATE broadcast SET state = 'cancelled'`);
    expect(await retryBroadcast(rig.pool, id, 'failed', rig.now())).toBeNull();
  });
});

const stateOf = async (rig: Rig, id: string) =>
  (await rig.pool.query('SELECT state FROM broadcast WHERE id = $1', [id])).rows[0]?.state;

describe('a broadcast is done', () => {
  const unreached = (rig: Rig, id: string, reason: string) =>
    rig.pool.query('INSERT INTO recipient (broadcast_id, reason) VALUES ($1, $2)', [id, reason]);

  it('once whoever cannot be reached was told by somebody', async () => {
    const rig = await openRig(backend);
    const id = await rig.broadcast([await rig.person()], 'undangan');
    await unreached(rig, id, 'unlinked');
    await unreached(rig, id, 'opted-out');
    rig.deliver([fakeChannel()]);
    await until(async () => expect(await states(rig)).toEqual(['accepted']));
    await rig.store.finishBroadcasts(rig.now(), ['opted-out']);
    expect(await stateOf(rig, id)).toBe('running');
    await rig.pool.query(
      `UPDATE recipient SET contacted_at = now(), contacted_by = 'x' WHERE reason = 'unlinked'`,
    );
    await until(async () => expect(await stateOf(rig, id)).toBe('done'));
  });

  it('but not while somebody is just planning more of it', async () => {
    const rig = await openRig(backend);
    const id = await rig.broadcast([await rig.person()], 'undangan');
    await rig.pool.query("UPDATE delivery SET state = 'failed'");
    const other = await rig.pool.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM broadcast WHERE id = $1 FOR UPDATE', [id]);
    await other.query("UPDATE delivery SET state = 'planned'");
    const both = [
      rig.store.finishBroadcasts(rig.now(), []),
      closeBroadcast(rig.pool, id, rig.now()),
    ] as const;
    const waits =
      "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    await until(async () => expect((await rig.pool.query(waits)).rowCount).toBe(1));
    await both[0];
    await other.query('COMMIT');
    other.release();
    expect(await both[1]).toBe(false);
    expect(await stateOf(rig, id)).toBe('running');
  });

  it('or once it is closed, but not while anything is to be sent', async () => {
    const rig = await openRig(backend);
    const id = await rig.broadcast([await rig.person()], 'undangan');
    await unreached(rig, id, 'unlinked');
    expect(await closeBroadcast(rig.pool, id, rig.now())).toBe(false);
    expect(await pauseBroadcast(rig.pool, id)).toBe(true);
    expect(await resumeBroadcast(rig.pool, id)).toBe(true);
    rig.deliver([fakeChannel()]);
    await until(async () => expect(await states(rig)).toEqual(['accepted']));
    expect(await closeBroadcast(rig.pool, id, rig.now())).toBe(true);
    expect(await stateOf(rig, id)).toBe('done');
  });
});

describe('what stands in front of a broadcast', () => {
  const member = async (rig: Rig, broadcast: string, name: string, { contactId }: Person) => {
    const id = randomUUID();
    await rig.pool.query(
      `INSERT INTO region (code, parent_code, level, kind, name) VALUES ('33.74', '33', 'regency', 'Kota', 'Semarang') ON CONFLICT DO NOTHING`,
    );
    await rig.pool.query(
      `INSERT INTO member (id, name, region_code, simulator) VALUES ($1, $2, '33.74', true)`,
      [id, name],
    );
    await rig.pool.query('INSERT INTO recipient (broadcast_id, member_id, contact_id) VALUES ($1, $2, $3)', [
      broadcast,
      id,
      contactId,
    ]);
  };
  const introduction = /Saya asisten otomatis/;

  it('names all members behind a phone, and introduces the bot with the first one that arrives', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    const first = await rig.broadcast([person], 'satu');
    await member(rig, first, 'Sri Contohwati', person);
    await member(rig, first, 'Budi Rekaan', person);
    await rig.reply(person, 'jawaban');
    let calls = 0;
    const channel = fakeChannel({
      before: ({ bulk }) => {
        if (bulk === true && ++calls === 1) throw fault({ kind: 'permanent', code: 'gone' });
      },
    });
    rig.deliver([channel]);
    await until(async () => expect(await stateOf(rig, first)).toBe('done'));
    for (const text of ['dua', 'tiga']) {
      await member(rig, await rig.broadcast([person], text), 'Sri Contohwati', person);
      await until(() => expect(channel.texts()).toContain(text));
    }
    const said = channel.calls.map(({ message: { text } }) => text);
    expect(said.find((text) => text.endsWith('satu'))).toMatch(
      /^Yth\. Bapak\/Ibu Sri Contohwati dan Budi Rekaan,\n\nSaya asisten .* dari daftar PSM Kota Semarang\. .*\n\nsatu$/,
    );
    expect(said.find((text) => text.endsWith('dua'))).toMatch(introduction);
    expect(said.find((text) => text.endsWith('tiga'))).toMatch(/^Yth\. Bapak\/Ibu[^\n]*,\n\ntiga$/);
    expect(said).toContain('jawaban');
  });

  it('is the same when a message is sent again under its id', async () => {
    const rig = await openRig(backend);
    const person = await rig.person();
    await rig.broadcast([person], 'undangan');
    const channel = fakeChannel({
      after: (_, call) => {
        if (call < 3) throw fault({ kind: 'ambiguous', code: 'timeout' });
      },
    });
    rig.deliver([channel]);
    await until(async () => expect(await states(rig)).toEqual(['accepted']));
    const said = channel.calls.map(({ message: { text } }) => text);
    expect(said).toHaveLength(3);
    expect(new Set(said).size).toBe(1);
    expect(said[0]).toMatch(introduction);
  });

  it('and does not fit: the broadcast waits for a person instead of being cut', async () => {
    const rig = await openRig(backend);
    const id = await rig.broadcast([await rig.person()], 'x'.repeat(4_090));
    const channel = fakeChannel();
    rig.deliver([channel]);
    await until(async () => expect(await codes(rig)).toEqual([['failed', 'too-long']]));
    expect(await stateOf(rig, id)).toBe('paused');
    expect(channel.calls).toEqual([]);
  });
});
