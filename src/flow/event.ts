import type { Attachment } from './attachment.js';
import type { JsonRecord } from './json.js';

/**
 * What can happen to a conversation. `seen` is false when the message was written before the pending question reached
 * its writer. An action's `values` are what its outcome promises in the signature. A `timer` is due that ran since the
 * question was sent. A `signal` comes from elsewhere (another conversation, a command) and says only that there is something
 * to look at: whoever hears it looks, and may find it outdated. `answers` is the signal of something that was asked outside of the
 * conversation (an invitation to many), when the message is an answer to that.
 */
export type FlowEvent =
  | { readonly type: 'message'; readonly text: string; readonly seen: boolean; readonly answers?: string }
  | { readonly type: 'attachment'; readonly attachment: Attachment; readonly seen: boolean }
  | {
      readonly type: 'choice';
      readonly question: string;
      readonly choice: string;
      readonly label: string;
      readonly answers?: string;
    }
  | { readonly type: 'actionResult'; readonly outcome: string; readonly values: JsonRecord }
  | { readonly type: 'timer'; readonly question: string; readonly timer: string }
  | { readonly type: 'signal'; readonly name: string };
