/** Random numbers that a seed repeats (mulberry32). */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, upTo: (most) => next() * most, shuffled: (items) => shuffle(items, next) };
}

function shuffle(items, next) {
  const rest = [...items];
  return items.map(() => rest.splice(Math.floor(next() * rest.length), 1)[0]);
}
