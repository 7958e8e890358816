import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bare, failureText } from '../../src/cli/failure.js';
import { Visits } from '../../src/flow/coverage.js';
import { playTranscripts } from '../../src/flow/transcript.js';
import { programOf, regions, shipped } from './rig.js';

const files = readdirSync('flows').filter((name) => name.endsWith('.test.yaml'));
const visits = new Visits(shipped);
const reports = files.map((name) => ({
  name,
  ...playTranscripts(readFileSync(`flows/${name}`, 'utf8'), shipped, regions, visits),
}));

describe.each(reports)('$name', ({ name: file, played }) => {
  it.each(played)('$name', ({ name, failures }) => {
    expect(failures.map((failure) => failureText(`flows/${file}`, name, failure, bare)).join('\n')).toBe('');
  });
});

describe('the shipped flows', () => {
  it('have a test file each', () => {
    expect(reports.map(({ flow }) => flow).sort()).toEqual([...shipped.flows.keys()].sort());
  });

  it.each(visits.coverage())('$flow: every step and every outcome is walked', ({ missing }) => {
    expect(missing).toEqual([]);
  });
});

describe('a transcript that goes wrong', () => {
  const program = programOf(`
flow: tanya
title: Tanya
fallback: true
steps:
  warna:
    ask: Apa warna kesukaan Bapak/Ibu?
    input: text
  simpan:
    do: contact.opt-in
    outcomes: { done: jawab }
  jawab: { end: "Terima kasih, kami catat warna {warna} sebagai warna kesukaan Bapak/Ibu." }
`);
  const played = (talk: string, head = '') =>
    playTranscripts(
      `flow: tanya\nactions: { contact.opt-in: done }\ntests:\n  - name: satu\n${head}    talk:\n${talk}`,
      program,
      regions,
    ).played;
  const failuresOf = (talk: string, head = '') =>
    played(talk, head).flatMap(({ failures }) => failures.map(({ line, what }) => `${line}: ${what}`));
  const line = (kind: string, text: string) => `      - ${kind}: "${text}"\n`;
  const asked = line('member', 'halo') + line('bot', 'Apa warna … Bapak/Ibu?');

  it('passes when all is as written, spaces aside', () => {
    const talk = asked + line('member', 'merah') + line('bot', 'Terima  kasih, … merah … Bapak/Ibu.');
    expect(failuresOf(talk)).toEqual([]);
  });

  it('stops at the first exchange that went wrong, with the talk before it', () => {
    const talk = asked + line('member', 'merah') + line('bot', 'Halo') + line('member', 'biru');
    expect(played(talk)).toEqual([
      {
        name: 'satu',
        failures: [
          {
            line: 9,
            what: 'the bot said something else',
            before: [
              { who: 'member', text: 'halo' },
              { who: 'bot', text: 'Apa warna kesukaan Bapak/Ibu?' },
              { who: 'member', text: 'merah' },
            ],
            pairs: [
              {
                kind: 'different',
                wanted: { text: 'Halo', line: 9 },
                got: 'Terima kasih, kami catat warna merah sebagai warna kesukaan Bapak/Ibu.',
              },
            ],
          },
        ],
      },
    ]);
  });

  it('shows only the end of a long talk', () => {
    const again = line('member', 'ulang') + line('bot', 'Apa warna … Bapak/Ibu?');
    const [test] = played(asked + again + again + line('member', 'ulang'));
    expect(test?.failures.flatMap(({ before }) => before.map(({ who }) => who))).toEqual([
      ...['bot', 'member', 'bot', 'member'],
    ]);
  });

  it('names a conversation that goes on from a wrong one in one line', () => {
    const source = `flow: tanya\ntests:\n  - name: satu\n    talk:\n${line('member', 'halo')}  - name: dua\n    after: satu\n    talk:\n${line('member', 'merah')}`;
    const failures = playTranscripts(source, program, regions).played.map((one) => one.failures[0]?.what);
    expect(failures).toEqual([
      'the bot said something else',
      'it goes on from a conversation that went wrong',
    ]);
  });

  it('says what was said unexpectedly', () => {
    expect(failuresOf(line('member', 'halo') + line('member', 'merah'))).toEqual([
      '6: the bot said something else',
    ]);
  });

  it('names a button that was never shown, and an action without an answer', () => {
    expect(failuresOf(asked + line('press', 'Biru'))).toEqual(['8: no question had a button "Biru"']);
    const head = '    actions: { contact.opt-in: [] }\n';
    expect(failuresOf(asked + line('member', 'merah'), head)).toEqual([
      '9: the action contact.opt-in was called, but actions: does not say what it answers',
    ]);
  });

  it('lets time pass: what is due in it happens in its order, and only once', () => {
    const waiting = programOf(`
flow: tanya
title: Tanya
fallback: true
nudge:
  - { after: 2 jam, say: Satu. }
  - { after: 1 hari, say: Dua. }
expire: { after: 2 hari, go: lewat }
steps:
  warna: { ask: "Warna apa?", input: text }
  akhir: { end: "Terima kasih." }
  lewat: { end: "Tiga." }
`);
    const play = (talk: string, visits?: Visits) =>
      playTranscripts(`flow: tanya\ntests:\n  - name: satu\n    talk:\n${talk}`, waiting, regions, visits);
    const begun = line('member', 'halo') + line('bot', 'Warna apa?');
    const all = line('bot', 'Satu. Warna apa?') + line('bot', 'Dua. Warna apa?') + line('bot', 'Tiga.');
    const visits = new Visits(waiting);
    const { played: passed } = play(begun + line('wait', '30 hari') + all + line('wait', '30 hari'), visits);
    expect(passed).toEqual([{ name: 'satu', failures: [] }]);
    expect(visits.coverage()[0]?.missing).toEqual([
      { file: 'flow-0.yaml', line: 10, step: 'warna', exit: 'answered' },
      { file: 'flow-0.yaml', line: 11, step: 'akhir', exit: null },
    ]);
    const kinds = (talk: string) =>
      play(begun + talk).played[0]?.failures.flatMap(({ pairs }) => pairs.map(({ kind }) => kind));
    expect(kinds(line('wait', '119 menit') + line('bot', 'Satu. Warna apa?'))).toEqual(['missing']);
    expect(kinds(line('wait', '2 jam') + line('wait', '1 menit'))).toEqual(['extra']);
    const [failure] = play(begun + line('wait', '2 jam')).played[0]?.failures ?? [];
    expect(failure?.before.at(-1)).toEqual({ who: 'wait', text: '2 jam' });
    const never = new Visits(waiting);
    play(begun, never);
    expect(never.coverage()[0]?.missing.filter(({ step }) => step === null)).toEqual(
      ['(nudge-1)', '(nudge-2)', '(expire)'].map((exit) => ({
        file: 'flow-0.yaml',
        line: 2,
        step: null,
        exit,
      })),
    );
  });

  it.each([
    [': : :', 1, 'this is not YAML: Nested mappings are not allowed in compact mappings'],
    ['flow: a', 1, '"tests" is wrong: Invalid input: expected array, received undefined'],
    [
      'flow: a\ntests:\n  - name: x\n    talk:\n      - say: hm',
      5,
      '"tests.0.talk.0" is wrong: a line must have exactly one of: member, early, press, signal, bot, wait, file, location',
    ],
    [
      'flow: a\ntests:\n  - name: x\n    after: y\n    talk:\n      - member: hm',
      6,
      'no conversation above is called "y"',
    ],
  ])('of another form is told with its line: %j', (source, at, what) => {
    const { played: files } = playTranscripts(source, program, regions);
    expect(files).toEqual([{ name: 'the file', failures: [{ line: at, what, before: [], pairs: [] }] }]);
  });
});

describe('coverage', () => {
  const program = programOf(`
flow: jalan
title: Jalan
fallback: true
steps:
  tanya:
    choose: Ke mana?
    choices:
      kiri: { label: Kiri, go: tujuan }
      kanan: { label: Kanan, go: tujuan }
      lurus: { label: Lurus, go: jauh }
  tujuan: { end: "Sampai." }
  jauh: { end: "Jauh." }
`);

  it('counts ways to the same place one by one, and names what is missing with its line', () => {
    const visits = new Visits(program);
    const source = `flow: jalan\ntests:\n  - name: satu\n    talk:\n      - member: hai\n      - bot: "…"\n      - member: kiri\n      - bot: Sampai.`;
    playTranscripts(source, program, regions, visits);
    expect(visits.coverage()).toEqual([
      {
        flow: 'jalan',
        steps: { walked: 2, of: 3 },
        outcomes: { walked: 2, of: 5 },
        missing: [
          { file: 'flow-0.yaml', line: 6, step: 'tanya', exit: 'kanan' },
          { file: 'flow-0.yaml', line: 6, step: 'tanya', exit: 'lurus' },
          { file: 'flow-0.yaml', line: 13, step: 'jauh', exit: null },
        ],
      },
    ]);
  });
});
