import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Fact } from '../domain/paper.js';
import { momentInWords, type Rakor } from '../domain/rakor.js';
import { factsOf } from '../domain/rakor-letter.js';
import {
  callRakor,
  cancelRakor,
  changeRakor,
  keepRakor,
  type RakorMade,
  type RakorMaking,
  type RakorRefusal,
  rakorsFor,
  usualAudience,
} from '../domain/rakors.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';
import { fileTypeOf, largestFile } from '../flow/attachment.js';
import { type RakorFile, readRakorFile } from './rakor-file.js';

/** What these commands need beside records. */
export interface RakorRecords extends Records, Pick<RakorMaking, 'keepFile' | 'secondYesAbove'> {}

type Print = (line: string) => void;

const viewer = localAdministrator('rakor');

function making(records: RakorRecords): RakorMaking {
  const { pool, vault, newId, now, keepFile, secondYesAbove } = records;
  return { db: pool, vault, newId, keepFile, secondYesAbove, now: now() };
}

/** `sapa rakor new FILE`: makes a rakor and its invitation, as a draft; false when the file has a fault. */
export async function newRakor(
  records: RakorRecords,
  { file, simulator }: { readonly file: string; readonly simulator: boolean },
  print: Print,
): Promise<boolean> {
  const read = readFile(file, records, print);
  if (read === null) return false;
  const audience = read.audience ?? usualAudience(read.area);
  const wish = { ...(await wishOf(read, records)), simulator, audience };
  return finish(await callRakor(viewer, wish, making(records)), records, print);
}

/** What a file says, its letter kept. */
async function wishOf({ letter, ...read }: RakorFile, { keepFile }: RakorRecords) {
  if (letter === null) return read;
  return { ...read, letter: { file: await keepFile(letter), size: letter.length } };
}

function readFile(file: string, records: RakorRecords, print: Print) {
  const source = bytesOf(file)?.toString('utf8') ?? null;
  if (source === null) {
    print(`"${file}" cannot be read. Give the path of a YAML file.`);
    return null;
  }
  const read = readRakorFile(source, records.now(), (path) => letterAt(resolve(dirname(file), path)));
  if (!('length' in read)) return read;
  for (const { line, what } of read) print(`${file}:${line}: ${what}`);
  return null;
}

function letterAt(path: string): Uint8Array | string {
  const bytes = bytesOf(path);
  if (bytes === null)
    return `"${path}" cannot be read. Give the path of a PDF, as seen from the folder of this file.`;
  if (fileTypeOf(bytes) !== 'pdf') return `"${path}" is no PDF. Save the letter as one.`;
  return bytes.length > largestFile ? `"${path}" is larger than 5 MB. Save it with smaller pictures.` : bytes;
}

function bytesOf(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

const refusals: Readonly<Record<RakorRefusal, string>> = {
  refused: 'There is no such area. Write the code of a region, 33, or residency/ID after "wilayah".',
  over: 'It has begun, is over or was cancelled: nothing can be changed any more.',
  same: 'Nothing is different. Change the file first.',
};

async function finish(made: RakorMade | RakorRefusal, records: RakorRecords, print: Print): Promise<boolean> {
  if (typeof made === 'string') {
    print(refusals[made]);
    return false;
  }
  await keepRakor(made, records.pool);
  const rakor = await records.prisma.rakor.findUniqueOrThrow({ where: { id: made.id } });
  print(
    made.waits
      ? `Rakor ${rakor.number} stays as it is until those who were invited are told.`
      : `Rakor ${rakor.number} is kept.`,
  );
  if (made.draft?.isWithoutLetter === true)
    print(
      'No letter goes with it: the last one was not made here. Name the new one in the file: "surat: PATH.pdf".',
    );
  await tellDraft(made.draft, records, print);
  return true;
}

async function tellDraft(draft: RakorMade['draft'], { prisma }: RakorRecords, print: Print): Promise<void> {
  if (draft === null) return print('Nobody was invited yet, so nobody is told.');
  const { number } = await prisma.broadcast.findUniqueOrThrow({ where: { id: draft.id } });
  print(
    `Nothing is sent yet. Look at it: sapa broadcast preview ${number}. Send it: sapa broadcast approve ${number}.`,
  );
}

/** `sapa rakor list`: every rakor, the latest first. */
export async function listRakors(records: RakorRecords, print: Print): Promise<void> {
  const all = await rakorsFor(viewer, making(records));
  if (all.length === 0) print('No rakor has been called yet. Call one: sapa rakor new FILE.yaml.');
  for (const { number, state, place, startsAt, details } of all)
    print(`${number}  ${state}  ${momentInWords(startsAt)}  ${details.acara} (${place})`);
}

const answerWords: readonly Fact[] = [
  ['hadir', 'come'],
  ['mungkin', 'insya Allah'],
  ['tidak', 'do not come'],
  ['diwakilkan', 'send somebody'],
];

/** `sapa rakor show N`: what its letter says, and how many have answered what. */
export async function showRakor(records: RakorRecords, number: number, print: Print): Promise<boolean> {
  const rakor = await numbered(records, number, print);
  if (rakor === null) return false;
  print(`Rakor ${number}, ${rakor.state}, version ${rakor.version}, ${rakor.place}`);
  for (const [label, value] of factsOf(rakor)) print(`${label}: ${value}`);
  const counts = await records.prisma.invitation.groupBy({
    by: ['answer'],
    where: { rakorId: rakor.id, delegateOfId: null },
    _count: true,
  });
  const of = (answer: string | null) => counts.find((one) => one.answer === answer)?._count ?? 0;
  for (const [answer, words] of answerWords) print(`${words}: ${of(answer)}`);
  print(`no answer yet: ${of(null)}`);
  return true;
}

async function numbered(records: RakorRecords, number: number, print: Print): Promise<Rakor | null> {
  const found = (await rakorsFor(viewer, making(records))).find((rakor) => rakor.number === number);
  if (found === undefined) print(`There is no rakor ${number}. See: sapa rakor list.`);
  return found ?? null;
}

/** `sapa rakor change N FILE`: takes the file in the place of what was; whoever is invited is told what is different, by a draft. */
export async function changeByFile(
  records: RakorRecords,
  { number, file }: { readonly number: number; readonly file: string },
  print: Print,
): Promise<boolean> {
  const rakor = await numbered(records, number, print);
  const read = rakor === null ? null : readFile(file, records, print);
  if (rakor === null || read === null) return false;
  const audience = read.audience ?? usualAudience(rakor.area);
  const change = { ...(await wishOf(read, records)), audience };
  return finish(await changeRakor(viewer, rakor, change, making(records)), records, print);
}

/** `sapa rakor cancel N --reason TEXT`. */
export async function cancelByNumber(
  records: RakorRecords,
  { number, reason }: { readonly number: number; readonly reason: string },
  print: Print,
): Promise<boolean> {
  const rakor = await numbered(records, number, print);
  if (rakor === null) return false;
  return finish(await cancelRakor(viewer, rakor, reason, making(records)), records, print);
}
