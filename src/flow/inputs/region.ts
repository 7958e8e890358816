import { z } from 'zod';
import { isRecord, type Json } from '../json.js';
import { levels, type Region, type RegionIndex, type RegionLevel, type RegionMatch } from '../regions.js';
import { fold, normalise } from '../text.js';
import { textType, type ValueType } from '../types.js';
import { again, reading } from './define.js';
import type { Candidate, InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({
  level: z.enum(levels).default('village').describe('How far down it asks: regency, district or village.'),
});
type Options = z.infer<typeof options>;

const province = '33';
const mostParts = 6;
const mostWords = 7;
/** Seven words are never longer. */
const longestCut = 200;
const longestLabel = 24;

const levelNames: Readonly<Record<RegionLevel, string>> = {
  regency: 'kabupaten atau kota',
  district: 'kecamatan',
  village: 'desa atau kelurahan',
};

const levelByPrefix: ReadonlyMap<string, RegionLevel> = new Map([
  ['kab', 'regency'],
  ['kabupaten', 'regency'],
  ['kota', 'regency'],
  ['kotamadya', 'regency'],
  ['kec', 'district'],
  ['kecamatan', 'district'],
  ['ds', 'village'],
  ['desa', 'village'],
  ['kel', 'village'],
  ['kelurahan', 'village'],
]);
const atPrefix =
  /(?<=[^\s,;])\s+(?=(?:kab|kabupaten|kota|kec|kecamatan|ds|desa|kel|kelurahan)\b\.?\s*\p{L})/giu;
const separators = /[,;/()\n\r\u2028\u2029]+/u;
/** "Saya di Grobogan pak": words around a name that no region of the province has at its ends. */
const leading =
  /^(?:(?:saya|kula|kulo|aku|kami|bertugas|tugas|tinggal|dari|di|ing|wonten|daerah|wilayah)\s+)+(?=\S)/iu;
const trailing = /(?:\s+(?:pak|bapak|bu|ibu|mas|mbak|min))+$/iu;
const outside = /^(?:prov(?:insi)? )?(?:jawa tengah|jateng|indonesia)$/u;
const postcode = / \d{5}$/;
const finer = /^(?:rt|rw|dusun|dsn|dukuh|dk|jl|jalan|kampung|kp|gang|gg)\b/u;

function showRegion(value: Json): string {
  if (!isRecord(value)) return '';
  const names = [value.desa, value.kecamatan, value.kabupaten];
  return names.filter((name) => name !== undefined).join(', ');
}

/** What an answer down to a level is: only a whole one, down to the village, is a `region`. */
const types: Readonly<Record<RegionLevel, ValueType>> = {
  regency: { name: 'regency', show: showRegion, fields: { kode: textType, kabupaten: textType } },
  district: {
    name: 'district',
    show: showRegion,
    fields: { kode: textType, kecamatan: textType, kabupaten: textType },
  },
  village: {
    name: 'region',
    show: showRegion,
    fields: { kode: textType, desa: textType, kecamatan: textType, kabupaten: textType },
  },
};

const examples: Readonly<Record<RegionLevel, string>> = {
  regency: 'Kabupaten Grobogan',
  district: 'Kecamatan Toroh, Kabupaten Grobogan',
  village: 'Desa Sindurejo, Kecamatan Toroh, Kabupaten Grobogan',
};

/** How far the parts of an answer lead: the last region surely reached, what is left, and why it stopped there. */
interface Walk {
  readonly path: readonly Region[];
  readonly rest: readonly string[];
  readonly stop: RegionMatch | null;
}

function title(region: Region): string {
  return `${region.kind} ${region.name}`;
}

/** The region and those above it, largest first. */
function pathTo(regions: RegionIndex, code: string): readonly Region[] {
  const region = regions.get(code);
  return region === undefined ? [] : [...pathTo(regions, region.parent), region];
}

function walk(regions: RegionIndex, start: readonly Region[], parts: readonly string[]): Walk {
  const [part, ...rest] = parts;
  const level = levels[start.length];
  if (part === undefined || level === undefined) return { path: start, rest: parts, stop: null };
  const match = regions.find(level, start.at(-1)?.code ?? province, part);
  const surely = match.kind === 'one' && match.exact;
  if (!surely) return { path: start, rest: parts, stop: match };
  const left = match.everyday ? besideItsName(regions, match.region, part, rest) : rest;
  return walk(regions, [...start, match.region], left);
}

/** "Slawi, Tegal": beside the name of its regency a seat of government is the kecamatan, where there is one. */
function besideItsName(
  regions: RegionIndex,
  regency: Region,
  seat: string,
  rest: readonly string[],
): readonly string[] {
  const named = rest.findIndex((part) => mayBe(regions.find('regency', province, part), regency));
  if (named < 0) return rest;
  const others = rest.toSpliced(named, 1);
  return regions.find('district', regency.code, seat).kind === 'none' ? others : [seat, ...others];
}

function mayBe(match: RegionMatch, region: Region): boolean {
  if (match.kind === 'several') return match.regions.includes(region);
  return match.kind === 'one' && match.exact && match.region === region;
}

function prefixLevel(part: string): RegionLevel | undefined {
  const [first = '', second] = fold(part).split(' ');
  return second === undefined ? undefined : levelByPrefix.get(first);
}

/** The orders in which the parts may have been meant: as typed, the other way round, and as their prefixes say. */
function ordersOf(parts: readonly string[]): readonly (readonly string[])[] {
  const found = parts.map(prefixLevel);
  const rank = (level: RegionLevel | undefined) =>
    level === undefined ? levels.length : levels.indexOf(level);
  const sorted = parts
    .map((part, index) => ({ part, rank: rank(found[index]) }))
    .sort((a, b) => a.rank - b.rank);
  const byPrefix = found.includes(undefined) ? [] : [sorted.map(({ part }) => part)];
  return parts.length < 2 ? [parts] : [...byPrefix, parts, parts.toReversed()];
}

function isBetter(one: Walk, other: Walk): boolean {
  const [depth, otherDepth] = [one.path.length, other.path.length];
  if (depth !== otherDepth) return depth > otherDepth;
  if (one.rest.length !== other.rest.length) return one.rest.length < other.rest.length;
  return hint(one) > hint(other);
}

function hint(one: Walk): number {
  return one.stop === null || one.stop.kind === 'none' ? 0 : 1;
}

function best(walks: readonly Walk[]): Walk | undefined {
  return walks.reduce<Walk | undefined>(
    (found, next) => (found === undefined || isBetter(next, found) ? next : found),
    undefined,
  );
}

/** What was typed as parts: by commas and lines, and if these do not lead anywhere also before each "Kec." or "Kab.". */
function splitsOf(raw: string): readonly (readonly string[])[] {
  const byComma = tidyParts(raw.split(separators));
  const byPrefix = tidyParts(raw.split(separators).flatMap((part) => part.split(atPrefix)));
  const coarse = byPrefix.filter((part) => !finer.test(fold(part)));
  const different = new Map([byComma, byPrefix, coarse].map((parts) => [parts.join(), parts]));
  return [...different.values()].filter((parts) => parts.length > 0 && parts.length <= mostParts);
}

function tidyParts(parts: readonly string[]): readonly string[] {
  const tidy = parts.map((part) =>
    normalise(part).replace(postcode, '').replace(leading, '').replace(trailing, ''),
  );
  return tidy.filter((part) => fold(part) !== '' && !outside.test(fold(part)) && !/^\d+$/.test(fold(part)));
}

/** "toroh grobogan": words without commas, cut in every way into two or three names. */
function cutsOf(text: string): readonly (readonly string[])[] {
  const words = fold(text).split(' ');
  if (words.length > mostWords) return [];
  const inTwo = words.slice(1).map((_, index) => [words.slice(0, index + 1), words.slice(index + 1)]);
  const inThree = inTwo.flatMap(([head = [], tail = []]) =>
    tail.slice(1).map((_, index) => [head, tail.slice(0, index + 1), tail.slice(index + 1)]),
  );
  return [...inTwo, ...inThree].map((parts) => parts.map((part) => part.join(' ')));
}

function startsOf(settled: readonly Region[], parts: readonly string[]): readonly (readonly Region[])[] {
  const [only] = parts;
  const mayCorrect = parts.length > 1 || (only !== undefined && prefixLevel(only) === 'regency');
  return settled.length > 0 && mayCorrect ? [settled, []] : [settled];
}

function walksFrom(
  regions: RegionIndex,
  settled: readonly Region[],
  parts: readonly string[],
): readonly Walk[] {
  return startsOf(settled, parts).flatMap((start) =>
    ordersOf(parts).map((order) => walk(regions, start, order)),
  );
}

function isComplete(found: Walk): boolean {
  return found.rest.length === 0;
}

/** "kab semarang ungaran": only the last part is still to be chosen from a few. */
function isLastUnsure(found: Walk): boolean {
  return found.rest.length === 1 && found.stop?.kind === 'several';
}

/** The best way to read the parts; the first that leads to a village with nothing left over ends the search. */
function bestOfSplits(regions: RegionIndex, settled: readonly Region[], raw: string): Walk | undefined {
  const walks: Walk[] = [];
  for (const parts of splitsOf(raw)) {
    const found = walksFrom(regions, settled, parts);
    walks.push(...found);
    if (found.some((each) => isComplete(each) && each.path.length === levels.length)) break;
  }
  return best(walks);
}

function resolve(regions: RegionIndex, settled: readonly Region[], raw: string): Walk | undefined {
  const found = bestOfSplits(regions, settled, raw);
  if (found === undefined || isComplete(found) || hint(found) > 0 || raw.length > longestCut) return found;
  const cut = cutsOf(tidyParts([raw]).join(' ')).flatMap((parts) => walksFrom(regions, settled, parts));
  const deeper = cut.filter((each) => each.path.length > found.path.length);
  return best(deeper.filter(isComplete)) ?? best(deeper.filter(isLastUnsure)) ?? found;
}

function parse(_text: string, context: InputContext<Options>, raw: string): Parsed {
  const depth = levels.indexOf(context.options.level) + 1;
  const reached = pathTo(context.regions, typeof context.state === 'string' ? context.state : province);
  const settled = reached.slice(0, depth - 1);
  const found = resolve(context.regions, settled, raw);
  if (found === undefined) return again(notFound(settled));
  return outcome(found, settled, depth);
}

/** An answer that leads deeper than was asked is taken as far as was asked. */
function outcome(found: Walk, settled: readonly Region[], depth: number): Parsed {
  if (found.path.length >= depth) return finished(found.path.slice(0, depth));
  const { stop } = found;
  if (stop !== null && stop.kind !== 'none')
    return meant(found, stop.kind === 'one' ? [stop.region] : stop.regions);
  const [last, before] = [found.path.at(-1)?.code, settled.at(-1)?.code];
  if (last === undefined || last === before) return again(notFound(settled));
  return { kind: 'more', state: last, question: nextQuestion(found) };
}

function finished(path: readonly Region[]): Parsed {
  const [regency, district, village] = path;
  const value = {
    kode: path.at(-1)?.code ?? '',
    ...(village === undefined ? {} : { desa: title(village) }),
    ...(district === undefined ? {} : { kecamatan: title(district) }),
    ...(regency === undefined ? {} : { kabupaten: title(regency) }),
  };
  return { kind: 'ok', value, readback: showRegion(value) };
}

function nextQuestion({ path, rest }: Walk): string {
  const level = levels[path.length] ?? 'village';
  const known = path.toReversed().map(title).join(', ');
  const missed =
    rest[0] === undefined
      ? ''
      : ` ${sentence(levelNames[level])} “${rest[0].slice(0, 40)}” belum kami temukan di sana.`;
  return `${known}.${missed} ${sentence(levelNames[level])} apa?`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function notFound(settled: readonly Region[]): string {
  const level = levels[settled.length] ?? 'village';
  const last = settled.at(-1);
  if (last === undefined) {
    return 'Kabupaten atau kota dengan nama itu belum kami temukan di Jawa Tengah. Mohon mulai dari nama kabupaten atau kotanya.';
  }
  return `${sentence(levelNames[level])} dengan nama itu belum kami temukan di ${title(last)}. Mohon ketik namanya dengan lengkap.`;
}

/** The answer names the whole way from the regency down, so that it means the same whatever was settled before. */
function meant(found: Walk, regions: readonly Region[]): Parsed {
  const rest = found.rest.slice(1);
  const candidates = regions.map((region) => candidateOf(region, found.path, rest));
  const question = candidates.length === 1 ? 'Apakah ini yang dimaksud?' : severalQuestion(regions);
  return { kind: 'did-you-mean', question, candidates };
}

function severalQuestion(regions: readonly Region[]): string {
  const [first] = regions;
  const sameName = regions.every((region) => region.name === first?.name);
  if (first?.level === 'regency' && sameName) return `${first.name}: Kabupaten atau Kota?`;
  return `Ada beberapa ${levelNames[first?.level ?? 'village']} yang mirip. Mana yang dimaksud?`;
}

function candidateOf(region: Region, path: readonly Region[], rest: readonly string[]): Candidate {
  const full = title(region);
  const label = full.length <= longestLabel ? full : region.name;
  return { label, answer: [...path.map(title), full, ...rest].join(', ') };
}

/**
 * A region of Jawa Tengah, asked from the largest part down to `level`: regency, district, village (the village unless set). Several
 * parts at once are taken in either order. The value holds the Kemendagri code and the names; it is always read back in full.
 */
export const region: InputKind<Options> = {
  name: 'region',
  options,
  type: ({ level }) => types[level],
  example: ({ level }) => examples[level],
  choices: () => [],
  parse: reading(parse),
};
