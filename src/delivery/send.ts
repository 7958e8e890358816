import { type Accepted, type Channel, ChannelError, type Parcel } from '../channels/contract.js';

/** Sends one parcel; a channel that does not answer in time has an ambiguous outcome. */
export async function sendInTime(channel: Channel, parcel: Parcel, timeoutMs: number): Promise<Accepted> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new ChannelError(channel.name, { kind: 'ambiguous', code: 'timeout' }));
    }, timeoutMs);
  });
  try {
    return await Promise.race([channel.send(parcel, controller.signal), late]);
  } finally {
    // Cleared at once: thousands of sends a second would otherwise keep their timers for half a minute.
    clearTimeout(timer);
  }
}
