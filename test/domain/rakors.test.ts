import { beforeEach, describe, expect, test } from 'vitest';
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
import { inviteTo, letter, startsAt } from './rakor-scene.js';
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

async function textOfLetter({ letterId }: Rakor): Promise<string> {
  const archive = { db: world.pool, vault: world.vault, fileStore: world.fileStore };
  return Buffer.from((await attachmentBytes(archive, letterId ?? '')) ?? []).toString('latin1');
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
    expect(await textOfLetter(rakor)).toContain('Surat resmi');
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

describe('changing', () => {
  test('tells those who were invited what was and what is, with the next version; other drafts end', async () => {
    const before = await called();
    const other = wish('33', { details: details({ tempat: 'Pendopo Contoh' }) });
    const after = await kept(await changeRakor(local, before, other, making()));
    expect(after).toMatchObject({ version: 2, state: 'called', details: { tempat: 'Pendopo Contoh' } });
    const all = await drafts();
    expect(all.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      ...['change draft', 'invitation cancelled', 'invitation running'],
    ]);
    const change = all.find(({ kind }) => kind === 'change');
    expect(change).toMatchObject({ audience: { rakor: before.number }, urgency: 'normal' });
    expect(change?.message.text).toContain(
      'Semula: Tempat: Aula Contoh, Kota Semarang\nMenjadi: *Tempat: Pendopo Contoh*',
    );
    expect(change?.message.text).toMatch(/^\*PERUBAHAN\*/);
  });

  test('the same again changes nothing; of two at once the second must look again', async () => {
    const before = await called();
    expect(await changeRakor(local, before, wish('33'), making())).toBe('same');
    const other = wish('33', { details: details({ tempat: 'Pendopo' }) });
    const [one, two] = [
      await changeRakor(local, before, other, making()),
      await changeRakor(local, before, other, making()),
    ];
    await kept(one);
    await expect(kept(two)).rejects.toThrow('rakor-change found nothing');
  });

  test('before anybody was invited the invitation is made anew', async () => {
    const before = await kept(await callRakor(local, wish('33'), making()));
    const other = wish('33', { details: details({ tempat: 'Pendopo' }) });
    expect(await kept(await changeRakor(local, before, other, making()))).toMatchObject({ version: 1 });
    expect((await drafts()).map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      ...['invitation cancelled', 'invitation draft'],
    ]);
  });

  describe('the letter', () => {
    const elsewhere = (more: object = {}) =>
      wish('33', { details: details({ tempat: 'Pendopo Contoh' }), ...more });
    const changeOf = async () => (await drafts()).find(({ kind }) => kind === 'change')?.message;

    test('ours is written anew', async () => {
      const after = await kept(await changeRakor(local, await called(), elsewhere(), making()));
      expect((await changeOf()).enclosure.content).toBe(after.letterId);
      const pages = pagesOfPdf(Buffer.from(await textOfLetter(after), 'latin1')).flat();
      expect(pages).toContain(': Pendopo Contoh');
    });

    test('one that was brought is not: none goes with the change, and none with the next one', async () => {
      const before = await called({ letter: await brought('Surat resmi') });
      const after = await kept(await changeRakor(local, before, elsewhere(), making()));
      expect(after.letterId).toBeNull();
      expect(await changeOf()).not.toHaveProperty('enclosure');
      const again = await kept(await changeRakor(local, after, wish('33'), making()));
      expect(again).toMatchObject({ letterId: null, version: 3 });
    });

    test('the same once more says what was, and is not sent again; another one is', async () => {
      const before = await called({ letter: await brought('Surat resmi') });
      const same = await brought('Surat resmi');
      const stale = await changeRakor(local, before, elsewhere({ letter: same }), making());
      expect(typeof stale === 'string' ? stale : stale.message).not.toHaveProperty('enclosure');
      const letter = await brought('Surat perubahan');
      const after = await kept(await changeRakor(local, before, elsewhere({ letter }), making()));
      expect(await textOfLetter(after)).toContain('Surat perubahan');
    });

    test('while nobody was invited it is as if called anew', async () => {
      const letter = await brought('Surat resmi');
      const before = await kept(await callRakor(local, wish('33', { letter }), making()));
      const same = await kept(await changeRakor(local, before, elsewhere({ letter }), making()));
      expect(await textOfLetter(same)).toContain('Surat resmi');
      const ours = await kept(await changeRakor(local, same, elsewhere(), making()));
      expect(await textOfLetter(ours)).not.toContain('Surat resmi');
      expect(ours.letterId).not.toBeNull();
    });
  });

  test('what concerns the next day does not wait for the hours of broadcasts', async () => {
    const before = await called();
    const soon = wish('33', { startsAt: new Date(now.getTime() + 20 * 3_600_000) });
    await kept(await changeRakor(local, before, soon, making()));
    expect(await drafts()).toContainEqual(expect.objectContaining({ kind: 'change', urgency: 'urgent' }));
  });
});

describe('cancelling', () => {
  test('tells those who were invited why, with what takes it out of their calendars', async () => {
    const before = await called();
    expect(await kept(await cancelRakor(local, before, 'Banjir', making()))).toMatchObject({
      state: 'cancelled',
    });
    const told = (await drafts()).find(({ kind }) => kind === 'cancellation');
    expect(told).toMatchObject({ kind: 'cancellation', audience: { rakor: before.number } });
    expect(told?.message.text).toContain('Alasan: Banjir');
    expect(told?.message.enclosure.mime).toBe('text/calendar');
    const rakor = await findRakor(before.id, { db: world.pool, vault: world.vault });
    if (rakor !== null) expect(await cancelRakor(local, rakor, 'Banjir', making())).toBe('over');
  });

  test('nobody is told of one that nobody was invited to', async () => {
    const before = await kept(await callRakor(local, wish('33'), making()));
    await kept(await cancelRakor(local, before, 'Banjir', making()));
    expect((await drafts()).map(({ kind, state }) => `${kind} ${state}`)).toEqual(['invitation cancelled']);
  });
});
