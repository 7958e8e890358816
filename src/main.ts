#!/usr/bin/env node
import './heap.js';
import { Command } from 'commander';
import type { RestoreWish } from './backups.js';
import { AskedFileError } from './cli/asked-file.js';
import type { AudienceWish } from './cli/audience.js';
import type { NewWish } from './cli/broadcast.js';
import type { MembersWish } from './cli/members.js';
import type { ChatWish, GraphWish } from './commands.js';
import { type Config, ConfigError, readConfig } from './config.js';
import { FlowDefinitionError } from './flow/fault.js';
import { StartError } from './store/errors.js';
import { isDiskFull, isOutage } from './store/outage.js';

/** What the commands do; loaded when one is run, so that a wrong setting is told at once. */
type Commands = typeof import('./commands.js');

/** What is typed after `roles grant`. */
type RoleTyped = readonly [phone: string, role: string, region: string, { readonly simulator?: boolean }];

endInOrderUnread();
await main().catch(fail);

async function main(): Promise<void> {
  const program = new Command('sapa').description('Sapa, the member-engagement bot of IPSM Jawa Tengah');
  program
    .command('start')
    .option('--roles <roles>', 'bot,worker,web')
    .action(({ roles }: { readonly roles?: string }) => start(roles));
  program
    .command('chat')
    .option('--as <phone>', 'who is talking', '081200000001')
    .option('--record <file>', 'keep the talk as a test in this .test.yaml; use made-up data only')
    .option('--name <name>', 'what the test is called')
    .action((wish: ChatWish) => run(({ chat }) => chat(quietly(), wish)));
  addFlows(program);
  program
    .command('why <contact>')
    .description('what led here: by contact id or phone')
    .action((contact: string) => run(({ explain }) => explain(quietly(), contact)));
  program
    .command('doctor')
    .description('what is configured, what is missing, how to mend it')
    .option('--clear', 'clear the alarms: somebody has looked at them')
    .action((wish: { readonly clear?: boolean }) => run(({ doctor }) => doctor(quietly(), wish)));
  const roles = program.command('roles').description('who may do what, where');
  for (const name of ['grant', 'revoke'] as const)
    roles
      .command(`${name} <phone> <role> <region>`)
      .option('--simulator', 'for people of the simulator')
      .action((...[phone, role, region, { simulator = false }]: RoleTyped) =>
        run((commands) => commands[name](quietly(), { phone, role, region, simulator })),
      );
  addHandovers(program);
  addRakor(program);
  addProtection(program);
  for (const add of [addReports, addBackup, addCost, addMembers, addBroadcasts, addAudience, addChannels])
    add(program);
  await program.parseAsync();
}

/** What is told at the machine of what goes on. */
function addReports(program: Command): void {
  program
    .command('consolidation')
    .description('how far each regency has come: members, SK, board, ages, certificates')
    .option('--csv <file>', 'write it into this file')
    .action((wish: { readonly csv?: string }) => run(({ consolidation }) => consolidation(quietly(), wish)));
  program
    .command('reminders')
    .description('what people will be reminded of, were, and what was missed')
    .action(() => run(({ reminders }) => reminders(quietly())));
}

/** What is done at the live channels by hand. */
function addChannels(program: Command): void {
  const whatsApp = program.command('whatsapp').description('the number on WhatsApp Web');
  whatsApp
    .command('connect')
    .description('let a number that was stopped connect again')
    .action(() => run(({ connect }) => connect(quietly())));
  whatsApp
    .command('groups')
    .description('the groups the number is in, and which of them broadcasts may go to')
    .action(() => run(({ groups }) => groups.list(quietly())));
  const group = whatsApp.command('group').description('a group that broadcasts may go to, by its name');
  group
    .command('add <jid>')
    .description('let broadcasts go to a group the number is in')
    .requiredOption('--name <name>', 'what it is called in a query: grup:NAME')
    .requiredOption('--area <region>', 'whoever may speak there may write to it: 33, 33.74, residency/pati')
    .action((jid: string, wish: { readonly name: string; readonly area: string }) =>
      run(({ groups }) => groups.add(quietly(), jid, wish)),
    );
  group
    .command('remove <name>')
    .description('nothing goes there any more')
    .action((name: string) => run(({ groups }) => groups.remove(quietly(), name)));
  program
    .command('telegram')
    .description('the Telegram bot')
    .command('forget-webhook')
    .description('take away a webhook, so that messages can be fetched')
    .action(() => run(({ forgetWebhook }) => forgetWebhook(quietly())));
}

/** What is told to many before it goes out: made, seen, approved; and who has to be told by hand. */
function addAnnouncements(broadcast: Command): void {
  const by = ['--by <name>', 'who says so; a second person is one with another name'] as const;
  broadcast
    .command('new [file]')
    .description(
      'make one from a .yaml file (text, to, urgency, area, expires, lampiran) or from options; nothing is sent yet',
    )
    .requiredOption(...by)
    .option('--text <text>', 'what is said')
    .option('--to <query>', 'who is meant, such as "peran:ketua dan wilayah:33.22"')
    .option('--area <area>', 'nobody outside of it is meant')
    .option('--expires <moment>', 'when it is of no use any more, such as 2026-11-24T09:00:00+07:00')
    .option('--urgent', 'at any hour')
    .option('--lawful', 'a breach notice: at any hour, also to who opted out')
    .option('--simulator', 'people of the simulator')
    .action((file: string | undefined, wish: NewWish) =>
      run(({ announcements }) => announcements.new(quietly(), file ?? null, wish)),
    );
  broadcast
    .command('preview <number>')
    .description('whom it reaches, how long it takes, and how each channel shows it')
    .action((number: string) => run(({ announcements }) => announcements.preview(quietly(), number)));
  broadcast
    .command('approve <number>')
    .description('send it, or ask for a second person')
    .requiredOption(...by)
    .action((number: string, wish: { readonly by: string }) =>
      run(({ announcements }) => announcements.approve(quietly(), number, wish.by)),
    );
  broadcast
    .command('unreachable <number>')
    .description('whom Sapa cannot write to, with a number to call')
    .option('--page <page>', 'which page')
    .option('--xlsx <file>', 'all of them into this file')
    .action((number: string, wish: { readonly page?: string; readonly xlsx?: string }) =>
      run(({ announcements }) => announcements.unreachable(quietly(), number, wish)),
    );
  broadcast
    .command('contacted <number> <person>')
    .description('one of them was told by hand')
    .requiredOption(...by)
    .action((number: string, person: string, wish: { readonly by: string }) =>
      run(({ announcements }) => announcements.contacted(quietly(), number, person, wish.by)),
    );
}

/** Lists of members that exist already, as workbooks. */
function addMembers(program: Command): void {
  const members = program.command('members').description('lists of members: import, undo');
  members
    .command('import <file>')
    .description('look a list (.xlsx, .csv) through; with --apply, import it')
    .option('--apply', 'write what was found')
    .option('--yes', 'do not ask back')
    .option('--area <regency>', 'the regency of a list that does not name it')
    .option('--report <file>', 'where the report goes (.xlsx)')
    .option('--column <heading=field...>', 'what a column is, where its heading does not say')
    .option('--simulator', 'people of the simulator')
    .action((file: string, wish: MembersWish) =>
      run(({ members: lists }) => lists.import(quietly(), file, wish)),
    );
  members.command('lists').action(() => run(({ members: lists }) => lists.lists(quietly())));
  members
    .command('work')
    .description('work through lists sent in the chat; a running Sapa does so by itself')
    .action(() => run(({ members: lists }) => lists.work(quietly())));
  members
    .command('undo <number>')
    .description('take a list back')
    .action((number: string) => run(({ members: lists }) => lists.undo(quietly(), number)));
}

/** Messages to many: how far they have come, and what can be done with them on their way. */
function addBroadcasts(program: Command): void {
  const broadcast = program
    .command('broadcast')
    .description('messages to many: new, approve, list, watch, pause, report');
  addAnnouncements(broadcast);
  broadcast.command('list').action(() => run(({ broadcasts }) => broadcasts.list(quietly())));
  broadcast
    .command('watch <number>')
    .description('how far it has come, until all of it is sent')
    .action((number: string) => run(({ broadcasts }) => broadcasts.watch(quietly(), number)));
  for (const move of ['pause', 'resume', 'cancel'] as const)
    broadcast
      .command(`${move} <number>`)
      .action((number: string) => run(({ broadcasts }) => broadcasts.move(quietly(), number, move)));
  broadcast
    .command('close <number>')
    .description('end it although some people were not reached; nothing may be left to be sent')
    .action((number: string) => run(({ broadcasts }) => broadcasts.move(quietly(), number, 'close')));
  broadcast
    .command('retry <number>')
    .description('once more what failed; with --unknown what perhaps did not arrive (some will get it twice)')
    .option('--unknown', 'what perhaps did not arrive, instead')
    .action((number: string, { unknown = false }: { readonly unknown?: boolean }) =>
      run(({ broadcasts }) => broadcasts.move(quietly(), number, unknown ? 'retry-unknown' : 'retry-failed')),
    );
  broadcast
    .command('report <number> <file>')
    .description('everybody, with channel, state, time and reason, as a workbook (.xlsx)')
    .action((number: string, file: string) =>
      run(({ broadcasts }) => broadcasts.report(quietly(), number, file)),
    );
}

/** Lists of people that a broadcast can name. */
function addAudience(program: Command): void {
  const audience = program.command('audience').description('lists of people, for broadcasts: daftar:NAME');
  audience.command('list').action(() => run(({ audiences }) => audiences.list(quietly())));
  const described = {
    save: 'keep a query, asked anew whenever it is used, or the people of a sheet',
    show: 'how many a list means now, and who that is',
    remove: 'the list goes, its people stay',
  };
  for (const what of ['save', 'show', 'remove'] as const) {
    const command = audience
      .command(`${what} <name>`)
      .description(described[what])
      .requiredOption('--by <name>', 'who does so')
      .option('--area <area>', 'whose list it is', '33')
      .option('--simulator', 'people of the simulator')
      .action((name: string, wish: AudienceWish) =>
        run(({ audiences }) => audiences[what](quietly(), name, wish)),
      );
    if (what === 'save')
      command
        .option('--to <query>', 'who is meant, such as "peran:ketua dan eks-karesidenan:surakarta"')
        .option('--file <file>', 'an .xlsx or .csv file with numbers, NIK or names');
  }
}

/** The commands about rakor, and about what was proposed for them. */
function addRakor(program: Command): void {
  program
    .command('problems')
    .description('what was proposed for the rakor, by eks-karesidenan and topic')
    .option('--texts', 'each problem in its own words')
    .option('--pdf <file>', 'the paper for the rakor, without names')
    .option('--xlsx <file>', 'the same as a workbook')
    .action((wish: { readonly texts?: boolean; readonly pdf?: string; readonly xlsx?: string }) =>
      run(({ problems }) => problems(quietly(), wish)),
    );
  const made = program.command('rakor').description('rapat koordinasi: call, change, cancel, and who comes');
  made
    .command('new <file>')
    .description('from a YAML file; its invitation becomes a draft')
    .option('--simulator', 'for people of the simulator')
    .action((file: string, { simulator = false }: { readonly simulator?: boolean }) =>
      run(({ rakor }) => rakor.create(quietly(), file, simulator)),
    );
  made.command('list').action(() => run(({ rakor }) => rakor.list(quietly())));
  made
    .command('show <number>')
    .description('what its letter says, and how many answered what')
    .action((number: string) => run(({ rakor }) => rakor.show(quietly(), number)));
  made
    .command('change <number> <file>')
    .description('what is different is told to those who were invited, once the draft is approved')
    .action((number: string, file: string) => run(({ rakor }) => rakor.change(quietly(), number, file)));
  made
    .command('cancel <number>')
    .requiredOption('--reason <text>', 'told to those who were invited')
    .action((number: string, { reason }: { readonly reason: string }) =>
      run(({ rakor }) => rakor.cancel(quietly(), number, reason)),
    );
  made
    .command('attendance <number>')
    .description('who is expected and who came')
    .option('--pdf <file>', 'the list to be signed')
    .option('--xlsx <file>', 'everybody as a workbook')
    .action((number: string, files: { readonly pdf?: string; readonly xlsx?: string }) =>
      run(({ attendance }) => attendance(quietly(), number, files)),
    );
}

/** Who did what with whose data, and the key that everything personal is sealed with. */
function addProtection(program: Command): void {
  program
    .command('audit')
    .description('who did what with whose data')
    .command('verify')
    .description('whether every entry is as it was sealed')
    .action(() => run(({ verifyAudit }) => verifyAudit(quietly())));
  program
    .command('keys')
    .description('the key that everything personal is sealed with')
    .command('rotate')
    .description('seal everything anew under a new key; every Sapa must be stopped')
    .option('--new-key-file <file>', 'the file with the new key; made when it is not there')
    .action(({ newKeyFile }: { readonly newKeyFile?: string }) =>
      run(({ rotateKeys }) => rotateKeys(quietly(), newKeyFile ?? null)),
    );
}

/** Everything into a file, and back into an empty place. */
function addBackup(program: Command): void {
  program
    .command('backup <file>')
    .description(
      'everything at one moment into a sealed file, beside a running Sapa; the data key is not in it',
    )
    .option('--key-out <file>', 'write the data key into a file of its own')
    .action((file: string, wish: { readonly keyOut?: string }) =>
      run(({ backup }) => backup(quietly(), file, wish)),
    );
  program
    .command('restore <file>')
    .description('a backup into an empty place, also of another PostgreSQL')
    .option('--key <file>', 'the file with the data key')
    .option('--erasures <file>', 'erasures.log of the old place: what was erased since is erased again')
    .option('--moved', 'the old place was stopped before the backup and is not used any more')
    .action((file: string, wish: RestoreWish) => run(({ restore }) => restore(quietly(), file, wish)));
}

/** What messages cost; no database is needed for that. */
function addCost(program: Command): void {
  program
    .command('cost <count>')
    .description('what so many messages cost, by the prices in DATA_DIR/prices.yaml')
    .option('--class <class>', 'utility, marketing, authentication or service', 'utility')
    .option('--channel <channel>', 'over which channel', 'whatsapp-cloud')
    .action((count: string, kind: { readonly class: string; readonly channel: string }) =>
      run(({ cost }) => cost(quietly(), { ...kind, count })),
    );
}

/** The conversations: proved, tested, drawn, published. */
function addFlows(program: Command): void {
  const flows = program.command('flows').description('check, test and draw the conversations');
  flows.command('check').action(() => run(({ check }) => check(quietly)));
  flows
    .command('test [files...]')
    .option('--update', 'write what the bot says now into the transcripts that fail')
    .action((files: readonly string[], wish: { readonly update?: boolean }) =>
      run(({ testAll }) => testAll(files, wish)),
    );
  flows
    .command('schema')
    .description('write what editors complete and check flow files by')
    .option('--check', 'only look whether it is up to date')
    .action((wish: { readonly check?: boolean }) => run(({ schema }) => schema(wish)));
  flows
    .command('graph [flow]')
    .description('draw a flow, or all of them, with how far people came')
    .option('-o, --output <file>', 'write into this file')
    .option('--mermaid', 'Mermaid text instead of SVG')
    .option('--simulator', 'count the people of the simulator')
    .option('--no-counts', 'draw without looking into the database')
    .action((flow: string | undefined, wish: GraphWish) => run(({ graph }) => graph(quietly, flow, wish)));
  flows
    .command('publish')
    .description('say who is inside older versions, and begin new conversations with these flows')
    .option('--dry-run', 'only say')
    .action((wish: { readonly dryRun?: boolean }) =>
      run(({ publishProject }) => publishProject(quietly(), wish)),
    );
}

/** Requests for a human, and messages that could not be treated, for whoever looks after the machine. */
function addHandovers(program: Command): void {
  const requests = program.command('handovers').description('who waits for a human; answer, close');
  requests.action(() => run(({ handovers }) => handovers.list(quietly())));
  requests
    .command('show <number>')
    .description('with the last messages')
    .action((number: string) => run(({ handovers }) => handovers.show(quietly(), number)));
  requests
    .command('answer <number> <text>')
    .description('write to the member')
    .action((number: string, text: string) =>
      run(({ handovers }) => handovers.answer(quietly(), number, text)),
    );
  requests
    .command('close <number>')
    .action((number: string) => run(({ handovers }) => handovers.close(quietly(), number)));
  const aside = requests.command('parked').description('messages whose turn failed three times');
  aside.action(() => run(({ handovers }) => handovers.parked(quietly())));
  aside.command('retry <id>').action((id: string) => run(({ handovers }) => handovers.retry(quietly(), id)));
  aside
    .command('discard <id>')
    .action((id: string) => run(({ handovers }) => handovers.discard(quietly(), id)));
}

/** Starts, and goes on until it is asked to end. */
async function start(roles: string | undefined): Promise<void> {
  const config = settings(roles === undefined ? {} : { ROLES: roles });
  const commands = await import('./commands.js');
  await commands.start(config);
}

/** Runs a command that ends; what it says becomes the exit code. */
async function run(work: (commands: Commands) => Promise<boolean>): Promise<void> {
  process.exitCode = (await work(await import('./commands.js'))) ? 0 : 1;
}

function settings(overrides: Readonly<Record<string, string | undefined>>): Config {
  return readConfig({ ...process.env, ...overrides });
}

/** Commands print their answer; what they do on the way is logged only when asked for. */
function quietly(): Config {
  return settings({ LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent' });
}

/** Whoever reads our output may have read enough (`sapa doctor | head`) or be gone: what is under way still ends in order. */
function endInOrderUnread(): void {
  const unread = (error: Error) => {
    if (!('code' in error && (error.code === 'EPIPE' || error.code === 'EIO'))) throw error;
  };
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unread);
}

/** Whatever keeps Sapa from starting is one line: what happened, and what to do. */
function fail(error: unknown): never {
  process.stderr.write(`${explanation(error)}\n`);
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

/** What a command could not read or write of what was named to it. */
function fileFault(error: unknown): string | null {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return null;
  if (error.code === 'EISDIR') return 'a folder was named where a file is wanted. Name a file in it.';
  if (!('path' in error) || error.syscall === 'connect') return null;
  return `${error.path}: it cannot be read or written (${error.code}). Is it there, is it a file, and may this user use it?`;
}

function databaseFault(error: unknown): string | null {
  if (isDiskFull(error))
    return 'the disk of the database is full. Make room there, and run this again; nothing is lost.';
  if (isOutage(error))
    return 'the database went away. Nothing is lost: run this again when the database is back.';
  return null;
}

function explanation(error: unknown): string {
  if (error instanceof StartError || error instanceof ConfigError || error instanceof AskedFileError)
    return `sapa: ${error.message} ${error.mend}`;
  if (error instanceof FlowDefinitionError) return error.message;
  const known = listenFault(error) ?? databaseFault(error) ?? fileFault(error);
  if (known !== null) return `sapa: ${known}`;
  return `sapa: this is a bug of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
