import { phone as phoneInput } from '../flow/inputs/phone.js';
import { isRecord, type Json } from '../flow/json.js';
import { logAccess } from './people.js';
import type { Records } from './records.js';
import { areasFor, type Viewer } from './roles.js';

/** One thing that happened with a contact. */
export interface Happening {
  readonly at: Date;
  readonly what: 'in' | 'fact' | 'out';
  readonly text: string;
}

/** The numbers nobody needs to read in a history: NIK and phone numbers, also with blanks or dots between. */
const longNumber = /\d(?:[ .-]?\d){8,}/g;

/**
 * The chain of events that led here, oldest first, for a contact given by id or phone number; null when there is none.
 * Long numbers are masked, and the look is kept in the access log.
 */
export async function explain(
  viewer: Viewer,
  records: Records,
  contact: string,
): Promise<readonly Happening[] | null> {
  if (areasFor(viewer, 'read-conversation').length === 0) return null;
  const id = await contactId(records, contact);
  if (id === null) return null;
  await logAccess(viewer, records.prisma, 'read-conversation', [id]);
  const happenings = [
    ...(await received(id, records)),
    ...(await facts(id, records)),
    ...(await sent(id, records)),
  ];
  const order = { in: 0, fact: 1, out: 2 };
  return happenings.sort((a, b) => a.at.getTime() - b.at.getTime() || order[a.what] - order[b.what]);
}

async function contactId({ prisma, vault }: Records, contact: string): Promise<string | null> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(contact)) {
    return (await prisma.contact.findUnique({ where: { id: contact } }))?.id ?? null;
  }
  const values = [contact, ...phoneOf(contact)];
  const indexes = values.map((value) => new Uint8Array(vault.index('address', value)));
  return (await prisma.address.findFirst({ where: { valueIndex: { in: indexes } } }))?.contactId ?? null;
}

/** A phone number as people write it, in E.164; nothing when it is none. */
export function phoneOf(typed: string): readonly string[] {
  const regions = { find: () => ({ kind: 'none' as const }), get: () => undefined };
  const context = { options: {}, refs: {}, state: null, now: new Date(0), regions, question: () => '' };
  const parsed = phoneInput.parse(typed, context);
  return parsed.kind === 'ok' && typeof parsed.value === 'string' ? [parsed.value] : [];
}

async function received(id: string, { prisma, vault }: Records): Promise<readonly Happening[]> {
  const rows = await prisma.inbound.findMany({ where: { contactId: id }, orderBy: { seq: 'asc' } });
  return rows.map((row) => {
    const body = row.bodySealed === null ? null : vault.openJson(row.bodySealed);
    return { at: row.receivedAt, what: 'in' as const, text: `${row.state}: ${masked(contentOf(body))}` };
  });
}

function contentOf(body: Json): string {
  const content = isRecord(body) ? body['content'] : null;
  if (!isRecord(content)) return '(erased)';
  return String(content['text'] ?? `[${String(content['label'])}]`);
}

async function facts(id: string, { prisma, vault }: Records): Promise<readonly Happening[]> {
  const rows = await prisma.fact.findMany({ where: { contactId: id }, orderBy: { id: 'asc' } });
  return rows.map((row) => {
    const payload = row.payloadSealed === null ? '' : ` ${JSON.stringify(vault.openJson(row.payloadSealed))}`;
    const place = [row.flow, row.step].filter((part) => part !== null).join('.');
    return {
      at: row.at,
      what: 'fact' as const,
      text: [row.kind, place, row.outcome ?? ''].join(' ').trim() + masked(payload),
    };
  });
}

async function sent(id: string, { prisma, vault }: Records): Promise<readonly Happening[]> {
  const rows = await prisma.delivery.findMany({ where: { contactId: id }, orderBy: { seq: 'asc' } });
  return rows.map((row) => {
    const body = row.bodySealed === null ? null : vault.openJson(row.bodySealed);
    const text = isRecord(body) ? String(body['text']) : '(erased)';
    const state = row.code === null ? row.state : `${row.state} (${row.code})`;
    return { at: row.createdAt, what: 'out' as const, text: `${row.lane} ${state}: ${masked(text)}` };
  });
}

function masked(text: string): string {
  return text.replace(longNumber, (number) => `${number.slice(0, 4)}…`).replace(/\s+/g, ' ');
}
