/** One possible answer. `id` is unique within its message, `label` is what a person reads (at most 24 characters). */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/**
 * What the bot says, independent of any channel: `*bold*` is the only mark-up.
 * `question` is the id of the question it asks, or null when it asks nothing; an answer by button carries it back.
 */
export interface Message {
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly question: string | null;
}

/** A message that only tells something. */
export function saying(text: string): Message {
  return { text, choices: [], question: null };
}
