import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { lengths } from './conversation.mjs';
import { interleave, median, ratio, ratios, spread, yardstick } from './rounds.mjs';

const peers = {
  telegraf: 'Telegraf 4.16.3 WizardScene',
  botbuilder: 'botbuilder-dialogs 4.23.3',
  grammy: '@grammyjs/conversations 2.1.1',
};
const jsonBudget = 0.7;
const flatBudget = 0.95;

/** Plays the same conversation with the engine and, when they are installed, its peers. Gives the figures. */
export async function engineFigures({ withPeers, rounds = 9, laps = 10, ms = 40 }) {
  const started = [];
  const start = async (name) => {
    const one = await player(name);
    started.push(one);
    return one;
  };
  try {
    const pures = [await start('sapa'), await start('sapa'), await start('sapa')];
    const json = await start('sapa');
    const cells = [
      ...pures.map((pure) =>
        pure.cell(
          lengths.map((length) => ({ variant: 'pure', length })),
          { ms, often: true },
        ),
      ),
      ...lengths.map((length) =>
        json.cell(
          [
            { variant: 'json', length },
            { variant: 'bare', length },
          ],
          { ms, often: true },
        ),
      ),
      { keys: ['machine'], often: true, run: async () => [yardstick(ms)] },
    ];
    for (const name of withPeers ? Object.keys(peers) : []) {
      const peer = await start(name);
      cells.push(
        ...lengths.map((length) => peer.cell([{ variant: 'json', length }], { ms: ms * 6, often: false })),
      );
    }
    return figuresOf(await interleave(cells, { rounds, laps, warmup: 2 }), withPeers);
  } finally {
    for (const one of started) one.stop();
  }
}

async function player(name) {
  // On one core: threads that collect garbage beside it would make it wait for a second one, which others work on. And no
  // guesses of V8 about what lives long, as in the product (src/heap.ts).
  const execArgv = ['--single-threaded-gc', '--no-allocation-site-pretenuring'];
  const child = fork(fileURLToPath(new URL('./player.mjs', import.meta.url)), [`./players/${name}.mjs`], {
    execArgv,
  });
  const ended = once(child, 'exit').then(([code]) => [{ error: `${name} ended with code ${code}` }]);
  const reply = async () => {
    const [message] = await Promise.race([once(child, 'message'), ended]);
    if (message.error !== undefined) throw new Error(message.error);
    return message;
  };
  await reply();
  const run = async (sides, ms) => {
    child.send({ sides, ms });
    return (await reply()).rates;
  };
  return {
    cell: (sides, { ms, often }) => ({
      keys: sides.map(({ variant, length }) => `${name}.${variant}.q${length}`),
      often,
      run: () => run(sides, ms),
    }),
    stop: () => child.disconnect(),
  };
}

function figuresOf(rates, withPeers) {
  const rate = (key) => Math.round(median(rates.get(key)));
  const noise = (key) => spread(rates.get(key));
  const perSecond = (figure, key, more) => ({
    figure,
    value: rate(key),
    unit: 'turns/s',
    spread: noise(key),
    ...more,
  });
  const against = (figure, key, other, more) => ({
    figure,
    value: ratio(rates.get(key), rates.get(other)),
    unit: 'ratio',
    spread: spread(ratios(rates.get(key), rates.get(other))),
    ...more,
  });
  const pure = lengths.map((length) =>
    perSecond(`engine.turns_per_s.q${length}`, `sapa.pure.q${length}`, { budget: 100_000 }),
  );
  const json = lengths.map((length) => {
    const best = withPeers ? bestPeer(rate, length) : undefined;
    const versus = best && { figure: best.figure, value: best.value };
    return perSecond(`engine.json_turns_per_s.q${length}`, `sapa.json.q${length}`, {
      versus,
      budget: best?.value,
    });
  });
  const bare = lengths.map((length) => perSecond(`bare.json_turns_per_s.q${length}`, `sapa.bare.q${length}`));
  const ofBare = lengths.map((length) =>
    against(`engine.json_ratio.q${length}`, `sapa.json.q${length}`, `sapa.bare.q${length}`, {
      versus: { figure: `bare.json_turns_per_s.q${length}`, value: rate(`sapa.bare.q${length}`) },
      budget: jsonBudget,
    }),
  );
  const lowest = ofBare.reduce((low, one) => (one.value < low.value ? one : low));
  return [
    ...pure,
    against('engine.q200_of_q12', 'sapa.pure.q200', 'sapa.pure.q12', {
      versus: { figure: 'engine.turns_per_s.q12', value: rate('sapa.pure.q12') },
      budget: flatBudget,
    }),
    ...json,
    ...bare,
    ...ofBare,
    { ...lowest, figure: 'engine.json_ratio' },
    ...(withPeers ? Object.keys(peers).flatMap((name) => peerFigures(perSecond, rate, name)) : []),
    { figure: 'machine.noise', value: noise('machine'), unit: 'ratio' },
  ];
}

function peerFigures(perSecond, rate, name) {
  return lengths.map((length) =>
    perSecond(`peer.${name}.json_turns_per_s.q${length}`, `${name}.json.q${length}`, {
      versus: { figure: `engine.json_turns_per_s.q${length}`, value: rate(`sapa.json.q${length}`) },
      note: peers[name],
    }),
  );
}

function bestPeer(rate, length) {
  return Object.keys(peers)
    .map((name) => ({
      figure: `peer.${name}.json_turns_per_s.q${length}`,
      value: rate(`${name}.json.q${length}`),
    }))
    .reduce((best, one) => (one.value > best.value ? one : best));
}
