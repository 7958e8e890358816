const plainAscii = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;
const plainFolded = /^[a-z0-9]+(?: [a-z0-9]+)*$/;

/** Characters nobody sees or no database keeps: controls, zero-width, direction marks, lone surrogates, fillers. */
const invisible =
  /\ufeff|(?!\s)(?:[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0]|\u034f|[\u17b4\u17b5]|[\u180b-\u180f]|[\ufe00-\ufe0f])/gu;
const apostrophes = /[\p{M}'’‘ʼ`´]/gu;
const notLetterOrDigit = /[^\p{L}\p{N}]+/gu;

/** Removes what cannot be seen (zero-width, direction marks, control characters) and leaves every visible character as typed. */
export function stripInvisible(text: string): string {
  return text.replace(invisible, '');
}

/** A typed text in one tidy form: Unicode NFKC (full-width digits become digits), nothing invisible, single spaces. */
export function normalise(text: string): string {
  if (plainAscii.test(text)) return text;
  return stripInvisible(text).normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

/** Like `normalise`, but the lines a person wrote stay lines; empty ones go. */
export function normaliseLines(text: string): string {
  if (plainAscii.test(text)) return text;
  const lines = text.split(/[\n\r\u2028\u2029]+/u).map(normalise);
  return lines.filter((line) => line !== '').join('\n');
}

/** The form in which texts are compared: lower case, no accents, no punctuation, single spaces ("Jum'at." is "jumat"). */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (plainFolded.test(lower)) return lower;
  if (plainAscii.test(text)) return foldAscii(lower);
  const bare = normalise(text).toLowerCase().normalize('NFKD').replace(apostrophes, '');
  return bare.replace(notLetterOrDigit, ' ').trim();
}

function foldAscii(lower: string): string {
  const bare = lower.replace(/['`]/g, '');
  return bare.replace(/[^a-z0-9]+/g, ' ').trim();
}

/** Whether two texts differ by at most one letter added, left out or changed. */
export function withinOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  const sameLength = short.length === long.length;
  return short.slice(sameLength ? start + 1 : start) === long.slice(start + 1);
}

/** Digits as meant: the letters O, l and I and the bar stand for 0 and 1 on many screens. */
export function digitsFromLetters(text: string): string {
  return text.replace(/[oO]/g, '0').replace(/[lI|]/g, '1');
}

/** The letters o, l and i as digits in every word of a folded text that also has a digit: "l7 o8 197o" is "17 08 1970". */
export function digitsInWords(folded: string): string {
  return folded.replace(/(?<![a-z0-9])[0-9oli]*[0-9][0-9oli]*(?![a-z0-9])/g, (word) =>
    digitsFromLetters(word).replaceAll('i', '1'),
  );
}

const keptCapital: Readonly<Record<string, string>> = {
  aks: 'AKS',
  ii: 'II',
  iii: 'III',
  iv: 'IV',
  kh: 'KH',
  mh: 'MH',
  mm: 'MM',
  rm: 'RM',
  se: 'SE',
  sh: 'SH',
  skm: 'SKM',
  sst: 'SST',
};

function capitalised(word: string): string {
  return keptCapital[word] ?? word.replace(/^\p{L}/u, (letter) => letter.toUpperCase());
}

/** Title case for texts typed all in capitals or all in small letters, as on KTP-el; a mixed spelling is left alone. */
export function titleCase(text: string): string {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return text;
  return lower.replace(/[\p{L}\p{M}'’]+/gu, capitalised);
}
