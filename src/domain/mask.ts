import { isCode } from '../flow/inputs/one-time-code.js';

/** O, l, I and | are what people type for 0 and 1. */
const digit = '[\\doOlI|]';
/** Not within a longer run, nor behind the first letter of a word. */
const end = `(?:(?<=\\d)|(?!\\p{L}))(?!${digit}*\\d)`;
const dash = '‐-―-';
/** What may stand between two groups of one number. A slash does not: it belongs to numbers of decisions. */
const gap = `[\\s.()${dash}]{1,3}`;
const date = `\\d{1,2}[./${dash}]\\d{1,2}[./${dash}](?:19|20)?\\d\\d(?!\\d)`;
const year = '(?:19|20)\\d\\d';

/** Looked for first at every place, so that nothing of it is taken for a part of a longer number. */
const kept = [
  `(?<!\\d)${date}(?![./${dash}]\\d{3})`,
  `(?<!\\d)${year}-\\d\\d-\\d\\d(?!\\d)`,
  `(?<!\\d)${year}(?:${gap}${year})+(?!${gap}?\\d|\\d)`,
  '[Rr][Pp][.\\s]{0,2}\\d[\\d.,]*',
  '(?<![\\d+])[1-9]\\d{0,2}(?:\\.\\d{3}){1,4}(?![.\\d])',
];

/** Gaps of one kind: dates and times side by side have several. */
const likeGaps = ['\\s{1,3}', '\\s?\\.\\s?', `\\s?[${dash}]\\s?`, '\\s?_\\s?'];
const four = `${digit}{4}`;
const anyGap = `\\s{0,2}[\\s._${dash}]\\s{0,2}`;

/** 16 digits in any groups; in the usual groups also with one too few or too many, for whoever asks for help may have mistyped. */
const nik = [
  ...likeGaps.map((like) => `${digit}(?:(?:${like})?${digit}){15}${end}`),
  `(?!(?:${year}${anyGap}){3})(?:${four}${anyGap}){3}${digit}{3,5}${end}`,
  `(?:${four}\\s/\\s){3}${four}${end}`,
  `${digit}{8}${gap}${digit}{7,9}${end}`,
  `${digit}{6}${gap}${digit}{6}${gap}${digit}{3,5}${end}`,
  `${digit}{14,}`,
];

/** One more digit of a number, unless a date begins behind the gap. */
const more = `(?:(?:${gap}(?!${date}))?${digit})`;
const phone = [
  `(?<=\\+)${digit}${more}{8,14}${end}`,
  `62(?:${gap})?8${digit}{2}${more}{5,10}${end}`,
  `[0oO]8${digit}${more}{6,11}${end}`,
  ...likeGaps.map((like) => `[0oO]8(?:${like}${digit}{2}){4,6}${end}`),
  `(?<!\\d[.,])0[2-79]\\d{1,2}(?:${gap})?(?:\\d{5,8}|\\d{3,4}${gap}\\d{3,4})(?!\\d)`,
  `(?<![./${dash}])8[1-9]\\d(?:\\d{7,9}|${gap}\\d{3,4}${gap}\\d{3,5})(?![/\\d])`,
];

const numbers = new RegExp(`(${kept.join('|')})|(?<!\\d)(?:${[...nik, ...phone].join('|')})`, 'gu');
/** Fewer than this among letters that look like digits are a word. */
const leastDigits = 5;

/** A one-time code behind what stands before one: in a sentence, in a link, in a stored answer. */
const codes =
  /(?<=(?:kode(?:nya)?|hubungkan|hadirkan|start|value)(?:%20|[^\p{L}\d]){1,5})[a-z2-9]{4}-?[a-z2-9]{4}(?![\p{L}\d])/giu;

/**
 * A text with everything in it that has the shape of a NIK, a phone number or a one-time code cut to its first four signs.
 * Numbers of decisions, dates, times and money stay: people talk about them.
 */
export function maskNumbers(text: string): string {
  const cut = narrow(text).replace(codes, (run) =>
    isCode(run.replace('-', '').toUpperCase()) ? `${run.slice(0, 4)}…` : run,
  );
  return cut.replace(numbers, (run: string, stays: string | undefined) => {
    const digits = run.replace(/\D/g, '').length;
    return stays !== undefined || digits < leastDigits ? run : `${run.slice(0, 4)}…`;
  });
}

/** Digits of double width, which some keyboards type, as the usual ones. */
function narrow(text: string): string {
  return text.replace(/[０-９]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}
