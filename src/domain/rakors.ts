import type { Message } from '../flow/message.js';
import { audited } from '../store/audit.js';
import { run, type Statement } from '../store/statement.js';
import { writeTogether } from '../store/transaction.js';
import type { Audience } from './audience.js';
import type { BroadcastKind } from './broadcast-kinds.js';
import { draftBroadcast, type Making } from './broadcasts.js';
import { placeName } from './places.js';
import {
  hasBegun,
  type Rakor,
  type RakorDetails,
  type RakorRow,
  type RakorTimes,
  rakorColumns,
  rakorOf,
  sealDetails,
} from './rakor.js';
import {
  type FileMaking,
  type GivenLetter,
  type KeptForMany,
  keepCalendar,
  keepGiven,
  letterOfRakor,
  writeLetter,
} from './rakor-files.js';
import {
  calendarMessage,
  cancellationMessage,
  changeMessage,
  changesOf,
  invitationMessage,
} from './rakor-message.js';
import type { Records } from './records.js';
import { type Area, may, regencyOf, residencyArea, residencyIn, seesWorld, type Viewer } from './roles.js';

/** What somebody wants to call: where, what its letter says, when, and who is meant. */
export interface RakorWish extends RakorTimes {
  readonly area: Area;
  readonly simulator: boolean;
  readonly details: RakorDetails;
  readonly audience: Audience;
  /** The official letter, where there is one already; else we write it. */
  readonly letter?: GivenLetter;
}

/** With what a rakor is made. */
export interface RakorMaking extends Making, FileMaking {}

/** What was made: the rakor, the broadcast that is to be approved with what it says (null: nobody need be told), and what writes both. */
export interface RakorMade {
  readonly id: string;
  readonly broadcastId: string | null;
  readonly message: Message | null;
  readonly writes: readonly Statement[];
}

/** Why nothing was made: it is not allowed there, or too late, or nothing would be different. */
export type RakorRefusal = 'refused' | 'over' | 'same';

/** Whom an area invites when nobody says otherwise: the chairs below it; a regency its registered members. */
export function usualAudience(area: Area): Audience {
  const residency = residencyIn(area);
  if (residency !== null) return { all: [{ role: 'chair' }, { residency }] };
  return area === '33' ? { role: 'chair' } : { all: [{ members: 'registered' }, { area }] };
}

/** Writes what was made, for whoever is in no conversation. Throws `ChangedMeanwhile` when another one was faster. */
export function keepRakor({ writes }: RakorMade, pool: Records['pool']): Promise<void> {
  return writeTogether(pool, writes);
}

const placeText = `SELECT ${placeName('a.area')} AS place,
  (SELECT r.residency_id FROM region r WHERE r.code = left(a.area, 5)) AS residency FROM (SELECT $1::text AS area) a`;

interface Ground {
  readonly place: string;
  readonly residency: string | null;
}

/** The area in words, if the viewer may call a rakor there; null otherwise. */
async function groundFor(viewer: Viewer, area: Area, db: Making['db']): Promise<Ground | null> {
  const [ground] = await run<Ground>(db, { name: 'rakor-place', text: placeText, values: [area] });
  if (ground === undefined) return null;
  const residencyOf = (regency: string) =>
    ground.residency === null || regency !== regencyOf(area) ? null : residencyArea(ground.residency);
  return may(viewer, 'call-rakor', area, residencyOf) ? ground : null;
}

const insertText = `INSERT INTO rakor (id, simulator, area, state, details_sealed, starts_at, ends_at, answer_by, letter_id, created_by, created_at)
VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10)`;

/** Makes a rakor, its letter, and the invitation as a draft that is to be approved. */
export async function callRakor(
  viewer: Viewer,
  wish: RakorWish,
  making: RakorMaking,
): Promise<RakorMade | RakorRefusal> {
  const ground = await groundFor(viewer, wish.area, making.db);
  if (ground === null) return 'refused';
  if (hasBegun(wish, making.now)) return 'over';
  const { vault, newId, now } = making;
  const { area, simulator, details, startsAt, endsAt, answerBy, audience } = wish;
  const rakor: Rakor = {
    ...{ id: newId(), number: 0, simulator, area, place: ground.place, state: 'draft', version: 1 },
    ...{ startsAt, endsAt, answerBy, letterId: null, createdBy: viewer.id, createdAt: now, details },
  };
  const letter =
    wish.letter === undefined ? await writeLetter(rakor, making) : keepGiven(wish.letter, making);
  const sealed = sealDetails(details, vault);
  const values = [rakor.id, simulator, area, sealed, startsAt, endsAt, answerBy, letter.enclosure.content];
  const message = invitationMessage(rakor, newId(), letter.enclosure);
  const draft = await announce(viewer, rakor, { kind: 'invitation', message, audience }, making);
  if (draft === null) return 'refused';
  return {
    ...{ id: rakor.id, broadcastId: draft.id, message },
    writes: [
      letter.kept,
      { name: 'rakor-insert', text: insertText, values: [...values, viewer.id, now] },
      happened('made', rakor, viewer, now),
      ...draft.writes,
    ],
  };
}

function happened(action: string, { id }: Rakor, viewer: Viewer, at: Date): Statement {
  return audited({ kind: 'rakor', action, detail: id, actor: viewer.id, subjects: [], at });
}

interface Telling {
  readonly kind: BroadcastKind;
  readonly message: Message;
  readonly follow?: Message;
  readonly audience: Audience;
}

const dayMs = 24 * 60 * 60 * 1000;

/** A draft of what is to be told; what concerns the next day does not wait for the hours of broadcasts. */
function announce(
  viewer: Viewer,
  { id: rakorId, area, startsAt, simulator }: Rakor,
  telling: Telling,
  making: RakorMaking,
) {
  const isSoon = startsAt.getTime() - making.now.getTime() <= dayMs;
  const urgency = isSoon && telling.kind !== 'invitation' ? 'urgent' : 'normal';
  return draftBroadcast(
    viewer,
    { ...telling, rakorId, area, urgency, expiresAt: startsAt, simulator },
    making,
  );
}

// A new version is made of the one that was seen.
const changeText = `UPDATE rakor SET details_sealed = $3, starts_at = $4, ends_at = $5, answer_by = $6, letter_id = $7, version = $8
WHERE id = $1 AND version = $2 AND state = $9 RETURNING id`;
const dropDraftsText = `UPDATE broadcast SET state = 'cancelled', ended_at = $2 WHERE rakor_id = $1 AND state IN ('draft', 'waiting')`;

/** What is to be different; the area stays. */
export type RakorChange = Omit<RakorWish, 'area' | 'simulator'>;

/**
 * Changes a rakor. Once it was called, those who were invited are told what was and what is, by a draft that is to be approved; before that, the
 * invitation is made anew.
 */
export async function changeRakor(
  viewer: Viewer,
  before: Rakor,
  change: RakorChange,
  making: RakorMaking,
): Promise<RakorMade | RakorRefusal> {
  if ((await groundFor(viewer, before.area, making.db)) === null) return 'refused';
  const isCalled = before.state === 'called';
  if (!(isCalled || before.state === 'draft') || hasBegun(before, making.now) || hasBegun(change, making.now))
    return 'over';
  const { details, startsAt, endsAt, answerBy } = change;
  const version = isCalled ? before.version + 1 : before.version;
  const after: Rakor = { ...before, details, startsAt, endsAt, answerBy, version };
  if (isCalled && changesOf(before, after).length === 0) return 'same';
  const letter = await letterAfter(before, after, change.letter, making);
  const enclosure = letter?.enclosure ?? null;
  const values = [before.id, before.version, sealDetails(details, making.vault), startsAt, endsAt, answerBy];
  const question = making.newId();
  const calendar = isCalled ? await keepCalendar(after, `rakor-${before.number}.ics`, making) : null;
  const telling: Telling =
    calendar === null
      ? {
          kind: 'invitation',
          message: invitationMessage(after, question, enclosure),
          audience: change.audience,
        }
      : {
          kind: 'change',
          message: changeMessage(before, after, question, enclosure),
          follow: calendarMessage(after, calendar.enclosure),
          audience: { rakor: before.number },
        };
  const draft = await announce(viewer, sooner(before, after), telling, making);
  if (draft === null) return 'refused';
  return {
    ...{ id: before.id, broadcastId: draft.id, message: telling.message },
    writes: [
      ...[letter, calendar].flatMap((file) => file?.kept ?? []),
      {
        ...{ name: 'rakor-change', text: changeText, mustFind: true },
        values: [...values, enclosure?.content ?? null, version, before.state],
      },
      { name: 'rakor-drafts', text: dropDraftsText, values: [before.id, making.now] },
      happened('changed', before, viewer, making.now),
      ...draft.writes,
    ],
  };
}

/**
 * The letter that goes with a change: ours is written anew. One that was brought is not ours to write: another one has to be brought, else none goes with
 * it. While nobody was invited it is as if the rakor were called anew.
 */
async function letterAfter(
  before: Rakor,
  after: Rakor,
  given: GivenLetter | undefined,
  making: RakorMaking,
): Promise<KeptForMany | null> {
  const was = before.state === 'draft' ? null : await letterOfRakor(before, making);
  if (given !== undefined && given.file !== was?.file) return keepGiven(given, making);
  return before.state === 'draft' || was?.isOurs === true ? writeLetter(after, making) : null;
}

/** Whichever begins first says how much it hurries, and until when it is worth telling. */
function sooner(before: Rakor, after: Rakor): Rakor {
  return before.startsAt < after.startsAt ? before : after;
}

const cancelText = `UPDATE rakor SET state = 'cancelled', version = version + 1 WHERE id = $1 AND version = $2 AND state = $3 RETURNING id`;

/** Cancels a rakor; those who were invited are told by a draft that is to be approved. */
export async function cancelRakor(
  viewer: Viewer,
  rakor: Rakor,
  reason: string,
  making: RakorMaking,
): Promise<RakorMade | RakorRefusal> {
  if ((await groundFor(viewer, rakor.area, making.db)) === null) return 'refused';
  if (!(rakor.state === 'called' || rakor.state === 'draft') || hasBegun(rakor, making.now)) return 'over';
  const { id, version, state } = rakor;
  const after: Rakor = { ...rakor, state: 'cancelled', version: version + 1 };
  const told = state === 'called' ? await cancellation(viewer, after, reason, making) : null;
  return {
    ...{ id, broadcastId: told?.id ?? null, message: told?.message ?? null },
    writes: [
      { name: 'rakor-cancel', text: cancelText, values: [id, version, state], mustFind: true },
      { name: 'rakor-drafts', text: dropDraftsText, values: [id, making.now] },
      happened('cancelled', rakor, viewer, making.now),
      ...(told?.writes ?? []),
    ],
  };
}

async function cancellation(viewer: Viewer, rakor: Rakor, reason: string, making: RakorMaking) {
  const calendar = await keepCalendar(rakor, 'rakor-batal.ics', making);
  const message = cancellationMessage(rakor, reason, calendar.enclosure);
  const telling: Telling = { kind: 'cancellation', message, audience: { rakor: rakor.number } };
  const draft = await announce(viewer, rakor, telling, making);
  return draft === null ? null : { id: draft.id, message, writes: [calendar.kept, ...draft.writes] };
}

const allText = `SELECT ${rakorColumns}, (SELECT r.residency_id FROM region r WHERE r.code = left(k.area, 5)) AS residency
FROM rakor k ORDER BY k.starts_at DESC, k.number LIMIT 200`;

interface AllRow extends RakorRow {
  readonly residency: string | null;
}

/** The rakor that a viewer may call and change, the latest first. */
export async function rakorsFor(
  viewer: Viewer,
  { db, vault }: Pick<Making, 'db' | 'vault'>,
): Promise<readonly Rakor[]> {
  const rows = await run<AllRow>(db, { name: 'rakor-all', text: allText, values: [] });
  return rows
    .filter(({ area, residency, simulator }) => {
      const residencyOf = () => (residency === null ? null : residencyArea(residency));
      return seesWorld(viewer, simulator) && may(viewer, 'call-rakor', area, residencyOf);
    })
    .map(({ residency: _, ...row }) => rakorOf(row, vault));
}
