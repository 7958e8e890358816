import { performance } from 'node:perf_hooks';

/**
 * Takes turns between cells, so that a slow moment of the machine hits all of them alike. A round is `laps` laps over the
 * cells marked `often`, then one over the others; each lap begins with another cell, and the first `warmup` rounds are
 * thrown away. A cell gives one rate for each of its keys. Gives all rates by key.
 */
export async function interleave(cells, { rounds, warmup, laps = 1 }) {
  const rates = new Map(cells.flatMap((cell) => cell.keys.map((key) => [key, []])));
  const often = cells.filter((cell) => cell.often);
  const others = cells.filter((cell) => !cell.often);
  for (let round = -warmup; round < rounds; round += 1) {
    for (let lap = 0; lap < laps; lap += 1) await goRound(often, lap, round, rates);
    await goRound(others, round + warmup, round, rates);
  }
  return rates;
}

async function goRound(cells, first, round, rates) {
  for (let at = 0; at < cells.length; at += 1) {
    const cell = cells[(at + first) % cells.length];
    const found = await cell.run();
    if (round >= 0) for (const [place, key] of cell.keys.entries()) rates.get(key).push(found[place]);
  }
}

/** The middle value; the mean of the two middle ones when there are two. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The ratios within each lap: the same moment of the same machine on both sides. */
export function ratios(ours, theirs) {
  return ours.map((rate, lap) => rate / theirs[lap]);
}

/** The median of the ratios within each lap. */
export function ratio(ours, theirs) {
  return median(ratios(ours, theirs));
}

function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * part)];
}

/** How much a cell moved: half the distance between its 10th and 90th percentile, as a part of the median. */
export function spread(values) {
  return (percentile(values, 0.9) - percentile(values, 0.1)) / 2 / median(values);
}

/** A fixed piece of arithmetic; how much its rate moves is the noise of the machine. */
export function yardstick(ms) {
  const start = performance.now();
  let value = 1;
  let laps = 0;
  while (performance.now() - start < ms) {
    for (let i = 0; i < 100_000; i += 1) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
    laps += 1;
  }
  return ((laps + (value === 0 ? 1 : 0)) * 1000) / (performance.now() - start);
}
