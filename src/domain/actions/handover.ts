import { z } from 'zod';
import { isRecord, type Json } from '../../flow/json.js';
import { recordType, textType } from '../../flow/types.js';
import { run, type Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { maskNumbers } from '../mask.js';
import { type Area, province, roleNames } from '../roles.js';
import { defineAction, outcome } from './define.js';
import { spokenFor } from './member.js';

interface Helper {
  readonly contactId: string;
  readonly addressId: string;
  readonly account: string;
  readonly place: string;
}

// The nearest first: a village before its district, before its regency, before the eks-karesidenan, before the province;
// in one area operators before those above them. Only who has written to the bot can be reached by it.
const nearestHelper = `
WITH ladder AS (
  SELECT g.phone_index, g.role, g.area, CASE WHEN g.area LIKE 'residency/%' THEN 4 ELSE length(g.area) END AS nearness
  FROM role_grant g
  WHERE g.revoked_at IS NULL AND g.simulator = $1 AND g.role = ANY($3::text[])
    AND ($2::text = g.area OR $2 LIKE g.area || '.%' OR g.area = 'residency/' || (
      SELECT r.residency_id FROM region r WHERE r.code = left($2, 5)))
)
SELECT c.id AS "contactId", a.id AS "addressId", a.account,
  coalesce((SELECT r.kind || ' ' || r.name FROM region r WHERE r.code = l.area),
    (SELECT 'eks-karesidenan ' || y.name FROM residency y WHERE 'residency/' || y.id = l.area), 'Provinsi Jawa Tengah') AS place
FROM ladder l JOIN address a ON a.phone_index = l.phone_index JOIN contact c ON c.id = a.contact_id AND c.simulator = $1
WHERE c.id <> $4::uuid
ORDER BY l.nearness DESC, array_position($3::text[], l.role), a.created_at LIMIT 1`;

const openHandover = `
INSERT INTO handover (id, contact_id, reason, area, operator_id, context_sealed, opened_at)
VALUES ($1, $2, 'asked', $3, $4, $5, $6)`;
const refreshHandover = `UPDATE handover SET area = $2, operator_id = $3, context_sealed = $4,
  opened_at = CASE WHEN $5::boolean THEN $6::timestamptz ELSE opened_at END WHERE id = $1`;
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
    const home = await homeOf(context);
    const [helper, already, sealed] = await Promise.all([
      findHelper(home, context),
      openRow(context),
      recentMessages(context),
    ]);
    const asked = { home, helper, already, sealed };
    const writes = [rowStatement(asked, context), ...tell(asked, context)];
    return helper === null
      ? outcome('nobody', {}, writes)
      : outcome('opened', { petugas: { wilayah: helper.place } }, writes);
  },
});

/** What one request for help came to. */
interface Asked {
  readonly home: Area;
  readonly helper: Helper | null;
  readonly already: OpenRow | null;
  readonly sealed: Buffer;
}

/** The duty region of a contact; of several members what they have in common, of somebody who registers the one he gave, of a stranger the province. */
async function homeOf(context: ActionContext): Promise<Area> {
  const [first, ...others] = (await spokenFor(context)).map((member) => member.regionCode.split('.'));
  if (first === undefined) return context.regionCode ?? province;
  const end = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return (end < 0 ? first : first.slice(0, end)).join('.') || province;
}

async function findHelper(home: Area, context: ActionContext): Promise<Helper | null> {
  const values = [context.simulator, home, askable, context.contactId];
  const rows = await run<Helper>(context.db, { name: 'handover-helper', text: nearestHelper, values });
  return rows[0] ?? null;
}

interface OpenRow {
  readonly id: string;
  readonly operatorId: string | null;
  readonly openedAt: Date;
}

/** Who asks again after this long has not been helped: the helper is told again. */
const tellAgainMs = 60 * 60 * 1000;

/** Asking twice does not make two rows. */
async function openRow({ db, contactId }: ActionContext): Promise<OpenRow | null> {
  const text = `SELECT id, operator_id AS "operatorId", opened_at AS "openedAt" FROM handover
    WHERE contact_id = $1 AND reason = 'asked' AND closed_at IS NULL LIMIT 1`;
  const rows = await run<OpenRow>(db, { name: 'handover-open-row', text, values: [contactId] });
  return rows[0] ?? null;
}

/** The row waits in the area of the member, not of the helper: whoever gets a role there later finds it. */
function rowStatement({ home, helper, already, sealed }: Asked, context: ActionContext): Statement {
  const { newId, contactId, now } = context;
  const operator = helper?.contactId ?? null;
  if (already !== null)
    return {
      name: 'handover-refresh',
      text: refreshHandover,
      values: [already.id, home, operator, sealed, mustTell(helper, already, now), now],
    };
  return {
    name: 'handover-open',
    text: openHandover,
    values: [newId(), contactId, home, operator, sealed, now],
  };
}

/** The helper is told once, and again when the same member has to ask again much later. */
function mustTell(helper: Helper | null, already: OpenRow | null, now: Date): boolean {
  if (already === null || already.operatorId !== (helper?.contactId ?? null)) return true;
  return now.getTime() - already.openedAt.getTime() >= tellAgainMs;
}

/** Who asks is in the row, not in the message. */
function tell({ helper, already }: Asked, { newId, vault, now }: ActionContext): readonly Statement[] {
  if (helper === null || !mustTell(helper, already, now)) return [];
  const text = `Ada anggota di wilayah ${helper.place} yang meminta bantuan petugas. Mohon ditindaklanjuti. Terima kasih.`;
  const body = vault.sealJson({ text, choices: [], question: null });
  const values = [newId(), helper.contactId, helper.addressId, helper.account, body, now];
  return [{ name: 'handover-tell', text: tellOperator, values }];
}

interface Said {
  readonly body: Buffer;
  readonly ours: boolean;
  readonly question: string | null;
}

const lastMessages = `
SELECT body, ours, question FROM (
  SELECT body_sealed AS body, true AS ours, question, created_at AS at, seq FROM delivery
  WHERE contact_id = $1 AND lane = 'reply' AND body_sealed IS NOT NULL
  UNION ALL
  SELECT body_sealed, false, NULL, received_at, seq FROM inbound WHERE contact_id = $1 AND body_sealed IS NOT NULL
) AS said ORDER BY at DESC, ours DESC, seq DESC LIMIT ${rememberedMessages}`;

/** The last messages of both sides, so that the helper need not ask again; sealed, and long numbers cut short. */
async function recentMessages({ db, vault, contactId, pendingQuestion }: ActionContext): Promise<Buffer> {
  const rows = await run<Said>(db, { name: 'handover-messages', text: lastMessages, values: [contactId] });
  const messages = rows.toReversed().map(({ body, ours, question }) => ({
    from: ours ? 'bot' : 'member',
    text: maskNumbers(wordsIn(vault.openJson(body))),
    pending: question !== null && question === pendingQuestion,
  }));
  return vault.sealJson({ messages });
}

/** The words of a stored message: what we said, what was typed, or the label of what was chosen. */
function wordsIn(body: Json): string {
  const said = isRecord(body) && isRecord(body.content) ? body.content : body;
  return isRecord(said) ? String(said.text ?? said.label ?? '') : '';
}
