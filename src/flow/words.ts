import { normalise } from './text.js';
import { plain, plainWord, squeeze } from './word-list.js';

/** What a short answer says: `neither` is an answer that puts off or leaves it open, `unknown` is no such answer at all. */
type AnswerWord = 'yes' | 'no' | 'neither' | 'unknown';

type Vote = 'yes' | 'certain' | 'not' | 'not-yet' | 'wrong' | 'neither' | 'filler';

/** A yes or a no is no longer than this; what is longer tells a story. */
const longestAnswer = 80;
/** What follows a yes or no may be a reason, and is no story. */
const longestLead = 160;

const emoji: readonly (readonly [RegExp, 'yes' | 'no'])[] = [
  [/[\u{1F44D}\u{2705}\u{2714}\u{2611}\u{1F44C}]/u, 'yes'],
  [/[\u{1F44E}\u{274C}\u{274E}\u{2716}\u{1F645}]/u, 'no'],
];

/**
 * Plain words that vote, and words the word list must leave alone: names of villages ("bener"), words of SK numbers ("no").
 * Only for yes/no and only on a copy, never on names or places.
 */
const wordsOf: Readonly<Record<Vote, string>> = {
  yes: `ya oke sip siap siip baik baiklah betul bener benar setuju mau boleh bisa lanjut sudah bersedia sanggup`,
  certain: 'tentu pasti',
  not: 'tidak bukan jangan no nope emoh moh wegah',
  'not-yet': 'belum',
  wrong: 'salah batal keliru',
  neither: `mbuh embuh mboh nanti sikik sebentar bentar ampun insya insha insyaallah insyaalloh inshaallah isyaallah allah alloh
    pikir dulu terserah trserah silakan mungkin sepertinya kayaknya ragu tergantung semoga mugi kalau tetapi atau
    nanging asal lihat besok kapan`,
  filler: `pak bapak bu ibu mas mbak mba kak min admin saya dong deh sih lah kok nih to nggo yang juga
    terima kasih makasih matur nuwun banget sekali saja aja memang jadi itu ini dan data datanya semua`,
};

function voteEntries(vote: Vote): readonly (readonly [string, Vote])[] {
  return wordsOf[vote].split(/\s+/).map((word) => [squeeze(word), vote]);
}

// A Map, not an object: "constructor" must not be a known word.
const votes: ReadonlyMap<string, Vote> = new Map([
  ...voteEntries('filler'),
  ...voteEntries('yes'),
  ...voteEntries('certain'),
  ...voteEntries('not'),
  ...voteEntries('not-yet'),
  ...voteEntries('wrong'),
  ...voteEntries('neither'),
]);

/** Yes or no word by word, but neither as a whole: "may be", "not certain", "whether one wants to or not". */
const openPhrases = /(?:bisa|boleh) jadi|(?:mau|ya|bisa) (?:tidak|belum) (?:mau|ya|bisa)/;

function votesOf(text: string): readonly (Vote | undefined)[] {
  const words = plain(text);
  if (words === '') return [];
  return words.split(' ').map((word) => votes.get(squeeze(word)));
}

function denies(vote: Vote | undefined): boolean {
  return vote === 'not' || vote === 'not-yet';
}

function agrees(vote: Vote | undefined): boolean {
  return vote === 'yes' || vote === 'certain';
}

function fromVotes(all: readonly (Vote | undefined)[]): AnswerWord {
  if (all.includes('neither')) return 'neither';
  if (all.includes(undefined)) return 'unknown';
  const said = all.filter((vote) => vote !== 'filler');
  if (said.length === 0) return 'unknown';
  if (said.every(agrees)) return 'yes';
  return fromMixed(said);
}

/** "tidak mau" denies; "ya tidak", "tidak salah" and "belum tentu" could be meant either way. */
function fromMixed(said: readonly (Vote | undefined)[]): AnswerWord {
  const rest = said.slice(1);
  if (!denies(said[0])) return said.every((vote) => vote === 'wrong') ? 'no' : 'neither';
  if (rest.includes('wrong')) return 'neither';
  const denied = rest.every((vote) => vote === 'yes') || rest.every(denies);
  return denied ? 'no' : 'neither';
}

function fromEmoji(text: string): AnswerWord {
  const seen = emoji.filter(([pattern]) => pattern.test(text)).map(([, meaning]) => meaning);
  return seen.length === 2 ? 'neither' : (seen[0] ?? 'unknown');
}

function fromWords(text: string, words: readonly (Vote | undefined)[]): AnswerWord {
  const said = fromVotes(words);
  if (said !== 'unknown' && (text.endsWith('?') || openPhrases.test(plain(text)))) return 'neither';
  return said;
}

/**
 * Reads a yes or no as people in Central Java type it ("nggih", "mboten pak", "gak", "👍"). Words that only
 * put off or leave it open ("mbuh", "insya Allah", "monggo") and questions ("boleh?") are `neither`.
 */
export function answerWord(text: string): AnswerWord {
  if (text.length > longestAnswer) return 'unknown';
  const tidy = normalise(text);
  const byEmoji = fromEmoji(tidy);
  const words = votesOf(tidy);
  if (words.every((vote) => vote === 'filler') && byEmoji !== 'unknown') return byEmoji;
  const byWords = fromWords(tidy, words);
  return byEmoji === 'unknown' || byEmoji === byWords || byWords === 'unknown' ? byWords : 'neither';
}

/** After a no these take it back; after a yes every denial does. */
const affirming: ReadonlySet<string> = new Set('ya benar bener betul setuju oke siap'.split(' '));

/**
 * The yes or no that a longer answer begins with ("tidak, ini nomor anak saya"). It must stand for itself: before a comma, a word
 * like "ini" or a word of the question, for "tidak tahu" is no no. `neither` when the rest says otherwise or it is a question.
 */
export function leadingAnswer(text: string, question: string): AnswerWord {
  if (text.length > longestLead) return 'unknown';
  const [first = '', ...others] = normalise(text).split(/[,;.!]+/u);
  const words = plain(first).split(' ');
  const known = words.findIndex((word) => votes.get(squeeze(word)) === undefined);
  const end = known < 0 ? words.length : known;
  const said = fromVotes(votesOf(words.slice(0, end).join(' ')));
  if (said === 'unknown' || (known >= 0 && !standsAlone(words, known, question))) return 'unknown';
  const rest = plain([words.slice(end).join(' '), ...others].join(' ')).split(' ');
  return text.trimEnd().endsWith('?') || rest.some((word) => takesBack(word, said)) ? 'neither' : said;
}

function standsAlone(words: readonly string[], end: number, question: string): boolean {
  const [before = '', next = ''] = words.slice(end - 1);
  if (votes.get(squeeze(before)) === 'filler' || before === 'bukan') return true;
  return plain(question).split(' ').includes(next);
}

function takesBack(word: string, said: AnswerWord): boolean {
  const vote = votes.get(squeeze(word));
  if (vote === 'neither' || vote === 'wrong') return true;
  return said === 'yes' ? denies(vote) : affirming.has(word) || vote === 'certain';
}

/** Whether a text says "not yet" somewhere ("belum", "dereng"): no refusal, only no answer so far. */
export function saysNotYet(text: string): boolean {
  return votesOf(text).includes('not-yet');
}

/** Whether a folded word denies what stands behind it ("mboten", "dereng", "kurang"). */
export function isNegation(word: string): boolean {
  const one = plainWord(word);
  return one === 'kurang' || denies(votes.get(squeeze(one)));
}

/** Whether a folded word carries no meaning of its own in an answer ("pak", "kulo", "suwun"). */
export function isFiller(word: string): boolean {
  return votes.get(squeeze(plainWord(word))) === 'filler';
}
