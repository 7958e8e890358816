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
}

/** What the server tells of a group. */
export function metadataOf({ jid, subject, addressing, phone, members }: Group): BinaryNode {
  const named = ({ pn, lid }: { readonly pn: string; readonly lid: string }, type?: string) =>
    addressing === 'lid'
      ? node('participant', { jid: lid, phone_number: pn, type })
      : node('participant', { jid: pn, lid, type });
  const attrs = {
    ...{ id: jid.split('@')[0], subject, addressing_mode: addressing, s_t: '1', creation: '1' },
    ...{ creator: addressing === 'lid' ? phone.lid : phone.pn, size: String(members.length + 1) },
  };
  return node('group', attrs, [named(phone, 'superadmin'), ...members.map((member) => named(member))]);
}
