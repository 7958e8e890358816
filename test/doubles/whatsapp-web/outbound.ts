import { type BinaryNode, extractMessageContent, type proto } from '@whiskeysockets/baileys';
import type { SendFault } from './faults.js';
import { isShut } from './groups.js';
import type { Link } from './link.js';
import { at, bytesOf, childrenOf, node } from './nodes.js';
import type { Person } from './people.js';
import type { Device } from './phones.js';
import type { Stanza, World } from './world.js';

/** Nobody publishes with which code a message to a group is refused that the account may not write to: this one stands for any. */
const shutGroup = 403;

/** Takes the messages a client sends: reads them as the recipients would, and acknowledges them. */
export class Outbound {
  readonly #world: World;
  #work: Promise<void> = Promise.resolve();

  constructor(world: World) {
    this.#world = world;
  }

  /** A message has come; the messages of all are treated in order, as each key is used once. */
  take(link: Link, from: Device, received: BinaryNode): void {
    const { id = '', to = '' } = received.attrs;
    const stanza: Stanza = {
      id,
      to,
      from,
      node: received,
      outcome: 'pending',
      isAcknowledged: false,
      problem: null,
    };
    this.#world.stanzas.push(stanza);
    this.#work = this.#work.then(() => this.#treat(link, stanza)).catch(() => link.cut());
  }

  async #treat(link: Link, stanza: Stanza): Promise<void> {
    const fault = this.#world.faults.takeSend(this.#addressesOf(stanza));
    const refusal = fault?.kind === 'refuse' ? fault.code : this.#refusalOf(stanza);
    if (fault?.kind === 'cut' && fault.when === 'before') {
      stanza.outcome = 'lost';
      link.cut();
    } else if (refusal !== null) {
      stanza.outcome = refusal;
      this.#acknowledge(link, stanza, refusal);
    } else {
      await this.#show(stanza);
      this.#copy(stanza);
      stanza.outcome = 'accepted';
      this.#answer(link, stanza, fault);
    }
  }

  #answer(link: Link, stanza: Stanza, fault: SendFault | null): void {
    if (fault?.kind === 'cut') link.cut();
    else if (fault?.kind === 'late-ack') void fault.until.then(() => this.#acknowledge(link, stanza));
    else if (fault?.kind !== 'drop-ack') this.#acknowledge(link, stanza);
  }

  #acknowledge(link: Link, stanza: Stanza, error?: number): void {
    const { id, to: from } = stanza;
    const attrs = { id, from, class: 'message', t: this.#world.seconds(), error: error?.toString() };
    const isSent = link.send(node('ack', attrs));
    stanza.isAcknowledged ||= isSent && error === undefined;
  }

  #addressesOf({ to }: Stanza): readonly string[] {
    const person = this.#world.person(to);
    return person === null ? [to] : [to, person.pn, person.lid];
  }

  /** The code of a message the account may not send. */
  #refusalOf({ to, from }: Stanza): number | null {
    const { faults, groups, shown } = this.#world;
    const person = this.#world.person(to);
    const group = groups.get(to);
    if (group !== undefined) return isShut(group) ? shutGroup : null;
    if (person === null) return this.#world.phone(to) === null ? 404 : null;
    if (faults.restriction === 'all') return 463;
    const isOld = person.knows(from.phone) || shown.get(person.pn)?.some((one) => one.from === from.phone.pn);
    return faults.restriction === 'new-chats' && !isOld ? 463 : null;
  }

  async #show(stanza: Stanza): Promise<void> {
    const person = this.#world.person(stanza.to);
    const members = this.#world.groups.get(stanza.to)?.members ?? (person === null ? [] : [person]);
    for (const member of members) {
      try {
        const message = await this.#read(stanza, member);
        if (message !== null) this.#note(stanza, member, message);
      } catch (error) {
        stanza.problem = error;
      }
    }
  }

  /** The other linked devices get what was sealed for them, as the account's own. */
  #copy({ node: whole, from, id, to }: Stanza): void {
    for (const { attrs, content } of childrenOf(at(whole, 'participants'))) {
      const device = this.#world.linkedDevice(attrs.jid ?? '');
      if (device?.phone !== from.phone || !Array.isArray(content)) continue;
      const author = attrs.jid?.endsWith('@lid') ? from.lid : from.jid;
      const t = this.#world.seconds();
      device.mailbox.put(node('message', { id, from: author, recipient: to, type: 'text', t }, content));
    }
  }

  /** What one recipient reads; null when nothing was meant for them, or they cannot read it. */
  async #read(
    { node: whole, from: { lid }, to }: Stanza,
    { keyring, pn, lid: own }: Person,
  ): Promise<proto.IMessage | null> {
    const sealed = childrenOf(at(whole, 'participants')).find(
      ({ attrs: { jid } }) => jid === pn || jid === own,
    );
    const letter = at(sealed, 'enc');
    const message = letter && (await keyring.read(lid, letter.attrs.type ?? '', bytesOf(letter)));
    const groupKey = message?.senderKeyDistributionMessage;
    if (groupKey) await keyring.takeGroupKey(lid, groupKey);
    const forAll = at(whole, 'enc');
    return forAll === undefined ? (message ?? null) : keyring.readInGroup(lid, to, bytesOf(forAll));
  }

  /** People see one message, however often it comes under one id. */
  #note({ id, to, from: { phone } }: Stanza, { pn }: Person, message: proto.IMessage): void {
    const shown = this.#world.shownTo(to);
    const before = shown.find((one) => one.id === id && one.from === phone.pn);
    if (before === undefined)
      shown.push({ id, from: phone.pn, text: textOf(message), message, readers: [pn] });
    else if (!before.readers.includes(pn)) before.readers.push(pn);
  }
}

/** What is written in a message, whatever else it holds. */
function textOf(message: proto.IMessage): string {
  const content = extractMessageContent(message);
  const { conversation, extendedTextMessage, imageMessage, documentMessage, reactionMessage } = content ?? {};
  return (
    conversation ??
    extendedTextMessage?.text ??
    imageMessage?.caption ??
    documentMessage?.caption ??
    reactionMessage?.text ??
    ''
  );
}
