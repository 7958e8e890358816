import type { Span } from '../flow/human-hours.js';
import { isRecord, type Json } from '../flow/json.js';
import type { Choice, Enclosure, Message, StartedTimer } from '../flow/message.js';

const INTERRUPTED = 'Maaf, sempat terputus.';
const LEFT_OUT: Readonly<Record<Enclosure['kind'], string>> = {
  photo: 'Mohon maaf, ada foto yang tidak dapat kami kirimkan ke sini.',
  document: 'Mohon maaf, ada berkas yang tidak dapat kami kirimkan ke sini.',
};

/** Reads the message of a delivery row back from what was sealed; throws when it is not one. */
export function toMessage(json: Json): Message {
  if (!isRecord(json) || typeof json.text !== 'string' || !Array.isArray(json.choices)) throw unreadable();
  const question = json.question ?? null;
  if (question !== null && typeof question !== 'string') throw unreadable();
  const message = {
    text: json.text,
    choices: json.choices.map(toChoice),
    question,
    ...toShare(json),
    ...toEnclosure(json),
  };
  return Array.isArray(json.timers) ? { ...message, timers: json.timers.map(toTimer) } : message;
}

/** A message as JSON, to be sealed. */
export function toJson(message: Message): Json {
  const choices = message.choices.map(({ id, label }) => ({ id, label }));
  const { text, question, share, enclosure } = message;
  const plain = {
    ...{ text, choices, question },
    ...(share === undefined ? {} : { share }),
    ...(enclosure === undefined ? {} : { enclosure: { ...enclosure } }),
  };
  const timers = message.timers?.map(({ after, ...timer }) => ({ ...timer, after: { ...after } }));
  return timers === undefined ? plain : { ...plain, timers };
}

/** The message that follows a reply of which nobody knows whether it arrived. */
export function afterInterruption(message: Message): Message {
  return withSentence(message, INTERRUPTED);
}

/** What is said where a file cannot be sent: that there is one, and everything that was written. */
export function withoutFile({ enclosure, ...message }: Message): Message {
  return enclosure === undefined ? message : withSentence(message, LEFT_OUT[enclosure.kind]);
}

function withSentence(message: Message, sentence: string): Message {
  return { ...message, text: [sentence, message.text].filter((part) => part !== '').join('\n\n') };
}

function toChoice(json: Json): Choice {
  if (!isRecord(json) || typeof json.id !== 'string' || typeof json.label !== 'string') throw unreadable();
  return { id: json.id, label: json.label };
}

function toShare({ share }: Readonly<Record<string, Json>>): Pick<Message, 'share'> {
  return share === 'number' || share === 'place' ? { share } : {};
}

function toEnclosure({ enclosure }: Readonly<Record<string, Json>>): Pick<Message, 'enclosure'> {
  if (enclosure === undefined) return {};
  const { kind, content, mime, name, size } = isRecord(enclosure) ? enclosure : {};
  if (kind !== 'photo' && kind !== 'document') throw unreadable();
  if (typeof content !== 'string' || typeof mime !== 'string') throw unreadable();
  if (typeof name !== 'string' || typeof size !== 'number') throw unreadable();
  return { enclosure: { kind, content, mime, name, size } };
}

function toTimer(json: Json): StartedTimer {
  const { flow, name, reminder, after } = isRecord(json) ? json : {};
  if (typeof flow !== 'string' || typeof name !== 'string' || typeof reminder !== 'boolean')
    throw unreadable();
  return { flow, name, reminder, after: toSpan(after ?? null) };
}

function toSpan(json: Json): Span {
  const { amount, unit, day } = isRecord(json) ? json : {};
  if (typeof day === 'string') return { day };
  if (typeof amount !== 'number' || (unit !== 'menit' && unit !== 'jam' && unit !== 'hari'))
    throw unreadable();
  return { amount, unit };
}

function unreadable(): Error {
  return new Error('a delivery body is not a message: it was sealed by something else than toJson');
}
