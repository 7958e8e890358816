import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { startApp } from '../app.js';
import { type Base, recordsOf } from '../base.js';
import { personValue } from '../channels/simulator/port.js';
import { refuseUnwritable, writeAsked } from '../cli/asked-file.js';
import { runChat } from '../cli/chat.js';
import { bare, failureText } from '../cli/failure.js';
import { type Config, ConfigError } from '../config.js';
import { takesRecordings } from '../flow/transcript-write.js';
import { simulatorAccount } from '../live.js';
import { openConversations } from '../programs.js';
import { keepConversation, type Wish } from '../record.js';
import { complain, withBase } from './common.js';

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
    await runChat({ port: app.phones, as, input, output, isTty: input.isTTY, complain });
    const kept = file === undefined || (await record(base, file, { address, since, name }));
    await app.stop();
    return kept;
  });
}

function refuseOtherFiles(file: string): void {
  complain('Everything typed is kept in the test as it is: use made-up names, numbers and NIK only.');
  const isNew = !existsSync(file);
  const isList = file.endsWith('.test.yaml') && (isNew || takesRecordings(readFileSync(file, 'utf8')));
  if (isList) refuseUnwritable(file);
  else
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
  writeAsked(file, kept.text);
  complain(`${file}: kept as "${kept.name}".`);
  for (const failure of kept.failures) complain(failureText(file, kept.name, failure, bare));
  return kept.failures.length === 0;
}
