import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { pino } from 'pino';

/** Everything a log could show of a value, hidden parts too. */
export function everythingOf(value: unknown): string {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  pino(stream).error({ err: value }, String(value));
  const seen = inspect(value, { depth: 20, showHidden: true });
  return [...lines, seen, JSON.stringify(value)].join('\n');
}
