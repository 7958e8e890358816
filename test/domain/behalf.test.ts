import { beforeEach, describe, expect, test } from 'vitest';
import { behalfLastsMs, mostWaiting, openedLastsMs } from '../../src/domain/behalf.js';
import { mostGuesses } from '../../src/domain/links.js';
import { retain } from '../../src/domain/retention.js';
import type { Json, JsonRecord } from '../../src/flow/json.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import {
  addAttachment,
  addDelivery,
  addHelper,
  addInbound,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
  write,
} from './world.js';

let world: World;
let helper: Person;
let older: Person;
beforeEach(async () => {
  world = await openWorld();
  helper = await addMember(world, {
    nama: 'BUDI CONTOH',
    nik: null,
    lahir: { tempat: 'Blora', tanggal: '1998-01-02' },
  });
  older = await addPerson(world);
});

const later = (ms: number) => ({ now: new Date(now.getTime() + ms) });
const second = later(1000);
const consent = { setuju: true, jawaban: 'SETUJU', teks: 'Setuju?', versi: '2026-11' };

async function kept(more: JsonRecord = {}, by = helper): Promise<string> {
  const { outcome, values } = await perform(world, 'behalf.keep', registration(more), by);
  expect(outcome).toBe('made');
  return String(Object(values['kode-baru']).kode);
}

const open = (kode: string, by = older, more = second) => perform(world, 'behalf.open', { kode }, by, more);
const begin = (by = older, more = second) => perform(world, 'behalf.begin', {}, by, more);
const idOf = ({ values }: { readonly values: JsonRecord }): Json => Object(values['titipan']).id;

/** What the older one says at the end: the word, and the registration as it was read out. */
async function confirm(read: JsonRecord, by = older) {
  await perform(world, 'consent.record', { persetujuan: consent }, by, second);
  const { titipan, ...answers } = read;
  return perform(world, 'member.register', { ...answers, titipan: Object(titipan).id }, by, second);
}

const deliveries = async (to: Person) => {
  const rows = await world.prisma.delivery.findMany({ where: { contactId: to.contactId } });
  return rows.map(({ bodySealed }) => (bodySealed === null ? null : world.vault.open(bodySealed)));
};

describe('what is typed for another one', () => {
  test('is nobody’s data before it is confirmed, and whole when it is: a member of the older phone', async () => {
    const code = await kept();
    expect(await count(world, 'member')).toBe(1);
    expect((await open(code)).values).toMatchObject({
      titipan: { oleh: 'Budi Contoh', nama: 'SRI CONTOHWATI' },
    });
    const read = await begin();
    expect(read).toMatchObject({ outcome: 'waiting', values: registration() });
    expect(await confirm(read.values)).toMatchObject({ outcome: 'registered' });
    const member = await world.prisma.member.findFirstOrThrow({ where: { name: 'SRI CONTOHWATI' } });
    expect(await world.prisma.memberContact.findMany({ where: { memberId: member.id } })).toMatchObject([
      { contactId: older.contactId },
    ]);
    expect(await world.prisma.consent.findMany()).toMatchObject([
      { contactId: older.contactId, memberId: member.id, granted: true, conveyed: false },
    ]);
    expect(await deliveries(helper)).toEqual([expect.stringContaining('sudah dikonfirmasi')]);
    expect((await perform(world, 'sk.find-for-contact', {}, older)).values).toMatchObject({
      anggota: { nama: 'SRI CONTOHWATI' },
    });
    expect((await begin(older)).outcome).toBe('found');
    expect((await perform(world, 'sk.find-for-contact', {}, helper)).values).toMatchObject({
      anggota: { nama: 'BUDI CONTOH' },
    });
  });

  test('claims the row of a list, as registering does', async () => {
    const { member } = world.prisma;
    const listed = await member.create({
      data: {
        id: world.newId(),
        name: 'Sri Contohwati',
        birthDate: '1970-08-17',
        regionCode: '33.74.14.1001',
        nikIndex: new Uint8Array(world.vault.index('nik', '9901015708700001')),
        nikSealed: new Uint8Array(world.vault.seal('9901015708700001')),
      },
    });
    await open(await kept());
    await confirm((await begin()).values);
    expect(await member.count()).toBe(2);
    expect(await member.findUniqueOrThrow({ where: { id: listed.id } })).toMatchObject({
      claimedAt: second.now,
    });
  });

  test('does not take a NIK away from who has registered it meanwhile, and can be put right', async () => {
    await open(await kept());
    const read = (await begin()).values;
    await addMember(world);
    expect((await confirm(read)).outcome).toBe('nik-taken');
    expect((await begin()).outcome).toBe('waiting');
    expect((await confirm({ ...read, nik: null })).outcome).toBe('registered');
  });

  test('is dropped when the older one has registered on that phone already', async () => {
    await open(await kept());
    const read = (await begin()).values;
    await perform(world, 'member.register', registration(), older);
    expect((await confirm(read)).outcome).toBe('already');
    expect((await begin()).outcome).toBe('found');
    expect(await count(world, 'member')).toBe(2);
  });

  test('two confirmations at once are one member', async () => {
    await open(await kept());
    const { titipan, ...answers } = (await begin()).values;
    const given = { ...answers, titipan: Object(titipan).id };
    const both = await Promise.all(
      [0, 1].map(() => decide('member.register', given, contextOf(world, older, second))),
    );
    await write(world, both[0]?.writes ?? []);
    await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow();
    expect(await count(world, 'member')).toBe(2);
  });

  test('is sealed, and so is its code', async () => {
    const code = await kept();
    const { rows } = await world.pool.query('SELECT b::text AS row FROM behalf b');
    for (const word of [code, 'CONTOHWATI', '9901015708700001', 'Semarang'])
      expect(rows[0].row).not.toContain(word);
  });
});

describe('who may type it', () => {
  test('a member, a chair and an operator; nobody else', async () => {
    const stranger = await addPerson(world);
    const [chair, team] = [
      await addHelper(world, 'chair', '33.74'),
      await addHelper(world, 'province-team', '33'),
    ];
    const begun = await Promise.all([stranger, team, chair, helper].map((one) => begin(one)));
    expect(begun.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown', 'officer', 'found']);
    for (const one of [stranger, team])
      expect(await perform(world, 'behalf.keep', registration(), one)).toMatchObject({
        outcome: 'refused',
        writes: [],
      });
    const code = await kept({}, chair);
    expect((await open(code)).values).toMatchObject({ titipan: { oleh: 'Petugas IPSM' } });
  });

  test('no more than so many at a time', async () => {
    for (const _ of Array(mostWaiting).keys()) await kept();
    expect((await perform(world, 'behalf.keep', registration(), helper)).outcome).toBe('too-many');
    expect((await perform(world, 'behalf.keep', registration(), helper, later(behalfLastsMs))).outcome).toBe(
      'made',
    );
  });
});

describe('the code', () => {
  test('opens on one phone only, and there again', async () => {
    const code = await kept();
    await open(code);
    const other = await addPerson(world);
    expect(await open(code, other)).toMatchObject({ outcome: 'used', values: {} });
    expect((await begin(other)).outcome).toBe('unknown');
    expect(await open(code)).toMatchObject({ outcome: 'found', writes: [] });
  });

  test('of two who use it at once one sees what was typed', async () => {
    const code = await kept();
    const other = await addPerson(world);
    const both = await Promise.all(
      [older, other].map((one) => decide('behalf.open', { kode: code }, contextOf(world, one, second))),
    );
    await write(world, both[0]?.writes ?? []);
    await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect((await open(code, other)).outcome).toBe('used');
  });

  test('is over after seven days; what was opened, after thirty', async () => {
    const [code, left] = [await kept(), await kept({ nama: 'Tini Contoh' })];
    expect((await open(left, older, later(behalfLastsMs))).outcome).toBe('expired');
    await open(code, older, later(behalfLastsMs - 1));
    expect((await begin(older, later(openedLastsMs - 1))).outcome).toBe('waiting');
    expect((await begin(older, later(openedLastsMs))).outcome).toBe('unknown');
  });

  test('is not for the phone on which it was made', async () => {
    expect(await open(await kept(), helper)).toMatchObject({ outcome: 'own', writes: [] });
  });

  test('cannot be guessed: after some wrong ones the right one is not looked at either', async () => {
    const code = await kept();
    for (const _ of Array(mostGuesses).keys())
      await perform(world, 'link.look', { kode: 'K7M4P2QX' }, older, second);
    expect((await open(code)).outcome).toBe('none');
    expect((await perform(world, 'link.look', { kode: code }, older, second)).outcome).toBe('too-many');
  });

  test('of the simulator opens nothing elsewhere', async () => {
    const pretended = await addMember(world, { nik: null }, { simulator: true });
    expect((await open(await kept({}, pretended))).outcome).toBe('none');
  });
});

describe('refused', () => {
  /** The helper types it in the middle of other talk, the older one opens it. */
  async function talkedAbout(): Promise<Json> {
    await addInbound(world, helper, 'sebelumnya', later(-5000).now);
    const began = await addInbound(world, helper, 'daftar', later(-3000).now);
    await world.pool.query(`UPDATE inbound SET outcomes = '{behalf.begin}' WHERE id = $1`, [began]);
    await addInbound(world, helper, 'SRI CONTOHWATI, 9901015708700001', later(-2000).now);
    await addDelivery(world, helper, { state: 'read', text: 'Nama: SRI CONTOHWATI', at: later(-2000).now });
    const code = await kept();
    const found = await open(code);
    await addDelivery(world, older, { state: 'read', text: 'Nama: SRI CONTOHWATI', at: second.now });
    return idOf(found);
  }

  test('everything typed is erased at once on both phones, what was said before stays, and the helper hears only that', async () => {
    const titipan = await talkedAbout();
    const more = { ...later(2000), inboundId: world.newId() };
    expect((await perform(world, 'behalf.refuse', { titipan }, older, more)).outcome).toBe('erased');
    const left = await everything(world);
    for (const word of ['CONTOHWATI', '9901015708700001', 'Semarang']) expect(left).not.toContain(word);
    expect(left).toContain('sebelumnya');
    const heard = (await deliveries(helper)).filter((text) => text !== null);
    expect(heard).toEqual([
      expect.stringContaining(
        'Pendaftaran yang Bapak/Ibu isi untuk orang lain pada 24 November 2026 tidak dikonfirmasi. Semua isinya sudah kami hapus.',
      ),
    ]);
    expect((await begin()).outcome).toBe('unknown');
    expect(await perform(world, 'behalf.refuse', { titipan }, older, more)).toMatchObject({
      outcome: 'gone',
      writes: [],
    });
  });

  test('by nobody else', async () => {
    const titipan = await talkedAbout();
    for (const one of [helper, await addPerson(world)])
      expect((await perform(world, 'behalf.refuse', { titipan }, one)).outcome).toBe('gone');
    expect((await begin()).outcome).toBe('waiting');
  });

  test('while it is being confirmed: one of both counts', async () => {
    await open(await kept());
    const { titipan, ...answers } = (await begin()).values;
    const id = Object(titipan).id;
    const confirming = await decide(
      'member.register',
      { ...answers, titipan: id },
      contextOf(world, older, second),
    );
    await perform(world, 'behalf.refuse', { titipan: id }, older, second);
    await expect(write(world, confirming.writes)).rejects.toThrow(ChangedMeanwhile);
    expect(await count(world, 'member')).toBe(1);
  });
});

describe('left alone', () => {
  const follow = (ms: number) =>
    retain({ ...world, now: () => later(ms).now, idleState: () => world.vault.sealJson({}) });

  test('what nobody opened is erased with the end of its code, its shell a month later', async () => {
    await kept();
    await follow(behalfLastsMs - 1);
    expect(await everything(world)).toContain('CONTOHWATI');
    await follow(behalfLastsMs + 3_600_000);
    expect(await everything(world)).not.toContain('CONTOHWATI');
    expect(await count(world, 'behalf')).toBe(1);
    await follow(behalfLastsMs + 31 * 24 * 3_600_000);
    expect(await count(world, 'behalf')).toBe(0);
  });

  test('what was opened is erased after thirty days, on the phone of who opened it too', async () => {
    await open(await kept());
    await addDelivery(world, older, { state: 'read', text: 'Nama: SRI CONTOHWATI', at: second.now });
    await follow(openedLastsMs - 1);
    expect((await begin(older, later(openedLastsMs - 1))).outcome).toBe('waiting');
    await follow(openedLastsMs + 3_600_000);
    expect(await everything(world)).not.toContain('CONTOHWATI');
  });

  test('goes with the contact that typed it, or has opened it, when that one is erased', async () => {
    await open(await kept());
    await kept({ nama: 'TINI CONTOH', nik: null });
    await perform(world, 'privacy.erase-stranger', {}, older);
    expect(await count(world, 'behalf')).toBe(1);
    await perform(world, 'privacy.erase', {}, helper);
    expect(await count(world, 'behalf')).toBe(0);
  });
});

test('somebody without a phone of her own: her consent is kept as conveyed by the phone it was typed on', async () => {
  await perform(world, 'consent.record', { persetujuan: consent, lewat: 'bersama' }, helper, second);
  await perform(world, 'member.register', registration(), helper, second);
  expect(await world.prisma.consent.findMany()).toMatchObject([
    { contactId: helper.contactId, granted: true, conveyed: true, memberId: expect.any(String) },
  ]);
  expect(await world.prisma.auditEntry.count({ where: { kind: 'consent', action: 'conveyed' } })).toBe(1);
  expect((await begin(helper)).outcome).toBe('several');
  const meet = '(didaftarkan lewat HP orang lain; mohon dipastikan dengan bertemu langsung)';
  const chair = await addHelper(world, 'chair', '33.74');
  const shown = async () => {
    const { values } = await perform(world, 'sk.open-next', { sesudah: null }, chair, second);
    return String(Object(values['periksa']).nama);
  };
  await world.prisma.skMember.deleteMany({ where: { member: { name: 'BUDI CONTOH' } } });
  expect(await shown()).toContain(meet);
  const hers = { data: { conveyed: false } };
  await world.prisma.consent.updateMany(hers);
  expect(await shown()).not.toContain(meet);
});

test('who turns out to be too young takes along what was typed, and no page of the SK of who typed it', async () => {
  const page = await addAttachment(world, helper, 'halaman SK');
  const loose = await addAttachment(world, helper, 'foto lain');
  const [{ documentId } = { documentId: '' }] = await world.prisma.skMember.findMany();
  await world.prisma.skFile.create({
    data: { documentId: documentId ?? '', attachmentId: page, page: 1 },
  });
  await addInbound(world, helper, 'nama: Tini Contoh');
  await perform(world, 'registration.erase-typed', {}, helper);
  expect((await world.prisma.attachment.findMany()).map(({ id }) => id)).toEqual([page]);
  expect(loose).not.toBe(page);
  expect(await everything(world)).not.toContain('Tini');
});

describe('of two on one phone', () => {
  /** Sri, registered with the helper's phone; the list below is of the helper's own world. */
  async function sharing(): Promise<string> {
    await perform(world, 'consent.record', { persetujuan: consent, lewat: 'bersama' }, helper, second);
    await perform(world, 'member.register', registration({ telepon: helper.phone }), helper, second);
    return (await world.prisma.member.findFirstOrThrow({ where: { name: 'SRI CONTOHWATI' } })).id;
  }
  const sri = () => world.prisma.member.findFirstOrThrow({ where: { name: 'SRI CONTOHWATI' } });

  test('one is taken off, kept as if on a list, and claims all of it with a phone of her own', async () => {
    const anggota = await sharing();
    expect(await sri()).toMatchObject({ claimedAt: second.now, phoneProved: true });
    expect(await perform(world, 'phone.look', { anggota }, helper)).toMatchObject({
      outcome: 'one',
      values: { anggota: { nama: 'SRI CONTOHWATI' } },
    });
    expect((await perform(world, 'phone.release', { anggota }, helper)).outcome).toBe('done');
    expect(await sri()).toMatchObject({
      claimedAt: null,
      phoneIndex: null,
      phoneSealed: null,
      phoneProved: false,
    });
    expect((await begin(helper)).outcome).toBe('found');
    for (const action of ['phone.look', 'phone.release', 'member.profile', 'privacy.erase'])
      expect((await perform(world, action, { anggota }, helper)).outcome).toMatch(/gone|unknown/);
    expect(await world.prisma.auditEntry.count({ where: { action: 'released' } })).toBe(1);
    await perform(world, 'member.register', registration({ sk: 'tanpa-nomor' }), older, second);
    expect(await count(world, 'member')).toBe(2);
    expect((await sri()).id).toBe(anggota);
    expect((await perform(world, 'sk.find-for-contact', {}, older)).values).toMatchObject({
      sk: { nomor: '141/07/2021' },
    });
  });

  test('one who has another phone stays registered there', async () => {
    const anggota = await sharing();
    await world.prisma.memberContact.create({ data: { memberId: anggota, contactId: older.contactId } });
    expect((await perform(world, 'phone.look', { anggota }, helper)).outcome).toBe('several');
    await perform(world, 'phone.release', { anggota }, helper);
    expect(await sri()).toMatchObject({ claimedAt: second.now, phoneIndex: null });
    expect((await begin(older)).outcome).toBe('found');
  });

  test('taken off twice at once: the second one finds nothing and decides anew', async () => {
    const anggota = await sharing();
    const both = await Promise.all(
      [1, 2].map(() => decide('phone.release', { anggota }, contextOf(world, helper))),
    );
    await write(world, both[0]?.writes ?? []);
    await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
  });

  test('a number that is not the one of this phone stays with who is taken off', async () => {
    const anggota = await sharing();
    await perform(world, 'member.update', { anggota, butir: 'telepon', telepon: '+6281200009998' }, helper);
    await perform(world, 'phone.release', { anggota }, helper);
    expect((await sri()).phoneIndex).not.toBeNull();
  });

  test('one is erased, and the pages of the other one’s SK stay', async () => {
    const anggota = await sharing();
    const pages = [
      await addAttachment(world, helper, 'SK Budi'),
      await addAttachment(world, helper, 'SK Sri'),
    ];
    const documents = await world.prisma.skMember.findMany({ orderBy: { member: { name: 'asc' } } });
    for (const [at, attachmentId] of pages.entries())
      await world.prisma.skFile.create({
        data: { documentId: documents[at]?.documentId ?? '', attachmentId, page: 1 },
      });
    await perform(world, 'privacy.erase', { anggota }, helper, second);
    expect((await world.prisma.attachment.findMany()).map(({ id }) => id)).toEqual([pages[0]]);
  });
});
