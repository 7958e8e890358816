/**
 * A list kept in pages, so that adding or changing one of the newest entries copies one page and nothing else: a conversation
 * of two hundred questions costs as much a turn as one of twelve. Every page of `full` has `pageSize` entries.
 */
export interface Pages<T> {
  readonly full: readonly (readonly T[])[];
  readonly last: readonly T[];
}

const pageBits = 4;
const pageSize = 1 << pageBits;
const within = pageSize - 1;

/** An empty list. */
export const noEntries: Pages<never> = { full: [], last: [] };

/** The entry at a position; undefined beyond the end. */
export function entryAt<T>({ full, last }: Pages<T>, at: number): T | undefined {
  const number = at >> pageBits;
  const page = number === full.length ? last : full[number];
  return page === undefined ? undefined : page[at & within];
}

/** The last entry; undefined of an empty list. */
export function lastEntry<T>({ last }: Pages<T>): T | undefined {
  return last[last.length - 1];
}

/** All entries in order. */
export function entriesOf<T>({ full, last }: Pages<T>): readonly T[] {
  return [...full.flatMap((page) => page), ...last];
}

/** With the entry at a position replaced; positions never filled before it become `blank`. */
export function withEntry<T>(pages: Pages<T>, at: number, value: T, blank: T): Pages<T> {
  const { full, last } = pages;
  const number = at >> pageBits;
  if (number === full.length && (at & within) <= last.length)
    return { full, last: placed(last, at & within, value) };
  const page = full[number];
  if (page !== undefined) return { full: full.with(number, page.with(at & within, value)), last };
  let filled = pages;
  while (lengthOf(filled) < at) filled = appended(filled, blank);
  return appended(filled, value);
}

/** With one more entry at the end. */
export function appended<T>({ full, last }: Pages<T>, value: T): Pages<T> {
  if (last.length === pageSize) return { full: placed(full, full.length, last), last: [value] };
  return { full, last: placed(last, last.length, value) };
}

/** Without the last entry. */
export function withoutLast<T>({ full, last }: Pages<T>): Pages<T> {
  if (last.length > 1) return { full, last: last.slice(0, -1) };
  return { full: full.slice(0, -1), last: full[full.length - 1] ?? [] };
}

/** A copy with one entry replaced, or added as the next: made once, with just the room it needs. */
function placed<T>(list: readonly T[], at: number, value: T): readonly T[] {
  return list.toSpliced(at, 1, value);
}

function lengthOf<T>({ full, last }: Pages<T>): number {
  return full.length * pageSize + last.length;
}

/** A list as it was kept before: as the pages alone, the last of them not always full. */
export type PagesAlone<T> = readonly (readonly T[])[];

/** Reads a list in either shape. */
export function pagesFrom<T>(kept: Pages<T> | PagesAlone<T>): Pages<T> {
  if ('full' in kept) return kept;
  return { full: kept.slice(0, -1), last: kept[kept.length - 1] ?? [] };
}
