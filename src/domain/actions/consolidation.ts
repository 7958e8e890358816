import { z } from 'zod';
import { recordType, textType } from '../../flow/types.js';
import {
  type Consolidation,
  type Counts,
  consolidationLook,
  countConsolidation,
  membersIn,
  neediestFirst,
  totalOf,
  verifiedShare,
} from '../consolidation.js';
import { viewerNow } from '../helpers.js';
import { defineAction, outcome } from './define.js';

/** As many regencies are named in one message that an old phone shows; of more, the ones that need help first. */
const mostNamed = 8;
const worst = 5;

const stateType = recordType('konsolidasi', { tempat: textType, rincian: textType });

/** How far the regencies of this viewer have come: `one` in whole, `several` each in a line, with all of them together. */
export const readConsolidation = defineAction({
  signature: {
    takes: {},
    outcomes: { one: { konsolidasi: stateType }, several: { konsolidasi: stateType }, none: {} },
  },
  args: z.object({}),
  async run(_, context) {
    const { db, contactId, simulator, now } = context;
    const viewer = await viewerNow(db, contactId, simulator);
    const all = await countConsolidation(viewer, { db, now });
    const [first] = all;
    if (first === undefined) return outcome('none');
    const [name, konsolidasi] = all.length === 1 ? ['one', whole(first)] : ['several', together(all)];
    return outcome(name, { konsolidasi }, [consolidationLook(viewer, now)]);
  },
});

function whole(one: Consolidation) {
  const rincian = `Pengurus: ${one.board.words}\n${countsTold(one)}`;
  return { tempat: one.place, rincian };
}

function together(all: readonly Consolidation[]) {
  const named = neediestFirst(all).slice(0, all.length > mostNamed ? worst : mostNamed);
  const active = all.filter(({ board }) => board.state === 'active').length;
  const lines = named.map(
    (one) =>
      `${one.place}: ${membersIn(one)} PSM, SK sah ${verifiedShare(one)}%, pengurus ${one.board.words.toLowerCase()}`,
  );
  const heading = named.length < all.length ? 'Yang paling perlu dibantu:' : 'Setiap kabupaten/kota:';
  const total = `Pengurus aktif: ${active} dari ${all.length}\n${countsTold(totalOf(all))}`;
  return { tempat: `${all.length} kabupaten/kota`, rincian: `${total}\n\n${heading}\n${lines.join('\n')}` };
}

function countsTold(counts: Counts): string {
  const { registered, listed, verified, under45, under60, over60, ageless, valid, ending, ended } = counts;
  return [
    `PSM: ${membersIn(counts)} (${registered} terdaftar, ${listed} baru terdata)`,
    `SK sah: ${verified} (${verifiedShare(counts)}%)`,
    `Usia di bawah 45: ${under45} (regenerasi), 45-59: ${under60}, 60 ke atas: ${over60}${ageless === 0 ? '' : `, belum diketahui: ${ageless}`}`,
    `Sertifikat berlaku: ${valid + ending} (${ending} berakhir dalam 90 hari), sudah berakhir: ${ended}`,
  ].join('\n');
}
