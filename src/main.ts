#!/usr/bin/env node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Logger } from 'pino';
import { type App, findingsOf, startApp } from './app.js';
import { type Base, lookAtHand, openBase, projectRoot, signaturesOf } from './base.js';
import { personValue } from './channels/simulator/port.js';
import { runChat } from './cli/chat.js';
import { diagnose } from './cli/doctor.js';
import { checkFlows, type FlowCommands, graphFlow, testFlows } from './cli/flows.js';
import { answer, close, discard, handovers, parked, retry, showOne } from './cli/handovers.js';
import { publishFlows, warnOfStranded } from './cli/publish.js';
import { grant } from './cli/roles.js';
import { why } from './cli/why.js';
import { type Config, ConfigError, readConfig } from './config.js';
import { clearAlarms } from './domain/health.js';
import type { Records } from './domain/records.js';
import { localAdministrator } from './domain/roles.js';
import { FlowDefinitionError } from './flow/fault.js';
import { buildRegionIndex } from './flow/region-index.js';
import { compileFlows } from './flows.js';
import { createLog } from './log.js';
import { projectFlows, publish, standings } from './programs.js';
import { StartError } from './store/errors.js';
import { isOutage } from './store/outage.js';
import { createPrisma } from './store/prisma-client.js';
import { countWaiting } from './store/programs.js';
import { readRegions } from './store/regions.js';

/** Commands print their answer; what they do on the way is logged only when asked for. */
const quiet = { LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent' };

/** A process that was asked to end and has not after this long is ended. */
const patienceMs = 10_000;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

await main().catch(fail);

async function main(): Promise<void> {
  const program = new Command('sapa').description('Sapa, the member-engagement bot of IPSM Jawa Tengah');
  program.command('start').option('--roles <roles>', 'bot,worker,web').action(start);
  program.command('chat').option('--as <phone>', 'who is talking', '081200000001').action(chat);
  const flows = program.command('flows').description('check, test and draw the conversations');
  flows.command('check').action(check);
  flows.command('test').action(async () => finish(await testFlows(flowCommands())));
  flows.command('graph <flow>').action((name: string) => finish(graphFlow(flowCommands(), name)));
  flows
    .command('publish')
    .description('say who is inside older versions, and begin new conversations with these flows')
    .option('--dry-run', 'only say')
    .action(publishProject);
  program.command('why <contact>').description('what led here: by contact id or phone').action(explain);
  program
    .command('doctor')
    .description('what is configured, what is missing, how to mend it')
    .option('--clear', 'clear the alarms: somebody has looked at them')
    .action(doctor);
  const roles = program.command('roles').description('who may do what, where');
  roles
    .command('grant <phone> <role> <region>')
    .option('--simulator', 'for people of the simulator')
    .action(grantRole);
  addHandovers(program);
  await program.parseAsync();
}

/** Requests for a human, and messages that could not be treated, for whoever looks after the machine. */
function addHandovers(program: Command): void {
  const requests = program.command('handovers').description('who waits for a human; answer, close');
  requests.action(() => onRecords((records) => handovers(records, print)));
  const show = (number: string) => onRecords((records) => showOne(records, number, print));
  requests.command('show <number>').description('with the last messages').action(show);
  const write = (number: string, text: string) =>
    onRecords((records) => answer(records, number, text, print));
  requests.command('answer <number> <text>').description('write to the member').action(write);
  requests
    .command('close <number>')
    .action((number: string) => onRecords((records) => close(records, number, print)));
  const aside = requests.command('parked').description('messages whose turn failed three times');
  aside.action(() => onRecords((records) => parked(records, print)));
  aside.command('retry <id>').action((id: string) => onRecords((records) => retry(records, id, print)));
  aside.command('discard <id>').action((id: string) => onRecords((records) => discard(records, id, print)));
}

async function onRecords(work: (records: Records) => Promise<boolean>): Promise<void> {
  await withBase(quiet, async (base) => finish(await work(recordsOf(base))));
}

function finish(ok: boolean): void {
  process.exitCode = ok ? 0 : 1;
}

function settings(overrides: Readonly<Record<string, string | undefined>> = {}): Config {
  return readConfig({ ...process.env, ...overrides });
}

async function start(options: { readonly roles?: string }): Promise<void> {
  const config = settings(options.roles === undefined ? {} : { ROLES: options.roles });
  const log = createLog(config.logLevel);
  const base = await openBase(config, log);
  const app = await startOn(base);
  if (app.url !== null) print(`Sapa is ready: open ${app.url}/simulator, or talk to it with: npx sapa chat`);
  else print(`Sapa is ready (${config.roles.join(', ')}).`);
  endOnSignal(app, base, log);
}

async function startOn(base: Base): Promise<App> {
  try {
    return await startApp(base);
  } catch (error) {
    await base.close();
    throw error;
  }
}

/** Ends in order on SIGTERM and SIGINT: the turn in hand is finished, and nothing is left open. */
function endOnSignal(app: App, base: Base, log: Logger): void {
  const end = async (signal: string) => {
    setTimeout(() => process.exit(1), patienceMs).unref();
    log.info({ signal }, 'ending: what is in hand is finished first');
    await app.stop().catch((error: unknown) => log.error({ err: error }, 'something did not end in order'));
    await base.close();
    log.info({}, 'ended');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(signal));
}

/** Talks to the bot; where no Sapa is running, this process is the bot as well. */
async function chat(options: { readonly as: string }): Promise<void> {
  if (personValue(options.as) === null) {
    throw new ConfigError(
      '--as',
      `"${options.as}" is nobody.`,
      'Write a phone number like 081200000001, or a name like budi.',
    );
  }
  await withBase(quiet, async (base) => {
    const app = await startApp(base, ['bot', 'worker']);
    const { stdin: input, stdout: output } = process;
    await runChat({ port: app.phones, as: options.as, input, output, isTty: input.isTTY });
    await app.stop();
  });
}

/** Proves the flows, and warns of people inside older versions when a database is at hand. */
async function check(): Promise<void> {
  const commands = flowCommands();
  if (!checkFlows(commands)) return finish(false);
  const program = commands.compile();
  try {
    await lookAtHand(settings(quiet), async (pool) =>
      warnOfStranded(program, await countWaiting(pool, program.hash), print),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'no answer';
    print(`warning: who is inside older versions could not be looked at (${reason}).`);
  }
}

/** Publishes the flows of the project; a Sapa that runs takes them up by itself. */
async function publishProject(options: { readonly dryRun?: boolean }): Promise<void> {
  const sources = projectFlows();
  const program = compileFlows(sources, signaturesOf());
  await withBase(quiet, async (base) =>
    publishFlows({
      ...{ program, print, now: base.now(), standings: standings(base, program) },
      publish: options.dryRun === true ? null : () => publish(base, sources),
    }),
  );
}

async function explain(contact: string): Promise<void> {
  await withBase(quiet, async (base) => finish(await why(recordsOf(base), contact, print)));
}

async function doctor(options: { readonly clear?: boolean }): Promise<void> {
  await withBase(quiet, async (base) => {
    if (options.clear === true)
      print(`${await clearAlarms(localAdministrator('doctor'), recordsOf(base))} alarms cleared.`);
    finish(await diagnose(recordsOf(base), await findingsOf(base), print));
  });
}

async function grantRole(
  phone: string,
  role: string,
  region: string,
  options: { readonly simulator?: boolean },
): Promise<void> {
  const request = { phone, role, region, simulator: options.simulator === true };
  await withBase(quiet, async (base) => finish(await grant(recordsOf(base), request, print)));
}

function recordsOf({ pool, vault, now, newId }: Base): Records {
  return { prisma: createPrisma(pool), pool, vault, now, newId };
}

async function withBase(
  overrides: Readonly<Record<string, string>>,
  work: (base: Base) => Promise<void>,
): Promise<void> {
  const config = settings(overrides);
  const base = await openBase(config, createLog(config.logLevel));
  try {
    await work(base);
  } finally {
    await base.close();
  }
}

function flowCommands(): FlowCommands {
  const folder = join(projectRoot, 'flows');
  const tests = readdirSync(folder).filter((name) => name.endsWith('.test.yaml'));
  return {
    print,
    compile: () => compileFlows(projectFlows(), signaturesOf()),
    transcripts: () =>
      Object.fromEntries(
        tests.sort().map((name) => [`flows/${name}`, readFileSync(join(folder, name), 'utf8')]),
      ),
    regions: async () => buildRegionIndex(await readRegions()),
  };
}

/** Whatever keeps Sapa from starting is one line: what happened, and what to do. */
function fail(error: unknown): never {
  complain(explanation(error));
  process.exit(1);
}

/** Why the web could not listen, and what to do; null for any other error. */
function listenFault(error: unknown): string | null {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return null;
  if (error.syscall !== 'listen' && error.syscall !== 'getaddrinfo') return null;
  if (error.code === 'EADDRINUSE')
    return 'PORT: this port is taken. End the other program, or set PORT to another number.';
  if (error.code === 'EACCES') return 'PORT: this port may not be used. Set PORT to a number above 1023.';
  return 'HOST: this is no address of this machine. Set HOST to 127.0.0.1 or 0.0.0.0.';
}

function explanation(error: unknown): string {
  if (error instanceof StartError || error instanceof ConfigError)
    return `sapa: ${error.message} ${error.mend}`;
  if (error instanceof FlowDefinitionError) return error.message;
  const listening = listenFault(error);
  if (listening !== null) return `sapa: ${listening}`;
  if (isOutage(error))
    return 'sapa: the database went away during the start. Nothing is lost: start Sapa again when the database is back.';
  return `sapa: this is a bug of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
