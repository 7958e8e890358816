import { showDate } from '../flow/calendar.js';
import type { Woken } from '../store/statement.js';
import { aYearBefore, isToBeConfirmed } from './board.js';
import { boardOf } from './boards.js';
import { findHelper, viewerNow } from './helpers.js';
import { type News, type NewsRule, tellDue } from './news.js';
import { sendTo } from './reach.js';
import { dayInWib } from './wib.js';

interface Due {
  readonly area: string;
  readonly simulator: boolean;
}

// There are 42 boards at most.
const isDue = `confirmed_at <= $1 AND (asked_at IS NULL OR asked_at <= $1)`;
const dueText = `SELECT area, simulator FROM board WHERE ${isDue} ORDER BY area, simulator`;
const claimText = `UPDATE board SET asked_at = $4 WHERE area = $2 AND simulator = $3 AND ${isDue} RETURNING area`;
/** Nobody is left out of those who may be asked. */
const nobody = '00000000-0000-0000-0000-000000000000';

const yearly = ({ vault, newId }: News): NewsRule<Due> => ({
  due: (now) => ({ name: 'board-due', text: dueText, values: [aYearBefore(now)] }),
  claim: ({ area, simulator }, now) => ({
    name: 'board-ask',
    text: claimText,
    values: [aYearBefore(now), area, simulator, now],
  }),
  async say({ area, simulator }, now, db) {
    const need = {
      act: 'manage-board',
      area,
      simulator,
      contactId: nobody,
      declined: [],
      above: null,
    } as const;
    const helper = await findHelper(db, need);
    if (helper === null) return [];
    const board = await boardOf(await viewerNow(db, helper.contactId, simulator), area, db);
    if (board?.confirmedAt == null || !isToBeConfirmed(board, now)) return [];
    const text = `Kepengurusan IPSM ${board.place} terakhir dipastikan pada ${showDate(dayInWib(board.confirmedAt))}. Setahun sekali kami mohon dipastikan lagi.\n\nKetik *PENGURUS* untuk menjawab apakah masih sama.`;
    return sendTo(helper, text, null, { vault, newId, now });
  },
});

/** Asks once a year whoever looks after a board whether it is still the same. Gives what can be sent. */
export function askOfBoards(news: News): Promise<readonly Woken[]> {
  return tellDue(news, yearly(news));
}
