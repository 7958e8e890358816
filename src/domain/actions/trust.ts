import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';

const originType = recordType('asal', { terdaftar: textType, ketua: textType });

interface Origin {
  readonly since: Date;
  readonly place: string | null;
}

// A chair is named only where all members behind the phone have the same one, and by the area: no role is tied to a name here.
const originOfContact = `
SELECT min(l.linked_at) AS since, (
  SELECT r.kind || ' ' || r.name FROM region r WHERE count(DISTINCT left(m.region_code, 5)) = 1
    AND r.code = min(left(m.region_code, 5)) AND EXISTS (SELECT FROM role_grant g
      WHERE g.role = 'chair' AND g.area = r.code AND g.simulator = $2 AND g.revoked_at IS NULL)) AS place
FROM member_contact l JOIN member m ON m.id = l.member_id WHERE l.contact_id = $1 HAVING count(*) > 0`;

/** How we came to know this number, and whether the area has a chair: what a member can hold the bot to. */
export const originOfNumber = defineAction({
  signature: { takes: {}, outcomes: { registered: { asal: originType }, wrote: {} } },
  args: z.object({}),
  async run(_, { db, contactId, simulator }) {
    const statement = { name: 'origin-of-contact', text: originOfContact, values: [contactId, simulator] };
    const [origin] = await run<Origin>(db, statement);
    if (origin === undefined) return outcome('wrote');
    const { since, place } = origin;
    return outcome('registered', { asal: { terdaftar: showDate(dayInWib(since)), ketua: place } });
  },
});
