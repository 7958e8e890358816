import { type Fact, outcomeOf } from '../flow/fact.js';
import type { Json } from '../flow/json.js';
import { type Message, saying } from '../flow/message.js';
import { idleSession, type Session } from '../flow/session.js';
import { indonesian } from '../flow/wording.js';
import type { Statement } from '../store/statement.js';
import {
  alarmStatement,
  type NewDelivery,
  type NewFact,
  type TurnRow,
  type TurnWrite,
} from '../store/turns.js';
import { encodeInbound } from './inbound.js';
import type { Item, Ready, TurnOptions } from './options.js';
import type { Thought } from './think.js';

/** A session larger than this is stuck in something; 64 kB is some hundred times an ordinary one. */
const mostStateBytes = 64 * 1024;

/** Makes the rows of a turn: everything a person typed is sealed here. */
export function prepare(
  options: TurnOptions,
  item: Item,
  row: TurnRow,
  inboundId: string,
  now: Date,
  thought: Thought,
): Ready {
  const { session, writes, messages, facts } = bounded(thought, now);
  const { contactId, addressId, version } = row;
  const { account, dedupeKey, writtenAt } = item.message;
  const write: TurnWrite = {
    ...{ contactId, addressId, version, inboundId, now, account, dedupeKey, writtenAt },
    ...placeOf(session),
    replaced: facts.some((fact) => fact.kind === 'unseen') ? row.question : null,
    state: options.vault.sealJson(asJson(session)),
    body: options.vault.sealJson(encodeInbound(item.message)),
    deliveries: messages.map((message) => deliveryOf(options, message)),
    facts: facts.map((fact) => factRow(options, fact)),
  };
  return { item, write, writes: [...writes, ...alarms(facts, now)] };
}

/** A message to be sent, sealed. */
export function deliveryOf({ vault, newId }: TurnOptions, message: Message): NewDelivery {
  return { id: newId(), body: vault.sealJson(asJson(message)), question: message.question };
}

/** Sessions and messages are made of JSON alone, which their interfaces cannot say. */
export function asJson(value: Session | Message): Json {
  return value as unknown as Json;
}

/** A session is read back exactly as this program wrote it, sealed; nobody else can have written it. */
export function asSession(value: Json): Session {
  return value as unknown as Session;
}

function placeOf(session: Session): Pick<TurnWrite, 'program' | 'flow' | 'step' | 'question'> {
  const top = session.frames[session.frames.length - 1];
  return {
    program: session.program,
    flow: top?.flow ?? null,
    step: top?.step ?? null,
    question: top?.wait?.question ?? null,
  };
}

/** A conversation that outgrew its bounds is ended with a word to the person, not with an error for ever. */
function bounded(thought: Thought, now: Date): Thought {
  if (JSON.stringify(thought.session).length <= mostStateBytes) return thought;
  const alarm = alarmStatement(
    'conversation-stuck',
    'a conversation was given up: its state grew too large',
    now,
  );
  return { ...thought, session: idleSession, messages: [saying(indonesian.stuck)], writes: [alarm] };
}

function alarms(facts: readonly Fact[], now: Date): readonly Statement[] {
  return facts.flatMap((fact) =>
    fact.kind === 'failed'
      ? [alarmStatement('conversation-stuck', `a conversation was given up: ${fact.why}`, now)]
      : [],
  );
}

function factRow({ vault }: TurnOptions, fact: Fact): NewFact {
  const payload = payloadOf(fact);
  const { kind, flow, step } = fact;
  return {
    kind,
    flow,
    step,
    outcome: outcomeOf(fact),
    payload: payload === null ? null : vault.sealJson(payload),
  };
}

/** What of a fact a person may have typed; messages are kept with their deliveries. */
function payloadOf(fact: Fact): Json {
  switch (fact.kind) {
    case 'saved':
      return { value: fact.value };
    case 'misunderstood':
      return { reason: fact.reason };
    case 'actionWanted':
      return { args: fact.args };
    default:
      return null;
  }
}
