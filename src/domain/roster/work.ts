import type pg from 'pg';
import type { Region, RegionIndex } from '../../flow/regions.js';
import { attachmentBytes } from '../../store/attachments.js';
import { type FileStore, keepIn } from '../../store/files.js';
import { ChangedMeanwhile, run } from '../../store/statement.js';
import { writeTogether } from '../../store/transaction.js';
import { makeFile } from '../enclosures.js';
import { viewerNow } from '../helpers.js';
import type { Tools } from '../reach.js';
import type { Records } from '../records.js';
import { areasFor, type Viewer } from '../roles.js';
import { type Imported, type ImportWish, importRoster } from './import.js';
import { beginJob, columnsOf, type Ending, endJob, type Job } from './jobs.js';
import type { Planned } from './plan.js';
import type { RosterFile } from './prepare.js';
import { countsOf, reportName, reportOf } from './report.js';
import { undoRoster } from './undo.js';

/** With what lists sent in the chat are worked through. */
export interface Desk extends Records {
  readonly fileStore: FileStore;
  readonly regions: RegionIndex;
}

/** So often a list may end the process that works on it before it is given up: a file can be made to do that. */
const mostTries = 5;

const aloneText = `SELECT pg_try_advisory_lock(hashtextextended('roster-jobs', 2)) AS mine`;
const unlockText = `SELECT pg_advisory_unlock(hashtextextended('roster-jobs', 2))`;

/**
 * Works through the lists that wait, one after the other; gives how many came to something. One process at a time does, and what it leaves when
 * it dies the next one begins anew: everything about a list is written in one transaction, which finds it as it was begun.
 */
export async function workOnLists(desk: Desk): Promise<number> {
  const connection = await desk.pool.connect();
  try {
    const [lock] = await run<{ mine: boolean }>(connection, {
      name: 'roster-alone',
      text: aloneText,
      values: [],
    });
    return lock?.mine === true ? await workAlone(connection, desk) : 0;
  } finally {
    connection.release();
  }
}

async function workAlone(connection: pg.PoolClient, desk: Desk): Promise<number> {
  const done: string[] = [];
  try {
    for (let job = await beginJob(done, desk.pool); job !== null; job = await beginJob(done, desk.pool)) {
      done.push(job.id);
      await unlessReplaced(workOn(job, desk));
    }
    return done.length;
  } finally {
    await run(connection, { name: 'roster-unlock', text: unlockText, values: [] });
  }
}

/** Whoever has sent another list meanwhile is told of that one. */
async function unlessReplaced(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile)) throw error;
  }
}

async function workOn(job: Job, desk: Desk): Promise<void> {
  if (job.tries > mostTries)
    return fail(job, 'Berkas ini tidak dapat diolah. Mohon dibagi menjadi beberapa berkas.', desk);
  if (job.state === 'undo') return takeBack(job, desk);
  const file = await fileOf(job, desk);
  if (file === null) return fail(job, 'Berkasnya sudah tidak ada. Mohon dikirim lagi.', desk);
  return job.state === 'look' ? look(job, file, desk) : write(job, file, desk);
}

function toolsOf({ vault, newId, now }: Records): Tools {
  return { vault, newId, now: now() };
}

async function end(job: Job, ending: Ending, desk: Desk): Promise<void> {
  await writeTogether(desk.pool, endJob(job, ending, toolsOf(desk)));
}

function fail(job: Job, why: string, desk: Desk): Promise<void> {
  return end(job, { found: { kind: 'failed', why } }, desk);
}

/** The list with what is known of it: columns set by hand, and the regency of whoever looks after one. */
async function fileOf(job: Job, desk: Desk): Promise<RosterFile | null> {
  const { pool: db, vault, fileStore } = desk;
  const bytes =
    job.attachmentId === null ? null : await attachmentBytes({ db, vault, fileStore }, job.attachmentId);
  if (bytes === null) return null;
  return {
    bytes: Buffer.from(bytes),
    byHand: columnsOf(job, desk),
    regency: regencyOf(await viewerOf(job, desk), desk.regions),
  };
}

/** Whoever sent it, with the roles of this moment. */
function viewerOf({ contactId, simulator }: Job, { pool }: Desk): Promise<Viewer> {
  return viewerNow(pool, contactId, simulator);
}

function regencyOf(viewer: Viewer, regions: RegionIndex): Region | null {
  const [only, another] = areasFor(viewer, 'import-people');
  const region = only === undefined || another !== undefined ? undefined : regions.get(only);
  return region?.level === 'regency' ? region : null;
}

async function wishOf(job: Job, desk: Desk): Promise<Omit<ImportWish, 'apply'>> {
  return { viewer: await viewerOf(job, desk), regions: desk.regions, simulator: job.simulator };
}

/** Looks a list through and makes the report; the person is asked whether it is to be written. */
async function look(job: Job, file: RosterFile, desk: Desk): Promise<void> {
  const looked = await importRoster(file, { ...(await wishOf(job, desk)), apply: false }, desk);
  if (!looked.ok) return fail(job, `${looked.what} ${looked.mend}`, desk);
  const { contactId, inboundId } = job;
  const tools = toolsOf(desk);
  const making = {
    ...tools,
    contactId,
    inboundId: inboundId ?? job.id,
    keepFile: (bytes: Uint8Array) => keepIn(desk.fileStore, bytes),
  };
  const report = await makeFile('sheet', reportName, await reportOf(looked.planned), making);
  const ending = { found: tellList(looked), reportId: report.enclosure.content };
  await writeTogether(desk.pool, [report.kept, ...endJob(job, ending, tools)]);
}

/** As many refused lines are told in the chat; all of them stand in the report. */
const mostTold = 5;

function tellList({ columns, planned }: Extract<Imported, { readonly ok: true }>): Ending['found'] {
  const refused = planned.filter(({ fate }) => fate === 'refused');
  return {
    kind: 'list',
    columns: columns.map(({ heading, field }) => ({ heading, field: field?.name ?? null })),
    counts: countsOf(planned),
    refused: refused.slice(0, mostTold).map(refusalTold),
  };
}

function refusalTold({ line: { sheet, number }, remarks }: Planned): string {
  return `${sheet === null ? '' : `lembar ${sheet} `}baris ${number}: ${remarks.join(' ')}`;
}

/** Writes a list, and that it was written, together. */
async function write(job: Job, file: RosterFile, desk: Desk): Promise<void> {
  const alongside = (number: number | null, planned: readonly Planned[]) =>
    endJob(job, { found: { kind: 'imported', counts: countsOf(planned) }, number }, toolsOf(desk));
  const done = await importRoster(file, { ...(await wishOf(job, desk)), apply: true, alongside }, desk);
  if (!done.ok) await fail(job, `${done.what} ${done.mend}`, desk);
}

/** Takes a list back, and writes that it was, together. */
async function takeBack(job: Job, desk: Desk): Promise<void> {
  const alongside = (taken: {
    readonly removed: number;
    readonly restored: number;
    readonly stayed: number;
  }) => endJob(job, { found: { kind: 'taken-back', ...taken } }, toolsOf(desk));
  const undone = await undoRoster(job.number ?? 0, { who: job.contactId, alongside }, desk);
  if (!undone.ok) await fail(job, stillThere(undone.later), desk);
}

function stillThere(later: number | null): string {
  if (later === null) return 'Daftar itu sudah dibatalkan, atau tidak ada lagi.';
  return `Daftar nomor ${later} yang lebih baru memuat orang yang sama. Mohon batalkan daftar nomor ${later} lebih dahulu.`;
}
