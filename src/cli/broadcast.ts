import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { readAudience } from '../domain/audience.js';
import { countMessages, countPeople } from '../domain/audience-people.js';
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
import { type Addressee, greeted, openingRoom } from '../domain/opening.js';
import { daysWarm, forecast, type Outreach } from '../domain/outreach.js';
import type { Records } from '../domain/records.js';
import { localAdministrator, province } from '../domain/roles.js';
import { readyText, unreachedSheet, unreachedWords } from '../domain/unreached-sheet.js';
import { channelCapabilities } from '../flow/capabilities.js';
import { saying } from '../flow/message.js';
import { render, splitToFit } from '../flow/render.js';

type Print = (line: string) => void;

/** With what the commands work. */
export interface Desk {
  readonly records: Records;
  readonly outreach: Outreach;
  /** Writes all of these or nothing. */
  readonly write: (statements: ReturnType<typeof lookedAtUnreached>) => Promise<void>;
  readonly print: Print;
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
  const { text, to, urgency, area, expires } = read.data;
  const audience = readAudience(to);
  if (!audience.ok) {
    print(`to: ${audience.what}`);
    return false;
  }
  const announcement = {
    ...({ kind: 'message', rakorId: null, message: saying(text), audience: audience.audience } as const),
    ...{ area, urgency, expiresAt: expires === undefined ? null : new Date(expires) },
    simulator: options.simulator === true,
  };
  const draft = await draftBroadcast(named(options.by), announcement, makingOf(desk));
  await write(draft?.writes ?? []);
  return draft !== null && preview(desk, draft.id);
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
  const count = await countPeople(making.db, askedBy(broadcast, known));
  const at = { now: making.now, urgent: urgency !== 'normal', days: await daysWarm(making.db) };
  print(`${kindNamed(kind).words} ${number}: ${stateWords[state] ?? state}, ${urgency}`);
  for (const line of [audienceLine(broadcast.audience), ...headcountLines(count)]) print(line);
  for (const line of forecastLines(forecast(count, at, outreach))) print(line);
  const shown = greeted(message, someone);
  for (const channel of Object.values(channelCapabilities)) {
    print(`--- ${channel.title}`);
    for (const part of splitToFit(shown, channel)) print(render(part, channel).text);
  }
  if (broadcast.follow !== null)
    print(`--- Besides, to whoever comes, with a calendar file\n${broadcast.follow.text}`);
  if ((await countMessages(making.db, askedBy(broadcast, known))).inGroups)
    print(`--- WhatsApp, in a group\n${greeted(message, someGroup).text}`);
  print(`--- Next: sapa broadcast approve ${number} --by NAME`);
  return true;
}

/** Whoever hears from Sapa for the first time. */
const someone: Addressee = { names: ['Nama Anggota'], isFirst: true, known: { from: 'registration' } };

const someGroup: Addressee = { names: [], isFirst: true, known: { from: 'group' } };

function nothingCalled(which: string | number, print: Print): false {
  print(`There is no broadcast ${which}. See: sapa broadcast list`);
  return false;
}

const refusals: Readonly<Record<Refusal, string>> = {
  unknown: 'There is no such broadcast. See: sapa broadcast list',
  decided: 'It was decided already. See: sapa broadcast list',
  changed: 'Its rakor is another one by now. Change or cancel that: sapa rakor list',
  expired: 'It is too late: its time is over. Make another one: sapa broadcast new',
  own: 'Whoever made it cannot be the second person. Let somebody else say yes, with their own --by NAME.',
  'not-yours': 'It is a draft of somebody else, who has to ask for approval first.',
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
  else writeFileSync(xlsx, await unreachedSheet(words));
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
