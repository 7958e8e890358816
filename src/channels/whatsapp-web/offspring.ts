import { fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { createWire, type Handler, type Wire } from './wire.js';

/** A process of our own that talks over a wire. */
export interface Offspring {
  readonly pid: number | undefined;
  readonly wire: Wire;
  /** Resolves when the process is gone, however it went. */
  readonly gone: Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/** How a process is started. */
export interface OffspringOptions {
  /** A compiled file. */
  readonly program: string;
  /** How much its heap may hold, in megabytes. */
  readonly heapMb: number;
  readonly handlers: readonly Handler[];
  /** Hears that it said something no side of ours says; it should be ended. */
  readonly onNonsense: (error: unknown) => void;
}

/** What a process needs of our surroundings to reach the internet; our settings and keys are none of its business. */
const neededVariables = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'SystemRoot',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/**
 * Starts a process. What it and its libraries print is thrown away: it may hold keys and what people wrote. Buffers go over the
 * wire as they are.
 */
export function startOffspring({ program, heapMb, handlers, onNonsense }: OffspringOptions): Offspring {
  const child = fork(program, [], {
    env: Object.fromEntries(neededVariables.map((name) => [name, process.env[name]])),
    execArgv: [`--max-old-space-size=${heapMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const wire = createWire(handlers, (message) => {
    // A process that is going away loses what it is told; that it is gone is told by `gone`.
    if (child.connected) child.send(message, () => {});
  });
  child.on('message', (message) => {
    try {
      wire.take(message);
    } catch (error) {
      onNonsense(error);
    }
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  }).then(() => wire.cut());
  return { pid: child.pid, wire, gone, kill: () => void child.kill('SIGKILL') };
}

/** Gives a process time to end by itself, then ends it; resolves when it is gone. */
export async function endInTime({ gone, kill }: Offspring, patienceMs: number): Promise<void> {
  const end = new AbortController();
  const late = wait(patienceMs, undefined, { signal: end.signal }).then(kill, () => {});
  await gone;
  end.abort();
  await late;
}
