import { beforeEach, describe, expect, test } from 'vitest';
import {
  askNewConsents,
  consentRenewed,
  consentVersion,
  nextDue,
  noteNewConsents,
} from '../../src/domain/consents.js';
import { readFlows } from '../../src/flows.js';
import { shipped } from '../flow/rig.js';
import {
  addInbound,
  addMember,
  addPerson,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
} from './world.js';

const day = 24 * 60 * 60 * 1000;
const old = { setuju: true, jawaban: 'SETUJU', teks: 'Setuju?', versi: '2026-01' };
const newer = { ...old, versi: consentVersion };

let world: World;
let at = now;
beforeEach(async () => {
  world = await openWorld();
  at = now;
});
const ask = () => askNewConsents({ ...world, now: () => at });
const sql = (text: string, values: readonly unknown[] = []) => world.db.pool.query(text, [...values]);

/** Somebody who registered under a text of that version, and has just written. */
async function consented(versi: string): Promise<Person> {
  const person = await addPerson(world);
  await perform(world, 'consent.record', { persetujuan: { ...old, versi } }, person);
  await perform(world, 'member.register', registration({ nik: null }), person);
  await talked(person);
  return person;
}

/** Writes, and has nothing open afterwards. */
async function talked({ contactId, ...person }: Person, flow: string | null = null): Promise<void> {
  await addInbound(world, { contactId, ...person }, 'halo', at);
  await sql(
    `INSERT INTO session (contact_id, state_sealed, flow, updated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (contact_id) DO UPDATE SET flow = $3, updated_at = $4`,
    [contactId, world.vault.sealJson({}), flow, at],
  );
}

async function signals(): Promise<number> {
  const rows = await world.prisma.inbound.findMany({ where: { state: 'pending' } });
  const names = rows.map(
    ({ bodySealed }) => Object(world.vault.openJson(bodySealed ?? new Uint8Array())).content.name,
  );
  expect(new Set(names).size).toBeLessThan(2);
  return names.filter((name) => name === consentRenewed).length;
}

describe('a newer text', () => {
  test('is asked about once, at a moment when nothing is under way, by however many look', async () => {
    const person = await consented('2026-01');
    await noteNewConsents(world.db.pool);
    await noteNewConsents(world.db.pool);
    await talked(person, 'registrasi');
    expect(await ask()).toBe(0);
    await talked(person);
    const counts = await Promise.all([ask(), ask(), ask()]);
    expect([counts.reduce((sum, one) => sum + one, 0), await signals()]).toEqual([1, 1]);
  });

  test.each([
    ['of this text', () => consented(consentVersion)],
    ['of nothing: put on a list by others', () => addMember(world)],
    ['by nobody yet', () => addPerson(world)],
  ])('is nothing new to a consent %s', async (_, make) => {
    const person = await make();
    await talked(person);
    await noteNewConsents(world.db.pool);
    expect([await ask(), await nextDue(world.db.pool, person.contactId)]).toEqual([0, null]);
  });

  test('waits until somebody writes, and whoever does not answer is asked three times, a month apart', async () => {
    const person = await consented('2026-01');
    await noteNewConsents(world.db.pool);
    at = new Date(now.getTime() + 2 * 60 * 60 * 1000);
    expect(await ask()).toBe(0);
    const asked: number[] = [];
    for (let days = 1; days <= 150; days += 1) {
      at = new Date(now.getTime() + days * day);
      await talked(person);
      if ((await ask()) === 1) asked.push(days);
    }
    expect(asked).toEqual([1, 31, 61]);
  });

  test.each([
    ['renewed', true],
    ['declined', false],
  ])('%s is kept with its words, for that member, and nobody is asked again', async (outcome, setuju) => {
    const person = await consented('2026-01');
    await noteNewConsents(world.db.pool);
    expect(await perform(world, 'consent.due', {}, person)).toMatchObject({
      outcome: 'due',
      values: { anggota: { nama: 'SRI CONTOHWATI' } },
    });
    expect(
      await perform(world, 'consent.renew', { persetujuan: { ...newer, setuju } }, person),
    ).toMatchObject({ outcome });
    const [member] = await world.prisma.member.findMany();
    expect(await world.prisma.consent.findMany({ orderBy: { version: 'asc' } })).toMatchObject([
      { version: '2026-01', granted: true, memberId: member?.id },
      { version: consentVersion, granted: setuju, memberId: member?.id },
    ]);
    expect(await perform(world, 'consent.due', {}, person)).toMatchObject({ outcome: 'none' });
    expect(await perform(world, 'consent.renew', { persetujuan: newer }, person)).toMatchObject({
      outcome: 'gone',
      writes: [],
    });
    expect(await ask()).toBe(0);
    expect(member?.standing).toBe('active');
  });

  test('is asked for each who shares a phone, one after the other', async () => {
    const person = await consented('2026-01');
    await perform(world, 'consent.record', { persetujuan: old }, person);
    await perform(world, 'member.register', registration({ nama: 'BUDI CONTOH', nik: null }), person);
    await noteNewConsents(world.db.pool);
    expect([await ask(), await ask()]).toEqual([1, 0]);
    await perform(world, 'consent.renew', { persetujuan: newer }, person);
    expect([await ask(), (await nextDue(world.db.pool, person.contactId))?.name]).toEqual([1, 'BUDI CONTOH']);
    await perform(world, 'consent.renew', { persetujuan: newer }, person);
    expect([await ask(), await nextDue(world.db.pool, person.contactId)]).toEqual([0, null]);
  });

  test('is not asked of whose data is not used', async () => {
    const person = await consented('2026-01');
    await noteNewConsents(world.db.pool);
    await perform(world, 'privacy.withdraw', {}, person);
    expect(await ask()).toBe(0);
  });
});

test('every flow that asks for the consent asks for this text, with the same seven points', () => {
  const sources = readFlows('flows');
  const asking = ['registrasi', 'cabut-persetujuan', 'persetujuan-baru'].map(
    (name) => sources[`flows/${name}.yaml`] ?? '',
  );
  const points = asking.flatMap((source) => source.match(/(?:^ {6}[1-7]\. .*\n){7}/gm) ?? []);
  // Who registers himself, and who confirms what another has typed.
  expect(points).toHaveLength(4);
  expect(new Set(points).size).toBe(1);
  for (const source of asking)
    expect(source).toMatch(new RegExp(`word: SETUJU\\n    version: "${consentVersion}"`));
  const words = [...shipped.flows.values()].filter(({ file }) =>
    (sources[file] ?? '').includes('word: SETUJU'),
  );
  expect(words.map(({ name }) => name).sort()).toEqual([
    'cabut-persetujuan',
    'persetujuan-baru',
    'registrasi',
  ]);
});

test('a consent stands alone while its registration is filled in: not before, not after a no, not once somebody is registered', async () => {
  const [person, other] = [await addPerson(world), await addPerson(world)];
  const given = async (who = person) => (await perform(world, 'consent.given', {}, who)).outcome;
  const refusal = { ...old, setuju: false, jawaban: 'TIDAK' };
  await perform(world, 'consent.record', { persetujuan: refusal }, other);
  expect([await given(), await given(other)]).toEqual(['none', 'none']);
  await perform(world, 'consent.record', { persetujuan: old }, person);
  expect([await given(), await given(), await given(other)]).toEqual(['given', 'given', 'none']);
  await perform(world, 'member.register', registration({ nik: null }), person);
  expect(await given()).toBe('none');
});
