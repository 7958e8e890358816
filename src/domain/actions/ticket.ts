import { z } from 'zod';
import { titleOfChannel } from '../../flow/capabilities.js';
import { filesType, optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { makeFile } from '../enclosures.js';
import { pngOf } from '../picture.js';
import { momentInWords } from '../rakor.js';
import { codeOfTicket, doorWord, type HeldTicket, ticketsHeld } from '../ticket.js';
import { ticketSvg } from '../ticket-picture.js';
import { clockInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';

const ticketType = recordType('tiket', {
  nama: textType,
  acara: textType,
  waktu: textType,
  kode: textType,
  pukul: textType,
});

const told = { tiket: ticketType };

/**
 * The ticket of whoever asks: for a rakor that is not over, of which they said that they come, or to which they are sent. `in`: they are
 * there already, and the ticket was used. `unanswered`, `unsure` and `absent` say how they answered instead; with several tickets it is asked which.
 */
export const findTicket = defineAction({
  signature: {
    takes: { undangan: { type: 'picked', optional: true } },
    outcomes: {
      ...{ made: { ...told, gambar: filesType }, in: told, several: { daftar: optionsType }, none: {} },
      ...{ unanswered: told, unsure: told, absent: told },
    },
  },
  args: z.object({ undangan: z.uuid().nullish() }),
  async run({ undangan }, context) {
    const all = await ticketsHeld(context);
    if (all.length === 0) return outcome('none');
    const meant = all.find(({ invitationId }) => all.length === 1 || invitationId === undangan);
    if (meant !== undefined) return ticketFor(meant, context);
    return outcome('several', {
      daftar: all.map(({ invitationId, name, title }) => ({ id: invitationId, label: `${title}, ${name}` })),
    });
  },
});

async function ticketFor(held: HeldTicket, context: ActionContext): Promise<ActionOutcome> {
  const code = codeOfTicket(held, context.vault);
  const kode = `${code.slice(0, 4)}-${code.slice(4)}`;
  const { name, title, startsAt, checkedInAt } = held;
  const pukul = checkedInAt === null ? null : clockInWib(checkedInAt);
  const tiket = { nama: name, acara: title, waktu: momentInWords(startsAt), kode, pukul };
  const state = stateOf(held);
  if (state !== 'made') return outcome(state, { tiket: { ...tiket, kode: null } });
  const svg = ticketSvg({ ...tiket, tempat: held.venue, link: await linkOf(code, context) });
  const { kept, enclosure } = await makeFile('ticket', 'tiket-rakor.png', await pngOf(svg), context);
  return outcome('made', { tiket, gambar: [{ ...enclosure }] }, [kept]);
}

function stateOf({ answer, isDelegate, checkedInAt }: HeldTicket) {
  if (checkedInAt !== null) return 'in';
  if (answer === 'hadir') return 'made';
  if (answer === 'mungkin') return 'unsure';
  if (answer !== null) return 'absent';
  return isDelegate ? 'made' : 'unanswered';
}

/** What any camera reads: the link that opens the chat with the bot, of the application most have; without one the words to send. */
async function linkOf(code: string, { doors }: ActionContext): Promise<string> {
  const words = `${doorWord} ${code}`;
  const all = await doors(`${doorWord}_${code}`, words);
  const [first] = all;
  const found = all.find(({ channel }) => titleOfChannel(channel).includes('WhatsApp')) ?? first;
  return found?.url ?? words;
}
