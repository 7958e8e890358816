import type { Capabilities, Carrying, Picker } from './capabilities.js';
import { type BoldPlace, boldPlaces } from './markup.js';
import { type Enclosure, type Message, type Share, saying } from './message.js';

/** Something to tap in a rendered message; `data` comes back when it is: question id and choice id. */
export interface Button {
  readonly label: string;
  readonly data: string;
}

/** A message as one channel shows it. With `list` the buttons are the rows of a list that opens. */
export interface Rendered {
  readonly text: string;
  readonly buttons: readonly Button[];
  readonly list?: true;
  /** A button that shares something of the phone's stands beside the others. */
  readonly share?: Share;
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

/** With what a channel offers so many choices: buttons where there are enough of them, else a list, else neither. */
export function pickerFor(count: number, { buttons, list }: Capabilities): Picker | null {
  if (count === 0) return null;
  return [buttons, list].find((picker) => picker !== null && count <= picker.most) ?? null;
}

/** A label as it stands on a button: one that is too long ends in `…`. Its whole words stand in the text. */
export function shorten(label: string, limit: number): string {
  return label.length <= limit ? label : `${label.slice(0, wholeBefore(label, limit - 1)).trimEnd()}…`;
}

/**
 * Shows a message on a channel: its choices always as numbered lines with their whole labels, and, where the channel can,
 * also as buttons or a list.
 */
export function render(message: Message, capabilities: Capabilities): Rendered {
  const shown = withPicker(message, capabilities);
  const { share } = message;
  return share !== undefined && canShare[share](capabilities) ? { ...shown, share } : shown;
}

/** A message as a written conversation shows it: the name of its file, and its words. */
export function written(message: Message, capabilities: Capabilities): string {
  const { text } = render(message, capabilities);
  const { enclosure } = message;
  return [...(enclosure === undefined ? [] : [`[${enclosure.name}]`]), text]
    .filter((part) => part !== '')
    .join('\n');
}

const canShare: Readonly<Record<Share, (capabilities: Capabilities) => boolean>> = {
  number: ({ numberButton }) => numberButton,
  place: ({ placeButton }) => placeButton,
};

function withPicker(message: Message, capabilities: Capabilities): Rendered {
  const text = withNumbers(message);
  const { buttons, list } = capabilities;
  const picker = pickerFor(message.choices.length, capabilities);
  if (picker === null || text.length > capabilities.promptLimit) return { text, buttons: [] };
  const shown = buttonsOf(message, picker);
  return picker === list && picker !== buttons && shown.length > 0
    ? { text, buttons: shown, list: true }
    : { text, buttons: shown };
}

/** No buttons rather than two that look the same, or one whose answer could not come back. */
function buttonsOf({ question, choices }: Message, picker: Picker): readonly Button[] {
  if (question === null) return [];
  const buttons = choices.map(({ id, label }) => ({
    label: shorten(label, picker.label),
    data: buttonData(question, id),
  }));
  const fit = buttons.every(({ data }) => Buffer.byteLength(data) <= picker.payloadBytes);
  return fit && new Set(buttons.map(({ label }) => label)).size === buttons.length ? buttons : [];
}

function withNumbers({ text, choices }: Message): string {
  const lines = choices.map(({ label }, at) => `${at + 1}. ${label}`).join('\n');
  return [text, lines].filter((part) => part !== '').join('\n\n');
}

/** How a channel carries a file, or why it cannot. */
export type Carriage = Enclosure['kind'] | 'file-too-large' | 'file-type';

/** A photo that is none for this channel, or too large for one, goes as a document. */
export function carriageOf(file: Enclosure, { photos, documents }: Capabilities): Carriage {
  if (file.kind === 'photo' && isCarried(file, photos)) return 'photo';
  if (isCarried(file, documents)) return 'document';
  const isKnown = isOfType(file, documents) || (file.kind === 'photo' && isOfType(file, photos));
  return isKnown ? 'file-too-large' : 'file-type';
}

function isCarried(file: Enclosure, carrying: Carrying): boolean {
  return isOfType(file, carrying) && file.size <= carrying.bytes;
}

function isOfType({ mime }: Enclosure, { types }: Carrying): boolean {
  return types === null || types.includes(mime);
}

/** Beside its choices a text has at least this part of a message; less would chop it into crumbs. */
const leastShare = 1 / 4;

/**
 * Splits a message into as many as the channel's limits ask for, at sentence ends. Nothing is dropped or cut: choices stay
 * with the last part, and those that are too long for that become numbered text. A message of nothing but blanks is none. A file
 * comes first: with the text where that is a caption, else alone.
 */
export function splitToFit(message: Message, capabilities: Capabilities): readonly Message[] {
  const { enclosure, ...words } = message;
  if (enclosure === undefined) return splitWords(message, capabilities);
  if (isCaption(message, capabilities)) return [message];
  return [{ ...saying(''), enclosure }, ...splitWords(words, capabilities)];
}

/** Whether a text can stand under a file: there is nothing to tap beside it. */
function isCaption({ text, choices, share }: Message, { captionLimit }: Capabilities): boolean {
  return choices.length === 0 && share === undefined && text.length <= captionLimit;
}

function splitWords(message: Message, capabilities: Capabilities): readonly Message[] {
  const { question, choices } = message;
  const limit = pickerFor(choices.length, capabilities) ? capabilities.promptLimit : capabilities.textLimit;
  const whole = withNumbers(message);
  if (whole.length <= limit) return whole.trim() === '' ? [] : [message];
  const room = limit - (whole.length - message.text.length);
  if (room >= limit * leastShare) return partsOf(message.text, room, { question, choices });
  return partsOf(whole, capabilities.textLimit, { question, choices: [] });
}

function partsOf(text: string, room: number, last: Omit<Message, 'text'>): readonly Message[] {
  const parts = splitText(text, room);
  return parts.map((part, at) =>
    at === parts.length - 1 ? { ...last, text: part } : { text: part, choices: [], question: null },
  );
}

function splitText(text: string, room: number): readonly string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > room) {
    const [part, left] = firstPart(rest, room);
    parts.push(part);
    rest = left;
  }
  return rest === '' ? parts : [...parts, rest];
}

/** The first part and what is left. Only bold that fills more than a message is cut: it ends here and begins again there. */
function firstPart(text: string, room: number): readonly [part: string, rest: string] {
  const runs = boldPlaces(text, room);
  const cut = outside(text, room, runs);
  if (cut !== null) return [text.slice(0, cut).trimEnd(), text.slice(cut).trimStart()];
  const inside = lastBlank(text, room - 1, () => true) ?? wholeBefore(text, room - 1, 1);
  return [`${text.slice(0, inside).trimEnd()}*`, `*${text.slice(inside).trimStart()}`];
}

/** Where to cut: at the last sentence end, else at the last blank, else in front of bold, else between two characters. */
function outside(text: string, room: number, runs: readonly BoldPlace[]): number | null {
  const isFree = (place: number) => !runs.some(({ start, end }) => start < place && place < end);
  const gap =
    lastBlank(text, room, (place) => isFree(place) && endsSentence(text, place)) ??
    lastBlank(text, room, isFree);
  if (gap !== null) return gap;
  const hard = wholeBefore(text, room);
  const torn = runs.find(({ start, end }) => start < hard && hard < end);
  if (torn === undefined || room < leastBold) return hard;
  return torn.start > 0 ? torn.start : null;
}

/** Room for two stars and a character of any width between them. */
const leastBold = 12;

function lastBlank(text: string, room: number, isGood: (place: number) => boolean): number | null {
  for (let place = room; place > 1; place -= 1) if (isBlank(text, place) && isGood(place)) return place;
  return null;
}

/** A blank that carries an accent is a character of its own. */
function isBlank(text: string, place: number): boolean {
  return blank.test(text.slice(place, place + 2));
}

const blank = /^\s(?![\p{M}\u200d])/u;

const sentenceEnd = /[.!?…]["'”’)\]*]*$/u;
const itemNumber = /(?:^|\n)\s*\d{1,3}\.$/;

/** A line end, or a blank after a full stop that does not belong to the number of an item. */
function endsSentence(text: string, place: number): boolean {
  if (text[place] === '\n') return true;
  const before = text.slice(Math.max(0, place - 8), place);
  return sentenceEnd.test(before) && !itemNumber.test(before);
}

const characters = new Intl.Segmenter('id', { granularity: 'grapheme' });
/** A character with more accents than this is cut between two of them. */
const longestCharacter = 128;

/** The last place up to `place` that is between two characters as people see them, and behind `least`. */
function wholeBefore(text: string, place: number, least = 0): number {
  const from = Math.max(0, place - longestCharacter);
  const around = text.slice(from, place + longestCharacter);
  const start = from + (characters.segment(around).containing(place - from)?.index ?? place - from);
  if (start > Math.max(from, least)) return start;
  return isLowSurrogate(text.charCodeAt(place)) && place > 1 ? place - 1 : place;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
