import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTelegram, type TelegramDouble } from '../doubles/telegram/double.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from '../doubles/whatsapp-web/double.js';
import type { TestApp } from '../support/app.js';
import { waitFor } from '../support/wait.js';
import { play, registration } from './phone.js';
import { shownPlain, telegramPhone } from './telegram-phone.js';
import { linkedApp, whatsAppPhone } from './whatsapp-phone.js';

let telegram: TelegramDouble;
let whatsapp: WhatsAppWebDouble;
let test: TestApp;

beforeAll(async () => {
  // One person answers faster here than anybody types, so the limit of one chat is wide.
  telegram = await startTelegram({ limits: { chatBurst: 1_000 } });
  whatsapp = await startWhatsAppWeb();
  const env = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  test = await linkedApp(whatsapp, { env });
});
afterAll(async () => {
  await test?.close();
  await telegram?.close();
  await whatsapp?.close();
});

const rows = async (text: string, values: readonly unknown[] = []) =>
  (await test.database.pool.query(text, [...values])).rows;
const phones = () => ({
  onTelegram: telegramPhone(telegram, test.database.pool),
  onWhatsApp: whatsAppPhone(whatsapp, test),
});
const joined = 'Percakapan Bapak/Ibu di kedua aplikasi sudah menjadi satu.';

async function channelsOf(value: string) {
  const index = test.base.vault.index('address', value);
  const found = await rows(
    `SELECT DISTINCT b.channel FROM address a JOIN address b USING (contact_id) WHERE a.value_index = $1 ORDER BY 1`,
    [index],
  );
  return found.map(({ channel }) => channel);
}

it('a registration begun on Telegram is linked by the ready link and finished on WhatsApp', async () => {
  const { onTelegram, onWhatsApp } = phones();
  await onTelegram.act((one) => one.start());
  await play(onTelegram, shownPlain(registration.slice(0, 2)));
  await onTelegram.act((one) => one.tapKey('📱 Bagikan nomor saya'));
  await play(onTelegram, shownPlain(registration.slice(3, 5)));
  await onTelegram.say('hubungkan');
  const [made = '', again] = await onTelegram.act((one) => one.press('Buat kode di sini'));
  expect(again).toContain('Langkah 4 dari 9');
  const [, number, words = ''] = /https:\/\/wa\.me\/(\d+)\?text=(\S+)/.exec(made) ?? [];
  expect(number).toBe(whatsapp.phone.digits);
  const [asked] = await onWhatsApp.say(decodeURIComponent(words));
  expect(asked).toContain('berasal dari percakapan di *Telegram*');
  const before = onTelegram.person.texts().length;
  const answers = await onWhatsApp.say('ya');
  expect(answers).toEqual([
    'Baik, kami satukan sekarang.',
    expect.stringContaining(joined),
    expect.stringContaining('Langkah 4 dari 9'),
  ]);
  expect(onTelegram.person.texts().slice(before)).toEqual([
    expect.stringContaining('baru saja disatukan dengan percakapan Bapak/Ibu di WhatsApp'),
  ]);
  await play(onWhatsApp, registration.slice(5));
  expect(await channelsOf(onTelegram.person.address)).toEqual(['telegram', 'whatsapp-web']);
  expect(await rows('SELECT phone_proved FROM member')).toEqual([{ phone_proved: true }]);
  expect((await onTelegram.say('data saya')).join('\n')).toContain('Nama: Sri Contohwati');
});

it('a conversation begun on WhatsApp goes on on Telegram, by a deep link', async () => {
  const { onTelegram, onWhatsApp } = phones();
  await play(onWhatsApp, registration.slice(0, 4));
  await onWhatsApp.say('hubungkan');
  const [made = ''] = await onWhatsApp.say('1');
  const [, bot, token = ''] = /https:\/\/t\.me\/(\w+)\?start=(\S+)/.exec(made) ?? [];
  expect(bot).toBe('contoh_bot');
  const [asked] = await onTelegram.act((one) => one.start(token));
  expect(asked).toContain('berasal dari percakapan di WhatsApp');
  const answers = await onTelegram.act((one) => one.press('Ya, satukan'));
  expect(answers.at(-1)).toContain('Langkah 3 dari 9');
  expect(await onTelegram.say('Semarang, 17 Agustus 1970')).toEqual([
    expect.stringContaining('Langkah 4 dari 9'),
  ]);
  expect(await channelsOf(onTelegram.person.address)).toEqual(['telegram', 'whatsapp-web']);
  expect(await rows('SELECT * FROM alarm')).toEqual([]);
});

it('whoever proves the same number on both is asked once nothing is under way, and goes on', async () => {
  const { onTelegram, onWhatsApp } = phones();
  await play(onWhatsApp, registration.slice(0, 5));
  await play(onTelegram, shownPlain(registration.slice(0, 2)));
  const { digits } = onWhatsApp.person;
  const [next] = await onTelegram.act((one) => one.shareContact({ phone: digits, userId: one.user.id }));
  expect(next).toContain('Langkah 2 dari 9');
  await onTelegram.say('batal');
  await onTelegram.say('ya');
  const question = 'Apakah percakapan itu juga milik Bapak/Ibu sendiri?';
  await waitFor('the question', async () => onTelegram.person.texts().at(-1)?.includes(question));
  expect(onTelegram.person.texts().at(-1)).toContain(
    'dipakai dalam percakapan lain dengan kami, di WhatsApp.',
  );
  const answers = await onTelegram.act((one) => one.press('Ya, satukan'));
  expect(answers).toEqual([
    'Baik, kami satukan sekarang.',
    expect.stringContaining(joined),
    expect.stringContaining('Langkah 4 dari 9'),
  ]);
  expect(await channelsOf(onTelegram.person.address)).toEqual(['telegram', 'whatsapp-web']);
  await play(onWhatsApp, registration.slice(5, 7));
  expect(await onTelegram.say('2012')).toEqual([expect.stringContaining('Langkah 7 dari 9')]);
});
