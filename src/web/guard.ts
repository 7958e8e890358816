import { isIP, isIPv4 } from 'node:net';

/** Who may open the simulator: `auto` is this computer only and only while no live channel is set up; `on` is everyone. */
export interface SimulatorRule {
  readonly simulator: 'auto' | 'on';
  readonly liveChannels: boolean;
}

/** What the guard looks at: the other end of the connection and the request's headers. */
interface Visit {
  readonly peer: string | undefined;
  readonly headers: Headers;
}

/** Why a request is refused; the sentence is shown to the person. */
export interface Refusal {
  readonly status: 403 | 404;
  readonly reason: string;
}

const forwarding =
  /^(x-forwarded|cf-|forwarded$|via$|x-real-ip$|x-client-ip$|x-cluster-client-ip$|true-client-ip$|fastly-client-ip$|fly-client-ip$|x-original-|x-envoy-|x-appengine-|x-azure-)/;

/** Decides whether a request may see the simulator; null when it may. */
export function refuseVisit(visit: Visit, rule: SimulatorRule): Refusal | null {
  if (rule.simulator === 'on') return refuseBorrowedName(visit.headers);
  if (rule.liveChannels) return refused(404, 'Simulator dimatikan karena saluran sungguhan sudah terpasang.');
  return refuseFar(visit, simulatorOnlyHere);
}

/** Why this visitor may not start the bot again; null when it may. Real people must not notice who tries the simulator. */
export function refuseRestart(visit: Visit, { liveChannels }: SimulatorRule): Refusal | null {
  if (liveChannels) return refused(403, restartNotLive);
  return refuseFar(visit, restartOnlyHere);
}

/**
 * Refuses a name that anybody on the internet can point at this computer, so that a page of theirs in a browser nearby would
 * count as ours (DNS rebinding). A server in between is set up by who owns the name, and tells so in a header.
 */
function refuseBorrowedName(headers: Headers): Refusal | null {
  const name = hostName(headers.get('host') ?? '').toLowerCase();
  if (isIP(name) > 0 || isNearName(name) || isForwarded(headers)) return null;
  return refused(403, borrowedName);
}

/** Whether a host name is one that nobody can buy. */
function isNearName(name: string): boolean {
  return /^[a-z0-9-]+(\.(local|localhost|lan|internal|home\.arpa))?$/.test(name);
}

/** Refuses whoever does not sit at this computer, with a sentence that says so; null for who does. */
export function refuseFar({ peer, headers }: Visit, onlyHere: string): Refusal | null {
  if (!isLoopback(peer ?? '')) return refused(403, onlyHere);
  if (!isLoopback(hostName(headers.get('host') ?? ''))) return refused(403, onlyHere);
  if (isForwarded(headers)) return refused(403, onlyHere);
  return null;
}

/** Refuses a POST that a page of another site makes the browser send; null when it may pass. */
export function refuseCrossSite(headers: Headers): Refusal | null {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return refused(403, otherSite);
  const origin = headers.get('origin');
  if (origin !== null && originHost(origin) !== headers.get('host')) return refused(403, otherSite);
  return null;
}

const simulatorOnlyHere =
  'Simulator hanya dapat dibuka dari komputer tempat Sapa berjalan, lewat alamat localhost. Pengelola dapat membukanya untuk umum dengan SIMULATOR=on.';
const restartOnlyHere = 'Bot hanya dapat dimulai ulang dari komputer tempat Sapa berjalan.';
const restartNotLive =
  'Bot tidak dimulai ulang dari sini karena saluran sungguhan sudah terpasang. Pengelola dapat memulai ulang Sapa di komputernya.';
const borrowedName =
  'Simulator tidak dapat dibuka dengan nama ini. Bukalah dengan alamat IP komputernya, atau lewat server perantara yang mengirim X-Forwarded-For.';
const otherSite = 'Permintaan ini datang dari situs lain, jadi tidak dijalankan.';

function refused(status: Refusal['status'], reason: string): Refusal {
  return { status, reason };
}

/** Whether an IP address or a host name without port always means this computer. */
export function isLoopback(name: string): boolean {
  const plain = name.toLowerCase().replace(/^::ffff:/, '');
  return plain === 'localhost' || plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

function isForwarded(headers: Headers): boolean {
  return [...headers.keys()].some((name) => forwarding.test(name));
}

function hostName(host: string): string {
  const inBrackets = /^\[([^\]]*)\](:\d+)?$/.exec(host);
  return inBrackets?.[1] ?? host.replace(/:\d+$/, '');
}

function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
