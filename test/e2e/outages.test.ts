import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startApp } from '../../src/app.js';
import { openBase } from '../../src/base.js';
import { readConfig } from '../../src/config.js';
import { whatsAppStore } from '../../src/live.js';
import { createLog } from '../../src/log.js';
import { startEmbedded } from '../../src/store/embedded.js';
import { startTelegram } from '../doubles/telegram/double.js';
import { startCloud } from '../doubles/whatsapp-cloud/double.js';
import { startWhatsAppWeb } from '../doubles/whatsapp-web/double.js';
import { databaseFolder } from '../support/database-folder.js';
import { hasRedisProgram, startRedis } from '../support/redis.js';
import { waitFor } from '../support/wait.js';
import { cloudEnv } from './cloud-phone.js';
import { whatsAppEnv } from './whatsapp-phone.js';

/** A person on one of the channels. */
interface Someone {
  readonly write: (text: string) => unknown;
  readonly texts: () => readonly string[];
}

const ends: (() => Promise<unknown>)[] = [];

/** Ends it with the test, the last begun first. */
function ending<Thing>(thing: Thing, end: (thing: Thing) => Promise<unknown>): Thing {
  ends.push(() => end(thing));
  return thing;
}

/** The doubles of all live channels. */
async function startDoubles() {
  const telegram = ending(await startTelegram({ limits: { chatBurst: 1_000 } }), (api) => api.close());
  const cloud = ending(await startCloud({ limits: { pairBurst: 1_000 } }), (api) => api.close());
  const web = ending(await startWhatsAppWeb({ fewKeys: true }), (api) => api.close());
  return { telegram, cloud, web };
}

type Doubles = Awaited<ReturnType<typeof startDoubles>>;

/** A PostgreSQL of its own, which can be taken away. */
async function ownServer() {
  const folder = ending(databaseFolder('sapa-outages-'), async (dir) => rmSync(dir, { recursive: true }));
  const dir = join(folder, 'postgres');
  let server = await startEmbedded({ dir });
  ending(dir, () => server.stop());
  const start = async () => {
    server = await startEmbedded({ dir });
  };
  return { url: server.url, stop: () => server.stop(), start };
}

/** One Sapa with all live channels, on servers of its own; its number on WhatsApp Web is linked. */
async function world() {
  const doubles = await startDoubles();
  const { telegram, cloud, web } = doubles;
  const redis = ending(await startRedis(), ({ kill }) => kill('SIGKILL'));
  const server = await ownServer();
  const config = readConfig({
    ...{ ...whatsAppEnv(web), ...cloudEnv(cloud), REDIS_URL: redis.url, DATABASE_URL: server.url },
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
    ...{ DATA_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'silent', PORT: '0' },
  });
  const base = ending(await openBase(config, createLog('silent')), (one) => one.close());
  const app = ending(await startApp(base, ['bot', 'worker', 'web']), (one) => one.stop());
  expect(await cloud.subscribe(`${app.url}/whatsapp/webhook`)).toBe(true);
  const { text } = await waitFor('a QR', async () => (await whatsAppStore(base).status()).pairing);
  web.scan(text);
  const rows = async (query: string) => (await base.pool.query(query)).rows;
  return { doubles, redis, server, rows };
}

function peopleOf({ telegram, cloud, web }: Doubles): readonly Someone[] {
  const [one, two, three] = [telegram.person(), cloud.person(), web.person()];
  return [
    { write: (text) => one.write(text), texts: () => one.texts() },
    { write: (text) => two.write(text), texts: () => two.texts() },
    { write: (text) => three.write(text), texts: () => three.shown().map(({ text }) => text) },
  ];
}

function write(people: readonly Someone[], text: string): void {
  for (const one of people) one.write(text);
}

type Rows = Awaited<ReturnType<typeof world>>['rows'];

/** Everybody is answered with something that holds the piece, and the bot knows that it arrived. */
function answered(people: readonly Someone[], rows: Rows, piece: string): Promise<unknown> {
  const isThere = ({ texts }: Someone) => texts().at(-1)?.includes(piece) === true;
  const isKnown = async () => (await rows(onTheirWay)).length === 0;
  return waitFor(
    `an answer with ${piece}`,
    async () => people.every(isThere) && (await isKnown().catch(() => false)),
    60_000,
  );
}

const onTheirWay = "SELECT FROM delivery WHERE state IN ('due', 'leased', 'written')";

it.runIf(hasRedisProgram())(
  'the services, PostgreSQL and Redis go away and come back: on no channel is anything lost or said twice',
  async () => {
    onTestFinished(async () => {
      for (const end of ends.splice(0).toReversed()) await end();
    });
    const { doubles, redis, server, rows } = await world();
    const services = [doubles.telegram, doubles.cloud, doubles.web];
    const people = peopleOf(doubles);
    write(people, 'daftar');
    await answered(people, rows, 'ketik kata');
    write(people, 'Setuju.');
    await answered(people, rows, 'Langkah 1 dari 9');
    // Only on Telegram is the number not known.
    write(people.slice(0, 1), '081200000041');
    write(people.slice(1), 'ya');
    await answered(people, rows, 'Langkah 2 dari 9');

    await Promise.all(services.map((one) => one.goAway()));
    write(people, 'Sri Contohwati');
    await Promise.all(services.map((one) => one.comeBack()));
    await answered(people, rows, 'Langkah 3 dari 9');

    await server.stop();
    write(people, 'Semarang, 17 Agustus 1970');
    await server.start();
    await answered(people, rows, 'Langkah 4 dari 9');

    await redis.kill('SIGKILL');
    write(people, 'perempuan');
    const turns = async () => rows('SELECT state, count(*)::int AS n FROM inbound GROUP BY state');
    await waitFor('the turns, which need no Redis', async () => (await turns())[0]?.n === 6 * 3);
    await redis.start();
    await answered(people, rows, 'Langkah 5 dari 9');

    expect(await turns()).toEqual([{ state: 'done', n: 6 * 3 }]);
    const shown = people.flatMap((one) => one.texts());
    await waitFor('the ends', async () => {
      const states = await rows('SELECT state, count(*)::int AS n FROM delivery GROUP BY state');
      return states.length === 1 && states[0].state === 'accepted' && states[0].n === shown.length;
    });
    for (const { texts } of people) expect(new Set(texts()).size).toBe(texts().length);
  },
  180_000,
);
