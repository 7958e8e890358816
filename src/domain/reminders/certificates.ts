import type pg from 'pg';
import { showDate } from '../../flow/calendar.js';
import { titleCase } from '../../flow/text.js';
import { recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import { canBeReminded } from './reachable.js';
import type { Subject } from './slots.js';
import type { ReminderSource } from './source.js';

const ends = `(c.expires_on::date + time '20:00') AT TIME ZONE 'Asia/Jakarta'`;
const subjectsText = `
SELECT c.id::text AS about, l.contact_id AS "contactId", c.expires_on AS day, c.created_at AS since, ${ends} AS until
FROM certificate c JOIN member m ON m.id = c.member_id AND m.standing = 'active' JOIN member_contact l ON l.member_id = m.id
WHERE c.expires_on BETWEEN $1 AND $2 AND ${canBeReminded('l.contact_id')}`;

// FOR KEY SHARE: one that is removed in this moment is not told of.
const valuesText = `SELECT m.name, c.expires_on AS "expiresOn" FROM certificate c JOIN member m ON m.id = c.member_id
WHERE c.id = $1 AND m.standing = 'active' FOR KEY SHARE OF c`;

interface Row {
  readonly name: string;
  readonly expiresOn: string;
}

/** Certificates of competence, by the day on which they end; told to the phones that speak for their members. */
export const endingCertificates: ReminderSource = {
  dated: true,
  variables: { sertifikat: recordType('sertifikat', { nama: textType, sampai: textType }) },
  example: { sertifikat: { nama: 'N'.repeat(100), sampai: '30 September 2026' } },
  subjects: (db, { from, to }) =>
    run<Subject & pg.QueryResultRow>(db, {
      name: 'remind-certificates',
      text: subjectsText,
      values: [from, to],
    }),
  async values({ about }, { db }) {
    const statement = { name: 'remind-certificate', text: valuesText, values: [about] };
    const [row] = await run<Row>(db, statement);
    if (row === undefined) return null;
    return { sertifikat: { nama: titleCase(row.name), sampai: showDate(row.expiresOn) } };
  },
};
