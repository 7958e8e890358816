import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { engineFigures } from './engine.mjs';
import { installPeers } from './install.mjs';
import { printFigures } from './print.mjs';
import { startFigures } from './start.mjs';

const parts = ['engine', 'compile', 'turn', 'start', 'roster', 'telegram', 'broadcast', 'reply', 'plan'];
const { values } = parseArgs({ options: { only: { type: 'string' }, 'no-peers': { type: 'boolean' } } });
if (values.only !== undefined && !parts.includes(values.only)) {
  console.error(`There is no part "${values.only}". Use --only ${parts.join(' or --only ')}.`);
  process.exit(1);
}

const wanted = (part) => values.only === undefined || values.only === part;
const figures = [];
const before = loadavg()[0];
if (wanted('engine')) figures.push(...(await engineFigures({ withPeers: peersReady() })));
if (wanted('compile')) {
  const { compileFigures } = await import('./compile.mjs');
  figures.push(...compileFigures());
}
if (wanted('turn')) {
  const { turnFigures } = await import('./turn.mjs');
  figures.push(...(await turnFigures()));
}
if (wanted('start')) figures.push(...(await startFigures()));
if (wanted('roster')) {
  const { rosterFigures } = await import('./roster.mjs');
  figures.push(...(await rosterFigures()));
}
if (wanted('telegram')) {
  const { telegramFigures } = await import('./telegram.mjs');
  figures.push(...(await telegramFigures()));
}
if (wanted('broadcast') || wanted('reply') || wanted('plan')) {
  const { answeringFigures, broadcastFigures, planningFigures } = await import('./broadcast.mjs');
  if (wanted('broadcast')) figures.push(...(await broadcastFigures()));
  if (wanted('reply')) figures.push(...(await answeringFigures()));
  if (wanted('plan')) figures.push(...(await planningFigures()));
}
console.log(machine());
printFigures(figures);

/** What the figures were taken on; a load above the number of processors means that others were at work too. */
function machine() {
  const [{ model }] = cpus();
  const load = `load ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after`;
  return `Node ${process.versions.node}, ${availableParallelism()} × ${model.trim()}, ${load}\n`;
}

function peersReady() {
  if (values['no-peers']) return false;
  const failure = installPeers();
  if (failure !== null) console.error(`The peers could not be installed, so they are left out: ${failure}`);
  return failure === null;
}
