import { isDateWord, isMonthWord, isRomanMonth } from '../calendar.js';
import { isNumberWord, numbersInWords } from '../numerals.js';
import type { RegionIndex } from '../regions.js';
import { fold, titleCase } from '../text.js';
import { plainWord } from '../word-list.js';
import { saysUnknown } from './date.js';

/** What a text about somebody's birth consists of; `place` and `date` are empty when it says none, `age` is null then. */
export interface BirthWords {
  readonly place: string;
  readonly date: string;
  readonly age: number | null;
  /** It says that something is not known ("lupa", "tidak tahu tanggalnya"). */
  readonly isUnknown: boolean;
  /** A word of a request or a story stands in the place: what was taken for a place may be none. */
  readonly isDoubtful: boolean;
}

const slashByWord = /\/(?=\p{L})|(?<=\p{L})\//gu;
/** "semarang17081970": digits behind at least three letters are no slip like "l7-O8". */
const gluedDigits = /(?<=\p{L}{3})(?=\d)|(?<=\d)(?=\p{L}{3})/gu;
/** "Pkl" is a time of day before hours and minutes only: else it is Pekalongan. */
const clock =
  /(?<!\p{L})(?:(?:jam|pukul)\.? (?:setengah )?(?:\d{1,2}(?:[.:]\d{2})?|satu|dua(?: belas)?|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas)|pkl\.? \d{1,2}[.:]\d{2})(?![\p{L}\d/.:-])(?: (?:wib|dini hari|pagi|siang|sore|malam|subuh|enjing|esuk|bengi|dalu)(?!\p{L}))*/giu;
/** Which time it was instead of which day: "zaman Jepang". */
const era =
  /(?<!\p{L})[jz]aman(?:e|nya)? (?:penjajahan |perang |bung |pak |orde )?(?:belanda|londo|jepang|nippon|penjajah|penjajahan|merdeka|kemerdekaan|perang|revolusi|agresi|clash|pki|gestapu|gestok|karno|soekarno|sukarno|suharto|soeharto|lama|baru|dulu|kuno|normal)(?!\p{L})/giu;
const saidAge =
  /(?<!\p{L})(?:umur|usia|yuswa)(?:ku|nya|e|ipun)? (?:(?:saya|kulo|kula|beliau|ini|sekarang|sudah|sampun|sekitar|kira-kira|kira|kurang|lebih) )*(\d{1,3})(?!\d)(?: ?(?:tahun|taun|thn|th)(?!\p{L}))?/iu;
/** "67 tahun" is an age where no other number is; "tahun 67" is a year. */
const bareAge = /^(\D*?)(?<![\d'])(\d{1,3}) ?(?:tahun|taun|thn|th)(?!\p{L})(\D*)$/iu;

const dateLabels: ReadonlySet<string> = new Set(
  'tgl tanggal tggl bln bulan thn th tahun taun umur usia'.split(' '),
);
const yearLabels: ReadonlySet<string> = new Set('thn th tahun taun'.split(' '));
/** "Pasar Kliwon", "Batang Hari": the day is part of the name. */
const isBeforePlaceOfDay: ReadonlySet<string> = new Set(['pasar', 'pekan', 'batang']);

/** Words that lead to a place or stand behind it, in plain words; within a name they stay. */
const around: ReadonlySet<string> = new Set(
  `ttl tempat lahir kelahiran di ing ada dan saya kami beliau tahun bapak pak bu ibu mbak mba kak min admin ya baik oke
  makasih nuwun suwun itu ini saja sih nih dong deh tetapi karena waktu masih hanya cuma juga
  kira kiro kurang lebih sekitar mungkin seingat perkiraan sepertinya kayaknya kurleb an
  tanggalnya tanggale tanggalipun tglnya bulannya tahunnya tahune harinya jamnya
  tidak belum sudah lupa ingat kelingan kemutan eling hafal apal pasti jelas persis yakin tahu paham
  perempuan wanita laki pria wib`.split(/\s+/),
);
const inside: ReadonlySet<string> = new Set('di ing wonten lahir'.split(' '));
/** Words of a request, a question or a story: what holds one of them is hardly a place. */
const telling: ReadonlySet<string> = new Set(
  `mau minta bicara ngobrol orang manusia petugas operator tanya tolong mohon bantu bantuan bingung batal berhenti stop
  nanti besok dulu kembali daftar menu hubungi telepon nomor apa mengapa bagaimana siapa kapan untuk buat bisa boleh
  ktp kk sk nik maaf jangan bukan salah ralat keliru lihat cek ganti ubah rahasia malas lewati lewat skip umur usia yuswa jaman zaman
  sesuai sama seperti nama jam pukul selamat halo assalamualaikum`.split(/\s+/),
);

function plainParts(word: string): readonly string[] {
  return fold(word).split(' ').map(plainWord);
}

function isAll(word: string, set: ReadonlySet<string>): boolean {
  return plainParts(word).every((part) => set.has(part) || part === '');
}

function isAny(word: string, set: ReadonlySet<string>): boolean {
  return plainParts(word).some((part) => set.has(part));
}

function wordsIn(text: string): readonly string[] {
  return text.split(/[\s,;:]+/).filter((word) => word !== '');
}

/** Takes a text about a birth apart. A place is what no date, age, courtesy or doubt is; words within it stay. */
export function takeBirth(text: string, regions: RegionIndex): BirthWords {
  const spaced = wordsIn(text.replace(slashByWord, ' ').replace(gluedDigits, ' ')).join(' ');
  const said = wordsIn(spaced.replace(era, ' ').replace(clock, ' '));
  const { age, rest } = takeAge(withDigits(said).join(' '));
  const words = wordsIn(rest);
  const parts = words.map((_, at) => (isDateAt(words, at) ? 'date' : 'place'));
  const place = placeIn(words, parts, regions);
  return {
    place: titleCase(place.join(' ').replace(/^[\s.'’-]+|[\s'’-]+$/gu, '')),
    date: words.filter((_, at) => parts[at] === 'date').join(' '),
    age,
    isUnknown: saysUnknown(rest),
    isDoubtful: place.some((word) => isAny(word, telling)) || endsInYear(place),
  };
}

/** "Kudus lima puluh": a year without its century may stand behind the place, as "tiga" in "Sala Tiga" does not. */
function endsInYear(place: readonly string[]): boolean {
  const folded = place.map(fold);
  const run = folded.slice(folded.findLastIndex((word) => !isNumberWord(word)) + 1);
  const value = numbersInWords(run)?.at(-1) ?? 0;
  return run.length < place.length && value >= 10 && value < 100;
}

function takeAge(text: string): { readonly age: number | null; readonly rest: string } {
  const said = saidAge.exec(text);
  if (said !== null) return { age: Number(said[1]), rest: text.replace(saidAge, ' ') };
  const [, before = '', years, after = ''] = bareAge.exec(text) ?? [];
  return years === undefined ? { age: null, rest: text } : { age: Number(years), rest: `${before} ${after}` };
}

/** Numbers in words as digits where they belong to a date or an age, never where they may name a place ("Sala Tiga"). */
function withDigits(words: readonly string[]): readonly string[] {
  const folded = words.map(fold);
  const first = folded.findIndex(isNumberWord);
  if (first < 0) return words;
  const length = folded.slice(first).findIndex((word) => !isNumberWord(word));
  const end = length < 0 ? words.length : first + length;
  const run = words.slice(first, end);
  const numbers = numbersInWords(folded.slice(first, end)) ?? [];
  const isDate = belongsToDate(numbers, folded[first - 1] ?? '', folded.slice(end, end + 2));
  const read = isDate ? numbers.map(String) : run;
  return [...words.slice(0, first), ...read, ...withDigits(words.slice(end))];
}

function belongsToDate(
  numbers: readonly number[],
  before: string,
  [after = '', next = '']: readonly string[],
): boolean {
  if (numbers.length === 0) return false;
  if (dateLabels.has(before) || isMonthWord(before) || isMonthWord(after)) return true;
  if (yearLabels.has(after) && !/^\d/.test(next)) return true;
  return numbers.length === 3 || numbers.some((value) => value >= 1900 && value < 2100);
}

function isDateAt(words: readonly string[], at: number): boolean {
  const word = words[at] ?? '';
  const before = words[at - 1] ?? '';
  if (/^\d/.test(words[at + 1] ?? '') && /\d$/.test(before) && isRomanMonth(fold(word))) return true;
  return isDateWord(word) && !(/^\p{L}+$/u.test(word) && isBeforePlaceOfDay.has(fold(before)));
}

/** The first stretch of words between dates that is more than what stands around a place. */
function placeIn(
  words: readonly string[],
  parts: readonly ('date' | 'place')[],
  regions: RegionIndex,
): readonly string[] {
  const first = words.findIndex((word, at) => parts[at] === 'place' && !isAll(word, around));
  if (first < 0) return [];
  const end = parts.indexOf('date', first);
  const stretch = words.slice(first, end < 0 ? undefined : end);
  const last = stretch.findLastIndex((word) => !isAll(word, around));
  const meant = stretch.slice(0, last + 1).filter((word) => !inside.has(fold(word)));
  return withoutAddress(meant, regions);
}

/** "Mas" is how somebody is spoken to and part of a name ("Tanjung Mas"): it goes where a regency is left. */
function withoutAddress(words: readonly string[], regions: RegionIndex): readonly string[] {
  const isMas = (word: string | undefined) => word !== undefined && fold(word) === 'mas';
  const rest = isMas(words[0]) ? words.slice(1) : isMas(words.at(-1)) ? words.slice(0, -1) : [];
  const isRegency = rest.length > 0 && regions.find('regency', '33', rest.join(' ')).kind !== 'none';
  return isRegency ? rest : words;
}
