import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { filesType, optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext } from '../action.js';
import { workbookEnclosure } from '../enclosures.js';
import { viewing } from '../helpers.js';
import { maskNumbers } from '../mask.js';
import { areasFor } from '../roles.js';
import { fieldNames } from '../roster/fields.js';
import {
  askForList,
  columnsOf,
  dropJob,
  type Found,
  forgetFile,
  foundIn,
  goOn,
  type Job,
  jobOf,
} from '../roster/jobs.js';
import { ownRosters } from '../roster/lists.js';
import { countsLines, reportName } from '../roster/report.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';

const sent = { berkas: { type: 'sheet' } } as const;
const sentArgs = z.object({ berkas: z.object({ id: z.uuid() }) });
const asked = { queued: {}, busy: {}, refused: {} } as const;

/** A list is to be looked through, outside of any turn. `busy`: another one of this person is being written just now. */
export const sendList = defineAction({
  signature: { takes: sent, outcomes: asked, fixed: { queued: 'berkas sudah diterima' } },
  args: sentArgs,
  run: ({ berkas }, context) => ask({ state: 'look', attachmentId: berkas.id }, context),
});

/** What was sent is no list, or is not to be imported: it is erased. */
export const forgetList = defineAction({
  signature: { takes: sent, outcomes: { done: {} }, fixed: { done: 'berkas sudah dihapus' } },
  args: sentArgs,
  run: ({ berkas }) => outcome('done', {}, forgetFile(berkas.id)),
});

async function ask(wish: Parameters<typeof askForList>[0], context: ActionContext) {
  const viewer = await viewing(context);
  if (areasFor(viewer, 'import-people').length === 0) return outcome('refused');
  const before = await jobOf(context.contactId, context.db);
  if (before?.state === 'import' || before?.state === 'undo') return outcome('busy');
  return outcome('queued', {}, askForList(wish, before, context));
}

const listType = recordType('daftar', {
  id: textType,
  kolom: textType,
  rincian: textType,
  ditolak: textType,
  simpan: textType,
});
const endType = recordType('hasil', { nomor: textType, rincian: textType, tetap: textType });
const found = {
  list: { daftar: listType, kolom: optionsType, bidang: optionsType, laporan: filesType },
  imported: { hasil: endType },
  'taken-back': { hasil: endType },
  failed: { gagal: recordType('gagal', { sebab: textType }) },
  working: {},
  none: {},
};

/** What became of the list this person sent or takes back; once it is told to the end, nothing is kept of it. */
export const showList = defineAction({
  signature: { takes: {}, outcomes: found },
  args: z.object({}),
  async run(_, context) {
    const job = await jobOf(context.contactId, context.db);
    if (job === null) return outcome('none');
    if (job.state !== 'looked' && job.state !== 'done') return outcome('working');
    const what = foundIn(job, context);
    return what === null ? outcome('working') : shown(job, what);
  },
});

function shown(job: Job, what: Found) {
  switch (what.kind) {
    case 'list':
      return outcome('list', listTold(job, what));
    case 'imported':
      return outcome('imported', endTold(job, countsLines(what.counts)), dropJob(job));
    case 'taken-back':
      return outcome('taken-back', takenTold(job, what), dropJob(job));
    case 'failed':
      return outcome('failed', { gagal: { sebab: what.why } }, dropJob(job));
  }
}

function endTold({ number }: Job, rincian: string, tetap: string | null = null) {
  return { hasil: { nomor: String(number ?? ''), rincian, tetap } };
}

function takenTold(job: Job, { removed, restored, stayed }: Extract<Found, { kind: 'taken-back' }>) {
  const rincian = [`- ${removed} anggota dikeluarkan lagi`, `- ${restored} anggota kembali seperti semula`];
  return endTold(job, rincian.join('\n'), stayed === 0 ? null : String(stayed));
}

/** A heading is the file's own: numbers in it are cut, and so is what is no heading any more. */
const longestHeading = 40;
const shownHeading = (heading: string) => maskNumbers(heading).slice(0, longestHeading);
const fieldWords = (name: string) =>
  name.replaceAll('-', ' ').replace(/\b(?:nik|sk|psm)\b/g, (word) => word.toUpperCase());
const notRead = { id: '-', label: 'Tidak dibaca' };

function listTold(job: Job, { columns, counts, refused }: Extract<Found, { kind: 'list' }>) {
  const read = columns.map(({ heading, field }) => ({ heading: shownHeading(heading), field }));
  const kolom = read.map(
    ({ heading, field }) => `- ${heading}: ${field === null ? 'tidak dibaca' : `*${fieldWords(field)}*`}`,
  );
  const changes = (counts.new ?? 0) + (counts.changed ?? 0);
  const daftar = {
    ...{ id: job.id, kolom: kolom.join('\n'), rincian: countsLines(counts) },
    ditolak: refused.length === 0 ? null : refused.map((one) => `- ${maskNumbers(one)}`).join('\n'),
    simpan: changes === 0 ? null : String(changes),
  };
  return {
    daftar,
    kolom: read.map(({ heading }, at) => ({ id: String(at), label: heading })),
    bidang: [...fieldNames.map((name) => ({ id: name, label: fieldWords(name) })), notRead],
    laporan:
      job.reportId === null ? [] : [{ ...workbookEnclosure(job.reportId, reportName, job.reportSize ?? 0) }],
  };
}

const meant = { daftar: { type: 'text' } } as const;

/** The list that was shown, as long as it waits for an answer. */
async function waiting(id: string, context: ActionContext): Promise<Job | null> {
  const job = await jobOf(context.contactId, context.db);
  return job?.id === id && job.state === 'looked' ? job : null;
}

/** Says what a column of the list is, or that it is not read; the list is looked through anew. */
export const setColumn = defineAction({
  signature: {
    takes: { ...meant, kolom: { type: 'picked' }, bidang: { type: 'picked' } },
    outcomes: { queued: {}, gone: {} },
    fixed: { queued: 'berkas diperiksa lagi' },
  },
  args: z.object({ daftar: z.uuid(), kolom: z.string(), bidang: z.enum([...fieldNames, notRead.id]) }),
  async run({ daftar, kolom, bidang }, context) {
    const job = await waiting(daftar, context);
    const what = job === null ? null : foundIn(job, context);
    const column = what?.kind === 'list' ? what.columns[Number(kolom)] : undefined;
    if (job === null || column === undefined) return outcome('gone');
    const said = { ...columnsOf(job, context), [column.heading]: bidang };
    return outcome('queued', {}, [goOn(job, 'look', said, context)]);
  },
});

const answered = z.object({ daftar: z.uuid() });

/** Writes the list that was shown, outside of any turn. */
export const saveList = defineAction({
  signature: {
    takes: meant,
    outcomes: { queued: {}, gone: {} },
    fixed: { queued: 'daftar sedang disimpan' },
  },
  args: answered,
  async run({ daftar }, context) {
    const job = await waiting(daftar, context);
    return job === null ? outcome('gone') : outcome('queued', {}, [goOn(job, 'import', {}, context)]);
  },
});

/** The list that was shown is not to be imported: it is erased. */
export const dropList = defineAction({
  signature: { takes: meant, outcomes: { done: {}, gone: {} }, fixed: { done: 'berkas sudah dihapus' } },
  args: answered,
  async run({ daftar }, context) {
    const job = await waiting(daftar, context);
    return job === null ? outcome('gone') : outcome('done', {}, dropJob(job));
  },
});

/** The lists this person has imported in the chat and not taken back, the latest first. */
export const listOwnLists = defineAction({
  signature: { takes: {}, outcomes: { some: { daftar: optionsType }, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const lists = await ownRosters(context.contactId, context.db);
    const daftar = lists.map(({ number, madeAt, members }) => ({
      id: String(number),
      label: `Nomor ${number}, ${showDate(dayInWib(madeAt))}, ${members} orang`,
    }));
    return daftar.length === 0 ? outcome('none') : outcome('some', { daftar });
  },
});

/** Takes a list back, outside of any turn. */
export const takeListBack = defineAction({
  signature: {
    takes: { nomor: { type: 'picked' } },
    outcomes: { ...asked, gone: {} },
    fixed: { queued: 'daftar sedang dibatalkan' },
  },
  args: z.object({ nomor: z.string() }),
  async run({ nomor }, context) {
    const lists = await ownRosters(context.contactId, context.db);
    const one = lists.find(({ number }) => String(number) === nomor);
    return one === undefined ? outcome('gone') : ask({ state: 'undo', number: one.number }, context);
  },
});
