import { dayInWib } from './wib.js';

/** The offices of a board, by the id under which they are kept; the first ones first. */
export const offices = {
  ketua: 'Ketua',
  'wakil-ketua': 'Wakil ketua',
  sekretaris: 'Sekretaris',
  bendahara: 'Bendahara',
  bidang: 'Anggota bidang',
} as const;

/** One of them. */
export type Office = keyof typeof offices;

const held: Readonly<Record<string, string>> = offices;

/** An office in words ("Anggota bidang sertifikasi"). */
export function officeName(office: string, field: string | null): string {
  return [held[office] ?? office, ...(field === null ? [] : [field])].join(' ');
}

/** Of these a board has several; of the others one. */
export const sharedOffices: readonly Office[] = ['wakil-ketua', 'bidang'];

/** Whether a board does its work; never typed by anybody. */
export type BoardState = 'active' | 'ended' | 'vacant';

/** From what the state of a board follows. */
export interface BoardFacts {
  readonly hasChair: boolean;
  /** The last year of its term; null: nobody has told it. */
  readonly termTo: number | null;
  /** When somebody last said or changed who they are; null: never. */
  readonly confirmedAt: Date | null;
}

/** A state with its reason, in words. */
export interface BoardStanding {
  readonly state: BoardState;
  readonly words: string;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Who they are is asked again after so many days. */
const daysConfirmed = 365;
/** So many days there are to answer; then nobody vouches for it any more. */
const daysToAnswer = 60;

function isOlder(at: Date | null, days: number, now: Date): boolean {
  return at === null || at.getTime() <= now.getTime() - days * dayMs;
}

interface Rule extends BoardStanding {
  readonly holds: (facts: BoardFacts, now: Date) => boolean;
}

/** The first that holds says it; the term lasts until the end of its last year. */
const rules: readonly Rule[] = [
  {
    state: 'ended',
    words: 'Masa bakti sudah berakhir',
    holds: ({ termTo }, now) => termTo !== null && termTo < Number(dayInWib(now).slice(0, 4)),
  },
  { state: 'vacant', words: 'Belum ada ketua', holds: ({ hasChair }) => !hasChair },
  { state: 'vacant', words: 'Masa bakti belum diisi', holds: ({ termTo }) => termTo === null },
  {
    state: 'vacant',
    words: 'Sudah lama tidak dipastikan',
    holds: ({ confirmedAt }, now) => isOlder(confirmedAt, daysConfirmed + daysToAnswer, now),
  },
];

/** Whether a board is active, and if not why. */
export function boardStanding(facts: BoardFacts, now: Date): BoardStanding {
  const found = rules.find(({ holds }) => holds(facts, now));
  return found ?? { state: 'active', words: 'Aktif' };
}

/** Whether a board has all it needs to be active, but for word of the year. */
export function couldBeActive({ hasChair, termTo }: BoardFacts, now: Date): boolean {
  return boardStanding({ hasChair, termTo, confirmedAt: now }, now).state === 'active';
}

/** Whether it is time to ask if the board is still the same: it was confirmed a year ago, and could be active. */
export function isToBeConfirmed(facts: BoardFacts, now: Date): boolean {
  return couldBeActive(facts, now) && isOlder(facts.confirmedAt, daysConfirmed, now);
}
