import type pg from 'pg';
import { dayInWib } from '../../flow/calendar.js';
import { numberType, recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import {
  dayOfRakor,
  hoursOfRakor,
  momentInWords,
  type Rakor,
  type RakorRow,
  rakorColumns,
  rakorOf,
} from '../rakor.js';
import { canBeReminded } from './reachable.js';
import { daysBetween, type Subject } from './slots.js';
import type { ReminderSource } from './source.js';

// Whose invitation is still to be sent is not reminded of it. Of several on one phone one is enough.
const subjectsText = `
SELECT DISTINCT ON (k.id, i.contact_id) i.id::text AS about, i.contact_id AS "contactId", k.starts_at AS until,
  to_char(k.starts_at AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM-DD') AS day, coalesce(i.answered_at, i.created_at) AS since
FROM rakor k JOIN invitation i ON i.rakor_id = k.id AND i.answer IS NOT DISTINCT FROM $3
WHERE k.state IN ('called', 'held') AND k.starts_at >= ($1::date::timestamp AT TIME ZONE 'Asia/Jakarta')
  AND k.starts_at < (($2::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta') AND i.contact_id IS NOT NULL AND ${canBeReminded('i.contact_id')}
  AND NOT EXISTS (SELECT FROM member m WHERE m.id = i.member_id AND m.standing <> 'active')
  AND NOT EXISTS (SELECT FROM delivery d JOIN broadcast b ON b.id = d.broadcast_id
    WHERE d.contact_id = i.contact_id AND b.rakor_id = k.id AND b.kind = 'invitation' AND d.state IN ('planned', 'due', 'leased', 'written'))
ORDER BY k.id, i.contact_id, i.id`;

// FOR SHARE: whoever answers in this moment is not asked once more.
const rakorText = `SELECT ${rakorColumns} FROM invitation i JOIN rakor k ON k.id = i.rakor_id
WHERE i.id = $1 AND i.answer IS NOT DISTINCT FROM $2 AND k.state = 'called' FOR SHARE OF i, k`;

const fields = {
  ...{ acara: textType, hari: textType, pukul: textType, tempat: textType, dibawa: textType },
  ...{ batas: textType, lagi: numberType },
};

const example = {
  ...{
    acara: 'A'.repeat(300),
    hari: 'Rabu, 30 September 2026',
    tempat: 'T'.repeat(300),
    dibawa: 'D'.repeat(300),
  },
  ...{ pukul: 'pukul 08.00 WIB s.d. Kamis, 30 September 2026 pukul 12.00 WIB', lagi: 7 },
  batas: 'Kamis, 30 September 2026 pukul 12.00 WIB',
};

function wordsOf(rakor: Rakor, now: Date) {
  const { acara, tempat, dibawa } = rakor.details;
  const { answerBy, startsAt } = rakor;
  const batas = answerBy === null || answerBy <= now ? null : momentInWords(answerBy);
  const lagi = daysBetween(dayInWib(now), dayInWib(startsAt));
  return { acara, tempat, dibawa, batas, lagi, hari: dayOfRakor(rakor), pukul: hoursOfRakor(rakor) };
}

/** Invitations to a rakor with one answer (null: none yet), by its day; until it begins. */
export function invitationsBy(answer: string | null): ReminderSource {
  return {
    dated: true,
    variables: { rakor: recordType('rakor', fields) },
    example: { rakor: example },
    subjects: (db, { from, to }) =>
      run<Subject & pg.QueryResultRow>(db, {
        name: 'remind-invitations',
        text: subjectsText,
        values: [from, to, answer],
      }),
    async values({ about }, { db, vault, now }) {
      const statement = { name: 'remind-rakor', text: rakorText, values: [about, answer] };
      const [row] = await run<RakorRow & pg.QueryResultRow>(db, statement);
      return row === undefined ? null : { rakor: wordsOf(rakorOf(row, vault), now) };
    },
  };
}
