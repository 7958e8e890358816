import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { createVault, type Vault } from '../../src/store/crypto.js';
import { createSimulatorStore } from '../../src/store/simulator.js';
import { emptyRedis } from '../support/app.js';
import { type Backend, backends, backendsOr } from '../support/backends.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';
import { everythingIn } from '../support/everything.js';
import { type SapaProcess, startSapa } from '../support/process.js';
import { waitFor } from '../support/wait.js';
import { botTexts, nik, type Phone, personTexts, phoneOf, registration } from './phone.js';

const key = randomBytes(32);

interface World {
  readonly database: FreshDatabase;
  readonly vault: Vault;
  readonly phone: Phone;
  start(): Promise<SapaProcess>;
}

/** A phone that outlives the bot, because it is played from here; a dead bot's lease is over within half a second. */
async function world(backend: Backend): Promise<World> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const vault = createVault(key);
  const { pool, url } = database;
  const phones = createSimulatorStore({ pool, url, vault, account: 'simulator' });
  const env = {
    DATABASE_URL: url,
    DATA_KEY: key.toString('base64'),
    TEST_PROFILE: JSON.stringify({ leaseMs: 500, sweepMs: 100 }),
    ...(backend === 'redis' ? { REDIS_URL: await emptyRedis() } : {}),
  };
  const phone = await phoneOf(phones, '+6281200000040');
  return { database, vault, phone, start: () => startSapa(env) };
}

type Moment = (world: World, sent: number) => Promise<unknown>;

/** How far the bot had come with the last message when it is killed: nobody knows, or the message was just stored. */
const moments: readonly Moment[] = [
  async () => {},
  ({ database }, sent) =>
    waitFor('the message to be stored', async () => {
      const { rows } = await database.pool.query('SELECT count(*)::int AS n FROM inbound');
      return rows[0]?.n === sent;
    }),
];

const killedAfter = ['Setuju.', 'Sri Contohwati', nik, 'Kabupaten Semarang, Ungaran Barat, Lerep', 'kades'];

/** The moments take turns, beginning with another one for each queue: together they are tried after each of the answers. */
function momentOf(backend: Backend, said: string): Moment | null {
  const at = killedAfter.indexOf(said);
  return at < 0 ? null : (moments[(at + backends.indexOf(backend)) % moments.length] ?? null);
}

it.each(backendsOr('postgres'))(
  'SIGKILL after each of several answers, woken up through %s',
  async (backend) => {
    const here = await world(backend);
    const { phone, database, vault } = here;
    let sapa = await here.start();
    const ids: string[] = [];
    for (const [said, ...answers] of registration) {
      const before = botTexts(await phone.screen()).length;
      ids.push(await phone.send({ text: said }));
      const moment = momentOf(backend, said);
      if (moment !== null) {
        await moment(here, ids.length);
        await sapa.kill('SIGKILL');
        sapa = await here.start();
      }
      await phone.settle();
      const heard = botTexts(await phone.screen()).slice(before);
      expect(heard, `the answer to "${said}"`).toEqual(
        answers.map((piece) => expect.stringContaining(piece)),
      );
    }

    const screen = await phone.screen();
    expect(personTexts(screen)).toEqual(registration.map(([said]) => said));
    const shown = screen.flatMap((bubble) => (bubble.fromBot ? [bubble.body.text] : []));
    expect(new Set(shown).size, 'a message twice on the screen').toBe(shown.length);
    const { rows: members } = await database.pool.query('SELECT name, psm_since, nik_sealed FROM member');
    expect(members).toMatchObject([{ name: 'Sri Contohwati', psm_since: 2012 }]);
    expect(vault.open(members[0]?.nik_sealed)).toBe(nik);

    const stateBefore = await everythingIn(database.pool);
    const { rowCount } = await database.pool.query(
      'UPDATE simulator_bubble SET fetched_at = NULL WHERE NOT from_bot',
    );
    expect(rowCount).toBe(ids.length);
    await sapa.kill('SIGKILL');
    sapa = await here.start();
    await phone.settle();
    expect(await everythingIn(database.pool), 'what a repeated delivery of every message changed').toEqual(
      stateBefore,
    );
    expect(await sapa.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  },
  180_000,
);
