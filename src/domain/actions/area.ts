import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { filesType, recordType, textType } from '../../flow/types.js';
import { audited } from '../../store/audit.js';
import type { ActionContext } from '../action.js';
import { chartOf } from '../area-chart.js';
import { areaNames, countByPart, type PartCounts } from '../area-counts.js';
import { countConsolidation } from '../consolidation.js';
import { mournedByFamilies } from '../deaths.js';
import { makeFile } from '../enclosures.js';
import { viewerNow } from '../helpers.js';
import { openChanges } from '../numbers.js';
import { pngOf } from '../picture.js';
import { areasFor, type Viewer } from '../roles.js';
import { countWaitingSk } from '../sk-queue.js';
import { twinsFor } from '../twins.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';
import { takeable } from './desk.js';
import { pressing, privacyRequestsFor } from './privacy.js';

const nothing = z.object({});
const thousands = new Intl.NumberFormat('id-ID');
const shown = (count: number) => thousands.format(count);

const summaryType = recordType('ringkasan', {
  tempat: textType,
  tanggal: textType,
  anggota: textType,
  terdaftar: textType,
  terdata: textType,
  sah: textType,
  persen: textType,
  menunggu: textType,
  belum: textType,
  muda: textType,
  pengurus: textType,
});

/** The own area in a few numbers, with a picture of its parts. `none`: nobody is known there yet. Counts only, so nobody is looked at. */
export const summariseArea = defineAction({
  signature: {
    takes: {},
    outcomes: { found: { ringkasan: summaryType, gambar: filesType }, none: {} },
  },
  args: nothing,
  async run(_, context) {
    const { db, contactId, simulator, now } = context;
    const viewer = await viewerNow(db, contactId, simulator);
    if (areasFor(viewer, 'read-people').length === 0) return outcome('none');
    const parts = await countByPart(viewer, context);
    const ringkasan = { ...numbersOf(parts), ...(await headOf(viewer, context)) };
    if (parts.every(({ registered, listed }) => registered + listed === 0)) return outcome('none');
    const head = { title: ringkasan.tempat, subtitle: `PSM dan SK per ${ringkasan.tanggal}` };
    const png = await pngOf(chartOf(head, parts));
    const { kept, enclosure } = await makeFile('chart', 'ringkasan.png', png, context);
    const look = audited({ kind: 'look', action: 'summary', actor: contactId, subjects: [], at: now });
    return outcome('found', { ringkasan, gambar: [{ ...enclosure }] }, [kept, look]);
  },
});

async function headOf(viewer: Viewer, context: ActionContext) {
  const tempat = await areaNames(viewer, context.db);
  return {
    tempat,
    tanggal: showDate(dayInWib(context.now)),
    pengurus: await boardsTold(viewer, context),
  };
}

function numbersOf(parts: readonly PartCounts[]) {
  const sum = (name: Exclude<keyof PartCounts, 'place'>) =>
    parts.reduce((total, part) => total + part[name], 0);
  const [terdaftar, terdata] = [sum('registered'), sum('listed')];
  const [sah, menunggu, all] = [sum('verified'), sum('waiting'), terdaftar + terdata];
  return {
    ...{ anggota: shown(all), terdaftar: shown(terdaftar), terdata: shown(terdata) },
    ...{ sah: shown(sah), persen: String(Math.floor((100 * sah) / Math.max(1, all))) },
    ...{ menunggu: shown(menunggu), belum: shown(all - sah - menunggu), muda: shown(sum('young')) },
  };
}

/** How the board stands, or of how many there is an active one; null below a regency. */
async function boardsTold(viewer: Viewer, { db, now }: ActionContext): Promise<string | null> {
  const all = await countConsolidation(viewer, { db, now });
  const [first] = all;
  if (all.length <= 1) return first?.board.words ?? null;
  const active = all.filter(({ board }) => board.state === 'active').length;
  return `aktif di ${active} dari ${all.length} kabupaten/kota`;
}

const dutyType = recordType('tugas', {
  sk: textType,
  mirip: textType,
  data: textType,
  batas: textType,
  permintaan: textType,
  nomor: textType,
  wafat: textType,
});

/** What waits for this person, by kind; a kind of which nothing waits is empty. Counts only. */
export const listDuties = defineAction({
  signature: { takes: {}, outcomes: { some: { tugas: dutyType }, none: {} } },
  args: nothing,
  async run(_, context) {
    const viewer = await viewerNow(context.db, context.contactId, context.simulator);
    const [sk, twins, requests, helps, numbers, deaths] = await Promise.all([
      countWaitingSk(viewer, context),
      twinsFor(viewer, null, context.db),
      privacyRequestsFor(context),
      takeable(context),
      openChanges(viewer, null, context),
      mournedByFamilies(viewer, context.db),
    ]);
    const [first] = requests;
    const tugas = {
      ...{ sk: some(sk), mirip: some(twins.length), data: some(requests.length) },
      ...{ batas: first === undefined ? null : pressing(first, context), permintaan: some(helps.length) },
      ...{ nomor: some(numbers.length), wafat: some(deaths.length) },
    };
    return Object.values(tugas).every((count) => count === null)
      ? outcome('none')
      : outcome('some', { tugas });
  },
});

function some(count: number): string | null {
  return count === 0 ? null : shown(count);
}
