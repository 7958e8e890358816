import { describe, expect, test } from 'vitest';
import { actions } from '../../src/domain/actions.js';
import { skStates } from '../../src/domain/sk.js';
import { isUniqueViolation } from '../../src/store/outage.js';
import {
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  now,
  openWorld,
  perform,
  registration,
  write,
} from './world.js';

const yes = { setuju: true, jawaban: ' Setuju. ', teks: 'Apakah setuju?', versi: '2026-11' };
const no = { ...yes, setuju: false, jawaban: 'tidak' };

describe('every action', () => {
  test.each(Object.entries(actions))(
    '%s: what it can keep is named among its outcomes',
    (_, { signature }) => {
      for (const outcome of Object.keys(signature.fixed ?? {}))
        expect(signature.outcomes).toHaveProperty(outcome);
    },
  );

  test('arguments that do not fit are refused without being told', async () => {
    const world = await openWorld();
    const context = contextOf(world, await addPerson(world));
    const failing = decide('nik.check', { nik: ['9901015708700001'] }, context);
    await expect(failing).rejects.not.toThrow(/9901/);
  });
});

describe('consent', () => {
  test.each([
    ['agreed twice', [yes, yes]],
    ['agreed, then refused', [yes, no]],
    ['refused, then agreed', [no, yes]],
  ])('is kept word by word: %s', async (_, words) => {
    const world = await openWorld();
    const person = await addPerson(world);
    for (const [at, persetujuan] of words.entries()) {
      const more = { now: new Date(now.getTime() + at) };
      const result = await perform(world, 'consent.record', { persetujuan }, person, more);
      expect(result.outcome).toBe(persetujuan.setuju ? 'recorded' : 'declined');
    }
    const kept = await world.prisma.consent.findMany({ orderBy: { at: 'asc' } });
    expect(kept.map((row) => row.granted)).toEqual(words.map((word) => word.setuju));
  });

  test('the proof is the text, the version, the exact reply, the channel and the program', async () => {
    const world = await openWorld();
    const person = await addPerson(world);
    await perform(world, 'consent.record', { persetujuan: yes }, person);
    const [row] = await world.prisma.consent.findMany();
    expect(row).toMatchObject({
      version: '2026-11',
      granted: true,
      channel: 'test',
      program: 'program-hash',
      at: now,
    });
    expect(world.vault.open(row?.textSealed ?? new Uint8Array())).toBe('Apakah setuju?');
    expect(world.vault.open(row?.replySealed ?? new Uint8Array())).toBe(' Setuju. ');
  });
});

describe('age', () => {
  test.each([
    ['2008-11-24', 'adult'],
    ['2008-11-25', 'minor'],
    ['1931-01-01', 'adult'],
    ['2007', 'adult'],
    ['2009', 'minor'],
  ])('born %s is %s on 24 November 2026', async (tanggal, outcome) => {
    const world = await openWorld();
    expect(await perform(world, 'member.check-age', { tanggal }, await addPerson(world))).toMatchObject({
      outcome,
    });
  });

  test('the day begins in Central Java, seven hours before Greenwich', async () => {
    const world = await openWorld();
    const person = await addPerson(world);
    const at = (iso: string) =>
      perform(world, 'member.check-age', { tanggal: '2008-11-25' }, person, { now: new Date(iso) });
    expect(await at('2026-11-24T16:59:59Z')).toMatchObject({ outcome: 'minor' });
    expect(await at('2026-11-24T17:00:00Z')).toMatchObject({ outcome: 'adult' });
  });
});

describe('registration', () => {
  test('nobody under age, whatever a flow forgets to ask', async () => {
    const world = await openWorld();
    const lahir = { tempat: 'Semarang', tanggal: '2015-01-01' };
    const registering = perform(world, 'member.register', registration({ lahir }), await addPerson(world));
    await expect(registering).rejects.toThrow('under age');
    expect(await world.prisma.member.count()).toBe(0);
  });

  test('writes the member, the link, the document and the state; twice is once', async () => {
    const world = await openWorld();
    const person = await addPerson(world, { phone: '+6281200009999' });
    expect(await perform(world, 'member.register', registration(), person)).toMatchObject({
      outcome: 'registered',
    });
    expect(await perform(world, 'member.register', registration(), person)).toMatchObject({
      outcome: 'already',
    });
    const members = await world.prisma.member.findMany({
      include: { contacts: true, sk: { include: { document: true } } },
    });
    expect(members).toHaveLength(1);
    expect(members[0]).toMatchObject({
      name: 'SRI CONTOHWATI',
      phoneProved: true,
      simulator: false,
      psmSince: 1998,
    });
    expect(members[0]?.sk[0]).toMatchObject({
      status: 'dilaporkan_ada',
      document: { decidedOn: '2021-03-01', issuer: 'lurah' },
    });
    expect(members[0]?.contacts).toHaveLength(1);
  });

  test.each([
    [
      'the same name otherwise written, without NIK, is',
      { nama: 'Hj. Sri Contohwati', nik: null },
      'already',
    ],
    ['another name with the same NIK is not', { nama: 'Sri Rahayu Contohwati' }, 'nik-own'],
  ])('%s the same person, and is not written', async (_, again, outcome) => {
    const world = await openWorld();
    const person = await addPerson(world);
    await perform(world, 'member.register', registration(), person);
    expect(await perform(world, 'member.register', registration(again), person)).toMatchObject({
      outcome,
    });
    expect(await count(world, 'member')).toBe(1);
  });

  test('a phone may speak for several people', async () => {
    const world = await openWorld();
    const person = await addPerson(world);
    await perform(world, 'member.register', registration(), person);
    const husband = registration({ nama: 'Budi Contoh', nik: '9901011708680001' });
    expect(await perform(world, 'member.register', husband, person)).toMatchObject({ outcome: 'registered' });
    expect(await perform(world, 'member.find-for-contact', {}, person)).toMatchObject({ outcome: 'several' });
  });

  test.each([
    ['ada', 'dilaporkan_ada', 1],
    ['tanpa-nomor', 'dilaporkan_ada', 1],
    ['belum', 'belum_ada', 0],
  ])('SK "%s" is %s', async (sk, status, documents) => {
    const world = await openWorld();
    await perform(world, 'member.register', registration({ sk }), await addPerson(world));
    expect(await world.prisma.skMember.findMany()).toMatchObject([{ status }]);
    expect(await count(world, 'sk_document')).toBe(documents);
  });

  test('a number typed before the answer was changed is not kept', async () => {
    const world = await openWorld();
    await perform(world, 'member.register', registration({ sk: 'tanpa-nomor' }), await addPerson(world));
    expect(await everything(world)).not.toContain('141/07/2021');
  });

  test('optional answers may be missing or null', async () => {
    const world = await openWorld();
    const { nik, telepon, ...rest } = registration({
      'nomor-sk': null,
      'tanggal-sk': null,
      'penerbit-sk': null,
    });
    expect([nik, telepon]).not.toContain(undefined);
    expect(await perform(world, 'member.register', rest, await addPerson(world))).toMatchObject({
      outcome: 'registered',
    });
    expect(await world.prisma.member.findMany()).toMatchObject([
      { nikIndex: null, phoneIndex: null, phoneProved: false },
    ]);
  });

  test('a typed number is not a proved one', async () => {
    const world = await openWorld();
    await perform(world, 'member.register', registration(), await addPerson(world));
    expect(await world.prisma.member.findMany()).toMatchObject([{ phoneProved: false }]);
  });

  test('no NIK, phone or SK number stands anywhere in the clear', async () => {
    const world = await openWorld();
    await perform(world, 'member.register', registration(), await addPerson(world));
    const { rows } = await world.db.pool.query(
      'SELECT m::text AS m, d::text AS d FROM member m, sk_document d',
    );
    const raw =
      JSON.stringify(rows) + Buffer.from(rows[0].m.replaceAll(/[^0-9a-f]/g, ''), 'hex').toString('latin1');
    for (const secret of ['9901015708700001', '81200009999', '141/07/2021', 'Semarang'])
      expect(raw).not.toContain(secret);
  });
});

describe('NIK', () => {
  const nik = '9901015708700001';

  test.each([
    ['nobody', null, 'free', {}],
    ['somebody else', 'other', 'taken', {}],
    ['oneself', 'self', 'own', { anggota: { nama: 'SRI CONTOHWATI' } }],
    ['a pretended person', 'simulator', 'free', {}],
  ])('registered by %s', async (_, who, outcome, values) => {
    const world = await openWorld();
    const person = await addPerson(world);
    if (who === 'self') await perform(world, 'member.register', registration(), person);
    if (who === 'other') await perform(world, 'member.register', registration(), await addPerson(world));
    if (who === 'simulator')
      await perform(world, 'member.register', registration(), await addPerson(world, { simulator: true }));
    for (const _twice of [1, 2])
      expect(await perform(world, 'nik.check', { nik }, person)).toEqual({ outcome, values, writes: [] });
  });

  test.each([
    ['equal', '9901015708700001', '1970-08-17', 'P', null],
    ['no NIK', null, '1970-08-17', 'P', null],
    [
      'another date',
      '9901015708700001',
      '1970-08-18',
      'P',
      /^Tanggal lahir dalam NIK \(17 Agustus 1970\) berbeda .*18 Agustus 1970\)\.$/,
    ],
    [
      'another sex',
      '9901015708700001',
      '1970-08-17',
      'L',
      /^Jenis kelamin dalam NIK \(perempuan\) berbeda .*laki-laki\)\.$/,
    ],
    ['both', '9901015708700001', '1971', 'L', /^Tahun lahir .* Jenis kelamin /],
  ])('is compared once more after a correction: %s', async (_, nik, lahir, sex, difference) => {
    const world = await openWorld();
    const given = { nik, lahir, 'jenis-kelamin': sex };
    const { outcome, values, writes } = await decide(
      'nik.compare',
      given,
      contextOf(world, await addPerson(world)),
    );
    expect([outcome, writes]).toEqual([difference === null ? 'same' : 'differs', []]);
    if (difference !== null) expect(values['perbedaan']).toMatch(difference);
  });

  test('is left out again: nothing of it is kept', async () => {
    const world = await openWorld();
    expect(await decide('nik.leave-out', {}, contextOf(world, await addPerson(world)))).toEqual({
      ...{ outcome: 'left-out', values: { nik: null }, writes: [] },
    });
  });

  test('of two who register it at once one is refused by the database, and then told', async () => {
    const world = await openWorld();
    const [one, other] = [await addPerson(world), await addPerson(world)];
    const first = await decide('member.register', registration(), contextOf(world, one));
    const second = await decide('member.register', registration(), contextOf(world, other));
    expect([first.outcome, second.outcome]).toEqual(['registered', 'registered']);
    const results = await Promise.allSettled([write(world, first.writes), write(world, second.writes)]);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused.map(isUniqueViolation)).toEqual([true]);
    expect([
      await count(world, 'member'),
      await count(world, 'sk_document'),
      await count(world, 'member_contact'),
    ]).toEqual([1, 1, 1]);
    const loser = results[0].status === 'rejected' ? one : other;
    expect(await perform(world, 'member.register', registration(), loser)).toMatchObject({
      outcome: 'nik-taken',
    });
  });
});

describe('SK', () => {
  test('nobody registered', async () => {
    const world = await openWorld();
    expect(await perform(world, 'sk.find-for-contact', {}, await addPerson(world))).toMatchObject({
      outcome: 'unknown',
    });
  });

  test('one member: the number exactly as typed', async () => {
    const world = await openWorld();
    const typed = '470/Kpts. – Dinsos.1/2019';
    const person = await addMember(world, { 'nomor-sk': typed });
    expect(await perform(world, 'sk.find-for-contact', {}, person)).toMatchObject({
      outcome: 'found',
      values: {
        anggota: { nama: 'SRI CONTOHWATI' },
        sk: { statusLabel: 'Menunggu pemeriksaan', nomor: typed, tanggal: '1 Maret 2021', penerbit: 'Lurah' },
      },
    });
  });

  test('no SK yet: nothing is invented', async () => {
    const world = await openWorld();
    const person = await addMember(world, { sk: 'belum' });
    expect(await perform(world, 'sk.find-for-contact', {}, person)).toMatchObject({
      values: { sk: { statusLabel: 'Belum ada SK', nomor: null, tanggal: null, penerbit: null } },
    });
  });

  test('several members are a list; only one of them can be taken from it', async () => {
    const world = await openWorld();
    const person = await addMember(world);
    await perform(world, 'member.register', registration({ nama: 'BUDI CONTOH', nik: null }), person);
    const found = await perform(world, 'sk.find-for-contact', {}, person);
    expect(found).toMatchObject({
      outcome: 'several-members',
      values: { daftar: [{ label: 'Sri Contohwati' }, { label: 'Budi Contoh' }] },
    });
    const stranger = await addPerson(world);
    for (const { id: anggota } of await world.prisma.member.findMany()) {
      expect(await perform(world, 'sk.find-for-member', { anggota }, person)).toMatchObject({
        outcome: 'found',
      });
      expect(await perform(world, 'sk.find-for-member', { anggota }, stranger)).toMatchObject({
        outcome: 'unknown',
      });
    }
  });

  test('twelve states, four plain words', () => {
    expect(Object.keys(skStates)).toHaveLength(12);
    expect(new Set(Object.values(skStates))).toEqual(
      new Set(['Belum ada SK', 'Sedang diproses', 'Menunggu pemeriksaan', 'Sudah terverifikasi']),
    );
  });
});

describe('contact', () => {
  test('stops and starts again, each twice', async () => {
    const world = await openWorld();
    const person = await addPerson(world);
    const steps = ['contact.opt-out', 'contact.opt-out', 'contact.opt-in', 'contact.opt-in'];
    const seen: string[] = [];
    for (const step of steps) {
      expect(await perform(world, step, {}, person)).toMatchObject({ outcome: 'done' });
      seen.push((await perform(world, 'contact.opt-status', {}, person)).outcome);
    }
    expect(seen).toEqual(['stopped', 'stopped', 'active', 'active']);
  });

  test.each([
    ['jv', { outcome: 'done', language: 'jv' }, 'jv'],
    ['id', { outcome: 'done', language: null }, null],
    ['su', { outcome: 'unknown' }, 'xx'],
  ])('the language %s, twice', async (bahasa, expected, kept) => {
    const world = await openWorld();
    const person = await addPerson(world);
    await world.db.pool.query(`UPDATE contact SET language = 'xx'`);
    const context = contextOf(world, person, { languages: new Map([['jv', {}]]) });
    for (let times = 0; times < 2; times += 1) {
      const { writes, ...rest } = await decide('contact.set-language', { bahasa }, context);
      await write(world, writes);
      expect(rest).toMatchObject(expected);
      expect((await world.db.pool.query('SELECT language FROM contact')).rows).toEqual([{ language: kept }]);
    }
  });

  test.each([
    ['+6281200000001', { outcome: 'known', values: { telepon: '+6281200000001' } }],
    [null, { outcome: 'unknown', values: {} }],
  ])('own phone %s', async (phone, expected) => {
    const world = await openWorld();
    expect(await perform(world, 'contact.own-phone', {}, await addPerson(world, { phone }))).toMatchObject(
      expected,
    );
  });
});
