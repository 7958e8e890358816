import { parseArgs } from 'node:util';

/**
 * How much is played over each channel unless said, all in less than half an hour: the simulator at full size, the others as their
 * providers let them be paced (a Telegram bot sends 30 messages a second, answers and broadcasts together).
 */
const sizes = {
  simulator: { kills: 50, registrations: 500, broadcast: 5_000 },
  telegram: { kills: 25, registrations: 150, broadcast: 1_500 },
  'whatsapp-cloud': { kills: 25, registrations: 150, broadcast: 1_500 },
  'whatsapp-web': { kills: 25, registrations: 150, broadcast: 800 },
};

const names = Object.keys(sizes);
const usage = `npm run chaos -- [--channel ${names.join('|')}] [--seed N] [--kills 50] [--registrations 500] [--broadcast 5000]
  [--redis on|off] [--workers 1]`;

/** Reads the command line: what is to be played over each channel. A wrong option ends the process with how it is meant. */
export function readOptions(args) {
  try {
    return optionsOf(args);
  } catch (error) {
    console.error(`chaos: ${error.message}\n${usage}`);
    process.exit(1);
  }
}

function optionsOf(args) {
  const text = { type: 'string' };
  const { values } = parseArgs({
    args,
    options: {
      channel: text,
      seed: text,
      kills: text,
      registrations: text,
      broadcast: text,
      redis: { ...text, default: 'on' },
      workers: { ...text, default: '1' },
    },
  });
  if (values.channel !== undefined && !names.includes(values.channel))
    throw new Error(`--channel: give ${names.join(', ')}.`);
  if (!['on', 'off'].includes(values.redis)) throw new Error('--redis: give on or off.');
  const wanted = values.channel === undefined ? names : [values.channel];
  return wanted.map((channel) => playOf(channel, values));
}

function playOf(channel, given) {
  const values = { seed: String(1 + Math.floor(Math.random() * 1_000_000)), ...sizes[channel], ...given };
  return {
    channel,
    seed: count(values, 'seed', 0, 2 ** 32 - 1),
    kills: count(values, 'kills', 0, 10_000),
    registrations: count(values, 'registrations', 1, 9_999),
    broadcast: count(values, 'broadcast', 0, 99_999),
    workers: count(values, 'workers', 1, 16),
    redis: values.redis === 'on',
  };
}

function count(values, name, least, most) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name}: give a whole number from ${least} to ${most}.`);
}
