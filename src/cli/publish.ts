import type { Carried, Obstacle } from '../flow/carry.js';
import type { Program } from '../flow/program.js';

/** Somebody who is inside an older version: where they wait, since when, and what the new version does with them. */
export interface Standing {
  readonly version: string;
  /** Null when the version is not kept any more. */
  readonly publishedAt: Date | null;
  readonly flow: string;
  readonly step: string;
  readonly since: Date;
  readonly way: Carried | Obstacle;
}

/** What `sapa flows publish` is given. */
export interface Publishing {
  readonly program: Program;
  readonly standings: AsyncIterable<Standing>;
  readonly now: Date;
  /** Null for `--dry-run`. */
  readonly publish: (() => Promise<unknown>) | null;
  readonly print: (line: string) => void;
}

/** `sapa flows publish`: says who is where and what becomes of them, then publishes. Counts only: nobody is named. */
export async function publishFlows({ program, standings, now, publish, print }: Publishing): Promise<void> {
  const versions = await gather(standings);
  for (const [hash, version] of versions) report(hash, version, now, print);
  if (versions.size === 0) print('Nobody is inside another version.');
  else print('Nobody is written to because of this: it happens at the next message of each.');
  if (publish === null) {
    print(`Nothing was changed. Without --dry-run, ${short(program.hash)} is published.`);
    return;
  }
  await publish();
  print(`Published ${short(program.hash)}. New conversations begin with it.`);
}

/** People at one step; `ways` counts what becomes of them. */
interface Group {
  readonly flow: string;
  readonly step: string;
  readonly since: number[];
  readonly ways: Map<string, number>;
}

interface Version {
  readonly publishedAt: Date | null;
  readonly groups: Map<string, Group>;
}

async function gather(standings: AsyncIterable<Standing>): Promise<ReadonlyMap<string, Version>> {
  const versions = new Map<string, Version>();
  for await (const one of standings) {
    const version = versions.get(one.version) ?? { publishedAt: one.publishedAt, groups: new Map() };
    versions.set(one.version, version);
    add(version.groups, one);
  }
  return versions;
}

function add(groups: Map<string, Group>, { flow, step, since, way }: Standing): void {
  const place = `${flow}, ${step}`;
  const group: Group = groups.get(place) ?? { flow, step, since: [], ways: new Map() };
  groups.set(place, group);
  group.since.push(since.getTime());
  const words = wayWords(way);
  group.ways.set(words, (group.ways.get(words) ?? 0) + 1);
}

function report(hash: string, version: Version, now: Date, print: (line: string) => void): void {
  const groups = [...version.groups].sort(([one], [other]) => one.localeCompare(other));
  const all = groups.reduce((sum, [, { since }]) => sum + since.length, 0);
  const at =
    version.publishedAt === null
      ? 'not kept any more'
      : `published ${minute.format(version.publishedAt)} WIB`;
  print(`Version ${short(hash)}, ${at}: ${people(all)} inside.`);
  for (const [, { flow, step, since, ways }] of groups) {
    print(`  ${flow}, step ${step}: ${people(since.length)}, ${waiting(since, now)}`);
    for (const [words, count] of [...ways].sort(
      ([one, few], [other, many]) => many - few || one.localeCompare(other),
    ))
      print(`    ${count}: ${words}`);
  }
}

const minute = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Jakarta',
  dateStyle: 'short',
  timeStyle: 'short',
});

function short(hash: string): string {
  return hash.slice(0, 8);
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

function waiting(since: readonly number[], now: Date): string {
  const sorted = since.map((at) => now.getTime() - at).sort((one, other) => one - other);
  const median = sorted[sorted.length >> 1] ?? 0;
  const longest = sorted[sorted.length - 1] ?? 0;
  const words = `waiting for ${span(median)}`;
  return sorted.length === 1 ? words : `${words} (median), ${span(longest)} at most`;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A length of time in its largest whole unit. */
function span(ms: number): string {
  for (const [name, length] of units) {
    const count = Math.floor(ms / length);
    if (count > 0) return count === 1 ? `1 ${name}` : `${count} ${name}s`;
  }
  return 'less than a minute';
}

function wayWords(way: Carried | Obstacle): string {
  if ('obstacle' in way) return obstacleWords(way);
  if (!way.moved) return 'goes on in the new version: nothing has changed there.';
  return way.renewed
    ? 'goes on in the new version by moved:, and the question, which has changed, is asked again.'
    : 'goes on in the new version by moved:.';
}

function obstacleWords({ obstacle, flow, name }: Obstacle): string {
  if (obstacle === 'unreadable')
    return `cannot go on: ${flow} of that version cannot be read any more. It begins anew with a word of apology, and a human is told.`;
  return `stays in that version: ${reasons[obstacle](flow, name)}.`;
}

const reasons: Readonly<
  Record<Exclude<Obstacle['obstacle'], 'unreadable'>, (flow: string, name: string) => string>
> = {
  'flow-gone': (flow) => `the flow ${flow} is gone`,
  'not-moved': (flow) => `${flow} has changed and has no moved:`,
  'step-gone': (flow, name) => `the step "${name}" of ${flow} is gone and moved: does not name it`,
  'step-differs': (flow, name) => `the step "${name}" of ${flow} does not wait any more`,
  'type-changed': (flow, name) => `the answer "${name}" of ${flow} is of another kind now`,
  'no-place': (flow, name) => `the answer "${name}" of ${flow} has no place and moved: does not name it`,
  'not-answered': (flow, name) => `${flow} needs "${name}" there, which was never asked`,
};

/** How many people wait at a step of an older version. */
export interface Waiting {
  readonly flow: string;
  readonly step: string;
  readonly people: number;
}

/** Warns of people at steps that are gone and that no `moved:` names: `sapa flows check` does not fail for it. */
export function warnOfStranded(
  program: Program,
  waiting: readonly Waiting[],
  print: (line: string) => void,
): void {
  for (const one of waiting) {
    const warning = strandedWords(program, one);
    if (warning !== null) print(warning);
  }
}

function strandedWords(program: Program, { flow: name, step, people: count }: Waiting): string | null {
  const flow = program.flows.get(name);
  const stay = 'They stay in the version they began with';
  const they = count === 1 ? '1 person waits' : `${count} people wait`;
  if (flow === undefined) return `warning: ${they} in the flow "${name}", which is gone. ${stay}.`;
  if (flow.steps.has(step) || flow.moved?.has(step) === true) return null;
  const mend = `to take them along, write moved: { ${step}: STEP }`;
  return `${flow.file}:${flow.line}: warning: ${they} at "${step}", which is gone. ${stay}; ${mend}.`;
}
