import { sealReach } from '../domain/reach.js';
import { type Fact, outcomeOf } from '../flow/fact.js';
import { closingTime } from '../flow/human-hours.js';
import type { Json } from '../flow/json.js';
import { type Message, saying } from '../flow/message.js';
import { idleSession, type KeptSession, type Session, sessionFrom } from '../flow/session.js';
import { indonesian } from '../flow/wording.js';
import { raiseAlarm } from '../store/alarms.js';
import type { Statement } from '../store/statement.js';
import { requestAfterFailure } from '../store/turn-failure.js';
import {
  cancelQuestion,
  expireReplies,
  type NewDelivery,
  type NewFacts,
  type TurnWrite,
} from '../store/turn-write.js';
import { keeping } from './enclosed.js';
import { isTimer, sealInbound } from './inbound.js';
import type { Known } from './memory.js';
import type { Ready, Turn, TurnOptions } from './options.js';
import { newProof, proved } from './phone.js';
import type { Reply, Thought } from './think.js';

/** A session larger than this is stuck in something; 64 kB is some hundred times an ordinary one. */
const mostStateBytes = 64 * 1024;

/** Makes the rows of a turn: everything a person typed is sealed here. */
export function prepare(options: TurnOptions, turn: Turn, thought: Thought): Ready {
  const { item, known, inboundId, now, seenAssumed, stored } = turn;
  const { session, state, writes, replies, facts, language } = sealed(options, turn, thought);
  const { contactId, addressId, version } = known;
  const { account, dedupeKey, writtenAt, content } = item.message;
  const place = placeOf(session);
  const write: TurnWrite = {
    ...{ contactId, addressId, version, seenAssumed, stored, inboundId, now, account, dedupeKey, writtenAt },
    ...place,
    state,
    body: sealInbound(options.vault, item.message),
    deliveries: replies.map((reply) => replyOf(options, reply, facts)),
    facts: factsOf(options, facts),
  };
  const proof = newProof(turn);
  const after = { ...known, ...proof, language, version: version + 1, session, question: place.question };
  const name = content.kind === 'file' ? content.name : null;
  const kept = keeping(facts, item.enclosed, { contactId, inboundId, name, at: now }, options);
  const given = stuck(options, turn, facts);
  const more = [
    ...replaced(known, facts, now),
    ...given,
    ...timely(turn, facts),
    ...(kept === null ? [] : [kept.write]),
    ...proved(options, turn, proof),
  ];
  return { item, write, after, kept, writes: [...writes, ...more] };
}

/** A message to be sent, sealed. A question goes out under its own id, so that its acceptance is found by that id. */
export function deliveryOf({ vault, newId }: TurnOptions, message: Message): NewDelivery {
  const { question } = message;
  return { id: question ?? newId(), body: vault.sealJson(asJson(message)), question };
}

/** A question said once more under its own id was seen when it was first accepted: its row does not count as an asking. */
function replyOf(options: TurnOptions, { message, question }: Reply, facts: readonly Fact[]): NewDelivery {
  const delivery = deliveryOf(options, message);
  const isAgain = (fact: Fact) => fact.kind === 'reminded' && fact.message.question === question;
  return question !== null && facts.some(isAgain)
    ? { ...delivery, id: options.newId(), question: null }
    : { ...delivery, question };
}

/** Sessions and messages are made of JSON alone, which their interfaces cannot say. */
export function asJson(value: Session | Message): Json {
  return value as unknown as Json;
}

/** A session is read back as this program wrote it, sealed; nobody else can have written it. */
export function asSession(value: Json): Session {
  return sessionFrom(value as unknown as KeptSession);
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

/**
 * A conversation that outgrew its bounds is ended with a word to the person, not with an error for ever. Nothing of this turn
 * has happened then but that.
 */
function sealed(
  { vault }: TurnOptions,
  { known }: Turn,
  thought: Thought,
): Thought & { readonly state: Buffer } {
  const state = vault.sealJson(asJson(thought.session));
  if (state.length <= mostStateBytes) return { ...thought, state };
  const { flow, step } = placeOf(known.session);
  return {
    session: idleSession,
    facts: [{ kind: 'failed', flow, step, why: 'too-large' }],
    replies: [{ message: saying(indonesian.stuck), question: null }],
    writes: [],
    language: known.language,
    state: vault.sealJson(asJson(idleSession)),
  };
}

function stuck(options: TurnOptions, turn: Turn, facts: readonly Fact[]): readonly Statement[] {
  return facts.flatMap((fact) => (fact.kind === 'failed' ? givenUp(options, turn, fact.why) : []));
}

/** Whoever looks after the program is alarmed, and a human is asked to look after the person. */
function givenUp({ vault, newId }: TurnOptions, turn: Turn, why: string): readonly Statement[] {
  const { item, known, now } = turn;
  const { contactId, addressId } = known;
  const reach = sealReach(vault, { ...item.message, addressId });
  const reason = why === 'flows-unreadable' ? why : 'turn-failed';
  return [
    raiseAlarm({
      ...{ kind: 'conversation-stuck', account: null, at: now },
      message: `a conversation was given up: ${why}`,
    }),
    requestAfterFailure(newId(), { contactId, reach, reason }, now),
  ];
}

/** A question nobody had seen when the next message was written is asked again: the first one need not be sent any more. */
function replaced({ contactId, question }: Known, facts: readonly Fact[], now: Date): readonly Statement[] {
  return question !== null && facts.some((fact) => fact.kind === 'unseen')
    ? [cancelQuestion(contactId, question, now)]
    : [];
}

/** A reminder that could not be sent before the evening is not sent at night. */
function timely({ item, known, inboundId, now }: Turn, facts: readonly Fact[]): readonly Statement[] {
  const reminds = isTimer(item.message) && facts.some((fact) => fact.kind === 'reminded');
  return reminds ? [expireReplies(known.contactId, inboundId, closingTime(now))] : [];
}

function factsOf({ vault }: TurnOptions, facts: readonly Fact[]): NewFacts {
  const payloads = facts.map(payloadOf);
  return {
    kinds: facts.map((fact) => fact.kind),
    flows: facts.map((fact) => fact.flow ?? ''),
    steps: facts.map((fact) => fact.step ?? ''),
    outcomes: facts.map((fact) => outcomeOf(fact) ?? ''),
    payload: payloads.every((payload) => payload === null) ? null : vault.sealJson(payloads),
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
