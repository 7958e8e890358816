import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { sized } from '../support/size.js';

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** Smaller than `npm run chaos`, with the same parts: each of the four is killed at least once. */
const small = [
  ...['--channel', 'simulator', '--seed', '7', '--kills', '5'],
  ...['--registrations', String(sized(20, 60)), '--broadcast', String(sized(100, 300))],
  ...['--redis', 'on', '--workers', '1'],
];
/** It takes about 20 s on an idle machine; one that is busy may take longer. */
const patienceMs = 180_000;

function runChaos(args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, ['test/chaos/run.mjs', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<Outcome>((resolve) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    child.once('close', (code) => resolve({ code, output }));
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return ended;
}

function figuresIn(output: string): Readonly<Record<string, number>> {
  const lines = output.split('\n').filter((line) => line.startsWith('{"figure"'));
  return Object.fromEntries(
    lines.map((line) => JSON.parse(line)).map(({ figure, value }) => [figure, value]),
  );
}

it(
  'loses and doubles nothing when bot, worker, PostgreSQL and Redis are killed',
  async () => {
    const { code, output } = await runChaos(small);
    const figures = figuresIn(output);
    expect(figures, output).toMatchObject({
      'chaos.kills': 5,
      'chaos.lost': 0,
      'chaos.doubled': 0,
      'chaos.wrong': 0,
      'chaos.unknown': 0,
    });
    expect(code, output).toBe(0);
  },
  patienceMs,
);
