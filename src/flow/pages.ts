/**
 * A list kept in pages, so that changing or adding one entry copies one page and the list of pages, never everything: a
 * conversation of two hundred questions costs as much a turn as one of twelve.
 */
export type Pages<T> = readonly (readonly T[])[];

const pageBits = 4;
const pageSize = 1 << pageBits;
const within = pageSize - 1;

/** The entry at a position; undefined beyond the end. */
export function entryAt<T>(pages: Pages<T>, at: number): T | undefined {
  return pages[at >> pageBits]?.[at & within];
}

/** The last entry; undefined of an empty list. */
export function lastEntry<T>(pages: Pages<T>): T | undefined {
  return pages.at(-1)?.at(-1);
}

/** With the entry at a position replaced; positions never filled before it become `blank`. */
export function withEntry<T>(pages: Pages<T>, at: number, value: T, blank: T): Pages<T> {
  const number = at >> pageBits;
  const known = pages[number];
  if (known !== undefined && (at & within) <= known.length) return withPage(pages, number, known, at, value);
  const copy = pages.slice();
  for (let before = Math.max(0, pages.length - 1); before < number; before += 1)
    copy[before] = filled(copy[before], blank);
  const page = (copy[number] ?? []).slice();
  while (page.length < (at & within)) page.push(blank);
  page[at & within] = value;
  copy[number] = page;
  return copy;
}

/** The usual case: the page is there, and the entry stands in it or is its next. */
function withPage<T>(pages: Pages<T>, number: number, known: readonly T[], at: number, value: T): Pages<T> {
  return replaced(pages, number, placed(known, at & within, value));
}

function replaced<T>(pages: Pages<T>, number: number, page: readonly T[]): Pages<T> {
  if (pages.length === 1) return [page];
  const copy = pages.slice();
  copy[number] = page;
  return copy;
}

/**
 * A copy with one entry replaced, or added as the next. Pushed one by one, it is given room for a whole page at once; a copy
 * that grows afterwards is made twice.
 */
function placed<T>(list: readonly T[], at: number, value: T): readonly T[] {
  const copy: T[] = [];
  for (const one of list) copy.push(one);
  copy[at] = value;
  return copy;
}

/** With one more entry at the end. */
export function appended<T>(pages: Pages<T>, value: T): Pages<T> {
  const last = pages.at(-1);
  if (last === undefined || last.length === pageSize) return [...pages, [value]];
  return replaced(pages, pages.length - 1, placed(last, last.length, value));
}

/** Without the last entry. */
export function withoutLast<T>(pages: Pages<T>): Pages<T> {
  const last = pages.at(-1);
  if (last === undefined) return pages;
  const kept = pages.slice(0, -1);
  return last.length === 1 ? kept : [...kept, last.slice(0, -1)];
}

function filled<T>(page: readonly T[] | undefined, blank: T): readonly T[] {
  const full = (page ?? []).slice();
  while (full.length < pageSize) full.push(blank);
  return full;
}
