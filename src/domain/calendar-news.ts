import { channelCapabilities } from '../flow/capabilities.js';
import { carriageOf } from '../flow/render.js';
import type { Statement } from '../store/statement.js';
import type { FrozenBroadcast } from './broadcast-kinds.js';

/** Whoever said so has the rakor in the calendar. */
const coming = ['hadir', 'mungkin'];

/** Where no calendar file can be sent. */
const without = Object.values(channelCapabilities)
  .filter((channel) => {
    const file = { kind: 'document', content: '', mime: 'text/calendar', name: '', size: 0 } as const;
    return carriageOf(file, channel) === 'file-type';
  })
  .map(({ channel }) => channel);

// One row for each that tells somebody who comes of the change, over the same address; none at all where nobody comes.
const bringText = `
WITH said AS (SELECT contact_id, member_id, grant_id FROM invitation WHERE rakor_id = $2 AND answer = ANY($7::text[])),
voice AS (
  SELECT contact_id FROM said
  UNION SELECT l.contact_id FROM said s JOIN member_contact l ON l.member_id = s.member_id
  UNION SELECT o.contact_id FROM said s JOIN role_grant g ON g.id = s.grant_id AND g.revoked_at IS NULL
    JOIN address o ON o.phone_index = g.phone_index JOIN contact c ON c.id = o.contact_id AND c.simulator = g.simulator),
coming AS (
  SELECT d.contact_id, d.address_id, d.account FROM delivery d JOIN address a ON a.id = d.address_id
  WHERE d.broadcast_id = $1 AND a.channel <> ALL($6::text[]) AND d.contact_id IN (SELECT contact_id FROM voice)),
made AS (
  INSERT INTO broadcast (id, simulator, kind, urgency, area, audience, rakor_id, state, body_sealed, created_by, created_at,
    approved_by, approved_at, expires_at)
  SELECT $3::uuid, b.simulator, 'calendar', b.urgency, b.area, jsonb_build_object('rakor', k.number, 'answer', to_jsonb($7::text[])), b.rakor_id,
    'running', $4::bytea, b.created_by, $5::timestamptz, b.approved_by, b.approved_at, b.expires_at
  FROM broadcast b JOIN rakor k ON k.id = b.rakor_id WHERE b.id = $1 AND EXISTS (SELECT FROM coming) RETURNING id, expires_at),
people AS (
  INSERT INTO recipient (broadcast_id, member_id, grant_id, contact_id)
  SELECT m.id, r.member_id, r.grant_id, r.contact_id FROM made m JOIN recipient r ON r.broadcast_id = $1
  WHERE r.contact_id IN (SELECT contact_id FROM coming))
INSERT INTO delivery (id, contact_id, address_id, account, lane, state, broadcast_id, due_at, expires_at, created_at)
SELECT gen_random_uuid(), c.contact_id, c.address_id, c.account, 'bulk', 'planned', m.id, $5::timestamptz, m.expires_at, $5::timestamptz
FROM coming c CROSS JOIN made m`;

/**
 * Sends the calendar file that follows a change to those who come, as a broadcast of its own: a message carries one file, and the one of the change is
 * the letter.
 */
export function bringCalendars({ id, rakorId, now, follow }: FrozenBroadcast): readonly Statement[] {
  if (follow === null) return [];
  const values = [id, rakorId, follow.id, follow.body, now, without, coming];
  return [{ name: 'calendars-brought', text: bringText, values }];
}
