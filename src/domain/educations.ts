import { fold } from '../flow/text.js';

/** How far somebody went to school, by the id under which it is kept. */
export const educations: Readonly<Record<string, string>> = {
  sd: 'SD',
  smp: 'SMP',
  sma: 'SMA atau SMK',
  diploma: 'Diploma',
  sarjana: 'Sarjana',
  lain: 'Lainnya',
};

/** How schools are written in lists, folded, beside the words they are shown by. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  sd: ['sr', 'mi', 'sekolah dasar', 'sd sederajat', 'paket a'],
  smp: ['sltp', 'mts', 'smp sederajat', 'paket b'],
  sma: [
    'sma',
    'smk',
    'slta',
    'smu',
    'stm',
    'smea',
    'sgo',
    'spg',
    'ma',
    'sma smk',
    'sma sederajat',
    'slta sederajat',
    'paket c',
  ],
  diploma: [
    'd1',
    'd2',
    'd3',
    'd4',
    'd i',
    'd ii',
    'd iii',
    'd iv',
    'diploma i',
    'diploma ii',
    'diploma iii',
    'diploma iv',
  ],
  sarjana: ['s1', 's2', 's3', 's 1', 's 2', 's 3', 'magister', 'doktor', 'strata 1'],
  lain: ['lain', 'lain lain', 'tidak sekolah', 'tidak diketahui', 'tidak tamat sd'],
};
const bySpelling: ReadonlyMap<string, string> = new Map(
  Object.entries(educations).flatMap(([id, words]) =>
    [fold(words), ...(spellings[id] ?? [])].map((spelling) => [spelling, id]),
  ),
);

/** The education a folded text names, by its id; undefined when it is none we know. */
export function educationIn(folded: string): string | undefined {
  return bySpelling.get(folded);
}
