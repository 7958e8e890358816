import { describe, expect, test } from 'vitest';
import type { JsonRecord } from '../../src/flow/json.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import {
  addHelper,
  addInbound,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  textsTo,
  type World,
  write,
} from './world.js';

const old = '+6281200007777';
const day = 86_400_000;
const sheet: JsonRecord = { nama: 'Sri Contohwati', lahir: '1970-08-17', telepon: old };

/** A member at her old number, somebody at a new one, a chair and an operator. */
async function lost() {
  const world = await openWorld();
  const chair = await addHelper(world, 'chair', '33.74');
  const operator = await addHelper(world, 'operator', '33.74.14');
  const member = await addMember(world, { telepon: old }, { phone: old });
  const newcomer = await addPerson(world, { phone: '+6281200005578' });
  // What the channel proves stands sealed beside its index.
  for (const one of [member, newcomer])
    await world.db.pool.query('UPDATE address SET phone_sealed = $2 WHERE id = $1', [
      one.addressId,
      world.vault.seal(one.phone ?? ''),
    ]);
  return { world, chair, operator, member, newcomer };
}

/** The same, asked for from the new number. */
async function asked() {
  const all = await lost();
  await perform(all.world, 'number.ask', sheet, all.newcomer);
  const { id } = await all.world.prisma.numberChange.findFirstOrThrow();
  return { ...all, permintaan: id };
}

const speaks = async (world: World, person: Person) =>
  (await perform(world, 'member.find-for-contact', {}, person)).outcome;
const phoneOf = async ({ prisma, vault }: World) => {
  const { phoneSealed, phoneProved } = await prisma.member.findFirstOrThrow();
  return [vault.open(phoneSealed ?? Buffer.alloc(0)), phoneProved];
};
const signalsTo = (world: World, { contactId }: Person) =>
  world.prisma.inbound.count({ where: { contactId, dedupeKey: { startsWith: 'signal:' } } });

describe('whoever asks from a new number', () => {
  test('lets the old number be asked, and an officer know, without a name', async () => {
    const { world, chair, operator, member } = await asked();
    expect(await signalsTo(world, member)).toBe(1);
    expect(await textsTo(world, operator)).toEqual([
      'Seorang anggota di wilayah Bapak/Ibu ingin memakai nomor baru.\n\nKetik *GANTI NOMOR ANGGOTA* untuk memeriksanya.',
    ]);
    expect(await textsTo(world, chair)).toEqual([]);
    const found = await perform(world, 'number.asked', {}, member);
    expect(found.values['pindah']).toEqual({ nama: 'Sri Contohwati', tujuan: 'nomor berakhiran 78' });
  });

  test.each<[string, JsonRecord]>([
    ['name', { nama: 'Budi Contoh' }],
    ['birth date', { lahir: '1970-08-18' }],
    ['number', { telepon: '+6281200001111' }],
  ])('with another %s hears the same, and nobody is asked', async (_, other) => {
    const { world, member, newcomer } = await lost();
    const right = await decide('number.ask', sheet, contextOf(world, newcomer));
    const wrong = await perform(world, 'number.ask', { ...sheet, ...other }, newcomer);
    expect({ ...wrong, writes: [] }).toEqual({ ...right, writes: [] });
    expect(await count(world, 'number_change')).toBe(0);
    expect(await signalsTo(world, member)).toBe(0);
  });

  test('again asks nobody a second time, and at the old number itself asks nobody', async () => {
    const { world, member, newcomer } = await asked();
    for (const by of [newcomer, member, await addPerson(world)])
      expect((await perform(world, 'number.ask', sheet, by)).outcome).toBe('recorded');
    expect([await count(world, 'number_change'), await signalsTo(world, member)]).toEqual([1, 1]);
  });

  test('is looked at five times an hour, whether right or wrong', async () => {
    const { world, newcomer } = await lost();
    const tries: string[] = [];
    for (const telepon of [old, '+6281200001111', old, '+6281200001112', '+6281200001113', old])
      tries.push((await perform(world, 'number.ask', { ...sheet, telepon }, newcomer)).outcome);
    expect(tries).toEqual([...Array(5).fill('recorded'), 'too-many']);
    const later = { now: new Date(now.getTime() + 3_600_001) };
    expect((await perform(world, 'number.ask', sheet, newcomer, later)).outcome).toBe('recorded');
  });

  test('twice at once leaves one request', async () => {
    const { world, newcomer } = await lost();
    const both = [newcomer, await addPerson(world)].map((by) =>
      decide('number.ask', sheet, contextOf(world, by)),
    );
    const [one, two] = await Promise.all(both);
    await write(world, one?.writes ?? []);
    await expect(write(world, two?.writes ?? [])).rejects.toThrow(/number_change_open/);
  });
});

describe('the old number', () => {
  test('says yes: the membership goes on at the new one, with its number, and the audit knows', async () => {
    const { world, member, newcomer } = await asked();
    expect((await perform(world, 'number.confirm', {}, member)).outcome).toBe('done');
    expect([await speaks(world, member), await speaks(world, newcomer)]).toEqual(['unknown', 'found']);
    expect(await phoneOf(world)).toEqual(['+6281200005578', true]);
    expect((await textsTo(world, newcomer))[0]).toMatch(/^Keanggotaan \*Sri Contohwati\* sekarang/);
    const entries = await world.prisma.auditEntry.findMany({ where: { kind: 'number' } });
    expect(entries.map(({ action }) => action)).toEqual(['moved']);
    expect((await perform(world, 'number.confirm', {}, member)).outcome).toBe('gone');
  });

  test('says no: nothing moves, officers see it no more, and whoever asked hears nothing', async () => {
    const { world, chair, member, newcomer, permintaan } = await asked();
    expect((await perform(world, 'number.deny', {}, member)).outcome).toBe('done');
    expect(await speaks(world, member)).toBe('found');
    expect((await perform(world, 'number.next', {}, chair)).outcome).toBe('none');
    expect((await perform(world, 'number.approve', { permintaan }, chair)).outcome).toBe('gone');
    expect(await textsTo(world, newcomer)).toEqual([]);
    expect((await perform(world, 'number.asked', {}, member)).outcome).toBe('none');
    expect((await perform(world, 'number.deny', {}, member)).outcome).toBe('gone');
  });

  test('goes on for whoever shares it, and is nobody else’s to answer for', async () => {
    const { world, member, newcomer } = await asked();
    const other = { nama: 'Budi Contoh', nik: null, lahir: { tempat: 'Blora', tanggal: '1968-01-02' } };
    await perform(world, 'member.register', registration(other), member);
    for (const action of ['number.confirm', 'number.deny'])
      expect((await perform(world, action, {}, newcomer)).outcome).toBe('gone');
    await perform(world, 'number.confirm', {}, member);
    const left = await perform(world, 'member.find-for-contact', {}, member);
    expect(left.values['anggota']).toEqual({ nama: 'Budi Contoh' });
  });
});

describe('an officer of the area', () => {
  test('sees who, from where to where and until when, and the look is kept', async () => {
    const { world, chair, permintaan } = await asked();
    const seen = await perform(world, 'number.next', {}, chair);
    expect(seen.values['minta']).toMatchObject({
      ...{ id: permintaan, jumlah: '1', nama: 'Sri Contohwati', lahir: '17 Agustus 1970' },
      ...{ lama: '0812-0000-7777', baru: '0812-0000-5578', batas: expect.stringMatching(/^sebelum 27/) },
    });
    expect((await looksIn(world, 'change-number')).length).toBe(1);
    const late = await perform(world, 'number.next', {}, chair, { now: new Date(now.getTime() + 4 * day) });
    expect(Object(late.values['minta']).batas).toMatch(/^terlambat sejak 27/);
    expect((await perform(world, 'number.next', { sesudah: permintaan }, chair)).outcome).toBe('none');
  });

  test('is the only one who does: not elsewhere, not without a role, not at either number', async () => {
    const { world, member, newcomer, permintaan } = await asked();
    const elsewhere = await addHelper(world, 'chair', '33.15');
    for (const { phone } of [member, newcomer])
      await world.prisma.roleGrant.create({
        data: {
          ...{ id: world.newId(), role: 'chair', area: '33.74', grantedBy: 'test' },
          phoneSealed: new Uint8Array(world.vault.seal(phone ?? '')),
          phoneIndex: new Uint8Array(world.vault.index('phone', phone ?? '')),
        },
      });
    for (const other of [elsewhere, await addPerson(world), member, newcomer]) {
      expect((await perform(world, 'number.next', {}, other)).outcome).toBe('none');
      for (const action of ['number.approve', 'number.refuse', 'number.undo']) {
        const given = { permintaan, alasan: 'Bukan orangnya' };
        expect((await perform(world, action, given, other)).outcome).toBe('gone');
      }
    }
  });

  test('approves: both numbers hear of it, and it can be taken back for a week', async () => {
    const { world, chair, operator, member, newcomer, permintaan } = await asked();
    expect((await perform(world, 'number.approve', { permintaan }, operator)).outcome).toBe('done');
    expect([await speaks(world, member), await speaks(world, newcomer)]).toEqual(['unknown', 'found']);
    expect((await textsTo(world, member))[0]).toMatch(/dipindahkan oleh petugas ke nomor berakhiran 78/);
    const eighth = { now: new Date(now.getTime() + 7 * day + 1) };
    expect((await perform(world, 'number.list', {}, chair, eighth)).outcome).toBe('none');
    expect((await perform(world, 'number.undo', { permintaan }, chair, eighth)).outcome).toBe('gone');
    const { values } = await perform(world, 'number.list', {}, chair);
    expect(values['daftar']).toEqual([{ id: permintaan, label: 'Sri Contohwati, ke nomor berakhiran 78' }]);
    const both = await Promise.all(
      [chair, operator].map((by) => decide('number.undo', { permintaan }, contextOf(world, by))),
    );
    await write(world, both[0]?.writes ?? []);
    await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect([await speaks(world, member), await speaks(world, newcomer)]).toEqual(['found', 'unknown']);
    expect(await phoneOf(world)).toEqual([old, true]);
    expect((await textsTo(world, newcomer)).at(-1)).toMatch(/dibatalkan oleh petugas/);
    expect((await perform(world, 'number.list', {}, chair)).outcome).toBe('none');
  });

  test('refuses with a reason that is kept sealed, and nobody hears of it', async () => {
    const { world, chair, member, newcomer, permintaan } = await asked();
    const refused = await perform(world, 'number.refuse', { permintaan, alasan: 'Bukan orangnya' }, chair);
    expect(refused.outcome).toBe('done');
    const { reasonSealed, result } = await world.prisma.numberChange.findFirstOrThrow();
    expect([result, world.vault.open(reasonSealed ?? Buffer.alloc(0))]).toEqual([
      'refused',
      'Bukan orangnya',
    ]);
    expect([await textsTo(world, member), await textsTo(world, newcomer)]).toEqual([[], []]);
    expect(await speaks(world, member)).toBe('found');
    const askedBy = async (by: Person, at = now) => {
      expect((await perform(world, 'number.ask', sheet, by, { now: at })).outcome).toBe('recorded');
      return count(world, 'number_change');
    };
    expect(await askedBy(newcomer)).toBe(1);
    expect(await askedBy(newcomer, new Date(now.getTime() + 7 * day + 1))).toBe(2);
  });

  test.each(['number.confirm', 'number.deny', 'number.approve', 'number.refuse'])(
    'and %s at once: one decides, the other finds it decided',
    async (first) => {
      const { world, chair, operator, member, permintaan } = await asked();
      const given = { permintaan, alasan: 'Bukan orangnya' };
      const by = first === 'number.confirm' || first === 'number.deny' ? member : operator;
      const one = await decide(first, given, contextOf(world, by));
      const two = await decide('number.approve', given, contextOf(world, chair));
      await write(world, one.writes);
      await expect(write(world, two.writes)).rejects.toThrow(ChangedMeanwhile);
      expect((await perform(world, 'number.approve', given, chair)).outcome).toBe('gone');
      expect(await world.prisma.memberContact.count()).toBe(1);
    },
  );

  test('decides nothing any more once both numbers are one person', async () => {
    const { world, chair, member, newcomer, permintaan } = await asked();
    await world.db.pool.query('UPDATE address SET contact_id = $1 WHERE id = $2', [
      ...[member.contactId, newcomer.addressId],
    ]);
    expect((await perform(world, 'number.approve', { permintaan }, chair)).outcome).toBe('gone');
    expect((await perform(world, 'number.asked', {}, member)).outcome).toBe('none');
  });
});

test('what was said at the old number and at the new one goes with the member', async () => {
  const { world, member, newcomer } = await asked();
  await addInbound(world, member, 'nama saya SRI CONTOHWATI');
  await addInbound(world, newcomer, 'nama saya SRI CONTOHWATI');
  await perform(world, 'number.confirm', {}, member);
  await perform(world, 'privacy.erase', {}, newcomer);
  expect(await everything(world)).not.toMatch(/contohwati/i);
  expect(await count(world, 'number_change')).toBe(0);
});
