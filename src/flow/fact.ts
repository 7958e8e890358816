import type { Json, JsonRecord } from './json.js';
import type { Message } from './message.js';

/** Where in the flows something happened; null where no flow was open. */
interface Place {
  readonly flow: string | null;
  readonly step: string | null;
}

/** What happened in a turn: at once the engine's output and the history of the conversation. */
export type Fact = Place &
  (
    | {
        readonly kind: 'started';
        readonly by: 'trigger' | 'word' | 'call' | 'repair' | 'guess' | 'default' | 'signal';
      }
    | { readonly kind: 'said'; readonly message: Message }
    | { readonly kind: 'asked'; readonly message: Message; readonly again: boolean }
    | { readonly kind: 'reminded'; readonly message: Message }
    | { readonly kind: 'timer'; readonly name: string }
    | { readonly kind: 'saved'; readonly name: string; readonly value: Json }
    | { readonly kind: 'kept'; readonly attachment: string }
    | { readonly kind: 'misunderstood'; readonly tries: number; readonly reason: string }
    | { readonly kind: 'unseen'; readonly joined: boolean }
    | { readonly kind: 'undone'; readonly to: string }
    | { readonly kind: 'actionWanted'; readonly action: string; readonly args: JsonRecord }
    | { readonly kind: 'actionDone'; readonly action: string; readonly outcome: string }
    | { readonly kind: 'ended'; readonly outcome: string }
    | { readonly kind: 'failed'; readonly why: string }
    /** The conversation goes on in a newer version; `from` is the hash of the one it was in. */
    | { readonly kind: 'carried'; readonly from: string }
  );

/** The plain word a query may group by: an outcome, an action, a reason class. Never anything a person typed. */
export function outcomeOf(fact: Fact): string | null {
  switch (fact.kind) {
    case 'started':
      return fact.by;
    case 'saved':
    case 'timer':
      return fact.name;
    case 'actionWanted':
      return fact.action;
    case 'actionDone':
    case 'ended':
      return fact.outcome;
    case 'misunderstood':
      return String(fact.tries);
    case 'unseen':
      return fact.joined ? 'joined' : 'asked-again';
    case 'undone':
      return fact.to;
    case 'failed':
      return fact.why;
    case 'carried':
      return fact.from;
    default:
      return null;
  }
}
