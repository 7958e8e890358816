import { showPhone } from '../flow/inputs/phone.js';
import { titleCase } from '../flow/text.js';
import { reasons } from './audience-people.js';
import type { Unreached } from './broadcast-desk.js';
import { momentWords } from './broadcast-words.js';
import { roleNames, roleWords } from './roles.js';

/** Somebody who cannot be reached, in words, with a link for each channel that opens the message. */
export interface UnreachedWords {
  readonly seq: string;
  readonly name: string;
  readonly place: string;
  readonly reason: string;
  readonly phone: string | null;
  /** Links that open the message; none: the code is typed after its word. */
  readonly links: readonly string[];
  readonly code: string;
  /** When somebody told them by hand, or they opened it; null: nobody yet. */
  readonly told: string | null;
}

/** The word that stands before the code behind which a message waits. */
export const messageWord = 'PESAN';

/** Puts one of them into words; the number is shown whole, since somebody is to call it. */
export function unreachedWords(
  { seq, name, role, place, reason, phone, contactedAt }: Unreached,
  open: (sealed: Buffer) => string,
  { code, links }: Pick<UnreachedWords, 'code' | 'links'>,
): UnreachedWords {
  const held = roleNames.find((one) => one === role);
  const called = held === undefined ? 'Anggota' : titleCase(roleWords[held]);
  return {
    ...{ seq, place, reason: reasons[reason], links, code },
    name: name === null ? called : titleCase(name),
    phone: phone === null ? null : showPhone(open(phone)),
    told: contactedAt === null ? null : momentWords(contactedAt),
  };
}

/** What somebody may send on by hand: who writes, and how the message is opened. */
export function readyText({ name, links, code }: Pick<UnreachedWords, 'name' | 'links' | 'code'>): string {
  const how =
    links.length === 0
      ? `Kirim pesan ini kepada bot IPSM: *${messageWord} ${code}*`
      : `Ketuk tautan ini, lalu kirim pesan yang sudah tersedia: ${links.join(' atau ')}`;
  return `Yth. Bapak/Ibu ${name}, ada pesan IPSM Jawa Tengah untuk Bapak/Ibu. ${how}`;
}

const headings = [
  'No.',
  'Nama',
  'Wilayah',
  'Alasan',
  'Nomor telepon',
  'Tautan',
  'Pesan siap kirim',
  'Dihubungi',
] as const;
const widths = [10, 32, 36, 26, 20, 44, 60, 28] as const;

/** All of them as a workbook, a line for each. */
export async function unreachedSheet(people: readonly UnreachedWords[]): Promise<Buffer> {
  const { default: write } = await import('write-excel-file/node');
  const head = headings.map((value) => ({ value, fontWeight: 'bold' as const }));
  const body = people.map((one) => [
    ...[one.seq, one.name, one.place, one.reason, one.phone ?? '', one.links.join('\n')],
    ...[one.told === null ? readyText(one) : '', one.told ?? ''],
  ]);
  const written = write([head, ...body], {
    ...{ sheet: 'Tidak terjangkau', stickyRowsCount: 1, columns: widths.map((width) => ({ width })) },
  });
  return written.toBuffer();
}
