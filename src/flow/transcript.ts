import { advance } from './advance.js';
import { type Attachment, type FileType, largestFile, type SheetType } from './attachment.js';
import { channelCapabilities } from './capabilities.js';
import { Visits } from './coverage.js';
import type { FlowEvent } from './event.js';
import type { Fact } from './fact.js';
import { dueAt } from './human-hours.js';
import type { Message } from './message.js';
import type { Program } from './program.js';
import type { RegionIndex } from './regions.js';
import { written } from './render.js';
import { idleSession, type Session } from './session.js';
import type { Length } from './timers.js';
import { TranscriptClock } from './transcript-clock.js';
import { align, type Pair, type Wanted } from './transcript-diff.js';
import {
  type FormFault,
  type Outcome,
  readTranscripts,
  type TalkLine,
  type Transcript,
} from './transcript-file.js';
import type { Env } from './walk.js';

/** A line of a talk as it was played: `who` is the word before the colon. */
export interface Heard {
  readonly who: string;
  readonly text: string;
}

/** Why a conversation did not go as written: at which line, in words, what was said just before, and each message beside the wanted one. */
export interface Failure {
  readonly line: number;
  readonly what: string;
  readonly before: readonly Heard[];
  readonly pairs: readonly Pair[];
}

/** How one written conversation went. `failures` is empty when all went as written. */
export interface Played {
  readonly name: string;
  readonly failures: readonly Failure[];
}

/** The result of one `.test.yaml`. */
export interface TranscriptReport {
  readonly flow: string;
  readonly played: readonly Played[];
}

/** The moment transcripts play at, unless they say otherwise: a Tuesday morning in Central Java. */
const usualNow = '2026-11-24T09:00:00+07:00';

/**
 * Plays the conversations of a `.test.yaml` against a program. `member` types, `press` takes the button of the latest
 * question that had it, `early` is written before that question was seen, `file` and `location` are sent, `signal` comes from
 * outside; `bot` must be said, where `…` stands for anything; `wait` lets time pass, and what is due in it happens. Actions
 * answer as the file says. `after: NAME` goes on from where the conversation of that name ended. A file of another form is one
 * conversation that failed. Where the conversations went is kept in `visits`.
 */
export function playTranscripts(
  source: string,
  program: Program,
  regions: RegionIndex,
  visits: Visits = new Visits(program),
): TranscriptReport {
  const file = readTranscripts(source);
  if (!file.ok) return { flow: '', played: [{ name: 'the file', failures: file.failures.map(ofForm) }] };
  const played = file.tests.map((test) => playTranscript(test, program, regions, visits));
  return { flow: file.flow, played };
}

/** Plays one conversation; where it went is kept in `visits`. */
export function playTranscript(
  test: Transcript,
  program: Program,
  regions: RegionIndex,
  visits: Visits = new Visits(program),
): Played {
  return new Play(test, program, regions, visits).run();
}

function ofForm({ line, what }: FormFault): Failure {
  return { line, what, before: [], pairs: [] };
}

/** What a member does, and what the bot must say to it. */
interface Exchange {
  readonly told: Told | null;
  readonly wanted: readonly Wanted[];
  readonly last: TalkLine;
}

type Told = Exclude<TalkLine, { bot: string }>;

function exchangesOf(talk: readonly TalkLine[]): readonly Exchange[] {
  const exchanges: Exchange[] = [];
  for (const line of talk) {
    if (!('bot' in line)) exchanges.push({ told: line, wanted: [], last: line });
    else {
      const { told, wanted } = exchanges.pop() ?? { told: null, wanted: [] };
      exchanges.push({ told, wanted: [...wanted, { text: line.bot, line: line.at }], last: line });
    }
  }
  return exchanges;
}

const differs = 'the bot said something else';
/** How many lines of the talk stand before what went wrong. */
const shownBefore = 4;

/** Told once in full, where it stands; here only that it matters. */
function inherited({ last }: Exchange): Failure {
  return { line: last.at, what: 'it goes on from a conversation that went wrong', before: [], pairs: [] };
}

function firstUnlike(pairs: readonly Pair[]): Wanted | undefined {
  const unlike = pairs.flatMap((pair) =>
    pair.kind === 'different' || pair.kind === 'missing' ? [pair.wanted] : [],
  );
  return unlike[0];
}

function heardOf({ at: _, own: __, ...line }: Told): Heard {
  const [[who, text] = ['', '']] = Object.entries(line);
  return { who, text: typeof text === 'string' ? text : Object.values(text).join(' ') };
}

class Play {
  readonly #test: Transcript;
  readonly #program: Program;
  readonly #env: Omit<Env, 'now'>;
  readonly #clock = new TranscriptClock();
  #now: Date;
  readonly #visits: Visits;
  readonly #failures: Failure[] = [];
  readonly #heard: Heard[] = [];
  readonly #said: Message[] = [];
  readonly #queues: Map<string, Outcome[]>;
  #session: Session = idleSession;
  readonly #asked: Message[] = [];
  #line: TalkLine | null = null;

  constructor(test: Transcript, program: Program, regions: RegionIndex, visits: Visits) {
    this.#test = test;
    this.#visits = visits;
    this.#program = program;
    this.#queues = new Map(Object.entries(test.actions).map(([name, one]) => [name, [one].flat()]));
    let ids = 0;
    this.#now = new Date(test.now ?? usualNow);
    this.#env = {
      newId: () => `q${++ids}`,
      regions,
      roles: test.roles,
      language: test.language,
      builtins: { kontak: { nomor: test.nomor } },
      trace: visits.trace,
    };
  }

  run(): Played {
    const { name, talk } = this.#test;
    for (const exchange of exchangesOf(talk)) {
      if (exchange.told !== null) this.#tell(exchange.told);
      if (this.#failures.length === 0) this.#compare(exchange);
      // What comes after the first exchange that went wrong says nothing new.
      if (this.#failures.length > 0)
        return { name, failures: exchange.last.own ? this.#failures : [inherited(exchange)] };
    }
    return { name, failures: [] };
  }

  #tell(one: Told): void {
    this.#line = one;
    this.#heard.push(heardOf(one));
    if ('wait' in one) this.#wait(one.wait);
    else this.#happen(this.#eventOf(one));
  }

  /** Time passes; what is due until then happens at its own time, one after the other. */
  #wait(length: Length): void {
    const until = dueAt(length, this.#now);
    for (let come = this.#clock.next(until); come !== null; come = this.#clock.next(until)) {
      this.#now = come.at;
      this.#happen({ type: 'timer', question: come.question, timer: come.timer });
    }
    this.#now = until;
  }

  #happen(event: FlowEvent): void {
    let facts = this.#advance(event);
    for (
      let wanted = facts[facts.length - 1];
      wanted?.kind === 'actionWanted';
      wanted = facts[facts.length - 1]
    ) {
      facts = this.#advance(this.#outcomeOf(wanted.action));
    }
  }

  #eventOf(one: Exclude<Told, { wait: Length }>): FlowEvent {
    if ('member' in one) return { type: 'message', text: one.member, seen: true };
    if ('early' in one) return { type: 'message', text: one.early, seen: false };
    if ('file' in one) return sending(fileOf(one.file.type, one.file.mb));
    if ('location' in one) return sending({ kind: 'place', ...one.location });
    if ('signal' in one) return { type: 'signal', name: one.signal };
    const labelled = ({ choices }: Message) => choices.find((offered) => offered.label === one.press);
    const asked = this.#asked.findLast((message) => labelled(message) !== undefined);
    const choice = asked === undefined ? undefined : labelled(asked);
    if (choice === undefined) this.#fail(`no question had a button "${one.press}"`);
    const question = asked?.question ?? '';
    return { type: 'choice', question, choice: choice?.id ?? '', label: one.press };
  }

  #outcomeOf(action: string): FlowEvent {
    const queue = this.#queues.get(action) ?? [];
    const next = queue.length > 1 ? queue.shift() : queue[0];
    if (next === undefined)
      this.#fail(`the action ${action} was called, but actions: does not say what it answers`);
    if (next === undefined || typeof next === 'string')
      return { type: 'actionResult', outcome: next ?? '', values: {} };
    const { outcome: name, ...values } = next;
    return { type: 'actionResult', outcome: name, values };
  }

  /** The state goes through JSON between every two events, as it does in the database. */
  #advance(event: FlowEvent): readonly Fact[] {
    const { session, facts } = advance(this.#program, this.#session, event, { ...this.#env, now: this.#now });
    this.#session = JSON.parse(JSON.stringify(session));
    this.#visits.rest(this.#session);
    for (const fact of facts) this.#hear(fact);
    return facts;
  }

  #hear(fact: Fact): void {
    if (!('message' in fact)) return;
    this.#said.push(fact.message);
    if (fact.kind === 'said') return;
    this.#asked.push(fact.message);
    this.#clock.start(fact.message, this.#now);
  }

  #compare({ wanted, last }: Exchange): void {
    const got = this.#said.splice(0).map((message) => written(message, channelCapabilities.simulator));
    const pairs = align(wanted, got);
    if (pairs.some((pair) => pair.kind !== 'same')) {
      const line = firstUnlike(pairs)?.line ?? last.at;
      this.#failures.push({ line, what: differs, before: this.#heard.slice(-shownBefore), pairs });
    }
    for (const text of got) this.#heard.push({ who: 'bot', text });
  }

  #fail(what: string): void {
    this.#failures.push({ line: this.#line?.at ?? 1, what, before: [], pairs: [] });
  }
}

function sending(attachment: Attachment): FlowEvent {
  return { type: 'attachment', attachment, seen: true };
}

/** A file as the turn would tell of it, without its bytes. */
function fileOf(type: FileType | SheetType | 'other', mb: number): Attachment {
  const size = Math.round(mb * 1_000_000);
  if (size > largestFile) return { kind: 'unusable-file', why: 'too-large', size };
  if (type === 'other') return { kind: 'unusable-file', why: 'unknown-type', size };
  return { kind: 'file', id: '00000000-0000-4000-8000-000000000001', type, size };
}
