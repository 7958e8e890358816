import { describe, expect, it } from 'vitest';
import type { Attachment } from '../../src/flow/attachment.js';
import { noEntries } from '../../src/flow/pages.js';
import { playTranscripts } from '../../src/flow/transcript.js';
import { indonesian as words } from '../../src/flow/wording.js';
import { programOf, regions, shipped, Talk } from './rig.js';

const source = `
flow: kirim
title: Kirim foto dan lokasi
fallback: true
steps:
  nama: { ask: "Siapa nama Bapak/Ibu?", input: person-name }
  foto:
    ask: Mohon kirim foto SK. Apakah fotonya ada?
    input: document
    skip: { label: Lewati dulu }
  tempat: { ask: "Di mana rumah Bapak/Ibu?", input: location }
  selesai: { end: "Terima kasih, {nama}. Foto: {foto}. Lokasi: {tempat}." }
`;
const program = programOf(source);
const photo: Attachment = { kind: 'file', id: 'a1', type: 'jpeg', size: 1_240_000 };
const place: Attachment = { kind: 'place', latitude: -7.05, longitude: 110.4 };

const send = (talk: Talk, attachment: Attachment, seen = true) =>
  talk.happens({ type: 'attachment', attachment, seen });

function asked(...texts: readonly string[]): Talk {
  const talk = new Talk(program);
  talk.say('halo', ...texts);
  return talk;
}

const kept = (talk: Talk) => talk.facts.filter((fact) => fact.kind === 'kept');

describe('a file and a place', () => {
  it('are answers where they are asked for, and read back', () => {
    const talk = asked('Sri Contohwati');
    expect(send(talk, photo)).toEqual(['Saya catat: *foto diterima, 1,2 MB*.\n\nDi mana rumah Bapak/Ibu?']);
    expect(kept(talk)).toMatchObject([{ attachment: 'a1', flow: 'kirim', step: 'foto' }]);
    expect(JSON.stringify(talk.session).length).toBeLessThan(1000);
    expect(send(talk, place).at(-1)).toBe(
      'Saya catat: *lokasi 7,0500° LS, 110,4000° BT*.\n\nTerima kasih, Sri Contohwati. Foto: foto, 1,2 MB. Lokasi: 7,0500° LS, 110,4000° BT.',
    );
    expect(kept(talk)).toEqual([]);
  });

  it.each([
    [photo, words.fileNotAnswer],
    [{ kind: 'unusable-file', why: 'unknown-type', size: 9 } as const, words.fileNotAnswer],
    [place, words.placeNotAnswer],
  ])(
    '%j where words are asked for is not used, however often, and the question stays',
    (attachment, said) => {
      const talk = asked();
      for (const _ of [1, 2, 3, 4]) {
        expect(send(talk, attachment)).toEqual([`${said}\n\nSiapa nama Bapak/Ibu?`]);
        expect(kept(talk)).toEqual([]);
      }
      expect(talk.say('Sri Contohwati').at(-1)).toContain('foto SK');
    },
  );

  it('a file that cannot be used is asked for again, and a question with skip can still be left', () => {
    const talk = asked('Sri Contohwati');
    expect(send(talk, { kind: 'unusable-file', why: 'unknown-type', size: 9 })[0]).toContain(
      'belum dapat saya buka',
    );
    expect(send(talk, { ...photo, size: 5_200_000 })[0]).toContain('terlalu besar, 5,2 MB');
    expect(kept(talk)).toEqual([]);
    expect(talk.say('ini fotonya')[0]).toContain('foto atau berkas PDF');
    expect(talk.say('lewati').at(-1)).toBe('Di mana rumah Bapak/Ibu?');
  });

  it('a place outside is asked back', () => {
    const talk = asked('Sri Contohwati', 'lewati');
    expect(send(talk, { kind: 'place', latitude: -6.2, longitude: 106.8 })[0]).toContain(
      'di luar Jawa Tengah',
    );
    expect(talk.say('tidak').at(-1)).toContain('Di mana rumah');
    send(talk, { kind: 'place', latitude: -6.2, longitude: 106.8 });
    expect(talk.say('nggih').at(-1)).toContain('Lokasi: 6,2000° LS, 106,8000° BT.');
  });

  it('sent before the question was seen they are not used, and the question is asked again', () => {
    const talk = asked('Sri Contohwati');
    expect(send(talk, photo, false)[0]).toContain(words.unseen);
    expect(talk.stack).toEqual(['kirim.foto']);
    expect(talk.facts.map(({ kind }) => kind)).toEqual(['unseen', 'asked']);
  });

  it('words that come early are not joined to a photo', () => {
    const talk = asked('Sri Contohwati');
    send(talk, photo);
    expect(talk.early('itu foto SK saya')[0]).toContain(words.unseen);
    expect(talk.stack).toEqual(['kirim.tempat']);
  });

  it('KEMBALI takes a photo back', () => {
    const talk = asked('Sri Contohwati');
    send(talk, photo);
    expect(talk.say('kembali').at(-1)).toContain('foto SK');
    expect(talk.say('lewati')[0]).toBe('Di mana rumah Bapak/Ibu?');
    expect(talk.say('-7.05, 110.4').at(-1)).toContain('Foto: belum diisi.');
  });

  it('come to somebody with whom nothing is going on: the menu opens', () => {
    const talk = new Talk();
    expect(send(talk, photo)[0]).toMatch(new RegExp(`^${words.fileNotAnswer}[\\s\\S]*Daftar anggota`));
    expect(talk.stack).toEqual(['menu.pilihan']);
  });

  const askForPhotos = [
    'kirim-sk.halaman-1',
    'kirim-sk.halaman-2',
    'kirim-sk.halaman-3',
    'kirim-sk.halaman-4',
    'sertifikat.foto',
    'notulen.berkas',
    'siaran.berkas',
  ];
  const askForPlaces = ['rakor-baru.titik', 'ubah-rakor.titik'];

  it.each(
    [...shipped.flows.values()].flatMap((flow) =>
      [...flow.steps.values()]
        .filter(({ waits, listens }) => waits && !listens)
        .map(({ id }) => [flow.name, id] as const),
    ),
  )('at %s.%s they lose nothing', (flow, step) => {
    const at = `${flow}.${step}`;
    for (const attachment of [photo, place])
      for (const seen of [true, false]) {
        const talk = new Talk();
        const blank = {
          called: false,
          values: noEntries,
          trail: noEntries,
          said: null,
          detour: null,
          wait: null,
        };
        talk.session = { program: shipped.hash, turns: 1, frames: [{ flow, step, ...blank }], notes: [] };
        talk.say('ulang');
        send(talk, attachment, seen);
        const asked = attachment === photo ? askForPhotos : askForPlaces;
        const isAnswer = asked.includes(at) && seen;
        expect(kept(talk)).toHaveLength(isAnswer && attachment === photo ? 1 : 0);
        if (!isAnswer) expect(talk.stack).toEqual([at]);
        expect(talk.messages.at(-1)?.question).not.toBeNull();
      }
  });
});

describe('a transcript', () => {
  const play = (talk: string) =>
    playTranscripts(
      `flow: kirim\ntests:\n  - name: satu\n    talk:\n${talk}`,
      program,
      regions,
    ).played.flatMap(({ failures }) => failures);
  const begin =
    '      - member: halo\n      - bot: Siapa …\n      - member: Sri Contohwati\n      - bot: Mohon …\n';

  it('sends files and places', () => {
    expect(
      play(`${begin}      - file: { type: other, mb: 0.1 }
      - bot: "… belum dapat saya buka …"
      - file: { type: jpeg, mb: 7 }
      - bot: "… terlalu besar …"
      - file: { type: jpeg, mb: 1.2 }
      - bot: "Saya catat: *foto diterima, 1,2 MB*. …"
      - location: { latitude: -7.05, longitude: 110.4 }
      - bot: "… Terima kasih, Sri Contohwati. …"
`),
    ).toEqual([]);
  });

  it('refuses what is no file', () => {
    expect(play(`${begin}      - file: { type: exe, mb: 1 }\n`)[0]?.what).toContain('file, location');
  });
});
