import { describe, expect, it } from 'vitest';
import { playTranscripts } from '../../src/flow/transcript.js';
import { readTranscripts } from '../../src/flow/transcript-file.js';
import { updateTranscripts } from '../../src/flow/transcript-update.js';
import { addRecording, freeName, NotTests, type Recording } from '../../src/flow/transcript-write.js';
import { programOf, regions } from './rig.js';

const program = programOf(`
flow: sapaan
title: Sapaan
fallback: true
steps:
  salam: { say: "Selamat pagi." }
  nama: { ask: "Siapa nama Bapak/Ibu?", input: text }
  lagi:
    choose: |
      Baik.

      Apakah ada lagi?
    choices:
      ya: { label: "Ya, ada", go: nama }
      tidak: { label: Tidak, go: selesai }
  selesai: { end: "Terima kasih." }
`);

const head = '# kept\nflow: sapaan # this too\n\ntests:\n  - name: "satu"   # a name\n    talk:\n';

function rewritten(talk: string): string {
  const text = updateTranscripts(head + talk, program, regions);
  expect(text.startsWith(head)).toBe(true);
  return text.slice(head.length);
}

describe('rewriting the lines of the bot', () => {
  it.each([
    [
      'a changed one, comments and blank lines kept',
      '      # why\n      - member: halo # typed\n      - bot: "Selamat malam." # greeting\n\n      # asks\n      - bot: Siapa?\n',
      '      # why\n      - member: halo # typed\n      - bot: "Selamat pagi." # greeting\n\n      # asks\n      - bot: "Siapa nama Bapak/Ibu?"\n',
    ],
    [
      'one of several lines, and what comes after it',
      '      - member: halo\n      - bot: Selamat …\n      - bot: Siapa …\n      - member: Sri\n      - bot: |-\n          Baik, Sri.\n\n          Lagi?\n\n      - member: tidak\n      - bot: Sampai jumpa.\n',
      '      - member: halo\n      - bot: Selamat …\n      - bot: Siapa …\n      - member: Sri\n      - bot: |-\n          Baik.\n\n          Apakah ada lagi?\n\n          1. Ya, ada\n          2. Tidak\n\n      - member: tidak\n      - bot: "Terima kasih."\n',
    ],
    [
      'missing and extra ones',
      '      - member: halo # typed\n      - bot: Hai.\n      - bot: Siapa nama Bapak/Ibu?\n      - bot: Halo?\n',
      '      - member: halo # typed\n      - bot: "Selamat pagi."\n      - bot: Siapa nama Bapak/Ibu?\n',
    ],
    [
      'none wanted yet',
      '      - member: halo # typed\n',
      '      - member: halo # typed\n      - bot: "Selamat pagi."\n      - bot: "Siapa nama Bapak/Ibu?"\n',
    ],
    [
      'the last line has no end',
      '      - member: halo\n      - bot: Siapa nama Bapak/Ibu?',
      '      - member: halo\n      - bot: "Selamat pagi."\n      - bot: Siapa nama Bapak/Ibu?',
    ],
  ])('%s', (_name, before, after) => {
    expect(rewritten(before)).toBe(after);
    // Twice is once, and what was written passes.
    expect(rewritten(after)).toBe(after);
    expect(playTranscripts(head + after, program, regions).played[0]?.failures).toEqual([]);
  });

  it('mends a conversation that others go on from, and those after it', () => {
    const second = '  - name: dua\n    after: satu\n    talk:\n      - member: Sri\n      - bot: Apa?\n';
    const after = rewritten(`      - member: halo\n      - bot: Hai.\n\n${second}`);
    expect(playTranscripts(head + after, program, regions).played.map((one) => one.failures)).toEqual([
      [],
      [],
    ]);
    expect(after).toContain('\n\n  - name: dua\n    after: satu\n');
  });

  it('leaves what failed for another reason, and what it cannot write into', () => {
    const button = '      - member: halo\n      - bot: …\n      - bot: …\n      - press: Biru\n';
    expect(rewritten(button)).toBe(button);
    const flowing = '      [{ member: halo }, { bot: Hai }]\n';
    expect(rewritten(flowing)).toBe(flowing);
  });
});

const recording: Recording = {
  name: 'rekaman: satu',
  now: '2026-11-24T09:00:00+07:00',
  nomor: '+6281200000001',
  actions: {
    'contact.opt-in': ['done'],
    'sk.find': ['unknown', { outcome: 'found', sk: { nomor: '1: 2' } }],
  },
  talk: [
    { who: 'member', text: 'halo "semua"' },
    { who: 'bot', text: 'Selamat pagi.\n\n1. Ya: # ini\n2. Tidak' },
    { who: 'press', text: 'Ya' },
    { who: 'early', text: ' dua\nbaris ' },
    { who: 'bot', text: 'x'.repeat(120) },
  ],
};

const entry = `  - name: "rekaman: satu"
    given:
      now: "2026-11-24T09:00:00+07:00"
      nomor: "+6281200000001"
    actions:
      contact.opt-in: done
      sk.find:
        - unknown
        - outcome: found
          sk:
            nomor: "1: 2"
    talk:
      - member: "halo \\"semua\\""
      - bot: |-
          Selamat pagi.

          1. Ya: # ini
          2. Tidak
      - press: "Ya"
      - early: " dua\\nbaris "
      - bot: |-
          ${'x'.repeat(120)}
`;

describe('adding a recording', () => {
  it('makes a file that says the same when it is read', () => {
    const text = addRecording(null, 'sapaan', recording);
    expect(text).toBe(
      `# yaml-language-server: $schema=./flow.test.schema.json\nflow: sapaan\ntests:\n${entry}`,
    );
    const read = readTranscripts(text);
    expect(read.ok && read.tests[0]?.talk.map(({ at: _, own: __, ...line }) => line)).toEqual(
      recording.talk.map(({ who, text: said }) => ({ [who]: said })),
    );
  });

  it.each([
    ['at the end', '\n', ''],
    ['without an end of line', '', ''],
    ['with empty lines and a comment after it', '\n\n', '# the end\n'],
  ])('to a file, which stays as it is: %s', (_name, between, after) => {
    const before = '# kept\nflow: sapaan\ntests:\n  - name: satu # kept\n    talk: [{ member: halo }]';
    expect(addRecording(before + between + after, 'x', recording)).toBe(
      `${before}\n\n${entry}${after === '' ? '' : `\n${after}`}`,
    );
  });

  it('to lists that are not indented', () => {
    const text = addRecording('flow: a\ntests:\n- name: satu\n  talk:\n  - member: halo\n', 'x', recording);
    const read = readTranscripts(text);
    expect(read.ok && read.tests.map(({ name }) => name)).toEqual(['satu', 'rekaman: satu']);
  });

  it.each(['flow: a\n', 'tests: 3\n', 'flow: a\ntests: [{ name: a }]\n', '', ': : :'])(
    'not to %j',
    (source) => {
      expect(() => addRecording(source, 'x', recording)).toThrow(NotTests);
    },
  );

  it.each([
    [null, 'baru'],
    ['tests:\n  - name: lain\n', 'baru'],
    ['tests:\n  - name: baru\n  - name: baru (2)\n', 'baru (3)'],
    ['tests: x\n', 'baru'],
  ])('finds a name that is free in %j', (source, name) => {
    expect(freeName(source, 'baru')).toBe(name);
  });
});
