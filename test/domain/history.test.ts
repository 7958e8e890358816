import { describe, expect, test } from 'vitest';
import { explain } from '../../src/domain/history.js';
import { localAdministrator, viewerOf } from '../../src/domain/roles.js';
import { saying } from '../../src/flow/message.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { newId } from '../../src/store/ids.js';
import {
  addDelivery,
  addFact,
  addInbound,
  addPerson,
  looksIn,
  now,
  openWorld,
  perform,
  registration,
} from './world.js';

const admin = localAdministrator('test');

async function talk() {
  const world = await openWorld();
  const person = await addPerson(world);
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  for (const turn of [1, 2]) {
    await addDelivery(world, person, { state: 'read', text: `jawab ${turn}`, at: later(turn) });
    await addInbound(world, person, `pesan ${turn}: 9901015708700001`, later(turn));
    await addFact(world, person, { nik: '9901 0157 0870 0001' });
  }
  return { world, person };
}

describe('the chain of events', () => {
  test('is told in order, message, facts and replies of a turn together, with NIK cut', async () => {
    const { world, person } = await talk();
    for (const contact of [
      person.contactId,
      person.phone ?? '',
      '0812-0000-'.concat((person.phone ?? '').slice(-4)),
    ]) {
      const chain = await explain(admin, world, contact);
      expect(chain?.map(({ what, text }) => `${what} ${text}`)).toEqual([
        'in done: pesan 1: 9901…',
        'fact started registrasi word',
        'fact saved registrasi.nama nama {"value":{"nik":"9901…"}}',
        'out reply read: jawab 1',
        'in done: pesan 2: 9901…',
        'fact started registrasi word',
        'fact saved registrasi.nama nama {"value":{"nik":"9901…"}}',
        'out reply read: jawab 2',
      ]);
    }
    const log = await looksIn(world);
    expect(log).toHaveLength(3);
    expect(log[0]).toMatchObject({
      viewer: 'local:test',
      action: 'read-conversation',
      subject: person.contactId,
    });
  });

  test('a timer is told by what it led to: nobody sent it', async () => {
    const { world, person } = await talk();
    await world.db.pool.query(
      `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, state, written_at, received_at, kinds, flows,
         steps, outcomes) VALUES (gen_random_uuid(), $1, $2, 'wa', 'timer:q:nudge-1', 'done', $3, $3, '{timer,reminded}',
         '{registrasi,registrasi}', '{nama,nama}', '{nudge-1,""}')`,
      [person.contactId, person.addressId, new Date(now.getTime() + 60_000)],
    );
    const chain = await explain(admin, world, person.contactId);
    expect(chain?.slice(-2).map(({ what, text }) => `${what} ${text}`)).toEqual([
      'fact timer registrasi.nama nudge-1',
      'fact reminded registrasi.nama',
    ]);
  });

  test('a broadcast is told with its text, which stands once for all, and with what is not known of it', async () => {
    const world = await openWorld();
    const { contactId } = await addPerson(world);
    const plan = {
      id: newId(),
      message: saying('Undangan rakor.'),
      contacts: [contactId],
      createdBy: 'test',
    };
    await planBroadcast(world.db.pool, world.vault, { ...plan, account: 'wa', now, expiresAt: null });
    await world.db.pool.query("UPDATE delivery SET state = 'unknown', code = 'interrupted'");
    const chain = await explain(admin, world, contactId);
    expect(chain?.map(({ text }) => text)).toEqual(['bulk unknown (interrupted): Undangan rakor.']);
  });

  test('erased words are told as erased', async () => {
    const { world, person } = await talk();
    await perform(world, 'registration.erase-typed', {}, person);
    const chain = await explain(admin, world, person.contactId);
    expect(chain?.map(({ text }) => text)).toContain('done: (erased)');
    expect(JSON.stringify(chain)).not.toContain('pesan');
  });

  test('a number’s chains are told together, whatever the channel', async () => {
    const { world, person } = await talk();
    const telegram = await addPerson(world, { phone: null });
    await addInbound(world, telegram, 'dari Telegram');
    const phoneIndex = Uint8Array.from(world.vault.index('phone', person.phone ?? ''));
    await world.prisma.address.update({ where: { id: telegram.addressId }, data: { phoneIndex } });
    const chain = await explain(admin, world, person.phone ?? '');
    expect(chain?.map(({ text }) => text)).toContain('done: dari Telegram');
    expect(chain?.map(({ text }) => text)).toContain('reply read: jawab 2');
  });

  test.each([
    ['the operator of the district', 'operator', '33.74.14', true, true],
    ['the operator of another', 'operator', '33.74.01', false, false],
    ['the chair', 'chair', '33.74', true, false],
    ['the team: lists, not conversations', 'province-team', '33', false, false],
    ['the administrator', 'province-admin', '33', true, true],
  ] as const)('%s', async (_, role, area, alone, withNeighbour) => {
    const { world, person } = await talk();
    const reads = async () =>
      (await explain(viewerOf('somebody', [{ role, area }], false), world, person.contactId)) !== null;
    await perform(world, 'member.register', registration(), person);
    expect(await reads()).toBe(alone);
    const neighbour = registration({
      nama: 'Budi Contoh',
      nik: null,
      wilayah: { kode: role === 'chair' ? '33.22.01.2001' : '33.74.14.1002' },
    });
    await perform(world, 'member.register', neighbour, person);
    expect(await reads()).toBe(withNeighbour);
    expect(await looksIn(world)).toHaveLength(Number(alone) + Number(withNeighbour));
  });

  test('a stranger is the province’s; pretended people and real ones do not meet', async () => {
    const { world, person } = await talk();
    const by = (role: 'chair' | 'province-admin', area: string, simulator: boolean) =>
      explain(viewerOf('somebody', [{ role, area }], simulator), world, person.contactId);
    expect(await by('chair', '33.74', false)).toBeNull();
    expect(await by('province-admin', '33', true)).toBeNull();
    expect(await by('province-admin', '33', false)).not.toBeNull();
  });

  test.each(['0812-0000-9999', 'budi', '019ab7a0-0000-7000-8000-000000000000'])(
    'nobody under %s',
    async (contact) => {
      const { world } = await talk();
      expect(await explain(admin, world, contact)).toBeNull();
      expect(await looksIn(world)).toEqual([]);
    },
  );
});
