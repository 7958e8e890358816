import {
  type BinaryNode,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  encodeBigEndian,
  encodeWAMessage,
  type KeyPair,
  parseAndInjectE2ESessions,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
  signedKeyPair,
  unpadRandomMax16,
  xmppPreKey,
  xmppSignedPreKey,
} from '@whiskeysockets/baileys';
import { pino } from 'pino';
import { node } from './nodes.js';

const log = pino({ level: 'silent' });

/** Keys by kind and id, in memory. */
export function memoryKeys(): SignalKeyStore {
  const kept = new Map<string, unknown>();
  return {
    get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
      const found = ids.map((id) => [id, kept.get(`${type} ${id}`)] as const);
      // What lies under a kind was put there as that kind, below.
      return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as {
        [id: string]: SignalDataTypeMap[T];
      };
    },
    set(data: SignalDataSet) {
      for (const [type, values] of Object.entries(data))
        for (const [id, value] of Object.entries(values)) keep(kept, `${type} ${id}`, value);
    },
  };
}

/**
 * Keys whose transactions are no more than their work: memory cannot fail halfway. The library's own transactions slow down
 * every promise of the process by each store that has them, and here every person has a store.
 */
function memoryKeysAtOnce(): SignalKeyStoreWithTransaction {
  return { ...memoryKeys(), isInTransaction: () => false, transaction: (work) => work() };
}

function keep(kept: Map<string, unknown>, key: string, value: unknown): void {
  if (value === null) kept.delete(key);
  else kept.set(key, value);
}

/** One device of a person, as the Signal protocol knows it: it gives out keys, and reads what was sealed with them. */
export class Keyring {
  readonly #identity: KeyPair = Curve.generateKeyPair();
  readonly #signed = signedKeyPair(this.#identity, 1);
  readonly #keys = memoryKeysAtOnce();
  readonly #repository: SignalRepositoryWithLIDStore;
  readonly registration = 4711;
  #given = 0;

  constructor() {
    const creds = {
      signedIdentityKey: this.#identity,
      signedPreKey: this.#signed,
      registrationId: this.registration,
    };
    // The client library's own Signal, with nothing known of who is who.
    this.#repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
      { creds, keys: this.#keys },
      log,
      async () => [],
    );
  }

  /** What another needs to write to this one for the first time; each holds a key that is used once. */
  async bundle(): Promise<BinaryNode[]> {
    this.#given += 1;
    const once = Curve.generateKeyPair();
    await this.#keys.set({ 'pre-key': { [this.#given]: once } });
    return [
      node('registration', {}, encodeBigEndian(this.registration)),
      node('type', {}, Buffer.from([5])),
      node('identity', {}, this.#identity.public),
      xmppSignedPreKey(this.#signed),
      xmppPreKey(once, this.#given),
    ];
  }

  /** Reads what a device sealed for this one. */
  async read(from: string, type: string, ciphertext: Uint8Array): Promise<proto.Message> {
    const kind = type === 'pkmsg' ? 'pkmsg' : 'msg';
    const plain = await this.#repository.decryptMessage({ jid: from, type: kind, ciphertext });
    return proto.Message.decode(unpadRandomMax16(plain));
  }

  /** Seals something for a device; `bundle` is asked for when they have not spoken yet. */
  async write(to: string, message: proto.IMessage, bundle: () => readonly BinaryNode[]): Promise<BinaryNode> {
    const { exists } = await this.#repository.validateSession(to);
    if (!exists) {
      const users = node('list', {}, [node('user', { jid: to }, [...bundle()])]);
      await parseAndInjectE2ESessions(node('iq', {}, [users]), this.#repository);
    }
    const data = encodeWAMessage(message);
    const { type, ciphertext } = await this.#repository.encryptMessage({ jid: to, data });
    return node('enc', { v: '2', type }, ciphertext);
  }

  /** Forgets how it spoke with a device. */
  forget(device: string): Promise<void> {
    return this.#repository.deleteSession([device]);
  }

  /** Takes the key a device seals with for a group. */
  async takeGroupKey(from: string, item: proto.Message.ISenderKeyDistributionMessage): Promise<void> {
    await this.#repository.processSenderKeyDistributionMessage({ authorJid: from, item });
  }

  /** Reads what a device sealed for a group. */
  async readInGroup(from: string, group: string, msg: Uint8Array): Promise<proto.Message> {
    const plain = await this.#repository.decryptGroupMessage({ group, authorJid: from, msg });
    return proto.Message.decode(unpadRandomMax16(plain));
  }
}
