import { afterAll, beforeAll, expect, it } from 'vitest';
import { grantRole } from '../../src/domain/grants.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { newId } from '../../src/store/ids.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import { startTelegram, type TelegramDouble } from '../doubles/telegram/double.js';
import type { Person as Member } from '../doubles/telegram/people.js';
import { type CloudDouble, startCloud } from '../doubles/whatsapp-cloud/double.js';
import type { Person as Officer } from '../doubles/whatsapp-cloud/people.js';
import { openApp, type TestApp } from '../support/app.js';
import { fileOf } from '../support/files.js';
import { waitFor } from '../support/wait.js';
import { cloudEnv, isDone } from './cloud-phone.js';

let telegram: TelegramDouble;
let cloud: CloudDouble;
let test: TestApp;
let member: Member;
let officer: Officer;

beforeAll(async () => {
  telegram = await startTelegram({ limits: { chatBurst: 1_000 } });
  cloud = await startCloud();
  const env = {
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
    ...{ ...cloudEnv(cloud), TEST_PROFILE: '{"telegramChatMs":1}' },
  };
  test = await openApp({ roles: ['bot', 'worker', 'web'], env });
  expect(await cloud.subscribe(`${test.url()}/whatsapp/webhook`)).toBe(true);
  member = telegram.person();
  officer = cloud.person();
  const { pool, vault, now } = test.base;
  const records = { pool, vault, now, newId: () => newId(), prisma: createPrisma(pool) };
  const role = { phone: officer.phone ?? '', role: 'province-admin', region: '33', simulator: false };
  expect(await grantRole(localAdministrator('test'), records, role)).toMatchObject({ ok: true });
});
afterAll(async () => {
  await test?.close();
  await telegram?.close();
  await cloud?.close();
});

/** Waits for words on a screen, and until they count as seen: what is written before is no answer to them. */
async function seen(one: { texts(): readonly string[] }, words: string): Promise<void> {
  await waitFor(words, () => one.texts().some((text) => text.includes(words)));
  await waitFor('the bot to be done', () => isDone(cloud, test.database.pool));
}

it('a member on Telegram and an officer on WhatsApp send each other photos and documents, whole', async () => {
  officer.write('halo');
  await seen(officer, 'Selamat datang');
  member.start();
  await seen(member, 'Selamat datang');
  member.write('PETUGAS');
  await seen(officer, 'Ketik *LAYANI*');
  officer.write('LAYANI');
  await seen(officer, 'Permintaan mana yang ingin');
  officer.write('1');
  await seen(member, 'sekarang membaca pesan');
  const [photo, pdf] = [fileOf('jpeg', 200_000), fileOf('pdf', 100_000)];
  member.sendPhoto(photo, 'Ini SK saya, NIK 9901015708700001');
  await waitFor('the photo', () => officer.files().length === 1);
  expect(officer.files()).toEqual([
    { kind: 'photo', name: null, text: '*Anggota*: Ini SK saya, NIK 9901…', bytes: photo },
  ]);
  officer.sendDocument({ name: 'contoh isian.pdf', bytes: pdf });
  await waitFor('the document', () => member.files().length === 1);
  expect(member.files()).toEqual([
    { kind: 'document', name: 'contoh isian.pdf', text: 'Petugas mengirim berkas PDF.', bytes: pdf },
  ]);
});
