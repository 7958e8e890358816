import { readFileSync } from 'node:fs';
import { actions } from '../../src/domain/actions.js';
import { advance } from '../../src/flow/advance.js';
import { channelCapabilities } from '../../src/flow/capabilities.js';
import { compileOrThrow, type Sources } from '../../src/flow/compile.js';
import type { FlowEvent } from '../../src/flow/event.js';
import type { Fact } from '../../src/flow/fact.js';
import type { JsonRecord } from '../../src/flow/json.js';
import type { Message } from '../../src/flow/message.js';
import type { Program } from '../../src/flow/program.js';
import type { RegionIndex } from '../../src/flow/regions.js';
import { render } from '../../src/flow/render.js';
import { idleSession, type Session } from '../../src/flow/session.js';
import type { Env } from '../../src/flow/walk.js';
import { compileFlows, readFlows, worldOf } from '../../src/flows.js';
import { loadRegionIndex } from '../support/regions.js';

/** All regions, loaded once for every test of a file. */
export const regions: RegionIndex = await loadRegionIndex();

const signatures = Object.fromEntries(
  Object.entries(actions).map(([name, action]) => [name, action.signature]),
);

/** The flows as they are delivered. */
export const shipped: Program = compileFlows(readFlows('flows'), signatures);

/** The source of a file beside the tests. */
export function fixture(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

/** A program of flows written in a test. */
export function programOf(...sources: readonly string[]): Program {
  const named: Sources = Object.fromEntries(sources.map((source, at) => [`flow-${at}.yaml`, source]));
  return compileOrThrow(named, 'test', worldOf(signatures));
}

/** What an action answers in a test. */
export type Answers = Readonly<Record<string, JsonRecord & { readonly outcome: string }>>;

const usual: Answers = {
  'behalf.begin': { outcome: 'unknown' },
  'behalf.open': { outcome: 'none' },
  'member.find-for-contact': { outcome: 'unknown' },
  'consent.record': { outcome: 'recorded' },
  'contact.own-phone': { outcome: 'known', telepon: '+6281200000001' },
  'contact.origin': { outcome: 'wrote' },
  'contact.opt-status': { outcome: 'active' },
  'contact.opt-out': { outcome: 'done' },
  'contact.opt-in': { outcome: 'done' },
  'handover.open': { outcome: 'opened', petugas: { wilayah: 'Kabupaten Grobogan' } },
  'member.check-age': { outcome: 'adult' },
  'member.profile': { outcome: 'unknown' },
  'member.update': { outcome: 'saved' },
  'member.register': { outcome: 'registered', anggota: { nama: 'Sri Contohwati' } },
  'nik.check': { outcome: 'free' },
  'nik.compare': { outcome: 'same' },
  'problem.propose': { outcome: 'recorded', usulan: { karesidenan: 'Semarang' } },
  'registration.erase-typed': { outcome: 'erased' },
  'sk.find-for-contact': { outcome: 'unknown' },
  'sk.find-for-member': { outcome: 'unknown' },
};

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}

/** A conversation in a test. Every session given to the engine is frozen, and goes through JSON before the next event. */
export class Talk {
  session: Session = idleSession;
  /** Everything that happened in the last turn, actions included. */
  facts: readonly Fact[] = [];
  readonly questions: Message[] = [];
  readonly #program: Program;
  readonly #answers: Answers;
  readonly #roles: readonly string[];
  #ids = 0;

  constructor(program: Program = shipped, answers: Answers = {}, roles: readonly string[] = []) {
    this.#program = program;
    this.#answers = { ...usual, ...answers };
    this.#roles = roles;
  }

  /** Types something after having seen the question. Returns what the bot says. */
  say(...texts: readonly string[]): readonly string[] {
    for (const text of texts) this.happens({ type: 'message', text, seen: true });
    return this.heard;
  }

  /** Types something before the pending question was seen. */
  early(text: string): readonly string[] {
    return this.happens({ type: 'message', text, seen: false });
  }

  /** Presses a button of the question asked `ago` questions before the last one. */
  press(label: string, ago = 0): readonly string[] {
    const asked = this.questions.at(-1 - ago);
    const choice = asked?.choices.find((one) => one.label === label);
    if (!asked?.question || choice === undefined) throw new Error(`no button "${label}"`);
    return this.happens({ type: 'choice', question: asked.question, choice: choice.id, label });
  }

  /** The timer of that name of the last question comes. */
  pass(timer: string, ago = 0): readonly string[] {
    const question = this.questions.at(-1 - ago)?.question ?? '';
    return this.happens({ type: 'timer', question, timer });
  }

  /** One event, and the results of the actions it leads to. */
  happens(event: FlowEvent): readonly string[] {
    const facts: Fact[] = [];
    let next: FlowEvent | null = event;
    while (next !== null) {
      const { session, facts: more } = advance(this.#program, frozen(this.session), next, this.env());
      this.session = JSON.parse(JSON.stringify(session));
      facts.push(...more);
      next = this.#resultOf(more.at(-1));
    }
    this.facts = facts;
    for (const fact of facts) if (fact.kind === 'asked') this.questions.push(fact.message);
    return this.heard;
  }

  /** What the bot said in the last turn, as the simulator shows it. */
  get heard(): readonly string[] {
    return this.messages.map((message) => render(message, channelCapabilities.simulator).text);
  }

  get messages(): readonly Message[] {
    return this.facts.flatMap((fact) => ('message' in fact ? [fact.message] : []));
  }

  /** Where the conversation stands: the steps of the stack from below, `flow.step`. */
  get stack(): readonly string[] {
    return this.session.frames.map(({ flow, step }) => `${flow}.${step}`);
  }

  env(): Env {
    return {
      now: new Date('2026-11-24T02:00:00Z'),
      newId: () => `q${++this.#ids}`,
      regions,
      roles: this.#roles,
      builtins: { kontak: { nomor: '+6281200000001' } },
    };
  }

  #resultOf(fact: Fact | undefined): FlowEvent | null {
    if (fact?.kind !== 'actionWanted') return null;
    const { outcome = '', ...values } = this.#answers[fact.action] ?? {};
    return { type: 'actionResult', outcome, values };
  }
}
