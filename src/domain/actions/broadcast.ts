import { z } from 'zod';
import { fileTypes } from '../../flow/attachment.js';
import type { Message } from '../../flow/message.js';
import { titleCase } from '../../flow/text.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { audited } from '../../store/audit.js';
import type { Statement } from '../../store/statement.js';
import { run } from '../../store/statement.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { type Audience, lackingIn, readAudience } from '../audience.js';
import { type Asked, countPeople, type Headcount, readKnown, samplePeople } from '../audience-people.js';
import { kindNamed, turnWords } from '../broadcast-kinds.js';
import { audienceLine, forecastLines, headcountLines, withFileName } from '../broadcast-words.js';
import {
  type Approval,
  askedBy,
  type Broadcast,
  decideApproval,
  declineBroadcast,
  draftBroadcast,
  findBroadcast,
  type Making,
  type Urgency,
} from '../broadcasts.js';
import { enclose } from '../enclosures.js';
import { viewing } from '../helpers.js';
import { placeOfKey } from '../named-lists.js';
import { type Addressee, greeted, roomUnderFile } from '../opening.js';
import { daysWarm, forecast } from '../outreach.js';
import { placeName } from '../places.js';
import { type Act, areasFor, type Viewer } from '../roles.js';
import { defineAction, outcome } from './define.js';

/** With what broadcasts are made in a turn. */
export function making(context: ActionContext): Making {
  const { db, vault, now, newId, outreach } = context;
  return { db, vault, now, newId, secondYesAbove: outreach.secondYesAbove };
}

/** To whom, as it is picked; those that want more are read from what was said besides. */
const picks: Readonly<Record<string, Audience>> = {
  semua: { members: 'any' },
  ketua: { role: 'chair' },
  pengurus: { office: 'any' },
  'tanpa-sk': { all: [{ members: 'any' }, { sk: 'without' }] },
};
const pickNames = ['semua', 'ketua', 'pengurus', 'wilayah', 'tanpa-sk', 'daftar', 'ketik'] as const;
const times = ['siaran', 'sekarang'] as const;
const urgencyOf: Readonly<Record<(typeof times)[number], Urgency>> = { siaran: 'normal', sekarang: 'urgent' };

const draftType = recordType('siaran', { id: textType, rincian: textType, contoh: textType });
const given = z.object({
  isi: z.string(),
  berkas: z.object({ id: z.uuid(), jenis: z.enum(fileTypes), ukuran: z.number() }).nullish(),
  kepada: z.enum(pickNames),
  wilayah: z.object({ kode: z.string() }).nullish(),
  daftar: z.string().nullish(),
  tulisan: z.string().nullish(),
  kapan: z.enum(times),
  area: z.string().nullish(),
});
type Given = z.infer<typeof given>;

function audienceOf({ kepada, wilayah, daftar, tulisan }: Given): Audience | string {
  const picked = picks[kepada];
  if (picked !== undefined) return picked;
  if (kepada === 'wilayah') return { area: wilayah?.kode ?? '' };
  if (kepada === 'daftar') return { list: placeOfKey(daftar ?? '').name };
  const read = readAudience(tulisan ?? '');
  return read.ok ? read.audience : read.what;
}

/**
 * Counts who is meant, and keeps the broadcast as a draft. `areas`: the viewer may speak in several, and has not said where; `unclear`: what
 * was typed says nobody; `none`: nobody is meant; `too-long`: so much does not fit under a file.
 */
export const prepareBroadcast = defineAction({
  signature: {
    takes: {
      isi: { type: 'text' },
      berkas: { type: 'document', optional: true },
      kepada: { type: `choice(${pickNames.join('|')})` },
      wilayah: { type: 'regency', optional: true },
      daftar: { type: 'picked', optional: true },
      tulisan: { type: 'text', optional: true },
      kapan: { type: `choice(${times.join('|')})` },
      area: { type: 'picked', optional: true },
    },
    outcomes: {
      ready: { siaran: draftType },
      areas: { 'daftar-wilayah': optionsType },
      unclear: { salah: recordType('salah', { sebab: textType }) },
      none: {},
      'too-long': {},
      refused: {},
    },
  },
  args: given,
  async run(args, context) {
    if (args.berkas != null && args.isi.length > roomUnderFile) return outcome('too-long');
    const viewer = await viewing(context);
    const area = areaOf(args, areasFor(viewer, 'broadcast'));
    if (area === null) return chooseArea(viewer, 'broadcast', context);
    const audience = audienceOf(args);
    if (typeof audience === 'string') return outcome('unclear', { salah: { sebab: audience } });
    const known = await readKnown(context.db, { ...context, area });
    const lack = lackingIn(audience, known);
    if (lack !== null) return outcome('unclear', { salah: { sebab: lack } });
    const asked = { audience, area, lawful: false, known };
    return prepared(viewer, asked, args, context);
  },
});

/** A list is of one area, and so is a broadcast to it. */
function areaOf({ kepada, daftar, area }: Given, areas: readonly string[]): string | null {
  return kepada === 'daftar' ? placeOfKey(daftar ?? '').area : areaIn(areas, area ?? null);
}

/** Where somebody speaks: in the only area, in the province that holds the others, or in the one that was picked; null: not said yet, or nowhere. */
export function areaIn(areas: readonly string[], picked: string | null): string | null {
  const different = [...new Set(areas)];
  if (different.includes('33')) return '33';
  const [only, ...others] = different;
  if (only !== undefined && others.length === 0) return only;
  return different.find((area) => area === picked) ?? null;
}

const placesText = `SELECT a.area AS id, ${placeName('a.area')} AS label FROM unnest($1::text[]) AS a(area) ORDER BY 2`;

/** Offers the areas in which somebody may do that; `refused` where there is none. */
export async function chooseArea(viewer: Viewer, act: Act, { db }: ActionContext): Promise<ActionOutcome> {
  const areas = [...new Set(areasFor(viewer, act))];
  if (areas.length === 0) return outcome('refused');
  const statement = { name: 'broadcast-places', text: placesText, values: [areas] };
  const rows = await run<{ id: string; label: string }>(db, statement);
  return outcome('areas', { 'daftar-wilayah': rows.map(({ id, label }) => ({ id, label })) });
}

const mostNamed = 3;

async function prepared(
  viewer: Viewer,
  asked: Asked,
  { isi, berkas, kapan }: Given,
  context: ActionContext,
): Promise<ActionOutcome> {
  const count = await countPeople(context.db, asked);
  if (count.people === 0) return outcome('none');
  const urgency = urgencyOf[kapan];
  const file = berkas == null ? {} : { enclosure: enclose(berkas, 'siaran') };
  const message: Message = { text: isi, choices: [], question: null, ...file };
  const { simulator } = context;
  const wish = { message, audience: asked.audience, area: asked.area, urgency, simulator, expiresAt: null };
  const draft = await draftBroadcast(viewer, { kind: 'message', rakorId: null, ...wish }, making(context));
  if (draft === null) return outcome('refused');
  const { lines, example, looks } = await previewOf(viewer, { asked, count, message, urgency }, context);
  const values = { siaran: { id: draft.id, rincian: lines.join('\n'), contoh: example } };
  return outcome('ready', values, [...draft.writes, ...looks]);
}

interface Previewed {
  readonly asked: Asked;
  readonly count: Headcount;
  readonly message: Message;
  readonly urgency: Urgency;
}

/** What its maker sees of a message before it is sent: who gets it and when, in lines, and the text as it will stand; with what logs whom it showed. */
export async function previewOf(
  viewer: Viewer,
  { asked, count, message, urgency }: Previewed,
  { db, now, outreach }: ActionContext,
) {
  const some = await someOf(viewer, asked, { db, now });
  const lines = [
    audienceLine(asked.audience),
    ...headcountLines(count),
    ...some.lines,
    ...forecastLines(
      forecast(count, { now, urgent: urgency !== 'normal', days: await daysWarm(db) }, outreach),
    ),
  ];
  const example = greeted(message, exampleOf(some.first)).text;
  return { lines, example, looks: some.looks };
}

/** A few of an audience by name, as a line if there are any, with what logs the look. */
export async function someOf(viewer: Viewer, asked: Asked, { db, now }: Pick<ActionContext, 'db' | 'now'>) {
  const sample = await samplePeople(viewer, asked, mostNamed, db);
  const lines = amongThem(sample);
  return { first: sample[0]?.name, lines, looks: looksAt(sample, viewer, now) };
}

/** The first few of some people by name, as a line; none where there is nobody. */
export function amongThem(
  some: readonly { readonly name: string; readonly place: string }[],
): readonly string[] {
  const names = some.slice(0, mostNamed).map(({ name, place }) => `${titleCase(name)} (${place})`);
  return names.length === 0 ? [] : [`Di antaranya: ${names.join(', ')}`];
}

/** Somebody who has had a message before. */
function exampleOf(name: string | undefined): Addressee {
  return { names: name === undefined ? [] : [name], isFirst: false, known: { from: 'registration' } };
}

function looksAt(
  some: readonly { readonly memberId: string }[],
  viewer: Viewer,
  at: Date,
): readonly Statement[] {
  const subjects = some.map(({ memberId }) => memberId);
  if (subjects.length === 0) return [];
  return [audited({ kind: 'look', action: 'sample-audience', actor: viewer.id, subjects, at })];
}

const sentType = recordType('kiriman', { nomor: textType, jumlah: textType, diminta: textType });

/** Says yes to a broadcast: its maker's own, or that of another one as the second person. */
export const approve = defineAction({
  signature: {
    takes: { siaran: { type: 'text' } },
    outcomes: { running: { kiriman: sentType }, waiting: { kiriman: sentType }, gone: {} },
    fixed: { running: 'siaran sudah mulai dikirim', waiting: 'persetujuan sudah diminta' },
  },
  args: z.object({ siaran: z.uuid() }),
  async run({ siaran }, context) {
    const approval = await decideApproval(await viewing(context), siaran, making(context));
    return approval.result === 'refused' ? outcome('gone') : approved(approval);
  },
});

function approved(approval: Exclude<Approval, { readonly result: 'refused' }>): ActionOutcome {
  const { result, number, messages, writes } = approval;
  const diminta = result === 'waiting' && approval.asked > 0 ? String(approval.asked) : null;
  return outcome(result, { kiriman: { nomor: String(number), jumlah: String(messages), diminta } }, writes);
}

const shownType = recordType('siaran', {
  id: textType,
  nomor: textType,
  jenis: textType,
  rincian: textType,
  isi: textType,
});

/** A broadcast that waits for a second person, for one who may be it. `gone`: the list it is for is not there any more. */
export const showWaiting = defineAction({
  signature: {
    takes: { nomor: { type: 'number' } },
    outcomes: { found: { siaran: shownType }, own: {}, over: {}, unknown: {}, gone: {} },
  },
  args: z.object({ nomor: z.number() }),
  async run({ nomor }, context) {
    const viewer = await viewing(context);
    const found =
      Number.isSafeInteger(nomor) && nomor > 0 && nomor < 1e9
        ? await findBroadcast(viewer, nomor, making(context))
        : null;
    if (found === null) return outcome('unknown');
    const { broadcast, known } = found;
    if (broadcast.state !== 'waiting') return outcome('over');
    if (broadcast.createdBy === viewer.id) return outcome('own');
    if (lackingIn(broadcast.audience, known) !== null) return outcome('gone');
    const asked = askedBy(broadcast, known);
    return outcome('found', { siaran: await wordsFor(broadcast, asked, context) });
  },
});

async function wordsFor(
  { id, number, kind, urgency, message, follow }: Broadcast,
  asked: Asked,
  { db, now, outreach }: ActionContext,
) {
  const count = await countPeople(db, asked);
  const hurry = {
    normal: [],
    urgent: ['Mendesak: dikirim sekarang juga'],
    lawful: ['Kewajiban hukum: dikirim juga kepada yang memilih BERHENTI'],
  };
  const days = await daysWarm(db);
  const lines = [
    audienceLine(asked.audience),
    ...headcountLines(count),
    ...hurry[urgency],
    ...(follow === null ? [] : ['Yang sudah menjawab hadir juga menerima berkas kalender yang baru']),
    ...forecastLines(forecast(count, { now, urgent: urgency !== 'normal', days }, outreach)),
    ...turnWords(kind),
  ];
  return {
    ...{ id, nomor: String(number), jenis: kindNamed(kind).words },
    ...{ rincian: lines.join('\n'), isi: withFileName(message.text, message) },
  };
}

/** Says no to a broadcast that waits; its maker is told why. */
export const decline = defineAction({
  signature: {
    takes: { siaran: { type: 'text' }, alasan: { type: 'text' } },
    outcomes: { done: {}, gone: {} },
    fixed: { done: 'siaran sudah ditolak' },
  },
  args: z.object({ siaran: z.uuid(), alasan: z.string() }),
  async run({ siaran, alasan }, context) {
    const writes = await declineBroadcast(await viewing(context), siaran, alasan, making(context));
    return writes === null ? outcome('gone') : outcome('done', {}, writes);
  },
});
