import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordsOf } from '../../src/base.js';
import { approveBroadcast } from '../../src/domain/broadcasts.js';
import { findRakor, rakorDetails } from '../../src/domain/rakor.js';
import { callRakor, changeRakor, keepRakor } from '../../src/domain/rakors.js';
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
const profile = { telegramChatMs: 1, quietHours: 'ignored', stillMs: 0, sweepMs: 200 };
const pdf = fileOf('pdf', 60_000, 'Surat resmi');
const letter = { kind: 'document', name: 'undangan-rakor.pdf', bytes: pdf };

beforeAll(async () => {
  telegram = await startTelegram({ limits: { chatBurst: 1_000 } });
  cloud = await startCloud();
  const env = {
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
    ...{ ...cloudEnv(cloud), TEST_PROFILE: JSON.stringify(profile) },
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

const local = localAdministrator('test');
const making = () => {
  const { base } = test;
  const { pool: db, vault, now, newId: makeId } = recordsOf(base);
  const keepFile = (bytes: Uint8Array) => keepIn(base.fileStore, bytes);
  return { db, vault, now: now(), newId: makeId, keepFile, secondYesAbove: 50 };
};
const wish = (tempat: string) => ({
  ...{ area: '33', simulator: false, endsAt: null, answerBy: null, audience: { role: 'chair' as const } },
  startsAt: new Date(test.base.now().getTime() + 3 * 24 * 3_600_000),
  details: rakorDetails.parse({ nomor: '005/IPSM', hal: 'Undangan', acara: 'Rakor Contoh', tempat }),
});

/** Calls a rakor with a letter that was brought, and invites whoever is reached there. */
async function inviteOver({ person }: TelegramPhone): Promise<void> {
  const { pool } = test.base;
  const letter = { file: await keepIn(test.base.fileStore, pdf), size: pdf.length };
  const made = await callRakor(local, { ...wish('Aula Contoh'), letter }, making());
  if (typeof made === 'string') throw new Error(made);
  await keepRakor(made, pool);
  await pool.query(`UPDATE rakor SET state = 'called'`);
  await inviteAt(person.address, made.id);
}

async function inviteAt(address: string, rakorId: string): Promise<void> {
  const { pool, vault } = test.base;
  await pool.query(
    `INSERT INTO invitation (id, rakor_id, contact_id) SELECT $1, $2, contact_id FROM address WHERE value_index = $3`,
    [newId(), rakorId, vault.index('address', address)],
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

it('a change brings the calendar file to whoever comes, where the channel takes one', async () => {
  const before = [known.person, guest.person].map((person) => person.files().length);
  const { pool, vault } = test.base;
  const [row] = (await pool.query('SELECT id FROM rakor')).rows;
  await inviteAt(known.person.address, row.id);
  for (const one of [known, guest]) await one.say('hadir');
  const rakor = await findRakor(row.id, { db: pool, vault });
  if (rakor === null) throw new Error('no rakor');
  const made = await changeRakor(local, rakor, wish('Pendopo Contoh'), making());
  if (typeof made === 'string') throw new Error(made);
  await keepRakor(made, pool);
  const records = { ...recordsOf(test.base), secondYesAbove: 50 };
  expect(await approveBroadcast(local, made.draft?.id ?? '', records)).toMatchObject({ messages: 3 });
  await waitFor('both broadcasts to be done', async () => {
    const { rows } = await pool.query("SELECT state FROM broadcast WHERE kind IN ('change', 'calendar')");
    return rows.length === 2 && rows.every(({ state }) => state === 'done');
  });
  for (const { person } of [known, guest]) expect(person.texts().join('\n')).toContain('PERUBAHAN');
  // The file of the answer, and the one of the change.
  const [, calendar] = guest.person.files().slice(before[1]);
  expect(calendar).toMatchObject({ kind: 'document', name: 'rakor-1.ics' });
  const lines = Buffer.from(calendar?.bytes ?? []).toString();
  for (const line of ['SEQUENCE:2', 'LOCATION:Pendopo Contoh']) expect(lines).toContain(`${line}\r\n`);
  expect(known.person.files()).toHaveLength(before[0] ?? 0);
});
