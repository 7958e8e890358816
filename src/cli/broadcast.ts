import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { lackingIn, readAudience } from '../domain/audience.js';
import { countMessages, countPeople, readKnown } from '../domain/audience-people.js';
import {
  codeFor,
  keepCodes,
  lookedAtUnreached,
  markContacted,
  type Unreached,
  unreachedOf,
} from '../domain/broadcast-desk.js';
import { kindNamed } from '../domain/broadcast-kinds.js';
import { audienceLine, forecastLines, headcountLines, stateWords } from '../domain/broadcast-words.js';
import {
  approveBroadcast,
  askedBy,
  draftBroadcast,
  findBroadcast,
  type Refusal,
  urgencies,
} from '../domain/broadcasts.js';
import { enclose, keepForMany, type MadeFile } from '../domain/enclosures.js';
import { type Addressee, greeted, openingRoom, roomUnderFile } from '../domain/opening.js';
import { daysWarm, forecast, type Outreach } from '../domain/outreach.js';
import type { Records } from '../domain/records.js';
import { localAdministrator, province } from '../domain/roles.js';
import { readyText, unreachedSheet, unreachedWords } from '../domain/unreached-sheet.js';
import { fileTypeOf, largestFile, showSize } from '../flow/attachment.js';
import { type Capabilities, channelCapabilities } from '../flow/capabilities.js';
import { isSheet } from '../flow/inputs/document.js';
import { type Enclosure, saying } from '../flow/message.js';
import { carriageOf, render, splitToFit } from '../flow/render.js';
import { writeAsked } from './asked-file.js';

type Print = (line: string) => void;

/** With what the commands work. */
export interface Desk {
  readonly records: Records;
  readonly outreach: Outreach;
  /** Writes all of these or nothing. */
  readonly write: (statements: ReturnType<typeof lookedAtUnreached>) => Promise<void>;
  readonly print: Print;
  /** Keeps a file before the row that names it is written. */
  readonly keepFile: (bytes: Uint8Array) => Promise<string>;
}

const mostText =
  Math.min(...Object.values(channelCapabilities).map(({ textLimit }) => textLimit)) - openingRoom;
const areaCode = /^33(\.\d\d){0,3}(\.\d{4})?$|^residency\/[a-z]+$/;

/** What is to be sent, as a file or the options say it. */
const wish = z.strictObject({
  text: z.string().trim().min(10).max(mostText),
  to: z.string(),
  urgency: z.enum(urgencies).default('normal'),
  area: z.string().regex(areaCode).default(province),
  expires: z.iso.datetime({ offset: true }).optional(),
  lampiran: z.string().min(1).optional(),
});

/** The options of `broadcast new`. */
export interface NewWish {
  readonly by: string;
  readonly text?: string;
  readonly to?: string;
  readonly area?: string;
  readonly expires?: string;
  readonly urgent?: boolean;
  readonly lawful?: boolean;
  readonly simulator?: boolean;
}

/** Somebody at the machine; whoever says yes as the second person has to be another one. */
function named(by: string) {
  return localAdministrator(by.trim().toLowerCase());
}

/** `sapa broadcast new`: keeps a draft; false when it cannot be, and what is wrong is said. */
export async function newBroadcast(desk: Desk, file: string | null, options: NewWish): Promise<boolean> {
  const { write, print } = desk;
  const read = wish.safeParse({ ...fromFile(file), ...fromOptions(options) });
  if (!read.success) {
    for (const { path, message } of read.error.issues)
      print(`${path.join('.') || file || 'broadcast'}: ${message}`);
    return false;
  }
  const { text, to, urgency, area, expires, lampiran } = read.data;
  const { simulator = false } = options;
  const audience = readAudience(to);
  if (!audience.ok) return refused(`to: ${audience.what}`, print);
  const making = makingOf(desk);
  const lack = lackingIn(audience.audience, await readKnown(making.db, { ...making, area, simulator }));
  if (lack !== null) return refused(`to: ${lack}`, print);
  const along =
    lampiran === undefined ? null : await fileAlong(desk, resolve(dirname(file ?? ''), lampiran), text);
  if (typeof along === 'string') return refused(along, print);
  const message = { ...saying(text), ...(along === null ? {} : { enclosure: along.enclosure }) };
  const announcement = {
    ...({ kind: 'message', rakorId: null, message, audience: audience.audience } as const),
    ...{ area, urgency, expiresAt: expires === undefined ? null : new Date(expires) },
    simulator,
  };
  const draft = await draftBroadcast(named(options.by), announcement, making);
  await write(draft === null ? [] : [...(along === null ? [] : [along.kept]), ...draft.writes]);
  return draft !== null && preview(desk, draft.id);
}

const million = 1_000_000;
/** As many megabytes as a file in the chat may have. */
const mostMegabytes = Math.floor(largestFile / million);

/** The photo or PDF that goes along, kept, or what is wrong with it. */
async function fileAlong(desk: Desk, path: string, text: string): Promise<MadeFile | string> {
  const bytes = bytesOf(path);
  if (bytes === null) return `lampiran: "${path}" cannot be read. Write its path as it is from this file.`;
  const type = fileTypeOf(bytes);
  if (type === null || isSheet(type))
    return 'lampiran: It is neither a photo (JPEG, PNG, WebP, HEIC) nor a PDF.';
  if (bytes.length > mostMegabytes * million)
    return `lampiran: It has ${showSize(bytes.length)}; ${mostMegabytes} MB is the most.`;
  if (text.length > roomUnderFile)
    return `text: With a file it has at most ${roomUnderFile} characters; these are ${text.length}.`;
  const { kind, mime, name } = enclose({ id: '', jenis: type, ukuran: bytes.length }, 'siaran');
  return keepForMany({ kind, mime, name }, bytes, { ...makingOf(desk), keepFile: desk.keepFile });
}

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

function refused(line: string, print: Print): false {
  print(line);
  return false;
}

function makingOf({ records, outreach }: Desk) {
  const { pool: db, vault, now, newId } = records;
  return { db, vault, now: now(), newId, secondYesAbove: outreach.secondYesAbove };
}

function fromFile(file: string | null): object {
  if (file === null) return {};
  const read: unknown = parse(readFileSync(file, 'utf8'));
  return typeof read === 'object' && read !== null ? read : {};
}

function fromOptions({ text, to, area, expires, urgent, lawful }: NewWish): object {
  const urgency = lawful === true ? 'lawful' : urgent === true ? 'urgent' : undefined;
  return Object.fromEntries(
    Object.entries({ text, to, area, expires, urgency }).filter(([, value]) => value !== undefined),
  );
}

/** `sapa broadcast preview`: whom it reaches, how long it takes, and how each channel will show it; false when there is none. */
export async function preview(desk: Desk, which: string | number): Promise<boolean> {
  const { print, outreach } = desk;
  const making = makingOf(desk);
  const found = await findBroadcast(named('preview'), which, making);
  if (found === null) return nothingCalled(which, print);
  const { broadcast, known } = found;
  const { number, kind, state, urgency, message } = broadcast;
  const lack = lackingIn(broadcast.audience, known);
  if (lack !== null) return refused(`${number}: ${lack}`, print);
  const count = await countPeople(making.db, askedBy(broadcast, known));
  const at = { now: making.now, urgent: urgency !== 'normal', days: await daysWarm(making.db) };
  print(`${kindNamed(kind).words} ${number}: ${stateWords[state] ?? state}, ${urgency}`);
  for (const line of [audienceLine(broadcast.audience), ...headcountLines(count)]) print(line);
  for (const line of forecastLines(forecast(count, at, outreach))) print(line);
  const shown = greeted(message, someone);
  for (const channel of Object.values(channelCapabilities)) {
    print(`--- ${channel.title}`);
    for (const part of splitToFit(shown, channel)) {
      if (part.enclosure !== undefined) print(fileLine(part.enclosure, channel));
      print(render(part, channel).text);
    }
  }
  if (broadcast.follow !== null)
    print(`--- Besides, to whoever comes, with a calendar file\n${broadcast.follow.text}`);
  if ((await countMessages(making.db, askedBy(broadcast, known))).inGroups)
    print(`--- WhatsApp, in a group\n${greeted(message, someGroup).text}`);
  print(`--- Next: sapa broadcast approve ${number} --by NAME`);
  return true;
}

function fileLine(file: Enclosure, channel: Capabilities): string {
  const how = carriageOf(file, channel);
  const isCarried = how === 'photo' || how === 'document';
  return `[${file.name}, ${showSize(file.size)}${isCarried ? '' : ': this channel cannot carry it, the words go alone'}]`;
}

/** Whoever hears from Sapa for the first time. */
const someone: Addressee = { names: ['Nama Anggota'], isFirst: true, known: { from: 'registration' } };

const someGroup: Addressee = { names: [], isFirst: true, known: { from: 'group' } };

function nothingCalled(which: string | number, print: Print): false {
  return refused(`There is no broadcast ${which}. See: sapa broadcast list`, print);
}

const refusals: Readonly<Record<Refusal, string>> = {
  unknown: 'There is no such broadcast. See: sapa broadcast list',
  decided: 'It was decided already. See: sapa broadcast list',
  changed: 'Its rakor is another one by now. Change or cancel that: sapa rakor list',
  expired: 'It is too late: its time is over. Make another one: sapa broadcast new',
  own: 'Whoever made it cannot be the second person. Let somebody else say yes, with their own --by NAME.',
  'not-yours': 'It is a draft of somebody else, who has to ask for approval first.',
  'no-list': 'It names a list that is not there (any more). See: sapa audience list. Make another broadcast.',
};

/** `sapa broadcast approve`: a yes of somebody at the machine; false when it is refused. */
export async function approve(
  { records, outreach, print }: Desk,
  number: number,
  by: string,
): Promise<boolean> {
  const { secondYesAbove } = outreach;
  const approval = await approveBroadcast(named(by), number, { ...records, secondYesAbove });
  if (approval.result === 'refused') print(refusals[approval.why]);
  else if (approval.result === 'running')
    print(`Broadcast ${number} goes out: ${approval.messages} messages.`);
  else
    print(
      `Broadcast ${number} (${approval.messages} messages) waits for a second person: ${approval.asked} were asked in the chat. At this machine: sapa broadcast approve ${number} --by ANOTHER-NAME`,
    );
  return approval.result !== 'refused';
}

/** As many as one page of a terminal. */
const pageSize = 20;
const mostInFile = 100_000;

/** `sapa broadcast unreachable`: whom Sapa cannot reach, a page of them or all as a workbook. */
export async function unreachable(
  { records, write, print }: Desk,
  number: number,
  { xlsx, page = '1' }: { readonly xlsx?: string; readonly page?: string },
): Promise<boolean> {
  const viewer = named('unreachable');
  const after = (Math.max(1, Math.trunc(Number(page)) || 1) - 1) * pageSize;
  const part = xlsx === undefined ? { most: pageSize, after } : { most: mostInFile, after: 0, told: true };
  const { count, people } = await unreachedOf(viewer, { number, ...part }, records.pool);
  if (people.length === 0) {
    print(`Nobody of broadcast ${number} has to be told by hand.`);
    return true;
  }
  const looks = lookedAtUnreached(viewer, people, records.now());
  await write([keepCodes(people, records.vault), ...looks]);
  const words = people.map((one) => wordsOf(one, records));
  if (xlsx === undefined) for (const one of words) print(lineOf(one));
  else writeAsked(xlsx, await unreachedSheet(words));
  print(
    xlsx === undefined
      ? `${count} in all. When one was told: sapa broadcast contacted ${number} NO. --by NAME`
      : `${xlsx}: ${people.length} people.`,
  );
  return true;
}

function wordsOf(one: Unreached, { vault }: Records) {
  return unreachedWords(one, vault.open, { code: codeFor(one, vault), links: [] });
}

function lineOf(one: ReturnType<typeof wordsOf>): string {
  const { seq, name, place, reason, phone } = one;
  return `${seq}  ${name}, ${place}  ${reason}  ${phone ?? '-'}\n    ${readyText(one)}`;
}

/** `sapa broadcast contacted`: one of them was told by hand; false when that cannot be said (any more). */
export async function contacted(
  { records, write, print }: Desk,
  number: number,
  seq: string,
  by: string,
): Promise<boolean> {
  const tools = { db: records.pool, now: records.now() };
  const writes = /^\d{1,15}$/.test(seq) ? await markContacted(named(by), number, seq, tools) : null;
  await write(writes ?? []);
  print(
    writes === null
      ? `Nobody of broadcast ${number} waits under ${seq}. See: sapa broadcast unreachable ${number}`
      : 'Kept.',
  );
  return writes !== null;
}
