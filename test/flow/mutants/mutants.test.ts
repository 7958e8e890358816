import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { actions } from '../../../src/domain/actions.js';
import type { Check } from '../../../src/flow/checks/check.js';
import { checks } from '../../../src/flow/checks/index.js';
import { compileParts, partOf } from '../../../src/flow/compile.js';
import { Visits } from '../../../src/flow/coverage.js';
import type { Program } from '../../../src/flow/program.js';
import { playTranscript } from '../../../src/flow/transcript.js';
import { readTranscripts, type Transcript } from '../../../src/flow/transcript-file.js';
import { readFlows, worldOf } from '../../../src/flows.js';
import { sized } from '../../support/size.js';
import { fixture, regions, shipped } from '../rig.js';
import { type Mutant, mutantsOf } from './operators.js';

const signatures = Object.fromEntries(
  Object.entries(actions).map(([name, action]) => [name, action.signature]),
);
const world = worldOf(signatures);
const flows = readFlows('flows');
/** Every file as it is delivered, made ready once: a mutant differs in one of them. */
const parts = Object.fromEntries(
  Object.entries(flows).map(([file, source]) => [file, partOf(file, source, world)]),
);
/** The written conversations, the short ones first, each with where it comes to in the delivered flows. */
const conversations = readdirSync('flows')
  .filter((name) => name.endsWith('.test.yaml'))
  .map((name) => readTranscripts(readFileSync(`flows/${name}`, 'utf8')))
  .flatMap((file) => (file.ok ? file.tests : []))
  .toSorted((a, b) => a.talk.length - b.talk.length)
  .map((test) => ({ test, visits: visitsOf(test) }));
const flowIn = new Map([...shipped.flows].map(([name, { file }]) => [file, name]));

function visitsOf(test: Transcript): Visits {
  const visits = new Visits(shipped);
  playTranscript(test, shipped, regions, visits);
  return visits;
}

/** Mutants nobody can notice, by id, each with the reason. */
const survivors: Readonly<Record<string, string>> = parse(fixture('mutants/survivors.yaml')) ?? {};

type Fate = 'check' | 'transcript' | 'alive' | 'none';

/** All of a program that proofs see, settings of inputs aside; functions and lines are left out by JSON. */
function shapeOf(program: Program): string {
  const flows = [...program.flows.values()].map(({ steps, ...flow }) => ({
    ...flow,
    line: 0,
    steps: [...steps.values()]
      .map((step) => ({ ...step, line: 0, source: '' }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    slots: null,
  }));
  return JSON.stringify([flows, [...program.intents.exact.keys()], [...program.words.keys()], program.human]);
}

const untouched = shapeOf(shipped);

/** Every proof, but none is tried after one that found something: the mutant is noticed. */
function proofsUntilOneFinds(): readonly Check[] {
  let found = false;
  const prove = (check: Check): Check['run'] => {
    return (proving) => {
      const faults = found ? [] : check.run(proving);
      found ||= faults.length > 0;
      return faults;
    };
  };
  return checks.map((check) => ({ ...check, run: prove(check) }));
}

/** What notices a mutant: a proof, or a written conversation; those that come to the changed step are played first. */
function fateOf({ file, step, make, settings }: Mutant): Fate {
  const source = make();
  if (source === null) return 'none';
  const changed = Object.values({ ...parts, [file]: partOf(file, source, world) });
  const compiled = compileParts(changed, 'mutant', world, proofsUntilOneFinds());
  if (!compiled.ok) return 'check';
  const { program } = compiled;
  if (!settings && shapeOf(program) === untouched) return 'none';
  const near = (visits: Visits) => Number(visits.reached(flowIn.get(file) ?? '', step));
  const order = conversations.toSorted((a, b) => near(b.visits) - near(a.visits));
  return order.some(({ test }) => fails(test, program)) ? 'transcript' : 'alive';
}

/** A conversation that breaks the engine has noticed the mutant too. */
function fails(test: Transcript, program: Program): boolean {
  try {
    return playTranscript(test, program, regions).failures.length > 0;
  } catch {
    return true;
  }
}

/** One of how many is judged, always the same ones; all of them where somebody asks for it (`MUTANTS=all`). */
const oneOf = process.env['MUTANTS'] === 'all' ? 1 : sized(256, 8);

function isJudged({ id }: Mutant): boolean {
  return createHash('sha256').update(id).digest().readUInt8() % oneOf === 0;
}

describe('mutants of the shipped flows', () => {
  const mutants = Object.entries(flows).flatMap(([file, source]) => mutantsOf(file, source));
  // A way left out that the next step takes anyway, or an order that leads nowhere else: the program is the same.
  const judged = mutants.filter(isJudged).map((mutant) => [mutant.id, fateOf(mutant)] as const);
  const fates = new Map(judged.filter(([, fate]) => fate !== 'none'));
  const alive = [...fates].filter(([, fate]) => fate === 'alive').map(([id]) => id);

  it('begin from flows that every conversation passes: otherwise all would count as noticed', () => {
    expect(conversations.filter(({ test }) => fails(test, shipped))).toEqual([]);
  });

  it('are enough, each with a name of its own', () => {
    expect(fates.size).toBeGreaterThanOrEqual(sized(20, 200));
    expect(new Set(judged.map(([id]) => id)).size).toBe(judged.length);
  });

  it('are all noticed by a proof or a conversation, but for those listed with a reason', () => {
    expect(alive.filter((id) => survivors[id] === undefined)).toEqual([]);
  });

  it('no survivor is listed that is noticed, or is no mutant any more', () => {
    const judgedIds = new Set(judged.map(([id]) => id));
    const mutantIds = new Set(mutants.map(({ id }) => id));
    const isWrong = (id: string) => !mutantIds.has(id) || (judgedIds.has(id) && fates.get(id) !== 'alive');
    expect(Object.keys(survivors).filter(isWrong)).toEqual([]);
  });

  it('are noticed by the proofs alone for the most part', () => {
    const share = (fate: Fate) => [...fates.values()].filter((one) => one === fate).length;
    const [checks, talks] = [share('check'), share('transcript')];
    const percent = (some: number) => `${some} (${((100 * some) / fates.size).toFixed(1)} %)`;
    console.log(
      `${fates.size} mutants: ${percent(checks)} noticed by proofs, ${percent(talks)} by conversations, ${percent(alive.length)} by nobody`,
    );
    expect(checks / fates.size).toBeGreaterThan(0.5);
  });
});
