#!/usr/bin/env node
import './heap.js';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import type { Logger } from 'pino';
import { type App, findingsOf, simulatorAccount, startApp } from './app.js';
import { type Base, lookAtHand, openBase, projectRoot, recordsOf, signaturesOf } from './base.js';
import { personValue } from './channels/simulator/port.js';
import { runChat } from './cli/chat.js';
import { diagnose } from './cli/doctor.js';
import { bare, coloured, failureText } from './cli/failure.js';
import { checkFlows, type FlowCommands, flowSchemas, graphFlows, testFlows } from './cli/flows.js';
import { answer, close, discard, handovers, parked, retry, showOne } from './cli/handovers.js';
import { connectWhatsApp } from './cli/pairing.js';
import { countProblems, printProblems } from './cli/problems.js';
import { publishFlows, warnOfStranded } from './cli/publish.js';
import { grant, revoke } from './cli/roles.js';
import { why } from './cli/why.js';
import { type Config, ConfigError, readConfig } from './config.js';
import { countFunnel } from './domain/funnel.js';
import { clearAlarms } from './domain/health.js';
import { outcomeWords } from './domain/outcomes.js';
import type { Records } from './domain/records.js';
import { localAdministrator } from './domain/roles.js';
import type { Funnel } from './flow/chart.js';
import { FlowDefinitionError } from './flow/fault.js';
import { buildRegionIndex } from './flow/region-index.js';
import { takesRecordings } from './flow/transcript-write.js';
import { compileFlows, worldOf } from './flows.js';
import { whatsAppStore } from './live.js';
import { createLog } from './log.js';
import { openConversations, projectFlows, publish, standings } from './programs.js';
import { keepConversation, type Wish } from './record.js';
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
  program
    .command('chat')
    .option('--as <phone>', 'who is talking', '081200000001')
    .option('--record <file>', 'keep the talk as a test in this .test.yaml; use made-up data only')
    .option('--name <name>', 'what the test is called')
    .action(chat);
  const flows = program.command('flows').description('check, test and draw the conversations');
  flows.command('check').action(check);
  flows
    .command('test [files...]')
    .option('--update', 'write what the bot says now into the transcripts that fail')
    .action(async (files: readonly string[], { update = false }: { readonly update?: boolean }) => {
      const paint = process.stdout.isTTY ? coloured : bare;
      finish(await testFlows(flowCommands(), { files, update, paint }));
    });
  flows
    .command('schema')
    .description('write what editors complete and check flow files by')
    .option('--check', 'only look whether it is up to date')
    .action(({ check = false }: { readonly check?: boolean }) => finish(flowSchemas(flowCommands(), check)));
  flows
    .command('graph [flow]')
    .description('draw a flow, or all of them, with how far people came')
    .option('-o, --output <file>', 'write into this file')
    .option('--mermaid', 'Mermaid text instead of SVG')
    .option('--simulator', 'count the people of the simulator')
    .option('--no-counts', 'draw without looking into the database')
    .action(graph);
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
  for (const [name, change] of Object.entries({ grant, revoke }))
    roles
      .command(`${name} <phone> <role> <region>`)
      .option('--simulator', 'for people of the simulator')
      .action((...typed: readonly [string, string, string, RoleOptions]) => changeRole(change, ...typed));
  for (const add of [addHandovers, addProblems, addWhatsApp]) add(program);
  await program.parseAsync();
}

/** The number on WhatsApp Web, for whoever looks after the machine. */
function addWhatsApp(program: Command): void {
  program
    .command('whatsapp')
    .description('the number on WhatsApp Web')
    .command('connect')
    .description('let a number that was stopped connect again')
    .action(() => withBase(quiet, (base) => connectWhatsApp(whatsAppStore(base), print)));
}

/** What members want the rakor to talk about. */
function addProblems(program: Command): void {
  program
    .command('problems')
    .description('what was proposed for the rakor, by eks-karesidenan and topic')
    .option('--texts', 'each problem in its own words')
    .action(({ texts = false }: { readonly texts?: boolean }) =>
      withBase(quiet, (base) => (texts ? printProblems : countProblems)(recordsOf(base), print)),
    );
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
  if (app.url !== null && app.hasSimulator)
    print(`Sapa is ready: open ${app.url}/simulator, or talk to it with: npx sapa chat`);
  else if (app.url !== null) print(`Sapa is ready: people can write to it. Its web is at ${app.url}`);
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

/**
 * Ends in order on SIGTERM and SIGINT: the turn in hand is finished, and nothing is left open. A signal that comes again is
 * the same one: at Ctrl-C the terminal sends one and npm another, and dying at the second would leave the server running.
 */
function endOnSignal(app: App, base: Base, log: Logger): void {
  let ending = false;
  const end = async (signal: string) => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), patienceMs).unref();
    log.info({ signal }, 'ending: what is in hand is finished first');
    await app.stop().catch((error: unknown) => log.error({ err: error }, 'something did not end in order'));
    await base.close();
    log.info({}, 'ended');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));
}

interface ChatWish {
  readonly as: string;
  readonly record?: string;
  readonly name?: string;
}

/** Talks to the bot; where no Sapa is running, this process is the bot as well. */
async function chat(options: ChatWish): Promise<void> {
  const { as, record: file, name = null } = options;
  const address = personValue(as);
  if (address === null) {
    throw new ConfigError(
      '--as',
      `"${as}" is nobody.`,
      'Write a phone number like 081200000001, or a name like budi.',
    );
  }
  if (file !== undefined) refuseOtherFiles(file);
  await withBase(quiet, async (base) => {
    const app = await startApp(base, ['bot', 'worker']);
    const { stdin: input, stdout: output } = process;
    const since = base.now();
    await runChat({ port: app.phones, as, input, output, isTty: input.isTTY });
    if (file !== undefined) await record(base, file, { address, since, name });
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

function refuseOtherFiles(file: string): void {
  complain('Everything typed is kept in the test as it is: use made-up names, numbers and NIK only.');
  const isNew = !existsSync(file);
  if (file.endsWith('.test.yaml') && (isNew || takesRecordings(readFileSync(file, 'utf8')))) return;
  throw new ConfigError(
    '--record',
    `"${file}" is no list of tests.`,
    'Name a new file that ends in .test.yaml, or one with a list under tests:.',
  );
}

/** Adds the talk to a test file. What does not go again as it went is kept too, and told. */
async function record(
  base: Base,
  file: string,
  talk: Pick<Wish, 'address' | 'since' | 'name'>,
): Promise<void> {
  const conversations = await openConversations(base);
  const source = existsSync(file) ? readFileSync(file, 'utf8') : null;
  const named = basename(file, '.test.yaml');
  const flow = conversations.library.current.program.flows.has(named) ? named : null;
  const wish = { ...talk, account: simulatorAccount, source, flow };
  const kept = await keepConversation(base, recordsOf(base), conversations, wish);
  if (kept === null)
    return complain(
      'Nothing was kept: nothing was said, or what was sent is no text (a file, a place) or was erased.',
    );
  writeFileSync(file, kept.text);
  complain(`${file}: kept as "${kept.name}".`);
  for (const failure of kept.failures) complain(failureText(file, kept.name, failure, bare));
  finish(kept.failures.length === 0);
}

interface GraphWish {
  readonly output?: string;
  readonly mermaid?: boolean;
  readonly simulator?: boolean;
  readonly counts: boolean;
}

async function graph(flow: string | undefined, wish: GraphWish): Promise<void> {
  const { output, mermaid = false, simulator = false } = wish;
  const funnel = wish.counts ? await funnelOf(simulator) : null;
  const options = { flow: flow ?? null, mermaid, output: output === undefined ? null : resolve(output) };
  finish(graphFlows(flowCommands(), options, { outcomes: outcomeWords, funnel }));
}

/** Counts when there is a database at hand; a drawing makes none. */
async function funnelOf(simulator: boolean): Promise<Funnel | null> {
  let funnel: Funnel | null = null;
  await lookAtHand(settings(quiet), async (pool) => {
    funnel = await countFunnel(createPrisma(pool), simulator);
  });
  return funnel;
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

interface RoleOptions {
  readonly simulator?: boolean;
}

async function changeRole(
  change: typeof grant,
  phone: string,
  role: string,
  region: string,
  options: RoleOptions,
): Promise<void> {
  const request = { phone, role, region, simulator: options.simulator === true };
  await withBase(quiet, async (base) => finish(await change(recordsOf(base), request, print)));
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
  const names = () => readdirSync(folder).filter((name) => name.endsWith('.test.yaml'));
  const tests = () =>
    names()
      .sort()
      .map((name) => join(folder, name));
  return {
    print,
    world: worldOf(signaturesOf()),
    content: (file) => {
      const path = resolve(projectRoot, file);
      return existsSync(path) ? readFileSync(path, 'utf8') : null;
    },
    save: (file, text) => writeFileSync(resolve(projectRoot, file), text),
    compile: () => compileFlows(projectFlows(), signaturesOf()),
    transcripts: (files) => {
      const wanted = files.length > 0 ? files.map((file) => resolve(file)) : tests();
      return Object.fromEntries(wanted.map((file) => [relative(projectRoot, file), contentOf(file)]));
    },
    regions: async () => buildRegionIndex(await readRegions()),
  };
}

function contentOf(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new ConfigError('flows test', `There is no file "${file}".`, 'Give the path of a .test.yaml.');
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
