import { z } from 'zod';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { looksAtGuests } from '../attendance.js';
import { makeFile } from '../enclosures.js';
import { viewing } from '../helpers.js';
import { momentInWords, type Rakor } from '../rakor.js';
import {
  type Answerer,
  answeredRakor,
  answerGroups,
  answersOf,
  answersSheet,
  groupOf,
  remarkOf,
} from '../rakor-answers.js';
import {
  fileMade,
  meantOf,
  pageArgs,
  pageOf,
  pageOutcomes,
  rakorArgs,
  rakorTaken,
  whichOf,
} from './attendance.js';
import { defineAction, outcome } from './define.js';

const answersType = recordType('jawaban', {
  id: textType,
  acara: textType,
  waktu: textType,
  rincian: textType,
});

/** A rakor to which people of the own area are invited, by what was picked or because it is the only one, with how many answered what. */
export const findAnswers = defineAction({
  signature: {
    takes: { rakor: { type: 'picked', optional: true } },
    outcomes: {
      ...{ one: { jawaban: answersType, kelompok: optionsType } },
      ...{ several: { daftar: optionsType }, none: {} },
    },
  },
  args: z.object({ rakor: z.uuid().nullish() }),
  async run({ rakor }, context) {
    const viewer = await viewing(context);
    const all = await answeredRakor(viewer, context);
    const meant = meantOf(all, rakor);
    return meant === null ? whichOf(all) : counted(meant, await answersOf(viewer, [meant.id], context));
  },
});

function counted({ id, details, startsAt }: Rakor, all: readonly Answerer[]) {
  const groups = Object.entries(answerGroups).map(([group, label]) => ({
    ...{ id: group, label },
    count: all.filter((one) => groupOf(one) === group).length,
  }));
  const lines = [`Diundang: ${all.length}`, ...groups.map(({ label, count }) => `${label}: ${count}`)];
  return outcome('one', {
    jawaban: { id, acara: details.acara, waktu: momentInWords(startsAt), rincian: lines.join('\n') },
    kelompok: groups.filter(({ count }) => count > 0).map(({ id: group, label }) => ({ id: group, label })),
  });
}

/** Those of one group, a few at a time; behind `sesudah` of them. */
export const listAnswers = defineAction({
  signature: {
    takes: { ...rakorTaken, kelompok: { type: 'picked' }, sesudah: { type: 'text', optional: true } },
    outcomes: pageOutcomes,
  },
  args: rakorArgs.extend({ kelompok: z.string(), ...pageArgs.shape }),
  async run({ rakor, kelompok, sesudah }, context) {
    const all = await answersOf(await viewing(context), [rakor], context);
    const some = all.filter((one) => groupOf(one) === kelompok);
    return pageOf(some, { sesudah, action: 'list-answers', line: lineOf }, context);
  },
});

function lineOf(one: Answerer): string {
  const remark = remarkOf(one);
  const who = `${one.name}, ${one.position}, ${one.place}`;
  return remark === '' ? who : `${who} (${remark})`;
}

/** All of them as a workbook. */
export const fileAnswers = defineAction({
  signature: { takes: rakorTaken, outcomes: fileMade },
  args: rakorArgs,
  async run({ rakor }, context) {
    const viewer = await viewing(context);
    const meant = (await answeredRakor(viewer, context)).find(({ id }) => id === rakor);
    if (meant === undefined) return outcome('none');
    const all = await answersOf(viewer, [rakor], context);
    const bytes = await answersSheet(meant, all);
    const { kept, enclosure } = await makeFile('sheet', 'jawaban-rakor.xlsx', bytes, context);
    const looks = looksAtGuests('list-answers', all, context);
    return outcome('made', { berkas: [{ ...enclosure }] }, [kept, ...looks]);
  },
});
