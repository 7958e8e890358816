import { type BinaryNode, decodeBinaryNode, encodeBinaryNode, type proto } from '@whiskeysockets/baileys';
import type { WebSocket } from 'ws';
import { Handshake, type Identity, type Transport } from './noise.js';

/** Who is told what a client does. */
export interface LinkListener {
  /** The handshake is done: who is there. */
  readonly opened: (link: Link, client: proto.ClientPayload) => void;
  readonly received: (link: Link, node: BinaryNode) => void;
  readonly closed: (link: Link) => void;
}

/** One connection of a client: frames, then the handshake, then nodes. */
export class Link {
  readonly #socket: WebSocket;
  readonly #identity: Identity;
  readonly #listener: LinkListener;
  #rest: Buffer = Buffer.alloc(0);
  #handshake: Handshake | null = null;
  #hasAnswered = false;
  #transport: Transport | null = null;
  #work: Promise<void> = Promise.resolve();
  /** Nothing is sent while it is silent; what would have been is lost. */
  isSilent = false;

  constructor(socket: WebSocket, identity: Identity, listener: LinkListener) {
    this.#socket = socket;
    this.#identity = identity;
    this.#listener = listener;
    socket.on('message', (data: Buffer) => this.#take(data));
    socket.on('close', () => listener.closed(this));
    socket.on('error', () => socket.terminate());
  }

  /** Sends a node, and says whether it could; after the end it goes nowhere, as on a wire that was cut. */
  send(node: BinaryNode): boolean {
    if (this.#transport === null || this.isSilent || this.#socket.readyState !== this.#socket.OPEN)
      return false;
    this.#frame(this.#transport.seal(encodeBinaryNode(node)));
    return true;
  }

  /** Ends the stream in order, after what was sent. */
  close(): void {
    this.#socket.close();
  }

  /** Cuts the wire. */
  cut(): void {
    this.#socket.terminate();
  }

  #take(data: Buffer): void {
    // In order: a node is unpacked asynchronously, and what it leads to begins in the order of arrival.
    this.#work = this.#work.then(() => this.#read(data)).catch(() => this.cut());
  }

  async #read(data: Buffer): Promise<void> {
    this.#rest = Buffer.concat([this.#rest, data]);
    if (this.#handshake === null) this.#handshake = new Handshake(this.#identity, this.#header());
    for (let frame = this.#next(); frame !== null; frame = this.#next())
      await this.#readFrame(this.#handshake, frame);
  }

  /** What stands before the first frame: perhaps the way to an edge, then the name of the protocol. */
  #header(): Buffer {
    const begins = this.#rest.subarray(0, 2).toString() === 'ED' ? 7 + this.#rest.readUIntBE(4, 3) : 0;
    const header = this.#rest.subarray(begins, begins + 4);
    this.#rest = this.#rest.subarray(begins + 4);
    return header;
  }

  #next(): Buffer | null {
    const length = this.#rest.length < 3 ? Number.POSITIVE_INFINITY : this.#rest.readUIntBE(0, 3);
    if (this.#rest.length < 3 + length) return null;
    const frame = this.#rest.subarray(3, 3 + length);
    this.#rest = this.#rest.subarray(3 + length);
    return frame;
  }

  async #readFrame(handshake: Handshake, frame: Buffer): Promise<void> {
    if (this.#transport !== null) {
      this.#listener.received(this, await decodeBinaryNode(this.#transport.open(frame)));
    } else if (this.#hasAnswered) {
      const { client, transport } = handshake.finish(frame);
      this.#transport = transport;
      this.#listener.opened(this, client);
    } else {
      this.#hasAnswered = true;
      this.#frame(handshake.answer(frame));
    }
  }

  #frame(bytes: Uint8Array): void {
    const length = Buffer.alloc(3);
    length.writeUIntBE(bytes.length, 0, 3);
    this.#socket.send(Buffer.concat([length, bytes]));
  }
}
