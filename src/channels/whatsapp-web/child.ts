import { childTells, parentAsks, parentTells, type Start } from './protocol.js';
import { Socket, versionFor } from './socket.js';
import { answering, createWire, hearing, type Wire } from './wire.js';

/*
 * The process that holds one connection to WhatsApp, and nothing else: no database, no key of ours. It lives as long as its parent
 * talks to it; whatever goes wrong in it, or grows in it, ends here.
 */

let socket: Socket | null = null;

const wire: Wire = createWire(
  [
    hearing(parentTells.start, (start) => void begin(start)),
    hearing(parentTells.stop, () => void end()),
    answering(
      parentAsks.send,
      async (outgoing) => (await socket?.send(outgoing)) ?? { kind: 'unsent', code: 'not-connected' },
    ),
    answering(parentAsks.fetch, async (wish) => {
      if (socket === null) throw new Error('there is no connection to fetch a file by');
      return socket.fetch(wish);
    }),
  ],
  (message) => {
    if (process.connected) process.send?.(message);
  },
);

async function begin(start: Start): Promise<void> {
  const beat = () => wire.tell(childTells.alive, { rss: process.memoryUsage.rss() });
  setInterval(beat, start.aliveMs);
  socket = new Socket(wire, start, await versionFor(start));
}

async function end(): Promise<void> {
  if (socket === null) wire.tell(childTells.closed, { code: null });
  await socket?.end();
}

process.on('message', (message) => wire.take(message));
process.on('disconnect', () => process.exit(0));
// The client lets promises fail that nobody waits for, when a connection ends; an error that is thrown ends the process.
process.on('unhandledRejection', () => {});
// Ctrl-C reaches the whole group: the parent ends this process when it has finished what is in hand.
process.on('SIGINT', () => {});
