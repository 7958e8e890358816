import { z } from 'zod';
import { fileTypes } from '../flow/attachment.js';
import type { Statement } from '../store/statement.js';
import { enclose } from './enclosures.js';
import { maskNumbers } from './mask.js';
import { type Mailbox, sendTo, type Tools } from './reach.js';

/** What one side of a conversation with a human sends the other: words, a photo or a document with or without them. */
export const relayed = z.object({
  pesan: z.string(),
  berkas: z
    .object({ id: z.string(), jenis: z.enum(fileTypes), ukuran: z.number(), nama: z.string().nullish() })
    .nullish(),
});
type Relayed = z.infer<typeof relayed>;
type File = NonNullable<Relayed['berkas']>;

/** The same as an action takes it from a flow. */
export const relayedTypes = {
  pesan: { type: 'text' },
  berkas: { type: 'document', optional: true },
} as const;

/** Sends it to the other side: numbers in what was written are cut, files go as they are. */
export function relay(
  to: Mailbox,
  from: 'Anggota' | 'Petugas',
  { pesan, berkas }: Relayed,
  cause: string,
  tools: Tools,
): readonly Statement[] {
  const words =
    pesan === '' && berkas ? `*${from}* mengirim ${noun(berkas)}.` : `*${from}*: ${maskNumbers(pesan)}`;
  return sendTo(to, words, cause, tools, berkas ? enclose(berkas, nameOf(berkas)) : undefined);
}

/** What of it can stand among the last messages, for a human who takes over. */
export function wordsOf({ pesan, berkas }: Relayed): string {
  return [...(berkas ? [`[${noun(berkas)}]`] : []), pesan].filter((part) => part !== '').join(' ');
}

function noun({ jenis }: File): string {
  return jenis === 'pdf' ? 'berkas PDF' : 'foto';
}

const longestName = 60;

/** A name is the sender's to write: numbers in it are cut as in a text. */
function nameOf({ jenis, nama }: File): string {
  const bare = (nama ?? '').replace(/\.[^.]{1,5}$/, '');
  const plain = maskNumbers(bare)
    .replace(/[^\p{L}\p{N} ._()-]+/gu, '_')
    .trim();
  const given = plain.slice(0, longestName).trim();
  return given === '' ? (jenis === 'pdf' ? 'berkas' : 'foto') : given;
}
