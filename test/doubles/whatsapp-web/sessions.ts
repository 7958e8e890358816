import { deflateSync } from 'node:zlib';
import { type BinaryNode, proto } from '@whiskeysockets/baileys';
import { type End, endOf, refusalOf } from './ends.js';
import type { Link, LinkListener } from './link.js';
import { at, childrenOf, node, server } from './nodes.js';
import { Outbound } from './outbound.js';
import { Pairing } from './pairing.js';
import type { Device, Phone } from './phones.js';
import { answer, nameOf } from './queries.js';
import { reuploaded } from './reupload.js';
import type { World } from './world.js';

/** The talks with clients, from the login to the end. */
export class Sessions implements LinkListener {
  readonly pairing: Pairing;
  readonly #world: World;
  readonly #outbound: Outbound;
  readonly #links = new Map<Link, Device | null>();

  constructor(world: World) {
    this.#world = world;
    this.pairing = new Pairing(world);
    this.#outbound = new Outbound(world);
  }

  /** A client has said who it is: one that wants to be linked, or a linked device. */
  readonly opened = (link: Link, client: proto.ClientPayload): void => {
    const code = this.#world.faults.takeLogin();
    if (code !== null) end(link, refusalOf(code));
    else if (client.devicePairingData) this.#offer(link);
    else this.#login(link, this.#world.device(String(client.username), client.device ?? 0));
  };

  readonly received = (link: Link, stanza: BinaryNode): void => {
    const device = this.#links.get(link);
    if (device === undefined) return;
    if (stanza.tag === 'iq') this.#ask(link, device, stanza);
    else if (device !== null && stanza.tag === 'message') this.#outbound.take(link, device, stanza);
    else if (device !== null) this.#hear(link, device, stanza);
  };

  readonly closed = (link: Link): void => {
    const device = this.#links.get(link);
    this.#links.delete(link);
    this.pairing.forget(link);
    if (device?.link !== link) return;
    device.link = null;
    device.mailbox.rest();
  };

  /** Ends what the devices of a phone are saying, or of all. */
  end(code: End, phone?: Phone): void {
    for (const [link, device] of this.#links)
      if (phone === undefined || device?.phone === phone) end(link, endOf(code));
  }

  /** Cuts all wires. */
  cut(phone?: Phone): void {
    for (const [link, device] of this.#links) if (phone === undefined || device?.phone === phone) link.cut();
  }

  /** From now on nothing is said, or said again. */
  silence(isSilent: boolean): void {
    for (const link of this.#links.keys()) link.isSilent = isSilent;
  }

  #offer(link: Link): void {
    this.#links.set(link, null);
    this.pairing.offer(link);
  }

  #login(link: Link, device: Device | null): void {
    if (device === null) end(link, refusalOf(401));
    else this.#enter(link, device);
  }

  #enter(link: Link, device: Device): void {
    if (device.link !== null) end(device.link, endOf(440));
    device.mailbox.rest();
    device.link = link;
    this.#links.set(link, device);
    link.send(node('success', { t: this.#world.seconds(), lid: device.lid }));
    const count = String(device.mailbox.waiting.length);
    const kinds = { message: count, notification: '0', receipt: '0', appdata: '0', count };
    link.send(node('ib', { from: server }, [node('offline_preview', kinds)]));
  }

  #ask(link: Link, device: Device | null, query: BinaryNode): void {
    if (query.attrs.type === 'result') this.#linked(link, query);
    else this.#query(link, device, query);
  }

  #query(link: Link, device: Device | null, query: BinaryNode): void {
    const name = nameOf(query);
    this.#world.queries.push(name);
    const until = this.#world.faults.takeQuery(name) ?? Promise.resolve();
    const asked = { world: this.#world, pairing: this.pairing, link, device, query };
    until
      .then(() => answer(asked))
      .then((result) => link.send(result))
      .catch(() => link.cut());
  }

  /** A client that was just linked has to log in anew. */
  #linked(link: Link, result: BinaryNode): void {
    if (at(result, 'pair-device-sign') !== undefined) end(link, endOf(515));
  }

  #hear(link: Link, device: Device, stanza: BinaryNode): void {
    const { id = '', type, to } = stanza.attrs;
    if (stanza.tag === 'ack') device.mailbox.confirm(stanza.attrs.class ?? '', id);
    if (stanza.tag === 'ib' && at(stanza, 'offline_batch') !== undefined) this.#catchUp(link, device);
    if (stanza.tag === 'chatstate')
      this.#world.typing.push({ to: to ?? '', state: stateOf(childrenOf(stanza)[0]) });
    if (stanza.tag === 'presence' && to === undefined) device.presence = type ?? device.presence;
    if (stanza.tag === 'receipt') this.#receipt(link, device, stanza);
  }

  #receipt(link: Link, device: Device, stanza: BinaryNode): void {
    const { id = '', type, to } = stanza.attrs;
    if (type === 'retry') this.#sealAgain(device, id);
    else if (type === 'server-error') this.#uploadAgain(device, stanza);
    else if (type?.startsWith('read') === true) this.#world.seen.push(id, ...listed(stanza));
    else for (const one of [id, ...listed(stanza)]) device.mailbox.confirm('message', one);
    link.send(node('ack', { class: 'receipt', id, type, from: to }));
  }

  /** A device cannot read a message: whoever wrote it seals it anew. */
  #sealAgain(device: Device, id: string): void {
    const author = this.#world.people.find((one) => one.sentAs(id) !== null);
    this.#world.inOrder(async () => author?.sendsAgain(id, device));
  }

  /** A device finds no file any more: the phone says where it is now. */
  #uploadAgain({ mailbox, phone: { pn: from } }: Device, request: BinaryNode): void {
    const { id = '' } = request.attrs;
    const message = this.#world.people.map((one) => one.sentAs(id)).find((one) => one !== null) ?? {};
    mailbox.put(reuploaded(this.#world.media, { request, message, from }));
  }

  /** What was missed; the first time also the news of the account, without which the client waits long. */
  #catchUp(link: Link, device: Device): void {
    device.mailbox.replay(link);
    if (device.hasHistory) return;
    device.hasHistory = true;
    device.mailbox.put(historyOf(device, this.#world.nextId(), this.#world.seconds()));
  }
}

function stateOf(sign: BinaryNode | undefined): string {
  return sign?.attrs.media === 'audio' ? 'recording' : (sign?.tag ?? '');
}

function listed(receipt: BinaryNode): readonly string[] {
  return childrenOf(at(receipt, 'list')).map(({ attrs }) => attrs.id ?? '');
}

function end(link: Link, last: BinaryNode): void {
  link.send(last);
  link.close();
}

/** The news of an account that has nothing to tell, from its own phone. */
function historyOf(device: Device, id: string, t: string): BinaryNode {
  const syncType = proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP;
  const payload = deflateSync(proto.HistorySync.encode({ syncType }).finish());
  const historySyncNotification = { syncType, initialHistBootstrapInlinePayload: payload, progress: 100 };
  const type = proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION;
  const message = proto.Message.encode({ protocolMessage: { type, historySyncNotification } }).finish();
  const attrs = { id, t, from: device.phone.pn, type: 'text', category: 'peer' };
  return node('message', attrs, [node('plaintext', {}, message)]);
}
