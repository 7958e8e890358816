import { fold, normalise } from './text.js';

/** What a short answer says: `neither` is an answer that puts off or leaves it open, `unknown` is no such answer at all. */
type AnswerWord = 'yes' | 'no' | 'neither' | 'unknown';

type Vote = 'yes' | 'not' | 'not-yet' | 'wrong' | 'neither' | 'filler';

const emoji: readonly (readonly [RegExp, 'yes' | 'no'])[] = [
  [/[\u{1F44D}\u{2705}\u{2714}\u{2611}\u{1F44C}]/u, 'yes'],
  [/[\u{1F44E}\u{274C}\u{274E}\u{2716}\u{1F645}]/u, 'no'],
];

/** Indonesian, its chat spellings, and Javanese krama and ngoko. Only for yes/no and only on a copy, never on names or places. */
const spellings: Readonly<Record<Vote, string>> = {
  yes: `y ya iya iy iyah iyaa yaa yap yup yes iyo yo yoh ok oke okey okay okeh sip siap siip baik baiklah betul btl
    bener benar bnr setuju stuju mau mw boleh blh bisa bs iso isok isa lanjut sudah sdh udah sampun wis wes inggih
    nggih njih injih enggih enggeh nggeh leres saged gelem purun bersedia sanggup tentu pasti`,
  not: `tidak tdk tdak tida tidk tdiak ndak nda gak ga gk g nggak ngga engga enggak ogak ora mboten boten mbten bukan
    bkn sanes jangan jgn ojo no nope emoh moh wegah`,
  'not-yet': 'belum blm blum dereng durung',
  wrong: 'salah slh batal keliru',
  neither: `mbuh embuh mboh nanti ntar nnti mengko mangke sik sek sikik sebentar sbntar bentar sekedap ampun insya insha
    insyaallah insyaalloh inshaallah isyaallah allah alloh pikir rumiyin riyin dulu terserah trserah monggo mangga
    mungkin sepertinya kayaknya ragu tergantung semoga mugi kalau tapi tetapi atau nanging asal lihat besok kapan`,
  filler: `pak bapak bpk bu ibu mas mbak mba kak min admin saya sy kulo kula aku dong deh sih lah kok nih to nggo ingkang
    terima kasih terimakasih makasih trims matur nuwun suwun maturnuwun sekali banget saja aja memang jadi itu ini
    dan data datanya semua`,
};

function squeeze(word: string): string {
  return word.replace(/(.)\1+/gu, '$1');
}

function voteEntries(vote: Vote): readonly (readonly [string, Vote])[] {
  return spellings[vote].split(/\s+/).map((word) => [squeeze(word), vote]);
}

// A Map, not an object: "constructor" must not be a known word.
const votes: ReadonlyMap<string, Vote> = new Map([
  ...voteEntries('filler'),
  ...voteEntries('yes'),
  ...voteEntries('not'),
  ...voteEntries('not-yet'),
  ...voteEntries('wrong'),
  ...voteEntries('neither'),
]);

function votesOf(text: string): readonly (Vote | undefined)[] {
  const folded = fold(text);
  if (folded === '') return [];
  return folded.split(' ').map((word) => votes.get(squeeze(word)));
}

function isNegation(vote: Vote | undefined): boolean {
  return vote === 'not' || vote === 'not-yet';
}

function fromVotes(all: readonly (Vote | undefined)[]): AnswerWord {
  if (all.includes('neither')) return 'neither';
  if (all.includes(undefined)) return 'unknown';
  const said = all.filter((vote) => vote !== 'filler');
  if (said.length === 0) return 'unknown';
  if (said.every((vote) => vote === 'yes')) return 'yes';
  return fromMixed(said);
}

/** "tidak mau" denies; "ya tidak" and "tidak salah" could be meant either way. */
function fromMixed(said: readonly (Vote | undefined)[]): AnswerWord {
  const rest = said.slice(1);
  if (!isNegation(said[0])) return said.every((vote) => vote === 'wrong') ? 'no' : 'neither';
  if (rest.includes('wrong')) return 'neither';
  const denied = rest.every((vote) => vote === 'yes') || rest.every(isNegation);
  return denied ? 'no' : 'neither';
}

function fromEmoji(text: string): AnswerWord {
  const seen = emoji.filter(([pattern]) => pattern.test(text)).map(([, meaning]) => meaning);
  return seen.length === 2 ? 'neither' : (seen[0] ?? 'unknown');
}

/**
 * Reads a yes or no as people in Central Java type it ("nggih", "mboten pak", "gak", "👍"). Words that only
 * put off or leave it open ("mbuh", "insya Allah", "monggo") and questions ("boleh?") are `neither`.
 */
export function answerWord(text: string): AnswerWord {
  const tidy = normalise(text);
  const byEmoji = fromEmoji(tidy);
  const words = votesOf(tidy);
  if (words.every((vote) => vote === 'filler') && byEmoji !== 'unknown') return byEmoji;
  const byWords = fromVotes(words);
  if (tidy.endsWith('?') && byWords !== 'unknown') return 'neither';
  return byEmoji === 'unknown' || byEmoji === byWords || byWords === 'unknown' ? byWords : 'neither';
}

/** Whether a text says "not yet" somewhere ("belum", "dereng"): no refusal, only no answer so far. */
export function saysNotYet(text: string): boolean {
  return votesOf(text).includes('not-yet');
}

/** Whether a word carries no meaning of its own in an answer ("pak", "saya", "matur nuwun"). */
export function isFiller(word: string): boolean {
  return votes.get(squeeze(word)) === 'filler';
}
