import { randomFillSync } from 'node:crypto';

/** What follows the time and the version of an id: "xxx-yxxx-xxxxxxxxxxxx", of which y is the variant. */
const tailLength = 21;
const pool = Buffer.alloc(tailLength * 200);
const hexadecimal = Buffer.from('0123456789abcdef');
const variants = Buffer.from('89ab');
const dash = 0x2d;
let tails = '';
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
  return prefix + draw();
}

/** Cut out of one long text: pieced together from single parts, an id costs a turn more than all else it writes. */
function draw(): string {
  if (used === tails.length) {
    tails = newTails();
    used = 0;
  }
  used += tailLength;
  return tails.slice(used - tailLength, used);
}

function newTails(): string {
  randomFillSync(pool);
  for (let start = 0; start < pool.length; start += tailLength) writeTail(start);
  return pool.toString('latin1');
}

function writeTail(start: number): void {
  const variant = variants[(pool[start + 4] ?? 0) & 3] ?? dash;
  for (let at = start; at < start + tailLength; at += 1) pool[at] = hexadecimal[(pool[at] ?? 0) & 15] ?? dash;
  pool[start + 3] = dash;
  pool[start + 4] = variant;
  pool[start + 8] = dash;
}
