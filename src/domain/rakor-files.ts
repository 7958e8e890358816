import { mimeOf } from '../flow/attachment.js';
import type { Enclosure } from '../flow/message.js';
import { insertAttachment } from '../store/attachments.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { pdfOf } from './paper.js';
import type { Rakor, RakorReading } from './rakor.js';
import { calendarOf } from './rakor-calendar.js';
import { letterOf } from './rakor-letter.js';
import type { Tools } from './reach.js';

/** With what files for many are kept: the bytes before the row that names them is written. */
export interface FileMaking extends Tools {
  readonly keepFile: (bytes: Uint8Array) => Promise<string>;
}

/** A file for many, as it goes out with a message, and the statement that keeps it. */
export interface KeptForMany {
  readonly kept: Statement;
  readonly enclosure: Enclosure;
}

/** Under which type the letter of a rakor is kept: one that we wrote, or one that whoever calls the rakor brought. */
const types = { ours: 'letter', theirs: 'letter-brought' } as const;

/** The types of files that belong to a rakor. */
export const rakorFileTypes: readonly string[] = Object.values(types);

/** A PDF that is the letter in the place of the one we would write: the name its content is kept under, and its size. */
export interface GivenLetter {
  readonly file: string;
  readonly size: number;
}

const letterName = 'undangan-rakor.pdf';
const pdf = mimeOf('pdf');
const givenText = `SELECT file, size FROM attachment WHERE id = $1::uuid AND contact_id = $2 AND type = 'pdf' AND file IS NOT NULL`;

/** The letter that somebody has sent in the chat; null when there is none (any more). */
export async function letterSentBy(
  contactId: string,
  id: string,
  db: Queryable,
): Promise<GivenLetter | null> {
  const statement = { name: 'rakor-letter-sent', text: givenText, values: [id, contactId] };
  return (await run<GivenLetter>(db, statement))[0] ?? null;
}

/** Keeps a letter that was brought. It outlives the message it came with, since it is for many. */
export function keepGiven({ file, size }: GivenLetter, making: FileMaking): KeptForMany {
  return kept(types.theirs, { file, size, name: letterName, mime: pdf }, making);
}

/** Writes the letter of a rakor, and keeps it. */
export async function writeLetter(rakor: Rakor, making: FileMaking): Promise<KeptForMany> {
  const bytes = await pdfOf(letterOf(rakor, making.now));
  const file = await making.keepFile(bytes);
  return kept(types.ours, { file, size: bytes.length, name: letterName, mime: pdf }, making);
}

/** Keeps a rakor as it stands as a calendar file. */
export async function keepCalendar(rakor: Rakor, name: string, making: FileMaking): Promise<KeptForMany> {
  const bytes = calendarOf(rakor, making.now);
  const file = await making.keepFile(bytes);
  return kept(types.ours, { file, size: bytes.length, name, mime: 'text/calendar' }, making);
}

interface Content extends GivenLetter {
  readonly name: string;
  readonly mime: string;
}

function kept(
  type: string,
  { file, size, name, mime }: Content,
  { vault, newId, now: at }: FileMaking,
): KeptForMany {
  const id = newId();
  const row = { id, contactId: null, inboundId: null, type, size, name: vault.seal(name), file, at };
  return { kept: insertAttachment(row), enclosure: { kind: 'document', content: id, mime, name, size } };
}

/** The letter of a rakor as it goes out; `isOurs`: we wrote it. */
export interface RakorLetter {
  readonly enclosure: Enclosure;
  readonly isOurs: boolean;
  readonly file: string | null;
}

interface LetterRow {
  readonly type: string;
  readonly size: number;
  readonly name: Buffer | null;
  readonly file: string | null;
}

const letterText = 'SELECT type, size, name_sealed AS name, file FROM attachment WHERE id = $1::uuid';

/** The letter of a rakor; null when it has none (any more). */
export async function letterOfRakor(
  { letterId: content }: Pick<Rakor, 'letterId'>,
  { db, vault }: RakorReading,
): Promise<RakorLetter | null> {
  if (content === null) return null;
  const [row] = await run<LetterRow>(db, { name: 'rakor-letter', text: letterText, values: [content] });
  if (row === undefined) return null;
  const { type, size, file } = row;
  const name = row.name === null ? letterName : vault.open(row.name);
  return {
    ...{ isOurs: type === types.ours, file },
    enclosure: { kind: 'document', content, mime: pdf, name, size },
  };
}
