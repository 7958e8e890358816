import { beforeEach, describe, expect, test } from 'vitest';
import { isRecord } from '../../src/flow/json.js';
import { insertAttachment } from '../../src/store/attachments.js';
import { invite } from './door-scene.js';
import { addRakor } from './rakor-scene.js';
import { addPerson, now, openWorld, type Person, perform, type World, write } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const enclosed = {
  ...{ kind: 'document', mime: 'application/pdf', name: 'undangan-rakor.pdf', size: 40_000 },
};

/** Somebody invited to a rakor, whose letter is kept or not. */
async function invited({ hasLetter }: { readonly hasLetter: boolean }) {
  const letterId = hasLetter ? world.newId() : null;
  if (letterId !== null) {
    const name = world.vault.seal('undangan-rakor.pdf');
    const row = { contactId: null, inboundId: null, type: 'letter', size: 40_000, name, file: 'f', at: now };
    await write(world, [insertAttachment({ id: letterId, ...row })]);
  }
  const rakorId = await addRakor(world, { state: 'called', letterId });
  const person = await addPerson(world);
  const undangan = await invite(world, rakorId, { contactId: person.contactId, answer: null });
  const file = letterId === null ? null : { ...enclosed, content: letterId };
  return { person, undangan, file };
}

/** What was written to somebody: the words with the file beside them. */
async function toldTo({ contactId }: Person) {
  const rows = await world.prisma.delivery.findMany({ where: { contactId }, orderBy: { seq: 'asc' } });
  return rows.map(({ bodySealed }) => Object(world.vault.openJson(bodySealed ?? new Uint8Array())));
}

describe('a delegate whose number is known', () => {
  test('is told with the letter', async () => {
    const { person, undangan, file } = await invited({ hasLetter: true });
    const delegate = await addPerson(world);
    const sent = { undangan, nama: 'budi contoh', jabatan: null, nomor: delegate.phone };
    expect(await perform(world, 'rsvp.send', sent, person)).toMatchObject({ outcome: 'sent' });
    const told = await toldTo(delegate);
    expect(told).toMatchObject([{ enclosure: file }]);
    expect(told[0]?.text).toContain('Bapak/Ibu *Budi Contoh* diminta mewakili undangan');
  });

  test('is told in words where no letter is kept', async () => {
    const { person, undangan } = await invited({ hasLetter: false });
    const delegate = await addPerson(world);
    await perform(world, 'rsvp.send', { undangan, nama: 'budi contoh', nomor: delegate.phone }, person);
    const [told, ...others] = await toldTo(delegate);
    expect(told).not.toHaveProperty('enclosure');
    expect(others).toEqual([]);
  });
});

test('whoever takes the place of a code has the letter', async () => {
  const { person, undangan, file } = await invited({ hasLetter: true });
  const { values } = await perform(world, 'rsvp.send', { undangan, nama: 'budi contoh' }, person);
  const made = values['wakil'];
  const [, kode = ''] = /WAKILI (\w{8})/.exec(isRecord(made) ? String(made['pesan']) : '') ?? [];
  const taken = await perform(world, 'rsvp.take-place', { kode }, await addPerson(world));
  expect(taken).toMatchObject({ outcome: 'found', values: { surat: [file] } });
});

describe('UNDANGAN', () => {
  const look = (person: Person, more = {}) => perform(world, 'rsvp.look', {}, person, more);

  test('shows the letter, also to a delegate', async () => {
    const { person, undangan, file } = await invited({ hasLetter: true });
    expect(await look(person)).toMatchObject({ outcome: 'one', values: { jawab: 'tanya', surat: [file] } });
    const delegate = await addPerson(world);
    await perform(world, 'rsvp.send', { undangan, nama: 'budi contoh', nomor: delegate.phone }, person);
    expect(await look(delegate)).toMatchObject({ values: { surat: [file] } });
  });

  test('shows none where none is kept', async () => {
    const { person } = await invited({ hasLetter: false });
    expect(await look(person)).toMatchObject({ outcome: 'one', values: { surat: [] } });
  });

  test('does not send it again to who answers the message it came with', async () => {
    const { person } = await invited({ hasLetter: true });
    for (const choice of [null, 'hadir']) {
      const outside = { signal: 'invitation-answered', rakorId: null, choice };
      expect(await look(person, { outside })).toMatchObject({ outcome: 'one', values: { surat: [] } });
    }
  });
});
