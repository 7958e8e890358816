import { type BinaryNode, proto } from '@whiskeysockets/baileys';
import type { Addressing, Group } from './groups.js';
import { node } from './nodes.js';

/** How a person is named on the wire: by number or LID, each with the other beside it, or the LID alone. */
export type Naming = Addressing | 'lid-only';

/** Two addresses of one person. */
export interface Named {
  readonly pn: string;
  readonly lid: string;
}

/** Where a message is written: to the account, in a group, or for all who look at the status. */
export type Place = { readonly group: Group } | 'chat' | 'status';

/** What a message stanza is made of. */
export interface Letter {
  readonly id: string;
  readonly at: string;
  readonly author: Named & { readonly name: string };
  readonly naming: Naming;
  readonly place: Place;
  readonly message: proto.IMessage;
}

/** The message as it comes over the wire. */
export function stanzaOf(letter: Letter, content = plain(letter.message)): BinaryNode {
  const { id, at, author, message } = letter;
  const attrs = { id, t: at, notify: author.name, type: kindOf(message), ...addressesOf(letter) };
  return node('message', attrs, content);
}

/** What somebody writes on the account's own phone. */
export function ownStanzaOf(
  id: string,
  at: string,
  from: string,
  recipient: string,
  text: string,
): BinaryNode {
  return node('message', { id, t: at, from, recipient, type: 'text' }, plain({ conversation: text }));
}

function plain(message: proto.IMessage): BinaryNode[] {
  return [node('plaintext', {}, proto.Message.encode(message).finish())];
}

function addressesOf({ author, naming, place }: Letter): Readonly<Record<string, string | undefined>> {
  const byNumber = naming === 'pn';
  const from = byNumber ? author.pn : author.lid;
  const other = naming === 'lid-only' ? undefined : byNumber ? author.lid : author.pn;
  const suffix = byNumber ? 'lid' : 'pn';
  const addressing_mode = byNumber ? 'pn' : 'lid';
  if (place === 'chat') return { from, [`sender_${suffix}`]: other, addressing_mode };
  const chat = place === 'status' ? 'status@broadcast' : place.group.jid;
  return { from: chat, participant: from, [`participant_${suffix}`]: other, addressing_mode };
}

/** The kind of message, as the stanza names it. */
function kindOf({
  reactionMessage,
  imageMessage,
  documentMessage,
  locationMessage,
  contactMessage,
}: proto.IMessage): string {
  if (reactionMessage) return 'reaction';
  return imageMessage || documentMessage || locationMessage || contactMessage ? 'media' : 'text';
}
