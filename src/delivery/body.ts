import { isRecord, type Json } from '../flow/json.js';
import type { Choice, Message } from '../flow/message.js';

const INTERRUPTED = 'Maaf, sempat terputus.';

/** Reads the message of a delivery row back from what was sealed; throws when it is not one. */
export function toMessage(json: Json): Message {
  if (!isRecord(json) || typeof json.text !== 'string' || !Array.isArray(json.choices)) throw unreadable();
  const question = json.question ?? null;
  if (question !== null && typeof question !== 'string') throw unreadable();
  return { text: json.text, choices: json.choices.map(toChoice), question };
}

/** A message as JSON, to be sealed. */
export function toJson(message: Message): Json {
  const choices = message.choices.map(({ id, label }) => ({ id, label }));
  return { text: message.text, choices, question: message.question };
}

/** The message that follows a reply of which nobody knows whether it arrived. */
export function afterInterruption(message: Message): Message {
  return { ...message, text: `${INTERRUPTED}\n\n${message.text}` };
}

function toChoice(json: Json): Choice {
  if (!isRecord(json) || typeof json.id !== 'string' || typeof json.label !== 'string') throw unreadable();
  return { id: json.id, label: json.label };
}

function unreadable(): Error {
  return new Error('a delivery body is not a message: it was sealed by something else than toJson');
}
