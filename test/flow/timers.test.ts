import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/flow/message.js';
import { indonesian } from '../../src/flow/wording.js';
import { programOf, shipped, Talk } from './rig.js';

const program = programOf(
  `
flow: isi
title: Mengisi
triggers: [isi]
fallback: true
nudge:
  - { after: 1 hari, say: Masih kami tunggu. }
  - { after: 3 hari, say: "Sekali lagi kami tunggu." }
expire: { after: 7 hari, go: berakhir }
steps:
  nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }
  warna:
    choose: Warna apa, {nama}?
    choices:
      merah: { label: Merah, go: lain }
      biru: { label: Biru, go: lain }
    nudge:
      - { after: 2 jam, say: "{nama}, mohon dipilih." }
  lain: { flow: lain, next: pesan }
  pesan:
    ask: Apa pesan Bapak/Ibu?
    input: text
    nudge: []
    expire: { after: 1 jam, go: tanpa-pesan }
  tanpa-pesan: { end: "Tanpa pesan." }
  berakhir: { end: "Kami akhiri dahulu." }
`,
  `
flow: lain
title: Dilalui
steps:
  umur: { ask: "Tahun berapa Bapak/Ibu lahir?", input: year }
`,
  `
flow: sela
title: Menyela
always: [sela]
steps:
  jeda: { ask: "Apa yang dapat kami bantu?", input: text }
  akhir: { end: "Baik." }
`,
  `
flow: nanti
title: Menunggu
triggers: [nanti]
steps:
  kapan: { ask: "Tanggal berapa rapatnya?", input: date }
  tunggu: { wait: "Kami kabari pada harinya.", until: kapan }
  hari-h: { say: "Hari ini rapatnya." }
  sesudah: { wait: "Kami tanyakan besok.", for: 1 hari }
  hadir: { ask: "Apakah hadir?", input: yes-no }
`,
);

const timersOf = (message: Message | undefined) =>
  (message?.timers ?? []).map(({ flow, name, after }) => `${flow} ${name} ${Object.values(after).join(' ')}`);

function at(...texts: readonly string[]): Talk {
  const talk = new Talk(program);
  talk.say(...texts);
  return talk;
}

const toColour = ['halo', 'Sri Contohwati'];
const toMessage = [...toColour, 'Merah', '1970'];

describe('the timers a question brings along', () => {
  it.each([
    ['those of its flow', ['halo'], ['isi nudge-1 1 hari', 'isi nudge-2 3 hari', 'isi expire 7 hari']],
    ['its own reminders, and the expiry of its flow', toColour, ['isi nudge-1 2 jam', 'isi expire 7 hari']],
    ['no reminders, and its own expiry', toMessage, ['isi expire 1 jam']],
    ['only the expiry of the flow that goes through its own', [...toColour, 'Merah'], ['isi expire 7 hari']],
    ['none of the flow it interrupts', ['halo', 'sela'], []],
    ['none', ['sela'], []],
    ['a wait until a day', ['nanti', '24-12-2026'], ['nanti wait 2026-12-24']],
  ])('%s', (_, texts, timers) => {
    expect(timersOf(at(...texts).messages.at(-1))).toEqual(timers);
  });

  it('are begun anew when it is asked again, and not when it is only reminded of', () => {
    const talk = at('halo');
    talk.pass('nudge-1');
    expect(timersOf(talk.messages.at(-1))).toEqual([]);
    talk.say('ulang');
    expect(timersOf(talk.messages.at(-1))).toHaveLength(3);
  });
});

describe('a reminder', () => {
  it('says the pending question once more, as it stands', () => {
    const talk = at(...toColour);
    const before = talk.session;
    expect(talk.pass('nudge-1')).toEqual([
      'Sri Contohwati, mohon dipilih.\n\nWarna apa, Sri Contohwati?\n\n1. Merah\n2. Biru',
    ]);
    expect(talk.facts.map(({ kind }) => kind)).toEqual(['timer', 'reminded']);
    expect(talk.session).toEqual({ ...before, turns: before.turns + 1 });
  });

  it('keeps the id of the question: old buttons and new ones answer it', () => {
    const talk = at(...toColour);
    const asked = talk.messages.at(-1)?.question;
    talk.pass('nudge-1');
    expect(talk.messages.at(-1)?.question).toBe(asked);
    expect(talk.press('Biru')).toEqual(['Tahun berapa Bapak/Ibu lahir?']);
  });

  it('is no mistake: the next answer that is not understood is the first', () => {
    const talk = at('halo');
    talk.pass('nudge-1');
    talk.pass('nudge-2');
    talk.say('123');
    expect(talk.facts.find(({ kind }) => kind === 'misunderstood')).toMatchObject({ tries: 1 });
  });

  it('asks what was asked last: the part of an answer, or what was meant', () => {
    const talk = new Talk(shipped);
    talk.say('daftar', 'SETUJU', 'ya', 'Sri', 'Semarang, 17-8-1970', 'Perempuan', 'Grobogan');
    const [part] = talk.heard;
    expect(talk.pass('nudge-1')[0]).toContain(part);
    expect(talk.say('Toroh', 'Sindurejo')[0]).toContain('Langkah 6');
  });

  it('takes the place of what interrupted its question', () => {
    const talk = at('halo', 'sela');
    expect(talk.stack).toEqual(['isi.nama', 'sela.jeda']);
    expect(talk.pass('nudge-1', 1)).toEqual(['Masih kami tunggu.\n\nSiapa nama Bapak/Ibu?']);
    expect(talk.stack).toEqual(['isi.nama']);
    expect(talk.facts[0]).toMatchObject({ kind: 'ended', flow: 'sela', outcome: 'left' });
  });
});

describe('an expiry', () => {
  it.each([
    ['of a flow', ['halo'], 0, 'Kami akhiri dahulu.'],
    ['of a question', toMessage, 0, 'Tanpa pesan.'],
    ['of a flow that goes through another', [...toColour, 'Merah'], 0, 'Kami akhiri dahulu.'],
    ['of a question that was interrupted', ['halo', 'sela'], 1, 'Kami akhiri dahulu.'],
  ])('%s says so, and nothing is left open', (_, texts, ago, said) => {
    const talk = at(...texts);
    expect(talk.pass('expire', ago)).toEqual([said]);
    expect(talk.session).toEqual({ program: null, turns: 0, frames: [], notes: [] });
  });

  it('of an interruption asks the question below again', () => {
    const talk = new Talk(
      programOf(
        'flow: satu\ntitle: Satu\nfallback: true\nsteps:\n  a: { ask: "Siapa?", input: text }\n',
        'flow: dua\ntitle: Dua\nalways: [dua]\nexpire: { after: 1 hari, go: c }\nsteps:\n  b: { ask: "Apa?", input: text }\n  c: { end: "Sudah." }\n',
      ),
    );
    talk.say('halo', 'dua');
    expect(talk.pass('expire')).toEqual(['Sudah.', 'Siapa?']);
    expect(talk.stack).toEqual(['satu.a']);
  });
});

describe('a stale timer', () => {
  it.each<[string, (talk: Talk) => void]>([
    ['of a question that was answered', (talk) => talk.say('Sri Contohwati')],
    ['of a question that was asked again', (talk) => talk.say('ulang')],
    ['of a flow that has ended', (talk) => talk.pass('expire')],
  ])('%s changes nothing', (_, moveOn) => {
    const talk = at('halo');
    const question = talk.messages.at(-1)?.question ?? '';
    moveOn(talk);
    const before = talk.session;
    for (const timer of ['nudge-1', 'nudge-2', 'expire', 'wait'])
      expect(talk.happens({ type: 'timer', question, timer })).toEqual([]);
    expect(talk.facts).toEqual([]);
    expect(talk.session).toEqual(before);
  });

  it('that its program does not know changes nothing, whatever lies above', () => {
    const talk = at('halo', 'sela');
    const before = talk.session;
    expect(talk.pass('nudge-9', 1)).toEqual([]);
    expect(talk.session).toEqual(before);
  });
});

describe('a wait', () => {
  it('goes on by itself, from one wait to the next', () => {
    const talk = at('nanti');
    expect(talk.say('24-12-2026')).toEqual(['Saya catat: *24 Desember 2026*.\n\nKami kabari pada harinya.']);
    expect(talk.pass('wait')).toEqual(['Hari ini rapatnya.', 'Kami tanyakan besok.']);
    expect(talk.pass('wait')).toEqual(['Apakah hadir?\n\n1. Ya\n2. Tidak']);
  });

  it('repeats what it said to whoever writes, and begins another flow when that is meant', () => {
    const talk = at('nanti', '24-12-2026');
    expect(talk.say('kapan ya')).toEqual(['Kami kabari pada harinya.']);
    expect(talk.early('halo halo')).toEqual(['Kami kabari pada harinya.']);
    expect(talk.say('isi')).toEqual(['Siapa nama Bapak/Ibu?']);
    expect(talk.stack).toEqual(['nanti.tunggu', 'isi.nama']);
    expect(talk.pass('expire').at(-1)).toBe('Kami kabari pada harinya.');
    expect(talk.pass('wait', 1)).toEqual(['Hari ini rapatnya.', 'Kami tanyakan besok.']);
  });

  it('is left by the words that always work, and by going back', () => {
    const talk = at('nanti', '24-12-2026');
    expect(talk.say('kembali')[0]).toContain(indonesian.undone);
    expect(talk.stack).toEqual(['nanti.kapan']);
  });
});
