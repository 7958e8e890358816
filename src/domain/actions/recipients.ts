import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { Statement } from '../../store/statement.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { type Audience, showAudience } from '../audience.js';
import { type Known, nameOfList } from '../audience-leaves.js';
import { type Asked, countPeople, readKnown } from '../audience-people.js';
import { headcountLines } from '../broadcast-words.js';
import { type Chosen, choosePeople, namedInText, type Unfit } from '../chosen-people.js';
import { viewing } from '../helpers.js';
import {
  keepNamedList,
  keyOfList,
  lookedUp,
  type NamedList,
  namedListsFor,
  placeOfKey,
  readListQuery,
  removeNamedList,
} from '../named-lists.js';
import { areasFor, type Viewer } from '../roles.js';
import { dayInWib } from '../wib.js';
import { amongThem, areaIn, chooseArea, someOf } from './broadcast.js';
import { defineAction, outcome } from './define.js';

/** As many as an old phone shows in one message. */
const mostShown = 8;

/** The lists of the areas somebody holds himself: an area above sees others at the machine only. */
async function ownLists(context: ActionContext): Promise<readonly NamedList[]> {
  const viewer = await viewing(context);
  const areas = areasFor(viewer, 'broadcast');
  return (await namedListsFor(viewer, context.db)).filter(({ area }) => areas.includes(area));
}

/** The lists of the own areas, the latest first, to pick one. */
export const listRecipients = defineAction({
  signature: { takes: {}, outcomes: { some: { daftar: optionsType }, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const lists = await ownLists(context);
    if (lists.length === 0) return outcome('none');
    const latest = lists.toSorted((one, other) => other.madeAt.getTime() - one.madeAt.getTime());
    const daftar = latest.slice(0, mostShown).map((list) => ({ id: keyOfList(list), label: labelOf(list) }));
    return outcome('some', { daftar });
  },
});

function labelOf({ name, audience, people }: NamedList): string {
  return `${name}, ${audience === null ? `${people} orang` : 'pencarian'}`;
}

const cardType = recordType('penerima', { nama: textType, dibuat: textType, rincian: textType });
const picked = { terpilih: { type: 'picked' } } as const;
const pickedArgs = z.object({ terpilih: z.string() });

/** One of them, with how many it means now. */
export const showRecipients = defineAction({
  signature: { takes: picked, outcomes: { found: { penerima: cardType }, gone: {} } },
  args: pickedArgs,
  async run({ terpilih }, context) {
    const list = (await ownLists(context)).find((one) => keyOfList(one) === terpilih);
    if (list === undefined) return outcome('gone');
    const known = await readKnown(context.db, { ...context, area: list.area });
    const asked = { audience: { list: list.name }, area: list.area, lawful: false, known };
    const some = await someOf(await viewing(context), asked, context);
    const lines = [
      ...(list.audience === null ? [] : [queryLine(list.audience)]),
      ...headcountLines(await countPeople(context.db, asked)),
      ...some.lines,
    ];
    const { name: nama, madeAt } = list;
    const penerima = { nama, dibuat: showDate(dayInWib(madeAt)), rincian: lines.join('\n') };
    return outcome('found', { penerima }, some.looks);
  },
});

function queryLine(audience: Audience): string {
  return `Pencarian: ${showAudience(audience)}`;
}

/** Removes one of them. */
export const removeRecipients = defineAction({
  signature: {
    takes: picked,
    outcomes: { done: {}, gone: {} },
    fixed: { done: 'daftar penerima sudah dihapus' },
  },
  args: pickedArgs,
  async run({ terpilih }, context) {
    const list = (await ownLists(context)).find((one) => keyOfList(one) === terpilih);
    if (list === undefined) return outcome('gone');
    return outcome('done', {}, removeNamedList(await viewing(context), list, context.now));
  },
});

const newType = recordType('daftar-baru', { nama: textType, kunci: textType });
const faultType = recordType('salah', { sebab: textType });

/** Whether a list can have that name, and in which area it is: `areas` when the viewer speaks in several, and has not said where. */
export const nameRecipients = defineAction({
  signature: {
    takes: { nama: { type: 'text' }, area: { type: 'picked', optional: true } },
    outcomes: {
      ...{ free: { 'daftar-baru': newType }, unclear: {}, taken: { 'daftar-baru': newType } },
      ...{ areas: { 'daftar-wilayah': optionsType }, refused: {} },
    },
  },
  args: z.object({ nama: z.string(), area: z.string().nullish() }),
  async run({ nama, area: where }, context) {
    const name = nameOfList(nama);
    if (name === null) return outcome('unclear');
    const viewer = await viewing(context);
    const area = areaIn(areasFor(viewer, 'broadcast'), where ?? null);
    if (area === null) return chooseArea(viewer, 'broadcast', context);
    const { lists } = await readKnown(context.db, { ...context, area });
    const values = { 'daftar-baru': { nama: name, kunci: keyOfList({ area, name }) } };
    return outcome(lists.has(name) ? 'taken' : 'free', values);
  },
});

const kinds = ['orang', 'cari'] as const;
const given = z.object({
  kunci: z.string(),
  isi: z.enum(kinds),
  orang: z.string().nullish(),
  pencarian: z.string().nullish(),
});
type Given = z.infer<typeof given>;
const givenTaken = {
  kunci: { type: 'text' },
  isi: { type: `choice(${kinds.join('|')})` },
  orang: { type: 'text', optional: true },
  pencarian: { type: 'text', optional: true },
} as const;

/** What is to be a list, as it was understood: a query with nobody chosen, or people. */
interface Understood {
  readonly audience: Audience | null;
  readonly people: readonly Chosen[];
  readonly unfit: readonly Unfit[];
  readonly looks: readonly Statement[];
}

async function understand(
  { kunci, isi, orang, pencarian }: Given,
  { viewer, known }: { readonly viewer: Viewer; readonly known: Known },
  { db, vault, now }: ActionContext,
): Promise<Understood | string> {
  if (isi === 'cari') {
    const read = readListQuery(pencarian ?? '', known);
    return read.ok ? { audience: read.audience, people: [], unfit: [], looks: [] } : read.what;
  }
  const { area } = placeOfKey(kunci);
  const { people, unfit } = await choosePeople(viewer, namedInText(orang ?? ''), { area, known, db, vault });
  if (people.length > 0) return { audience: null, people, unfit, looks: lookedUp(viewer, people, now) };
  return ['Belum ada orang yang kami temukan di wilayah Bapak/Ibu.', ...unfitLines(unfit)].join('\n');
}

function unfitLines(unfit: readonly Unfit[]): readonly string[] {
  const more = unfit.length - mostShown;
  return [
    ...unfit.slice(0, mostShown).map(({ at, why }) => `- ${at}: ${why}`),
    ...(more > 0 ? [`- dan ${more} baris lain`] : []),
  ];
}

const seenType = recordType('isi-daftar', { rincian: textType, 'tidak-cocok': textType });

/** Shows what a list would be, before it is kept. `unclear`: it says nobody. */
export const prepareRecipients = defineAction({
  signature: {
    takes: givenTaken,
    outcomes: { ready: { 'isi-daftar': seenType }, unclear: { salah: faultType } },
  },
  args: given,
  async run(args, context): Promise<ActionOutcome> {
    const viewer = await viewing(context);
    const { area } = placeOfKey(args.kunci);
    const known = await readKnown(context.db, { ...context, area });
    const understood = await understand(args, { viewer, known }, context);
    if (typeof understood === 'string') return outcome('unclear', { salah: { sebab: understood } });
    const { audience, people, unfit, looks } = understood;
    const seen =
      audience === null
        ? { lines: chosenLines(people), looks }
        : await queriedLines(viewer, { audience, area, lawful: false, known }, context);
    const values = {
      rincian: seen.lines.join('\n'),
      'tidak-cocok': unfit.length === 0 ? null : unfitLines(unfit).join('\n'),
    };
    return outcome('ready', { 'isi-daftar': values }, seen.looks);
  },
});

function chosenLines(people: readonly Chosen[]): readonly string[] {
  const named = people.flatMap(({ name, place }) =>
    name === null || place === null ? [] : [{ name, place }],
  );
  return [`Orang: ${people.length}`, ...amongThem(named)];
}

async function queriedLines(viewer: Viewer, asked: Asked, context: ActionContext) {
  const count = await countPeople(context.db, asked);
  const some = await someOf(viewer, asked, context);
  return {
    lines: [queryLine(asked.audience), ...headcountLines(count), ...some.lines],
    looks: some.looks,
  };
}

/** Keeps it. `gone`: the name was taken meanwhile, or nobody is meant any more. */
export const keepRecipients = defineAction({
  signature: {
    takes: givenTaken,
    outcomes: { saved: {}, gone: {}, refused: {} },
    fixed: { saved: 'daftar penerima sudah disimpan' },
  },
  args: given,
  async run(args, context) {
    const viewer = await viewing(context);
    const { area, name } = placeOfKey(args.kunci);
    if (!areasFor(viewer, 'broadcast').includes(area)) return outcome('refused');
    const known = await readKnown(context.db, { ...context, area });
    const understood = await understand(args, { viewer, known }, context);
    if (typeof understood === 'string' || known.lists.has(name)) return outcome('gone');
    const { audience, people, looks } = understood;
    const { simulator } = context;
    const kept = keepNamedList(viewer, { name, area, simulator, audience, people }, context);
    return outcome('saved', {}, [...kept, ...looks]);
  },
});
