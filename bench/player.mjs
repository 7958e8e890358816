import { performance } from 'node:perf_hooks';
import { script } from './conversation.mjs';

/** A child process that plays one engine, so that no engine disturbs the heap or the compiled code of another. */
const [module] = process.argv.slice(2);
const makers = await import(module);
const players = new Map();

process.on('message', async ({ variant, length, ms }) => {
  try {
    process.send({ rate: await measure(await playerOf(variant, length), length, ms) });
  } catch (error) {
    process.send({ error: error.stack });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });

async function playerOf(variant, length) {
  const key = `${variant} ${length}`;
  if (!players.has(key)) {
    if (variant !== 'bare') await prove(makers[variant], length);
    players.set(
      key,
      makers[variant](length, () => {}),
    );
  }
  return players.get(key);
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

async function measure(play, length, ms) {
  const start = performance.now();
  let conversations = 0;
  let now = start;
  do {
    const playing = play();
    const stored = typeof playing === 'number' ? playing : await playing;
    if (stored !== length) throw new Error(`${stored} of ${length} answers stored`);
    conversations += 1;
    now = performance.now();
  } while (now - start < ms);
  return (conversations * (length + 1) * 1000) / (now - start);
}
