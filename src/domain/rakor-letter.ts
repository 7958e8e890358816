import { showDate } from '../flow/calendar.js';
import type { Block, Fact, Paper } from './paper.js';
import { dayOfRakor, hoursOfRakor, mapLink, momentInWords, type Rakor } from './rakor.js';
import { dayInWib } from './wib.js';

/** What of a rakor its papers are made of. */
export type Called = Pick<Rakor, 'details' | 'startsAt' | 'endsAt' | 'answerBy' | 'place' | 'version'>;

/** What is told of a rakor wherever it is told, line by line. */
export function factsOf(rakor: Called): readonly Fact[] {
  const { details } = rakor;
  const { dibawa, pakaian, narahubung, acara, tempat } = details;
  const map = mapLink(details);
  return [
    ['Hari/Tanggal', dayOfRakor(rakor)],
    ['Waktu', hoursOfRakor(rakor)],
    ['Tempat', tempat],
    ...some('Peta', map),
    ['Acara', acara],
    ...some('Yang dibawa', dibawa),
    ...some('Pakaian', pakaian),
    ...some('Narahubung', narahubung),
  ];
}

function some(label: string, value: string | null): readonly Fact[] {
  return value === null ? [] : [[label, value]];
}

/** The official letter of a rakor; `on` is the day it is written. */
export function letterOf(rakor: Called, on: Date): Paper {
  const { details } = rakor;
  const { hal, kepada } = details;
  return {
    title: `${hal} - ${details.nomor}`,
    blocks: [
      headOf(rakor),
      reference(rakor, on),
      { kind: 'text', text: `Yth.\n${kepada}\ndi tempat` },
      { kind: 'text', text: opening(rakor) },
      { kind: 'facts', facts: factsOf(rakor) },
      ...numbered('Agenda:', details.agenda),
      ...numbered('Topik yang dibahas:', details.topik),
      ...answerWish(rakor),
      { kind: 'text', text: closing },
      signatureOf(rakor),
      ...numbered('Tembusan:', details.tembusan),
    ],
  };
}

const closing =
  'Demikian undangan ini kami sampaikan. Atas perhatian dan kehadiran Bapak/Ibu disampaikan terima kasih.';

/** Whoever calls: the lines of the head, or the IPSM of the area. */
export function headOf({ details, place }: Called): Block {
  return details.kop.length > 0 ? { kind: 'head', lines: details.kop } : ownHeadOf(place);
}

/** The head of the IPSM of a place. */
export function ownHeadOf(place: string): Block {
  const own = ['Ikatan Pekerja Sosial Masyarakat (IPSM)', place].map((text) => text.toUpperCase());
  return { kind: 'head', lines: own };
}

function reference({ details, version }: Called, on: Date): Block {
  const { nomor, sifat, lampiran, hal, kota } = details;
  const changed = version > 1 ? `Perubahan ${hal}` : hal;
  const facts: readonly Fact[] = [
    ['Nomor', nomor],
    ['Sifat', sifat],
    ['Lampiran', lampiran ?? '-'],
    ['Hal', changed],
  ];
  return { kind: 'reference', facts, right: `${kota ?? 'Semarang'}, ${showDate(dayInWib(on))}` };
}

function opening({ place, version }: Called): string {
  const news = version > 1 ? ' dengan perubahan sebagaimana tertulis di bawah ini' : '';
  return `Dengan hormat, IPSM ${place} mengundang Bapak/Ibu untuk hadir pada rapat koordinasi${news}, yang diselenggarakan pada:`;
}

function answerWish({ answerBy }: Called): readonly Block[] {
  if (answerBy === null) return [];
  const text = `Mohon kehadiran dikonfirmasi paling lambat ${momentInWords(answerBy)}.`;
  return [{ kind: 'text', text }];
}

function numbered(heading: string, items: readonly string[]): readonly Block[] {
  if (items.length === 0) return [];
  return [
    { kind: 'text', text: heading },
    { kind: 'list', items },
  ];
}

/** What stands where a name is to be written by hand. */
export const blank = '(..............................)';

/** Whoever signs; without a name there is a line for it. */
function signatureOf({ details, place }: Called): Block {
  const { jabatan, nama } = details.tandatangan ?? { jabatan: `Ketua IPSM ${place}`, nama: blank };
  return { kind: 'signature', above: [`${jabatan},`], name: nama };
}
