import { type Queryable, run, type Statement } from '../store/statement.js';
import { kindNamed } from './broadcast-kinds.js';
import { type MadeBroadcast, toMaker } from './broadcast-maker.js';
import { becomes, isAsSeen, type NextRakor, openNext, rakorHappened } from './rakor-next.js';
import type { Tools } from './reach.js';
import type { Viewer } from './roles.js';

/** A broadcast about a rakor, with what becomes of the rakor once it is sent; null: nothing. */
interface Turning {
  readonly id: string;
  readonly rakorId: string | null;
  readonly rakorNext: Buffer | null;
}

/** With what it is done; `db` for looking only. */
type Means = Tools & { readonly db: Queryable };

/** Whether the rakor of a broadcast is still the one of which it makes another. */
export async function fitsRakor(
  { rakorId, rakorNext }: Turning,
  { db, vault }: Pick<Means, 'db' | 'vault'>,
): Promise<boolean> {
  if (rakorId === null || rakorNext === null) return true;
  return isAsSeen(rakorId, openNext(rakorNext, vault), { db });
}

/** What a yes to a broadcast makes of its rakor. To be written first: of two who say yes at once the second finds another rakor. */
export async function turnsRakor(
  viewer: Viewer,
  { id, rakorId, rakorNext }: Turning,
  means: Means,
): Promise<readonly Statement[]> {
  if (rakorId === null || rakorNext === null) return [];
  return turnRakor(viewer, { rakorId, next: openNext(rakorNext, means.vault), except: id }, means);
}

/** What is to become of a rakor, and the broadcast that goes on all the same. */
interface Turn {
  readonly rakorId: string;
  readonly next: NextRakor;
  readonly except: string | null;
}

/** Makes a rakor what it is to be; what else waits to be sent about it ends, and whoever was promised to hear of that is told. */
export async function turnRakor(
  viewer: Viewer,
  { rakorId, next, except }: Turn,
  means: Means,
): Promise<readonly Statement[]> {
  const { now, vault, db } = means;
  const aside = { name: 'broadcasts-aside', text: asideText, values: [rakorId, except, viewer.id] };
  const waiting = await run<MadeBroadcast>(db, aside);
  const told = await Promise.all(waiting.map((one) => toMaker(one, setAside(one), means)));
  return [
    becomes(rakorId, next, vault),
    { name: 'broadcast-end-drafts', text: endDraftsText, values: [rakorId, except, now] },
    rakorHappened(next.state === 'cancelled' ? 'cancelled' : 'changed', rakorId, viewer.id, now),
    ...told.flat(),
  ];
}

const asideText = `SELECT number, kind, created_by AS "createdBy" FROM broadcast
WHERE rakor_id = $1 AND id IS DISTINCT FROM $2::uuid AND state = 'waiting' AND created_by <> $3`;
const endDraftsText = `UPDATE broadcast SET state = 'cancelled', ended_at = $3
WHERE rakor_id = $1 AND id IS DISTINCT FROM $2::uuid AND state IN ('draft', 'waiting')`;

function setAside({ number, kind }: MadeBroadcast): string {
  const { words, again } = kindNamed(kind);
  return `${words} ${number} tidak jadi dikirim, karena rakor itu baru saja diubah atau dibatalkan oleh orang lain.

Bila masih perlu, ketik *${again}*.`;
}
