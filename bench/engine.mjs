import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { lengths } from './conversation.mjs';
import { interleave, median, ratio, spread, yardstick } from './rounds.mjs';

const peers = {
  telegraf: 'Telegraf 4.16.3 WizardScene',
  botbuilder: 'botbuilder-dialogs 4.23.3',
  grammy: '@grammyjs/conversations 2.1.1',
};
const jsonBudget = 0.7;
const flatBudget = 0.95;

/** Plays the same conversation with the engine and, when they are installed, its peers. Gives the figures. */
export async function engineFigures({ withPeers, rounds = 9, laps = 10, ms = 40 }) {
  const players = [
    await player('./players/sapa.mjs', 'sapa', 'pure'),
    await player('./players/sapa.mjs', 'sapa', 'json', 'bare'),
  ];
  if (withPeers)
    for (const name of Object.keys(peers)) players.push(await player(`./players/${name}.mjs`, name, 'json'));
  try {
    const cells = players.flatMap((one) =>
      one.cells(one.name === 'sapa' ? { ms, often: true } : { ms: ms * 6, often: false }),
    );
    cells.push({ key: 'machine', often: true, run: async () => yardstick(ms) });
    return figuresOf(await interleave(cells, { rounds, laps, warmup: 2 }), withPeers);
  } finally {
    for (const one of players) one.stop();
  }
}

async function player(module, name, ...variants) {
  const child = fork(fileURLToPath(new URL('./player.mjs', import.meta.url)), [module], {
    execArgv: ['--single-threaded-gc'],
  });
  const ended = once(child, 'exit').then(([code]) => [{ error: `${name} ended with code ${code}` }]);
  const reply = async () => {
    const [message] = await Promise.race([once(child, 'message'), ended]);
    if (message.error !== undefined) throw new Error(message.error);
    return message;
  };
  await reply();
  const run = async (variant, length, ms) => {
    child.send({ variant, length, ms });
    return (await reply()).rate;
  };
  return {
    name,
    cells: ({ ms, often }) =>
      variants.flatMap((variant) =>
        lengths.map((length) => ({
          key: `${name}.${variant}.q${length}`,
          often,
          run: () => run(variant, length, ms),
        })),
      ),
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
  const flat = ratio(rates.get('sapa.pure.q200'), rates.get('sapa.pure.q12'));
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
  const ratios = lengths.map((length) => ({
    figure: `engine.json_ratio.q${length}`,
    value: ratio(rates.get(`sapa.json.q${length}`), rates.get(`sapa.bare.q${length}`)),
    unit: 'ratio',
    versus: { figure: `bare.json_turns_per_s.q${length}`, value: rate(`sapa.bare.q${length}`) },
    budget: jsonBudget,
  }));
  const lowest = ratios.reduce((low, one) => (one.value < low.value ? one : low));
  return [
    ...pure,
    {
      figure: 'engine.q200_of_q12',
      value: flat,
      unit: 'ratio',
      versus: { figure: 'engine.turns_per_s.q12', value: rate('sapa.pure.q12') },
      budget: flatBudget,
    },
    ...json,
    ...bare,
    ...ratios,
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
