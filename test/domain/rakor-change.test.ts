import { beforeEach, describe, expect, test } from 'vitest';
import { findRakor, type Rakor } from '../../src/domain/rakor.js';
import { isRecord, type JsonRecord } from '../../src/flow/json.js';
import { addRakor, inviteTo, sendLetter, startsAt, textOfLetter } from './rakor-scene.js';
import {
  addHelper,
  addMember,
  contextOf,
  decide,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  textsTo,
  type World,
  write,
} from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const area = '33.74';
const part = (values: JsonRecord, name: string): JsonRecord => {
  const value = values[name];
  return isRecord(value) ? value : {};
};
const told = ({ values }: { readonly values: JsonRecord }) => part(values, 'pemberitahuan');
const found = (person: Person, rakor: string | null = null) =>
  perform(world, 'rakor.find-ahead', { rakor }, person);
const change = (rakor: string, person: Person, more: JsonRecord = { tempat: 'Pendopo Contoh' }) =>
  perform(world, 'rakor.prepare-change', { rakor, ...more }, person);
const cancel = (rakor: string, person: Person) =>
  perform(world, 'rakor.prepare-cancel', { rakor, alasan: 'Gedung dipakai.' }, person);
/** Where every broadcast needs a second person. */
const careful = { outreach: { secondYesAbove: 0, speeds: {}, opens: (at: Date) => at, prices: null } };
const approve = (siaran: unknown, person: Person, more = {}) =>
  perform(world, 'broadcast.approve', { siaran: String(siaran) }, person, more);

async function read(id: string): Promise<Rakor> {
  const rakor = await findRakor(id, { db: world.pool, vault: world.vault });
  if (rakor === null) throw new Error('no such rakor');
  return rakor;
}

const broadcasts = async () =>
  (await world.prisma.broadcast.findMany()).map(({ kind, state }) => `${kind} ${state}`).toSorted();

interface Called {
  readonly rakor: string;
  readonly chair: Person;
  readonly members: readonly Person[];
}

/** A rakor of Kota Semarang that two members are invited to. */
async function called(more: object = {}, details: object = {}): Promise<Called> {
  const members = [
    await addMember(world),
    await addMember(world, registration({ nama: 'BUDI CONTOH', nik: '9901010201680001' })),
  ];
  const chair = await addHelper(world, 'chair', area);
  const rakor = await addRakor(world, { area, ...more }, details);
  await inviteTo(world, rakor, { members: 'registered' });
  return { rakor, chair, members };
}

describe('which', () => {
  test('the only one that is to come; not what has begun, was cancelled, or is of another area', async () => {
    const { rakor, chair } = await called();
    await addRakor(world, { area, startsAt: now });
    await addRakor(world, { area, state: 'cancelled' });
    await addRakor(world, { area: '33.15' });
    expect(await found(chair)).toMatchObject({
      outcome: 'called',
      values: {
        'rakor-terpilih': {
          ...{
            id: rakor,
            acara: 'Rapat koordinasi IPSM se-Jawa Tengah',
            tempat: 'Aula Contoh, Kota Semarang',
          },
          waktu: 'Kamis, 10 Desember 2026 pukul 09.00 WIB',
        },
      },
    });
    const far = await addHelper(world, 'chair', '33.24');
    expect(await found(far, rakor)).toMatchObject({ outcome: 'none' });
  });

  test('of several the one that was picked, the next one first; one that nobody was invited to is said to be so', async () => {
    const { rakor, chair } = await called();
    const later = new Date('2026-12-20T02:00:00Z');
    const draft = await addRakor(world, { area, startsAt: later }, { acara: 'Rakor nanti' });
    const { outcome, values } = await found(chair);
    expect(outcome).toBe('several');
    expect(values['daftar']).toMatchObject([{ id: rakor }, { id: draft }]);
    expect((await found(chair, rakor)).outcome).toBe('called');
    expect(await found(chair, draft)).toMatchObject({
      outcome: 'unsent',
      values: { 'rakor-terpilih': { acara: 'Rakor nanti' } },
    });
  });
});

describe('changing', () => {
  test('is shown with how many hear of it; the rakor stays as it was, and leaving it there sends nothing', async () => {
    const { rakor, chair } = await called();
    const before = await read(rakor);
    const shown = await change(rakor, chair);
    expect(shown.outcome).toBe('ready');
    expect(told(shown)['contoh']).toContain(
      'Semula: Tempat: Aula Contoh, Kota Semarang\nMenjadi: *Tempat: Pendopo Contoh*',
    );
    expect(told(shown)['rincian']).toContain('Orang: 2\nPesan: 2');
    await perform(world, 'broadcast.cancel', { siaran: told(shown)['siaran'] ?? null }, chair);
    expect(await read(rakor)).toEqual(before);
    expect(await broadcasts()).toEqual(['change cancelled', 'invitation running']);
    expect((await approve(told(shown)['siaran'], chair)).outcome).toBe('gone');
    expect(await read(rakor)).toEqual(before);
  });

  test('is made by the yes that sends it, once, however often it is said', async () => {
    const { rakor, chair, members } = await called();
    const { siaran } = told(await change(rakor, chair));
    expect(await approve(siaran, chair)).toMatchObject({
      outcome: 'running',
      values: { kiriman: { jumlah: '2' } },
    });
    expect(await read(rakor)).toMatchObject({
      ...{ state: 'called', version: 2, startsAt },
      details: { tempat: 'Pendopo Contoh', acara: 'Rapat koordinasi IPSM se-Jawa Tengah' },
    });
    expect((await approve(siaran, chair)).outcome).toBe('gone');
    const rows = await world.prisma.delivery.findMany({ where: { broadcastId: String(siaran) } });
    expect(rows.map(({ contactId }) => contactId).toSorted()).toEqual(
      members.map(({ contactId }) => contactId).toSorted(),
    );
    const entries = await world.prisma.auditEntry.findMany({ where: { kind: 'rakor', action: 'changed' } });
    expect(entries.map(({ detail }) => detail)).toEqual([rakor]);
  });

  test('may be of all of it at once, and take away what is not needed any more', async () => {
    const { rakor, chair } = await called(
      { endsAt: new Date('2026-12-10T05:00:00Z'), answerBy: new Date('2026-12-09T09:00:00Z') },
      { dibawa: 'Fotokopi SK', pakaian: 'Batik', narahubung: 'Sri Contohwati', agenda: ['Laporan'] },
    );
    const more = {
      ...{ acara: 'Rakor Contoh', tempat: 'Pendopo', mulai: { tanggal: '2026-12-08', jam: '10:00' } },
      ...{ dibawa: 'Tidak ada.', pakaian: '-', narahubung: 'Budi Contoh', agenda: 'Pembukaan; penutup' },
    };
    await approve(told(await change(rakor, chair, more))['siaran'], chair);
    expect(await read(rakor)).toMatchObject({
      startsAt: new Date('2026-12-08T03:00:00Z'),
      endsAt: new Date('2026-12-08T06:00:00Z'),
      answerBy: null,
      details: {
        ...{ acara: 'Rakor Contoh', tempat: 'Pendopo', dibawa: null, pakaian: null },
        ...{ narahubung: 'Budi Contoh', agenda: ['Pembukaan', 'penutup'], nomor: '005/12/IPSM/2026' },
      },
    });
  });

  test('to another place takes away the point on the map of the one before', async () => {
    const titik = { lintang: -6.99, bujur: 110.42 };
    const { rakor, chair } = await called({}, { titik });
    await approve(told(await change(rakor, chair, { pakaian: 'Batik' }))['siaran'], chair);
    expect((await read(rakor)).details.titik).toEqual(titik);
    const shown = await change(rakor, chair);
    expect(told(shown)['contoh']).toContain('Menjadi: *Peta: tidak ada*');
    await approve(told(shown)['siaran'], chair);
    expect((await read(rakor)).details.titik).toBeNull();
  });

  test('of a rakor whose letter we did not write goes out without one, and says so before', async () => {
    const { rakor, chair } = await called();
    const shown = await change(rakor, chair);
    expect(told(shown)['rincian']).toContain('Surat undangan: tidak disertakan');
    expect(told(shown)['rincian']).toContain('Bila ada yang baru, pilih Ubah lagi');
    expect(told(shown)['contoh']).not.toContain('undangan-rakor.pdf');
    await approve(told(shown)['siaran'], chair);
    expect((await read(rakor)).letterId).toBeNull();
  });

  test('of its end and of the time for answers; what was not named stays', async () => {
    const { rakor, chair } = await called({}, { dibawa: 'Fotokopi SK', agenda: ['Laporan'] });
    const more = {
      ...{ selesai: { tanggal: '2026-12-10', jam: '13:00' }, batas: { tanggal: '2026-12-08', jam: '16:00' } },
    };
    await approve(told(await change(rakor, chair, more))['siaran'], chair);
    expect(await read(rakor)).toMatchObject({
      ...{ startsAt, endsAt: new Date('2026-12-10T06:00:00Z'), answerBy: new Date('2026-12-08T09:00:00Z') },
      details: { dibawa: 'Fotokopi SK', agenda: ['Laporan'] },
    });
    const agenda = await change(rakor, chair, { agenda: 'tidak ada' });
    await approve(told(agenda)['siaran'], chair);
    expect((await read(rakor)).details.agenda).toEqual([]);
  });

  test('of the point on the map alone is told; the same again is not', async () => {
    const { rakor, chair } = await called();
    const titik = { lintang: -6.99321234567, bujur: 110.42034567891 };
    const shown = await change(rakor, chair, { titik });
    expect(told(shown)['contoh']).toContain(
      'Semula: Peta: tidak ada\nMenjadi: *Peta: https://maps.google.com/?q=-6.993212,110.420346*',
    );
    await approve(told(shown)['siaran'], chair);
    expect((await read(rakor)).details).toMatchObject({
      ...{ titik: { lintang: -6.993212, bujur: 110.420346 }, tempat: 'Aula Contoh, Kota Semarang' },
    });
    expect((await change(rakor, chair, { titik })).outcome).toBe('same');
    const moved = { tempat: 'Pendopo Contoh', titik: { lintang: -7.05, bujur: 110.4 } };
    await approve(told(await change(rakor, chair, moved))['siaran'], chair);
    expect((await read(rakor)).details).toMatchObject(moved);
  });

  describe('takes away', () => {
    const titik = { lintang: -6.99, bujur: 110.42 };
    const whole = { endsAt: new Date('2026-12-10T05:00:00Z'), answerBy: new Date('2026-12-09T09:00:00Z') };
    const all = { 'tanpa-selesai': true, 'tanpa-batas': true, 'tanpa-titik': true };

    test.each([
      [
        'the end',
        { 'tanpa-selesai': true },
        'Semula: Waktu: pukul 09.00 s.d. 12.00 WIB\nMenjadi: *Waktu: pukul 09.00 WIB s.d. selesai*',
        { ...whole, endsAt: null, details: { titik } },
      ],
      [
        'the time for answers',
        { 'tanpa-batas': true },
        'Semula: Dijawab paling lambat: Rabu, 9 Desember 2026 pukul 16.00 WIB\nMenjadi: *Dijawab paling lambat: tidak ada*',
        { ...whole, answerBy: null, details: { titik } },
      ],
      [
        'the point on the map',
        { 'tanpa-titik': true },
        'Semula: Peta: https://maps.google.com/?q=-6.99,110.42\nMenjadi: *Peta: tidak ada*',
        { ...whole, details: { titik: null } },
      ],
    ])('%s and nothing else, and the same again changes nothing', async (_, more, line, wanted) => {
      const { rakor, chair } = await called(whole, { titik });
      const shown = await change(rakor, chair, more);
      expect(String(told(shown)['contoh']).split('Menjadi: ')).toHaveLength(2);
      expect(told(shown)['contoh']).toContain(line);
      await approve(told(shown)['siaran'], chair);
      expect(await read(rakor)).toMatchObject(wanted);
      expect(await change(rakor, chair, more)).toMatchObject({ outcome: 'same', writes: [] });
    });

    test('nothing after a no, nor of what was said in its place', async () => {
      const { rakor, chair } = await called(whole, { titik });
      const none = { 'tanpa-selesai': false, 'tanpa-batas': false, 'tanpa-titik': false };
      const left = { selesai: null, batas: null, titik: null };
      expect((await change(rakor, chair, { ...left, ...none })).outcome).toBe('same');
      const said = {
        ...{
          selesai: { tanggal: '2026-12-10', jam: '13:00' },
          batas: { tanggal: '2026-12-08', jam: '16:00' },
        },
        titik: { lintang: -7.05, bujur: 110.4 },
      };
      await approve(told(await change(rakor, chair, { ...said, ...all }))['siaran'], chair);
      expect(await read(rakor)).toMatchObject({
        ...{ endsAt: new Date('2026-12-10T06:00:00Z'), answerBy: new Date('2026-12-08T09:00:00Z') },
        details: { titik: said.titik },
      });
    });

    test('the end of one that begins at another time as well', async () => {
      const { rakor, chair } = await called(whole, { titik });
      const more = { mulai: { tanggal: '2026-12-11', jam: '10:00' }, ...all };
      await approve(told(await change(rakor, chair, more))['siaran'], chair);
      expect(await read(rakor)).toMatchObject({
        ...{ startsAt: new Date('2026-12-11T03:00:00Z'), endsAt: null, answerBy: null },
        details: { titik: null },
      });
    });
  });

  describe('by a new official letter', () => {
    const letters = () => world.prisma.attachment.findMany({ where: { type: 'letter-brought' } });

    test('alone is told and goes out with it; UNDANGAN brings it; the same once more changes nothing', async () => {
      const { rakor, chair, members } = await called();
      const surat = await sendLetter(world, chair, 'Surat perubahan');
      const shown = await change(rakor, chair, { surat, nomor: '005/14/IPSM/2026' });
      for (const line of [
        'Semula: Nomor surat: 005/12/IPSM/2026\nMenjadi: *Nomor surat: 005/14/IPSM/2026*',
        'Semula: Surat undangan: tidak ada\nMenjadi: *Surat undangan: yang baru (PDF)*',
        'undangan-rakor.pdf',
      ])
        expect(told(shown)['contoh']).toContain(line);
      expect(told(shown)['rincian']).not.toContain('tidak disertakan');
      expect(await read(rakor)).toMatchObject({ letterId: null, details: { nomor: '005/12/IPSM/2026' } });
      await approve(told(shown)['siaran'], chair);
      const after = await read(rakor);
      expect(after.details.nomor).toBe('005/14/IPSM/2026');
      expect(await letters()).toMatchObject([{ id: after.letterId, contactId: null }]);
      const [member = chair] = members;
      const { values } = await perform(world, 'rsvp.look', {}, member);
      expect(values['surat']).toMatchObject([{ content: after.letterId, mime: 'application/pdf' }]);
      const again = await sendLetter(world, chair, 'Surat perubahan');
      expect(await change(rakor, chair, { surat: again })).toMatchObject({ outcome: 'same', writes: [] });
    });

    test('is kept apart from whoever brought it, and takes the place of the one before', async () => {
      const { rakor, chair } = await called();
      const by = async (words: string) => {
        const shown = await change(rakor, chair, { surat: await sendLetter(world, chair, words) });
        await approve(told(shown)['siaran'], chair);
        return told(shown)['contoh'];
      };
      await by('Surat pertama');
      expect(await by('Surat kedua')).toContain('Semula: Surat undangan: yang sebelumnya');
      await world.pool.query('DELETE FROM attachment WHERE contact_id IS NOT NULL');
      expect(await textOfLetter(world, await read(rakor))).toContain('Surat kedua');
      expect(await letters()).toHaveLength(2);
    });

    test('has its number with it: without the letter the number stays', async () => {
      const { rakor, chair } = await called();
      const more = { surat: null, nomor: '005/14/IPSM/2026' };
      expect((await change(rakor, chair, more)).outcome).toBe('same');
    });

    test('of another person is none', async () => {
      const { rakor, chair } = await called();
      const surat = await sendLetter(world, await addHelper(world, 'chair', '33.15'), 'Surat lain');
      await expect(change(rakor, chair, { surat })).rejects.toThrow('is not there any more');
    });
  });

  test.each([
    ['the same again', { tempat: 'Aula Contoh, Kota Semarang' }, { outcome: 'same' }],
    [
      'an end before it begins',
      { selesai: { tanggal: '2026-12-10', jam: '08:00' } },
      { outcome: 'unfit', values: { salah: { sebab: 'Waktu selesai harus sesudah waktu mulai.' } } },
    ],
  ])('%s changes nothing', async (_, more, wanted) => {
    const { rakor, chair } = await called();
    expect(await change(rakor, chair, more)).toMatchObject({ ...wanted, writes: [] });
  });

  test('not outside of the own area, nor of one that has begun, was cancelled, or nobody was invited to', async () => {
    const { rakor, chair } = await called();
    const far = await addHelper(world, 'chair', '33.15');
    const operator = await addHelper(world, 'operator', area);
    const gone = { outcome: 'gone', writes: [] };
    for (const person of [far, operator]) {
      expect(await change(rakor, person)).toMatchObject(gone);
      expect(await cancel(rakor, person)).toMatchObject(gone);
    }
    const draft = await addRakor(world, { area });
    expect(await change(draft, chair)).toMatchObject(gone);
    for (const more of [{ state: 'cancelled' }, { state: 'called', startsAt: now }]) {
      await world.prisma.rakor.update({ where: { id: rakor }, data: more });
      expect(await change(rakor, chair)).toMatchObject(gone);
      expect(await cancel(rakor, chair)).toMatchObject(gone);
    }
  });

  test('of two who say yes at the same time the second looks again, and is told', async () => {
    const { rakor, chair } = await called();
    const other = await addHelper(world, 'province-team', '33');
    const [one, two] = [await change(rakor, chair), await change(rakor, other, { tempat: 'Balai Contoh' })];
    const yes = (shown: typeof one, person: Person) =>
      decide('broadcast.approve', { siaran: told(shown)['siaran'] ?? null }, contextOf(world, person));
    const [first, second] = [await yes(one, chair), await yes(two, other)];
    expect([first.outcome, second.outcome]).toEqual(['running', 'running']);
    await write(world, first.writes);
    await expect(write(world, second.writes)).rejects.toThrow('rakor-becomes found nothing');
    expect((await yes(two, other)).outcome).toBe('gone');
    expect((await read(rakor)).details.tempat).toBe('Pendopo Contoh');
  });

  test('one that begins meanwhile is not changed any more', async () => {
    const { rakor, chair } = await called();
    const { siaran } = told(await change(rakor, chair));
    const late = { now: new Date(startsAt.getTime()) };
    expect((await approve(siaran, chair, late)).outcome).toBe('gone');
  });
});

describe('with a second person', () => {
  async function waiting() {
    const scene = await called();
    const second = await addHelper(world, 'chair', area);
    const { siaran } = told(await change(scene.rakor, scene.chair));
    expect((await approve(siaran, scene.chair, careful)).outcome).toBe('waiting');
    const { number } = await world.prisma.broadcast.findUniqueOrThrow({ where: { id: String(siaran) } });
    return { ...scene, second, siaran: String(siaran), number };
  }
  const both = 'Bila disetujui, rakornya diubah; bila ditolak, rakornya tetap seperti semula.';

  test('the rakor stays as it was until the second yes, which changes it; all of them are told so', async () => {
    const { rakor, chair, second, siaran, number } = await waiting();
    expect((await read(rakor)).version).toBe(1);
    expect((await textsTo(world, second)).at(-1)).toContain(both);
    const { outcome, values } = await perform(world, 'broadcast.show-waiting', { nomor: number }, second);
    expect(outcome).toBe('found');
    expect(part(values, 'siaran')).toMatchObject({
      jenis: 'Perubahan rakor',
      rincian: expect.stringContaining(both),
    });
    expect((await approve(siaran, second, careful)).outcome).toBe('running');
    expect(await read(rakor)).toMatchObject({ version: 2, details: { tempat: 'Pendopo Contoh' } });
    expect((await textsTo(world, chair)).at(-1)).toBe(
      `Perubahan rakor ${number} sudah disetujui orang kedua dan mulai dikirim, dan rakornya diubah.`,
    );
  });

  test('after a no nobody who is invited hears anything, and the rakor is what their invitation says', async () => {
    const { rakor, chair, second, siaran, members } = await waiting();
    const before = await read(rakor);
    await perform(world, 'broadcast.decline', { siaran, alasan: 'Belum pasti.' }, second);
    expect(await read(rakor)).toEqual(before);
    expect((await textsTo(world, chair)).at(-1)).toContain(
      'Tidak ada yang dikirim, dan rakornya tetap seperti semula. Untuk memperbaikinya, ketik *UBAH RAKOR*',
    );
    const sent = await world.prisma.delivery.findMany({ where: { broadcastId: siaran } });
    expect([sent, members.length]).toEqual([[], 2]);
    expect((await approve(siaran, second, careful)).outcome).toBe('gone');
  });

  test('when somebody else has changed it meanwhile, whoever waits is told, and there is nothing to say yes to', async () => {
    const { rakor, chair, second, siaran, number } = await waiting();
    const { siaran: other } = told(await change(rakor, second, { tempat: 'Balai Contoh' }));
    expect((await approve(other, second)).outcome).toBe('running');
    expect((await textsTo(world, chair)).at(-1)).toBe(
      `Perubahan rakor ${number} tidak jadi dikirim, karena rakor itu baru saja diubah atau dibatalkan oleh orang lain.

Bila masih perlu, ketik *UBAH RAKOR*.`,
    );
    expect((await approve(siaran, second, careful)).outcome).toBe('gone');
    const shown = await perform(world, 'broadcast.show-waiting', { nomor: number }, second);
    expect(shown.outcome).toBe('over');
    expect((await read(rakor)).details.tempat).toBe('Balai Contoh');
  });
});

describe('cancelling', () => {
  test('is shown with its reason, and done by the yes that sends it, once', async () => {
    const { rakor, chair } = await called();
    const shown = await cancel(rakor, chair);
    expect(told(shown)['contoh']).toContain('Alasan: Gedung dipakai.');
    expect((await read(rakor)).state).toBe('called');
    expect(await approve(told(shown)['siaran'], chair)).toMatchObject({
      outcome: 'running',
      values: { kiriman: { jumlah: '2' } },
    });
    expect(await read(rakor)).toMatchObject({ state: 'cancelled', version: 2 });
    expect((await approve(told(shown)['siaran'], chair)).outcome).toBe('gone');
    expect((await found(chair)).outcome).toBe('none');
    const entries = await world.prisma.auditEntry.findMany({ where: { kind: 'rakor', action: 'cancelled' } });
    expect(entries).toHaveLength(1);
  });

  test('ends a change that waits; with a second person it is held until the yes', async () => {
    const { rakor, chair } = await called();
    const second = await addHelper(world, 'chair', area);
    const { siaran } = told(await cancel(rakor, chair));
    await change(rakor, second);
    expect((await approve(siaran, chair, careful)).outcome).toBe('waiting');
    expect((await textsTo(world, second)).at(-1)).toContain(
      'Bila disetujui, rakornya dibatalkan; bila ditolak, rakornya tetap diadakan.',
    );
    expect((await read(rakor)).state).toBe('called');
    expect((await approve(siaran, second, careful)).outcome).toBe('running');
    expect((await read(rakor)).state).toBe('cancelled');
    expect(await broadcasts()).toEqual(['cancellation running', 'change cancelled', 'invitation running']);
  });

  test('one that nobody was invited to ends at once with its invitation, and whoever waits to send that is told', async () => {
    const chair = await addHelper(world, 'chair', area);
    const other = await addHelper(world, 'chair', area);
    await addMember(world);
    const asked = {
      ...{ area, acara: 'Rakor Contoh', tempat: 'Aula Contoh', nomor: '005/IPSM' },
      ...{ mulai: { tanggal: '2026-12-10', jam: '09:00' }, 'ada-dibawa': false, kepada: 'biasa' },
    };
    const { values } = await perform(world, 'rakor.prepare', asked, chair);
    const { siaran, rakor } = part(values, 'undangan-baru');
    expect((await approve(siaran, chair, careful)).outcome).toBe('waiting');
    const far = await addHelper(world, 'chair', '33.15');
    expect((await perform(world, 'rakor.drop', { rakor: rakor ?? null }, far)).outcome).toBe('gone');
    expect((await perform(world, 'rakor.drop', { rakor: rakor ?? null }, other)).outcome).toBe('done');
    expect((await read(String(rakor))).state).toBe('cancelled');
    expect(await broadcasts()).toEqual(['invitation cancelled']);
    expect((await textsTo(world, chair)).at(-1)).toContain('ketik *RAKOR BARU*');
    expect((await perform(world, 'rakor.drop', { rakor: rakor ?? null }, other)).outcome).toBe('gone');
  });
});
