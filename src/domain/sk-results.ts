import { titleCase } from '../flow/text.js';
import type { Queryable, Statement } from '../store/statement.js';
import { contactsOf, mailboxesOf } from './mailboxes.js';
import { maskNumbers } from './mask.js';
import { sendTo, type Tools } from './reach.js';
import type { SkMove } from './sk.js';

/** What became of somebody's SK: to be told to the contacts that speak for this member. */
export interface SkResult {
  readonly memberId: string;
  readonly name: string;
  readonly move: SkMove;
  /** In the verifier's words. */
  readonly reason: string | null;
}

const note = ({ reason }: SkResult) => (reason === null ? '' : `\nCatatan petugas: ${maskNumbers(reason)}`);
const called = ({ name }: SkResult) => `*${titleCase(name)}*`;
const approved = (result: SkResult) =>
  `Kabar baik, Bapak/Ibu. SK atas nama ${called(result)} sudah diperiksa petugas dan *sah*. Terima kasih.`;

const words: Partial<Readonly<Record<SkMove, (result: SkResult) => string>>> = {
  sahkan: approved,
  perbarui: approved,
  perbaiki: (result) =>
    `SK atas nama ${called(result)} sudah diperiksa petugas, dan masih perlu diperbaiki.${note(result)}\n\nKetik *KIRIM SK* untuk mengirim perbaikannya, atau *PETUGAS* bila perlu dibantu.`,
  tolak: (result) =>
    `Mohon maaf, SK atas nama ${called(result)} belum dapat kami terima.${note(result)}\n\nKetik *KIRIM SK* bila ada SK yang lain, atau *PETUGAS* bila ingin bertanya.`,
  cabut: (result) =>
    `SK atas nama ${called(result)} tercatat *dicabut*.${note(result)}\n\nKetik *KIRIM SK* bila ada SK yang baru, atau *PETUGAS* bila ingin bertanya.`,
  'cek-ulang': (result) =>
    `SK atas nama ${called(result)} akan diperiksa sekali lagi oleh petugas, jadi hasil yang tadi belum berlaku. Mohon maaf. Kami kabari bila sudah selesai.`,
};

/** Tells a member what became of the SK, over every contact that speaks for the member; `cause` is the decree it is about. */
export async function tellResult(
  result: SkResult,
  cause: string,
  { db, ...tools }: Tools & { readonly db: Queryable },
): Promise<readonly Statement[]> {
  const text = words[result.move]?.(result);
  if (text === undefined) return [];
  const boxes = await mailboxesOf(db, await contactsOf(db, result.memberId));
  return boxes.flatMap((box) => sendTo(box, text, cause, tools));
}
