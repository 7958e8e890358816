import { expect, it } from 'vitest';
import { signaturesOf } from '../../src/base.js';
import { publishFlows, type Standing, type Waiting, warnOfStranded } from '../../src/cli/publish.js';
import { idleSession } from '../../src/flow/session.js';
import { compileFlows } from '../../src/flows.js';

const now = new Date('2026-11-24T03:00:00Z');
const form = (header: string) =>
  compileFlows(
    {
      'flows/form.yaml': `flow: form\ntitle: Formulir\nfallback: true\n${header}\nsteps:\n  nama: { ask: "Siapa?", input: text }\n`,
    },
    signaturesOf(),
  );
const program = { ...form('moved: { tua: nama }'), hash: 'feedbeefcafe0123' };

const minutes = (count: number) => new Date(now.getTime() - count * 60_000);
const goes = (moved: boolean, renewed: boolean) => ({ session: idleSession, moved, renewed });

function standing(step: string, since: Date, way: Standing['way'], more: Partial<Standing> = {}): Standing {
  const publishedAt = new Date('2026-11-20T18:30:00Z');
  return { version: '0123456789abcdef', publishedAt, flow: 'form', step, since, way, ...more };
}

async function reportOf(standings: readonly Standing[], dryRun = false) {
  const lines: string[] = [];
  let published = 0;
  async function* all() {
    yield* standings;
  }
  const publish = async () => {
    published += 1;
  };
  await publishFlows({
    ...{ program, now, standings: all() },
    publish: dryRun ? null : publish,
    print: (line) => lines.push(line),
  });
  return { lines, published };
}

it('says who is where and what becomes of them, and publishes', async () => {
  const stuck = { obstacle: 'not-answered', flow: 'form', name: 'agama' } as const;
  const lost = { obstacle: 'unreadable', flow: 'lama', name: 'a' } as const;
  const report = await reportOf([
    standing('warna', minutes(3 * 60), stuck),
    standing('nama', minutes(0), goes(true, false)),
    standing('nama', minutes(90), goes(true, false)),
    standing('nama', minutes(26 * 60), goes(true, true)),
    standing('nama', minutes(9 * 24 * 60), goes(false, false)),
    standing('a', minutes(2), lost, { version: 'fedcba98', publishedAt: null, flow: 'lama' }),
  ]);
  expect(report).toEqual({
    lines: [
      'Version 01234567, published 2026-11-21 01:30 WIB: 5 people inside.',
      '  form, step nama: 4 people, waiting for 1 day (median), 9 days at most',
      '    2: goes on in the new version by moved:.',
      '    1: goes on in the new version by moved:, and the question, which has changed, is asked again.',
      '    1: goes on in the new version: nothing has changed there.',
      '  form, step warna: 1 person, waiting for 3 hours',
      '    1: stays in that version: form needs "agama" there, which was never asked.',
      'Version fedcba98, not kept any more: 1 person inside.',
      '  lama, step a: 1 person, waiting for 2 minutes',
      '    1: cannot go on: lama of that version cannot be read any more. It begins anew with a word of apology, and a human is told.',
      'Nobody is written to because of this: it happens at the next message of each.',
      'Published feedbeef. New conversations begin with it.',
    ],
    published: 1,
  });
});

it('changes nothing on a dry run', async () => {
  expect(await reportOf([], true)).toEqual({
    lines: [
      'Nobody is inside another version.',
      'Nothing was changed. Without --dry-run, feedbeef is published.',
    ],
    published: 0,
  });
});

it.each([
  ['flow-gone', 'the flow form is gone'],
  ['not-moved', 'form has changed and has no moved:'],
  ['step-gone', 'the step "x" of form is gone and moved: does not name it'],
  ['step-differs', 'the step "x" of form does not wait any more'],
  ['type-changed', 'the answer "x" of form is of another kind now'],
  ['no-place', 'the answer "x" of form has no place and moved: does not name it'],
] as const)('says why somebody stays: %s', async (obstacle, why) => {
  const { lines } = await reportOf([standing('x', minutes(0), { obstacle, flow: 'form', name: 'x' })]);
  expect(lines.slice(1, 3)).toEqual([
    '  form, step x: 1 person, waiting for less than a minute',
    `    1: stays in that version: ${why}.`,
  ]);
});

it('warns of people whose step is gone and not named by moved:', () => {
  const waiting: readonly Waiting[] = [
    { flow: 'form', step: 'nama', people: 5 },
    { flow: 'form', step: 'tua', people: 4 },
    { flow: 'form', step: 'warna', people: 1 },
    { flow: 'lama', step: 'a', people: 2 },
  ];
  const lines: string[] = [];
  warnOfStranded(program, waiting, (line) => lines.push(line));
  expect(lines).toEqual([
    'flows/form.yaml:1: warning: 1 person waits at "warna", which is gone. They stay in the version they began with; to take them along, write moved: { warna: STEP }.',
    'warning: 2 people wait in the flow "lama", which is gone. They stay in the version they began with.',
  ]);
});
