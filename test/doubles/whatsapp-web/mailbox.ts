import type { BinaryNode } from '@whiskeysockets/baileys';
import type { Link } from './link.js';
import { node, server } from './nodes.js';

/** What is kept for one device until it says that it has it. */
export class Mailbox {
  readonly #waiting: BinaryNode[] = [];
  #link: Link | null = null;

  /** Everything the device has not confirmed, in order. */
  get waiting(): readonly BinaryNode[] {
    return this.#waiting;
  }

  /** Keeps a stanza, and sends it when the device is there and has caught up. */
  put(stanza: BinaryNode): void {
    this.#waiting.push(stanza);
    this.#link?.send(stanza);
  }

  /** Sends what was not confirmed, marked as missed; from then on stanzas go out as they come. */
  replay(link: Link): void {
    for (const { tag, attrs, content } of this.#waiting)
      link.send(node(tag, { ...attrs, offline: '0' }, content));
    link.send(node('ib', { from: server }, [node('offline', { count: String(this.#waiting.length) })]));
    this.#link = link;
  }

  /** The device has this one; of two with one id, the older. */
  confirm(tag: string, id: string): void {
    const place = this.#waiting.findIndex((one) => one.tag === tag && one.attrs.id === id);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  /** The device has gone away. */
  rest(): void {
    this.#link = null;
  }
}
