import { describe, expect, test } from 'vitest';
import { codeLastsMs, guessesCountMs, mostGuesses, newCode } from '../../src/domain/links.js';
import { isCode } from '../../src/flow/inputs/one-time-code.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import {
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
  write,
} from './world.js';

const later = (ms: number) => ({ now: new Date(now.getTime() + ms) });

async function made(world: World, person: Person, more = {}): Promise<string> {
  const { values } = await perform(world, 'link.make', {}, person, more);
  return String(Object(values['kode-baru']).kode);
}

const look = (world: World, person: Person, kode: string, more = {}) =>
  perform(world, 'link.look', { kode }, person, more);

test('codes differ, hold a digit and a letter, and nothing that is mistaken for something else', () => {
  const codes = Array.from({ length: 500 }, newCode);
  expect(new Set(codes).size).toBe(500);
  expect(codes.filter((code) => !isCode(code) || /[OI01]/.test(code))).toEqual([]);
});

describe('a code', () => {
  test('is kept by its blind index only', async () => {
    const world = await openWorld();
    const code = await made(world, await addPerson(world));
    expect(await everything(world)).not.toContain(code);
    expect(await count(world, 'link_code')).toBe(1);
  });

  test('comes with the links of the other applications', async () => {
    const world = await openWorld();
    const doors = async (token: string, words: string) => [
      { channel: 'test', url: 'https://contoh.invalid/sendiri' },
      { channel: 'telegram', url: `https://t.me/contoh_bot?start=${token}` },
      { channel: 'whatsapp-web', url: `https://wa.me/62?text=${words}` },
    ];
    const { values } = await perform(world, 'link.make', {}, await addPerson(world), { doors });
    const { kode, tautan } = Object(values['kode-baru']);
    expect(tautan).toBe(
      `Telegram: https://t.me/contoh_bot?start=${kode}\nWhatsApp: https://wa.me/62?text=HUBUNGKAN ${kode}`,
    );
  });

  test('tells the application, and the name of the only member masked', async () => {
    const world = await openWorld();
    const member = await addMember(world, { nama: 'Sri CONTOHWATI, S.Sos' });
    const other = await addPerson(world);
    const code = await made(world, member);
    expect((await look(world, other, code)).values).toEqual({
      'asal-kode': { aplikasi: 'test', nama: 'S••• C•••, S•••' },
    });
    await perform(world, 'member.register', registration({ nama: 'Budi Contoh', nik: null }), member);
    expect((await look(world, other, code)).values).toEqual({
      'asal-kode': { aplikasi: 'test', nama: null },
    });
    const stranger = await made(world, other);
    expect((await look(world, member, stranger)).values).toEqual({
      'asal-kode': { aplikasi: 'test', nama: null },
    });
  });

  test.each<[string, string, (world: World, maker: Person, code: string) => Promise<object>]>([
    ['at its last moment', 'found', async () => later(codeLastsMs - 1)],
    ['too old', 'expired', async () => later(codeLastsMs)],
    [
      'made void by the next one',
      'expired',
      async (world, maker) => {
        await made(world, maker);
        return {};
      },
    ],
    [
      'used',
      'used',
      async (world, _, code) => {
        await perform(world, 'link.use', { kode: code }, await addPerson(world));
        return later(codeLastsMs);
      },
    ],
  ])('%s: %s', async (_name, wanted, happens) => {
    const world = await openWorld();
    const [maker, other] = [await addPerson(world), await addPerson(world)];
    const code = await made(world, maker);
    const more = await happens(world, maker, code);
    expect((await look(world, other, code, more)).outcome).toBe(wanted);
    expect(await count(world, 'link_guess')).toBe(wanted === 'found' ? 0 : 1);
    const used = await decide('link.use', { kode: code }, contextOf(world, other, more));
    expect(used.outcome).toBe(wanted === 'found' ? 'joined' : 'gone');
  });

  test('of one’s own is no guess, and links nothing', async () => {
    const world = await openWorld();
    const person = await addPerson(world);
    const code = await made(world, person);
    expect((await look(world, person, code)).outcome).toBe('own');
    expect((await perform(world, 'link.use', { kode: code }, person)).outcome).toBe('already');
    expect([await count(world, 'link_guess'), await count(world, 'link_wish')]).toEqual([0, 0]);
  });

  test('of the simulator is unknown to others, and theirs to it', async () => {
    const world = await openWorld();
    const [real, pretended] = [await addPerson(world), await addPerson(world, { simulator: true })];
    expect((await look(world, real, await made(world, pretended))).outcome).toBe('unknown');
    expect((await look(world, pretended, await made(world, real))).outcome).toBe('unknown');
  });

  test('is used once: of two who have looked, the second is told to look again', async () => {
    const world = await openWorld();
    const code = await made(world, await addPerson(world));
    const uses = await Promise.all(
      [await addPerson(world), await addPerson(world)].map((one) =>
        decide('link.use', { kode: code }, contextOf(world, one)),
      ),
    );
    expect(uses.map(({ outcome }) => outcome)).toEqual(['joined', 'joined']);
    const [first, second] = uses;
    await write(world, first?.writes ?? []);
    await expect(write(world, second?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect(await count(world, 'link_wish')).toBe(1);
  });
});

test('after five wrong codes in an hour nothing is looked at, not even the right one; an hour later it is', async () => {
  const world = await openWorld();
  const [maker, guesser] = [await addPerson(world), await addPerson(world)];
  for (let tries = 0; tries < mostGuesses; tries += 1)
    expect((await look(world, guesser, `AAAA222${tries + 2}`)).outcome).toBe('unknown');
  const code = await made(world, maker, later(guessesCountMs - 1));
  expect((await look(world, guesser, code, later(guessesCountMs - 1))).outcome).toBe('too-many');
  expect(await count(world, 'link_guess')).toBe(mostGuesses);
  expect((await look(world, await addPerson(world), code, later(guessesCountMs - 1))).outcome).toBe('found');
  expect((await look(world, guesser, code, later(guessesCountMs))).outcome).toBe('found');
});
