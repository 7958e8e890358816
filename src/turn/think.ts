import type { Action, ActionContext } from '../domain/action.js';
import { advance } from '../flow/advance.js';
import type { Capabilities } from '../flow/capabilities.js';
import type { FlowEvent } from '../flow/event.js';
import type { Fact } from '../flow/fact.js';
import type { Message } from '../flow/message.js';
import type { Program } from '../flow/program.js';
import { splitToFit } from '../flow/render.js';
import type { Session } from '../flow/session.js';
import type { Env } from '../flow/walk.js';
import type { Statement } from '../store/statement.js';
import type { Enclosed } from './enclosed.js';
import type { Incoming } from './inbound.js';

/** A message with all a turn needs to think about it. */
export interface Question {
  readonly message: Incoming;
  readonly enclosed: Enclosed | null;
  readonly seen: boolean;
  /** The signal of what the message answers outside of the conversation, when it does. */
  readonly answers: string | null;
  readonly session: Session;
  readonly program: Program;
  readonly env: Env;
  readonly capabilities: Capabilities;
  readonly actions: Readonly<Record<string, Action>>;
  /** Made only when an action is wanted: most turns want none. */
  readonly context: () => ActionContext;
}

/** A message to be sent, and the question it belongs to: also the parts in front of a question that is too long for one. */
export interface Reply {
  readonly message: Message;
  readonly question: string | null;
}

/** What a turn came to: nothing of it is written yet. */
export interface Thought {
  readonly session: Session;
  readonly facts: readonly Fact[];
  readonly replies: readonly Reply[];
  readonly writes: readonly Statement[];
  readonly language: string | null;
}

/** A turn that asks the domain more often than this goes round in circles. */
const mostActions = 20;

/** Thinks one turn through: advance, run the wanted action, feed its result back, until the conversation waits or ends. */
export async function think(question: Question): Promise<Thought> {
  const { program, actions } = question;
  let { env } = question;
  let { session, facts } = advance(program, question.session, eventOf(question), env);
  const all: Fact[] = [...facts];
  const writes: Statement[] = [];
  let asked = 0;
  for (let wanted = wantedAction(facts); wanted !== null; wanted = wantedAction(facts)) {
    asked += 1;
    if (asked > mostActions) throw new Error('too many actions in one turn');
    const action = actions[wanted.action];
    if (action === undefined) throw new Error(`no action ${wanted.action}`);
    const result = await action.run(wanted.args, question.context());
    writes.push(...result.writes);
    if (result.language !== undefined) env = { ...env, language: result.language };
    ({ session, facts } = advance(program, session, { type: 'actionResult', ...result }, env));
    all.push(...facts);
  }
  const replies = all.flatMap(messageOf).flatMap((message) => repliesOf(message, question.capabilities));
  return { session, facts: all, replies, writes, language: env.language ?? null };
}

function eventOf({ message, enclosed, seen, answers }: Question): FlowEvent {
  const { content } = message;
  const outside = answers === null ? {} : { answers };
  if (enclosed !== null) return { type: 'attachment', attachment: enclosed.attachment, seen };
  switch (content.kind) {
    case 'text':
      return { type: 'message', text: content.text, seen, ...outside };
    case 'choice':
      return {
        ...{ type: 'choice', question: content.question, choice: content.choice, label: content.label },
        ...outside,
      };
    case 'location': {
      const { latitude, longitude } = content;
      return { type: 'attachment', attachment: { kind: 'place', latitude, longitude }, seen };
    }
    case 'timer':
      return { type: 'timer', question: content.question, timer: content.timer };
    case 'signal':
      return { type: 'signal', name: content.name };
    case 'file':
      throw new Error('a file was handed over without being fetched');
  }
}

/** An action is wanted only as the last fact of a step through the program: the conversation stands still until it is done. */
function wantedAction(facts: readonly Fact[]): Extract<Fact, { kind: 'actionWanted' }> | null {
  const last = facts[facts.length - 1];
  return last?.kind === 'actionWanted' ? last : null;
}

function repliesOf(whole: Message, capabilities: Capabilities): readonly Reply[] {
  return splitToFit(whole, capabilities).map((message) => ({ message, question: whole.question }));
}

function messageOf(fact: Fact): readonly Message[] {
  return 'message' in fact ? [fact.message] : [];
}
