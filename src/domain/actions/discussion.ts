import { z } from 'zod';
import { filesType, recordType, textType } from '../../flow/types.js';
import { audited } from '../../store/audit.js';
import { discussionPaper, discussionSheet, problemsDiscussed } from '../discussion-paper.js';
import { makeFile } from '../enclosures.js';
import { viewing } from '../helpers.js';
import { pdfOf } from '../paper.js';
import { defineAction, outcome } from './define.js';

const discussedType = recordType('bahan', { jumlah: textType });

/** What was proposed in the own area, as a paper to be printed and as a workbook, without names. */
export const printProblems = defineAction({
  signature: { takes: {}, outcomes: { made: { bahan: discussedType, berkas: filesType }, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const { contactId: actor, now: at } = context;
    const problems = await problemsDiscussed(await viewing(context), context);
    if (problems.length === 0) return outcome('none');
    const [pdf, xlsx] = await Promise.all([pdfOf(discussionPaper(problems, at)), discussionSheet(problems)]);
    const files = [
      await makeFile('paper', 'bahan-rakor.pdf', pdf, context),
      await makeFile('sheet', 'bahan-rakor.xlsx', xlsx, context),
    ];
    const subjects = [...new Set(problems.map(({ subject }) => subject))];
    const look = audited({ kind: 'look', action: 'print-problems', actor, subjects, at });
    const values = {
      bahan: { jumlah: String(problems.length) },
      berkas: files.map(({ enclosure }) => ({ ...enclosure })),
    };
    return outcome('made', values, [...files.map(({ kept }) => kept), look]);
  },
});
