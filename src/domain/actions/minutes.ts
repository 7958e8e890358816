import { z } from 'zod';
import { fileTypes } from '../../flow/attachment.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { rakorFor } from '../attendance.js';
import { changeByWord, changesFrom } from '../broadcast-desk.js';
import { decideApproval, findBroadcast } from '../broadcasts.js';
import { enclose } from '../enclosures.js';
import { viewing } from '../helpers.js';
import { draftMinutes, type Part } from '../minutes.js';
import { hasBegun, momentInWords, type Rakor } from '../rakor.js';
import { making } from './broadcast.js';
import { defineAction, outcome } from './define.js';

/** As many as an old phone shows in one message. */
const mostOffered = 8;

const rakorType = recordType('rakor-selesai', { id: textType, acara: textType, waktu: textType });

/** The rakor of the own area that have begun and were not cancelled, the last one first. */
async function begun(context: ActionContext): Promise<readonly Rakor[]> {
  const all = await rakorFor(await viewing(context), context);
  return all.filter((rakor) => hasBegun(rakor, context.now) && rakor.state !== 'cancelled');
}

/** The rakor whose minutes are sent: the only one, or the one that was picked. */
export const findHeld = defineAction({
  signature: {
    takes: { rakor: { type: 'picked', optional: true } },
    outcomes: { one: { 'rakor-selesai': rakorType }, several: { daftar: optionsType }, none: {} },
  },
  args: z.object({ rakor: z.uuid().nullish() }),
  async run({ rakor }, context) {
    const all = await begun(context);
    if (all.length === 0) return outcome('none');
    const meant = all.find(({ id }) => all.length === 1 || id === rakor);
    if (meant === undefined) return outcome('several', { daftar: all.slice(0, mostOffered).map(optionOf) });
    const { id, details, startsAt } = meant;
    return outcome('one', {
      'rakor-selesai': { id, acara: details.acara, waktu: momentInWords(startsAt) },
    });
  },
});

function optionOf({ id, details, startsAt }: Rakor) {
  return { id, label: `${details.acara}, ${momentInWords(startsAt)}` };
}

const minutesType = recordType('notulen', {
  hadir: textType,
  'jumlah-hadir': textType,
  tidak: textType,
  'jumlah-tidak': textType,
  semua: textType,
  'jumlah-semua': textType,
});
const names: Readonly<Record<Part, 'hadir' | 'tidak' | 'semua'>> = {
  ...{ came: 'hadir', absent: 'tidak', all: 'semua' },
};

/** Keeps the minutes as drafts, and tells how many they are for: who came, who did not, or all where that is not known. */
export const prepareMinutes = defineAction({
  signature: {
    takes: {
      rakor: { type: 'text' },
      isi: { type: 'text' },
      berkas: { type: 'document', optional: true },
    },
    outcomes: { ready: { notulen: minutesType }, none: {} },
  },
  args: z.object({
    rakor: z.uuid(),
    isi: z.string(),
    berkas: z.object({ id: z.uuid(), jenis: z.enum(fileTypes), ukuran: z.number() }).nullish(),
  }),
  async run({ rakor, isi, berkas }, context) {
    const held = (await begun(context)).find(({ id }) => id === rakor);
    if (held === undefined) return outcome('none');
    const minutes = { text: isi, ...(berkas == null ? {} : { enclosure: enclose(berkas, 'notulen-rakor') }) };
    const { parts, writes } = await draftMinutes(await viewing(context), held, minutes, making(context));
    if (parts.length === 0) return outcome('none');
    const empty = Object.fromEntries(Object.keys(minutesType.fields ?? {}).map((name) => [name, null]));
    const kept = parts.flatMap(({ part, id, people }) => [
      [names[part], id],
      [`jumlah-${names[part]}`, String(people)],
    ]);
    return outcome('ready', { notulen: { ...empty, ...Object.fromEntries(kept) } }, writes);
  },
});

const partsTaken = {
  hadir: { type: 'text', optional: true },
  tidak: { type: 'text', optional: true },
  semua: { type: 'text', optional: true },
} as const;
const partsArgs = z.object({
  hadir: z.uuid().nullish(),
  tidak: z.uuid().nullish(),
  semua: z.uuid().nullish(),
});

function idsOf({ hadir, tidak, semua }: z.infer<typeof partsArgs>): readonly string[] {
  return [hadir, tidak, semua].filter((id) => typeof id === 'string');
}

const sentType = recordType('kiriman', { jumlah: textType });

/** Sends all parts; `waiting`: at least one of them needs a second person's yes. */
export const sendMinutes = defineAction({
  signature: {
    takes: partsTaken,
    outcomes: { running: { kiriman: sentType }, waiting: { kiriman: sentType }, gone: {} },
    fixed: { running: 'notulen sudah mulai dikirim', waiting: 'persetujuan sudah diminta' },
  },
  args: partsArgs,
  async run(parts, context) {
    const viewer = await viewing(context);
    const writes: Statement[] = [];
    let [messages, isWaiting] = [0, false];
    for (const id of idsOf(parts)) {
      const approval = await decideApproval(viewer, id, making(context));
      if (approval.result === 'refused') return outcome('gone');
      messages += approval.messages;
      isWaiting ||= approval.result === 'waiting';
      writes.push(...approval.writes);
    }
    return outcome(isWaiting ? 'waiting' : 'running', { kiriman: { jumlah: String(messages) } }, writes);
  },
});

/** Ends the drafts again. */
export const dropMinutes = defineAction({
  signature: { takes: partsTaken, outcomes: { done: {} } },
  args: partsArgs,
  async run(parts, context) {
    const viewer = await viewing(context);
    const all = await Promise.all(idsOf(parts).map((id) => findBroadcast(viewer, id, context)));
    const open = all.flatMap((found) => found?.broadcast ?? []);
    const ended = open.filter(({ state }) => changesFrom(state).includes('cancel'));
    return outcome(
      'done',
      {},
      ended.flatMap(({ id }) => changeByWord(id, 'cancel', viewer, context.now)),
    );
  },
});
