import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { nameKey } from '../../flow/inputs/person-name.js';
import { titleCase } from '../../flow/text.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { viewing } from '../helpers.js';
import { placeName } from '../places.js';
import { areasFor } from '../roles.js';
import { afterSkMove, issuers, statesBefore } from '../sk.js';
import { type Appointment, moveSk } from '../sk-moves.js';
import { skInReach } from '../sk-queue.js';
import { tellResult } from '../sk-results.js';
import { defineAction, outcome } from './define.js';
import { memberMeant } from './member.js';
import { lookAt } from './sk-check.js';
import { appointmentOf, readStored } from './update.js';

const asked = z.object({ anggota: z.uuid().nullish(), kepada: z.string(), tanggal: z.string().nullish() });

/** The member says that the office was asked for an SK: whom, and when. `same`: that is known; `gone`: there is one by now, or no such member. */
export const proposeSk = defineAction({
  signature: {
    takes: {
      anggota: { type: 'picked', optional: true },
      kepada: { type: `choice(${Object.keys(issuers).join('|')})` },
      tanggal: { type: 'date', optional: true },
    },
    outcomes: { done: {}, same: {}, gone: {} },
    fixed: { done: 'pengusulan SK sudah tercatat' },
  },
  args: asked,
  async run({ anggota, kepada, tanggal }, context) {
    const member = await memberMeant(anggota ?? null, context);
    if (member === null) return outcome('gone');
    const seen = appointmentOf(await readStored(member.id, context));
    if (seen.state === 'sedang_diusulkan') return outcome('same');
    if (afterSkMove(seen.state, 'usulkan', 'member') === null) return outcome('gone');
    const when = tanggal == null ? '' : ` pada ${showDate(tanggal)}`;
    const reason = `Diusulkan kepada: ${issuers[kepada] ?? kepada}${when}.`;
    const step = { move: 'usulkan', by: 'member', who: context.contactId, reason } as const;
    return outcome('done', {}, moveSk(seen, step, context));
  },
});

/** A member whose SK this verifier may revoke. */
interface Revocable extends Appointment {
  readonly name: string;
  readonly place: string;
  readonly number: Buffer | null;
  readonly decidedOn: string | null;
}

/** As many as fit into one message that an old phone shows; who has a common name is found by more of it. */
const mostFound = 8;
const revocableText = `
SELECT a.member_id AS "memberId", a.document_id AS "documentId", a.status AS state, a.held_by AS "heldBy", a.held_from AS "heldFrom",
  m.name, ${placeName('m.region_code')} AS place, d.number_sealed AS number, d.decided_on AS "decidedOn"
FROM sk_member a JOIN member m ON m.id = a.member_id JOIN sk_document d ON d.id = a.document_id
WHERE ${skInReach} AND a.status = ANY($4::text[]) AND lower(m.name) LIKE ALL($5::text[]) AND ($6::uuid IS NULL OR a.member_id = $6)
ORDER BY m.name, m.id LIMIT ${mostFound}`;

async function revocable(
  words: readonly string[],
  memberId: string | null,
  context: ActionContext,
): Promise<readonly Revocable[]> {
  const { db, simulator, contactId } = context;
  const areas = areasFor(await viewing(context), 'verify-sk');
  const likes = words.map((word) => `%${word}%`);
  const values = [areas, simulator, contactId, statesBefore('cabut'), likes, memberId];
  return run<Revocable>(db, { name: 'sk-revocable', text: revocableText, values });
}

/** Members of the own area whose SK was verified, by name. */
export const findRevocable = defineAction({
  signature: {
    takes: { nama: { type: 'person-name' } },
    outcomes: { some: { daftar: optionsType }, none: {} },
  },
  args: z.object({ nama: z.string() }),
  async run({ nama }, context) {
    const people = await revocable(nameKey(nama).split(' '), null, context);
    const daftar = people.map(({ memberId, name, place }) => ({
      id: memberId,
      label: `${titleCase(name)}, ${place}`,
    }));
    return people.length === 0 ? outcome('none') : outcome('some', { daftar });
  },
});

const chosen = { anggota: { type: 'picked' } } as const;
const shownType = recordType('sk', { nama: textType, wilayah: textType, nomor: textType, tanggal: textType });

/** One of them, to be sure that it is the right one; the look is kept. */
export const showRevocable = defineAction({
  signature: { takes: chosen, outcomes: { found: { sk: shownType }, gone: {} } },
  args: z.object({ anggota: z.uuid() }),
  async run({ anggota }, context) {
    const [one] = await revocable([], anggota, context);
    if (one === undefined) return outcome('gone');
    const { name, place, number, decidedOn } = one;
    const sk = {
      nama: titleCase(name),
      wilayah: place,
      nomor: number === null ? null : context.vault.open(number),
      tanggal: decidedOn === null ? null : showDate(decidedOn),
    };
    return outcome('found', { sk }, [lookAt(anggota, context)]);
  },
});

/** The office has withdrawn the SK: it is no SK any more, and its member hears of it with the reason, word by word. */
export const revokeSk = defineAction({
  signature: {
    takes: { ...chosen, alasan: { type: 'text' } },
    outcomes: { done: {}, gone: {} },
    fixed: { done: 'pencabutan SK sudah dikabarkan kepada anggota' },
  },
  args: z.object({ anggota: z.uuid(), alasan: z.string() }),
  async run({ anggota, alasan: reason }, context) {
    const [one] = await revocable([], anggota, context);
    if (one === undefined || one.documentId === null) return outcome('gone');
    const move = 'cabut';
    const moved = moveSk(one, { move, by: 'verifier', who: context.contactId, reason }, context);
    const { memberId, name } = one;
    return outcome('done', {}, [
      ...moved,
      ...(await tellResult({ memberId, name, move, reason }, one.documentId, context)),
    ]);
  },
});
