import {
  aesDecryptGCM,
  aesEncryptGCM,
  Curve,
  hkdf,
  type KeyPair,
  NOISE_MODE,
  proto,
  sha256,
} from '@whiskeysockets/baileys';

const nothing = Buffer.alloc(0);
const farAway = 4_102_444_800;

/** What the server shows of itself: its key, and who vouches for it. */
export interface Identity {
  /** Whom the client trusts. */
  readonly root: KeyPair;
  readonly own: KeyPair;
  readonly chain: Uint8Array;
}

/**
 * A new server key under a new root. The chain is signed as it should be, although rc14 of the client cannot tell: it looks
 * whether a signature is 64 bytes long, and not at what its curve answers.
 */
export function createIdentity(): Identity {
  const [root, middle, own] = [
    Curve.generateKeyPair(),
    Curve.generateKeyPair(),
    Curve.generateKeyPair(),
  ] as const;
  const { CertChain } = proto;
  const vouch = (serial: number, issuer: KeyPair, { public: key }: KeyPair) => {
    const details = CertChain.NoiseCertificate.Details.encode({
      ...{ serial, issuerSerial: serial - 1, key, notBefore: 0, notAfter: farAway },
    }).finish();
    return { details, signature: Curve.sign(issuer.private, details) };
  };
  const chain = CertChain.encode({ intermediate: vouch(1, root, middle), leaf: vouch(2, middle, own) });
  return { root, own, chain: chain.finish() };
}

/** Two counters and two keys: what is left of the handshake when it is done. */
export class Transport {
  readonly #sendKey: Uint8Array;
  readonly #receiveKey: Uint8Array;
  #sent = 0;
  #received = 0;

  constructor(sendKey: Uint8Array, receiveKey: Uint8Array) {
    this.#sendKey = sendKey;
    this.#receiveKey = receiveKey;
  }

  seal(plain: Uint8Array): Buffer {
    const sealed = aesEncryptGCM(plain, this.#sendKey, counted(this.#sent), nothing);
    this.#sent += 1;
    return sealed;
  }

  open(sealed: Uint8Array): Buffer {
    const plain = aesDecryptGCM(sealed, this.#receiveKey, counted(this.#received), nothing);
    this.#received += 1;
    return plain;
  }
}

/** What the handshake ends with: who is there, and how to go on talking. */
export interface Finished {
  readonly client: proto.ClientPayload;
  readonly transport: Transport;
}

/** The server's side of Noise XX: a hello, an answer, a finish. */
export class Handshake {
  readonly #identity: Identity;
  readonly #ephemeral = Curve.generateKeyPair();
  #hash: Buffer = Buffer.from(NOISE_MODE);
  #salt: Buffer = this.#hash;
  #key: Buffer = this.#hash;
  #count = 0;

  constructor(identity: Identity, header: Uint8Array) {
    this.#identity = identity;
    this.#mixHash(header);
  }

  /** Answers the hello of a client. */
  answer(frame: Uint8Array): Uint8Array {
    const theirs = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral ?? nothing;
    this.#mixHash(theirs);
    this.#mixHash(this.#ephemeral.public);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, theirs));
    const sealedKey = this.#seal(this.#identity.own.public);
    this.#mixKey(Curve.sharedKey(this.#identity.own.private, theirs));
    const payload = this.#seal(this.#identity.chain);
    const serverHello = { ephemeral: this.#ephemeral.public, static: sealedKey, payload };
    return proto.HandshakeMessage.encode({ serverHello }).finish();
  }

  /** Takes what the client says of itself. */
  finish(frame: Uint8Array): Finished {
    const finish = proto.HandshakeMessage.decode(frame).clientFinish;
    const theirs = this.#open(finish?.static ?? nothing);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, theirs));
    const client = proto.ClientPayload.decode(this.#open(finish?.payload ?? nothing));
    const [receiveKey, sendKey] = this.#expand(nothing);
    return { client, transport: new Transport(sendKey, receiveKey) };
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = sha256(Buffer.concat([this.#hash, data]));
  }

  #mixKey(data: Uint8Array): void {
    [this.#salt, this.#key] = this.#expand(data);
    this.#count = 0;
  }

  #expand(data: Uint8Array): readonly [Buffer, Buffer] {
    const both = Buffer.from(hkdf(Buffer.from(data), 64, { salt: this.#salt, info: '' }));
    return [both.subarray(0, 32), both.subarray(32)];
  }

  #seal(plain: Uint8Array): Buffer {
    const sealed = aesEncryptGCM(plain, this.#key, this.#iv(), this.#hash);
    this.#mixHash(sealed);
    return sealed;
  }

  #open(sealed: Uint8Array): Buffer {
    const plain = aesDecryptGCM(sealed, this.#key, this.#iv(), this.#hash);
    this.#mixHash(sealed);
    return plain;
  }

  #iv(): Buffer {
    this.#count += 1;
    return counted(this.#count - 1);
  }
}

function counted(count: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(count, 8);
  return iv;
}
