import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appended,
  entriesOf,
  entryAt,
  lastEntry,
  noEntries,
  type Pages,
  withEntry,
  withoutLast,
} from '../../src/flow/pages.js';
import { idleSession, sessionFrom } from '../../src/flow/session.js';

type Change = (pages: Pages<number | null>, list: (number | null)[]) => Pages<number | null>;

const add = fc.nat().map(
  (value): Change =>
    (pages, list) => {
      list.push(value);
      return appended(pages, value);
    },
);

const put = fc.tuple(fc.nat(60), fc.nat()).map(
  ([at, value]): Change =>
    (pages, list) => {
      while (list.length < at) list.push(null);
      list[at] = value;
      return withEntry(pages, at, value, null);
    },
);

const drop = fc.constant<Change>((pages, list) => {
  list.pop();
  return withoutLast(pages);
});

/** The pages and the plain list after the same changes; every state on the way must stay as it was. */
function after(changes: readonly Change[]): [Pages<number | null>, readonly (number | null)[]] {
  const list: (number | null)[] = [];
  let pages: Pages<number | null> = noEntries;
  for (const change of changes) {
    const before = JSON.stringify(pages);
    const next = change(pages, list);
    expect(JSON.stringify(pages)).toBe(before);
    pages = next;
  }
  return [pages, list];
}

/** The pages alone, as sessions kept them before. */
function inPagesAlone<T>(list: readonly T[]): T[][] {
  const pages: T[][] = [];
  for (let at = 0; at < list.length; at += 16) pages.push(list.slice(at, at + 16));
  return pages;
}

const changed = fc.array(fc.oneof({ weight: 6, arbitrary: add }, put, drop), { maxLength: 80 }).map(after);

describe('a list in pages', () => {
  it('holds what a plain list holds after the same changes', () => {
    fc.assert(
      fc.property(changed, ([pages, list]) => {
        expect(entriesOf(pages)).toEqual(list);
        expect(lastEntry(pages)).toBe(list.at(-1));
        for (let at = 0; at <= list.length; at += 1) expect(entryAt(pages, at)).toBe(list[at]);
      }),
    );
  });

  it('is read from a session that was kept as pages alone', () => {
    fc.assert(
      fc.property(changed, ([pages, list]) => {
        const frame = { flow: 'a', step: 'b', called: false, said: null, detour: null, wait: null };
        const kept = {
          ...idleSession,
          frames: [{ ...frame, values: inPagesAlone(list), trail: inPagesAlone(list.map(String)) }],
        };
        const read = sessionFrom(kept);
        expect(read.frames).toEqual([{ ...frame, values: pages, trail: trailOf(list) }]);
        expect(sessionFrom(read)).toEqual(read);
      }),
    );
  });
});

function trailOf(list: readonly (number | null)[]): Pages<string> {
  return list.map(String).reduce<Pages<string>>((pages, entry) => appended(pages, entry), noEntries);
}
