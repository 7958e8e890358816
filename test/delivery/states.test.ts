import { describe, expect, it } from 'vitest';
import { blocking, hasEnded, mayMove, type State, sourcesOf, states } from '../../src/delivery/states.js';
import { DeliveryState } from '../../src/store/prisma/enums.js';

// Rows: from. Columns: to, in the order of the first line. x: allowed.
const table = `
            planned due leased written accepted delivered read unknown skipped failed cancelled expired
planned     .       x   .      .       .        .         .    .       .       .      x         x
due         x       .   x      x       .        .         .    .       x       .      x         x
leased      .       x   .      x       .        .         .    .       .       x      x         .
written     .       x   .      .       x        .         .    x       .       x      .         .
accepted    .       .   .      .       .        x         x    .       .       x      .         .
delivered   .       .   .      .       .        .         x    .       .       .      .         .
read        .       .   .      .       .        .         .    .       .       .      .         .
unknown     .       .   .      .       x        x         x    .       .       x      .         .
skipped     .       .   .      .       .        .         .    .       .       .      .         .
failed      .       .   .      .       .        .         .    .       .       .      .         .
cancelled   .       .   .      .       .        .         .    .       .       .      .         .
expired     .       .   .      .       .        .         .    .       .       .      .         .
`;

const [head = [], ...lines] = table
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const expected = new Map(
  lines.flatMap(([from, ...marks]) => marks.map((mark, at) => [`${from} ${head[at]}`, mark === 'x'])),
);

describe('states', () => {
  const pairs = states.flatMap((from) => states.map((to): [State, State] => [from, to]));

  it('is shown whole in the table', () => expect(expected.size).toBe(pairs.length));

  it('are the ones the database knows', () =>
    expect(Object.keys(DeliveryState).toSorted()).toEqual(states.toSorted()));

  it.each(pairs)('%s to %s', (from, to) => {
    expect(mayMove(from, to)).toBe(expected.get(`${from} ${to}`));
    expect(sourcesOf(to).includes(from)).toBe(mayMove(from, to));
  });

  it('ends a row exactly when it no longer blocks and is not planned', () => {
    const open = new Set<State>(['planned', ...blocking]);
    expect(states.filter((state) => !hasEnded(state))).toEqual(states.filter((state) => open.has(state)));
  });
});
