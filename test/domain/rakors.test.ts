import { beforeEach, describe, expect, test } from 'vitest';
import { approveBroadcast } from '../../src/domain/broadcasts.js';
import { viewerNow } from '../../src/domain/helpers.js';
import { findRakor, type Rakor, rakorDetails } from '../../src/domain/rakor.js';
import {
  callRakor,
  cancelRakor,
  changeRakor,
  keepRakor,
  type RakorMade,
  type RakorRefusal,
  rakorsFor,
  usualAudience,
} from '../../src/domain/rakors.js';
import { localAdministrator, type Viewer } from '../../src/domain/roles.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import { keepIn } from '../../src/store/files.js';
import { fileOf } from '../support/files.js';
import { pagesOfPdf } from '../support/pdf.js';
import { inviteTo, letter, startsAt, textOfLetter } from './rakor-scene.js';
import { addHelper, now, openWorld, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const making = () => ({
  ...{ db: world.pool, vault: world.vault, now, newId: world.newId, secondYesAbove: 1000 },
  keepFile: (bytes: Uint8Array) => keepIn(world.fileStore, bytes),
});
const details = (more: object = {}) => rakorDetails.parse({ ...letter, ...more });
const wish = (area: string, more: object = {}) => ({
  ...{ area, simulator: false, details: details(), startsAt, endsAt: null, answerBy: null },
  ...{ audience: usualAudience(area), ...more },
});
const local = localAdministrator('test');

async function kept(made: RakorMade | RakorRefusal): Promise<Rakor> {
  if (typeof made === 'string') throw new Error(made);
  await keepRakor(made, world.pool);
  const rakor = await findRakor(made.id, { db: world.pool, vault: world.vault });
  if (rakor === null) throw new Error('not kept');
  return rakor;
}

const drafts = async () =>
  (await world.prisma.broadcast.findMany({ orderBy: { createdAt: 'asc' } })).map((row) => ({
    ...{ kind: row.kind, state: row.state, urgency: row.urgency, audience: row.audience },
    message: Object(world.vault.openJson(row.bodySealed)),
  }));

/** A PDF with these words, kept. */
async function brought(words: string) {
  const bytes = fileOf('pdf', 400, words);
  return { file: await keepIn(world.fileStore, bytes), size: bytes.length };
}

describe('calling', () => {
  test('keeps the rakor, its letter as a PDF, and the invitation as a draft with three choices', async () => {
    const rakor = await kept(await callRakor(local, wish('33'), making()));
    expect(rakor).toMatchObject({
      state: 'draft',
      version: 1,
      place: 'Provinsi Jawa Tengah',
      details: letter,
    });
    const [draft] = await drafts();
    expect(draft).toMatchObject({ kind: 'invitation', state: 'draft', audience: { role: 'chair' } });
    expect(draft?.message.text).toContain('*Hari/Tanggal*: Kamis, 10 Desember 2026');
    expect(draft?.message.choices.map(({ label }: { label: string }) => label)).toEqual([
      ...['Hadir', 'Tidak hadir', 'Diwakilkan'],
    ]);
    expect(draft?.message.enclosure.content).toBe(rakor.letterId);
    const archive = { db: world.pool, vault: world.vault, fileStore: world.fileStore };
    const pdf = await attachmentBytes(archive, rakor.letterId ?? '');
    expect(pagesOfPdf(pdf ?? new Uint8Array()).flat()).toContain(': 005/12/IPSM/2026');
  });

  test('a letter that was brought goes out as it is, kept for all', async () => {
    const rakor = await kept(
      await callRakor(local, wish('33', { letter: await brought('Surat resmi') }), making()),
    );
    const [draft] = await drafts();
    expect(draft?.message.enclosure).toMatchObject({
      ...{ content: rakor.letterId, mime: 'application/pdf', name: 'undangan-rakor.pdf' },
    });
    expect(await textOfLetter(world, rakor)).toContain('Surat resmi');
    expect(await world.prisma.attachment.findMany()).toMatchObject([{ contactId: null }]);
  });

  test.each([
    ['chair', '33.74', '33.74', true],
    ['chair', '33.74', '33.15', false],
    ['chair', '33.74', '33', false],
    ['residency-lead', 'residency/semarang', 'residency/semarang', true],
    ['residency-lead', 'residency/semarang', '33.74', true],
    ['residency-lead', 'residency/semarang', 'residency/pati', false],
    ['province-admin', '33', '33.15', true],
    ['operator', '33.74', '33.74', false],
  ])('a %s of %s in %s: %s', async (role, held, area, allowed) => {
    const person = await addHelper(world, role, held);
    const viewer = await viewerNow(world.pool, person.contactId, false);
    const made = await callRakor(viewer, wish(area), making());
    expect(typeof made === 'string' ? made : 'made').toBe(allowed ? 'made' : 'refused');
  });

  test('not in the past', async () => {
    expect(await callRakor(local, wish('33', { startsAt: now }), making())).toBe('over');
  });

  test('each sees the rakor of the own area only', async () => {
    await kept(await callRakor(local, wish('33.74'), making()));
    await kept(await callRakor(local, wish('33.15'), making()));
    const chair = await addHelper(world, 'chair', '33.74');
    const seen = async (viewer: Viewer) =>
      (await rakorsFor(viewer, making())).map(({ area }) => area).toSorted();
    expect(await seen(await viewerNow(world.pool, chair.contactId, false))).toEqual(['33.74']);
    expect(await seen(local)).toEqual(['33.15', '33.74']);
  });
});

/** A rakor that a chair is invited to. */
async function called(more: object = {}): Promise<Rakor> {
  await addHelper(world, 'chair', '33.74');
  const { id } = await kept(await callRakor(local, wish('33', more), making()));
  await inviteTo(world, id, { role: 'chair' });
  const rakor = await findRakor(id, { db: world.pool, vault: world.vault });
  if (rakor === null) throw new Error('gone');
  return rakor;
}

/** The yes of whoever made what tells of it. */
async function sent(made: RakorMade | RakorRefusal): Promise<Rakor> {
  const { id } = await kept(made);
  const draft = typeof made === 'string' ? null : made.draft;
  const approval = await approveBroadcast(local, draft?.id ?? '', { ...world, secondYesAbove: 1000 });
  expect(approval.result).toBe('running');
  const rakor = await findRakor(id, { db: world.pool, vault: world.vault });
  if (rakor === null) throw new Error('gone');
  return rakor;
}

const kinds = async () => (await drafts()).map(({ kind, state }) => `${kind} ${state}`).toSorted();
const elsewhere = wish('33', { details: details({ tempat: 'Pendopo Contoh' }) });

describe('changing', () => {
  test('is told to those who were invited as what was and what is, and done when that is sent', async () => {
    const before = await called();
    const changing = await changeRakor(local, before, elsewhere, making());
    expect(await kept(changing)).toEqual(before);
    const [change] = (await drafts()).filter(({ kind }) => kind === 'change');
    expect(change).toMatchObject({ audience: { rakor: before.number }, urgency: 'normal', state: 'draft' });
    expect(change?.message.text).toContain(
      'Semula: Tempat: Aula Contoh, Kota Semarang\nMenjadi: *Tempat: Pendopo Contoh*',
    );
    expect(change?.message.text).toMatch(/^\*PERUBAHAN\*/);
  });

  test('makes the next version with its letter, and ends what else was to be sent', async () => {
    const before = await called();
    const [one, other] = [
      await changeRakor(local, before, wish('33', { endsAt: new Date('2026-12-10T05:00:00Z') }), making()),
      await changeRakor(local, before, elsewhere, making()),
    ];
    await kept(one);
    const after = await sent(other);
    expect(after).toMatchObject({ version: 2, state: 'called', details: { tempat: 'Pendopo Contoh' } });
    const change = (await drafts()).find(({ state, kind }) => kind === 'change' && state === 'running');
    expect(after.letterId).toBe(change?.message.enclosure.content);
    expect(await kinds()).toEqual([
      ...['change cancelled', 'change running', 'invitation cancelled', 'invitation running'],
    ]);
    const letter = await attachmentBytes(
      { db: world.pool, vault: world.vault, fileStore: world.fileStore },
      after.letterId ?? '',
    );
    expect(pagesOfPdf(letter ?? new Uint8Array()).flat()).toContain(': Pendopo Contoh');
  });

  test('the agenda, and until when an answer is wished for, are told too', async () => {
    const before = await called();
    const more = {
      details: details({ agenda: ['Pembukaan', 'Penutup'] }),
      answerBy: new Date('2026-12-08T09:00:00Z'),
    };
    await kept(await changeRakor(local, before, wish('33', more), making()));
    const told = (await drafts()).find(({ kind }) => kind === 'change')?.message.text;
    expect(told).toContain('Menjadi: *Agenda: seperti di surat yang baru*');
    expect(told).toContain(
      'Semula: Dijawab paling lambat: tidak ada\nMenjadi: *Dijawab paling lambat: Selasa, 8 Desember 2026 pukul 16.00 WIB*',
    );
  });

  test('the same again changes nothing; of two that were seen at once the second must look again', async () => {
    const before = await called();
    expect(await changeRakor(local, before, wish('33'), making())).toBe('same');
    const [one, two] = [
      await changeRakor(local, before, elsewhere, making()),
      await changeRakor(local, before, elsewhere, making()),
    ];
    await kept(one);
    await kept(two);
    const yes = async (made: typeof one) =>
      approveBroadcast(local, typeof made === 'string' ? '' : (made.draft?.id ?? ''), {
        ...{ ...world, secondYesAbove: 1000 },
      });
    const both = await Promise.all([yes(one), yes(two)]);
    expect(both.map(({ result }) => result).toSorted()).toEqual(['refused', 'running']);
    const found = await findRakor(before.id, { db: world.pool, vault: world.vault });
    expect(found).toMatchObject({ version: 2 });
  });

  test('a draft of a rakor that is another one by now is not sent', async () => {
    const before = await called();
    const made = await changeRakor(local, before, elsewhere, making());
    await kept(made);
    await world.prisma.rakor.update({ where: { id: before.id }, data: { version: 5 } });
    const id = typeof made === 'string' ? '' : (made.draft?.id ?? '');
    expect(await approveBroadcast(local, id, { ...world, secondYesAbove: 1000 })).toEqual({
      ...{ result: 'refused', why: 'changed' },
    });
  });

  test('before anybody was invited the invitation is made anew, at once', async () => {
    const before = await kept(await callRakor(local, wish('33'), making()));
    expect(await kept(await changeRakor(local, before, elsewhere, making()))).toMatchObject({
      ...{ version: 1, details: { tempat: 'Pendopo Contoh' } },
    });
    expect(await kinds()).toEqual(['invitation cancelled', 'invitation draft']);
  });

  test('an invitation to one that was put off may be sent until it begins', async () => {
    const before = await kept(await callRakor(local, wish('33'), making()));
    const later = new Date('2026-12-20T02:00:00Z');
    await kept(await changeRakor(local, before, wish('33', { startsAt: later }), making()));
    const [invitation] = await world.prisma.broadcast.findMany({ where: { state: 'draft' } });
    expect(invitation?.expiresAt).toEqual(later);
  });

  describe('the letter', () => {
    const moved = (more: object = {}) => ({ ...elsewhere, ...more });
    const changeOf = async () => (await drafts()).find(({ kind }) => kind === 'change')?.message;

    test('ours is written anew', async () => {
      const after = await sent(await changeRakor(local, await called(), moved(), making()));
      expect((await changeOf()).enclosure.content).toBe(after.letterId);
      const pages = pagesOfPdf(Buffer.from(await textOfLetter(world, after), 'latin1')).flat();
      expect(pages).toContain(': Pendopo Contoh');
    });

    test('one that was brought is not: none goes with the change, and none with the next one', async () => {
      const before = await called({ letter: await brought('Surat resmi') });
      const after = await sent(await changeRakor(local, before, moved(), making()));
      expect(after.letterId).toBeNull();
      expect(await changeOf()).not.toHaveProperty('enclosure');
      const again = await sent(await changeRakor(local, after, wish('33'), making()));
      expect(again).toMatchObject({ letterId: null, version: 3 });
    });

    test('the same once more says what was, and is not sent again; another one is', async () => {
      const before = await called({ letter: await brought('Surat resmi') });
      const same = await brought('Surat resmi');
      const stale = await changeRakor(local, before, moved({ letter: same }), making());
      expect(typeof stale === 'string' ? stale : stale.draft).toMatchObject({ isWithoutLetter: true });
      expect(typeof stale === 'string' ? stale : stale.draft?.message).not.toHaveProperty('enclosure');
      const letter = await brought('Surat perubahan');
      const after = await sent(await changeRakor(local, before, moved({ letter }), making()));
      expect(await textOfLetter(world, after)).toContain('Surat perubahan');
    });

    test('a new official one alone is a change, in the place of ours; naming it again is none', async () => {
      const [before, letter] = [await called(), await brought('Surat resmi')];
      const after = await sent(await changeRakor(local, before, wish('33', { letter }), making()));
      expect(await textOfLetter(world, after)).toContain('Surat resmi');
      const { text, enclosure, follow } = await changeOf();
      expect(text).toContain(
        'Semula: Surat undangan: yang sebelumnya\nMenjadi: *Surat undangan: yang baru (PDF)*',
      );
      expect([enclosure.content, follow]).toEqual([after.letterId, undefined]);
      const again = wish('33', { letter: await brought('Surat resmi') });
      expect(await changeRakor(local, after, again, making())).toBe('same');
    });

    test('another number is a change, of ours as well', async () => {
      const numbered = wish('33', { details: details({ nomor: '005/14/IPSM/2026' }) });
      const after = await sent(await changeRakor(local, await called(), numbered, making()));
      expect((await changeOf()).text).toContain(
        'Semula: Nomor surat: 005/12/IPSM/2026\nMenjadi: *Nomor surat: 005/14/IPSM/2026*',
      );
      expect((await changeOf()).text).not.toContain('Surat undangan: yang baru');
      const pages = pagesOfPdf(Buffer.from(await textOfLetter(world, after), 'latin1')).flat();
      expect(pages).toContain(': 005/14/IPSM/2026');
    });

    test('an agenda is told where no letter tells it', async () => {
      const before = await called({ letter: await brought('Surat resmi') });
      const other = wish('33', { details: details({ agenda: ['Pembukaan', 'Laporan'] }) });
      await kept(await changeRakor(local, before, other, making()));
      expect((await changeOf()).text).toContain(
        'Semula: Agenda: tidak ada\nMenjadi: *Agenda: Pembukaan; Laporan*',
      );
    });

    test('while nobody was invited it is as if called anew', async () => {
      const letter = await brought('Surat resmi');
      const before = await kept(await callRakor(local, wish('33', { letter }), making()));
      const same = await kept(await changeRakor(local, before, moved({ letter }), making()));
      expect(await textOfLetter(world, same)).toContain('Surat resmi');
      const ours = await kept(await changeRakor(local, same, moved(), making()));
      expect(await textOfLetter(world, ours)).not.toContain('Surat resmi');
      expect(ours.letterId).not.toBeNull();
    });
  });

  test('a calendar goes besides only where it says something else', async () => {
    const before = await called();
    const answerBy = new Date('2026-12-08T09:00:00Z');
    await kept(await changeRakor(local, before, wish('33', { answerBy }), making()));
    await kept(await changeRakor(local, before, elsewhere, making()));
    const changes = (await drafts()).filter(({ kind }) => kind === 'change').map(({ message }) => message);
    const besides = changes.map(({ text, follow }) => [text.includes('Pendopo'), follow !== undefined]);
    expect(besides.toSorted()).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  test('what concerns the next day does not wait for the hours of broadcasts', async () => {
    const before = await called();
    const soon = wish('33', { startsAt: new Date(now.getTime() + 20 * 3_600_000) });
    await kept(await changeRakor(local, before, soon, making()));
    expect(await drafts()).toContainEqual(expect.objectContaining({ kind: 'change', urgency: 'urgent' }));
  });
});

describe('cancelling', () => {
  test('is told to those who were invited with why, and what takes it out of their calendars; done when that is sent', async () => {
    const before = await called();
    const cancelling = await cancelRakor(local, before, 'Banjir', making());
    expect(await kept(cancelling)).toEqual(before);
    const told = (await drafts()).find(({ kind }) => kind === 'cancellation');
    expect(told).toMatchObject({ kind: 'cancellation', audience: { rakor: before.number } });
    expect(told?.message.text).toContain('Alasan: Banjir');
    expect(told?.message.enclosure.mime).toBe('text/calendar');
    const after = await sent(await cancelRakor(local, before, 'Banjir', making()));
    expect(after).toMatchObject({ state: 'cancelled', version: 2 });
    expect(await kinds()).toEqual([
      ...['cancellation cancelled', 'cancellation running', 'invitation cancelled', 'invitation running'],
    ]);
    expect(await cancelRakor(local, after, 'Banjir', making())).toBe('over');
  });

  test('nobody is told of one that nobody was invited to, and it is done at once', async () => {
    const before = await kept(await callRakor(local, wish('33'), making()));
    expect(await kept(await cancelRakor(local, before, 'Banjir', making()))).toMatchObject({
      state: 'cancelled',
    });
    expect(await kinds()).toEqual(['invitation cancelled']);
  });
});
