import type { Examination, Health } from './contract.js';

/** So far may two clocks be apart, in milliseconds: messages are told apart by when they were written. */
const mostApartMs = 60_000;
const patienceMs = 5_000;

/** Compares the clock of this computer with a provider's, by the date that every answer over HTTP carries; `server` holds no secret. */
export async function examineClock(server: string, provider: string, now: () => Date): Promise<Examination> {
  const apart = await apartFrom(server, now);
  if (apart === null)
    return { part: 'clock', value: `not compared: ${provider} does not answer`, health: { ok: true } };
  return { part: 'clock', value: `compared with that of ${provider}`, health: healthOf(apart, provider) };
}

function healthOf(apartMs: number, provider: string): Health {
  const seconds = Math.round(Math.abs(apartMs) / 1000);
  if (Math.abs(apartMs) <= mostApartMs) return { ok: true, note: `${seconds} s apart` };
  const way = apartMs > 0 ? 'ahead of' : 'behind';
  return {
    ok: false,
    what: `The clock of this computer is ${seconds} s ${way} that of ${provider}.`,
    mend: 'Have it set from the internet (NTP), on Linux by: timedatectl set-ntp true; then start Sapa again.',
  };
}

/** How far the clock here is ahead, in milliseconds; null when nobody answers, or without a date. */
async function apartFrom(server: string, now: () => Date): Promise<number | null> {
  const asked = now().getTime();
  const signal = AbortSignal.timeout(patienceMs);
  const answer = await fetch(server, { method: 'HEAD', redirect: 'manual', signal }).catch(() => null);
  const there = Date.parse(answer?.headers.get('date') ?? '');
  return Number.isNaN(there) ? null : (asked + now().getTime()) / 2 - there;
}
