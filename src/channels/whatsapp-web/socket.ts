import { Buffer } from 'node:buffer';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type AuthenticationCreds,
  type BaileysEventMap,
  type BinaryNode,
  type ConnectionState,
  fetchLatestWaWebVersion,
  isJidGroup,
  jidNormalizedUser,
  makeCacheableSignalKeyStore,
  makeWASocket,
  type SocketConfig,
  WA_CERT_DETAILS,
  type WASocket,
  type WAVersion,
} from '@whiskeysockets/baileys';
import { Acks } from './acks.js';
import { credsChange, keyStore, readCreds } from './auth.js';
import { Custody, type Writer } from './custody.js';
import { uploadFailed } from './failure.js';
import { Groups } from './groups.js';
import { type Arrival, hear, lidAlone } from './hear.js';
import { fetchMedia } from './media.js';
import { contentOf } from './outgoing.js';
import type { Outgoing, SentMessage } from './port.js';
import { canBeTold, childAsks, childTells, type Report, type Sent, type Start } from './protocol.js';
import { foldedReports, groupReportsOf, reportsOf } from './reports.js';
import { StanzaOrder } from './stanza-order.js';
import type { Wire } from './wire.js';

/** The client writes keys and texts into its log: nothing of that is ever kept. */
const logger: SocketConfig['logger'] = {
  level: 'silent',
  child: () => logger,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};

function nothing(): void {}

/** How long looking for a newer version may take, in milliseconds. */
const lookUpMs = 5_000;
/** How long the end of a connection waits for what is still to be kept, in milliseconds. */
const lastKeepingMs = 5_000;
/** How long after the login what was missed may take to come, in milliseconds. */
const mostMissedMs = 20_000;
/** How long the client may take to read a message before those behind it go on, in milliseconds. */
const mostReadingMs = 3_000;
/** How long what we write waits for a message that came to be read, in milliseconds. */
const mostCustodyMs = 1_000;
/** Pause before credentials that could not be kept are written again. */
const saveAgainMs = 1_000;

const notConnected: Sent = { kind: 'unsent', code: 'not-connected' };

/** One connection of the client, from its start to its end; a closed one is never opened again. */
export class Socket {
  readonly #wire: Wire;
  readonly #start: Start;
  readonly #acks = new Acks();
  readonly #order = new StanzaOrder(mostReadingMs);
  readonly #custody = new Custody(mostCustodyMs);
  readonly #groups: Groups;
  readonly #creds: AuthenticationCreds;
  readonly #socket: WASocket;
  readonly #version: WAVersion | undefined;
  #isOpen = false;
  /** Runs from the login on, in case nobody says that what was missed has come. */
  #loggedIn: NodeJS.Timeout | undefined;
  /** Whether what was missed has come. */
  #hasMissed = false;
  #asksCode: boolean;
  #hearing: Promise<void> = Promise.resolve();
  #saving: Promise<void> = Promise.resolve();

  constructor(wire: Wire, start: Start, version: WAVersion | undefined) {
    if (start.rootKey !== null) WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(start.rootKey, 'base64');
    this.#wire = wire;
    this.#start = start;
    this.#version = version;
    this.#groups = new Groups((groups) => wire.tell(childTells.groups, [...groups]));
    this.#creds = readCreds(start.creds);
    this.#asksCode = start.creds === null && start.pairingNumber !== null;
    this.#socket = makeWASocket({
      auth: { creds: this.#creds, keys: makeCacheableSignalKeyStore(keyStore(wire), logger) },
      logger,
      syncFullHistory: false,
      getMessage: ({ id }) => this.#messageOf(id ?? ''),
      cachedGroupMetadata: this.#groups.remembered,
      ...(start.socketUrl === null ? {} : { waWebSocketUrl: start.socketUrl }),
      ...(version === undefined ? {} : { version }),
    });
    this.#listen();
  }

  /** Sends a message and waits for the server's own answer to it. */
  async send(outgoing: Outgoing): Promise<Sent> {
    if (!this.#isOpen) return notConnected;
    const send = () => this.#send(outgoing);
    return isJidGroup(outgoing.to) ? this.#groups.send(outgoing.to, send) : send();
  }

  async #send({ id, to, text, file, typingMs, ackMs }: Outgoing): Promise<Sent> {
    if (typingMs > 0) await this.#type(to, typingMs);
    const content = file === null ? null : await this.#contentOf({ text, file }).catch(nothing);
    // Nothing was sent: it is tried again when there is a connection.
    if (content === undefined) return this.#isOpen ? { kind: 'refused', code: uploadFailed } : notConnected;
    const answer = this.#acks.expect(id, ackMs);
    const going =
      content === null
        ? this.#socket.sendMessage(to, { text, linkPreview: null }, { messageId: id })
        : this.#socket.relayMessage(to, content, { messageId: id });
    going.catch(() => this.#acks.lost(id, 'client-failed'));
    return answer;
  }

  /** Gets a file a person sent. */
  fetch({ ref, limit }: { readonly ref: string; readonly limit: number }) {
    return fetchMedia(ref, limit, {
      logger,
      again: (message) => this.#socket.updateMediaMessage(message),
      mayBeHere: this.#start.socketUrl !== null,
    });
  }

  /** Ends the connection in order; `closed` is told after it. */
  async end(): Promise<void> {
    await this.#socket.end(undefined);
  }

  #listen(): void {
    const { ev, ws } = this.#socket;
    ws.on('CB:ack,class:message', ({ attrs }: BinaryNode) =>
      this.#acks.answered(attrs['id'] ?? '', attrs['error']),
    );
    ws.on('CB:message', ({ attrs }: BinaryNode) => {
      const [chat, id] = [jidNormalizedUser(attrs['from']), attrs['id'] ?? ''];
      this.#custody.came(nameOf(chat, id));
      this.#order.came(chat, id);
    });
    this.#custody.guard(writerOf(ws));
    ev.on('connection.update', (update) => this.#connection(update));
    ev.on('creds.update', () => this.#save());
    hearAtOnce(ev, (arrived) => this.#arrived(arrived));
    ev.on('messages.upsert', ({ messages }) => this.#report(foldedReports(messages, nowSeconds())));
    ev.on('messages.update', (updates) => this.#report(reportsOf(updates, nowSeconds())));
    ev.on('message-receipt.update', (updates) => this.#report(groupReportsOf(updates, nowSeconds())));
    this.#groups.listen(this.#socket);
    ev.on('lid-mapping.update', ({ pn, lid }) => this.#wire.tell(childTells.pair, { pn, lid }));
  }

  #connection(update: Partial<ConnectionState>): void {
    const { qr, connection, lastDisconnect, reachoutTimeLock } = update;
    if (qr !== undefined) this.#offer(qr);
    if (connection === 'open') this.#loggedIn = setTimeout(() => this.#opened(), mostMissedMs);
    if (update.receivedPendingNotifications) this.#hasMissed = true;
    if (this.#hasMissed && this.#loggedIn !== undefined) this.#opened();
    if (connection === 'close') void this.#closed(codeOf(lastDisconnect?.error));
    if (reachoutTimeLock?.isActive)
      this.#wire.tell(childTells.locked, { until: reachoutTimeLock.timeEnforcementEnds?.getTime() ?? null });
  }

  /** Shows what is to be scanned; where a number is given, a code to be typed once, instead. */
  #offer(qr: string): void {
    const { pairingNumber } = this.#start;
    if (pairingNumber === null) this.#wire.tell(childTells.qr, qr);
    else if (this.#asksCode) this.#askCode(pairingNumber);
  }

  #askCode(pairingNumber: string): void {
    this.#asksCode = false;
    this.#socket
      .requestPairingCode(pairingNumber)
      .then((code) => this.#wire.tell(childTells.code, code))
      .catch(() => this.end());
  }

  /** It counts as open once what was missed has come: what is answered first was written first. */
  #opened(): void {
    clearTimeout(this.#loggedIn);
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#wire.tell(childTells.open, { version: (this.#version ?? []).join('.') });
    void this.#groups.look();
  }

  /** The parent is told when nothing of this connection is left to be kept. */
  async #closed(code: number | null): Promise<void> {
    this.#isOpen = false;
    clearTimeout(this.#loggedIn);
    this.#acks.allLost('closed');
    await Promise.race([Promise.all([this.#hearing, this.#saving]), pause(lastKeepingMs)]);
    this.#wire.tell(childTells.closed, { code });
  }

  #arrived({ messages, type }: BaileysEventMap['messages.upsert']): void {
    for (const message of messages) {
      const [chat, id] = [jidNormalizedUser(message.key.remoteJid ?? ''), message.key.id ?? ''];
      this.#custody.read(nameOf(chat, id));
      this.#order.read(chat, id, () => this.#take({ message, type }, nameOf(chat, id)));
    }
  }

  #report(reports: readonly Report[]): void {
    if (reports.length > 0) this.#wire.tell(childTells.receipts, reports);
  }

  /** One after the other, as a look at the keys must not let a later message overtake. */
  #take(arrival: Arrival, name: string): void {
    this.#hearing = this.#hearing.then(() => this.#hear(arrival, name)).catch(nothing);
  }

  /** The first thing that happens to a message is that the parent keeps it. */
  async #hear(arrival: Arrival, name: string): Promise<void> {
    const lid = lidAlone(arrival.message);
    const pn = lid === null ? null : await this.#socket.signalRepository.lidMapping.getPNForLID(lid);
    const said = hear(arrival, nowSeconds(), pn);
    const kept = () => this.#custody.kept(name);
    if (said === null || !canBeTold(said)) kept();
    else this.#wire.ask(childAsks.heard, said).then(kept, nothing);
  }

  /** Nothing is kept of an unfinished pairing: with half of it the client would try to log in. */
  #save(): void {
    if (this.#creds.account === undefined) return;
    this.#saving = this.#saving.then(() => this.#saved());
  }

  async #saved(): Promise<void> {
    for (;;) {
      try {
        await this.#wire.ask(childAsks.write, [credsChange(this.#creds)]);
        return;
      } catch {
        await pause(saveAgainMs);
      }
    }
  }

  async #messageOf(id: string) {
    const sent = await this.#wire.ask(childAsks.sentAs, { id });
    return sent === null ? undefined : this.#contentOf(sent);
  }

  /** A file is left with WhatsApp first: until then nobody has been sent anything. */
  #contentOf(sent: SentMessage) {
    return contentOf(sent, { logger, upload: this.#socket.waUploadToServer });
  }

  /** A sign of life that is not given costs nobody anything. */
  async #type(to: string, ms: number): Promise<void> {
    await this.#socket.sendPresenceUpdate('composing', to).catch(nothing);
    await pause(ms);
  }
}

/** What a message that came is known by until it is kept. */
function nameOf(chat: string, id: string): string {
  return `${chat} ${id}`;
}

/** The wire of a connection that has just begun. The client's types keep it to themselves. */
function writerOf(ws: WASocket['ws']): Writer {
  return (ws as unknown as { readonly socket: Writer }).socket;
}

/**
 * Hears of messages when the client has read them. Its own listeners hear later: after a login it collects for seconds, and
 * meanwhile the senders have been told.
 */
function hearAtOnce(ev: WASocket['ev'], hear: (arrived: BaileysEventMap['messages.upsert']) => void): void {
  const emit = ev.emit.bind(ev);
  ev.emit = (event, told) => {
    // One event name, one shape: the pair is a union that the client's types do not tie together.
    if (event === 'messages.upsert') hear(told as BaileysEventMap['messages.upsert']);
    return emit(event, told);
  };
}

/** The version to begin with: a newer one if it is asked for and can be had, else the one that last worked. */
export async function versionFor({
  version,
  lookUp,
}: Pick<Start, 'version' | 'lookUp'>): Promise<WAVersion | undefined> {
  if (lookUp) {
    const newest = await fetchLatestWaWebVersion({ signal: AbortSignal.timeout(lookUpMs) });
    if (newest.isLatest) return newest.version;
  }
  const [first, second, third, ...rest] = (version ?? '').split('.').map(Number);
  if (!first || second === undefined || third === undefined || rest.length > 0) return undefined;
  return [first, second, third];
}

function codeOf(error: unknown): number | null {
  const { output } = Object(error);
  const { statusCode } = Object(output);
  return typeof statusCode === 'number' ? statusCode : null;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
