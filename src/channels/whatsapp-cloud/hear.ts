import { parseButtonData } from '../../flow/render.js';
import type { Content, InboundMessage, Move, Preference, Receipt } from '../contract.js';
import { endOfSecond } from '../contract-seconds.js';
import { lateFaultOf } from './faults.js';
import { idOf, phoneOf } from './ids.js';
import type { CloudMessage, CloudPreference, CloudStatus, Profile } from './notice.js';

/** Who hears it, and when. */
export interface Ear {
  readonly account: string;
  readonly now: Date;
}

/** What a message says that concerns us: new names of its sender first, then what was written; null: nothing was. */
export interface Heard {
  /** Whose messages it follows. */
  readonly line: string;
  readonly moves: readonly Move[];
  readonly message: InboundMessage | null;
}

/** Reads a message; null for what is none of ours: groups, reactions, and what nobody wrote to us. */
export function hear(message: CloudMessage, profiles: readonly Profile[], ear: Ear): Heard | null {
  if (message.group_id !== undefined) return null;
  if (message.type === 'system') return heardChange(message, ear);
  const { phone, userId } = senderOf(message, profiles);
  const address = userId ?? phone;
  const content = contentOf(message);
  if (address === undefined || content === null) return null;
  return {
    line: address,
    moves: movesTo(userId, [phone], phoneOf(phone), ear),
    message: {
      ...{ channel: 'whatsapp-cloud', account: ear.account, dedupeKey: idOf(message.id), address },
      ...{ phone: phoneOf(phone), content, writtenAt: endOfSecond(message.timestamp, ear.now) },
    },
  };
}

/**
 * A person has both ids, or one of them: who hides the number has the user id alone, who wrote long ago the number. A message that
 * names nobody is of the only person the call speaks of.
 */
function senderOf({ from, from_user_id }: CloudMessage, profiles: readonly Profile[]) {
  const named = profiles.find(({ wa_id, user_id }) => sameAs(wa_id, from) || sameAs(user_id, from_user_id));
  const isNamed = from !== undefined || from_user_id !== undefined;
  const profile = isNamed || profiles.length > 1 ? named : profiles[0];
  const phone = from ?? profile?.wa_id;
  return { phone, userId: from_user_id ?? profile?.user_id };
}

function sameAs(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}

/** Another number, or another id: what the person was called before becomes what they are called now. */
function heardChange({ from, system }: CloudMessage, ear: Ear): Heard | null {
  const to = system?.user_id ?? system?.wa_id;
  if (system === undefined || to === undefined || !/^user_changed_/.test(system.type)) return null;
  const moves = movesTo(to, [system.previous_user_id, from], phoneOf(system.wa_id), ear);
  return { line: system.previous_user_id ?? from ?? to, moves, message: null };
}

function movesTo(
  to: string | undefined,
  before: readonly (string | undefined)[],
  phone: string | null,
  { account }: Ear,
): readonly Move[] {
  if (to === undefined) return [];
  return before.flatMap((from) => (from === undefined || from === to ? [] : [{ account, from, to, phone }]));
}

/** Null: nothing that asks for an answer, or a notice about an earlier message. */
const silent: ReadonlySet<string> = new Set(['reaction', 'edit', 'revoke', 'request_welcome']);

function contentOf(message: CloudMessage): Content | null {
  if (silent.has(message.type)) return null;
  const { text, location, contacts } = message;
  if (text !== undefined) return { kind: 'text', text: text.body };
  if (location !== undefined)
    return { kind: 'location', latitude: location.latitude, longitude: location.longitude };
  if (contacts !== undefined) return { kind: 'text', text: cardNumber(contacts) };
  return choiceOf(message) ?? fileOf(message) ?? { kind: 'text', text: '' };
}

/** The card of anybody: its number answers a question and proves nothing. */
function cardNumber(contacts: NonNullable<CloudMessage['contacts']>): string {
  const first = contacts[0]?.phones[0];
  return phoneOf(first?.wa_id) ?? first?.phone ?? '';
}

function choiceOf({ interactive, button }: CloudMessage): Content | null {
  const tapped = interactive?.button_reply ?? interactive?.list_reply;
  if (tapped !== undefined) return pressed(tapped.id, tapped.title);
  return button === undefined ? null : pressed(button.payload ?? '', button.text);
}

function pressed(data: string, label: string): Content {
  const known = parseButtonData(data);
  return known === null ? { kind: 'text', text: label } : { kind: 'choice', ...known, label };
}

function fileOf({ image, document, video, audio }: CloudMessage): Content | null {
  const file = image ?? document ?? video ?? audio;
  if (file === undefined) return null;
  const { id, filename, mime_type, caption = null } = file;
  return { kind: 'file', ref: id, name: filename ?? null, mime: mime_type ?? null, size: null, caption };
}

const reported = { sent: 'accepted', delivered: 'delivered', read: 'read', played: 'read' } as const;

/** Our own id of a message; what another program sends over this number may carry anything. */
const ownId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads what became of a message of ours; null for what changes nothing. */
export function receiptOf(status: CloudStatus, { account, now }: Ear): Receipt | null {
  const { id, timestamp, biz_opaque_callback_data: own = '', errors } = status;
  const parcelId = ownId.test(own) ? own : null;
  const which = { account, providerId: idOf(id), parcelId, at: new Date(timestamp * 1000) };
  if (status.status === 'failed')
    return { ...which, kind: 'failed', fault: lateFaultOf(errors[0]?.code ?? unknownError, now) };
  const kind = Object.entries(reported).find(([name]) => name === status.status)?.[1];
  return kind === undefined ? null : { ...which, kind };
}

/** "Something went wrong": what Meta says when it does not say more. */
const unknownError = 131_000;

/** Reads what a person takes of us; null for what is not about advertising. A person may be known by either id. */
export function preferencesOf(preference: CloudPreference, { account }: Ear): readonly Preference[] {
  const { wa_id, user_id, category, value, timestamp } = preference;
  if (category !== 'marketing_messages' || (value !== 'stop' && value !== 'resume')) return [];
  const at = new Date(timestamp * 1000);
  const addresses = [user_id, wa_id].filter((address) => address !== undefined);
  return addresses.map((address) => ({ account, address, takesMarketing: value === 'resume', at }));
}
