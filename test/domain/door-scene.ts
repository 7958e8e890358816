import { newId } from '../../src/store/ids.js';
import { addRakor } from './rakor-scene.js';
import { now, type World } from './world.js';

const hour = 3_600_000;

interface Called {
  readonly area?: string;
  readonly title?: string;
  /** From now, in hours. */
  readonly begins?: number;
  readonly lasts?: number | null;
  readonly state?: string;
  readonly simulator?: boolean;
}

/** A rakor that begins in an hour and lasts four; gives its id. */
export async function callRakor(world: World, called: Called = {}): Promise<string> {
  const { area = '33.74', title = 'Rakor IPSM', begins = 1, lasts = 4 } = called;
  const { state = 'called', simulator = false } = called;
  const startsAt = new Date(now.getTime() + begins * hour);
  const endsAt = lasts === null ? null : new Date(startsAt.getTime() + lasts * hour);
  return addRakor(world, { area, state, startsAt, endsAt, simulator }, { acara: title });
}

interface Invited {
  readonly memberId?: string;
  readonly grantId?: string;
  readonly contactId?: string;
  readonly delegateOfId?: string;
  readonly delegate?: { readonly nama: string; readonly jabatan: string; readonly nomor: string | null };
  readonly answer?: string | null;
  readonly checkedInAt?: Date;
  readonly checkedInBy?: string;
}

/** Somebody invited to it; gives the id of the invitation. */
export async function invite(world: World, rakorId: string, invited: Invited): Promise<string> {
  const id = newId();
  const { delegate, answer = 'hadir', ...rest } = invited;
  await world.prisma.invitation.create({ data: { id, rakorId, answer, ...rest } });
  if (delegate !== undefined)
    await world.db.pool.query('UPDATE invitation SET delegate_sealed = $2 WHERE id = $1', [
      ...[id, world.vault.sealJson({ ...delegate })],
    ]);
  return id;
}

/** A member without a phone; gives its id. */
export async function addNamed(world: World, name: string, more = {}): Promise<string> {
  const id = newId();
  const data = { id, name, regionCode: '33.74.14.1001', ...more };
  await world.prisma.member.create({ data });
  return id;
}
