import type { Region, RegionIndex, RegionLevel, RegionMatch } from './regions.js';
import { fold, withinOneEdit } from './text.js';

type Kind = Region['kind'];

interface Entry {
  readonly region: Region;
  readonly name: string;
  readonly joined: string;
  readonly spelled: string;
  readonly folded: string;
}

/** A way to read a typed text: the words of the name, and the kind that was said before it. */
interface Reading {
  readonly words: readonly string[];
  readonly kind: Kind | null;
}

const none: RegionMatch = { kind: 'none' };
const mostOffered = 5;
const shortestFuzzy = 4;
const longestName = 60;

const prefixes: Readonly<Record<RegionLevel, Readonly<Record<string, Kind>>>> = {
  regency: {
    kab: 'Kabupaten',
    kabupaten: 'Kabupaten',
    kbupaten: 'Kabupaten',
    kota: 'Kota',
    kotamadya: 'Kota',
    kodya: 'Kota',
  },
  district: { kec: 'Kecamatan', kecamatan: 'Kecamatan' },
  village: { ds: 'Desa', desa: 'Desa', kel: 'Kelurahan', kelurahan: 'Kelurahan' },
};

/** Seats of government and everyday names, which people give for the regency itself. */
const everyday: ReadonlyMap<string, readonly [name: string, kind: Kind]> = new Map([
  ['solo', ['Surakarta', 'Kota']],
  ['sala', ['Surakarta', 'Kota']],
  ['purwokerto', ['Banyumas', 'Kabupaten']],
  ['pwt', ['Banyumas', 'Kabupaten']],
  ['mungkid', ['Magelang', 'Kabupaten']],
  ['purwodadi', ['Grobogan', 'Kabupaten']],
  ['slawi', ['Tegal', 'Kabupaten']],
  ['kajen', ['Pekalongan', 'Kabupaten']],
  ['ungaran', ['Semarang', 'Kabupaten']],
]);

/** Abbreviations that mean only one thing within a name of a region. */
const shorthand: ReadonlyMap<string, string> = new Map([
  ['smg', 'semarang'],
  ['skh', 'sukoharjo'],
  ['pkl', 'pekalongan'],
  ['pwt', 'purwokerto'],
  ['kr', 'karang'],
  ['krg', 'karang'],
  ['tgh', 'tengah'],
  ['sel', 'selatan'],
  ['utr', 'utara'],
  ['tmr', 'timur'],
  ['brt', 'barat'],
]);

const romans: ReadonlyMap<string, string> = new Map([
  ['i', '1'],
  ['ii', '2'],
  ['iii', '3'],
  ['iv', '4'],
]);

function spelling(words: readonly string[]): string {
  return words.map((word, index) => (index > 0 ? (romans.get(word) ?? word) : word)).join('');
}

/** Spellings that differ between editions and dialects count as equal: o and a, dh and d, th and t. */
function folding(spelled: string): string {
  return spelled.replaceAll('dh', 'd').replaceAll('th', 't').replaceAll('o', 'a');
}

function entryOf(region: Region): Entry {
  const name = fold(region.name);
  const spelled = spelling(name.split(' '));
  return { region, name, joined: name.replaceAll(' ', ''), spelled, folded: folding(spelled) };
}

/** The text as a whole first: a village may itself be called "Kelurahan". */
function readingsOf(level: RegionLevel, text: string): readonly Reading[] {
  const words = fold(text).split(' ');
  const [first = '', ...rest] = words;
  const whole: Reading = { words, kind: null };
  const kind = Object.hasOwn(prefixes[level], first) ? prefixes[level][first] : undefined;
  if (kind !== undefined) return rest.length === 0 ? [whole] : [whole, { words: rest, kind }];
  return [whole, ...kindBehind(level, words), ...joinedReading(level, words)];
}

/** "Semarang kota": people put the kind of a regency behind its name too. */
function kindBehind(level: RegionLevel, words: readonly string[]): readonly Reading[] {
  const last = words.at(-1) ?? '';
  const kind = Object.hasOwn(prefixes.regency, last) ? prefixes.regency[last] : undefined;
  const names = level === 'regency' && words.length > 1 && kind !== undefined;
  return names ? [{ words: words.slice(0, -1), kind }] : [];
}

/** "kabsemarang": the kind written together with the name. */
function joinedReading(level: RegionLevel, [first = '', ...rest]: readonly string[]): readonly Reading[] {
  const found = Object.entries(prefixes[level]).find(
    ([prefix]) => prefix.length > 2 && first.startsWith(prefix),
  );
  return found === undefined ? [] : [{ words: [first.slice(found[0].length), ...rest], kind: found[1] }];
}

/** The kind decides between equal names; when it fits none of them it is forgiven. */
function ofKind(entries: readonly Entry[], kind: Kind | null): readonly Entry[] {
  const fitting = entries.filter(({ region }) => region.kind === kind);
  return fitting.length > 0 ? fitting : entries;
}

function matchOf(entries: readonly Entry[], exact: boolean): RegionMatch {
  const [only] = entries;
  if (only === undefined || entries.length > mostOffered) return none;
  if (entries.length === 1) return { kind: 'one', region: only.region, exact, everyday: false };
  return { kind: 'several', regions: entries.map(({ region }) => region) };
}

function byEverydayName(entries: readonly Entry[], words: readonly string[]): readonly Entry[] {
  const meant = everyday.get(words.join(''));
  return meant === undefined
    ? []
    : entries.filter(({ region }) => region.name === meant[0] && region.kind === meant[1]);
}

function same(entries: readonly Entry[], words: readonly string[]): readonly Entry[] {
  const spelled = spelling(words);
  const joined = words.join('');
  const exact = entries.filter((entry) => entry.spelled === spelled || entry.joined === joined);
  if (exact.length > 0) return exact;
  const folded = folding(spelled);
  return entries.filter((entry) => entry.folded === folded);
}

function expanded(words: readonly string[]): readonly string[] {
  return words.map((word) => shorthand.get(word) ?? word);
}

function exactly(entries: readonly Entry[], { words, kind }: Reading): readonly Entry[] {
  const asTyped = same(entries, words);
  return ofKind(asTyped.length > 0 ? asTyped : same(entries, expanded(words)), kind);
}

function nearly(entries: readonly Entry[], { words, kind }: Reading): readonly Entry[] {
  const spelled = spelling(expanded(words));
  if (spelled.length < shortestFuzzy) return [];
  const folded = folding(spelled);
  const near = entries.filter(
    (entry) => withinOneEdit(entry.spelled, spelled) || withinOneEdit(entry.folded, folded),
  );
  if (near.length > 0) return ofKind(near, kind);
  // "Klaten" for Klaten Utara, Tengah and Selatan.
  const beginning = `${expanded(words).join(' ')} `;
  const longer = entries.filter((entry) => entry.name.startsWith(beginning));
  return ofKind(longer, kind);
}

function firstHit(
  readings: readonly Reading[],
  find: (reading: Reading) => readonly Entry[],
): readonly Entry[] {
  for (const reading of readings) {
    const found = find(reading);
    if (found.length > 0) return found;
  }
  return [];
}

function search(level: RegionLevel, entries: readonly Entry[], text: string): RegionMatch {
  const readings = readingsOf(level, text);
  const exact = firstHit(readings, (reading) => exactly(entries, reading));
  if (exact.length > 0) return matchOf(exact, true);
  const [known] = firstHit(readings, ({ words }) => byEverydayName(entries, words));
  if (known !== undefined) return { kind: 'one', region: known.region, exact: true, everyday: true };
  return matchOf(
    firstHit(readings, (reading) => nearly(entries, reading)),
    false,
  );
}

/**
 * Builds the search over the regions of province 33 (Kepmendagri 300.2.2-2138/2025: 35 regencies, 576 districts, 8,563
 * villages). A name is looked up below its parent only, for nearly half of the village names occur more than once.
 */
export function buildRegionIndex(rows: readonly Region[]): RegionIndex {
  const byCode = new Map(rows.map((region) => [region.code, region]));
  const children = new Map<string, Entry[]>();
  for (const region of rows) {
    const siblings = children.get(region.parent);
    if (siblings === undefined) children.set(region.parent, [entryOf(region)]);
    else siblings.push(entryOf(region));
  }
  return {
    find(level, parent, text) {
      const siblings = children.get(parent);
      const typed = text.length > longestName * 2 ? '' : fold(text);
      if (siblings === undefined || typed === '' || siblings[0]?.region.level !== level) return none;
      return search(level, siblings, typed);
    },
    get: (code) => byCode.get(code),
  };
}
