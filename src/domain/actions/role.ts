import { z } from 'zod';
import { titleOfChannel } from '../../flow/capabilities.js';
import { oneTimeCode } from '../../flow/inputs/one-time-code.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { type Queryable, run } from '../../store/statement.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { viewerNow } from '../helpers.js';
import { hasGuessedTooOften, newCode, noteGuess } from '../links.js';
import { placeName } from '../places.js';
import {
  type FoundOffer,
  findOffer,
  holdsRole,
  isStillOffered,
  keepOffer,
  mayGive,
  offersFor,
  takeOffer,
  withdrawOffer,
} from '../role-offers.js';
import { areasFor, province, type RoleName, roleNames, roleWords, type Viewer } from '../roles.js';
import { defineAction, outcome } from './define.js';

/** What can be given by a code, and where each is held: in the whole province, an eks-karesidenan, or a regency. */
const offered = {
  'province-team': 'province',
  'residency-lead': 'residency',
  chair: 'regency',
  operator: 'regency',
} as const;
type Offered = keyof typeof offered;
const offeredNames = roleNames.filter((name): name is Offered => name in offered);

const offerType = recordType('tawaran', {
  peran: textType,
  sebutan: textType,
  tempat: textType,
  area: textType,
});

const residenciesText = `SELECT 'residency/' || id AS id, 'Eks-karesidenan ' || name AS label FROM residency ORDER BY name`;
const areaText = `SELECT ${placeName('$1::text')} AS place, (SELECT r.residency_id FROM region r WHERE r.code = left($1, 5)) AS residency`;

/**
 * Which role is to be given where, as far as it is told: the only role this viewer may give, or one of several (`roles`); an area that
 * follows from it, or is asked for (`regency`, `residencies`).
 */
export const placeRole = defineAction({
  signature: {
    takes: {
      peran: { type: 'picked', optional: true },
      karesidenan: { type: 'picked', optional: true },
      wilayah: { type: 'regency', optional: true },
    },
    outcomes: {
      found: { tawaran: offerType },
      roles: { 'daftar-peran': optionsType },
      regency: {},
      residencies: { 'daftar-karesidenan': optionsType },
      refused: {},
    },
  },
  args: z.object({
    peran: z.string().nullish(),
    karesidenan: z.string().nullish(),
    wilayah: z.object({ kode: z.string() }).nullish(),
  }),
  async run({ peran, karesidenan, wilayah }, context) {
    const { db, contactId, simulator } = context;
    const viewer = await viewerNow(db, contactId, simulator);
    const mine = offeredNames.filter((role) => areasFor(viewer, `grant ${role}`).length > 0);
    const role = mine.find((name) => name === peran) ?? (mine.length === 1 ? mine[0] : undefined);
    if (mine.length === 0) return outcome('refused');
    if (role === undefined) return outcome('roles', { 'daftar-peran': mine.map(optionOf) });
    const area = areaOf(role, viewer, { regency: wilayah?.kode ?? null, residency: karesidenan ?? null });
    if (area !== null) return placed(role, area, viewer, db);
    if (offered[role] === 'regency') return outcome('regency');
    const rows = await run<{ id: string; label: string }>(db, {
      name: 'residencies',
      text: residenciesText,
      values: [],
    });
    return outcome('residencies', { 'daftar-karesidenan': rows.map(({ id, label }) => ({ id, label })) });
  },
});

function optionOf(role: Offered) {
  const words = { 'residency-lead': 'Wakil ketua eks-karesidenan', chair: 'Ketua kabupaten/kota' } as const;
  const known: Readonly<Partial<Record<RoleName, string>>> = words;
  return { id: role, label: known[role] ?? capital(roleWords[role]) };
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The area that was told, or the only one there is. */
function areaOf(
  role: Offered,
  viewer: Viewer,
  told: { readonly regency: string | null; readonly residency: string | null },
): string | null {
  if (offered[role] === 'province') return province;
  if (offered[role] === 'residency') return told.residency;
  const [only, ...others] = areasFor(viewer, `grant ${role}`);
  const isRegency = only !== undefined && others.length === 0 && /^33\.\d\d$/.test(only);
  return told.regency ?? (isRegency ? only : null);
}

interface AreaRow {
  readonly place: string;
  readonly residency: string | null;
}

async function placed(role: Offered, area: string, viewer: Viewer, db: Queryable): Promise<ActionOutcome> {
  const [row] = await run<AreaRow>(db, { name: 'role-area', text: areaText, values: [area] });
  if (row === undefined || !mayGive(viewer, { role, area, residency: row.residency }))
    return outcome('refused');
  const { place: tempat } = row;
  return outcome('found', { tawaran: { peran: role, sebutan: roleWords[role], tempat, area } });
}

const codeType = oneTimeCode.type({});
const madeType = recordType('kode-peran', { kode: codeType, tautan: textType });
const asOffered = z.object({ peran: z.enum(offeredNames), area: z.string() });
/** The word that stands before the code of a role. */
const roleWord = 'PERAN';

/** Makes the code of a role, with links that open the bot with it; `refused` for whoever may not give that role there. */
export const offerRole = defineAction({
  signature: {
    takes: { peran: { type: 'text' }, area: { type: 'text' } },
    outcomes: { made: { 'kode-peran': madeType }, refused: {} },
  },
  args: asOffered,
  async run({ peran, area }, context) {
    const { db, contactId, simulator } = context;
    const viewer = await viewerNow(db, contactId, simulator);
    if ((await placed(peran, area, viewer, db)).outcome !== 'found') return outcome('refused');
    const code = newCode();
    const doors = await context.doors(code, `${roleWord} ${code}`);
    const links = doors.map(({ channel, url }) => `${titleOfChannel(channel)}: ${url}`);
    const made = { kode: code, tautan: links.length === 0 ? null : links.join('\n') };
    const offering = { role: peran, area, simulator, contactId };
    return outcome('made', { 'kode-peran': made }, keepOffer(code, offering, context));
  },
});

const shownType = recordType('peran-ditawarkan', { sebutan: textType, tempat: textType });
const codeTaken = { kode: { type: codeType.name } };
const codeArgs = z.object({ kode: z.string() });

/**
 * What the code of a role gives. A wrong one is written down as any other code, and after some of them nothing is looked at for a while.
 * `unproved`: no number is proved here, to which a role could belong.
 */
export const lookAtRole = defineAction({
  signature: {
    takes: codeTaken,
    outcomes: {
      found: { 'peran-ditawarkan': shownType },
      unknown: {},
      expired: {},
      own: {},
      already: {},
      unproved: {},
      'too-many': {},
    },
  },
  args: codeArgs,
  async run({ kode }, context) {
    const { db, reach, now } = context;
    if (await hasGuessedTooOften(reach.addressId, db, now)) return outcome('too-many');
    const offer = await findOffer(kode, context);
    if (offer === null) return outcome('unknown', {}, [noteGuess(reach.addressId, 'unknown', now)]);
    const fault = await faultOf(offer, context);
    if (fault !== null) return outcome(fault);
    return outcome('found', { 'peran-ditawarkan': { sebutan: roleWords[offer.role], tempat: offer.place } });
  },
});

type Fault = 'expired' | 'own' | 'already' | 'unproved';

async function faultOf(offer: FoundOffer, context: ActionContext): Promise<Fault | null> {
  const { phone, contactId, db } = context;
  if (offer.contactId === contactId) return 'own';
  if (phone === null) return 'unproved';
  if (await holdsRole(phone, offer, context)) return 'already';
  return (await isStillOffered(offer, db)) ? null : 'expired';
}

/** Takes the role of a code: of several who do so, one has it. `gone` when it cannot be taken any more. */
export const acceptRole = defineAction({
  signature: { takes: codeTaken, outcomes: { done: {}, gone: {} }, fixed: { done: 'peran sudah diterima' } },
  args: codeArgs,
  async run({ kode }, context) {
    const offer = await findOffer(kode, context);
    if (offer === null || context.phone === null || (await faultOf(offer, context)) !== null)
      return outcome('gone');
    return outcome('done', {}, await takeOffer(offer, context.phone, context));
  },
});

/** As many as fit into one message that an old phone shows. */
const mostListed = 8;

/** The codes and roles given in the chat that this viewer may take back, the latest first. */
export const listOffers = defineAction({
  signature: { takes: {}, outcomes: { some: { daftar: optionsType }, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const offers = (await mine(context)).slice(0, mostListed);
    if (offers.length === 0) return outcome('none');
    return outcome('some', {
      daftar: offers.map((offer) => ({ id: offer.id, label: lineOf(offer, context) })),
    });
  },
});

async function mine(context: ActionContext): Promise<readonly FoundOffer[]> {
  const { db, contactId, simulator } = context;
  return offersFor(await viewerNow(db, contactId, simulator), context);
}

function lineOf({ role, place, phone }: FoundOffer, { vault }: ActionContext): string {
  const whose = phone === null ? 'kode belum dipakai' : `nomor …${vault.open(phone).slice(-4)}`;
  return `${capital(roleWords[role])} ${place}, ${whose}`;
}

/** Takes a code back, or the role of whoever has used it; `gone` when another was faster. */
export const withdrawRole = defineAction({
  signature: {
    takes: { terpilih: { type: 'picked' } },
    outcomes: { done: {}, gone: {} },
    fixed: { done: 'peran sudah dicabut' },
  },
  args: z.object({ terpilih: z.string() }),
  async run({ terpilih }, context) {
    const offer = (await mine(context)).find(({ id }) => id === terpilih);
    if (offer === undefined) return outcome('gone');
    return outcome('done', {}, withdrawOffer(offer, context.contactId, context.now));
  },
});
