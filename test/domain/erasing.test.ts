import { beforeEach, describe, expect, test } from 'vitest';
import { removeLeft } from '../../src/domain/leaving.js';
import { listMembers } from '../../src/domain/people.js';
import { lookKept } from '../../src/domain/requests.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import {
  addDelivery,
  addHelper,
  addInbound,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  invited,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
  write,
} from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const consent = { setuju: true, jawaban: 'SETUJU', teks: 'Setuju?', versi: '2026-11' };
const budi = { nama: 'BUDI CONTOH', nik: null, lahir: { tempat: 'Blora', tanggal: '1968-01-02' } };
const later = (ms: number) => new Date(now.getTime() + ms);
const ids = async () =>
  (await world.prisma.member.findMany({ orderBy: { name: 'desc' } })).map(({ id }) => id);

/** Sri and Budi, who share a phone, each with a consent. */
async function sharing(): Promise<Person> {
  const person = await addPerson(world);
  for (const [at, given] of [{}, budi].entries()) {
    const more = { now: later(at * 1000) };
    await perform(world, 'consent.record', { persetujuan: consent }, person, more);
    await perform(world, 'member.register', registration(given), person, more);
  }
  return person;
}

/** Of a contact that left: its last word was sent. */
const gone = async (at = now) => {
  await world.db.pool.query(`UPDATE delivery SET state = 'accepted' WHERE state = 'due'`);
  return removeLeft(world.db.pool, at);
};

describe('of two who share a phone', () => {
  test('one is erased, the other keeps everything, and the contact stays', async () => {
    const person = await sharing();
    const [sri] = await ids();
    await addInbound(world, person, 'nama saya SRI CONTOHWATI');
    const erased = await perform(world, 'privacy.erase', { anggota: sri ?? null }, person);
    expect(erased).toMatchObject({
      outcome: 'erased',
      values: { bukti: { nomor: expect.stringMatching(/^\d+$/) } },
    });
    expect(await gone()).toBe(0);
    const left = await everything(world);
    for (const word of ['CONTOHWATI', 'Semarang', '9901015708700001', sri ?? ''])
      expect(left).not.toContain(word);
    expect(await world.prisma.member.findMany()).toMatchObject([{ name: 'BUDI CONTOH' }]);
    const [budis] = await ids();
    expect(await world.prisma.consent.findMany()).toMatchObject([
      { memberId: budis, contactId: person.contactId },
    ]);
    expect(await perform(world, 'privacy.erase', { anggota: sri ?? null }, person)).toMatchObject({
      outcome: 'gone',
      writes: [],
    });
  });

  test('both are erased one after the other, and then the contact goes', async () => {
    const person = await sharing();
    for (const anggota of await ids()) await perform(world, 'privacy.erase', { anggota }, person);
    expect(await gone()).toBe(1);
    for (const table of [
      'member',
      'contact',
      'address',
      'session',
      'consent',
      'inbound',
      'delivery',
      'person_key',
    ])
      expect([table, await count(world, table)]).toEqual([table, 0]);
    expect(await world.prisma.privacyRequest.findMany()).toMatchObject([
      { kind: 'erasure', memberId: null, contactId: null, area: '33' },
      { kind: 'erasure', memberId: null, contactId: null, area: '33' },
    ]);
  });
});

describe('a contact that leaves', () => {
  test('waits for its last word, a day at most', async () => {
    const person = await addMember(world);
    await perform(world, 'privacy.erase', {}, person);
    await addDelivery(world, person, { state: 'due', text: 'Sudah kami hapus.' });
    expect(await removeLeft(world.db.pool, later(23 * 3_600_000))).toBe(0);
    expect(await removeLeft(world.db.pool, later(24 * 3_600_000))).toBe(1);
    expect(await count(world, 'contact')).toBe(0);
  });

  test('stays when somebody has written since, with nothing of before', async () => {
    const person = await addMember(world);
    await perform(world, 'privacy.erase', {}, person);
    await addInbound(world, person, 'halo', later(1000));
    expect([await gone(later(2000)), await gone(later(90_000_000))]).toEqual([0, 0]);
    expect([await count(world, 'contact'), await count(world, 'contact_leaving')]).toEqual([1, 0]);
    expect(await everything(world)).not.toContain('CONTOHWATI');
  });

  test('stays while it holds a role; the role stays too', async () => {
    const officer = await addHelper(world, 'operator', '33.74');
    await perform(world, 'member.register', registration(), officer);
    await perform(world, 'privacy.erase', {}, officer);
    expect([await gone(), await count(world, 'member'), await count(world, 'role_grant')]).toEqual([0, 0, 1]);
  });

  test('takes the roles it once had with it, what it planned and whom it helped stay', async () => {
    const officer = await addHelper(world, 'operator', '33.74');
    const member = await addMember(world, budi);
    await perform(world, 'handover.open', {}, member);
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: now } });
    await perform(world, 'member.register', registration(), officer);
    await perform(world, 'privacy.erase', {}, officer);
    expect(await gone()).toBe(1);
    expect(await count(world, 'role_grant')).toBe(0);
    expect(await world.prisma.handover.findMany()).toMatchObject([
      { contactId: member.contactId, state: 'open', operatorId: null },
    ]);
    expect(await everything(world)).not.toContain(officer.contactId);
  });
});

test('somebody else through whom the member was registered loses the conversation about it, and stays if he is a member', async () => {
  const [own, helper] = [await addMember(world), await addMember(world, budi)];
  const [sri] = await ids();
  await world.prisma.memberContact.create({ data: { memberId: sri ?? '', contactId: helper.contactId } });
  await world.prisma.session.create({
    data: {
      contactId: helper.contactId,
      stateSealed: new Uint8Array(world.vault.sealJson({ nama: 'SRI CONTOHWATI' })),
      flow: 'x',
    },
  });
  await addInbound(world, helper, 'namanya SRI CONTOHWATI');
  await perform(world, 'privacy.erase', {}, own);
  expect(await gone()).toBe(1);
  const left = await everything(world);
  expect(left).not.toContain('CONTOHWATI');
  expect(left).not.toContain(own.contactId);
  expect(await world.prisma.session.findMany()).toMatchObject([
    { contactId: helper.contactId, flow: null, version: 1 },
  ]);
  expect(await world.prisma.member.findMany()).toMatchObject([{ name: 'BUDI CONTOH' }]);
});

test('who was looked at is nobody in the audit any more, and of two who erase at once one does', async () => {
  const person = await addMember(world);
  const [sri] = await ids();
  await write(world, [lookKept('local:test', 'list-members', sri ?? '', now)]);
  const [one, other] = await Promise.all(
    [1, 2].map(() => decide('privacy.erase', {}, contextOf(world, person))),
  );
  await write(world, one?.writes ?? []);
  await expect(write(world, other?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
  expect(await world.prisma.personKey.count({ where: { subject: sri ?? '' } })).toBe(0);
  const entries = await world.prisma.auditEntry.findMany({ orderBy: { id: 'asc' } });
  expect(entries.map(({ kind, action }) => [kind, action])).toEqual([
    ['sk', 'laporkan'],
    ['look', 'list-members'],
    ['erasure', 'asked'],
  ]);
  expect(entries[2]).toMatchObject({ actor: null, person: null, detail: expect.stringMatching(/^\d+$/) });
});

test('a stranger’s conversation is erased too; a member’s is not by that way', async () => {
  const [stranger, member] = [await addPerson(world), await addMember(world)];
  await addInbound(world, stranger, 'saya Wati Contoh');
  await perform(world, 'consent.record', { persetujuan: consent }, stranger);
  expect(await perform(world, 'privacy.erase-stranger', {}, member)).toMatchObject({
    outcome: 'gone',
    writes: [],
  });
  expect(await perform(world, 'privacy.erase-stranger', {}, stranger)).toMatchObject({ outcome: 'erased' });
  expect(await gone()).toBe(1);
  const left = await everything(world);
  for (const word of ['Wati', stranger.contactId, 'SETUJU']) expect(left).not.toContain(word);
  expect(await count(world, 'member')).toBe(1);
});

describe('how data may be used', () => {
  test.each(['suspend', 'withdraw'] as const)(
    '%s, told once, and used again when the member says so',
    async (what) => {
      const to = what === 'suspend' ? 'suspended' : 'withdrawn';
      const person = await addMember(world);
      const admin = localAdministrator('test');
      const standing = async () => (await perform(world, 'privacy.standing', {}, person)).outcome;
      expect([await standing(), (await listMembers(admin, world)).length]).toEqual(['active', 1]);
      expect(await perform(world, `privacy.${what}`, {}, person)).toMatchObject({ outcome: 'done' });
      expect(await perform(world, `privacy.${what}`, {}, person)).toMatchObject({
        outcome: 'same',
        writes: [],
      });
      expect([await standing(), (await listMembers(admin, world)).length]).toEqual([to, 0]);
      await perform(world, 'consent.record', { persetujuan: consent }, person);
      expect(await perform(world, 'privacy.resume', {}, person)).toMatchObject({ outcome: 'done' });
      expect([await standing(), (await listMembers(admin, world)).length]).toEqual(['active', 1]);
      const [sri] = await ids();
      expect(await world.prisma.consent.findMany()).toMatchObject([{ memberId: sri }]);
      const done = { closedAt: now, result: 'done', memberId: sri, contactId: person.contactId };
      expect(await world.prisma.privacyRequest.findMany({ orderBy: { number: 'asc' } })).toMatchObject([
        done,
        done,
      ]);
      const entries = await world.prisma.auditEntry.findMany({
        where: { kind: 'standing' },
        orderBy: { id: 'asc' },
      });
      expect(entries.map(({ detail }) => detail)).toEqual([`active>${to}`, `${to}>active`]);
    },
  );

  test('of a stranger or of somebody else’s member is not told', async () => {
    await addMember(world);
    const [[sri], stranger] = [await ids(), await addPerson(world)];
    for (const given of [{}, { anggota: sri ?? null }]) {
      expect(await perform(world, 'privacy.standing', given, stranger)).toMatchObject({ outcome: 'unknown' });
      for (const name of ['privacy.suspend', 'privacy.withdraw', 'privacy.resume', 'privacy.erase'])
        expect(await perform(world, name, given, stranger)).toMatchObject({ outcome: 'gone', writes: [] });
    }
  });

  test('no broadcast goes to whom it is not used for, until one behind that phone wants it', async () => {
    const person = await sharing();
    const leased = () => invited(world, person);
    const [sri, budis] = await ids();
    await perform(world, 'privacy.suspend', { anggota: sri ?? null }, person);
    expect(await leased()).toBe('leased');
    await perform(world, 'privacy.withdraw', { anggota: budis ?? null }, person);
    expect(await leased()).toBe('skipped');
    await perform(world, 'privacy.resume', { anggota: sri ?? null }, person);
    expect(await leased()).toBe('leased');
  });
});

/** Columns that can lead to a person, and why nothing is left there once the person is erased. */
const leading: Readonly<Record<string, string>> = {
  'address.contact_id': 'goes with the contact',
  'attachment.contact_id': 'erased at once',
  'audit_entry.actor': 'a name that leads to nobody',
  'audit_entry.person': 'a name that leads to nobody',
  'board_office.member_id': 'erased at once',
  'certificate.member_id': 'erased at once',
  'consent.contact_id': 'goes with the member or the contact',
  'consent.member_id': 'erased at once',
  'consent_news.contact_id': 'goes with the contact',
  'contact_leaving.contact_id': 'goes with the contact',
  'contact_merge.kept_id': 'goes with the contact',
  'contact_merge.merged_id': 'goes with the contact',
  'death_report.member_id': 'erased at once',
  'delivery.contact_id': 'goes with the contact',
  'handover.contact_id': 'goes with the contact',
  'handover.operator_id': 'emptied with the contact',
  'inbound.contact_id': 'goes with the contact',
  'invitation.contact_id': 'emptied with the contact',
  'invitation.member_id': 'goes with the member',
  'member_change.contact_id': 'goes with the member',
  'member_change.member_id': 'erased at once',
  'member_contact.contact_id': 'erased at once',
  'member_contact.member_id': 'erased at once',
  'member_join.member_id': 'goes with the member',
  'member_news.member_id': 'erased at once',
  'named_list_person.member_id': 'erased at once',
  'number_change.member_id': 'erased at once',
  'person_key.subject': 'erased at once',
  'privacy_request.contact_id': 'emptied at once',
  'privacy_request.member_id': 'emptied at once',
  'problem.contact_id': 'goes with the member or the contact',
  'problem.member_id': 'erased at once',
  'recipient.contact_id': 'emptied with the member or the contact',
  'recipient.member_id': 'emptied at once',
  'reminder.contact_id': 'goes with the contact',
  'role_offer.contact_id': 'goes with the contact',
  'roster_change.member_id': 'goes with the member',
  'roster_job.contact_id': 'goes with the contact',
  'session.contact_id': 'goes with the contact',
  'sk_member.member_id': 'erased at once',
  'sk_move.member_id': 'erased at once',
  'timer.contact_id': 'erased at once',
};

test('every column that leads to a person is known here', async () => {
  const { rows } = await world.db.pool.query<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND (column_name ~ '(contact|member|merged|kept|operator)_id$' OR column_name IN ('subject', 'actor', 'person'))
     ORDER BY 1`,
  );
  // A new one: let it be erased (`erasing.ts`, `leaving.ts`), and say here how.
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(leading));
});
