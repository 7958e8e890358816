import { showDate } from '../flow/calendar.js';
import { titleCase } from '../flow/text.js';
import { run, type Woken } from '../store/statement.js';
import { noticeDays } from './certificate.js';
import { mailboxesOf } from './mailboxes.js';
import { type News, type NewsRule, tellDue } from './news.js';
import { sendTo } from './reach.js';
import { dayInWib } from './wib.js';

interface Due {
  readonly id: string;
  readonly memberId: string;
  readonly name: string;
  readonly expiresOn: string;
  readonly daysBefore: number;
}

// Whose data may not be used is not told, nor who wants no messages or cannot be reached; they are told if that changes in time.
const reachable = `EXISTS (SELECT FROM member_contact l JOIN contact p ON p.id = l.contact_id AND p.opted_out_at IS NULL
  JOIN address a ON a.contact_id = p.id AND a.blocked_at IS NULL WHERE l.member_id = m.id)`;
const left = 'c.expires_on::date - $1::date';
const dueText = `
SELECT d.id, d."memberId", d.name, d."expiresOn", d."daysBefore" FROM (
  SELECT c.id, m.id AS "memberId", m.name, c.expires_on AS "expiresOn",
    CASE WHEN ${left} <= $2::int THEN $2::int ELSE $3::int END AS "daysBefore"
  FROM certificate c JOIN member m ON m.id = c.member_id
  WHERE ${left} BETWEEN 0 AND $3::int AND m.standing = 'active' AND ${reachable}) d
WHERE NOT EXISTS (SELECT FROM certificate_notice n WHERE n.certificate_id = d.id AND n.days_before = d."daysBefore")
ORDER BY d."expiresOn", d.id LIMIT 100`;
const claimText = `INSERT INTO certificate_notice (certificate_id, days_before, told_at)
SELECT c.id, $2::int, $3 FROM certificate c JOIN member m ON m.id = c.member_id
WHERE c.id = $1 AND m.standing = 'active' FOR KEY SHARE OF c ON CONFLICT DO NOTHING RETURNING certificate_id`;
const contactsText = `SELECT p.id FROM member_contact l JOIN contact p ON p.id = l.contact_id
WHERE l.member_id = $1 AND p.opted_out_at IS NULL ORDER BY p.id`;

const ending = ({ vault, newId }: News): NewsRule<Due> => ({
  due: (now) => ({
    name: 'certificate-due',
    text: dueText,
    values: [dayInWib(now), noticeDays.last, noticeDays.first],
  }),
  claim: ({ id, daysBefore }, now) => ({
    name: 'certificate-claim',
    text: claimText,
    values: [id, daysBefore, now],
  }),
  async say({ memberId, name, expiresOn }, now, db) {
    const contacts = { name: 'contacts-to-remind', text: contactsText, values: [memberId] };
    const ids = (await run<{ id: string }>(db, contacts)).map(({ id }) => id);
    const text = `Sertifikat kompetensi atas nama *${titleCase(name)}* berlaku sampai ${showDate(expiresOn)}. Mohon mulai disiapkan perpanjangannya bersama pengurus IPSM setempat.\n\nKetik *SERTIFIKAT* untuk melihatnya, atau *PETUGAS* bila perlu dibantu.`;
    return (await mailboxesOf(db, ids)).flatMap((box) => sendTo(box, text, null, { vault, newId, now }));
  },
});

/** Tells members that their certificate of competence ends: 90 and 30 days before, each once. Gives what can be sent. */
export function remindOfCertificates(news: News): Promise<readonly Woken[]> {
  return tellDue(news, ending(news));
}
