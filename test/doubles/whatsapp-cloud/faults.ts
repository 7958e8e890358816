import type { Refusal } from './refusal.js';

/** What can go wrong with a call. `after` is done when the call was carried out, `before` when it was not. */
export type Fault =
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** A gateway's page instead of the API's JSON; the call was not carried out, but who can tell. */
  | { readonly kind: 'page'; readonly status: number }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** The answer waits for this; the call is carried out at once. */
  | { readonly kind: 'slow'; readonly until: Promise<void> };

/** What calls are about. */
export type Subject = 'send' | 'upload' | 'media' | 'download' | 'number' | 'templates';

interface Planned {
  readonly fault: Fault;
  readonly subject: Subject;
  times: number;
}

/** What a test wants to go wrong. */
export class Faults {
  #planned: Planned[] = [];

  /** The next calls about something go wrong. */
  next(subject: Subject, fault: Fault, times = 1): void {
    this.#planned.push({ fault, subject, times });
  }

  /** Everything goes well again. */
  clear(): void {
    this.#planned = [];
  }

  /** What is to go wrong with this call, if anything. */
  take(subject: Subject): Fault | null {
    const planned = this.#planned.find((one) => one.subject === subject && one.times > 0);
    if (planned === undefined) return null;
    planned.times -= 1;
    return planned.fault;
  }
}
