import { parse } from 'yaml';
import { z } from 'zod';
import { advance } from './advance.js';
import { channelCapabilities } from './capabilities.js';
import type { FlowEvent } from './event.js';
import type { Fact } from './fact.js';
import type { Json, JsonRecord } from './json.js';
import type { Message } from './message.js';
import type { Program } from './program.js';
import type { RegionIndex } from './regions.js';
import { render } from './render.js';
import { idleSession, type Session } from './session.js';
import type { Env } from './walk.js';

const json: z.ZodType<Json> = z.json();
const outcome = z.union([z.string(), z.looseObject({ outcome: z.string() }).catchall(json)]);
const line = z.union([
  z.strictObject({ member: z.string() }),
  z.strictObject({ early: z.string() }),
  z.strictObject({ press: z.string() }),
  z.strictObject({ bot: z.string() }),
]);
const file = z.strictObject({
  flow: z.string(),
  tests: z
    .array(
      z.strictObject({
        name: z.string(),
        given: z
          .strictObject({ nomor: z.string().nullable().default(null), now: z.string().optional() })
          .prefault({}),
        actions: z.record(z.string(), z.union([outcome, z.array(outcome)])).default({}),
        talk: z.array(line).min(1),
      }),
    )
    .min(1),
});
type Test = z.infer<typeof file>['tests'][number];
type Outcome = z.infer<typeof outcome>;
type Line = z.infer<typeof line>;

/** How one written conversation went; `failures` are readable and name the line of the talk. */
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
 * Plays the conversations of a `.test.yaml` against a program. `member` types, `press` takes a button of the last
 * question, `early` is written before that question was seen; `bot` must be said, where `…` stands for anything. Actions
 * answer as the file says. Throws a zod or YAML error when the file has another form.
 */
export function playTranscripts(source: string, program: Program, regions: RegionIndex): TranscriptReport {
  const { flow, tests } = file.parse(parse(source));
  const visited = new Set<string>();
  const played = tests.map((test) => new Play(test, program, regions, visited).run());
  return { flow, played, visited };
}

/** What a flow offers to be covered: its steps and the ways between them. */
export function coverable(program: Program, flow: string): readonly string[] {
  const steps = [...(program.flows.get(flow)?.steps.values() ?? [])];
  return steps.flatMap((step) => [
    `${flow}.${step.id}`,
    ...new Set(step.exits.map((exit) => `${flow}.${step.id} -> ${exit.target}`)),
  ]);
}

class Play {
  readonly #test: Test;
  readonly #program: Program;
  readonly #env: Env;
  readonly #failures: string[] = [];
  readonly #said: Message[] = [];
  readonly #queues: Map<string, Outcome[]>;
  #session: Session = idleSession;
  #asked: Message | null = null;

  constructor(test: Test, program: Program, regions: RegionIndex, visited: Set<string>) {
    this.#test = test;
    this.#program = program;
    this.#queues = new Map(
      Object.entries(test.actions).map(([name, one]) => [name, Array.isArray(one) ? [...one] : [one]]),
    );
    let ids = 0;
    this.#env = {
      now: new Date(test.given.now ?? usualNow),
      newId: () => `q${++ids}`,
      regions,
      roles: [],
      builtins: { kontak: { nomor: test.given.nomor } },
      trace: (flow, from, to) => visited.add(`${flow}.${to}`).add(`${flow}.${from} -> ${to}`),
    };
  }

  run(): Played {
    for (const [at, one] of this.#test.talk.entries()) {
      if ('bot' in one) this.#expect(at, one.bot);
      else this.#tell(at, one);
    }
    this.#nothingLeft(this.#test.talk.length);
    return { name: this.#test.name, failures: this.#failures };
  }

  #tell(at: number, one: Exclude<Line, { bot: string }>): void {
    this.#nothingLeft(at);
    let facts = this.#advance(this.#eventOf(at, one));
    for (
      let wanted = facts[facts.length - 1];
      wanted?.kind === 'actionWanted';
      wanted = facts[facts.length - 1]
    ) {
      facts = this.#advance(this.#outcomeOf(at, wanted.action));
    }
  }

  #eventOf(at: number, one: Exclude<Line, { bot: string }>): FlowEvent {
    if ('member' in one) return { type: 'message', text: one.member, seen: true };
    if ('early' in one) return { type: 'message', text: one.early, seen: false };
    const choice = this.#asked?.choices.find((offered) => offered.label === one.press);
    if (choice === undefined) this.#fail(at, `there is no button "${one.press}"`);
    return {
      type: 'choice',
      question: this.#asked?.question ?? '',
      choice: choice?.id ?? '',
      label: one.press,
    };
  }

  #outcomeOf(at: number, action: string): FlowEvent {
    const queue = this.#queues.get(action) ?? [];
    const next = queue.length > 1 ? queue.shift() : queue[0];
    if (next === undefined)
      this.#fail(at, `the action ${action} was called, but actions: does not say what it answers`);
    if (next === undefined || typeof next === 'string')
      return { type: 'actionResult', outcome: next ?? '', values: {} };
    const { outcome: name, ...values } = next;
    return { type: 'actionResult', outcome: name, values: values as JsonRecord };
  }

  /** The state goes through JSON between every two events, as it does in the database. */
  #advance(event: FlowEvent): readonly Fact[] {
    const { session, facts } = advance(this.#program, this.#session, event, this.#env);
    this.#session = JSON.parse(JSON.stringify(session));
    for (const fact of facts) this.#hear(fact);
    return facts;
  }

  #hear(fact: Fact): void {
    if (fact.kind === 'said' || fact.kind === 'asked') this.#said.push(fact.message);
    if (fact.kind === 'asked') this.#asked = fact.message;
  }

  #expect(at: number, wanted: string): void {
    const message = this.#said.shift();
    const got = message === undefined ? null : render(message, channelCapabilities.simulator).text;
    if (got === null) this.#fail(at, `the bot said nothing\n  wanted: ${plain(wanted)}`);
    else if (!matches(wanted, got))
      this.#fail(at, `the bot said something else\n  wanted: ${plain(wanted)}\n  got:    ${plain(got)}`);
  }

  #nothingLeft(at: number): void {
    for (const message of this.#said.splice(0)) this.#fail(at, `the bot also said: ${plain(message.text)}`);
  }

  #fail(at: number, what: string): void {
    this.#failures.push(`line ${at + 1} of the talk: ${what}`);
  }
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
