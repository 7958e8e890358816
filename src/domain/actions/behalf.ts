import { z } from 'zod';
import { birth } from '../../flow/inputs/birth.js';
import { date } from '../../flow/inputs/date.js';
import { nik } from '../../flow/inputs/nik.js';
import { oneTimeCode } from '../../flow/inputs/one-time-code.js';
import { personName } from '../../flow/inputs/person-name.js';
import { phone } from '../../flow/inputs/phone.js';
import { region } from '../../flow/inputs/region.js';
import { skNumber } from '../../flow/inputs/sk-number.js';
import { year } from '../../flow/inputs/year.js';
import type { JsonRecord } from '../../flow/json.js';
import { titleCase } from '../../flow/text.js';
import { choiceType, optionsType, recordType, textType } from '../../flow/types.js';
import { audited } from '../../store/audit.js';
import type { ActionContext } from '../action.js';
import {
  answersOf,
  type Behalf,
  countWaiting,
  discarded,
  findByCode,
  findOpened,
  keepBehalf,
  mostWaiting,
  notConfirmed,
  openBehalf,
} from '../behalf.js';
import { educations } from '../educations.js';
import { viewerNow } from '../helpers.js';
import { hasGuessedTooOften, newCode, noteGuess } from '../links.js';
import { areasFor } from '../roles.js';
import { issuers } from '../sk.js';
import { defineAction, outcome } from './define.js';
import { choicesOf, memberType, registration, registrationTaken, spokenFor } from './member.js';

const entrustedType = recordType('titipan', { id: textType, oleh: textType, nama: personName.type({}) });
const codeType = oneTimeCode.type({});
const madeType = recordType('kode-baru', { kode: codeType, tautan: textType });

/** The word that stands before a code in a message that is written by hand or by a link. */
const confirmWord = 'KONFIRMASI';

const ids = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, name]));
/** What was typed, as the questions of a registration save it. */
const answerTypes = {
  nama: personName.type({}),
  lahir: birth.type({ 'year-only': true }),
  'jenis-kelamin': choiceType(ids('L', 'P')),
  wilayah: region.type({ level: 'village' }),
  tahun: year.type({ min: 1945, past: true }),
  pendidikan: choiceType(educations),
  sk: choiceType(ids('ada', 'tanpa-nomor', 'belum')),
  'nomor-sk': skNumber.type({}),
  'tanggal-sk': date.type({}),
  'penerbit-sk': choiceType(issuers),
  nik: nik.type({}),
  telepon: phone.type({}),
};

/**
 * How a registration begins here: with what another one has typed for this person (`waiting`), beside members who are registered through
 * this contact already, for an officer who may register others, or for somebody unknown.
 */
export const beginRegistration = defineAction({
  signature: {
    takes: {},
    outcomes: {
      waiting: { titipan: entrustedType, ...answerTypes },
      found: { anggota: memberType },
      several: { daftar: optionsType },
      officer: {},
      unknown: {},
    },
  },
  args: z.object({}),
  async run(_, context) {
    const opened = await findOpened(context.contactId, null, context);
    if (opened !== null) return outcome('waiting', readOut(opened, context));
    const [first, ...others] = await spokenFor(context);
    if (first === undefined) return outcome((await isOfficer(context)) ? 'officer' : 'unknown');
    if (others.length > 0) return outcome('several', { daftar: choicesOf([first, ...others]) });
    return outcome('found', { anggota: { nama: first.name } });
  },
});

function readOut(one: Behalf, { vault }: ActionContext): JsonRecord {
  const answers = answersOf(one, vault);
  const nothing = Object.fromEntries(Object.keys(answerTypes).map((name) => [name, null]));
  return { ...nothing, ...answers, titipan: entrusted(one, answers) };
}

function entrusted({ id, names }: Behalf, answers: JsonRecord): JsonRecord {
  const oleh = names.length === 0 ? 'Petugas IPSM' : names.map(titleCase).join(' atau ');
  return { id, oleh, nama: answers['nama'] ?? null };
}

async function isOfficer({ db, contactId, simulator }: ActionContext): Promise<boolean> {
  const viewer = await viewerNow(db, contactId, simulator);
  return areasFor(viewer, 'register-others').length > 0;
}

// All that a region or a birth holds is kept, to be shown as it was.
const typed = registration.extend({
  lahir: z.looseObject({ tanggal: z.string() }),
  wilayah: z.looseObject({ kode: z.string() }),
});

/**
 * Keeps what was typed for somebody with a phone of their own, and makes the code by which that one opens it. `too-many` when as many of this
 * helper wait already; `refused` for who may not (any more).
 */
export const keepForAnother = defineAction({
  signature: {
    takes: registrationTaken,
    outcomes: { made: { 'kode-baru': madeType }, 'too-many': {}, refused: {} },
    fixed: { made: 'data itu sudah kami simpan' },
  },
  args: z.record(z.string(), z.json()),
  async run(given, context) {
    const { contactId, db, now, reach } = context;
    typed.parse(given);
    const may = (await spokenFor(context)).length > 0 || (await isOfficer(context));
    if (!may) return outcome('refused');
    if ((await countWaiting(contactId, db, now)) >= mostWaiting) return outcome('too-many');
    const code = newCode();
    const doors = await context.doors(code, `${confirmWord} ${code}`);
    const tautan = doors.length === 0 ? null : doors.map(({ url }) => url).join('\n');
    const kept = keepBehalf(code, reach.addressId, given, context);
    return outcome('made', { 'kode-baru': { kode: code, tautan } }, [kept]);
  },
});

type Fault = 'expired' | 'used' | 'own';

/**
 * Opens a registration by its code, at one address for good; once more there shows it again. `none` is no such code, or one too many guesses:
 * whoever looks for other codes counts them.
 */
export const openForMe = defineAction({
  signature: {
    takes: { kode: { type: codeType.name } },
    outcomes: { found: { titipan: entrustedType }, none: {}, expired: {}, used: {}, own: {} },
  },
  args: z.object({ kode: z.string() }),
  async run({ kode }, context) {
    const { addressId } = context.reach;
    const mayLook = !(await hasGuessedTooOften(addressId, context.db, context.now));
    const found = mayLook ? await findByCode(kode, context) : null;
    if (found === null) return outcome('none');
    const fault = faultOf(found, context.contactId);
    if (fault === 'own') return outcome(fault);
    if (fault !== null) return outcome(fault, {}, [noteGuess(addressId, fault, context.now)]);
    const opening = found.openerId === null ? [openBehalf(found, addressId, context.now)] : [];
    return outcome('found', { titipan: entrusted(found, answersOf(found, context.vault)) }, opening);
  },
});

function faultOf({ helperId, openerId, answers, ended }: Behalf, contactId: string): Fault | null {
  if (helperId === contactId) return 'own';
  if (ended) return 'expired';
  return answers === null || (openerId ?? contactId) !== contactId ? 'used' : null;
}

/** Erases at once what was typed for somebody who is another one or does not want it; the helper is told that it was not confirmed. */
export const refuseForMe = defineAction({
  signature: {
    takes: { titipan: { type: 'text', optional: true } },
    outcomes: { erased: {}, gone: {} },
    forgets: true,
  },
  args: z.object({ titipan: z.uuid().nullish() }),
  async run({ titipan }, context) {
    const found = await findOpened(context.contactId, titipan ?? null, context);
    if (found === null) return outcome('gone');
    const entry = { kind: 'erasure', action: 'refused', actor: null, subjects: [], at: context.now } as const;
    const told = await notConfirmed(found, context);
    return outcome('erased', {}, [...discarded(found, context), audited(entry), ...told]);
  },
});
