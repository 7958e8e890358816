import { beforeEach, describe, expect, test } from 'vitest';
import { rightsOf } from '../../src/domain/helpers.js';
import { mostGuesses } from '../../src/domain/links.js';
import { offerLastsMs } from '../../src/domain/role-offers.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import {
  addHelper,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  now,
  openWorld,
  type Person,
  perform,
  type World,
  write,
} from './world.js';

let world: World;
let chair: Person;
beforeEach(async () => {
  world = await openWorld();
  chair = await addHelper(world, 'chair', '33.74');
});

const later = (ms: number) => ({ now: new Date(now.getTime() + ms) });
const operator = { peran: 'operator', area: '33.74' };

/** Makes a code; the role in it is taken as given, as a conversation hands it on. */
async function offer(by: Person = chair, what = operator): Promise<string> {
  const { values } = await perform(world, 'role.offer', what, by);
  return String(Object(values['kode-peran']).kode);
}

const outcomeOf = async (action: string, args: object, person: Person, more = {}) =>
  (await perform(world, action, { ...args }, person, more)).outcome;
const look = (kode: string, person: Person, more = {}) => outcomeOf('role.look', { kode }, person, more);
const accept = (kode: string, person: Person, more = {}) => outcomeOf('role.accept', { kode }, person, more);
const mayServe = async ({ contactId, simulator }: Person, area = '33.74.14.1001') =>
  (await rightsOf(world.pool, contactId))('verify-sk', { area, residency: null, simulator });
const offered = async (person: Person) => {
  const { values } = await perform(world, 'role.list', {}, person);
  return (values.daftar ?? []) as readonly { readonly id: string; readonly label: string }[];
};
const textsTo = async ({ contactId }: Person) => {
  const rows = await world.prisma.delivery.findMany({ where: { contactId } });
  return rows.map(({ bodySealed }) => Object(world.vault.openJson(bodySealed ?? new Uint8Array())).text);
};

describe('a role by a code', () => {
  test('is held by who accepts it, once; the giver is told, and the audit says both', async () => {
    const [first, second] = [await addPerson(world), await addPerson(world)];
    const code = await offer();
    expect(await everything(world)).not.toContain(code);
    const { values } = await perform(world, 'role.look', { kode: code }, first);
    expect(values).toEqual({ 'peran-ditawarkan': { sebutan: 'petugas', tempat: 'Kota Semarang' } });
    expect(await mayServe(first)).toBe(false);
    expect(await accept(code, first)).toBe('done');
    expect([await mayServe(first), await mayServe(first, '33.22')]).toEqual([true, false]);
    expect(await textsTo(chair)).toEqual([
      `Peran *petugas Kota Semarang* sudah diterima oleh nomor yang berakhiran ${first.phone?.slice(-4)}. Bila keliru, ketik *CABUT PERAN*.`,
    ]);
    expect([await look(code, first), await look(code, second), await accept(code, second)]).toEqual([
      'already',
      'expired',
      'gone',
    ]);
    const entries = await world.prisma.auditEntry.findMany({
      where: { detail: '33.74' },
      orderBy: { id: 'asc' },
    });
    expect(entries.slice(-2).map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      'grant offer operator',
      'grant operator',
    ]);
  });

  test('of two who accept it at once is held by one', async () => {
    const people = [await addPerson(world), await addPerson(world)];
    const code = await offer();
    const decided = await Promise.all(
      people.map((person) => decide('role.accept', { kode: code }, contextOf(world, person))),
    );
    expect(decided.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    const written = await Promise.allSettled(decided.map(({ writes }) => write(world, writes)));
    const failed = written.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(failed).toEqual([expect.any(ChangedMeanwhile)]);
    expect(await world.prisma.roleGrant.count({ where: { role: 'operator' } })).toBe(1);
  });

  test('ends after three days, and with the right of whoever gave it', async () => {
    const person = await addPerson(world);
    const code = await offer();
    expect(await look(code, person, later(offerLastsMs - 1))).toBe('found');
    expect(await look(code, person, later(offerLastsMs))).toBe('expired');
    expect(await accept(code, person, later(offerLastsMs))).toBe('gone');
    await world.pool.query('UPDATE role_grant SET revoked_at = now()');
    expect([await look(code, person), await accept(code, person)]).toEqual(['expired', 'gone']);
  });

  test('is for a proved number, of the same world, and not for who made it', async () => {
    const code = await offer();
    const unproved = await addPerson(world, { phone: null });
    const pretended = await addPerson(world, { simulator: true });
    expect([await look(code, unproved), await accept(code, unproved)]).toEqual(['unproved', 'gone']);
    expect([await look(code, pretended), await accept(code, pretended)]).toEqual(['unknown', 'gone']);
    expect([await look(code, chair), await accept(code, chair)]).toEqual(['own', 'gone']);
    expect(await outcomeOf('link.look', { kode: code }, unproved)).toBe('role');
  });

  test('cannot be guessed', async () => {
    const person = await addPerson(world);
    const code = await offer();
    for (let n = 0; n < mostGuesses; n += 1) expect(await look('K7M4P2QX', person)).toBe('unknown');
    expect(await look(code, person)).toBe('too-many');
    expect(await count(world, 'link_guess')).toBe(mostGuesses);
  });

  test.each([
    ['a chair in another regency', 'chair', '33.74', { peran: 'operator', area: '33.22' }],
    ['a chair who wants another chair', 'chair', '33.74', { peran: 'chair', area: '33.74' }],
    ['an operator', 'operator', '33.74', operator],
    ['the team of the province', 'province-team', '33', operator],
  ])('is given by nobody who may not: %s', async (_, role, area, what) => {
    const person = await addHelper(world, role, area);
    expect(await outcomeOf('role.offer', what, person)).toBe('refused');
    expect(await count(world, 'role_offer')).toBe(0);
  });

  test('is made where it can be held, as far as it is told', async () => {
    const admin = await addHelper(world, 'province-admin', '33');
    const place = (args: object, person = admin) => perform(world, 'role.place', { ...args }, person);
    expect(await place({}, chair)).toMatchObject({
      outcome: 'found',
      values: { tawaran: { ...operator, sebutan: 'petugas', tempat: 'Kota Semarang' } },
    });
    const { outcome, values } = await place({});
    expect([outcome, Object(values['daftar-peran']).length]).toEqual(['roles', 4]);
    expect(await place({ peran: 'province-team' })).toMatchObject({ values: { tawaran: { area: '33' } } });
    expect(await place({ peran: 'chair' })).toMatchObject({ outcome: 'regency' });
    expect(await place({ peran: 'chair', wilayah: { kode: '33.22' } })).toMatchObject({ outcome: 'found' });
    expect(await place({ wilayah: { kode: '33.22' } }, chair)).toMatchObject({ outcome: 'refused' });
    const asked = await place({ peran: 'residency-lead' });
    expect([asked.outcome, Object(asked.values['daftar-karesidenan']).length]).toEqual(['residencies', 6]);
    const lead = { peran: 'residency-lead', karesidenan: 'residency/pati' };
    expect(await place(lead)).toMatchObject({ values: { tawaran: { tempat: 'eks-karesidenan Pati' } } });
    expect(await place({}, await addPerson(world))).toMatchObject({ outcome: 'refused' });
  });

  test('can be taken back before and after it was accepted, by who may give it', async () => {
    const person = await addPerson(world);
    const other = await addHelper(world, 'chair', '33.22');
    const admin = await addHelper(world, 'province-admin', '33');
    const [kept, ended] = [await offer(), await offer()];
    await accept(kept, person);
    expect([await offered(other), (await offered(admin)).length]).toEqual([[], 2]);
    const lines = await offered(chair);
    expect(lines.map(({ label }) => label).sort()).toEqual([
      'Petugas Kota Semarang, kode belum dipakai',
      `Petugas Kota Semarang, nomor …${person.phone?.slice(-4)}`,
    ]);
    for (const { id } of lines) {
      expect(await outcomeOf('role.withdraw', { terpilih: id }, other)).toBe('gone');
      expect(await outcomeOf('role.withdraw', { terpilih: id }, chair)).toBe('done');
      expect(await outcomeOf('role.withdraw', { terpilih: id }, chair)).toBe('gone');
    }
    expect([await mayServe(person), await look(ended, person)]).toEqual([false, 'expired']);
    expect([
      await outcomeOf('role.list', {}, chair),
      await world.prisma.auditEntry.count({ where: { kind: 'revocation' } }),
    ]).toEqual(['none', 2]);
  });
});
