import { fold } from '../flow/text.js';
import { plain } from '../flow/word-list.js';
import { answerWord, isFiller } from '../flow/words.js';

/** What somebody who is invited answers; `mungkin`: "insya Allah", not certain yet. */
export const rsvpAnswers = {
  hadir: 'hadir',
  mungkin: 'insya Allah hadir, belum pasti',
  tidak: 'tidak hadir',
  diwakilkan: 'diwakilkan',
} as const;

/** One of them. */
export type RsvpAnswer = keyof typeof rsvpAnswers;

/** What is offered under an invitation, in the order of its numbers. */
export const rsvpChoices = [
  { id: 'hadir', label: 'Hadir' },
  { id: 'tidak', label: 'Tidak hadir' },
  { id: 'diwakilkan', label: 'Diwakilkan' },
] as const satisfies readonly { readonly id: RsvpAnswer; readonly label: string }[];

/**
 * What a text says to an invitation: an answer in plain words (`sure`), or one that says so only right after an invitation: the number of a choice,
 * and a yes or no, which with older people may mean "I have read it" and so is no answer (`answer` null).
 */
export interface RsvpReading {
  readonly answer: RsvpAnswer | null;
  readonly sure: boolean;
}

/** An answer is no longer than this; what is longer tells a story. */
const longest = 80;
const number = /^\(?([123])[.)]?$/;
const god =
  /\b(?:in\s?s[yh]h?a?\s?allah|in\s?sya\s?alloh|insya|insha|insyaalloh|isyaallah|insyallah|mudah-mudahan|semoga)\b/;

const coming = words('hadir datang ikut kehadiran menghadiri');
const able = words('bisa dapat siap akan bersedia sanggup pasti');
const denying = words('tidak bukan belum');
const absent = words('berhalangan izin ijin absen');
const sent = words('diwakilkan wakilkan mewakilkan diwakili wakil perwakilan diwakilakan');
const around = words(
  'oke ya baik undangan rakor rapat acara mohon maaf insya allah alloh insyaallah insyaalloh besok nanti pada di ke semoga mudah-mudahan',
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

/** Reads what a text says to an invitation; null when it says nothing to one. */
export function rsvpIn(text: string): RsvpReading | null {
  if (text.length > longest || text.includes('?')) return null;
  const at = number.exec(text.trim())?.[1];
  if (at !== undefined) return { answer: rsvpChoices[Number(at) - 1]?.id ?? null, sure: false };
  const said = plain(text)
    .split(' ')
    .filter((word) => word !== '');
  const answer = said.every(isKnown) ? answerOf(said, god.test(fold(text))) : null;
  if (answer !== null) return { answer, sure: true };
  return answerWord(text) === 'unknown' ? null : { answer: null, sure: false };
}

function isKnown(word: string): boolean {
  return [coming, able, denying, absent, sent, around].some((kind) => kind.has(word)) || isFiller(word);
}

function answerOf(said: readonly string[], byGod: boolean): RsvpAnswer | null {
  const says = (kind: ReadonlySet<string>) => said.some((word) => kind.has(word));
  if (says(sent)) return 'diwakilkan';
  if (says(absent)) return 'tidak';
  if (!says(coming)) return byGod && !says(denying) ? 'mungkin' : null;
  if (says(denying)) return 'tidak';
  return byGod ? 'mungkin' : 'hadir';
}
