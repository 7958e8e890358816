import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createVault } from '../../src/store/crypto.js';
import { createSimulatorStore } from '../../src/store/simulator.js';
import { emptyRedis } from '../support/app.js';
import { type Backend, backendsOr } from '../support/backends.js';
import { freshDatabase } from '../support/database.js';
import { dumpOf, redisOf } from '../support/dump.js';
import { fileOf } from '../support/files.js';
import { startSapa } from '../support/process.js';
import { nik, type Phone, phoneOf, registration } from './phone.js';

const number = '+6281298765432';
const spelled = [
  nik,
  '990101 570870 0001',
  '9901.0157.0870.0001',
  'NIK saya 9901-0157-0870-0001 ya',
  `${nik}${nik}`,
];

/** What must be nowhere: the NIK and the phone number, however they are grouped. */
const secrets: readonly (readonly [string, RegExp])[] = [
  ['the NIK', spaced(nik)],
  ['the phone number', spaced(number.slice(3))],
];

function spaced(digits: string): RegExp {
  return new RegExp([...digits].join('[^0-9a-zA-Z]{0,3}'));
}

/** The line of a text in which a secret stands, shortened; null when there is none. */
function findSecret(text: string): string | null {
  for (const [what, secret] of secrets) {
    const at = text.search(secret);
    if (at >= 0) return `${what}: …${text.slice(Math.max(0, at - 60), at + 40)}…`;
  }
  return null;
}

/** Types several spellings of the NIK at every point of the registration, and goes back to it if one was taken. */
async function typeNikEverywhere(phone: Phone): Promise<void> {
  for (const text of spelled) await phone.say(text);
  await phone.say('batal');
  await phone.say('ya');
  for (const [said] of registration) {
    for (const text of said === nik ? [spelled[3] ?? nik] : spelled) {
      await phone.say(text);
      if (await wasTaken(phone)) await phone.say('kembali');
    }
    await phone.say(said);
  }
}

/** Whether the last message was read back as an answer. */
async function wasTaken(phone: Phone): Promise<boolean> {
  const last = (await phone.screen()).at(-1);
  return last?.fromBot === true && last.body.text.startsWith('Saya catat');
}

async function pressNik(phone: Phone): Promise<void> {
  await phone.say('menu');
  for (const bubble of await phone.screen()) {
    if (bubble.fromBot)
      for (const { data } of bubble.body.buttons) await phone.send({ button: { data, label: nik } });
  }
  await phone.send({ button: { data: nik, label: nik } });
  await phone.send({ button: { data: `${nik}:${nik}`, label: 'Ya' } });
  await phone.settle();
}

it.each(backendsOr('redis'))(
  'no NIK and no phone number stands anywhere, queued in %s',
  async (backend: Backend) => {
    const key = randomBytes(32);
    const { url, pool, drop } = await freshDatabase();
    onTestFinished(drop);
    const redisUrl = backend === 'redis' ? await emptyRedis() : null;
    const sapa = await startSapa({
      DATABASE_URL: url,
      DATA_KEY: key.toString('base64'),
      LOG_LEVEL: 'trace',
      ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
    });
    const vault = createVault(key);
    const phones = createSimulatorStore({ pool, url, vault, account: 'simulator' });
    const phone = await phoneOf(phones, number);
    await typeNikEverywhere(phone);
    for (const text of ['petugas', nik, 'cek sk', nik, 'petugas', number, 'berhenti', nik])
      await phone.say(text);
    await pressNik(phone);
    await phone.sendFile({ name: `KTP ${nik}.jpg`, bytes: fileOf('jpeg', 4096, `NIK ${nik}`) });
    await phone.settle();
    await breakTurns(pool);
    await phone.say(nik);
    await phone.say(`daftar ${nik}`);

    const dump = await dumpOf(pool);
    expect(findSecret(dump)).toBeNull();
    for (const table of [
      'inbound',
      'delivery',
      'session',
      'consent',
      'simulator_bubble',
      'simulator_file',
      'handover',
      'alarm',
    ])
      expect(dump, `rows of ${table}`).toContain(`public.${table} `);
    const { rows: members } = await pool.query('SELECT nik_sealed FROM member');
    expect(members.map((row) => vault.open(row.nik_sealed))).toEqual([nik]);
    if (redisUrl !== null) expect(findSecret(await redisOf(redisUrl))).toBeNull();
    await sapa.kill('SIGTERM');
    expect(sapa.stdout()).toContain('a turn failed');
    expect(findSecret(sapa.stdout() + sapa.stderr())).toBeNull();
  },
  120_000,
);

/** From now on the database refuses every turn, with a message that quotes the row: nothing of it may be logged. */
async function breakTurns(pool: pg.Pool): Promise<void> {
  await pool.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.state = 'done' THEN RAISE 'refused for ${nik} %', '${number}' USING DETAIL = '${nik}', HINT = '${nik}'; END IF;
    RETURN NEW; END $$`);
  await pool.query(
    'CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON inbound FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
}

it('would find what it looks for', async () => {
  const { pool, drop } = await freshDatabase();
  onTestFinished(drop);
  for (const text of [...spelled, `{"phone":"${number}"}`]) expect(findSecret(text)).not.toBeNull();
  await pool.query(
    `INSERT INTO simulator_person (id, value_sealed, value_index) VALUES (gen_random_uuid(), $1, '\\x00')`,
    [Buffer.from(`sealed? ${nik}`)],
  );
  expect(findSecret(await dumpOf(pool))).toContain('the NIK');
  expect(findSecret('99010157087 and 0001, +62812')).toBeNull();
});
