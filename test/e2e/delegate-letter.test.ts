import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordsOf } from '../../src/base.js';
import { rakorDetails } from '../../src/domain/rakor.js';
import { callRakor, keepRakor } from '../../src/domain/rakors.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { keepIn } from '../../src/store/files.js';
import { newId } from '../../src/store/ids.js';
import { startTelegram, type TelegramDouble } from '../doubles/telegram/double.js';
import { type CloudDouble, startCloud } from '../doubles/whatsapp-cloud/double.js';
import { openApp, type TestApp } from '../support/app.js';
import { fileOf } from '../support/files.js';
import { waitFor } from '../support/wait.js';
import { type CloudPhone, cloudEnv, cloudPhone } from './cloud-phone.js';
import { type TelegramPhone, telegramPhone } from './telegram-phone.js';

let telegram: TelegramDouble;
let cloud: CloudDouble;
let test: TestApp;
/** Who is invited, who comes instead over a number that is known, and who by a code. */
let invited: TelegramPhone;
let known: CloudPhone;
let guest: TelegramPhone;
const pdf = fileOf('pdf', 60_000, 'Surat resmi');
const letter = { kind: 'document', name: 'undangan-rakor.pdf', bytes: pdf };

beforeAll(async () => {
  telegram = await startTelegram({ limits: { chatBurst: 1_000 } });
  cloud = await startCloud();
  const env = {
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
    ...{ ...cloudEnv(cloud), TEST_PROFILE: '{"telegramChatMs":1}' },
  };
  test = await openApp({ roles: ['bot', 'worker', 'web'], env });
  expect(await cloud.subscribe(`${test.url()}/whatsapp/webhook`)).toBe(true);
  const { pool } = test.database;
  invited = telegramPhone(telegram, pool);
  known = cloudPhone(cloud, pool);
  guest = telegramPhone(telegram, pool);
  for (const one of [invited, guest]) await one.act((person) => person.start());
  await known.say('halo');
  await inviteOver(invited);
});
afterAll(async () => {
  await test?.close();
  await telegram?.close();
  await cloud?.close();
});

/** Calls a rakor with a letter that was brought, and invites whoever is reached there. */
async function inviteOver({ person }: TelegramPhone): Promise<void> {
  const { base, database } = test;
  const { vault, now, newId: makeId, pool } = recordsOf(base);
  const keepFile = (bytes: Uint8Array) => keepIn(base.fileStore, bytes);
  const startsAt = new Date(now().getTime() + 3 * 24 * 3_600_000);
  const details = rakorDetails.parse({
    ...{ nomor: '005/IPSM', hal: 'Undangan', acara: 'Rakor Contoh', tempat: 'Aula Contoh' },
  });
  const wish = {
    ...{ area: '33', simulator: false, details, startsAt, endsAt: null, answerBy: null },
    ...{ audience: { role: 'chair' as const }, letter: { file: await keepFile(pdf), size: pdf.length } },
  };
  const making = { db: pool, vault, now: now(), newId: makeId, keepFile, secondYesAbove: 50 };
  const made = await callRakor(localAdministrator('test'), wish, making);
  if (typeof made === 'string') throw new Error(made);
  await keepRakor(made, pool);
  await database.pool.query(`UPDATE rakor SET state = 'called'`);
  await database.pool.query(
    `INSERT INTO invitation (id, rakor_id, contact_id) SELECT $1, $2, contact_id FROM address WHERE value_index = $3`,
    [newId(), made.id, vault.index('address', person.address)],
  );
}

it('the letter goes to a delegate over WhatsApp, whose number is known', async () => {
  for (const line of ['diwakilkan', 'Wati Contoh', 'tidak', 'ya']) await invited.say(line);
  const said = await invited.say(known.person.phone ?? '');
  expect(said.join('\n')).toContain('Undangannya sudah kami teruskan');
  await waitFor('the letter', () => known.person.files().length === 1);
  expect(known.person.files()).toEqual([
    { ...letter, text: expect.stringContaining('Bapak/Ibu *Wati Contoh* diminta mewakili') },
  ]);
});

it('the letter goes to a delegate over Telegram, who types the code', async () => {
  for (const line of ['diwakilkan', 'Budi Contoh', 'tidak']) await invited.say(line);
  const [, code = ''] = /WAKILI (\w{8})/.exec((await invited.say('tidak')).join('\n')) ?? [];
  await guest.say(`WAKILI ${code}`);
  expect(guest.person.files()).toEqual([
    { ...letter, text: expect.stringContaining('Bapak/Ibu Budi Contoh diminta mewakili') },
  ]);
});

it('UNDANGAN shows it to whoever is invited', async () => {
  await invited.say('UNDANGAN');
  expect(invited.person.files()).toEqual([
    { ...letter, text: expect.stringContaining('Undangan untuk Bapak/Ibu') },
  ]);
});
