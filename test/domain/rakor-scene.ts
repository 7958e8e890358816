import type { Audience } from '../../src/domain/audience.js';
import { approveBroadcast, draftBroadcast } from '../../src/domain/broadcasts.js';
import { rakorDetails, sealDetails } from '../../src/domain/rakor.js';
import { localAdministrator } from '../../src/domain/roles.js';
import type { JsonRecord } from '../../src/flow/json.js';
import { attachmentBytes, insertAttachment } from '../../src/store/attachments.js';
import { keepIn } from '../../src/store/files.js';
import { newId } from '../../src/store/ids.js';
import { fileOf } from '../support/files.js';
import { now, type Person, type World, write } from './world.js';

/** Nine in the morning of a Thursday, sixteen days after `now`. */
export const startsAt = new Date('2026-12-10T02:00:00Z');

/** What a letter must say at least. */
export const letter = {
  nomor: '005/12/IPSM/2026',
  hal: 'Undangan Rapat Koordinasi',
  acara: 'Rapat koordinasi IPSM se-Jawa Tengah',
  tempat: 'Aula Contoh, Kota Semarang',
};

/** A rakor that was made by somebody at the machine. */
export async function addRakor(
  { prisma, vault }: World,
  more: Readonly<Record<string, unknown>> = {},
  details: object = {},
): Promise<string> {
  const id = newId();
  const detailsSealed = new Uint8Array(sealDetails(rakorDetails.parse({ ...letter, ...details }), vault));
  const row = { id, area: '33', state: 'draft', startsAt, createdBy: 'local:test', createdAt: now };
  await prisma.rakor.create({ data: { ...row, detailsSealed, ...more } });
  return id;
}

/** A PDF that somebody has sent in the chat, as the value of the question. */
export async function sendLetter(
  world: World,
  { contactId }: Pick<Person, 'contactId'>,
  words: string,
): Promise<JsonRecord> {
  const bytes = fileOf('pdf', 500, words);
  const file = await keepIn(world.fileStore, bytes);
  const [id, inboundId] = [world.newId(), world.newId()];
  const row = { id, contactId, inboundId, type: 'pdf', size: bytes.length, name: null, file, at: now };
  await write(world, [insertAttachment(row)]);
  return { id, jenis: 'pdf', ukuran: bytes.length };
}

/** The bytes of a letter as text; empty when there is none. */
export async function textOfLetter(
  { pool, vault, fileStore }: World,
  { letterId }: { readonly letterId: string | null },
): Promise<string> {
  const bytes = await attachmentBytes({ db: pool, vault, fileStore }, letterId ?? '');
  return Buffer.from(bytes ?? []).toString('latin1');
}

/** Invites those who are meant, as an approved broadcast does; where that needs a second person, it is this one. */
export async function inviteTo(
  world: World,
  rakorId: string,
  audience: Audience,
  second?: string,
): Promise<string> {
  const viewer = localAdministrator('test');
  const { pool, vault } = world;
  const question = newId();
  const choices = [
    { id: 'hadir', label: 'Hadir' },
    { id: 'tidak', label: 'Tidak hadir' },
    { id: 'diwakilkan', label: 'Diwakilkan' },
  ];
  const message = { text: 'Undangan rakor. Apakah Bapak/Ibu hadir?', choices, question };
  const draft = await draftBroadcast(
    viewer,
    {
      ...{ kind: 'invitation', rakorId, message, audience, area: '33', urgency: 'normal' },
      ...{ expiresAt: startsAt, simulator: false },
    },
    { db: pool, vault, now, newId, secondYesAbove: 1000 },
  );
  await write(world, draft?.writes ?? []);
  const yes = (by: typeof viewer) =>
    approveBroadcast(by, draft?.id ?? '', { ...world, secondYesAbove: 1000 });
  const first = await yes(viewer);
  const approved = second === undefined ? first : await yes(localAdministrator(second));
  if (approved.result !== 'running') throw new Error(`not approved: ${JSON.stringify(approved)}`);
  return draft?.id ?? '';
}
