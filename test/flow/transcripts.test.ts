import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coverable, playTranscripts } from '../../src/flow/transcript.js';
import { programOf, regions, shipped } from './rig.js';

const files = readdirSync('flows').filter((name) => name.endsWith('.test.yaml'));
const reports = files.map((name) => ({
  name,
  ...playTranscripts(readFileSync(`flows/${name}`, 'utf8'), shipped, regions),
}));

describe.each(reports)('$name', ({ played }) => {
  it.each(played)('$name', ({ failures }) => {
    expect(failures.join('\n')).toBe('');
  });
});

describe('the shipped flows', () => {
  it('have a test file each', () => {
    expect(reports.map(({ flow }) => flow).sort()).toEqual([...shipped.flows.keys()].sort());
  });

  it.each([...shipped.flows.keys()])('%s: every step and every way is walked', (flow) => {
    const visited = new Set(reports.flatMap((report) => [...report.visited]));
    const missing = coverable(shipped, flow).filter((one) => !visited.has(one));
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
  const failuresOf = (talk: string, head = '') =>
    playTranscripts(
      `flow: tanya\nactions: { contact.opt-in: done }\ntests:\n  - name: satu\n${head}    talk:\n${talk}`,
      program,
      regions,
    ).played.flatMap((one) => one.failures);
  const line = (kind: string, text: string) => `      - ${kind}: "${text}"\n`;
  const asked = line('member', 'halo') + line('bot', 'Apa warna … Bapak/Ibu?');

  it('passes when all is as written, spaces aside', () => {
    const talk = asked + line('member', 'merah') + line('bot', 'Terima  kasih, … merah … Bapak/Ibu.');
    expect(failuresOf(talk)).toEqual([]);
  });

  it('shows both texts from where they part', () => {
    const wanted = 'Terima kasih, kami catat warna merah sebagai warna hati Bapak/Ibu.';
    expect(failuresOf(asked + line('member', 'merah') + line('bot', wanted))).toEqual([
      [
        'line 9: the bot said something else',
        '    wanted: (…) merah sebagai warna hati Bapak/Ibu.',
        '    got:    (…) merah sebagai warna kesukaan Bapak/Ibu.',
      ].join('\n'),
    ]);
  });

  it('says what was not said, and stops there', () => {
    const talk = line('bot', 'Halo') + line('bot', 'Halo');
    expect(failuresOf(asked + talk)).toEqual(['line 8: the bot said nothing more\n    wanted: Halo']);
  });

  it('says what was said unexpectedly', () => {
    expect(failuresOf(line('member', 'halo') + line('member', 'merah'))).toEqual([
      'line 7: before this, the bot also said: Apa warna kesukaan Bapak/Ibu?',
    ]);
  });

  it('names a button that was never shown, and an action without an answer', () => {
    expect(failuresOf(asked + line('press', 'Biru'))[0]).toBe('line 8: no question had a button "Biru"');
    const head = '    actions: { contact.opt-in: [] }\n';
    expect(failuresOf(asked + line('member', 'merah'), head)).toEqual([
      'line 9: the action contact.opt-in was called, but actions: does not say what it answers',
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
    const play = (talk: string) =>
      playTranscripts(`flow: tanya\ntests:\n  - name: satu\n    talk:\n${talk}`, waiting, regions);
    const begun = line('member', 'halo') + line('bot', 'Warna apa?');
    const all = line('bot', 'Satu. Warna apa?') + line('bot', 'Dua. Warna apa?') + line('bot', 'Tiga.');
    const { played, visited } = play(begun + line('wait', '30 hari') + all + line('wait', '30 hari'));
    expect(played).toEqual([{ name: 'satu', failures: [] }]);
    expect(coverable(waiting, 'tanya').filter((one) => !visited.has(one))).toEqual([
      'tanya.warna -> akhir',
      'tanya.akhir',
      'tanya.akhir -> end',
    ]);
    const tooSoon = begun + line('wait', '119 menit') + line('bot', 'Satu. Warna apa?');
    expect(play(tooSoon).played[0]?.failures[0]).toContain('the bot said nothing more');
    const unsaid = begun + line('wait', '2 jam') + line('wait', '1 menit');
    expect(play(unsaid).played[0]?.failures).toEqual([
      'line 8: before this, the bot also said: Satu. Warna apa?',
    ]);
  });

  it.each([
    [': : :', 'line 1: this is not YAML: Nested mappings are not allowed in compact mappings'],
    ['flow: a', 'line 1: "tests" is wrong: Invalid input: expected array, received undefined'],
    [
      'flow: a\ntests:\n  - name: x\n    talk:\n      - say: hm',
      'line 5: "tests.0.talk.0" is wrong: a line must have exactly one of: member, early, press, signal, bot, wait, file, location',
    ],
    [
      'flow: a\ntests:\n  - name: x\n    after: y\n    talk:\n      - member: hm',
      'line 6: no conversation above is called "y"',
    ],
  ])('of another form is told with its line: %j', (source, failure) => {
    const { played } = playTranscripts(source, program, regions);
    expect(played).toEqual([{ name: 'the file', failures: [failure] }]);
  });
});
