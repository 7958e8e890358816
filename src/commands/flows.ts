import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { lookAtHand, signaturesOf } from '../base.js';
import { writeAsked } from '../cli/asked-file.js';
import { bare, coloured } from '../cli/failure.js';
import { checkFlows, type FlowCommands, flowSchemas, graphFlows, testFlows } from '../cli/flows.js';
import { publishFlows, warnOfStranded } from '../cli/publish.js';
import { type Config, ConfigError } from '../config.js';
import { countFunnel } from '../domain/funnel.js';
import { outcomeWords } from '../domain/outcomes.js';
import { reminderSources } from '../domain/reminders/index.js';
import { compileApproved } from '../flow/approved-file.js';
import type { Funnel } from '../flow/chart.js';
import { buildRegionIndex } from '../flow/region-index.js';
import { readText, readYamlFiles } from '../flow-files.js';
import { compileFlows, isTest, worldOf } from '../flows.js';
import { projectFlows, projectReminders, projectTemplates, publish, standings } from '../programs.js';
import { projectRoot } from '../root.js';
import { createPrisma } from '../store/prisma-client.js';
import { countWaiting } from '../store/programs.js';
import { readRegions } from '../store/regions.js';
import { print, withBase } from './common.js';

/** Proves the flows, and warns of people inside older versions when a database is at hand. */
export async function check(config: () => Config): Promise<boolean> {
  const commands = flowCommands();
  if (!checkFlows(commands)) return false;
  const program = commands.compile();
  try {
    await lookAtHand(config(), async (pool) =>
      warnOfStranded(program, await countWaiting(pool, program.hash), print),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'no answer';
    print(`warning: who is inside older versions could not be looked at (${reason}).`);
  }
  return true;
}

/** Plays the transcripts of these files, or all of them. */
export async function testAll(
  files: readonly string[],
  { update = false }: { readonly update?: boolean },
): Promise<boolean> {
  const paint = process.stdout.isTTY ? coloured : bare;
  return testFlows(flowCommands(), { files, update, paint });
}

/** Writes the schemas of the flow language, or only looks whether they are up to date. */
export async function schema({ check: looks = false }: { readonly check?: boolean }): Promise<boolean> {
  return flowSchemas(flowCommands(), looks);
}

/** Publishes the flows of the project; a Sapa that runs takes them up by itself. */
export async function publishProject(
  config: Config,
  { dryRun = false }: { readonly dryRun?: boolean },
): Promise<boolean> {
  const sources = projectFlows();
  const program = compileFlows(sources, signaturesOf());
  return withBase(config, async (base) => {
    await publishFlows({
      ...{ program, print, now: base.now(), standings: standings(base, program) },
      publish: dryRun ? null : () => publish(base, sources),
    });
    return true;
  });
}

/** What is drawn, and where to. */
export interface GraphWish {
  readonly output?: string;
  readonly mermaid?: boolean;
  readonly simulator?: boolean;
  readonly counts: boolean;
}

/** Draws a flow, or all of them. */
export async function graph(
  config: () => Config,
  flow: string | undefined,
  wish: GraphWish,
): Promise<boolean> {
  const { output, mermaid = false, simulator = false } = wish;
  const funnel = wish.counts ? await funnelOf(config(), simulator) : null;
  const options = { flow: flow ?? null, mermaid, output: output === undefined ? null : resolve(output) };
  return graphFlows(flowCommands(), options, { outcomes: outcomeWords, funnel });
}

/** Counts when there is a database at hand; a drawing makes none. */
async function funnelOf(config: Config, simulator: boolean): Promise<Funnel | null> {
  let funnel: Funnel | null = null;
  await lookAtHand(config, async (pool) => {
    funnel = await countFunnel(createPrisma(pool), simulator);
  });
  return funnel;
}

function flowCommands(): FlowCommands {
  const folder = join(projectRoot, 'flows');
  return {
    print,
    world: worldOf(signaturesOf()),
    content: (file) => {
      const path = resolve(projectRoot, file);
      return existsSync(path) ? readFileSync(path, 'utf8') : null;
    },
    save: (file, text) => writeAsked(resolve(projectRoot, file), text),
    compile: () => compileFlows(projectFlows(), signaturesOf()),
    templates: (program) => compileApproved(projectTemplates(), program).length,
    reminders: () => projectReminders().length,
    subjects: Object.keys(reminderSources),
    transcripts: (files) => {
      if (files.length === 0) return readYamlFiles(folder, 'flows', isTest);
      const wanted = files.map((file) => resolve(file));
      return Object.fromEntries(wanted.map((file) => [relative(projectRoot, file), contentOf(file)]));
    },
    regions: async () => buildRegionIndex(await readRegions()),
  };
}

function contentOf(file: string): string {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true)
    return readText(file, relative(projectRoot, file));
  throw new ConfigError('flows test', `There is no file "${file}".`, 'Give the path of a .test.yaml.');
}
