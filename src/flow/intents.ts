import { withinOneEdit } from './text.js';
import { plain } from './word-list.js';

/** What a text asks for: surely one flow, perhaps one of these (best first), or none. */
export type Meaning =
  | { readonly kind: 'sure'; readonly flow: string }
  | { readonly kind: 'unsure'; readonly flows: readonly string[] }
  | { readonly kind: 'none' };

/** A phrase a flow gives as an example of how it is asked for; `few`: only some people may open the flow. */
export interface Example {
  readonly flow: string;
  readonly phrase: string;
  readonly few?: boolean;
}

/** An example as the matcher knows it: its different words in their order, and what they weigh together. */
interface Pattern {
  readonly flow: string;
  readonly words: readonly string[];
  readonly weight: number;
  readonly denies: boolean;
}

/** What is known of a word that stands in an example: its weight, and which flows and patterns use it. */
interface Known {
  readonly weight: number;
  readonly flows: ReadonlySet<string>;
  readonly patterns: readonly Pattern[];
}

/** The examples of a program, made ready once. */
export interface Intents {
  /** The flow of an example typed as it stands. */
  readonly exact: ReadonlyMap<string, string>;
  readonly words: ReadonlyMap<string, Known>;
}

/** From this score on a flow starts at once. */
export const startsAt = 0.75;
/** From this score on a flow is offered under "did you mean". */
export const asksAt = 0.5;
/** Another flow that scores this close leaves it open which one was meant. */
const lead = 0.1;
/** No more than this many flows are offered. */
export const mostGuesses = 3;
/** Characters; a text longer than this is a story, not a request to start something. */
const longestRequest = 80;

/** How much a word with one letter wrong counts, and from which length on it can be told from another word. */
const slipCounts = 0.8;
const shortestSlip = 6;
/** How much the words count when they come in another order than in the example. */
const otherOrder = 0.9;

const lightWeight = 0.05;
const askingWeight = 0.5;
/** Words of courtesy and wishing: they say nothing about what is wanted. */
const light: ReadonlySet<string> = new Set(
  `pak bapak bu ibu mas mbak mba kak min saya kami anda ya nggo to sih dong deh lah kok nih bisakah bolehkah oke silakan permisi
  makasih halo assalamualaikum waalaikumsalam wr wb selamat pagi siang sore malam mau ingin bisa boleh akan tolong mohon
  tulung minta butuh tanya info dibantu yang dan dengan sama untuk sebagai di ke dari sini nya ini itu saja aja juga jadi coba dulu
  sekarang`.split(/\s+/),
);
/** Who asks about a word, or says that something is so already, does not always want what the word stands for. */
const asking: ReadonlySet<string> = new Set(
  'apa apakah siapa berapa kapan bagaimana mengapa mana cara maksud sudah'.split(' '),
);
/** A text that denies means only an example that denies too. */
const denying: ReadonlySet<string> = new Set(['tidak', 'jangan', 'bukan', 'belum', 'kurang']);

/** Makes the examples ready. The order they are given in does not matter. */
export function intentsOf(examples: readonly Example[]): Intents {
  const plainly = examples.map((one) => ({ ...one, phrase: plain(one.phrase) })).sort(byPhrase);
  const flows = flowsByWord(plainly);
  const open = flowsByWord(plainly.filter(({ few }) => few !== true));
  const patterns = plainly.map((example) => patternOf(example, open));
  return {
    exact: new Map(plainly.map(({ flow, phrase }) => [phrase, flow])),
    words: new Map([...flows].map(([word, used]) => [word, knownOf(word, used, open, patterns)])),
  };
}

function byPhrase(a: Example, b: Example): number {
  return a.phrase.localeCompare(b.phrase) || a.flow.localeCompare(b.flow);
}

type FlowsByWord = ReadonlyMap<string, ReadonlySet<string>>;

function flowsByWord(examples: readonly Example[]): FlowsByWord {
  const flows = new Map<string, Set<string>>();
  for (const { flow, phrase } of examples) {
    for (const word of phrase.split(' ')) flows.set(word, (flows.get(word) ?? new Set()).add(flow));
  }
  return flows;
}

function patternOf({ flow, phrase }: Example, open: FlowsByWord): Pattern {
  const words = [...new Set(phrase.split(' '))];
  const weight = sum(words.map((word) => rarity(word, open)));
  return { flow, words, weight, denies: words.some((word) => denying.has(word)) };
}

function knownOf(
  word: string,
  flows: ReadonlySet<string>,
  open: FlowsByWord,
  patterns: readonly Pattern[],
): Known {
  const using = patterns.filter((pattern) => pattern.words.includes(word));
  return { weight: rarity(word, open), flows, patterns: using };
}

/**
 * A word that few flows use tells more than one that many use. What officers alone may start does not count: to everybody else such
 * a word tells as much as before.
 */
function rarity(word: string, open: FlowsByWord): number {
  return weightOf(word) / (open.get(word)?.size ?? 1);
}

function weightOf(word: string): number {
  if (light.has(word)) return lightWeight;
  return asking.has(word) ? askingWeight : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** A word of the text: the word of the examples it is taken for, how surely (0 to 1), and how much of the text it is. */
interface Heard {
  readonly word: string;
  readonly known: Known | null;
  readonly sureness: number;
  readonly weight: number;
}

/**
 * What a text asks for, among the flows that may be opened. Every example is scored from 0 to 1: the share of its words
 * that were said, times the share of the text that belongs to its flow, less for another order; the best one counts for
 * its flow. Pure; the cost is that of the examples that share a word with the text.
 */
export function meaningOf(intents: Intents, text: string, mayOpen: (flow: string) => boolean): Meaning {
  if (text.length > longestRequest) return { kind: 'none' };
  const said = plain(text);
  const exact = intents.exact.get(said);
  if (exact !== undefined && mayOpen(exact)) return { kind: 'sure', flow: exact };
  const scores = scoresOf(said.split(' ').map((word) => hear(intents, word)));
  return decide(scores.filter(({ flow }) => mayOpen(flow)));
}

function hear(intents: Intents, word: string): Heard {
  const weight = weightOf(word);
  const known = intents.words.get(word);
  if (known !== undefined) return { word, known, sureness: 1, weight };
  const meant = word.length < shortestSlip ? undefined : slipOf(intents, word);
  return meant === undefined
    ? { word, known: null, sureness: 0, weight }
    : { word: meant[0], known: meant[1], sureness: slipCounts, weight };
}

function slipOf(intents: Intents, word: string): readonly [string, Known] | undefined {
  return [...intents.words].find(([one]) => one.length >= shortestSlip && withinOneEdit(word, one));
}

interface Score {
  readonly flow: string;
  readonly score: number;
}

/** The best score of every flow that shares a word with the text, best first. */
function scoresOf(heard: readonly Heard[]): readonly Score[] {
  const best = new Map<string, number>();
  for (const pattern of new Set(heard.flatMap(({ known }) => known?.patterns ?? []))) {
    best.set(pattern.flow, Math.max(best.get(pattern.flow) ?? 0, scoreOf(pattern, heard)));
  }
  const scores = [...best].map(([flow, score]) => ({ flow, score }));
  return scores.sort((a, b) => b.score - a.score || a.flow.localeCompare(b.flow));
}

function scoreOf(pattern: Pattern, heard: readonly Heard[]): number {
  if (pattern.denies !== heard.some(({ word }) => denying.has(word))) return 0;
  return covered(pattern, heard) * share(pattern.flow, heard) * inOrder(pattern, heard);
}

/** How much of the example was said. */
function covered({ words, weight }: Pattern, heard: readonly Heard[]): number {
  return sum(words.map((word) => said(word, heard))) / weight;
}

function said(word: string, heard: readonly Heard[]): number {
  return Math.max(
    0,
    ...heard.map((one) => (one.word === word ? one.sureness * (one.known?.weight ?? 0) : 0)),
  );
}

/** How much of the text is about this flow. */
function share(flow: string, heard: readonly Heard[]): number {
  const about = heard.map((one) => (one.known?.flows.has(flow) ? one.sureness * one.weight : 0));
  return sum(about) / sum(heard.map((one) => one.weight));
}

function inOrder({ words }: Pattern, heard: readonly Heard[]): number {
  const telling = words.filter((word) => !light.has(word));
  const places = telling.map((word) => heard.findIndex((one) => one.word === word)).filter((at) => at >= 0);
  return places.every((at, i) => i === 0 || at > (places[i - 1] ?? 0)) ? 1 : otherOrder;
}

function decide(scores: readonly Score[]): Meaning {
  const [best, second] = scores;
  if (best === undefined || best.score < asksAt) return { kind: 'none' };
  if (best.score >= startsAt && best.score - (second?.score ?? 0) >= lead)
    return { kind: 'sure', flow: best.flow };
  const likely = scores.filter(({ score }) => score >= asksAt).slice(0, mostGuesses);
  return { kind: 'unsure', flows: likely.map(({ flow }) => flow) };
}
