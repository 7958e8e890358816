import { channelCapabilities } from '../../flow/capabilities.js';
import { parseButtonData } from '../../flow/render.js';
import {
  type Accepted,
  type Channel,
  ChannelError,
  type Content,
  type Fetched,
  type InboundMessage,
  type Parcel,
  type Receiver,
} from '../contract.js';
import { isDone } from '../contract-until-done.js';
import { type Consumption, isPhoneNumber, type PersonBubble, type SimulatorProvider } from './port.js';

/** How to make a simulator channel; `onFault` hears what went wrong and will be tried again. */
interface SimulatorOptions {
  readonly account: string;
  readonly onFault?: (error: unknown) => void;
}

/** A channel whose provider is two tables, so that every process can take part and a restart loses nothing. */
export function createSimulator(provider: SimulatorProvider, options: SimulatorOptions): Channel {
  let inbox: Inbox | null = null;
  return {
    name: 'simulator',
    account: options.account,
    simulator: true,
    capabilities: channelCapabilities.simulator,
    pace: { bulkBatch: 100, concurrency: 32, bulkConcurrency: 32, bulkGapMs: 0 },
    sameIdIsOneMessage: true,
    webhook: null,
    open: async ({ message }) => {
      inbox = new Inbox(provider, options, message);
    },
    send: (parcel, signal) => send(provider, parcel, signal),
    fetch: (ref, limitBytes) => fetchFile(provider, ref, limitBytes),
    health: () => provider.health(),
    close: async () => inbox?.close(),
  };
}

async function send(provider: SimulatorProvider, parcel: Parcel, signal: AbortSignal): Promise<Accepted> {
  if (signal.aborted) throw fault({ kind: 'throttled', until: new Date(), code: 'aborted' });
  const known = await shown(provider, parcel, signal);
  if (!known) throw fault({ kind: 'permanent', code: 'no-such-person' });
  return { providerId: parcel.id };
}

async function fetchFile(provider: SimulatorProvider, ref: string, limitBytes: number): Promise<Fetched> {
  const bytes = await provider.file(ref);
  if (bytes === null) return 'gone';
  return bytes.length > limitBytes ? 'too-large' : bytes;
}

async function shown(provider: SimulatorProvider, parcel: Parcel, signal: AbortSignal): Promise<boolean> {
  const answer = provider.show(parcel.address, parcel.id, parcel.message, parcel.file);
  try {
    return await unlessAborted(answer, signal);
  } catch {
    throw fault({ kind: 'ambiguous', code: signal.aborted ? 'aborted' : 'database' });
  }
}

function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason);
    signal.addEventListener('abort', give, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}

function fault(what: ChannelError['fault']): ChannelError {
  return new ChannelError('simulator', what);
}

/** Hands over what people sent: of one person in order, of different persons in parallel. */
class Inbox {
  readonly #provider: SimulatorProvider;
  readonly #options: SimulatorOptions;
  readonly #closing = new AbortController();
  readonly #pumps = new Map<string, Promise<void>>();
  readonly #again = new Map<string, AbortSignal>();
  readonly #receiver: Receiver;
  readonly #consumption: Consumption;

  constructor(provider: SimulatorProvider, options: SimulatorOptions, receiver: Receiver) {
    this.#provider = provider;
    this.#options = options;
    this.#receiver = receiver;
    this.#consumption = provider.consume(`sapa:${options.account}`, (held) => {
      const stop = AbortSignal.any([held, this.#closing.signal]);
      return (personId) => this.#wake(personId, stop);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#pumps.values());
    await this.#consumption.close();
  }

  #wake(personId: string, stop: AbortSignal): void {
    if (stop.aborted) return;
    if (this.#pumps.has(personId)) {
      this.#again.set(personId, stop);
      return;
    }
    const pump = this.#pump(personId, stop)
      .catch((error: unknown) => this.#options.onFault?.(error))
      .finally(() => this.#ended(personId));
    this.#pumps.set(personId, pump);
  }

  #ended(personId: string): void {
    this.#pumps.delete(personId);
    const stop = this.#again.get(personId);
    this.#again.delete(personId);
    if (stop !== undefined) this.#wake(personId, stop);
  }

  async #pump(personId: string, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const waiting = await this.#provider.unfetched(personId);
      if (waiting.length === 0) return;
      for (const { value, bubble } of waiting) await this.#handOver(value, bubble, stop);
    }
  }

  /** Confirms only after the receiver has it: killed in between, it is handed over again. */
  async #handOver(value: string, bubble: PersonBubble, stop: AbortSignal): Promise<void> {
    const message = inboundOf(this.#options.account, value, bubble);
    const onFault = (error: unknown) => this.#options.onFault?.(error);
    if (await isDone({ stop, onFault }, () => this.#receiver(message)))
      await this.#provider.confirm(bubble.id);
  }
}

function inboundOf(account: string, value: string, bubble: PersonBubble): InboundMessage {
  return {
    channel: 'simulator',
    account,
    dedupeKey: bubble.messageId,
    address: value,
    phone: isPhoneNumber(value) ? value : null,
    content: contentOf(bubble),
    writtenAt: bubble.at,
  };
}

function contentOf({ body, messageId }: PersonBubble): Content {
  if ('text' in body) return { kind: 'text', text: body.text };
  if ('file' in body) return { kind: 'file', ref: messageId, ...body.file, caption: null };
  if ('location' in body) return { kind: 'location', ...body.location };
  const pressed = parseButtonData(body.button.data);
  if (pressed === null) return { kind: 'text', text: body.button.label };
  return { kind: 'choice', ...pressed, label: body.button.label };
}
