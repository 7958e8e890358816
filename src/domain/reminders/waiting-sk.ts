import type pg from 'pg';
import { dayInWib, showDate } from '../../flow/calendar.js';
import { numberType, recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import { viewerNow } from '../helpers.js';
import { rolesThatMay } from '../roles.js';
import { waitingStates } from '../sk.js';
import { countWaitingSk } from '../sk-queue.js';
import { canBeReminded } from './reachable.js';
import type { Subject } from './slots.js';
import type { ReminderSource } from './source.js';

// Who can decide is asked again, by the one decision, when it is told; here those are found for whom something may wait. Nobody verifies his own.
const subjectsText = `
SELECT 'antrean' AS about, v.id AS "contactId", NULL AS day, min(a.changed_at) AS since, NULL::timestamptz AS until FROM (
  SELECT DISTINCT c.id, c.simulator, g.area FROM role_grant g JOIN address d ON d.phone_index = g.phone_index
  JOIN contact c ON c.id = d.contact_id AND c.simulator = g.simulator
  WHERE g.revoked_at IS NULL AND g.role = ANY($1::text[]) AND ${canBeReminded('c.id')}) v
JOIN member m ON m.simulator = v.simulator AND m.standing = 'active' AND (m.region_code = v.area OR starts_with(m.region_code, v.area || '.')
  OR v.area = 'residency/' || (SELECT home.residency_id FROM region home WHERE home.code = left(m.region_code, 5)))
JOIN sk_member a ON a.member_id = m.id AND a.document_id IS NOT NULL AND a.status = ANY($2::text[])
WHERE NOT EXISTS (SELECT FROM member_contact l WHERE l.member_id = m.id AND l.contact_id = v.id)
GROUP BY v.id`;

const simulatorText = 'SELECT simulator FROM contact WHERE id = $1';

/** The queue of SK of everybody who may verify some, by the week. */
export const waitingSk: ReminderSource = {
  dated: false,
  variables: { antrean: recordType('antrean', { jumlah: numberType, sejak: textType }) },
  example: { antrean: { jumlah: 10_000, sejak: '30 September 2026' } },
  subjects(db) {
    const values = [rolesThatMay('verify-sk'), waitingStates];
    return run<Subject & pg.QueryResultRow>(db, { name: 'remind-sk', text: subjectsText, values });
  },
  async values({ contactId, since }, { db, now }) {
    const statement = { name: 'remind-world', text: simulatorText, values: [contactId] };
    const [contact] = await run<{ simulator: boolean }>(db, statement);
    const viewer = await viewerNow(db, contactId, contact?.simulator ?? false);
    const jumlah = await countWaitingSk(viewer, { db, now });
    return jumlah === 0 ? null : { antrean: { jumlah, sejak: showDate(dayInWib(since)) } };
  },
};
