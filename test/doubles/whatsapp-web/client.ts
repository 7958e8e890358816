import {
  type AuthenticationState,
  type BinaryNode,
  type ConnectionState,
  DEFAULT_CONNECTION_CONFIG,
  initAuthCreds,
  makeWASocket,
  type UserFacingSocketConfig,
  WA_CERT_DETAILS,
  type WAMessage,
  type WAMessageUpdate,
  type WASocket,
} from '@whiskeysockets/baileys';
import { pino } from 'pino';
import { waitFor } from '../../support/wait.js';
import { memoryKeys } from './signal.js';

/** A message as the client handed it on, and whether it was new or missed. */
export interface Heard {
  readonly type: string;
  readonly message: WAMessage;
}

/** The real client library with its state in memory: what the double is tried with. */
export class Client {
  readonly auth: AuthenticationState = { creds: initAuthCreds(), keys: memoryKeys() };
  readonly heard: Heard[] = [];
  readonly updates: WAMessageUpdate[] = [];
  /** The raw acknowledgements of messages. */
  readonly acks: BinaryNode[] = [];
  /** The codes its connections ended with. */
  readonly ends: number[] = [];
  readonly #server: { readonly url: string; readonly rootKey: string };
  readonly #config: Partial<UserFacingSocketConfig>;
  #socket: WASocket | null = null;
  #state: Partial<ConnectionState> = {};

  constructor(
    server: { readonly url: string; readonly rootKey: string },
    config: Partial<UserFacingSocketConfig> = {},
  ) {
    this.#server = server;
    this.#config = config;
  }

  get socket(): WASocket {
    if (this.#socket === null) throw new Error('the client was not started');
    return this.#socket;
  }

  /** What became of an own message, in order: the client folds it into the news of the message when it has not told of that yet. */
  fate(id: string): readonly Partial<WAMessage>[] {
    const told = this.heard.map(({ message }) => message).filter(({ key }) => key.id === id);
    const later = this.updates.filter(({ key }) => key.id === id).map(({ update }) => update);
    return [...told, ...later];
  }

  /** Begins a connection, with what was kept of the last one. */
  start(): void {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(this.#server.rootKey, 'base64');
    this.#state = {};
    const socket = makeWASocket({
      ...{ ...DEFAULT_CONNECTION_CONFIG, logger: pino({ level: 'silent' }) },
      ...{ auth: this.auth, waWebSocketUrl: this.#server.url, ...this.#config },
    });
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Logs in, and waits until it may hear and speak. */
  async open(): Promise<void> {
    this.start();
    await waitFor(
      'the login',
      () => this.#state.connection === 'open' && this.#state.receivedPendingNotifications,
    );
  }

  /** The QR it shows. */
  qr(): Promise<string> {
    return waitFor('a QR', () => this.#state.qr);
  }

  /** Waits for the end of the connection and gives its code. */
  async ended(count = 1): Promise<number | undefined> {
    await waitFor('the end of the connection', () => this.ends.length >= count);
    return this.ends.at(-1);
  }

  /** Ends the connection, as a process does that stops. */
  async stop(): Promise<void> {
    if (this.#state.connection !== 'close') await this.#socket?.end(undefined);
  }

  #listen({ ev, ws }: WASocket): void {
    ev.on('connection.update', (update) => {
      this.#state = { ...this.#state, ...update };
      const error: unknown = update.lastDisconnect?.error;
      if (update.connection === 'close') this.ends.push(codeOf(error));
    });
    ev.on('messages.upsert', ({ messages, type }) => {
      for (const message of messages) this.heard.push({ type, message });
    });
    ev.on('messages.update', (updates) => void this.updates.push(...updates));
    ws.on('CB:ack,class:message', (ack: BinaryNode) => void this.acks.push(ack));
  }
}

/** The code in what the client library throws; 0 when there is none. */
function codeOf(error: unknown): number {
  const { output } = Object(error);
  return Object(output).statusCode ?? 0;
}
