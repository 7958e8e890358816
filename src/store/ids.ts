import { randomFillSync } from 'node:crypto';

/**
 * What follows the time in an id: "7xxx-yxxx-xxxxxxxxxxxx", version, variant `y` and randomness. It is written two characters
 * at a time, from one random byte each: digit by digit it costs three times as much.
 */
const pairs = 11;
const tailLength = pairs * 2;
const random = new Uint8Array(pairs * 256);
const written = new Uint16Array(random.length);
const pool = Buffer.from(written.buffer);
const digits = charactersOf((hex) => hex);
const version = charactersOf(([digit]) => `7${digit}`);
const variant = charactersOf((_hex, byte) => `-${'89ab'.charAt(byte & 3)}`);
const dash = charactersOf(([digit]) => `${digit}-`);
let tails = '';
let used = 0;
let prefixTime = -1;
let prefix = '';

/** A new UUID of version 7 (RFC 9562): 48 bits of milliseconds, then randomness, so that newer rows stand together in an index. */
export function newId(now: number = Date.now()): string {
  if (now !== prefixTime) {
    const time = now.toString(16).padStart(12, '0');
    prefix = `${time.slice(0, 8)}-${time.slice(8)}-`;
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
  randomFillSync(random);
  for (let at = 0; at < written.length; at += 1) put(digits, at);
  for (let start = 0; start < written.length; start += pairs) {
    put(version, start);
    put(variant, start + 2);
    put(dash, start + 4);
  }
  return pool.toString('latin1');
}

function put(characters: Uint16Array, at: number): void {
  written[at] = characters[random[at] ?? 0] ?? 0;
}

/** For every byte the two characters that stand for it, as one number in the order of this machine. */
function charactersOf(pair: (hex: string, byte: number) => string): Uint16Array {
  const all = Array.from({ length: 256 }, (_, byte) => pair(byte.toString(16).padStart(2, '0'), byte));
  return new Uint16Array(Uint8Array.from(Buffer.from(all.join(''))).buffer);
}
