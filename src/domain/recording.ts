import { channelCapabilities } from '../flow/capabilities.js';
import { isRecord, type Json, type JsonRecord } from '../flow/json.js';
import type { Message } from '../flow/message.js';
import { written } from '../flow/render.js';
import type { Recording } from '../flow/transcript-write.js';
import { logAccess } from './people.js';
import type { Records } from './records.js';
import { may, province, seesWorld, type Viewer } from './roles.js';

/** A conversation as it went, and the flows that were begun in it, in order. */
export type Recorded = Omit<Recording, 'name'> & { readonly flows: readonly string[] };

/** Whose conversation is to be kept. Only people of the simulator can be: what real people type is no test. */
export interface Recordable {
  readonly account: string;
  /** The address as the channel names it. */
  readonly address: string;
  /** From the first message at this moment on; null for the last conversation alone. */
  readonly since: Date | null;
}

/**
 * The conversation of a simulator person as the database keeps it: what was typed and pressed, what every action answered,
 * and what the bot said to it. It goes back to where nothing was open, for a test begins there. Null when there is none, or
 * when something in it cannot be written down: a file, a place, words that were erased. The look is kept in the audit.
 */
export async function recordConversation(
  viewer: Viewer,
  records: Records,
  { account, address, since }: Recordable,
): Promise<Recorded | null> {
  const contact = await records.prisma.contact.findFirst({
    where: { simulator: true, addresses: { some: { account, valueIndex: indexOf(records, address) } } },
  });
  if (contact === null || !mayRecord(viewer)) return null;
  await logAccess(viewer, records, 'record-conversation', [contact.id]);
  const turns = lastTurns(await readTurns(contact.id, records), since);
  const [first] = turns;
  if (first === undefined || turns.some(({ line }) => line === null)) return null;
  return {
    now: inWib(first.at),
    nomor: first.phone,
    actions: gathered(turns.flatMap(({ answers }) => answers)),
    talk: turns.flatMap(({ line, said }) =>
      [line ?? [], said.map((text) => ({ who: 'bot' as const, text }))].flat(),
    ),
    flows: turns.flatMap(({ facts }) =>
      facts.filter(({ kind }) => kind === 'started').map(({ flow }) => flow),
    ),
  };
}

/** Whoever reads pretended conversations of the whole province; nobody else's words are ever in a recording. */
function mayRecord(viewer: Viewer): boolean {
  return seesWorld(viewer, true) && may(viewer, 'read-conversation', province, () => null);
}

function indexOf({ vault }: Records, address: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(vault.index('address', address));
}

interface KeptFact {
  readonly kind: string;
  readonly flow: string;
  readonly step: string;
  readonly outcome: string;
  readonly payload: Json;
}

type Line = Recording['talk'][number];

/** A turn to be written down; `line` is null when its words were erased, `fresh` when nothing was open before it. */
interface KeptTurn {
  readonly at: Date;
  readonly phone: string | null;
  readonly fresh: boolean;
  readonly line: Line | null;
  readonly said: readonly string[];
  readonly facts: readonly KeptFact[];
  readonly answers: readonly Answer[];
}

async function readTurns(contactId: string, { prisma, vault }: Records): Promise<readonly KeptTurn[]> {
  const rows = await prisma.inbound.findMany({
    where: { contactId, state: { in: ['done', 'parked'] } },
    orderBy: { seq: 'asc' },
  });
  const replies = await prisma.delivery.findMany({
    where: { contactId, lane: 'reply' },
    orderBy: { seq: 'asc' },
  });
  let open = 0;
  return rows.map((row) => {
    const body = row.bodySealed === null ? null : vault.openJson(row.bodySealed);
    const facts = factsOf(row, row.factsSealed === null ? [] : vault.openJson(row.factsSealed));
    const said = replies.filter(({ cause }) => cause === row.id).map(({ bodySealed }) => bodySealed);
    const fresh = open === 0;
    open = row.state === 'parked' ? 0 : openAfter(open, facts);
    return {
      ...{ at: row.receivedAt, facts, fresh, answers: answersIn(facts) },
      phone: isRecord(body) && typeof body.phone === 'string' ? body.phone : null,
      line: said.includes(null) ? null : lineOf(body, facts),
      said: said.flatMap((sealed) => (sealed === null ? [] : [shown(vault.openJson(sealed))])),
    };
  });
}

function factsOf(
  row: {
    readonly kinds: readonly string[];
    readonly flows: readonly string[];
    readonly steps: readonly string[];
    readonly outcomes: readonly string[];
  },
  payloads: Json,
): readonly KeptFact[] {
  const at = (list: readonly string[], index: number) => list[index] ?? '';
  return row.kinds.map((kind, index) => ({
    ...{ kind, flow: at(row.flows, index), step: at(row.steps, index), outcome: at(row.outcomes, index) },
    payload: Array.isArray(payloads) ? (payloads[index] ?? null) : null,
  }));
}

/** How many flows are open after these facts. */
function openAfter(before: number, facts: readonly KeptFact[]): number {
  const change: Readonly<Record<string, (open: number) => number>> = {
    started: (open) => open + 1,
    ended: (open) => open - 1,
    failed: () => 0,
  };
  return facts.reduce((open, { kind }) => change[kind]?.(open) ?? open, before);
}

/** The words of a message as a line of a talk; null when they are not there any more. */
function lineOf(body: Json, facts: readonly KeptFact[]): Line | null {
  const content = isRecord(body) ? body.content : null;
  if (!isRecord(content)) return null;
  if (typeof content.label === 'string') return { who: 'press', text: content.label };
  if (typeof content.text !== 'string') return null;
  const unseen = facts.some(({ kind }) => kind === 'unseen');
  return { who: unseen ? 'early' : 'member', text: content.text };
}

/** Replies are kept as the messages the engine made (`src/turn/prepare.ts`). */
function shown(message: Json): string {
  return written(message as unknown as Message, channelCapabilities.simulator);
}

type Answer = readonly [action: string, answer: string | JsonRecord];

/** What each action answered: its outcome, and the values that were saved right after it. */
function answersIn(facts: readonly KeptFact[]): readonly Answer[] {
  return facts.flatMap((fact, at) => {
    const done = facts[at + 1];
    if (fact.kind !== 'actionWanted' || done?.kind !== 'actionDone') return [];
    const values = valuesAfter(facts.slice(at + 2), done);
    return [
      [
        fact.outcome,
        values.length === 0 ? done.outcome : { outcome: done.outcome, ...Object.fromEntries(values) },
      ],
    ];
  });
}

function valuesAfter(facts: readonly KeptFact[], done: KeptFact): readonly (readonly [string, Json])[] {
  const saved = ({ kind, flow, step }: KeptFact) =>
    kind === 'saved' && flow === done.flow && step === done.step;
  const end = facts.findIndex((fact) => !saved(fact));
  return facts
    .slice(0, end < 0 ? facts.length : end)
    .map(({ outcome, payload }) => [outcome, isRecord(payload) ? (payload.value ?? null) : null]);
}

function gathered(answers: readonly Answer[]): Recording['actions'] {
  const actions = [...new Set(answers.map(([action]) => action))];
  const inTurn = (name: string) => answers.flatMap(([action, answer]) => (action === name ? [answer] : []));
  return Object.fromEntries(actions.map((name) => [name, inTurn(name)]));
}

/** The turns from a moment on, or the last one; and before them whatever leads back to where nothing was open. */
function lastTurns(turns: readonly KeptTurn[], since: Date | null): readonly KeptTurn[] {
  const from = since === null ? turns.length - 1 : turns.findIndex(({ at }) => at >= since);
  if (from < 0) return [];
  return turns.slice(turns.slice(0, from + 1).findLastIndex(({ fresh }) => fresh));
}

/** A moment as people in Central Java write it, to the second. */
function inWib(at: Date): string {
  const offsetMs = 7 * 3_600_000;
  return `${new Date(at.getTime() + offsetMs).toISOString().slice(0, 19)}+07:00`;
}
