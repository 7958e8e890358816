import { beforeEach, describe, expect, it } from 'vitest';
import { type AlarmNews, tellAlarms } from '../../src/domain/alarm-news.js';
import { clearAlarm, raiseAlarm, standingAlarms } from '../../src/store/alarms.js';
import { run } from '../../src/store/statement.js';
import { addHelper, addPerson, now, openWorld, type Person, type World } from './world.js';

const hour = 60 * 60 * 1000;
const accounts = [
  { account: 'wa', name: 'whatsapp-web' },
  { account: 'tg', name: 'telegram' },
  { account: 'cloud', name: 'whatsapp-cloud' },
];

let world: World;
let clock: Date;
beforeEach(async () => {
  world = await openWorld();
  clock = now;
});

const later = (ms: number) => {
  clock = new Date(clock.getTime() + ms);
};
const news = (more: Partial<AlarmNews> = {}): AlarmNews => ({
  ...world,
  now: () => clock,
  accounts,
  ...more,
});
const raise = (kind: string, account: string | null) =>
  run(world.pool, raiseAlarm({ kind, account, message: 'In English.', at: clock }));
const clear = (kind: string) => run(world.pool, clearAlarm(kind, clock));

/** The administrator of the province, by a number that the account `wa` proved. */
const administrator = () => addHelper(world, 'province-admin', '33');

let values = 0;
/** One more address of a person, where they wrote at this moment, unless they never did. */
async function addressOf({ contactId }: Person, account: string, wrote = true): Promise<string> {
  values += 1;
  const { rows } = await world.pool.query(
    `INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index)
     VALUES (gen_random_uuid(), $1, 'x', $2, $3, $4) RETURNING id`,
    [contactId, account, world.vault.seal('x'), world.vault.index('address', `x-${values}`)],
  );
  if (wrote) await writes(contactId, rows[0].id);
  return rows[0].id;
}

async function writes(contactId: string, addressId: string): Promise<void> {
  await world.pool.query(
    `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, state, written_at, received_at)
     VALUES (gen_random_uuid(), $1, $2, 'x', gen_random_uuid()::text, 'done', $3, $3)`,
    [contactId, addressId, clock],
  );
}

async function told() {
  const { rows } = await world.pool.query(
    'SELECT contact_id AS contact, account, lane, state, body_sealed AS body FROM delivery ORDER BY seq',
  );
  return rows.map(({ body, ...row }) => ({ ...row, text: String(Object(world.vault.openJson(body)).text) }));
}

/** As it is looked again and again, by several processes at once. */
async function look(more: Partial<AlarmNews> = {}) {
  const before = (await told()).length;
  const woken = [
    ...(await Promise.all([tellAlarms(news(more)), tellAlarms(news(more)), tellAlarms(news(more))])),
    await tellAlarms(news(more)),
  ].flat();
  const since = (await told()).slice(before);
  expect(woken).toHaveLength(since.length);
  return since;
}

describe('an alarm is told', () => {
  it('to the administrator over another account than the one it is about, once, in plain words', async () => {
    const admin = await administrator();
    await addressOf(admin, 'tg');
    await raise('delivery-stopped-wa', 'wa');
    expect(await look()).toEqual([
      {
        ...{ contact: admin.contactId, account: 'tg', lane: 'reply', state: 'due' },
        text: `*Perlu diperiksa.* Akun kami di WhatsApp dihentikan oleh penyedianya. Pesan yang belum terkirim kami simpan sampai akun berjalan lagi.

Mohon minta pengelola program memeriksa token atau nomor akun itu.

Petunjuk lengkapnya tampil dengan perintah *sapa doctor*. Kami ingatkan sekali sehari sampai selesai.`,
      },
    ]);
  });

  it('once a day until it is cleared, however often it is raised meanwhile', async () => {
    await addressOf(await administrator(), 'tg');
    await raise('whatsapp-web-locked', 'wa');
    expect(await look()).toHaveLength(1);
    later(24 * hour - 1);
    await raise('whatsapp-web-locked', 'wa');
    expect(await look()).toEqual([]);
    later(1);
    expect(await look()).toHaveLength(1);
    await clear('whatsapp-web-locked');
    later(48 * hour);
    expect(await look()).toEqual([]);
    await raise('whatsapp-web-locked', 'wa');
    expect(await look()).toHaveLength(1);
  });

  it('anew when it comes again, but hourly at most when it comes and goes', async () => {
    await addressOf(await administrator(), 'tg');
    await raise('delivery-stopped-wa', 'wa');
    expect(await look()).toHaveLength(1);
    for (let minute = 0; minute < 59; minute += 1) {
      later(hour / 60);
      await clear('delivery-stopped-wa');
      await raise('delivery-stopped-wa', 'wa');
      expect(await tellAlarms(news())).toEqual([]);
    }
    later(hour / 60);
    expect(await look()).toHaveLength(1);
  });

  it('also when one that tells it dies in the middle: then by the next one, once', async () => {
    await addressOf(await administrator(), 'tg');
    await addressOf(await administrator(), 'tg');
    await raise('turn-failed', null);
    let written = 0;
    const newId = () => {
      written += 1;
      if (written === 2) throw new Error('killed');
      return world.newId();
    };
    await expect(tellAlarms(news({ newId }))).rejects.toThrow('killed');
    expect(await told()).toEqual([]);
    expect(await look()).toHaveLength(2);
  });
});

describe('who is told', () => {
  it('nobody, while there is nobody over another account; and as soon as there is', async () => {
    const admin = await administrator();
    await raise('delivery-stopped-wa', 'wa');
    expect(await look()).toEqual([]);
    expect(await world.prisma.alarm.findMany()).toMatchObject([{ toldAt: null }]);
    await addressOf(admin, 'tg');
    expect(await look()).toMatchObject([{ account: 'tg' }]);
  });

  it('at the address where they wrote last, of those that are not the account’s', async () => {
    const admin = await administrator();
    const first = await addressOf(admin, 'tg');
    await addressOf(admin, 'cloud');
    await addressOf(admin, 'tg', false);
    await writes(admin.contactId, admin.addressId);
    await raise('delivery-bug-wa', 'wa');
    expect(await look()).toMatchObject([{ account: 'cloud' }]);
    await writes(admin.contactId, first);
    await raise('whatsapp-web-failing', 'wa');
    expect(await look()).toMatchObject([{ account: 'tg' }]);
    await raise('turn-failed', null);
    await writes(admin.contactId, admin.addressId);
    expect(await look()).toMatchObject([{ account: 'wa' }]);
  });

  it.each(['delivery-stopped-tg', 'whatsapp-web-stopped'])(
    'not over an account that is stopped itself (%s)',
    async (kind) => {
      const admin = await administrator();
      await addressOf(admin, 'cloud');
      await addressOf(admin, 'tg');
      await raise(kind, 'tg');
      await raise('delivery-bug-wa', 'wa');
      for (const { account } of await look()) expect(account).not.toBe('tg');
    },
  );

  it('not over one that shut us out, nor over one that is not used any more', async () => {
    const admin = await administrator();
    await addressOf(admin, 'away');
    const blocked = await addressOf(admin, 'tg');
    await world.pool.query('UPDATE address SET blocked_at = now() WHERE id = $1', [blocked]);
    await raise('delivery-stopped-wa', 'wa');
    expect(await look()).toEqual([]);
  });

  it('neither former administrators, nor anybody else', async () => {
    const former = await administrator();
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: now } });
    const people = [former, await addHelper(world, 'province-team', '33'), await addPerson(world)];
    for (const person of people) await addressOf(person, 'tg');
    await raise('delivery-stopped-wa', 'wa');
    expect(await look()).toEqual([]);
  });

  it('each once: who has two numbers, and who is two contacts by one number', async () => {
    const [one, other] = [await administrator(), await administrator()];
    await world.pool.query('UPDATE address SET contact_id = $1 WHERE contact_id = $2', [
      one.contactId,
      other.contactId,
    ]);
    const twin = await addPerson(world);
    const number = world.vault.index('phone', one.phone ?? '');
    const addresses = [await addressOf(one, 'tg'), await addressOf(twin, 'cloud')];
    await world.pool.query('UPDATE address SET phone_index = $1 WHERE id = $2', [number, addresses[1]]);
    await world.pool.query('DELETE FROM role_grant WHERE phone_index <> $1', [number]);
    await raise('delivery-stopped-wa', 'wa');
    expect(await look()).toMatchObject([{ contact: twin.contactId, account: 'cloud' }]);
  });

  it('every administrator', async () => {
    for (const _ of [1, 2]) await addressOf(await administrator(), 'tg');
    await raise('delivery-stopped-wa', 'wa');
    expect(await look()).toHaveLength(2);
  });
});

describe('what is told', () => {
  const kinds = ['bug', 'complaints', 'gave-up', 'stopped'].map((kind) => `delivery-${kind}-tg`);
  const ofNumber = ['stopped', 'failing', 'locked'].map((kind) => `whatsapp-web-${kind}`);
  it.each([...kinds, ...ofNumber, 'turn-failed', 'conversation-stuck'])(
    '%s has words of its own, with the name of the application',
    async (kind) => {
      const account = kind.startsWith('delivery') ? 'tg' : kind.startsWith('whatsapp') ? 'wa' : null;
      await addressOf(await administrator(), 'cloud');
      await raise(kind, account);
      const [one] = await look();
      expect(one.text).not.toContain('Ada yang perlu diperiksa pada program');
      expect(one.text).toMatch(/^\*Perlu diperiksa\.\* .+\n\nMohon .+\n\nPetunjuk lengkapnya/);
      if (account !== null) expect(one.text).toContain(account === 'tg' ? 'Telegram' : 'WhatsApp');
      expect(one.text).not.toMatch(/In English|penyedia\b(?!nya)|-tg/);
    },
  );

  it('one that this program does not know yet is told all the same', async () => {
    await addressOf(await administrator(), 'cloud');
    await raise('something-new', null);
    const [one] = await look();
    expect(one.text).toContain('Ada yang perlu diperiksa pada program Sapa.');
  });
});

it('an alarm stands since it was raised first, and again since it came back', async () => {
  await raise('turn-failed', null);
  later(hour);
  await raise('turn-failed', null);
  expect(await world.prisma.alarm.findMany()).toMatchObject([{ raisedAt: now }]);
  expect(await standingAlarms(world.pool)).toEqual(['turn-failed']);
  await clear('turn-failed');
  expect(await standingAlarms(world.pool)).toEqual([]);
  await raise('turn-failed', null);
  expect(await world.prisma.alarm.findMany()).toMatchObject([{ raisedAt: clock, clearedAt: null }]);
});
