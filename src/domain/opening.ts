import { channelCapabilities } from '../flow/capabilities.js';
import type { Message } from '../flow/message.js';
import { shorten } from '../flow/render.js';
import { titleCase } from '../flow/text.js';

/** Whom a message of a broadcast speaks to. */
export interface Addressee {
  /** The members it is for; none where it is for somebody who is no member. */
  readonly names: readonly string[];
  /** No broadcast has reached the address before. */
  readonly isFirst: boolean;
  /** From where the address is known. */
  readonly known:
    | { readonly from: 'registration' | 'office' | 'writing' }
    | { readonly from: 'group' }
    | { readonly from: 'list'; readonly place: string };
}

/** So many characters a greeting and an introduction may take: what a broadcast says has to leave room for them. */
export const openingRoom = 400;

/** With a file a text is its caption, and has to leave room for what stands in front of it. */
export const roomUnderFile =
  Math.min(...Object.values(channelCapabilities).map(({ captionLimit }) => captionLimit)) - openingRoom;

/** All names are said up to so many characters; beyond it the first one. */
const longestNames = 120;
const longestName = 80;

/**
 * A message as one person gets it: of a broadcast with its greeting, and introduced where none has come to the address before; any other
 * as it is.
 */
export function greeted(message: Message, addressee: Addressee | undefined): Message {
  if (addressee === undefined) return message;
  if (addressee.known.from === 'group') return inGroup(message, addressee.isFirst);
  const parts = [
    greeting(addressee.names),
    addressee.isFirst ? introduction(addressee.known) : '',
    message.text,
  ];
  return { ...message, text: joined(parts) };
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

const groupIntroduction =
  'Saya asisten otomatis IPSM Jawa Tengah. Yang ditulis di grup ini tidak kami baca dan tidak kami simpan; tulislah secara pribadi kepada nomor ini, misalnya *BERHENTI*. Bila grup ini tidak ingin menerima pesan seperti ini, keluarkan nomor ini dari grup.';

/** A group answers nothing: what is asked is answered in words, to the number itself. */
function inGroup({ text, choices, ...message }: Message, isFirst: boolean): Message {
  const words = choices.map(({ label }) => `*${label.toUpperCase()}*`).join(' / ');
  const answering = words === '' ? '' : `Jawablah secara pribadi kepada nomor ini, bukan di grup: ${words}.`;
  const parts = ['Yth. Bapak/Ibu anggota grup,', isFirst ? groupIntroduction : '', text, answering];
  return { ...message, choices: [], question: null, text: joined(parts) };
}

/** One phone may speak for several members: all are meant. */
function greeting(names: readonly string[]): string {
  const each = [...new Set(names.map((name) => shorten(titleCase(name), longestName)))];
  if (each.length === 0) return 'Yth. Bapak/Ibu,';
  const all = listed(each);
  return `Yth. Bapak/Ibu ${all.length <= longestNames ? all : `${each[0]} dan ${each.length - 1} anggota lain`},`;
}

function listed(names: readonly string[]): string {
  if (names.length < 3) return names.join(' dan ');
  return `${names.slice(0, -1).join(', ')}, dan ${names.at(-1)}`;
}

const sources: Readonly<Record<Exclude<Addressee['known']['from'], 'group'>, string>> = {
  registration: 'dari pendaftaran Bapak/Ibu sebagai PSM',
  list: 'dari daftar PSM',
  office: 'dari daftar pengurus dan petugas IPSM',
  writing: 'karena Bapak/Ibu pernah menulis kepada kami',
};

function introduction(known: Exclude<Addressee['known'], { from: 'group' }>): string {
  const source = known.from === 'list' ? `${sources.list} ${known.place}` : sources[known.from];
  return `Saya asisten otomatis IPSM Jawa Tengah. Kontak Bapak/Ibu kami peroleh ${source}. Bila tidak ingin menerima pesan seperti ini, ketik *BERHENTI*.`;
}
