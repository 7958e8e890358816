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
  if (rule.simulator === 'on') return null;
  if (rule.liveChannels) return refused(404, 'Simulator dimatikan karena saluran sungguhan sudah terpasang.');
  return refuseFar(visit, simulatorOnlyHere);
}

/** Refuses whoever does not sit at this computer, with a sentence that says so; null for who does. */
export function refuseFar({ peer, headers }: Visit, onlyHere: string): Refusal | null {
  if (!isLoopback(peer ?? '')) return refused(403, onlyHere);
  if (!isLoopback(hostName(headers.get('host') ?? ''))) return refused(403, onlyHere);
  if ([...headers.keys()].some((name) => forwarding.test(name))) return refused(403, onlyHere);
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
const otherSite = 'Permintaan ini datang dari situs lain, jadi tidak dijalankan.';

function refused(status: Refusal['status'], reason: string): Refusal {
  return { status, reason };
}

/** Whether an IP address or a host name without port always means this computer. */
function isLoopback(name: string): boolean {
  const plain = name.toLowerCase().replace(/^::ffff:/, '');
  return plain === 'localhost' || plain === '::1' || /^127(\.\d{1,3}){3}$/.test(plain);
}

function hostName(host: string): string {
  const inBrackets = /^\[([^\]]*)\](:\d+)?$/.exec(host);
  return inBrackets?.[1] ?? host.replace(/:\d+$/, '');
}

function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
