import { randomUUID } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Receiver } from '../../src/channels/contract.js';
import { createSimulator } from '../../src/channels/simulator/channel.js';
import { runChat } from '../../src/cli/chat.js';
import { hearing } from '../channels/contract.js';
import { memorySimulator } from '../channels/simulator/memory.js';

/** A bot that answers every text twice. */
async function echoBot() {
  const port = memorySimulator();
  const channel = createSimulator(port, { account: 'simulator' });
  const answer: Receiver = async ({ address, content }) => {
    const said = content.kind === 'text' ? content.text : content.kind;
    for (const text of [`Anda menulis *${said}*.`, 'Apa lagi?\x1b[2J\n\n1. Ya\n2. Tidak']) {
      const parcel = { id: randomUUID(), address, message: { text, buttons: [] } };
      await channel.send(parcel, new AbortController().signal);
    }
  };
  await channel.open(hearing(answer));
  onTestFinished(() => channel.close());
  return port;
}

/** Nothing is to be told beside a conversation that goes well. */
const complain = (line: string): void => expect.fail(line);

function written(output: PassThrough): () => string {
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

it('holds a piped conversation, each line after the answer to the line before', async () => {
  const port = await echoBot();
  const output = new PassThrough();
  const text = written(output);
  const input = Readable.from(['menu\n', '\n', 'cek sk']);
  await runChat({ port, as: '0812 3456 7890', input, output, isTty: false, complain });
  expect(text()).toBe(
    [
      '> menu',
      'Anda menulis *menu*.',
      'Apa lagi?[2J\n\n1. Ya\n2. Tidak',
      '> cek sk',
      'Anda menulis *cek sk*.',
      'Apa lagi?[2J\n\n1. Ya\n2. Tidak',
      '',
    ].join('\n\n'),
  );
  expect((await port.people()).map((person) => person.value)).toEqual(['+6281234567890']);
});

it('shows answers as they come in a terminal and leaves at its end', async () => {
  const port = await echoBot();
  const [input, output] = [new PassThrough(), new PassThrough()];
  const text = written(output);
  const chat = runChat({ port, as: 'budi', input, output, isTty: true, complain });
  input.write('menu\r');
  await vi.waitFor(() => expect(text()).toContain('\x1b[1mmenu\x1b[22m'), 4_000);
  expect(text().match(/> menu\n/g)).toBeNull();
  input.write('\x03');
  await chat;
});

it('refuses what is no person', async () => {
  const port = memorySimulator();
  const streams = { input: Readable.from([]), output: new PassThrough() };
  await expect(runChat({ port, as: '12', ...streams, isTty: false, complain })).rejects.toThrow(
    'phone number',
  );
});

it('tells a script that an answer is waited for', async () => {
  const port = memorySimulator();
  const told: string[] = [];
  const settled = async () => told.length > 0;
  const streams = { input: Readable.from(['menu\n']), output: new PassThrough() };
  const complain = (line: string) => void told.push(line);
  await runChat({ port: { ...port, settled }, as: 'budi', ...streams, isTty: false, complain, slowMs: 1 });
  expect(told).toEqual([expect.stringContaining('npx sapa doctor')]);
});
