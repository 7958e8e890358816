import type { Statement } from '../store/statement.js';
import { bringCalendars } from './calendar-news.js';
import { inviteRecipients } from './invitations.js';

/** A broadcast whose people are being frozen. */
export interface FrozenBroadcast {
  readonly id: string;
  readonly rakorId: string | null;
  readonly now: Date;
  /** What is sent besides, to some of them: under which id, and the sealed body of it; null: nothing. */
  readonly follow: { readonly id: string; readonly body: Buffer } | null;
}

/** What a broadcast is about. */
export interface KindOfBroadcast {
  /** What it is called towards whoever sends it. */
  readonly words: string;
  /** What its maker types to make another one. */
  readonly again: string;
  /** What a yes and a no do beside sending it or not; none: nothing. */
  readonly turns?: { readonly yes: string; readonly no: string };
  /** What else is written in the transaction in which its people were frozen: they stand in `recipient` by then. */
  readonly frozen?: (broadcast: FrozenBroadcast) => readonly Statement[];
  /** The signal by which the conversation about an answer begins; none: it asks nothing. */
  readonly answers?: string;
}

/** Somebody has answered what an invitation asks. */
const invitationAnswered = 'invitation-answered';

/** Every kind there is, by the name it is kept under; no other code names one. */
export const kindsOfBroadcast = {
  message: { words: 'Siaran', again: 'SIARAN' },
  invitation: {
    ...{ words: 'Undangan rakor', again: 'RAKOR BARU' },
    ...{ frozen: inviteRecipients, answers: invitationAnswered },
  },
  change: {
    ...{ words: 'Perubahan rakor', again: 'UBAH RAKOR', frozen: bringCalendars, answers: invitationAnswered },
    turns: { yes: 'rakornya diubah', no: 'rakornya tetap seperti semula' },
  },
  // It comes right behind the change, which asks.
  calendar: { words: 'Kalender rakor', again: 'UBAH RAKOR', answers: invitationAnswered },
  cancellation: {
    ...{ words: 'Pembatalan rakor', again: 'BATALKAN RAKOR' },
    turns: { yes: 'rakornya dibatalkan', no: 'rakornya tetap diadakan' },
  },
  minutes: { words: 'Notulen rakor', again: 'NOTULEN' },
} as const satisfies Readonly<Record<string, KindOfBroadcast>>;

/** The name of one. */
export type BroadcastKind = keyof typeof kindsOfBroadcast;

/** A kind by its name in a row. Throws for one that this program does not know. */
export function kindNamed(name: string): KindOfBroadcast {
  const known: Readonly<Record<string, KindOfBroadcast>> = kindsOfBroadcast;
  const kind = known[name];
  if (kind === undefined)
    throw new Error(`a broadcast is of the kind ${name}, which this program does not know`);
  return kind;
}

/** What the second person decides beside the sending, as a sentence; none: nothing. */
export function turnWords(name: string): readonly string[] {
  const { turns } = kindNamed(name);
  return turns === undefined ? [] : [`Bila disetujui, ${turns.yes}; bila ditolak, ${turns.no}.`];
}
