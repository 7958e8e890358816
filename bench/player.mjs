import { script } from './conversation.mjs';

/** A child process that plays one engine, so that no engine disturbs the heap or the compiled code of another. */
const [module] = process.argv.slice(2);
const makers = await import(module);
const players = new Map();

process.on('message', async ({ sides, ms }) => {
  try {
    for (const { variant, length } of sides) await makeReady(variant, length);
    process.send({ rates: await lap(sides, ms) });
  } catch (error) {
    process.send({ error: error.stack });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });

async function makeReady(variant, length) {
  const key = keyOf({ variant, length });
  if (players.has(key)) return;
  if (variant !== 'bare') await prove(makers[variant], length);
  players.set(
    key,
    makers[variant](length, () => {}),
  );
}

function keyOf({ variant, length }) {
  return `${variant} ${length}`;
}

/** What is measured must be the whole conversation: every question in order, and every answer stored. */
async function prove(maker, length) {
  const said = [];
  const stored = await maker(length, (text) => said.push(text))();
  const wanted = script(length);
  if (stored !== length || said.join('\n') !== wanted.join('\n'))
    throw new Error(
      `${module} played something else: ${stored} of ${length} stored, ${said.length} of ${wanted.length} said`,
    );
}

/** No slice is shorter than this, in milliseconds: a conversation of 12 questions fits in a dozen times. */
const slice = 20;

/**
 * The sides take turns in slices, each time another one first, until each has had `ms`: whatever the machine does meanwhile
 * hits all of them. Gives the turns each side plays in a second.
 */
async function lap(sides, ms) {
  const sums = sides.map(() => ({ turns: 0, spent: 0 }));
  for (let round = 0; sums.some(({ spent }) => spent < ms); round += 1) {
    for (let turn = 0; turn < sides.length; turn += 1) {
      const at = (turn + round) % sides.length;
      const { turns, spent } = await playFor(slice, sides[at]);
      sums[at].turns += turns;
      sums[at].spent += spent;
    }
  }
  return sums.map(({ turns, spent }) => (turns * 1000) / spent);
}

/** The clock is looked at after so many turns, whatever the length: a look costs as much as a turn. */
const turnsBetweenLooks = 200;

async function playFor(ms, side) {
  const start = worked();
  let turns = 0;
  let spent = 0;
  do {
    turns += await playOn(side);
    spent = worked() - start;
  } while (spent < ms);
  return { turns, spent };
}

async function playOn(side) {
  const play = players.get(keyOf(side));
  const { length } = side;
  let turns = 0;
  while (turns < turnsBetweenLooks) {
    const playing = play();
    const stored = typeof playing === 'number' ? playing : await playing;
    if (stored !== length) throw new Error(`${stored} of ${length} answers stored`);
    turns += length + 1;
  }
  return turns;
}

/** The processor time this process has used, in milliseconds: what others do on the same core is not in it. */
function worked() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
