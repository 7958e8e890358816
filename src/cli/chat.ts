import { randomUUID } from 'node:crypto';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type BotBubble,
  type Bubble,
  fileWords,
  personValue,
  type SimulatorPhones,
  wordsOf,
} from '../channels/simulator/port.js';
import { boldRuns } from '../flow/markup.js';

/** How often to ask whether the bot's turn has ended, in milliseconds; only while a line waits for its answer. */
const askEveryMs = 40;
/** An answer that takes so long, in milliseconds, is told to be waited for: a script would only see silence. */
const slowAfterMs = 10_000;
/** What a terminal shows of the conversation so far. */
const rememberedBubbles = 6;
/** How often to try again, and how long to wait before that, when the database does not answer. */
const patience = 10;
const pauseMs = 1_000;

/** A conversation in the terminal; `as` is a phone number or a handle. */
interface ChatOptions {
  readonly port: SimulatorPhones;
  readonly as: string;
  readonly input: Readable;
  readonly output: Writable;
  readonly isTty: boolean;
  /** Told beside the conversation. */
  readonly complain: (line: string) => void;
  readonly slowMs?: number;
}

/**
 * Talks to the bot as a simulator person until the input ends. In a terminal, answers show as they come; piped, each
 * line is sent after the answer to the line before, so that a script can hold a conversation.
 */
export async function runChat(options: ChatOptions): Promise<void> {
  const value = personValue(options.as);
  if (value === null) {
    throw new Error(`"${options.as}" is not a phone number or a handle; write it like 081234567890 or budi.`);
  }
  const { id: personId } = await options.port.addPerson(value);
  await (options.isTty ? talk(options, personId) : recite(options, personId));
}

async function recite(options: ChatOptions, personId: string): Promise<void> {
  await turnEnded(options, personId);
  const screen = await screenFromNow(options, personId, 0);
  for await (const line of createInterface({ input: options.input })) {
    if (line.trim() === '') continue;
    await say(options, personId, randomUUID(), line);
    await turnEnded(options, personId);
    await screen.showNew(write(options));
  }
  await turnEnded(options, personId);
  await screen.showNew(write(options));
}

function write(options: ChatOptions) {
  return (bubble: Bubble): void => {
    options.output.write(`${shownIn(bubble, false)}\n\n`);
  };
}

async function turnEnded(options: ChatOptions, personId: string): Promise<void> {
  const { port, complain, slowMs = slowAfterMs } = options;
  const slow = setTimeout(() => complain(slowAnswer), slowMs);
  try {
    while (!(await patiently(() => port.settled(personId)))) await pause(askEveryMs);
  } finally {
    clearTimeout(slow);
  }
}

const slowAnswer =
  'The bot has not answered yet; it is waited for, and what was typed is not lost. What is wrong: npx sapa doctor';

async function talk(options: ChatOptions, personId: string): Promise<void> {
  const { input, output } = options;
  const prompt = createInterface({ input, output, prompt: '> ', terminal: true });
  const leaving = new AbortController();
  prompt.on('SIGINT', () => prompt.close()).once('close', () => leaving.abort());
  const typed = new Set<string>();
  const showing = showAsTheyCome(options, personId, { prompt, typed, signal: leaving.signal });
  for await (const line of prompt) await sayTyped(options, personId, typed, line);
  await showing;
  output.write('\n');
}

async function sayTyped(
  options: ChatOptions,
  personId: string,
  typed: Set<string>,
  line: string,
): Promise<void> {
  if (line.trim() === '') return;
  const messageId = randomUUID();
  typed.add(messageId);
  await say(options, personId, messageId, line);
}

async function say({ port }: ChatOptions, personId: string, messageId: string, text: string): Promise<void> {
  await patiently(() => port.say(personId, messageId, { text }));
}

/** The database may be starting again: what failed is tried again for a while. */
async function patiently<T>(task: () => Promise<T>): Promise<T> {
  for (let left = patience; left > 0; left -= 1) {
    try {
      return await task();
    } catch {
      await pause(pauseMs);
    }
  }
  return task();
}

interface Terminal {
  readonly prompt: Interface;
  /** Messages that stand on the terminal already, because they were typed there. */
  readonly typed: Set<string>;
  readonly signal: AbortSignal;
}

async function showAsTheyCome(options: ChatOptions, personId: string, terminal: Terminal): Promise<void> {
  const screen = await screenFromNow(options, personId, rememberedBubbles);
  terminal.prompt.prompt();
  for await (const _ of options.port.changes(terminal.signal)) {
    await screen.showNew((bubble) => showAbovePrompt(options.output, bubble, terminal));
  }
}

function showAbovePrompt(output: Writable, bubble: Bubble, { prompt, typed }: Terminal): void {
  if (typed.delete(bubble.messageId)) return;
  output.write(`\r\x1b[J${shownIn(bubble, true)}\n\n`);
  prompt.prompt(true);
}

/** Follows a screen from its last `remembered` bubbles on. */
async function screenFromNow({ port }: ChatOptions, personId: string, remembered: number) {
  const recent = await port.tail(personId, remembered + 1);
  let last = recent.length > remembered ? (recent[0]?.id ?? 0) : 0;
  const showNew = async (show: (bubble: Bubble) => void): Promise<void> => {
    for (const bubble of await patiently(() => port.screen(personId, last))) {
      show(bubble);
      last = bubble.id;
    }
  };
  return { showNew };
}

function shownIn(bubble: Bubble, styled: boolean): string {
  if (bubble.fromBot) return styled ? withBold(botWords(bubble.body)) : botWords(bubble.body);
  return `> ${clean(wordsOf(bubble))}`;
}

/** What the bot sent; a terminal shows no pictures. */
function botWords({ text, file }: BotBubble['body']): string {
  const parts = [file === undefined ? '' : fileWords(file), text];
  return clean(parts.filter((part) => part !== '').join('\n'));
}

function withBold(text: string): string {
  return boldRuns(text)
    .map((run) => (run.bold ? `\x1b[1m${run.text}\x1b[22m` : run.text))
    .join('');
}

/** Control characters could move the cursor or worse; a text has no need of them. */
function clean(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}
