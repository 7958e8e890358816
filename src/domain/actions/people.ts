import { z } from 'zod';
import { maskNik } from '../../flow/inputs/nik.js';
import { phone as phoneInput } from '../../flow/inputs/phone.js';
import { titleCase } from '../../flow/text.js';
import { filesType, optionsType, recordType, textType } from '../../flow/types.js';
import { audited } from '../../store/audit.js';
import type { Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { makeFile } from '../enclosures.js';
import {
  type CardMember,
  cardOf,
  type FoundMember,
  findByName,
  findVillages,
  type MemberPage,
  membersOfVillage,
  membersWithoutSk,
} from '../found-members.js';
import { viewerNow } from '../helpers.js';
import { maskNumbers } from '../mask.js';
import { sheetOf } from '../member-sheet.js';
import type { Viewer } from '../roles.js';
import { plainStatus } from '../sk.js';
import { defineAction, outcome } from './define.js';

/** As many as an old phone shows in one message. */
const mostFound = 8;
const pageSize = 10;
/** A longer file is no list for one person any more: each regency has its own chair. */
const mostInFile = 3000;

function viewerOf({ db, contactId, simulator }: ActionContext): Promise<Viewer> {
  return viewerNow(db, contactId, simulator);
}

function looksAt(
  action: string,
  people: readonly FoundMember[],
  { contactId, now }: ActionContext,
): readonly Statement[] {
  const subjects = people.map(({ id }) => id);
  return subjects.length === 0
    ? []
    : [audited({ kind: 'look', action, actor: contactId, subjects, at: now })];
}

const foundType = recordType('temuan', { jumlah: textType, lebih: textType });

/** Looks for members of the own area by name: the first few, to pick one. `lebih` is how many more there are. */
export const findPeople = defineAction({
  signature: {
    takes: { nama: { type: 'text' } },
    outcomes: { some: { daftar: optionsType, temuan: foundType }, none: {} },
  },
  args: z.object({ nama: z.string() }),
  async run({ nama }, context) {
    const { count, people } = await findByName(await viewerOf(context), nama, mostFound, context.db);
    if (people.length === 0) return outcome('none');
    const daftar = people.map(({ id, name, village }) => ({ id, label: `${titleCase(name)}, ${village}` }));
    const more = count - people.length;
    const temuan = { jumlah: String(count), lebih: more === 0 ? null : String(more) };
    return outcome('some', { daftar, temuan }, looksAt('find-member', people, context));
  },
});

const cardType = recordType('kartu', {
  nama: textType,
  wilayah: textType,
  lahir: textType,
  sejak: textType,
  sk: textType,
  nik: textType,
  telepon: textType,
  asal: textType,
});

/** One member of the own area on a short card; NIK and number are cut, of the birth date only the year is shown. */
export const showPerson = defineAction({
  signature: { takes: { anggota: { type: 'picked' } }, outcomes: { found: { kartu: cardType }, gone: {} } },
  args: z.object({ anggota: z.uuid() }),
  async run({ anggota }, context) {
    const member = await cardOf(await viewerOf(context), anggota, context.db);
    if (member === null) return outcome('gone');
    return outcome('found', { kartu: cardWords(member, context) }, looksAt('show-member', [member], context));
  },
});

const phoneType = phoneInput.type({});

function cardWords(member: CardMember, { vault }: ActionContext) {
  const { name, village, district, regency, birthDate, psmSince, nik, phone, claimed, skStatus } = member;
  return {
    ...{ nama: titleCase(name), wilayah: `${village}, ${district}, ${regency}`, sk: plainStatus(skStatus) },
    ...{ lahir: birthDate?.slice(0, 4) ?? null, sejak: psmSince === null ? null : String(psmSince) },
    nik: nik === null ? null : maskNik(vault.open(nik)),
    telepon: phone === null ? null : maskNumbers(phoneType.show(vault.open(phone))),
    asal: originOf(claimed),
  };
}

function originOf(claimed: boolean): string {
  return claimed ? 'mendaftar sendiri' : 'baru terdata dari daftar';
}

const villageType = recordType('wilayah', { kode: textType, nama: textType });

/** Finds a village of the own area by its name, or by the one that was picked among several of that name. */
export const findOwnVillage = defineAction({
  signature: {
    takes: { nama: { type: 'text' }, pilihan: { type: 'picked', optional: true } },
    outcomes: { one: { wilayah: villageType }, several: { daftar: optionsType }, none: {} },
  },
  args: z.object({ nama: z.string(), pilihan: z.string().nullish() }),
  async run({ nama, pilihan }, context) {
    const found = await findVillages(await viewerOf(context), nama, context.db);
    const meant = found.find(({ code }) => found.length === 1 || code === pilihan);
    if (meant !== undefined) return outcome('one', { wilayah: { kode: meant.code, nama: meant.place } });
    if (found.length === 0) return outcome('none');
    const daftar = found.map(({ code, place, district }) => ({ id: code, label: `${place}, ${district}` }));
    return outcome('several', { daftar });
  },
});

const pageType = recordType('halaman', { rincian: textType, jumlah: textType, sampai: textType });
const pageTaken = { sesudah: { type: 'text', optional: true } } as const;
const behind = z.string().regex(/^\d+$/).nullish();
const pages = { more: { halaman: pageType }, last: { halaman: pageType }, none: {} };

/** The members of a village, a few at a time; behind `sesudah` of them. */
export const listVillage = defineAction({
  signature: { takes: { desa: { type: 'text' }, ...pageTaken }, outcomes: pages },
  args: z.object({ desa: z.string(), sesudah: behind }),
  async run({ desa, sesudah }, context) {
    const wanted = { most: pageSize, after: Number(sesudah ?? 0) };
    const page = await membersOfVillage(await viewerOf(context), desa, wanted, context.db);
    const lines = page.people.map(({ name, skStatus }) => lineOf(name, plainStatus(skStatus)));
    return pageTold(page, { action: 'list-village', after: wanted.after, lines }, context);
  },
});

/** Members of the own area without a verified SK, district by district, a few at a time. */
export const listWithoutSk = defineAction({
  signature: { takes: pageTaken, outcomes: pages },
  args: z.object({ sesudah: behind }),
  async run({ sesudah }, context) {
    const wanted = { most: pageSize, after: Number(sesudah ?? 0) };
    const page = await membersWithoutSk(await viewerOf(context), wanted, context.db);
    const lines = page.people.flatMap(({ name, village, district, skStatus }, at) => {
      const line = lineOf(name, `${village}. ${plainStatus(skStatus)}`);
      return page.people[at - 1]?.district === district ? [line] : [`*${district}*`, line];
    });
    return pageTold(page, { action: 'list-without-sk', after: wanted.after, lines }, context);
  },
});

function lineOf(name: string, more: string): string {
  return `- ${titleCase(name)}, ${more}`;
}

interface Told {
  readonly action: string;
  readonly after: number;
  readonly lines: readonly string[];
}

function pageTold({ count, people }: MemberPage, { action, after, lines }: Told, context: ActionContext) {
  if (people.length === 0) return outcome('none');
  const until = after + people.length;
  const halaman = { rincian: lines.join('\n'), jumlah: String(count), sampai: String(until) };
  return outcome(until < count ? 'more' : 'last', { halaman }, looksAt(action, people, context));
}

/** The same as a workbook, all of it. */
export const fileWithoutSk = defineAction({
  signature: { takes: {}, outcomes: { made: { berkas: filesType }, 'too-long': {}, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const wanted = { most: mostInFile, after: 0 };
    const { count, people } = await membersWithoutSk(await viewerOf(context), wanted, context.db);
    if (people.length === 0) return outcome('none');
    if (count > people.length) return outcome('too-long');
    const bytes = await sheetOf(people);
    const { kept, enclosure } = await makeFile('sheet', 'tanpa-sk.xlsx', bytes, context);
    const looks = looksAt('list-without-sk', people, context);
    return outcome('made', { berkas: [{ ...enclosure }] }, [kept, ...looks]);
  },
});
