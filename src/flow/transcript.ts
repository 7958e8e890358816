import { advance } from './advance.js';
import { type Attachment, type FileType, largestFile } from './attachment.js';
import { channelCapabilities } from './capabilities.js';
import type { FlowEvent } from './event.js';
import type { Fact } from './fact.js';
import { dueAt } from './human-hours.js';
import type { Message } from './message.js';
import type { Program, Step } from './program.js';
import type { RegionIndex } from './regions.js';
import { render } from './render.js';
import { idleSession, type Session } from './session.js';
import type { Length, Timer } from './timers.js';
import { TranscriptClock } from './transcript-clock.js';
import { type Outcome, readTranscripts, type TalkLine, type Transcript } from './transcript-file.js';
import { type Env, timerWay } from './walk.js';

/** How one written conversation went; `failures` are readable and name the line of the file. */
export interface Played {
  readonly name: string;
  readonly failures: readonly string[];
}

/** The result of one `.test.yaml`. */
export interface TranscriptReport {
  readonly flow: string;
  readonly played: readonly Played[];
  readonly visited: ReadonlySet<string>;
}

/** The moment transcripts play at, unless they say otherwise: a Tuesday morning in Central Java. */
const usualNow = '2026-11-24T09:00:00+07:00';

/**
 * Plays the conversations of a `.test.yaml` against a program. `member` types, `press` takes the button of the latest
 * question that had it, `early` is written before that question was seen, `file` and `location` are sent, `signal` comes from
 * outside; `bot` must be said, where `…` stands for anything; `wait` lets time pass, and what is due in it happens. Actions answer
 * as the file says.
 * `after: NAME` goes on from where the conversation of that name ended. A file of another form
 * is one failure.
 */
export function playTranscripts(source: string, program: Program, regions: RegionIndex): TranscriptReport {
  const file = readTranscripts(source);
  const visited = new Set<string>();
  if (!file.ok) return { flow: '', played: [{ name: 'the file', failures: file.failures }], visited };
  const played = file.tests.map((test) => playTranscript(test, program, regions, visited));
  return { flow: file.flow, played, visited };
}

/** Plays one conversation; the steps and ways it walks are added to `visited`. */
export function playTranscript(
  test: Transcript,
  program: Program,
  regions: RegionIndex,
  visited: Set<string> = new Set(),
): Played {
  return new Play(test, program, regions, visited).run();
}

/** What a flow offers to be covered: its steps, the ways between them, and what happens when nobody answers. */
export function coverable(program: Program, flow: string): readonly string[] {
  const { steps, timers = [] } = program.flows.get(flow) ?? {};
  const ways = [...(steps?.values() ?? [])].flatMap((step) => [
    `${flow}.${step.id}`,
    ...new Set(step.exits.flatMap((exit) => (exit.later ? [] : [`${flow}.${step.id} -> ${exit.target}`]))),
    ...ownTimers(step).map(({ name }) => `${flow}.${step.id} -> ${timerWay(name)}`),
  ]);
  return [...ways, ...timers.map(({ name }) => `${flow}.${timerWay(name)}`)];
}

function ownTimers({ timers = [] }: Step): readonly Timer[] {
  return timers.filter((timer) => timer.own);
}

class Play {
  readonly #test: Transcript;
  readonly #program: Program;
  readonly #env: Omit<Env, 'now'>;
  readonly #clock = new TranscriptClock();
  #now: Date;
  readonly #failures: string[] = [];
  readonly #said: Message[] = [];
  readonly #queues: Map<string, Outcome[]>;
  #session: Session = idleSession;
  readonly #asked: Message[] = [];
  #line: TalkLine | null = null;

  constructor(test: Transcript, program: Program, regions: RegionIndex, visited: Set<string>) {
    this.#test = test;
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
      trace: (flow, from, to) => visited.add(`${flow}.${to}`).add(`${flow}.${from} -> ${to}`),
    };
  }

  run(): Played {
    for (const one of this.#test.talk) {
      this.#line = one;
      if ('bot' in one) this.#expect(one.bot);
      else if ('wait' in one) this.#wait(one.wait);
      else this.#tell(this.#eventOf(one));
      // What comes after the first line that went wrong says nothing new.
      if (this.#failures.length > 0) return { name: this.#test.name, failures: this.#failures };
    }
    this.#nothingLeft();
    return { name: this.#test.name, failures: this.#failures };
  }

  /** Time passes; what is due until then happens at its own time, one after the other. */
  #wait(length: Length): void {
    this.#nothingLeft();
    const until = dueAt(length, this.#now);
    for (let come = this.#clock.next(until); come !== null; come = this.#clock.next(until)) {
      this.#now = come.at;
      this.#happen({ type: 'timer', question: come.question, timer: come.timer });
    }
    this.#now = until;
  }

  #tell(event: FlowEvent): void {
    this.#nothingLeft();
    if (this.#failures.length === 0) this.#happen(event);
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

  #eventOf(one: Exclude<TalkLine, { bot: string } | { wait: Length }>): FlowEvent {
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

  #expect(wanted: string): void {
    const message = this.#said.shift();
    const got = message === undefined ? null : render(message, channelCapabilities.simulator).text;
    if (got === null) this.#fail(`the bot said nothing more\n    wanted: ${plain(wanted)}`);
    else if (!matches(wanted, got)) this.#fail(`the bot said something else\n${difference(wanted, got)}`);
  }

  #nothingLeft(): void {
    for (const message of this.#said.splice(0))
      this.#fail(`before this, the bot also said: ${plain(message.text)}`);
  }

  #fail(what: string): void {
    const { at, own } = this.#line ?? { at: 1, own: true };
    this.#failures.push(`line ${at}${own ? '' : ', where this conversation goes on from'}: ${what}`);
  }
}

function sending(attachment: Attachment): FlowEvent {
  return { type: 'attachment', attachment, seen: true };
}

/** A file as the turn would tell of it, without its bytes. */
function fileOf(type: FileType | 'other', mb: number): Attachment {
  const size = Math.round(mb * 1_000_000);
  if (size > largestFile) return { kind: 'unusable-file', why: 'too-large', size };
  if (type === 'other') return { kind: 'unusable-file', why: 'unknown-type', size };
  return { kind: 'file', id: '00000000-0000-4000-8000-000000000001', type, size };
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Spaces and line ends do not count; `…` stands for anything. */
function matches(wanted: string, got: string): boolean {
  const parts = plain(wanted)
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').trim());
  return new RegExp(`^\\s*${parts.join('[\\s\\S]*')}\\s*$`).test(plain(got));
}

/** Both texts one under the other, without the long beginning they may share. */
function difference(wanted: string, got: string): string {
  const [one, other] = [plain(wanted), plain(got)];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const cut = same > 40 ? one.lastIndexOf(' ', same - 20) + 1 : 0;
  const mark = cut > 0 ? '(…) ' : '';
  return `    wanted: ${mark}${one.slice(cut)}\n    got:    ${mark}${other.slice(cut)}`;
}
