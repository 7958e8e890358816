import type { Sent } from './protocol.js';

/** Codes with which the server refuses a message although the same one may be taken later (479: the devices have changed). */
const passing: ReadonlySet<string> = new Set(['479', '500', '503']);

/**
 * What the server says to messages on their way. That the client library has put one on the wire proves nothing: only the
 * server's own acknowledgement, or its refusal, is an answer.
 */
export class Acks {
  readonly #waiting = new Map<string, (sent: Sent) => void>();

  /** What becomes of the message with this id; unknown after a time in milliseconds. */
  expect(id: string, ms: number): Promise<Sent> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.lost(id, 'no-ack'), ms);
      this.#waiting.set(id, (sent) => {
        clearTimeout(timer);
        resolve(sent);
      });
    });
  }

  /** The server has answered; `error` is the code of its refusal. */
  answered(id: string, error: string | undefined): void {
    if (error === undefined) this.#settle(id, { kind: 'accepted' });
    else if (passing.has(error)) this.lost(id, `ack-${error}`);
    else this.#settle(id, { kind: 'refused', code: error });
  }

  /** Nobody will ever know. */
  lost(id: string, code: string): void {
    this.#settle(id, { kind: 'lost', code });
  }

  allLost(code: string): void {
    for (const id of this.#waiting.keys()) this.lost(id, code);
  }

  #settle(id: string, sent: Sent): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(sent);
  }
}
