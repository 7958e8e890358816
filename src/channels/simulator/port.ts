import type { Button, Rendered } from '../../flow/render.js';
import type { Health, ParcelFile } from '../contract.js';

/** A pretended person: `value` is a phone number in E.164, or a handle when their channel does not tell the number. */
export interface SimulatorPerson {
  readonly id: string;
  readonly value: string;
}

/** A person in the list of phones; `lastBotBubble` is 0 while the bot has said nothing to them. */
export interface ListedPerson extends SimulatorPerson {
  readonly lastBotBubble: number;
}

/** A file a person sent, as their phone describes it; `size` in bytes. */
export interface SentFile {
  readonly name: string;
  readonly mime: string;
  readonly size: number;
}

/** What a person did on their phone but send a file: typed a text, pressed a button, or shared where they are (degrees). */
export type Said =
  | { readonly text: string }
  | { readonly button: Button }
  | { readonly location: { readonly latitude: number; readonly longitude: number } };

interface AnyBubble {
  /** Orders the screen of one person: a later bubble has the greater id and was committed later. */
  readonly id: number;
  readonly messageId: string;
  readonly at: Date;
}

/** What a person sent. */
export interface PersonBubble extends AnyBubble {
  readonly fromBot: false;
  readonly body: Said | { readonly file: SentFile };
}

/** A photo or a document of the bot, as a screen describes it. */
export interface ShownFile extends SentFile {
  readonly kind: ParcelFile['kind'];
}

/** What the bot sent; the text stands under the file. */
export interface BotBubble extends AnyBubble {
  readonly fromBot: true;
  readonly body: Rendered & { readonly file?: ShownFile };
}

/** One message on the screen of a simulator phone. */
export type Bubble = PersonBubble | BotBubble;

/** Called with the id of each person who has something the bot has not fetched. */
export type Wake = (personId: string) => void;

/** Begins one time of being the consumer; `held` is aborted when another process may have taken over. */
export type Begin = (held: AbortSignal) => Wake;

/** A place in the row of consumers. */
export interface Consumption {
  /** Gives the place to the next one; call it when nothing is being handed over any more. */
  close(): Promise<void>;
}

/** The phones: what a page or a terminal needs to be a person. */
export interface SimulatorPhones {
  /** Finds or makes the person with this value (see `personValue`). */
  addPerson(value: string): Promise<SimulatorPerson>;
  person(personId: string): Promise<SimulatorPerson | null>;
  /** The newest 200 people, oldest first. */
  people(): Promise<readonly ListedPerson[]>;
  /** Sends to the bot; the same message id again changes nothing; false when there is no such person. */
  say(personId: string, messageId: string, said: Said): Promise<boolean>;
  /** Sends a file to the bot, as `say` does. */
  sendFile(
    personId: string,
    messageId: string,
    file: Omit<SentFile, 'size'> & { readonly bytes: Uint8Array },
  ): Promise<boolean>;
  /** The file of a message of the bot on this person's screen; null when there is none. */
  openFile(personId: string, messageId: string): Promise<(ShownFile & { readonly bytes: Uint8Array }) | null>;
  /** Up to 500 bubbles after the one with id `after`, in order; ask again from the last one for more. */
  screen(personId: string, after: number): Promise<readonly Bubble[]>;
  /** The last `count` bubbles, in order. */
  tail(personId: string, count: number): Promise<readonly Bubble[]>;
  /** Whether the bot has fetched all this person sent and every reply it planned for them has ended. */
  settled(personId: string): Promise<boolean>;
  /** Yields when any screen may have changed, at once and then at least every second, until aborted. Never rejects. */
  changes(signal: AbortSignal): AsyncIterable<void>;
}

/** The provider's side: what the channel needs. */
export interface SimulatorProvider {
  /** Exactly one process at a time is the consumer of a lock name; the others wait for their turn. */
  consume(lock: string, begin: Begin): Consumption;
  /** The first bubbles of this person that are not confirmed, in order. */
  unfetched(personId: string): Promise<readonly { readonly value: string; readonly bubble: PersonBubble }[]>;
  /** The bytes of the file sent under this message id; null when there is none. */
  file(messageId: string): Promise<Uint8Array | null>;
  /** The bot has stored this bubble for good. */
  confirm(bubbleId: number): Promise<void>;
  /** Shows a message to the person with this value, once per message id; false when there is no such person. */
  show(value: string, messageId: string, message: Rendered, file?: ParcelFile): Promise<boolean>;
  health(): Promise<Health>;
}

/** A file in words, for a screen. */
export function fileWords({ name, size }: SentFile): string {
  return `[${name}, ${Math.ceil(size / 1000)} KB]`;
}

/** What a person sent, in words, for a screen. */
export function wordsOf({ body }: PersonBubble): string {
  if ('text' in body) return body.text;
  if ('button' in body) return body.button.label;
  if ('file' in body) return fileWords(body.file);
  return `[lokasi ${body.location.latitude}, ${body.location.longitude}]`;
}

/** Reads what someone typed as a person: Indonesian and international numbers become E.164, handles stay; else null. */
export function personValue(typed: string): string | null {
  const bare = typed.trim();
  if (/^[a-z][a-z0-9-]{2,39}$/.test(bare)) return bare;
  const digits = bare
    .replace(/[\s().-]/g, '')
    .replace(/^0(?=[1-9])/, '+62')
    .replace(/^62/, '+62');
  return isPhoneNumber(digits) ? digits : null;
}

/** Whether a person's value is a phone number in E.164. */
export function isPhoneNumber(value: string): boolean {
  return /^\+[1-9]\d{7,14}$/.test(value);
}
