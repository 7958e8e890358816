import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readResidencies } from '../../src/domain/areas.js';
import { viewerNow } from '../../src/domain/helpers.js';
import { may, roleNames, viewerOf } from '../../src/domain/roles.js';
import { filesOfSk } from '../../src/domain/sk-files.js';
import { countWaitingSk, waitingOfSk } from '../../src/domain/sk-queue.js';
import type { JsonRecord } from '../../src/flow/json.js';
import { ChangedMeanwhile, type Queryable } from '../../src/store/statement.js';
import { sized } from '../support/size.js';
import { remindedAt } from './reminding.js';
import {
  addAttachment,
  addHelper,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
  write,
} from './world.js';

const minutes = (count: number) => ({ now: new Date(now.getTime() + count * 60_000) });
const other = { nama: 'Budi Contoh', nik: null };

async function waiting(more: JsonRecord = {}) {
  const world = await openWorld();
  const member = await addMember(world, more);
  const officer = await addHelper(world, 'operator', '33.74');
  return { world, member, officer };
}

/** What is open with somebody after asking for the next. */
async function openNext(world: World, officer: Person, more: JsonRecord = {}, at = {}): Promise<JsonRecord> {
  const result = await perform(world, 'sk.open-next', more, officer, at);
  return {
    outcome: result.outcome,
    ...Object(result.values['periksa']),
    berkas: result.values['berkas'] ?? null,
  };
}

const opened = async (world: World, officer: Person) => String((await openNext(world, officer))['id']);

/** A database in which something happens right before the statement with a number; and whether it has come so far. */
function interrupted({ db: { pool } }: World, number: number, happens: () => Promise<unknown>) {
  let asked = 0;
  const query: Queryable['query'] = async (statement) => {
    asked += 1;
    if (asked === number) await happens();
    return pool.query(statement);
  };
  return { db: { query }, hasHappened: () => asked >= number };
}

async function statuses({ prisma }: World): Promise<readonly string[]> {
  const rows = await prisma.skMember.findMany({ orderBy: { memberId: 'asc' } });
  return rows.map(({ status }) => status);
}

async function textsTo(world: World, { contactId }: Person): Promise<readonly string[]> {
  const rows = await world.prisma.delivery.findMany({ where: { contactId }, orderBy: { seq: 'asc' } });
  return rows.map(({ bodySealed }) =>
    String(Object(world.vault.openJson(bodySealed ?? new Uint8Array())).text),
  );
}

describe('whoever verifies', () => {
  test('is shown what waited longest, with its pages; the look is told in DATA SAYA', async () => {
    const { world, member, officer } = await waiting();
    const page = { id: await addAttachment(world, member, 'foto'), jenis: 'jpeg', ukuran: 4 };
    await perform(world, 'sk.submit', { yang: 'lama', 'halaman-1': page }, member);
    await addMember(world, other);
    expect(await openNext(world, officer)).toMatchObject({
      outcome: 'found',
      jumlah: '2',
      siapa: 'Sri Contohwati',
      nama: expect.stringMatching(/^\*Sri Contohwati\*, Kelurahan /),
      nomor: '141/07/2021',
      tanggal: '1 Maret 2021',
      penerbit: 'Lurah',
      berkas: [{ kind: 'photo', content: page.id, mime: 'image/jpeg', name: 'SK halaman 1.jpg', size: 4 }],
    });
    expect(await statuses(world)).toEqual(['diperiksa', 'dilaporkan_ada']);
    const profile = await perform(world, 'member.profile', {}, member);
    expect(profile.values['profil']).toMatchObject({
      dilihat: '24 November 2026: petugas Kota Semarang',
      'riwayat-sk': '24 November 2026: berkas dikirim\n24 November 2026: dilaporkan',
    });
  });

  test.each<readonly [string, string, string]>([
    ['chair', '33.74', 'found'],
    ['operator', '33.74.14', 'found'],
    ['operator', '33.74.14.1001', 'found'],
    ['operator', 'residency/semarang', 'found'],
    ['operator', '33', 'found'],
    ['operator', '33.74.14.1002', 'none'],
    ['operator', '33.7', 'none'],
    ['operator', '33.15', 'none'],
    ['residency-lead', 'residency/semarang', 'none'],
    ['province-team', '33', 'none'],
    ['province-admin', '33', 'none'],
  ])('%s of %s: %s', async (role, area, outcome) => {
    const world = await openWorld();
    await addMember(world);
    const officer = await addPerson(world);
    await world.prisma.roleGrant.create({
      data: {
        ...{ id: world.newId(), role, area, grantedBy: 'test' },
        phoneSealed: new Uint8Array(world.vault.seal(officer.phone ?? '')),
        phoneIndex: new Uint8Array(world.vault.index('phone', officer.phone ?? '')),
      },
    });
    expect(await openNext(world, officer)).toMatchObject({ outcome });
  });

  test('sees nobody of the other world, and never the SK of somebody his own phone speaks for', async () => {
    const world = await openWorld();
    await addMember(world, {}, { simulator: true });
    const officer = await addHelper(world, 'chair', '33.74');
    await perform(world, 'member.register', registration(other), officer);
    expect(await openNext(world, officer)).toMatchObject({ outcome: 'none' });
    const colleague = await addHelper(world, 'operator', '33.74');
    expect(await openNext(world, colleague)).toMatchObject({ outcome: 'found', siapa: 'Budi Contoh' });
  });

  test('sees nobody whose data may not be used now, and no name of theirs for a lampiran', async () => {
    const { world, member, officer } = await waiting();
    await addMember(world, { ...other, nama: 'Budi Contoh' });
    const dokumen = await opened(world, officer);
    await perform(world, 'sk.release', {}, officer);
    await world.prisma.member.updateMany({ data: { standing: 'suspended' } });
    expect(await openNext(world, officer)).toMatchObject({ outcome: 'none' });
    await world.prisma.member.updateMany({
      where: { contacts: { some: { contactId: member.contactId } } },
      data: { standing: 'active' },
    });
    expect(await openNext(world, officer)).toMatchObject({ outcome: 'found', id: dokumen });
    const found = await perform(world, 'sk.find-for-lampiran', { dokumen, nama: 'budi' }, officer);
    expect(found.outcome).toBe('none');
  });

  test('gets the pages of a decree only where he may verify it', async () => {
    const { world, member, officer } = await waiting();
    const page = { id: await addAttachment(world, member, 'foto'), jenis: 'jpeg', ukuran: 4 };
    await perform(world, 'sk.submit', { yang: 'lama', 'halaman-1': page }, member);
    const { id } = await world.prisma.skDocument.findFirstOrThrow();
    const filesFor = async ({ contactId, simulator }: Person) =>
      filesOfSk(await viewerNow(world.pool, contactId, simulator), id, world.pool);
    expect(await filesFor(officer)).toMatchObject([{ kind: 'photo', name: 'SK halaman 1.jpg' }]);
    const neighbour = await addHelper(world, 'operator', '33.15');
    const team = await addHelper(world, 'province-team', '33');
    for (const nobody of [neighbour, team, member, await addPerson(world)])
      expect(await filesFor(nobody)).toEqual([]);
  });

  test('passes one over and comes to the end of the queue', async () => {
    const { world, officer } = await waiting();
    await addMember(world, other);
    const first = await opened(world, officer);
    const second = await perform(world, 'sk.pass-over', { dokumen: first }, officer);
    expect(second).toMatchObject({
      outcome: 'found',
      values: { periksa: { siapa: 'Budi Contoh', jumlah: '2' } },
    });
    expect(await statuses(world)).toEqual(['dilaporkan_ada', 'diperiksa']);
    const dokumen = Object(second.values['periksa']).id;
    const end = await perform(world, 'sk.pass-over', { dokumen }, officer);
    expect(end).toMatchObject({ outcome: 'passed', values: { antrean: { jumlah: '2' } } });
    expect(await statuses(world)).toEqual(['dilaporkan_ada', 'dilaporkan_ada']);
  });

  test('what is decided in the same turn is neither given back nor counted', async () => {
    const { world, officer } = await waiting();
    await addMember(world, other);
    const dokumen = await opened(world, officer);
    const approved = await decide('sk.approve', { dokumen }, contextOf(world, officer));
    const next = await decide('sk.open-next', { sesudah: dokumen }, contextOf(world, officer));
    expect(next.values['periksa']).toMatchObject({ siapa: 'Budi Contoh', jumlah: '1' });
    await write(world, [...approved.writes, ...next.writes]);
    expect(await statuses(world)).toEqual(['terverifikasi', 'diperiksa']);
  });

  test('gives back what he had open', async () => {
    const { world, officer } = await waiting();
    await world.prisma.skMember.updateMany({ data: { status: 'perlu_cek_ulang' } });
    await opened(world, officer);
    await perform(world, 'sk.release', {}, officer);
    expect(await statuses(world)).toEqual(['perlu_cek_ulang']);
  });
});

describe('a result', () => {
  const reason = 'Fotonya buram. Hubungi saya di 081200000077.';

  test.each<readonly [string, JsonRecord, string, RegExp]>([
    ['sk.approve', {}, 'terverifikasi', /\*Sri Contohwati\* sudah diperiksa petugas dan \*sah\*/],
    [
      'sk.send-back',
      { alasan: reason },
      'perlu_perbaikan',
      /perlu diperbaiki\.\nCatatan petugas: Fotonya buram\. Hubungi saya di 0812…\.\n\nKetik \*KIRIM SK\*/,
    ],
    ['sk.reject', { alasan: reason }, 'ditolak', /belum dapat kami terima\.\nCatatan petugas: Fotonya buram/],
  ])('%s is written once, and told to every contact of the member', async (action, more, status, words) => {
    const { world, member, officer } = await waiting();
    const second = await addPerson(world);
    const [row] = await world.prisma.member.findMany();
    await world.prisma.memberContact.create({
      data: { memberId: row?.id ?? '', contactId: second.contactId },
    });
    const dokumen = await opened(world, officer);
    const given = { dokumen, ...more };
    expect(await perform(world, action, given, officer)).toMatchObject({
      outcome: 'done',
      values: { hasil: { siapa: 'Sri Contohwati' } },
    });
    expect(await statuses(world)).toEqual([status]);
    for (const contact of [member, second])
      expect(await textsTo(world, contact)).toEqual([expect.stringMatching(words)]);
    expect(await perform(world, action, given, officer)).toMatchObject({ outcome: 'already', writes: [] });
    const found = await perform(world, 'sk.find-for-contact', {}, member);
    const alasan = 'alasan' in more ? 'Fotonya buram. Hubungi saya di 0812….' : null;
    expect(found.values['sk']).toMatchObject({ alasan });
  });

  test('of an SK that takes the place of a verified one is told apart', async () => {
    const { world, member, officer } = await waiting();
    await perform(world, 'sk.approve', { dokumen: await opened(world, officer) }, officer);
    await perform(world, 'sk.submit', { nomor: '470/1', penerbit: 'lurah' }, member);
    await perform(world, 'sk.approve', { dokumen: await opened(world, officer) }, officer);
    expect(await statuses(world)).toEqual(['diperbarui']);
    // The one that was verified stays as history.
    expect(await count(world, 'sk_document')).toBe(2);
  });

  test('is not written for whoever may not verify any more; what was open goes back', async () => {
    const { world, officer } = await waiting();
    const dokumen = await opened(world, officer);
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: now } });
    expect(await perform(world, 'sk.approve', { dokumen }, officer)).toMatchObject({ outcome: 'refused' });
    expect(await statuses(world)).toEqual(['dilaporkan_ada']);
  });

  test('is not written for a member who has changed the SK meanwhile', async () => {
    const { world, member, officer } = await waiting();
    const dokumen = await opened(world, officer);
    const corrected = { butir: 'sk', 'butir-sk': 'nomor-sk', 'nomor-sk': '141/08/2021' };
    await perform(world, 'member.update', corrected, member);
    expect(await perform(world, 'sk.approve', { dokumen }, officer)).toMatchObject({ outcome: 'already' });
    expect(await statuses(world)).toEqual(['perlu_cek_ulang']);
  });

  test('can be taken back for a week by whoever gave it, as long as it stands', async () => {
    const { world, member, officer } = await waiting();
    const colleague = await addHelper(world, 'chair', '33.74');
    await perform(world, 'sk.approve', { dokumen: await opened(world, officer) }, officer);
    const [row] = await world.prisma.member.findMany();
    const anggota = row?.id ?? '';
    expect(await perform(world, 'sk.decisions', {}, colleague)).toMatchObject({ outcome: 'none' });
    expect(await perform(world, 'sk.undo', { anggota }, colleague)).toMatchObject({ outcome: 'gone' });
    const late = minutes(7 * 24 * 60);
    expect(await perform(world, 'sk.decisions', {}, officer, late)).toMatchObject({ outcome: 'none' });
    expect((await perform(world, 'sk.decisions', {}, officer)).values['daftar']).toEqual([
      { id: anggota, label: 'Sri Contohwati, 24 November 2026' },
    ]);
    expect(await perform(world, 'sk.undo', { anggota }, officer)).toMatchObject({
      outcome: 'done',
      values: { hasil: { siapa: 'Sri Contohwati' } },
    });
    expect(await statuses(world)).toEqual(['perlu_cek_ulang']);
    expect((await textsTo(world, member)).at(-1)).toContain('diperiksa sekali lagi');
    expect(await perform(world, 'sk.undo', { anggota }, officer)).toMatchObject({ outcome: 'gone' });
  });
});

describe('two who verify', () => {
  async function two() {
    const { world, member, officer } = await waiting();
    return { world, member, officers: [officer, await addHelper(world, 'chair', '33.74')] as const };
  }

  test('never have the same SK open: who comes second gets the next one, or none', async () => {
    const { world, officers } = await two();
    const both = await Promise.all(officers.map((one) => decide('sk.open-next', {}, contextOf(world, one))));
    await write(world, both[0]?.writes ?? []);
    await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect(await openNext(world, officers[1])).toMatchObject({ outcome: 'none' });
    await addMember(world, other);
    expect(await openNext(world, officers[1])).toMatchObject({ outcome: 'found', siapa: 'Budi Contoh' });
  });

  test('neither is shown an SK without its member, whenever the other opens it', async () => {
    const seen = new Set<string>();
    for (let at = 1, hasHappened = true; hasHappened; at += 1) {
      const { world, officers } = await two();
      const meanwhile = interrupted(world, at, () => openNext(world, officers[0]));
      const { db } = meanwhile;
      const { outcome, values } = await decide('sk.open-next', {}, contextOf(world, officers[1], { db }));
      seen.add(`${outcome} ${Object(values['periksa']).siapa}`);
      hasHappened = meanwhile.hasHappened();
    }
    expect(seen).toEqual(new Set(['none undefined', 'found Sri Contohwati']));
  });

  test('after half an hour the next one may open it, and who had it is told', async () => {
    const { world, officers } = await two();
    const [first, second] = officers;
    const dokumen = await opened(world, first);
    expect(await openNext(world, second, {}, minutes(29))).toMatchObject({ outcome: 'none' });
    expect(await openNext(world, second, {}, minutes(30))).toMatchObject({ outcome: 'found' });
    const late = await perform(world, 'sk.approve', { dokumen }, first, minutes(31));
    expect(late).toMatchObject({ outcome: 'already', writes: [] });
    await perform(world, 'sk.reject', { dokumen, alasan: 'Bukan SK PSM.' }, second, minutes(32));
    expect(await statuses(world)).toEqual(['ditolak']);
  });

  test('at the same moment one wins, and the other writes nothing and decides anew', async () => {
    const { world, member, officers } = await two();
    const [first, second] = officers;
    const dokumen = await opened(world, first);
    const approved = await decide('sk.approve', { dokumen }, contextOf(world, first, minutes(31)));
    const taken = await decide('sk.open-next', {}, contextOf(world, second, minutes(31)));
    expect([approved.outcome, taken.outcome]).toEqual(['done', 'found']);
    await write(world, taken.writes);
    await expect(write(world, approved.writes)).rejects.toThrow(ChangedMeanwhile);
    expect(await perform(world, 'sk.approve', { dokumen }, first, minutes(31))).toMatchObject({
      outcome: 'already',
    });
    expect(await textsTo(world, member)).toEqual([]);
  });
});

describe('a decree that appoints several', () => {
  test('is verified for those whom the verifier found in its lampiran, and each hears of it', async () => {
    const { world, member, officer } = await waiting();
    const budi = await addMember(world, { ...other, sk: 'belum' });
    const tuti = await addMember(world, { nama: 'Hj. Tuti Contoh', nik: null });
    const dokumen = await opened(world, officer);
    const search = async (nama: string) => {
      const result = await perform(world, 'sk.find-for-lampiran', { dokumen, nama }, officer);
      const daftar = result.values['daftar'] ?? [];
      return Array.isArray(daftar) ? daftar.map((one) => Object(one)) : [];
    };
    expect(await search('Bambang')).toEqual([]);
    expect(await search('sri contohwati')).toEqual([]);
    for (const nama of ['BUDI', 'Tuti Contoh']) {
      const [found] = await search(nama);
      expect(await perform(world, 'sk.append', { dokumen, anggota: found.id }, officer)).toMatchObject({
        outcome: 'found',
      });
    }
    expect(await count(world, 'sk_document')).toBe(1);
    expect(await perform(world, 'sk.approve', { dokumen }, officer)).toMatchObject({
      values: { hasil: { siapa: expect.stringContaining('dan 2 anggota lain') } },
    });
    expect(await statuses(world)).toEqual(['terverifikasi', 'terverifikasi', 'terverifikasi']);
    for (const one of [member, budi, tuti]) expect(await textsTo(world, one)).toHaveLength(1);
    const looked = await world.prisma.auditEntry.count({ where: { kind: 'look', action: 'verify-sk' } });
    expect(looked).toBe(3);
  });

  test('is not for a verified one, somebody elsewhere, nor oneself; undecided they wait with it', async () => {
    const { world, officer } = await waiting();
    await addMember(world, { ...other, wilayah: { kode: '33.15.04.2005' } });
    await perform(world, 'member.register', registration({ nama: 'Budi Petugas', nik: null }), officer);
    const verified = await addMember(world, { nama: 'Budi Sah', nik: null });
    await world.prisma.skMember.updateMany({
      where: { member: { contacts: { some: { contactId: verified.contactId } } } },
      data: { status: 'terverifikasi' },
    });
    await addMember(world, { nama: 'Budi Belum', nik: null, sk: 'belum' });
    const dokumen = await opened(world, officer);
    const found = await perform(world, 'sk.find-for-lampiran', { dokumen, nama: 'budi' }, officer);
    expect(found.values['daftar']).toEqual([
      { id: expect.any(String), label: expect.stringMatching(/^Budi Belum, Kelurahan/) },
    ]);
    const anggota = Object(Object(found.values['daftar'])[0]).id;
    await perform(world, 'sk.append', { dokumen, anggota }, officer);
    await perform(world, 'sk.release', {}, officer);
    const rows = await world.prisma.skMember.findMany({ where: { documentId: dokumen } });
    expect(rows.map(({ status }) => status)).toEqual(['dilaporkan_ada', 'dilaporkan_ada']);
    for (const action of ['sk.find-for-lampiran', 'sk.append'])
      expect(await perform(world, action, { dokumen, nama: 'Budi', anggota }, officer)).toMatchObject({
        outcome: 'already',
      });
  });
});

describe('the word that SK wait', () => {
  test('comes on Monday morning to everybody who may verify some, and not when the queue is empty', async () => {
    const world = await openWorld();
    const officer = await addHelper(world, 'operator', '33.74.14.1001');
    const chair = await addHelper(world, 'chair', '33.74');
    await addHelper(world, 'province-team', '33');
    await addHelper(world, 'chair', '33.15');
    // Tuesday.
    await addMember(world);
    for (const day of ['2026-11-25', '2026-11-27', '2026-11-29'])
      expect(await remindedAt(world, `${day}T03:00:00Z`)).toEqual([]);
    expect(await remindedAt(world, '2026-11-29T21:00:00Z')).toEqual([]);
    const told = await Promise.all([1, 2].map(() => remindedAt(world, '2026-11-30T01:00:00Z')));
    expect(told.flat()).toHaveLength(2);
    const text =
      'Ada 1 SK yang menunggu pemeriksaan Bapak/Ibu, yang terlama sejak 24 November 2026.\n\nKetik *PERIKSA SK* untuk memulai.';
    expect([await textsTo(world, officer), await textsTo(world, chair)]).toEqual([[text], [text]]);
    await addMember(world, other);
    expect(await remindedAt(world, '2026-12-01T01:00:00Z')).toEqual([]);
    for (const _ of [1, 2])
      await perform(world, 'sk.approve', { dokumen: await opened(world, officer) }, officer);
    expect(await remindedAt(world, '2026-12-07T01:00:00Z')).toEqual([]);
  });

  test('is not for who verifies himself, or took no messages', async () => {
    const world = await openWorld();
    const chair = await addHelper(world, 'chair', '33.74');
    await perform(world, 'member.register', registration({ nama: 'Budi Ketua', nik: null }), chair);
    expect(await remindedAt(world, '2026-11-30T01:00:00Z')).toEqual([]);
    await addMember(world);
    await world.prisma.contact.updateMany({ data: { optedOutAt: now } });
    expect(await remindedAt(world, '2026-11-30T01:00:00Z')).toEqual([]);
  });
});

describe('whatever roles somebody holds', () => {
  const villages = ['33.74.14.1001', '33.74.14.1002', '33.74.01.1001', '33.15.04.2005', '33.18.01.2001'];
  const areas = ['33', '33.74', '33.74.14', ...villages, 'residency/semarang', 'residency/pati', '33.7'];

  test('the queue holds what the one decision allows, and nothing else', async () => {
    const world = await openWorld();
    for (const [at, kode] of villages.entries())
      await addMember(world, { nama: `Contoh ${'ABCDE'[at]}`, nik: null, wilayah: { kode } });
    const members = await world.prisma.member.findMany({ include: { sk: true } });
    const residencyOf = await readResidencies(world.prisma);
    const grant = fc.record({ role: fc.constantFrom(...roleNames), area: fc.constantFrom(...areas) });
    await fc.assert(
      fc.asyncProperty(fc.array(grant, { maxLength: 4 }), async (grants) => {
        const viewer = viewerOf(world.newId(), grants, false);
        const checking = { db: world.pool, now };
        const allowed = members.filter(({ regionCode }) => may(viewer, 'verify-sk', regionCode, residencyOf));
        expect(await countWaitingSk(viewer, checking)).toBe(allowed.length);
        for (const { id, sk } of members) {
          const shown = await waitingOfSk(viewer, sk[0]?.documentId ?? '', checking);
          expect(shown.map(({ memberId }) => memberId)).toEqual(
            allowed.some((one) => one.id === id) ? [id] : [],
          );
        }
      }),
      { numRuns: sized(20, 60) },
    );
  });
});
