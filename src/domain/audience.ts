import { z } from 'zod';
import { type Known, leafKinds, leafSchema } from './audience-leaves.js';

/** One thing that is asked of a person ({ role: 'chair' }, { area: '33.22' }). */
export type AudienceLeaf = z.infer<typeof leafSchema>;

/** Who is meant: a tree of what is asked, as plain JSON. */
export type Audience =
  | AudienceLeaf
  | { readonly all: readonly Audience[] }
  | { readonly any: readonly Audience[] }
  | { readonly minus: readonly [Audience, Audience] };

/** Reads an audience from JSON, wherever it comes from. */
export const audienceSchema: z.ZodType<Audience> = z.lazy(() =>
  z.union([
    leafSchema,
    z.strictObject({ all: z.array(audienceSchema).min(1) }),
    z.strictObject({ any: z.array(audienceSchema).min(1) }),
    z.strictObject({ minus: z.tuple([audienceSchema, audienceSchema]) }),
  ]),
);

/** An audience, or why a text is none: a sentence for whoever typed it. */
export type ReadAudience =
  | { readonly ok: true; readonly audience: Audience }
  | { readonly ok: false; readonly what: string };

/** A longer text than this is a mistake, in characters. */
const longest = 500;

/**
 * Reads the short form: things that are asked, joined by `dan`, `atau` and `kecuali` ("peran:ketua dan wilayah:33.22"). `kecuali` takes away
 * from all that stands before it; `dan` and `atau` are mixed with brackets only, since nobody agrees on which of them comes first.
 */
export function readAudience(typed: string): ReadAudience {
  if (typed.length > longest) return fault(`Pencarian paling panjang ${longest} huruf.`);
  const words = typed.toLowerCase().match(/[()]|[^\s()]+/g) ?? [];
  const read = readGroup({ words, at: 0 });
  if (typeof read === 'string') return fault(read);
  if (read.at < words.length) return fault('Ada tanda kurung tutup yang tidak ada pembukanya.');
  return { ok: true, audience: read.audience };
}

const fault = (what: string): ReadAudience => ({ ok: false, what });

interface Place {
  readonly words: readonly string[];
  readonly at: number;
}

interface Found extends Place {
  readonly audience: Audience;
}

/** A chain of one kind of joint, then whatever is taken away from it. */
function readGroup(place: Place): Found | string {
  const first = readPart(place);
  if (typeof first === 'string') return first;
  const joint = first.words[first.at];
  const chain = joint === 'dan' || joint === 'atau' ? readChain(first, joint) : first;
  return typeof chain === 'string' ? chain : readExceptions(chain);
}

function readChain(first: Found, joint: 'dan' | 'atau'): Found | string {
  const parts: Audience[] = [first.audience];
  let place: Place = first;
  while (place.words[place.at] === joint) {
    const next = readPart({ ...place, at: place.at + 1 });
    if (typeof next === 'string') return next;
    parts.push(next.audience);
    place = next;
  }
  if (['dan', 'atau'].includes(place.words[place.at] ?? ''))
    return 'Pakai tanda kurung bila "dan" dan "atau" dipakai bersama, misalnya: (peran:ketua atau peran:petugas) dan wilayah:33.22.';
  return { ...place, audience: joint === 'dan' ? { all: parts } : { any: parts } };
}

function readExceptions(whole: Found): Found | string {
  let found = whole;
  while (found.words[found.at] === 'kecuali') {
    const next = readPart({ ...found, at: found.at + 1 });
    if (typeof next === 'string') return next;
    found = { ...next, audience: { minus: [found.audience, next.audience] } };
  }
  if (['dan', 'atau'].includes(found.words[found.at] ?? ''))
    return 'Pakai tanda kurung sesudah "kecuali", misalnya: semua kecuali (peran:ketua dan wilayah:33.22).';
  return found;
}

function readPart({ words, at }: Place): Found | string {
  if (words[at] !== '(') return readLeaf({ words, at });
  const inner = readGroup({ words, at: at + 1 });
  if (typeof inner === 'string') return inner;
  return words[inner.at] === ')' ? { ...inner, at: inner.at + 1 } : 'Ada tanda kurung yang belum ditutup.';
}

const joints = ['dan', 'atau', 'kecuali', '(', ')'];

function readLeaf({ words, at }: Place): Found | string {
  const length = words.slice(at).findIndex((word) => joints.includes(word));
  const end = length < 0 ? words.length : at + length;
  const text = words.slice(at, end).join(' ');
  if (text === '') return `Tulis siapa yang dituju. ${examples}`;
  const audience = leafOf(text);
  return typeof audience === 'string' ? audience : { words, at: end, audience };
}

const examples = 'Contoh: semua; peran:ketua; wilayah:33.22; sk:belum; saluran:telegram.';

/** "terlihat:90 hari", "rakor:3 jawaban:hadir": a word with its value, and what is said more. */
function leafOf(text: string): Audience | string {
  const pairs = [...text.matchAll(/([a-z-]+)(?:\s*:\s*|$)((?:(?!\s+[a-z-]+\s*:).)*)/g)];
  const [[whole, word = '', value = ''] = [], ...more] = pairs;
  const kind = Object.values(leafKinds).find((one) => one.word === word);
  if (whole === undefined || kind === undefined || !text.startsWith(word))
    return `Kami belum mengerti "${text}". ${examples}`;
  const read = kind.read(value.trim(), new Map(more.map(([, key = '', said = '']) => [key, said.trim()])));
  return typeof read === 'string' ? read : leafSchema.parse(read);
}

/** The kind of a leaf: it is named by the first of its fields. */
export function kindOf(leaf: AudienceLeaf) {
  const [field = ''] = Object.keys(leaf);
  const kind = leafKinds[field];
  if (kind === undefined) throw new Error(`no kind of audience is called ${field}: add it to leafKinds`);
  return kind;
}

/** The short form of an audience; reading it gives the same audience. */
export function showAudience(audience: Audience): string {
  if ('all' in audience) return audience.all.map(bracketed).join(' dan ');
  if ('any' in audience) return audience.any.map(bracketed).join(' atau ');
  if ('minus' in audience) return audience.minus.map(bracketed).join(' kecuali ');
  return kindOf(audience).show(audience);
}

function bracketed(audience: Audience): string {
  const isLeaf = !('all' in audience || 'any' in audience || 'minus' in audience);
  return isLeaf ? showAudience(audience) : `(${showAudience(audience)})`;
}

/** Why an audience cannot be asked for just now, in a sentence: it names what is not there. Null: it can. */
export function lackingIn(audience: Audience, known: Known): string | null {
  if ('all' in audience) return firstLack(audience.all, known);
  if ('any' in audience) return firstLack(audience.any, known);
  if ('minus' in audience) return firstLack(audience.minus, known);
  return kindOf(audience).lacks(audience, known);
}

function firstLack(parts: readonly Audience[], known: Known): string | null {
  return parts.map((part) => lackingIn(part, known)).find((lack) => lack !== null) ?? null;
}
