import { isLoopback } from '../web/guard.js';

/** What runs, as far as the last line of a start has to tell it. */
export interface Started {
  /** Where the web listens, or null without the role. */
  readonly url: string | null;
  readonly roles: readonly string[];
  readonly simulator: 'auto' | 'on';
  /** Whether the simulator can be opened there. */
  readonly hasSimulator: boolean;
}

/** The line that tells who started Sapa where to go on. */
export function readyLine({ url, roles, simulator, hasSimulator }: Started): string {
  if (url === null) return `Sapa is ready (${roles.join(', ')}).`;
  if (!hasSimulator) return `Sapa is ready: people can write to it. Its web is at ${url}`;
  const here = openedHere(url);
  if (simulator === 'auto' && !isHere(here))
    return `Sapa is ready: its web is at ${url}. The simulator is off there, because others can reach that address; SIMULATOR=on opens it. Or talk to it with: npx sapa chat`;
  return `Sapa is ready: open ${here}/simulator, or talk to it with: npx sapa chat`;
}

/** What opening the simulator to others means; null where it is not opened. */
export function openWarning({ url, simulator }: Pick<Started, 'url' | 'simulator'>): string | null {
  if (url === null || simulator !== 'on') return null;
  return `SIMULATOR=on: whoever reaches ${url}/simulator sees every conversation of the simulator and writes as its people, without a password. Leave SIMULATOR out when the trial is over.`;
}

/** The address a browser on this computer opens: one that stands for every address is none to go to. */
function openedHere(url: string): string {
  return url.replace(/^http:\/\/(0\.0\.0\.0|\[::\])(?=:|$)/, 'http://127.0.0.1');
}

function isHere(url: string): boolean {
  return isLoopback(new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'));
}
