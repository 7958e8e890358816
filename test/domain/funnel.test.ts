import { expect, it } from 'vitest';
import { countFunnel } from '../../src/domain/funnel.js';
import { addInbound, addPerson, openWorld, type Person, type World } from './world.js';

type Fact = readonly [kind: string, step: string, outcome?: string];

/** One turn of a person in the flow `daftar`, with its facts. */
async function turn(world: World, person: Person, facts: readonly Fact[], flow = 'daftar'): Promise<void> {
  const id = await addInbound(world, person, 'apa saja');
  const lists = [
    facts.map(([kind]) => kind),
    facts.map(() => flow),
    facts.map(([, step]) => step),
    facts.map(([, , outcome = '']) => outcome),
  ];
  const text = 'UPDATE inbound SET kinds = $2, flows = $3, steps = $4, outcomes = $5 WHERE id = $1';
  await world.db.pool.query(text, [id, ...lists]);
}

const begun: readonly Fact[] = [
  ['started', '', 'trigger'],
  ['said', 'salam'],
  ['asked', 'nama'],
];
const answered: readonly Fact[] = [
  ['saved', 'nama', 'nama'],
  ['asked', 'tahun'],
];
const ended: readonly Fact[] = [
  ['saved', 'tahun', 'tahun'],
  ['said', 'pamit'],
  ['ended', 'pamit', 'end'],
];

it('counts people at every step: who came, went on, gave up, and is still there', async () => {
  const world = await openWorld();
  const [finished, stopped, silent, back, twice, unlucky, left] = await Promise.all(
    Array.from({ length: 7 }, () => addPerson(world)),
  );
  if (!finished || !stopped || !silent || !back || !twice || !unlucky || !left)
    throw new Error('seven people');
  for (const facts of [begun, answered, ended]) await turn(world, finished, facts);
  await turn(world, stopped, begun);
  await turn(world, stopped, [['ended', 'nama', 'given-up']]);
  await turn(world, silent, begun);
  await turn(world, silent, [
    ['misunderstood', 'nama', '1'],
    ['asked', 'nama'],
  ]);
  // KEMBALI takes the answer back: who turned round has not gone on from there.
  for (const facts of [begun, answered]) await turn(world, back, facts);
  await turn(world, back, [
    ['undone', 'tahun', 'nama'],
    ['asked', 'nama'],
  ]);
  // Gave up once, and finished another time: one person, who went on.
  await turn(world, twice, begun);
  await turn(world, twice, [['ended', 'nama', 'given-up']]);
  for (const facts of [begun, answered, ended]) await turn(world, twice, facts);
  await turn(world, unlucky, begun);
  await turn(world, unlucky, [['failed', 'nama', 'too-many-steps']]);
  // Left alone until the question expired: the flow went on by itself, and the person did not.
  await turn(world, left, begun);
  await turn(world, left, [
    ['timer', 'nama', 'expire'],
    ['said', 'lewat'],
    ['ended', 'lewat', 'end'],
  ]);
  // Another flow counts for itself, in the middle of this one too.
  await turn(
    world,
    silent,
    [
      ['started', '', 'word'],
      ['said', 'isi'],
      ['ended', 'isi', 'end'],
    ],
    'bantuan',
  );

  for (const _twice of [1, 2]) {
    const funnel = await countFunnel(world.prisma, false);
    expect(Object.fromEntries(funnel.get('daftar') ?? [])).toEqual({
      '': { arrived: 7, went: 2, gaveUp: 3, waiting: 2 },
      salam: { arrived: 7, went: 7, gaveUp: 0, waiting: 0 },
      nama: { arrived: 7, went: 3, gaveUp: 3, waiting: 1 },
      tahun: { arrived: 3, went: 2, gaveUp: 0, waiting: 1 },
      lewat: { arrived: 1, went: 1, gaveUp: 0, waiting: 0 },
      pamit: { arrived: 2, went: 2, gaveUp: 0, waiting: 0 },
    });
    expect(Object.fromEntries(funnel.get('bantuan') ?? [])).toEqual({
      '': { arrived: 1, went: 1, gaveUp: 0, waiting: 0 },
      isi: { arrived: 1, went: 1, gaveUp: 0, waiting: 0 },
    });
  }
});

it('keeps pretended people and real ones apart', async () => {
  const world = await openWorld();
  await turn(world, await addPerson(world), begun);
  for (const _ of [1, 2]) await turn(world, await addPerson(world, { simulator: true }), begun);
  const arrived = async (simulator: boolean) =>
    (await countFunnel(world.prisma, simulator)).get('daftar')?.get('nama')?.arrived;
  expect([await arrived(false), await arrived(true)]).toEqual([1, 2]);
});

it('is empty where nobody was', async () => {
  expect(await countFunnel((await openWorld()).prisma, false)).toEqual(new Map());
});
