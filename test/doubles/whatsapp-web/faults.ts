/** What can go wrong with a message the client sends. */
export type SendFault =
  /** It is taken and read, and never acknowledged. */
  | { readonly kind: 'drop-ack' }
  /** It is taken and read, and acknowledged when this is fulfilled. */
  | { readonly kind: 'late-ack'; readonly until: Promise<unknown> }
  /** The wire is cut: before it is taken (nobody reads it), or after (it is read; the client cannot know). */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** It is refused with this code, and nobody reads it. */
  | { readonly kind: 'refuse'; readonly code: number };

/** Whom the account may write to: 463 answers the rest. */
export type Restriction = 'none' | 'new-chats' | 'all';

interface Planned<T> {
  readonly about: string | null;
  readonly fault: T;
  times: number;
}

/** What a test wants to go wrong. */
export class Faults {
  /** Code 463 for those who never wrote to the account and were never written to, or for everybody. */
  restriction: Restriction = 'none';
  #sends: Planned<SendFault>[] = [];
  #queries: Planned<Promise<unknown>>[] = [];
  #logins: Planned<number>[] = [];

  /** The next messages go wrong: of all, or to this address. */
  nextSend(fault: SendFault, { times = 1, to = null }: FaultScope = {}): void {
    this.#sends.push({ about: to, fault, times });
  }

  /** The next queries of this name (`usync`, `encrypt key`, `w:p ping`) are answered when this is fulfilled. */
  slowQuery(name: string, until: Promise<unknown>, times = 1): void {
    this.#queries.push({ about: name, fault: until, times });
  }

  /** The next logins fail with this code: 401, 403, 405, 411, 500, 503. */
  refuseLogin(code: number, times = 1): void {
    this.#logins.push({ about: null, fault: code, times });
  }

  /** Everything goes well again. */
  clear(): void {
    [this.#sends, this.#queries, this.#logins] = [[], [], []];
    this.restriction = 'none';
  }

  /** What is to go wrong with a message to one of these addresses. */
  takeSend(addresses: readonly string[]): SendFault | null {
    return take(this.#sends, (about) => addresses.includes(about));
  }

  /** What a query has to wait for. */
  takeQuery(name: string): Promise<unknown> | null {
    return take(this.#queries, (about) => name === about || name.startsWith(`${about} `));
  }

  /** How a login ends; null when it is let in. */
  takeLogin(): number | null {
    return take(this.#logins, () => true);
  }
}

/** How often a fault happens, and with whom. */
export interface FaultScope {
  readonly times?: number;
  readonly to?: string | null;
}

function take<T>(planned: readonly Planned<T>[], matches: (about: string) => boolean): T | null {
  const found = planned.find(({ about, times }) => times > 0 && (about === null || matches(about)));
  if (found === undefined) return null;
  found.times -= 1;
  return found.fault;
}
