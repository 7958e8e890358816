import { randomBytes } from 'node:crypto';
import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  type BinaryNode,
  Curve,
  derivePairingCodeKey,
  hkdf,
  hmacSign,
  type KeyPair,
  proto,
  WA_ADV_ACCOUNT_SIG_PREFIX,
} from '@whiskeysockets/baileys';
import { waitFor } from '../../support/wait.js';
import type { Link } from './link.js';
import { at, bytesOf, node, server } from './nodes.js';
import type { Device, Phone } from './phones.js';
import type { World } from './world.js';

/** A client that is asking to be linked by a code. */
interface Asking {
  readonly link: Link;
  readonly digits: string;
  readonly wrapped: Buffer;
  readonly ref: string;
  readonly ephemeral: KeyPair;
}

const refsOffered = 6;

/** Links new clients to phones, by a QR or by a code. */
export class Pairing {
  readonly #world: World;
  readonly #refs = new Map<string, Link>();
  readonly #asking: Asking[] = [];
  readonly #finishing = new Map<string, (finish: BinaryNode) => void>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Offers a client that is not linked what it needs to show a QR. */
  offer(link: Link): void {
    const refs = Array.from({ length: refsOffered }, () => this.#world.nextId('2@'));
    for (const ref of refs) this.#refs.set(ref, link);
    const content = refs.map((ref) => node('ref', {}, Buffer.from(ref)));
    link.send(this.#told([node('pair-device', {}, content)]));
  }

  /** The phone scans what the client shows. */
  scan(qr: string, phone: Phone): Device {
    const [ref = '', , identity = '', secret = ''] = (qr.split('#').at(-1) ?? '').split(',');
    const link = this.#refs.get(ref);
    if (link === undefined) throw new Error('nobody shows this QR');
    this.forget(link);
    return this.#admit(link, phone, Buffer.from(identity, 'base64'), Buffer.from(secret, 'base64'));
  }

  /** What a client showed is of no use any more. */
  forget(link: Link): void {
    for (const [ref, one] of this.#refs) if (one === link) this.#refs.delete(ref);
  }

  /** A client asks for a code to be typed on the phone. */
  ask(link: Link, request: BinaryNode): void {
    const digits = (request.attrs.jid ?? '').split('@')[0] ?? '';
    const wrapped = bytesOf(at(request, 'link_code_pairing_wrapped_companion_ephemeral_pub'));
    const ref = this.#world.nextId('3@');
    this.#asking.push({ link, digits, wrapped, ref, ephemeral: Curve.generateKeyPair() });
  }

  /** The client has answered what the phone sent. */
  finish(request: BinaryNode): void {
    const ref = bytesOf(at(request, 'link_code_pairing_ref')).toString();
    this.#finishing.get(ref)?.(request);
  }

  /** Somebody types on the phone the code the client shows. */
  async enterCode(code: string, phone: Phone): Promise<Device> {
    // The client shows its code before its question has arrived here.
    const asking = await waitFor(`a client that asks to be linked to ${phone.digits}`, () =>
      this.#asking.findLast(({ digits }) => digits === phone.digits),
    );
    const theirs = await unwrapped(asking.wrapped, code);
    const answered = new Promise<BinaryNode>((resolve) => this.#finishing.set(asking.ref, resolve));
    asking.link.send(await this.#reply(asking, code, phone));
    const finish = await answered;
    const shared = Curve.sharedKey(asking.ephemeral.private, theirs);
    const { identity, random } = openBundle(
      bytesOf(at(finish, 'link_code_pairing_wrapped_key_bundle')),
      shared,
    );
    const both = Curve.sharedKey(phone.account.private, identity);
    const secret = hkdf(Buffer.concat([shared, both, random]), 32, { info: 'adv_secret' });
    return this.#admit(asking.link, phone, identity, secret);
  }

  async #reply({ ref, ephemeral }: Asking, code: string, phone: Phone): Promise<BinaryNode> {
    const attrs = { from: server, type: 'link_code_companion_reg', id: this.#world.nextId() };
    return node('notification', attrs, [
      node('link_code_companion_reg', { stage: 'primary_hello' }, [
        node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, await wrapped(ephemeral.public, code)),
        node('primary_identity_pub', {}, phone.account.public),
        node('link_code_pairing_ref', {}, Buffer.from(ref)),
      ]),
    ]);
  }

  #admit(link: Link, phone: Phone, identity: Uint8Array, secret: Uint8Array): Device {
    const others = [...phone.devices.values()];
    const device = phone.link();
    for (const { mailbox } of others) mailbox.put(this.#news(device));
    const signed = signedIdentity(phone.account, device.number, identity);
    const hmac = hmacSign(signed, secret);
    const vouched = proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac }).finish();
    const success = node('pair-success', {}, [
      node('device-identity', {}, vouched),
      node('device', { jid: device.jid, lid: device.lid }),
      node('platform', { name: 'android' }),
    ]);
    link.send(this.#told([success]));
    return device;
  }

  /** The other devices learn that there is one more. */
  #news({ jid, number, phone }: Device): BinaryNode {
    const attrs = { from: phone.pn, type: 'devices', id: this.#world.nextId(), t: this.#world.seconds() };
    const added = node('device', { jid, 'key-index': String(number) });
    return node('notification', attrs, [node('add', { device_hash: '2:double' }, [added])]);
  }

  #told(content: BinaryNode[]): BinaryNode {
    const attrs = {
      from: server,
      type: 'set',
      xmlns: 'md',
      id: this.#world.nextId(),
      t: this.#world.seconds(),
    };
    return node('iq', attrs, content);
  }
}

function signedIdentity(account: KeyPair, keyIndex: number, identity: Uint8Array): Uint8Array {
  const details = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1, keyIndex }).finish();
  const said = Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, details, identity]);
  const accountSignature = Curve.sign(account.private, said);
  const signed = { details, accountSignatureKey: account.public, accountSignature };
  return proto.ADVSignedDeviceIdentity.encode(signed).finish();
}

/** Salt, iv and a key that only one who knows the code can read. */
async function wrapped(key: Uint8Array, code: string): Promise<Buffer> {
  const [salt, iv] = [randomBytes(32), randomBytes(16)];
  return Buffer.concat([salt, iv, aesEncryptCTR(key, await derivePairingCodeKey(code, salt), iv)]);
}

async function unwrapped(bytes: Buffer, code: string): Promise<Buffer> {
  const key = await derivePairingCodeKey(code, bytes.subarray(0, 32));
  return aesDecryptCTR(bytes.subarray(48, 80), key, bytes.subarray(32, 48));
}

/** What the client sealed for the phone: its identity, the phone's, and what both mix into their secret. */
function openBundle(
  bytes: Buffer,
  shared: Uint8Array,
): { readonly identity: Buffer; readonly random: Buffer } {
  const info = 'link_code_pairing_key_bundle_encryption_key';
  const key = hkdf(shared, 32, { salt: bytes.subarray(0, 32), info });
  try {
    const plain = aesDecryptGCM(bytes.subarray(44), key, bytes.subarray(32, 44), Buffer.alloc(0));
    return { identity: plain.subarray(0, 32), random: plain.subarray(64, 96) };
  } catch {
    throw new Error('this is not the code that the client shows');
  }
}
