import type pg from 'pg';
import { dayInWib, showDate } from '../../flow/calendar.js';
import { recordType, textType } from '../../flow/types.js';
import { type Queryable, run } from '../../store/statement.js';
import { type BoardFacts, boardStanding, couldBeActive, isToBeConfirmed } from '../board.js';
import { type Board, boardOf } from '../boards.js';
import { findHelper, viewerNow } from '../helpers.js';
import { canBeReminded } from './reachable.js';
import type { Subject } from './slots.js';
import type { ReminderSource } from './source.js';

interface Row extends BoardFacts {
  readonly area: string;
  readonly simulator: boolean;
  readonly day: string;
  readonly confirmedAt: Date;
  readonly until: Date | null;
}

const confirmed = `to_char(b.confirmed_at AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM-DD')`;
const lastDay = `b.term_to || '-12-31'`;
const rowText = (day: string, until: string) => `
SELECT b.area, b.simulator, b.term_to AS "termTo", b.confirmed_at AS "confirmedAt", ${day} AS day, ${until} AS until,
  EXISTS (SELECT FROM board_office o WHERE o.area = b.area AND o.simulator = b.simulator AND o.office = 'ketua') AS "hasChair"
FROM board b WHERE ${day} BETWEEN $1 AND $2`;

/** Nobody is left out of those who may be asked. */
const nobody = '00000000-0000-0000-0000-000000000000';
const canText = `SELECT id FROM contact WHERE id = $1 AND ${canBeReminded('contact.id')}`;

/** Of each board the nearest person who looks after it; of those nobody looks after, nothing. */
async function looked(rows: readonly Row[], db: Queryable): Promise<readonly Subject[]> {
  const found = await Promise.all(rows.map((row) => lookedAfter(row, db)));
  return found.flat();
}

async function lookedAfter(
  { area, simulator, day, confirmedAt: since, until }: Row,
  db: Queryable,
): Promise<readonly Subject[]> {
  const who = { contactId: nobody, declined: [], above: null };
  const helper = await findHelper(db, { act: 'manage-board', area, simulator, ...who });
  if (helper === null) return [];
  const { contactId } = helper;
  const able = await run(db, { name: 'remind-able', text: canText, values: [contactId] });
  const about = simulator ? `simulator ${area}` : area;
  return able.length === 0 ? [] : [{ about, contactId, day, since, until }];
}

/** The board as whoever looks after it sees it; null: somebody else does by now. */
async function boardFor({ about, contactId }: Subject, db: Queryable): Promise<Board | null> {
  const simulator = about.startsWith('simulator ');
  const area = simulator ? about.slice('simulator '.length) : about;
  return boardOf(await viewerNow(db, contactId, simulator), area, db);
}

const variables = {
  pengurus: recordType('pengurus', { wilayah: textType, dipastikan: textType, akhir: textType }),
};
const example = {
  pengurus: { wilayah: 'W'.repeat(60), dipastikan: '30 September 2026', akhir: '2028' },
};

function valuesOf({ place, confirmedAt, termTo }: Board) {
  const dipastikan = confirmedAt === null ? null : showDate(dayInWib(confirmedAt));
  return { pengurus: { wilayah: place, dipastikan, akhir: termTo === null ? null : String(termTo) } };
}

const confirmedText = rowText(confirmed, 'NULL::timestamptz');

/** Boards, by the day on which somebody last said who is in them; those that are active as far as that goes. */
export const confirmedBoards: ReminderSource = {
  ...{ dated: true, variables, example },
  async subjects(db, { from, to, now }) {
    const statement = { name: 'remind-confirmed', text: confirmedText, values: [from, to] };
    const rows = await run<Row & pg.QueryResultRow>(db, statement);
    return looked(
      rows.filter((row) => couldBeActive(row, now)),
      db,
    );
  },
  async values(subject, { db, now }) {
    const board = await boardFor(subject, db);
    return board === null || !isToBeConfirmed(board, now) ? null : valuesOf(board);
  },
};

const termText = rowText(lastDay, `(${lastDay} || ' 20:00+07')::timestamptz`);

/** Boards, by the last day of their term. */
export const endingTerms: ReminderSource = {
  ...{ dated: true, variables, example },
  async subjects(db, { from, to }) {
    const statement = { name: 'remind-terms', text: termText, values: [from, to] };
    return looked(await run<Row & pg.QueryResultRow>(db, statement), db);
  },
  async values(subject, { db, now }) {
    const board = await boardFor(subject, db);
    return board === null || boardStanding(board, now).state === 'ended' ? null : valuesOf(board);
  },
};
