import { phone as phoneInput } from '../flow/inputs/phone.js';
import { isRecord, type Json } from '../flow/json.js';
import type { PrismaClient } from '../store/prisma-client.js';
import { readResidencies } from './areas.js';
import { codesOf, keptAs, mergesOf } from './link-history.js';
import { maskNumbers } from './mask.js';
import { logAccess } from './people.js';
import type { Records } from './records.js';
import { may, province, type ResidencyOf, seesWorld, type Viewer } from './roles.js';

/** One thing that happened with a contact. */
export interface Happening {
  readonly at: Date;
  readonly what: 'in' | 'fact' | 'out';
  readonly text: string;
}

/**
 * The chain of events that led here, oldest first, for a contact given by id or phone number (then for every channel of
 * that number); of one that was made one with another, of the one it goes on as. Null when there is none in the viewer's reach. Long numbers are masked, and the look is kept in the audit.
 */
export async function explain(
  viewer: Viewer,
  records: Records,
  contact: string,
): Promise<readonly Happening[] | null> {
  const residencyOf = await readResidencies(records.prisma);
  const people = await peopleOf(records, contact);
  const ids = people.filter((one) => mayRead(viewer, one, residencyOf)).map((one) => one.id);
  if (ids.length === 0) return null;
  await logAccess(viewer, records, 'read-conversation', ids);
  const parts = ids.flatMap((id) => [
    received(id, records),
    facts(id, records),
    corrected(id, records),
    mergesOf(id, records),
    codesOf(id, records),
    sent(id, records),
  ]);
  const order = { in: 0, fact: 1, out: 2 };
  const happenings = (await Promise.all(parts)).flat();
  return happenings.sort((a, b) => a.at.getTime() - b.at.getTime() || order[a.what] - order[b.what]);
}

interface Person {
  readonly id: string;
  readonly simulator: boolean;
  readonly members: readonly { readonly member: { readonly regionCode: string } }[];
}

const withRegions = { members: { include: { member: { select: { regionCode: true } } } } } as const;

async function peopleOf(records: Records, contact: string): Promise<readonly Person[]> {
  const where = await whoIs(contact, records);
  return records.prisma.contact.findMany({ where, include: withRegions });
}

/** Which of these contacts a viewer may read the conversation of. */
export async function contactsInReach(
  viewer: Viewer,
  prisma: PrismaClient,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const residencyOf = await readResidencies(prisma);
  const people = await prisma.contact.findMany({ where: { id: { in: [...ids] } }, include: withRegions });
  return new Set(people.filter((one) => mayRead(viewer, one, residencyOf)).map(({ id }) => id));
}

async function whoIs(contact: string, records: Records) {
  const { vault } = records;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(contact))
    return { id: await keptAs(contact.toLowerCase(), records) };
  const phones = phoneOf(contact);
  const indexes = (kind: string, values: readonly string[]) =>
    values.map((value) => new Uint8Array(vault.index(kind, value)));
  const valueIndex = { in: indexes('address', [contact, ...phones]) };
  const phoneIndex = { in: indexes('phone', phones) };
  return { addresses: { some: { OR: [{ valueIndex }, { phoneIndex }] } } };
}

/** Who shares a phone shares its conversation, so every member behind it must be in reach; a stranger is the province's. */
function mayRead(viewer: Viewer, { members, simulator }: Person, residencyOf: ResidencyOf): boolean {
  const regions = members.length === 0 ? [province] : members.map(({ member }) => member.regionCode);
  return (
    seesWorld(viewer, simulator) &&
    regions.every((region) => may(viewer, 'read-conversation', region, residencyOf))
  );
}

/** A phone number as people write it, in E.164; nothing when it is none. */
export function phoneOf(typed: string): readonly string[] {
  const regions = { find: () => ({ kind: 'none' as const }), get: () => undefined };
  const context = { options: {}, refs: {}, state: null, now: new Date(0), regions, question: () => '' };
  const parsed = phoneInput.parse(typed, context);
  return parsed.kind === 'ok' && typeof parsed.value === 'string' ? [parsed.value] : [];
}

/** What the person sent; a timer, which nobody sent, is told by its facts. */
async function received(id: string, { prisma, vault }: Records): Promise<readonly Happening[]> {
  const rows = await prisma.inbound.findMany({ where: { contactId: id }, orderBy: { seq: 'asc' } });
  const written = rows.filter((row) => row.kinds[0] !== 'timer');
  return written.map((row) => {
    const body = row.bodySealed === null ? null : vault.openJson(row.bodySealed);
    return { at: row.receivedAt, what: 'in' as const, text: `${row.state}: ${masked(contentOf(body))}` };
  });
}

function contentOf(body: Json): string {
  const content = isRecord(body) ? body.content : null;
  if (!isRecord(content)) return '(erased)';
  if (content.kind === 'signal') return `signal ${String(content.name)}`;
  return String(content.text ?? `[${String(content.label ?? content.kind)}]`);
}

/** What each message led to: the facts stand side by side, their payloads in one sealed list. */
async function facts(id: string, { prisma, vault }: Records): Promise<readonly Happening[]> {
  const rows = await prisma.inbound.findMany({ where: { contactId: id }, orderBy: { seq: 'asc' } });
  return rows.flatMap(({ receivedAt: at, kinds, flows, steps, outcomes, factsSealed }) => {
    const opened = factsSealed === null ? [] : vault.openJson(factsSealed);
    const payloads: readonly Json[] = Array.isArray(opened) ? opened : [];
    return kinds.map((kind, index) => {
      const place = [flows[index], steps[index]].filter(Boolean).join('.');
      const words = [kind, place, outcomes[index]].filter(Boolean).join(' ');
      return { at, what: 'fact' as const, text: words + payloadText(payloads[index] ?? null) };
    });
  });
}

/** What was corrected in a member's data through this contact, and what stood there before. */
async function corrected(id: string, { prisma, vault }: Records): Promise<readonly Happening[]> {
  const rows = await prisma.memberChange.findMany({ where: { contactId: id }, orderBy: { id: 'asc' } });
  return rows.map(({ changedAt: at, item, oldSealed }) => {
    const before = oldSealed === null ? '(nothing)' : masked(vault.open(oldSealed));
    return { at, what: 'fact' as const, text: `corrected ${item}, before: ${before}` };
  });
}

function payloadText(payload: Json): string {
  return payload === null ? '' : ` ${masked(JSON.stringify(payload))}`;
}

async function sent(id: string, { prisma, vault }: Records): Promise<readonly Happening[]> {
  const rows = await prisma.delivery.findMany({ where: { contactId: id }, orderBy: { seq: 'asc' } });
  const broadcasts = await textsOf(
    rows.flatMap(({ broadcastId }) => broadcastId ?? []),
    prisma,
  );
  return rows.map((row) => {
    const sealed = row.bodySealed ?? broadcasts.get(row.broadcastId ?? '') ?? null;
    const body = sealed === null ? null : vault.openJson(sealed);
    const text = isRecord(body) ? String(body.text) : '(erased)';
    const state = row.code === null ? row.state : `${row.state} (${row.code})`;
    return { at: row.createdAt, what: 'out' as const, text: `${row.lane} ${state}: ${masked(text)}` };
  });
}

/** The text of a broadcast stands once, in the broadcast. */
async function textsOf(
  ids: readonly string[],
  prisma: PrismaClient,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = await prisma.broadcast.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, bodySealed: true },
  });
  return new Map(found.map(({ id, bodySealed }) => [id, bodySealed]));
}

function masked(text: string): string {
  return maskNumbers(text).replace(/\s+/g, ' ');
}
