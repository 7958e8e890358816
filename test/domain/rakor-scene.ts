import type { Audience } from '../../src/domain/audience.js';
import { approveBroadcast, draftBroadcast } from '../../src/domain/broadcasts.js';
import { rakorDetails, sealDetails } from '../../src/domain/rakor.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { newId } from '../../src/store/ids.js';
import { now, type World, write } from './world.js';

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
