import type { Span } from './human-hours.js';

/** One possible answer. `id` is unique within its message, `label` is what a person reads; a button may show it shortened. */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** What a phone can share by itself: its own number, as proof, or where it is. */
export type Share = 'number' | 'place';

/** A timer of a question. `flow` declares it under `name`; `reminder` tells one that only asks again from one that leads on. */
export interface StartedTimer {
  readonly flow: string;
  readonly name: string;
  readonly reminder: boolean;
  readonly after: Span;
}

/**
 * A file that goes out with a message: the one that is kept as the attachment `content`. Its bytes are read when it is sent; `size`
 * is theirs. `name` is what the recipient sees it called.
 */
export interface Enclosure {
  readonly kind: 'photo' | 'document';
  readonly content: string;
  readonly mime: string;
  readonly name: string;
  readonly size: number;
}

/**
 * What the bot says, independent of any channel: `*bold*` is the only mark-up.
 * `question` is the id of the question it asks, or null when it asks nothing; an answer by button carries it back.
 * `timers` begin to run when a provider has accepted the message.
 */
export interface Message {
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly question: string | null;
  /** What the person can share as the answer, at one tap, where the channel has a button for it. */
  readonly share?: Share;
  readonly timers?: readonly StartedTimer[];
  /** Shown above the text, which is its caption as far as the channel can. */
  readonly enclosure?: Enclosure;
}

/** A message that only tells something. */
export function saying(text: string): Message {
  return { text, choices: [], question: null };
}
