import type { Capabilities } from './capabilities.js';
import type { Choice, Message } from './message.js';

/** A button of a rendered message; `data` comes back when it is pressed: question id and choice id. */
export interface Button {
  readonly label: string;
  readonly data: string;
}

/** A message as one channel shows it. */
export interface Rendered {
  readonly text: string;
  readonly buttons: readonly Button[];
}

/** What stands in a button: the choice and the id of its question, so that an old button can be told from the pending one. */
export function buttonData(question: string, choice: string): string {
  return `${question}:${choice}`;
}

/** Reads `buttonData` back; null for anything that no question of ours wrote. */
export function parseButtonData(data: string): { readonly question: string; readonly choice: string } | null {
  const cut = data.indexOf(':');
  return cut < 1 ? null : { question: data.slice(0, cut), choice: data.slice(cut + 1) };
}

/** One character can be two units long. */
const leastRoom = 2;

/** Shows a message on a channel: choices always as numbered lines, and as buttons where the channel has enough of them. */
export function render(message: Message, capabilities: Capabilities): Rendered {
  return { text: withNumbers(message), buttons: buttonsOf(message, capabilities) };
}

/** Splits a message into as many as the channel's text limit asks for, at sentence ends; choices stay with the last part. */
export function splitToFit(message: Message, capabilities: Capabilities): readonly Message[] {
  const left = capabilities.textLimit - (withNumbers(message).length - message.text.length);
  // Choices that alone fill a message leave no room; the text is split all the same, never endlessly.
  const parts = splitText(message.text, left < leastRoom ? capabilities.textLimit : left);
  return parts.map((text, at) =>
    at === parts.length - 1 ? { ...message, text } : { text, choices: [], question: null },
  );
}

function withNumbers(message: Message): string {
  if (message.choices.length === 0) return message.text;
  const lines = message.choices.map((choice, at) => `${at + 1}. ${choice.label}`);
  return `${message.text}\n\n${lines.join('\n')}`;
}

function buttonsOf(message: Message, capabilities: Capabilities): readonly Button[] {
  const { question, choices } = message;
  if (question === null || choices.length > capabilities.buttonLimit) return [];
  return choices.map((choice: Choice) => ({
    label: shorten(choice.label, capabilities.labelLimit),
    data: buttonData(question, choice.id),
  }));
}

function shorten(label: string, limit: number): string {
  return label.length <= limit ? label : `${label.slice(0, limit - 1)}…`;
}

function splitText(text: string, room: number): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > room) {
    const cut = cutAt(rest, room);
    const part = rest.slice(0, cut).trimEnd();
    if (part !== '') parts.push(part);
    rest = rest.slice(cut).trimStart();
  }
  return [...parts, rest];
}

/** Where to cut: after the last sentence end, else after the last blank, else between two whole characters. */
function cutAt(text: string, room: number): number {
  const head = text.slice(0, room);
  const sentence = Math.max(...['. ', '! ', '? ', '\n'].map((end) => head.lastIndexOf(end)));
  if (sentence > 0) return sentence + 1;
  const blank = head.lastIndexOf(' ');
  if (blank > 0) return blank + 1;
  return isHighSurrogate(head.charCodeAt(room - 1)) ? room - 1 : room;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
