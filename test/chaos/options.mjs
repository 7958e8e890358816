import { parseArgs } from 'node:util';
import { channels } from './channels/index.mjs';

const names = Object.keys(channels);
const usage = `npm run chaos -- [--seed N] [--kills 50] [--channel ${names.join('|')}] [--registrations 500] [--broadcast 5000]
  [--redis on|off] [--workers 1]`;

/** Reads the command line; a wrong option ends the process with how it is meant. */
export function readOptions(args) {
  try {
    return optionsOf(args);
  } catch (error) {
    console.error(`chaos: ${error.message}\n${usage}`);
    process.exit(1);
  }
}

function optionsOf(args) {
  const text = (byDefault) => ({ type: 'string', default: byDefault });
  const { values } = parseArgs({
    args,
    options: {
      seed: text(String(1 + Math.floor(Math.random() * 1_000_000))),
      kills: text('50'),
      channel: text('simulator'),
      registrations: text('500'),
      broadcast: text('5000'),
      redis: text('on'),
      workers: text('1'),
    },
  });
  if (!names.includes(values.channel)) throw new Error(`--channel: give ${names.join(', ')}.`);
  if (!['on', 'off'].includes(values.redis)) throw new Error('--redis: give on or off.');
  return {
    channel: values.channel,
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
