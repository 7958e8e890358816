import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type App, findingsOf, simulatorAccount, startApp } from './app.js';
import * as backups from './backups.js';
import { type Base, changeDataKey, lookAtHand, openBase, recordsOf, signaturesOf } from './base.js';
import { personValue } from './channels/simulator/port.js';
import * as attendances from './cli/attendance.js';
import * as audienceLists from './cli/audience.js';
import * as audit from './cli/audit.js';
import * as broadcasting from './cli/broadcast.js';
import * as sending from './cli/broadcast-watch.js';
import { runChat } from './cli/chat.js';
import * as consolidations from './cli/consolidation.js';
import { type CostAsked, tellCost } from './cli/cost.js';
import { diagnose } from './cli/doctor.js';
import { bare, coloured, failureText } from './cli/failure.js';
import { checkFlows, type FlowCommands, flowSchemas, graphFlows, testFlows } from './cli/flows.js';
import * as requests from './cli/handovers.js';
import * as memberLists from './cli/members.js';
import { connectWhatsApp } from './cli/pairing.js';
import { countProblems, fileProblems, printProblems } from './cli/problems.js';
import { publishFlows, warnOfStranded } from './cli/publish.js';
import * as rakors from './cli/rakor.js';
import { reminders as tellReminders } from './cli/reminders.js';
import * as roles from './cli/roles.js';
import * as chatGroups from './cli/whatsapp-groups.js';
import { why } from './cli/why.js';
import { type Config, ConfigError } from './config.js';
import { machine } from './delivery/states.js';
import type { BroadcastMove } from './domain/broadcast-moves.js';
import { countFunnel } from './domain/funnel.js';
import { clearAlarms } from './domain/health.js';
import { outcomeWords } from './domain/outcomes.js';
import type { Records } from './domain/records.js';
import { reminderSources } from './domain/reminders/index.js';
import { localAdministrator } from './domain/roles.js';
import { compileApproved } from './flow/approved-file.js';
import type { Funnel } from './flow/chart.js';
import { buildRegionIndex } from './flow/region-index.js';
import { takesRecordings } from './flow/transcript-write.js';
import { compileFlows, worldOf } from './flows.js';
import { workThroughLists } from './lists.js';
import { whatsAppAccount, whatsAppStore } from './live.js';
import { createLog } from './log.js';
import { outreachOf } from './outreach.js';
import { pricesIn } from './prices.js';
import {
  openConversations,
  projectFlows,
  projectReminders,
  projectTemplates,
  publish,
  standings,
} from './programs.js';
import { keepConversation, type Wish } from './record.js';
import { projectRoot } from './root.js';
import { keepIn } from './store/files.js';
import { createPrisma } from './store/prisma-client.js';
import { countWaiting } from './store/programs.js';
import { loadRegions, readRegions } from './store/regions.js';
import { writeTogether } from './store/transaction.js';

/** A process that was asked to end and has not after this long is ended. */
const patienceMs = 10_000;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** `sapa start`: the roles of the settings, until the process is asked to end. */
export async function start(config: Config): Promise<void> {
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

/** How a talk in the terminal is held: as whom, and in which file it is kept. */
export interface ChatWish {
  readonly as: string;
  readonly record?: string;
  readonly name?: string;
}

/** Talks to the bot; where no Sapa is running, this process is the bot as well. */
export async function chat(config: Config, wish: ChatWish): Promise<boolean> {
  const { as, record: file, name = null } = wish;
  const address = personValue(as);
  if (address === null) {
    throw new ConfigError(
      '--as',
      `"${as}" is nobody.`,
      'Write a phone number like 081200000001, or a name like budi.',
    );
  }
  if (file !== undefined) refuseOtherFiles(file);
  return withBase(config, async (base) => {
    const app = await startApp(base, ['bot', 'worker']);
    const { stdin: input, stdout: output } = process;
    const since = base.now();
    await runChat({ port: app.phones, as, input, output, isTty: input.isTTY });
    const kept = file === undefined || (await record(base, file, { address, since, name }));
    await app.stop();
    return kept;
  });
}

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
): Promise<boolean> {
  const conversations = await openConversations(base);
  const source = existsSync(file) ? readFileSync(file, 'utf8') : null;
  const named = basename(file, '.test.yaml');
  const flow = conversations.library.current.program.flows.has(named) ? named : null;
  const wish = { ...talk, account: simulatorAccount, source, flow };
  const kept = await keepConversation(base, recordsOf(base), conversations, wish);
  if (kept === null) {
    complain(
      'Nothing was kept: nothing was said, or what was sent is no text (a file, a place) or was erased.',
    );
    return true;
  }
  writeFileSync(file, kept.text);
  complain(`${file}: kept as "${kept.name}".`);
  for (const failure of kept.failures) complain(failureText(file, kept.name, failure, bare));
  return kept.failures.length === 0;
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

/** What led to where a contact is. */
export function explain(config: Config, contact: string): Promise<boolean> {
  return onRecords(config, (records) => why(records, contact, print));
}

/** What is configured and how it does; clears the alarms when somebody has looked at them. */
export function doctor(config: Config, { clear = false }: { readonly clear?: boolean }): Promise<boolean> {
  return withBase(config, async (base) => {
    const records = recordsOf(base);
    if (clear) print(`${await clearAlarms(localAdministrator('doctor'), records)} alarms cleared.`);
    return diagnose(records, await findingsOf(base), print);
  });
}

type RoleChange = Parameters<typeof roles.grant>[1];

/** Gives a role. */
export function grant(config: Config, change: RoleChange): Promise<boolean> {
  return onRecords(config, (records) => roles.grant(records, change, print));
}

/** Takes a role away. */
export function revoke(config: Config, change: RoleChange): Promise<boolean> {
  return onRecords(config, (records) => roles.revoke(records, change, print));
}

/** Lists of members: looked through, imported, taken back. */
export const members = {
  import: (config: Config, file: string, wish: memberLists.MembersWish) =>
    withBase(config, async (base) => {
      const regions = buildRegionIndex(await loadRegions(base.pool));
      return memberLists.importMembers(recordsOf(base), { file, wish, regions }, print);
    }),
  work: (config: Config) =>
    withBase(config, async (base) => {
      print(`${await workThroughLists(base)} lists came to something.`);
      return true;
    }),
  lists: (config: Config) => onRecords(config, (records) => memberLists.showLists(records, print)),
  undo: (config: Config, number: string) =>
    onRecords(config, (records) => memberLists.undoMembers(records, number, print)),
};

/** Broadcasts before they go out: made, seen, approved; and who has to be told by hand. */
export const announcements = {
  new: (config: Config, file: string | null, wish: broadcasting.NewWish) =>
    atDesk(config, (desk) => broadcasting.newBroadcast(desk, file, wish)),
  preview: (config: Config, number: string) =>
    atDesk(config, (desk) => broadcasting.preview(desk, numberOf(number))),
  approve: (config: Config, number: string, by: string) =>
    atDesk(config, (desk) => broadcasting.approve(desk, numberOf(number), by)),
  unreachable: (config: Config, number: string, wish: { readonly page?: string; readonly xlsx?: string }) =>
    atDesk(config, (desk) => broadcasting.unreachable(desk, numberOf(number), wish)),
  contacted: (config: Config, number: string, person: string, by: string) =>
    atDesk(config, (desk) => broadcasting.contacted(desk, numberOf(number), person, by)),
};

function atDesk(config: Config, work: (desk: broadcasting.Desk) => Promise<boolean>): Promise<boolean> {
  return withBase(config, (base) => {
    const records = recordsOf(base);
    const write = (statements: Parameters<typeof writeTogether>[1]) =>
      writeTogether(records.pool, statements);
    const keepFile = (bytes: Uint8Array) => keepIn(base.fileStore, bytes);
    return work({ records, outreach: outreachOf(config), write, print, keepFile });
  });
}

/** Lists of people that a broadcast can name. */
export const audiences = {
  list: (config: Config) => atDesk(config, (desk) => audienceLists.showAll(desk)),
  save: (config: Config, name: string, wish: audienceLists.AudienceWish) =>
    atDesk(config, (desk) => audienceLists.save(desk, name, wish)),
  show: (config: Config, name: string, wish: audienceLists.AudienceWish) =>
    atDesk(config, (desk) => audienceLists.show(desk, name, wish)),
  remove: (config: Config, name: string, wish: audienceLists.AudienceWish) =>
    atDesk(config, (desk) => audienceLists.remove(desk, name, wish)),
};

/** A number that nothing has, when it is none. */
function numberOf(typed: string): number {
  return /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
}

/** Broadcasts on their way: looked at, stopped, gone on with. */
export const broadcasts = {
  list: (config: Config) => onRecords(config, (records) => sending.list(records, print)),
  watch: (config: Config, number: string) =>
    onRecords(config, (records) => {
      const ending = new AbortController();
      process.once('SIGINT', () => ending.abort());
      return sending.watch(records, number, terminal(), ending.signal);
    }),
  move: (config: Config, number: string, move: BroadcastMove) =>
    onRecords(config, (records) => sending.move({ ...records, machine }, number, move, print)),
  report: (config: Config, number: string, file: string) =>
    onRecords(config, (records) => sending.report(records, number, resolve(file), print)),
};

function terminal(): sending.Screen {
  const { isTTY, columns = 80 } = process.stdout;
  return { isTty: isTTY, columns, write: (text) => void process.stdout.write(text) };
}

/** `sapa cost`: what so many messages cost. */
export async function cost({ dataDir }: Config, asked: CostAsked): Promise<boolean> {
  return tellCost(pricesIn(dataDir), asked, print);
}

/** `sapa keys rotate`: everything is sealed anew under a new key; cut off, it goes on when it is run again. */
export async function rotateKeys(config: Config, file: string | null): Promise<boolean> {
  if (config.dataKey !== null && file === null)
    throw new ConfigError(
      'keys rotate',
      'The key is given as DATA_KEY.',
      'Name the file for the new one: --new-key-file FILE.',
    );
  const report = (table: string, rows: number) => {
    if (rows > 0) print(`${table}: ${rows} rows`);
  };
  const changed = await changeDataKey(config, createLog(config.logLevel), { file, report });
  print(
    changed
      ? 'Everything is sealed under the new key; the old one opens nothing any more.'
      : 'Everything was sealed under that key already.',
  );
  print(
    config.dataKey === null
      ? `It stands in ${join(config.dataDir, 'key')}. Keep a copy elsewhere, and the old one with backups of before.`
      : `Set DATA_KEY to what stands in ${file} on every machine. Keep the old one with backups of before.`,
  );
  return true;
}

/** `sapa backup`: everything at one moment into a file. */
export function backup(
  config: Config,
  file: string,
  { keyOut }: { readonly keyOut?: string },
): Promise<boolean> {
  return withBase(config, (base) => backups.backup(base, file, keyOut ?? null, print));
}

/** `sapa restore`: a backup into an empty place. */
export function restore(config: Config, file: string, wish: backups.RestoreWish): Promise<boolean> {
  return backups.restore(config, createLog(config.logLevel), { file, wish, print });
}

/** `sapa audit verify`: whether the audit is whole. */
export function verifyAudit(config: Config): Promise<boolean> {
  return onRecords(config, (records) => audit.verify(records, print));
}

/** How far each regency has come; with a file, as CSV into it. */
export function consolidation(config: Config, { csv }: { readonly csv?: string }): Promise<boolean> {
  const file = csv === undefined ? null : resolve(csv);
  return onRecords(config, (records) => consolidations.consolidation(records, file, print));
}

/** What people will be reminded of, were, and what was missed. */
export function reminders(config: Config): Promise<boolean> {
  return onRecords(config, (records) => tellReminders(records, projectReminders(), print));
}

function onRakors(
  config: Config,
  work: (records: rakors.RakorRecords) => Promise<boolean>,
): Promise<boolean> {
  return withBase(config, (base) => {
    const keepFile = (bytes: Uint8Array) => keepIn(base.fileStore, bytes);
    return work({ ...recordsOf(base), keepFile, secondYesAbove: config.approvalAbove });
  });
}

/** `sapa rakor …`. */
export const rakor = {
  create: (config: Config, file: string, simulator: boolean) =>
    onRakors(config, (records) => rakors.newRakor(records, { file, simulator }, print)),
  list: (config: Config) =>
    onRakors(config, async (records) => {
      await rakors.listRakors(records, print);
      return true;
    }),
  show: (config: Config, number: string) =>
    onRakors(config, (records) => rakors.showRakor(records, Number(number), print)),
  change: (config: Config, number: string, file: string) =>
    onRakors(config, (records) => rakors.changeByFile(records, { number: Number(number), file }, print)),
  cancel: (config: Config, number: string, reason: string) =>
    onRakors(config, (records) => rakors.cancelByNumber(records, { number: Number(number), reason }, print)),
};

/** How the problems are wanted: as counts, as texts, or as files. */
interface ProblemsWish {
  readonly texts?: boolean;
  readonly pdf?: string;
  readonly xlsx?: string;
}

/** What members want the rakor to talk about. */
export function problems(config: Config, { texts = false, ...files }: ProblemsWish): Promise<boolean> {
  const [pdf, xlsx] = [pathOf(files.pdf), pathOf(files.xlsx)];
  return onRecords(config, async (records) => {
    if (pdf !== null || xlsx !== null) await fileProblems(records, { pdf, xlsx }, print);
    else await (texts ? printProblems : countProblems)(records, print);
    return true;
  });
}

/** Who is expected at a rakor and who came; with files, the list to be signed and a workbook. */
export function attendance(
  config: Config,
  number: string,
  files: { readonly pdf?: string; readonly xlsx?: string },
): Promise<boolean> {
  const wanted = { pdf: pathOf(files.pdf), xlsx: pathOf(files.xlsx) };
  return onRecords(config, (records) => attendances.attendance(records, number, wanted, print));
}

/** A file named on the command line, as it is found from anywhere. */
function pathOf(file: string | undefined): string | null {
  return file === undefined ? null : resolve(file);
}

/** Takes away the webhook that keeps the bot from fetching its messages. */
export async function forgetWebhook({ telegram }: Config): Promise<boolean> {
  const name = 'telegram forget-webhook';
  if (telegram === null) throw new ConfigError(name, 'There is no bot.', 'Set TELEGRAM_BOT_TOKEN.');
  if (telegram.webhook !== null)
    throw new ConfigError(
      name,
      'The webhook is Sapa’s own.',
      'Take TELEGRAM_WEBHOOK_URL and its secret away.',
    );
  const client = await import('./channels/telegram/forget.js');
  const done = await client.forgetWebhook(telegram);
  print(done.ok ? (done.note ?? '') : `${done.what} ${done.mend}`);
  return done.ok;
}

/** Lets the number on WhatsApp Web, that was stopped, connect again. */
export function connect(config: Config): Promise<boolean> {
  return withBase(config, async (base) => {
    await connectWhatsApp(whatsAppStore(base), print);
    return true;
  });
}

/** The groups that the number on WhatsApp Web is in. */
export const groups = {
  list: (config: Config) => onGroups(config, chatGroups.listGroups),
  add: (config: Config, jid: string, wish: Parameters<typeof chatGroups.addGroup>[2]) =>
    onGroups(config, (desk) => chatGroups.addGroup(desk, jid, wish)),
  remove: (config: Config, name: string) => onGroups(config, (desk) => chatGroups.dropGroup(desk, name)),
};

function onGroups(config: Config, work: (desk: chatGroups.GroupDesk) => Promise<boolean>): Promise<boolean> {
  return withBase(config, (base) => {
    const store = whatsAppStore(base);
    return work({ records: recordsOf(base), store, account: whatsAppAccount, print });
  });
}

type Request = (config: Config, number: string) => Promise<boolean>;

/** Requests for a human, and messages set aside. */
export const handovers = {
  list: (config: Config) => onRecords(config, (records) => requests.handovers(records, print)),
  show: onOne(requests.showOne),
  answer: (config: Config, number: string, text: string) =>
    onRecords(config, (records) => requests.answer(records, number, text, print)),
  close: onOne(requests.close),
  parked: (config: Config) => onRecords(config, (records) => requests.parked(records, print)),
  retry: onOne(requests.retry),
  discard: onOne(requests.discard),
};

function onOne(work: typeof requests.showOne): Request {
  return (config, number) => onRecords(config, (records) => work(records, number, print));
}

function onRecords(config: Config, work: (records: Records) => Promise<boolean>): Promise<boolean> {
  return withBase(config, (base) => work(recordsOf(base)));
}

async function withBase(config: Config, work: (base: Base) => Promise<boolean>): Promise<boolean> {
  const base = await openBase(config, createLog(config.logLevel));
  try {
    return await work(base);
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
    templates: (program) => compileApproved(projectTemplates(), program).length,
    reminders: () => projectReminders().length,
    subjects: Object.keys(reminderSources),
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
