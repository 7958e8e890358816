import { z } from 'zod';
import type { Json } from '../../flow/json.js';
import { recordType, textType } from '../../flow/types.js';
import { run, type Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { province, roleNames } from '../roles.js';
import { defineAction, outcome } from './define.js';
import { spokenFor } from './member.js';

interface Helper {
  readonly contactId: string;
  readonly addressId: string;
  readonly account: string;
  readonly area: string;
  readonly place: string;
}

// The nearest first: a village before its district, before its regency, before the eks-karesidenan, before the province;
// in one area operators before those above them. Only who has written to the bot can be reached by it.
const nearestHelper = `
WITH home AS (SELECT coalesce((SELECT m.region_code FROM member m WHERE m.id = $2::uuid), $3) AS code),
ladder AS (
  SELECT g.phone_index, g.role, g.area, CASE WHEN g.area LIKE 'residency/%' THEN 4 ELSE length(g.area) END AS nearness
  FROM role_grant g, home h
  WHERE g.revoked_at IS NULL AND g.simulator = $1 AND g.role = ANY($4::text[])
    AND (h.code = g.area OR h.code LIKE g.area || '.%' OR g.area = 'residency/' || (
      SELECT r.residency_id FROM region r WHERE r.code = left(h.code, 5)))
)
SELECT c.id AS "contactId", a.id AS "addressId", a.account, l.area,
  coalesce((SELECT r.kind || ' ' || r.name FROM region r WHERE r.code = l.area),
    (SELECT 'eks-karesidenan ' || y.name FROM residency y WHERE 'residency/' || y.id = l.area), 'Provinsi Jawa Tengah') AS place
FROM ladder l JOIN address a ON a.phone_index = l.phone_index JOIN contact c ON c.id = a.contact_id AND c.simulator = $1
WHERE c.id <> $5::uuid
ORDER BY l.nearness DESC, array_position($4::text[], l.role), a.created_at LIMIT 1`;

const openHandover = `
INSERT INTO handover (id, contact_id, reason, area, operator_id, context_sealed, opened_at)
VALUES ($1, $2, 'asked', $3, $4, $5, $6)`;
const refreshHandover = 'UPDATE handover SET area = $2, operator_id = $3 WHERE id = $1';
const tellOperator = `
INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, due_at, created_at)
VALUES ($1, $2, $3, $4, 'reply', 'due', $5, $6, $6)`;

/** In the order of who is asked first. */
const askable = [...roleNames].filter((role) => role !== 'member').reverse();
const rememberedMessages = 6;

/** Opens a row for the nearest person who can help, and tells them; `nobody` when there is no one, which `doctor` shows. */
export const openForHelp = defineAction({
  signature: {
    takes: {},
    outcomes: { opened: { petugas: recordType('petugas', { wilayah: textType }) }, nobody: {} },
  },
  args: z.object({}),
  async run(_, context) {
    const [helper, already, sealed] = await Promise.all([
      findHelper(context),
      openRow(context),
      recentMessages(context),
    ]);
    const writes = [rowStatement(helper, already, sealed, context), ...tell(helper, already, context)];
    return helper === null
      ? outcome('nobody', {}, writes)
      : outcome('opened', { petugas: { wilayah: helper.place } }, writes);
  },
});

async function findHelper(context: ActionContext): Promise<Helper | null> {
  const [member] = await spokenFor(context);
  const values = [context.simulator, member?.id ?? null, province, askable, context.contactId];
  const rows = await run<Helper>(context.db, { name: 'handover-helper', text: nearestHelper, values });
  return rows[0] ?? null;
}

interface OpenRow {
  readonly id: string;
  readonly operatorId: string | null;
}

/** Asking twice does not make two rows. */
async function openRow({ db, contactId }: ActionContext): Promise<OpenRow | null> {
  const text = `SELECT id, operator_id AS "operatorId" FROM handover
    WHERE contact_id = $1 AND reason = 'asked' AND closed_at IS NULL LIMIT 1`;
  const rows = await run<OpenRow>(db, { name: 'handover-open-row', text, values: [contactId] });
  return rows[0] ?? null;
}

function rowStatement(
  helper: Helper | null,
  already: OpenRow | null,
  sealed: Buffer,
  context: ActionContext,
): Statement {
  const { newId, contactId, now } = context;
  const [area, operator] = [helper?.area ?? province, helper?.contactId ?? null];
  if (already !== null)
    return { name: 'handover-refresh', text: refreshHandover, values: [already.id, area, operator] };
  return {
    name: 'handover-open',
    text: openHandover,
    values: [newId(), contactId, area, operator, sealed, now],
  };
}

/** The helper is told once; who asks is in the row, not in the message. */
function tell(
  helper: Helper | null,
  already: OpenRow | null,
  { newId, vault, now }: ActionContext,
): readonly Statement[] {
  if (helper === null || already?.operatorId === helper.contactId) return [];
  const text = `Ada anggota di wilayah ${helper.place} yang meminta bantuan petugas. Mohon ditindaklanjuti. Terima kasih.`;
  const body = vault.sealJson({ text, choices: [], question: null });
  const values = [newId(), helper.contactId, helper.addressId, helper.account, body, now];
  return [{ name: 'handover-tell', text: tellOperator, values }];
}

/** The last messages of both sides, so that the helper need not ask again. Sealed, like everything people write. */
async function recentMessages({ db, vault, contactId }: ActionContext): Promise<Buffer> {
  const ours = `SELECT body_sealed AS body, created_at AS at FROM delivery WHERE contact_id = $1 AND lane = 'reply' AND body_sealed IS NOT NULL`;
  const theirs = `SELECT body_sealed AS body, received_at AS at FROM inbound WHERE contact_id = $1 AND body_sealed IS NOT NULL`;
  const both = `SELECT body FROM (${ours} UNION ALL ${theirs}) AS said ORDER BY at DESC LIMIT ${rememberedMessages}`;
  const rows = await run<{ body: Buffer }>(db, {
    name: 'handover-messages',
    text: both,
    values: [contactId],
  });
  const messages: readonly Json[] = rows.map((row) => vault.openJson(row.body)).reverse();
  return vault.sealJson({ messages });
}
