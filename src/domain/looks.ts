import { showDate } from '../flow/calendar.js';
import { type Queryable, run } from '../store/statement.js';
import { placeName } from './places.js';
import { roleNames, roleWords } from './roles.js';

const atTheMachine = 'pengelola sistem';
const noRoleKnown = 'petugas IPSM';

/** So many lines are told; who wants to know of earlier looks asks an officer. */
const mostLines = 5;

interface Look {
  readonly day: string;
  readonly local: boolean;
  readonly role: string | null;
  readonly place: string | null;
}

// Whoever looked is told by the highest role held on that day, and never by name. Several looks of one day are one line.
const looksAt = `
SELECT to_char(l.at AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM-DD') AS day, l.machine IS NOT NULL AS local, h.role, h.place
FROM person_key n JOIN audit_entry l ON l.person = n.id AND l.kind = 'look' LEFT JOIN LATERAL (
  SELECT g.role, ${placeName('g.area')} AS place
  FROM person_key o JOIN address a ON a.contact_id = o.subject JOIN role_grant g ON g.phone_index = a.phone_index
  WHERE o.id = l.actor AND g.simulator = $2 AND g.granted_at <= l.at
    AND (g.revoked_at IS NULL OR g.revoked_at > l.at)
  ORDER BY array_position($3::text[], g.role), g.granted_at LIMIT 1
) h ON true
WHERE n.subject = $1 OR n.subject IN (SELECT contact_id FROM member_contact WHERE member_id = $1)
GROUP BY 1, 2, 3, 4 ORDER BY max(l.at) DESC, h.role, h.place LIMIT $4`;

/** Who looked at a member or at the conversations of a member, and when: lines for the member, the latest first; null when nobody did. */
export async function looksTold(db: Queryable, memberId: string, simulator: boolean): Promise<string | null> {
  const lines = await looksAtMember(db, memberId, simulator, mostLines + 1);
  if (lines.length === 0) return null;
  return [...lines.slice(0, mostLines), ...(lines.length > mostLines ? ['dan sebelumnya'] : [])].join('\n');
}

/** The same, a line for each look: so many of them at most, or all. */
export async function looksAtMember(
  db: Queryable,
  memberId: string,
  simulator: boolean,
  most: number | null = null,
): Promise<readonly string[]> {
  const values = [memberId, simulator, roleNames, most];
  const looks = await run<Look>(db, { name: 'looks-at-member', text: looksAt, values });
  return looks.map((look) => `${showDate(look.day)}: ${whoLooked(look)}`);
}

function whoLooked({ local, role, place }: Look): string {
  if (local) return atTheMachine;
  const known = roleNames.find((name) => name === role);
  return known === undefined ? noRoleKnown : `${roleWords[known]} ${place}`;
}
