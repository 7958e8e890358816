import type { Message } from '../flow/message.js';
import { run, type Statement } from '../store/statement.js';
import { writeTogether } from '../store/transaction.js';
import type { Audience } from './audience.js';
import type { BroadcastKind } from './broadcast-kinds.js';
import { draftBroadcast, type Making, type Urgency } from './broadcasts.js';
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
import { calendarOf } from './rakor-calendar.js';
import {
  type FileMaking,
  type GivenLetter,
  type KeptForMany,
  keepCalendar,
  keepGiven,
  letterOfRakor,
  type RakorLetter,
  writeLetter,
} from './rakor-files.js';
import {
  calendarMessage,
  cancellationMessage,
  changeMessage,
  changesOf,
  invitationMessage,
  type LetterOfChange,
} from './rakor-message.js';
import { nextOf, rakorHappened, sealNext } from './rakor-next.js';
import { turnRakor } from './rakor-turns.js';
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

/** A draft of what is to be told, and of whom. */
export interface RakorDraft {
  readonly id: string;
  readonly message: Message;
  readonly audience: Audience;
  readonly urgency: Urgency;
  /** The rakor has no letter any more then: the one it had was not ours to write anew. */
  readonly isWithoutLetter: boolean;
}

/** What was made of a rakor, and what writes it. */
export interface RakorMade {
  readonly id: string;
  /** The broadcast that is to be approved; null: nobody need be told. */
  readonly draft: RakorDraft | null;
  /** The rakor stays as it is until that broadcast is sent. */
  readonly waits: boolean;
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
  const told = await announce(viewer, rakor, { kind: 'invitation', message, audience }, making);
  if (told === null) return 'refused';
  return {
    ...{ id: rakor.id, draft: told.draft, waits: false },
    writes: [
      letter.kept,
      { name: 'rakor-insert', text: insertText, values: [...values, viewer.id, now] },
      rakorHappened('made', rakor.id, viewer.id, now),
      ...told.writes,
    ],
  };
}

interface Telling {
  readonly kind: BroadcastKind;
  readonly message: Message;
  readonly follow?: Message;
  readonly audience: Audience;
  readonly rakorNext?: Buffer;
  readonly isWithoutLetter?: boolean;
}

const dayMs = 24 * 60 * 60 * 1000;

/** A draft of what is to be told; what concerns the next day does not wait for the hours of broadcasts. Null where the viewer may not speak. */
async function announce(
  viewer: Viewer,
  { id: rakorId, area, startsAt, simulator }: Rakor,
  telling: Telling,
  making: RakorMaking,
): Promise<{ readonly draft: RakorDraft; readonly writes: readonly Statement[] } | null> {
  const isSoon = startsAt.getTime() - making.now.getTime() <= dayMs;
  const urgency = isSoon && telling.kind !== 'invitation' ? 'urgent' : 'normal';
  const { isWithoutLetter = false, ...wish } = telling;
  const about = { rakorId, area, urgency, expiresAt: startsAt, simulator } as const;
  const made = await draftBroadcast(viewer, { ...wish, ...about }, making);
  if (made === null) return null;
  const { message, audience } = telling;
  return { draft: { id: made.id, message, audience, urgency, isWithoutLetter }, writes: made.writes };
}

/** What is to be different; the area stays. */
export type RakorChange = Omit<RakorWish, 'area' | 'simulator'>;

/**
 * Changes a rakor. Once it was called, those who were invited are told what was and what is, by a draft that is to be approved, and the rakor is
 * changed when that is sent; before that, the invitation is made anew.
 */
export async function changeRakor(
  viewer: Viewer,
  before: Rakor,
  change: RakorChange,
  making: RakorMaking,
): Promise<RakorMade | RakorRefusal> {
  if ((await groundFor(viewer, before.area, making.db)) === null) return 'refused';
  if (!isAhead(before, making.now) || hasBegun(change, making.now)) return 'over';
  const { details, startsAt, endsAt, answerBy } = change;
  const after: Rakor = { ...before, details, startsAt, endsAt, answerBy };
  return before.state === 'called'
    ? changeCalled(viewer, { before, after: { ...after, version: before.version + 1 }, change }, making)
    : changeDraft(viewer, { before, after, change }, making);
}

/** Whether it can still be changed: it has not begun, and was not cancelled. */
export function isAhead(rakor: Rakor, now: Date): boolean {
  return (rakor.state === 'called' || rakor.state === 'draft') && !hasBegun(rakor, now);
}

/** A rakor as it was seen and as it is to be, but for its letter. */
interface Changing {
  readonly before: Rakor;
  readonly after: Rakor;
  readonly change: RakorChange;
}

async function changeCalled(
  viewer: Viewer,
  { before, after, change }: Changing,
  making: RakorMaking,
): Promise<RakorMade | RakorRefusal> {
  const was = await letterOfRakor(before, making);
  const brought = change.letter?.file === was?.file ? undefined : change.letter;
  if (brought === undefined && changesOf(before, after, null).length === 0) return 'same';
  const letter = await letterAfter(after, { was, brought }, making);
  const calendar = await calendarAfter(before, after, making);
  const enclosure = letter?.enclosure ?? null;
  const telling: Telling = {
    kind: 'change',
    message: changeMessage(before, after, making.newId(), letter),
    ...(calendar === null ? {} : { follow: calendarMessage(after, calendar.enclosure) }),
    audience: { rakor: before.number },
    rakorNext: sealNext(nextOf(before, { ...after, letterId: enclosure?.content ?? null }), making.vault),
    isWithoutLetter: letter === null,
  };
  const told = await announce(viewer, sooner(before, after), telling, making);
  if (told === null) return 'refused';
  const kept = [letter, calendar].flatMap((file) => file?.kept ?? []);
  return { id: before.id, draft: told.draft, waits: true, writes: [...kept, ...told.writes] };
}

/** The calendar file that takes the place of the one before; null where it would say the same. */
async function calendarAfter(before: Rakor, after: Rakor, making: RakorMaking): Promise<KeptForMany | null> {
  const was = calendarOf({ ...before, version: after.version }, making.now);
  if (was.equals(calendarOf(after, making.now))) return null;
  return keepCalendar(after, `rakor-${before.number}.ics`, making);
}

interface Letters {
  readonly was: RakorLetter | null;
  /** A new official one; naming the same file again is none. */
  readonly brought: GivenLetter | undefined;
}

/** The letter that goes with a change: ours is written anew. One that was brought is not ours to write: another one has to be brought, else none goes with it. */
async function letterAfter(
  after: Rakor,
  { was, brought }: Letters,
  making: RakorMaking,
): Promise<(KeptForMany & LetterOfChange) | null> {
  if (brought !== undefined) return { ...keepGiven(brought, making), isBrought: true };
  return was?.isOurs === true ? { ...(await writeLetter(after, making)), isBrought: false } : null;
}

/** Whichever begins first says how much it hurries, and until when it is worth telling. */
function sooner(before: Rakor, after: Rakor): Rakor {
  return before.startsAt < after.startsAt ? before : after;
}

async function changeDraft(
  viewer: Viewer,
  { before, after, change }: Changing,
  making: RakorMaking,
): Promise<RakorMade | RakorRefusal> {
  const { letter: given, audience } = change;
  const letter = given === undefined ? await writeLetter(after, making) : keepGiven(given, making);
  const message = invitationMessage(after, making.newId(), letter.enclosure);
  const told = await announce(viewer, after, { kind: 'invitation', message, audience }, making);
  if (told === null) return 'refused';
  const next = nextOf(before, { ...after, letterId: letter.enclosure.content });
  const turned = await turnRakor(viewer, { rakorId: before.id, next, except: null }, making);
  return {
    ...{ id: before.id, draft: told.draft, waits: false },
    writes: [letter.kept, ...turned, ...told.writes],
  };
}

/**
 * Cancels a rakor. Those who were invited are told why by a draft that is to be approved, and the rakor is cancelled when that is sent; one to
 * which nobody was invited is cancelled at once.
 */
export async function cancelRakor(
  viewer: Viewer,
  rakor: Rakor,
  reason: string,
  making: RakorMaking,
): Promise<RakorMade | RakorRefusal> {
  if ((await groundFor(viewer, rakor.area, making.db)) === null) return 'refused';
  if (!isAhead(rakor, making.now)) return 'over';
  const after: Rakor = { ...rakor, state: 'cancelled', version: rakor.version + 1 };
  if (rakor.state === 'called') return cancelCalled(viewer, { rakor, after, reason }, making);
  const turn = { rakorId: rakor.id, next: nextOf(rakor, after), except: null };
  return { id: rakor.id, draft: null, waits: false, writes: await turnRakor(viewer, turn, making) };
}

interface Cancelling {
  readonly rakor: Rakor;
  readonly after: Rakor;
  readonly reason: string;
}

async function cancelCalled(
  viewer: Viewer,
  { rakor, after, reason }: Cancelling,
  making: RakorMaking,
): Promise<RakorMade | RakorRefusal> {
  const calendar = await keepCalendar(after, 'rakor-batal.ics', making);
  const message = cancellationMessage(after, reason, calendar.enclosure);
  const rakorNext = sealNext(nextOf(rakor, after), making.vault);
  const telling = { kind: 'cancellation', message, audience: { rakor: rakor.number }, rakorNext } as const;
  const told = await announce(viewer, after, telling, making);
  if (told === null) return 'refused';
  return { id: rakor.id, draft: told.draft, waits: true, writes: [calendar.kept, ...told.writes] };
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
