import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asksAt,
  type Example,
  intentsOf,
  type Meaning,
  meaningOf,
  mostGuesses,
  startsAt,
} from '../../src/flow/intents.js';
import { fold } from '../../src/flow/text.js';
import { answerWord } from '../../src/flow/words.js';
import { readFlows } from '../../src/flows.js';
import { loadRegions } from '../support/regions.js';
import { sized } from '../support/size.js';
import { asked, noYes, passing, startingRows } from './phrases.js';
import { programOf, shipped, Talk } from './rig.js';

/** Which flow a first message starts, for somebody who holds these roles. */
function startedBy(text: string, roles: readonly string[] = []): string | null {
  const talk = new Talk(shipped, {}, roles);
  talk.say(text);
  const started = talk.facts.find((fact) => fact.kind === 'started');
  return started?.flow ?? null;
}

const any = () => true;

function examplesOf(phrases: Readonly<Record<string, readonly string[]>>): readonly Example[] {
  return Object.entries(phrases).flatMap(([flow, all]) => all.map((phrase) => ({ flow, phrase })));
}

const market = intentsOf(
  examplesOf({
    apel: ['beli apel', 'harga apel merah'],
    jeruk: ['beli jeruk', 'jeruk manis'],
    antar: ['jangan antar pesanan'],
    keranjang: ['isi keranjang belanja'],
  }),
);

const sure = (flow: string): Meaning => ({ kind: 'sure', flow });
const unsure = (...flows: readonly string[]): Meaning => ({ kind: 'unsure', flows });
const none: Meaning = { kind: 'none' };

describe('what a text asks for', () => {
  it.each<[string, string, Meaning]>([
    ['an example as it stands', 'beli apel', sure('apel')],
    ['in capitals and with courtesy', 'Pak, saya mau BELI APEL ya', sure('apel')],
    ['in another order', 'apel beli', sure('apel')],
    ['a rare word without the common one', 'apel', unsure('apel')],
    ['a common word without the rare one', 'beli', none],
    ['a common word that several use, and nothing else known', 'beli beras', none],
    ['one letter wrong in a long word', 'isi keranjng belanja', sure('keranjang')],
    ['one letter wrong in a short word', 'beli apol', none],
    ['two flows at once', 'beli apel jeruk', unsure('apel', 'jeruk')],
    ['words of one flow from two of its examples', 'beli apel merah', sure('apel')],
    ['the words in a story', 'kemarin ibu beli apel di pasar lalu pulang naik becak', none],
    ['a request among a few other words', 'beli apel buat anak', unsure('apel')],
    ['a question about a word', 'apa itu apel', none],
    ['a denial of what is asked for', 'tidak beli apel', none],
    ['an example that denies', 'jangan antar pesanan', sure('antar')],
    ['that example without its denial', 'antar pesanan', none],
    ['nothing', '', none],
    ['nothing known', 'selamat hari raya', none],
    ['only courtesy', 'saya mau tanya pak', none],
    ['an example too long to be typed as a request', `beli apel${' '.repeat(80)}`, none],
  ])('%s', (_, text, meaning) => {
    expect(meaningOf(market, text, any)).toEqual(meaning);
  });

  it('leaves out what may not be opened', () => {
    expect(meaningOf(market, 'beli apel', (flow) => flow !== 'apel')).toEqual(none);
    expect(meaningOf(market, 'beli apel jeruk', (flow) => flow !== 'apel')).toEqual(unsure('jeruk'));
  });

  it('offers no more than three, in a fixed order', () => {
    const times = ['sore', 'siang', 'pagi', 'malam'];
    const many = intentsOf(times.map((flow) => ({ flow, phrase: `bayar ${flow}` })));
    expect(meaningOf(many, 'bayar', any)).toEqual(unsure('malam', 'pagi', 'siang'));
    expect(mostGuesses).toBe(3);
  });

  it('starts and asks from the scores the guide states', () => {
    const guide = readFileSync('docs/writing-flows.md', 'utf8');
    expect(guide).toContain(`| ${startsAt} or more, `);
    expect(guide).toContain(`| ${asksAt} or more |`);
  });

  const word = fc.constantFrom(
    'beli',
    'apel',
    'jeruk',
    'jangan',
    'antar',
    'saya',
    'tidak',
    'apa',
    'dftr',
    'pasar',
  );
  const phrase = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
  const examples = fc.uniqueArray(fc.record({ flow: fc.constantFrom('satu', 'dua', 'tiga'), phrase }), {
    minLength: 1,
    maxLength: 8,
    selector: (example) => example.phrase,
  });

  it('does not depend on the order in which flows and examples are given', () => {
    const shuffled = examples.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length }),
        phrase,
      ),
    );
    fc.assert(
      fc.property(shuffled, ([all, mixed, text]) => {
        expect(meaningOf(intentsOf(mixed), text, any)).toEqual(meaningOf(intentsOf(all), text, any));
      }),
      { numRuns: sized(250, 1000) },
    );
  });

  it('never throws, whatever is typed', () => {
    const typed = fc.oneof(phrase, fc.string({ unit: 'binary', maxLength: 100 }));
    fc.assert(
      fc.property(typed, (text) => {
        for (const intents of [market, shipped.intents, intentsOf([])])
          expect(['sure', 'unsure', 'none']).toContain(meaningOf(intents, text, any).kind);
      }),
      { numRuns: sized(250, 1000) },
    );
  });
});

describe('the shipped flows', () => {
  it('have enough phrases to be judged by', () => {
    expect(startingRows.length).toBeGreaterThanOrEqual(150);
    expect(passing.length).toBeGreaterThanOrEqual(150);
  });

  it.each(startingRows)('%j starts %s', (text, flow) => {
    expect(startedBy(text)).toBe(flow);
  });

  it.each(passing)('%j starts nothing but what all begin with', (text) => {
    expect([null, shipped.fallback]).toContain(startedBy(text));
  });

  it.each(asked)('%j is asked back at most', (text) => {
    expect([shipped.fallback, shipped.unsure]).toContain(startedBy(text));
  });

  it.each(noYes)('%j is no yes', (text) => {
    expect(answerWord(text)).not.toBe('yes');
  });

  it('are started by each of their own examples', () => {
    for (const [phrase, flow] of shipped.intents.exact) {
      const { audience = [] } = shipped.flows.get(flow) ?? {};
      expect([phrase, startedBy(phrase, audience)]).toEqual([phrase, flow]);
    }
  });

  it('are started by no name of a region, and six are asked back', async () => {
    const names = [...new Set((await loadRegions()).map(({ name }) => name))];
    const heard = (name: string) =>
      shipped.words.has(fold(name)) ? sure('word') : meaningOf(shipped.intents, name, any);
    expect(names.filter((name) => heard(name).kind === 'sure')).toEqual([]);
    // One letter away from "gabung" or "kendala"; asking back costs these nothing.
    const near = ['Garung', 'Jabung', 'Kendaga', 'Kendal', 'Kendawa', 'Mendala'];
    expect(names.filter((name) => heard(name).kind === 'unsure').sort()).toEqual(near);
  });
});

describe('words that work at any moment', () => {
  const atQuestion = (text: string) => {
    const talk = new Talk();
    talk.say('daftar', 'SETUJU', 'ya', 'Sri Contohwati');
    talk.say(text);
    return talk.stack;
  };
  const open = ['registrasi.lahir'];

  it.each<[string, readonly string[]]>([
    ['MENU', [...open, 'menu.pilihan']],
    ['mnu', [...open, 'menu.pilihan']],
    ['menu pak', [...open, 'menu.pilihan']],
    ['Pak, menu ya', [...open, 'menu.pilihan']],
    ['batal', [...open, 'batal.tanya']],
    ['btal', [...open, 'batal.tanya']],
    ['batal saja bu', [...open, 'batal.tanya']],
    ['wurung mawon', open],
    ['berhenti', [...open, 'berhenti.yang-mana']],
    ['brhenti pak', [...open, 'berhenti.yang-mana']],
    ['mandheg', [...open, 'berhenti.yang-mana']],
    ['kembali', ['registrasi.nama']],
    ['kmbali', ['registrasi.nama']],
    ['kembali pak', ['registrasi.nama']],
    ['Ulang!', open],
    ['ulng', open],
    ['jangan berhenti', open],
    ['bis berhenti di sini', open],
    ['saya berhenti bekerja tahun lalu', open],
    ['menu makan siang', open],
    ['batal rapat', open],
    ['pak', open],
    ['bapak ibu', open],
  ])('%j', (text, stack) => {
    expect(atQuestion(text)).toEqual(stack);
  });

  it.each(passing)('%j never opts out', (text) => {
    expect(atQuestion(text)).not.toContain('berhenti.yang-mana');
  });
});

describe('a wish for another flow in the middle of a question', () => {
  const atRegion = () => {
    const talk = new Talk();
    talk.say('daftar', 'SETUJU', 'ya', 'Sri Contohwati', 'Semarang, 17 Agustus 1970', 'Perempuan');
    return talk;
  };

  it('is asked back; taking it keeps the question for later', () => {
    const talk = atRegion();
    expect(talk.say('cek sk saya').at(-1)).toContain('Apakah ini yang Bapak/Ibu maksud?');
    expect(talk.stack).toEqual(['registrasi.wilayah', 'maksud.tanya']);
    talk.press('Cek status SK');
    expect(talk.stack[0]).toBe('registrasi.wilayah');
    expect(talk.stack[1]).toMatch(/^cek-sk\./);
    expect(talk.say('tidak').at(-1)).toContain('Wilayah tugas');
    expect(talk.stack).toEqual(['registrasi.wilayah']);
  });

  it('counts as a misunderstood answer all the same: the third time a person is called', () => {
    const talk = atRegion();
    talk.say('cek sk saya', 'tidak', 'cek sk saya', 'tidak');
    expect(talk.say('cek sk saya').join('\n')).toContain('petugas');
    expect(talk.facts).toContainEqual(expect.objectContaining({ kind: 'misunderstood', tries: 3 }));
  });

  it('a button nobody offered is not understood', () => {
    const talk = new Talk();
    talk.say('apa itu sk?');
    const question = talk.questions.at(-1)?.question ?? '';
    talk.happens({ type: 'choice', question, choice: 'berhenti', label: 'Palsu' });
    expect(talk.facts[0]).toMatchObject({ kind: 'misunderstood', tries: 1 });
    expect(talk.stack).toEqual(['maksud.tanya']);
  });

  it('an old button of it is explained and opens nothing', () => {
    const talk = new Talk();
    talk.say('apa itu sk?', 'tidak');
    talk.press('Cek status SK', 1);
    expect(talk.stack).toEqual(['menu.pilihan']);
  });
});

describe('without a flow that asks back', () => {
  const others = Object.values(readFlows('flows')).filter((source) => !source.includes('unsure: true'));
  const program = programOf(...others);

  it('an unclear wish begins where every conversation begins', () => {
    const talk = new Talk(program);
    talk.say('apa itu sk?');
    expect(talk.stack).toEqual(['menu.pilihan']);
  });

  it('a wish in the middle of a question is only not understood', () => {
    const talk = new Talk(program);
    talk.say('daftar', 'SETUJU', 'ya', 'Sri Contohwati', 'cek sk saya');
    expect(talk.stack).toEqual(['registrasi.lahir']);
  });
});
