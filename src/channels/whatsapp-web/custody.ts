/** What frames are written to. */
export interface Writer {
  send(frame: Uint8Array, done?: (error?: Error) => void): void;
}

/**
 * Keeps back what the client writes while a message that came is not kept yet. The client tells its sender that it has arrived
 * before anybody has heard of it: killed in between, it would be lost for good. So its receipt leaves, in the order of all
 * frames, once the message is in the database; whoever is killed before that is given it again.
 */
export class Custody {
  readonly #patienceMs: number;
  /** Messages that are not kept yet; with a timer until the client has read them. */
  readonly #messages = new Map<string, NodeJS.Timeout | null>();
  #frames: (() => void)[] = [];

  /** The client does not tell of every message: one it has not read after so many milliseconds is not waited for. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** A message has come over the wire. */
  came(message: string): void {
    if (this.#messages.has(message)) return;
    this.#messages.set(
      message,
      setTimeout(() => this.kept(message), this.#patienceMs),
    );
  }

  /** The client has read it: from here on it is waited for as long as the connection lasts. */
  read(message: string): void {
    const timer = this.#messages.get(message);
    if (timer === undefined) return;
    clearTimeout(timer ?? undefined);
    this.#messages.set(message, null);
  }

  /** It is kept, or nobody wants it. */
  kept(message: string): void {
    clearTimeout(this.#messages.get(message) ?? undefined);
    this.#messages.delete(message);
    if (this.#messages.size > 0) return;
    const frames = this.#frames;
    this.#frames = [];
    for (const write of frames) write();
  }

  /** Stands between the client and its wire. The client, which waits for each frame to be written, is told that it is. */
  guard(writer: Writer): void {
    const write = writer.send.bind(writer);
    writer.send = (frame, done) => {
      if (this.#messages.size === 0) return write(frame, done);
      this.#frames.push(() => write(frame));
      done?.();
    };
  }
}
