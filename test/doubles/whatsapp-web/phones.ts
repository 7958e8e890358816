import { type BinaryNode, Curve, type KeyPair } from '@whiskeysockets/baileys';
import type { Link } from './link.js';
import { Mailbox } from './mailbox.js';
import { server } from './nodes.js';
import { Keyring } from './signal.js';

/** The keys a device has left with the server. */
interface LeftKeys {
  /** Registration, type, identity and signed key, as the device wrote them. */
  readonly lasting: readonly BinaryNode[];
  readonly once: BinaryNode[];
}

/** A linked device: what the client under test is. */
export class Device {
  readonly phone: Phone;
  readonly number: number;
  readonly mailbox = new Mailbox();
  link: Link | null = null;
  /** Whether it says that somebody is there: `available`, `unavailable`; null before it said so. */
  presence: string | null = null;
  /** It has had the news of its first login. */
  hasHistory = false;
  #keys: LeftKeys = { lasting: [], once: [] };

  constructor(phone: Phone, number: number) {
    this.phone = phone;
    this.number = number;
  }

  get jid(): string {
    return this.phone.pn.replace('@', `:${this.number}@`);
  }

  get lid(): string {
    return this.phone.lid.replace('@', `:${this.number}@`);
  }

  get isOnline(): boolean {
    return this.link !== null;
  }

  /** Whether something can be sealed for it. */
  get hasKeys(): boolean {
    return this.#keys.lasting.length > 0;
  }

  /** How many keys for a first message are left. */
  get keysLeft(): number {
    return this.#keys.once.length;
  }

  /** Leaves keys; new ones join those that are there. */
  leaveKeys(lasting: readonly BinaryNode[], once: readonly BinaryNode[]): void {
    this.#keys = { lasting, once: [...this.#keys.once, ...once] };
  }

  /** The signed key has been changed. */
  leaveSignedKey(signed: BinaryNode): void {
    const others = this.#keys.lasting.filter(({ tag }) => tag !== signed.tag);
    this.#keys = { lasting: [...others, signed], once: this.#keys.once };
  }

  /** What another needs to write to this device; null before the device has left any keys. */
  bundle(): readonly BinaryNode[] | null {
    if (!this.hasKeys) return null;
    return [...this.#keys.lasting, ...this.#keys.once.splice(0, 1)];
  }
}

/** A telephone with an account, to which clients are linked. */
export class Phone {
  readonly digits: string;
  readonly lid: string;
  /** Signs its linked devices. */
  readonly account: KeyPair = Curve.generateKeyPair();
  readonly keyring = new Keyring();
  readonly devices = new Map<number, Device>();
  #next = 1;

  constructor(digits: string, lid: string) {
    this.digits = digits;
    this.lid = lid;
  }

  /** The address by number. */
  get pn(): string {
    return `${this.digits}@${server}`;
  }

  /** Takes a new device in. */
  link(): Device {
    const device = new Device(this, this.#next);
    this.#next += 1;
    this.devices.set(device.number, device);
    return device;
  }

  get isOnline(): boolean {
    return [...this.devices.values()].some((device) => device.isOnline);
  }

  /** Everything its devices have not confirmed. */
  get waiting(): readonly BinaryNode[] {
    return [...this.devices.values()].flatMap(({ mailbox }) => mailbox.waiting);
  }
}
