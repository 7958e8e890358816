import { z } from 'zod';
import { filesType, optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { assignedBy, assignmentOf } from '../assignment.js';
import { makeFile } from '../enclosures.js';
import { pdfOf } from '../paper.js';
import { findRakor, momentInWords } from '../rakor.js';
import { type HeldTicket, ticketsHeld } from '../ticket.js';
import { defineAction, outcome } from './define.js';

const letterType = recordType('surat-tugas', { nama: textType, acara: textType, waktu: textType });

/**
 * The letter of assignment for whoever asks and said that they come, or for who goes instead; with several invitations it is asked which.
 * `unanswered`: nobody goes, or not for certain.
 */
export const makeAssignment = defineAction({
  signature: {
    takes: { undangan: { type: 'picked', optional: true } },
    outcomes: {
      made: { 'surat-tugas': letterType, berkas: filesType },
      ...{ several: { daftar: optionsType }, unanswered: {}, none: {} },
    },
  },
  args: z.object({ undangan: z.uuid().nullish() }),
  async run({ undangan }, context) {
    const all = await ticketsHeld(context);
    if (all.length === 0) return outcome('none');
    const going = all.filter((held) => assignedBy(held) !== null);
    if (going.length === 0) return outcome('unanswered');
    const meant = going.find(({ invitationId }) => going.length === 1 || invitationId === undangan);
    if (meant !== undefined) return letterFor(meant, context);
    return outcome('several', { daftar: going.map(optionOf) });
  },
});

function optionOf(held: HeldTicket) {
  const { invitationId: id, title, name } = held;
  return { id, label: `${title}, ${assignedBy(held)?.name ?? name}` };
}

async function letterFor(held: HeldTicket, context: ActionContext): Promise<ActionOutcome> {
  const [sent, rakor] = [assignedBy(held), await findRakor(held.rakorId, context)];
  if (sent === null || rakor === null) return outcome('unanswered');
  const bytes = await pdfOf(assignmentOf(rakor, sent, held.place));
  const { kept, enclosure } = await makeFile('paper', 'surat-tugas.pdf', bytes, context);
  const letter = { nama: sent.name, acara: held.title, waktu: momentInWords(held.startsAt) };
  return outcome('made', { 'surat-tugas': letter, berkas: [{ ...enclosure }] }, [kept]);
}
