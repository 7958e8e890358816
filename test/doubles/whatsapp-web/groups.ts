import type { BinaryNode } from '@whiskeysockets/baileys';
import { node } from './nodes.js';
import type { Person } from './people.js';
import type { Phone } from './phones.js';

/** How the members of a group are named on the wire. */
export type Addressing = 'pn' | 'lid';

/** A group with the account in it. */
export interface Group {
  readonly jid: string;
  readonly subject: string;
  readonly addressing: Addressing;
  readonly phone: Phone;
  readonly members: Person[];
  /** Only its admins may write. */
  readonly onlyAdmins: boolean;
  /** The account is one of them. */
  readonly isAdmin: boolean;
  /** The account is in it. */
  isIn: boolean;
}

/** What a group that is made may be. */
export interface GroupOptions {
  readonly subject?: string;
  readonly addressing?: Addressing;
  readonly onlyAdmins?: boolean;
  readonly isAdmin?: boolean;
}

/** Whether the account may write there. */
export function isShut({ isIn, onlyAdmins, isAdmin }: Group): boolean {
  return !isIn || (onlyAdmins && !isAdmin);
}

/** The news that the account was taken into a group, or out of it, by the first of its people. */
export function newsOf(
  { jid, phone, members }: Group,
  what: 'add' | 'remove',
  id: string,
  t: string,
): BinaryNode {
  const one = node('participant', { jid: phone.lid, phone_number: phone.pn });
  const attrs = { id, t, type: 'w:gp2', from: jid, participant: members[0]?.lid, notify: 'Contoh' };
  return node('notification', attrs, [node(what, {}, [one])]);
}

/** What the server tells of a group. */
export function metadataOf(group: Group): BinaryNode {
  const { jid, subject, addressing, phone, members, onlyAdmins, isAdmin } = group;
  const named = ({ pn, lid }: { readonly pn: string; readonly lid: string }, type?: string) =>
    addressing === 'lid'
      ? node('participant', { jid: lid, phone_number: pn, type })
      : node('participant', { jid: pn, lid, type });
  const attrs = {
    ...{ id: jid.split('@')[0], subject, addressing_mode: addressing, s_t: '1', creation: '1' },
    ...{ creator: addressing === 'lid' ? phone.lid : phone.pn, size: String(members.length + 1) },
  };
  const people = [
    named(phone, isAdmin ? 'superadmin' : undefined),
    ...members.map((member) => named(member)),
  ];
  return node('group', attrs, [...(onlyAdmins ? [node('announcement')] : []), ...people]);
}
