import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4096);
/** Hexadecimal digits of randomness one id takes: 74 bits, rounded up. */
const digits = 20;
let random = '';
let used = 0;
let prefixTime = -1;
let prefix = '';

/** A new UUID of version 7 (RFC 9562): 48 bits of milliseconds, then randomness, so that newer rows stand together in an index. */
export function newId(now: number = Date.now()): string {
  if (now !== prefixTime) {
    const time = now.toString(16).padStart(12, '0');
    prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
    prefixTime = now;
  }
  const part = draw();
  const variant = '89ab'[part.charCodeAt(3) & 3] ?? '8';
  return `${prefix}${part.slice(0, 3)}-${variant}${part.slice(4, 7)}-${part.slice(7, 19)}`;
}

function draw(): string {
  if (used + digits > random.length) {
    random = randomFillSync(pool).toString('hex');
    used = 0;
  }
  used += digits;
  return random.slice(used - digits, used);
}
