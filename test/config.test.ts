import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';

const token = `990000001:${'x'.repeat(35)}`;
const secret = 'contoh-rahasia_1';
const url = 'https://contoh.test/telegram/webhook';
const double = 'http://127.0.0.1:9';

describe('the settings of Telegram', () => {
  it.each<[string, Readonly<Record<string, string>>, object | null]>([
    ['none', {}, null],
    ['a token', { TELEGRAM_BOT_TOKEN: token }, { token, root: null, webhook: null }],
    ['no token', { TELEGRAM_API_ROOT: double }, null],
    [
      'a double',
      { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: `${double}/` },
      { token, root: double, webhook: null },
    ],
    [
      'a webhook',
      { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret },
      { token, root: null, webhook: { url, secret } },
    ],
  ])('are read: %s', (_name, env, telegram) => {
    expect(readConfig(env).telegram).toEqual(telegram);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['a number without its secret', { TELEGRAM_BOT_TOKEN: '990000001' }, 'TELEGRAM_BOT_TOKEN'],
    ['a token with a blank', { TELEGRAM_BOT_TOKEN: `${token} ` }, 'TELEGRAM_BOT_TOKEN'],
    [
      'an open API',
      { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: 'http://contoh.test' },
      'TELEGRAM_API_ROOT',
    ],
    ['a name like this computer', { TELEGRAM_API_ROOT: 'http://127.0.0.1.contoh.test' }, 'TELEGRAM_API_ROOT'],
    [
      'an open webhook',
      { TELEGRAM_WEBHOOK_URL: 'http://contoh.test/telegram/webhook' },
      'TELEGRAM_WEBHOOK_URL',
    ],
    ['no secret', { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_URL: url }, 'TELEGRAM_WEBHOOK_SECRET'],
    ['a short secret', { TELEGRAM_WEBHOOK_SECRET: 'abc' }, 'TELEGRAM_WEBHOOK_SECRET'],
    ['a bent clock', { TELEGRAM_BOT_TOKEN: token, TEST_CLOCK: '1000' }, 'TEST_CLOCK'],
    ['bent times', { TELEGRAM_BOT_TOKEN: token, TEST_PROFILE: '{"sweepMs":200}' }, 'TEST_PROFILE'],
  ])('are refused in one line that names the setting and not its value: %s', (_name, env, setting) => {
    const read = () => readConfig(env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${setting}: .+$`));
    expect(read).not.toThrow(token);
  });

  it('may bend time where everything is a double', () => {
    const env = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: double, TEST_CLOCK: '1000' };
    expect(readConfig(env).testClockMs).toBe(1000);
  });
});

describe('the settings of WhatsApp Web', () => {
  const socketUrl = 'ws://127.0.0.1:9/ws/chat';
  const rootKey = Buffer.alloc(32, 7).toString('base64');
  const plain = { socketUrl: null, rootKey: null, pairingNumber: null };
  it.each<[string, Readonly<Record<string, string>>, object | null]>([
    ['none', {}, null],
    ['on', { WHATSAPP_WEB: 'on' }, plain],
    ['not on', { WHATSAPP_PAIRING_NUMBER: '6281200000001' }, null],
    [
      'a number that asks for a code',
      { WHATSAPP_WEB: 'on', WHATSAPP_PAIRING_NUMBER: '+62 812-0000-0001' },
      { ...plain, pairingNumber: '6281200000001' },
    ],
    [
      'a double',
      { WHATSAPP_WEB: 'on', WHATSAPP_WEB_SOCKET_URL: socketUrl, WHATSAPP_WEB_ROOT_KEY: rootKey },
      { ...plain, socketUrl, rootKey },
    ],
  ])('are read: %s', (_name, env, whatsappWeb) => {
    expect(readConfig(env).whatsappWeb).toEqual(whatsappWeb);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['another word', { WHATSAPP_WEB: 'yes' }, 'WHATSAPP_WEB'],
    ['an open socket', { WHATSAPP_WEB_SOCKET_URL: 'ws://contoh.test/ws' }, 'WHATSAPP_WEB_SOCKET_URL'],
    [
      'another root at WhatsApp itself',
      { WHATSAPP_WEB: 'on', WHATSAPP_WEB_ROOT_KEY: rootKey },
      'WHATSAPP_WEB_ROOT_KEY',
    ],
    [
      'another root at another server',
      { WHATSAPP_WEB: 'on', WHATSAPP_WEB_SOCKET_URL: 'wss://contoh.test/ws', WHATSAPP_WEB_ROOT_KEY: rootKey },
      'WHATSAPP_WEB_ROOT_KEY',
    ],
    [
      'a short root',
      { WHATSAPP_WEB_SOCKET_URL: socketUrl, WHATSAPP_WEB_ROOT_KEY: 'AAAA' },
      'WHATSAPP_WEB_ROOT_KEY',
    ],
    ['a number with a zero in front', { WHATSAPP_PAIRING_NUMBER: '081200000001' }, 'WHATSAPP_PAIRING_NUMBER'],
    ['a bent clock', { WHATSAPP_WEB: 'on', TEST_CLOCK: '1000' }, 'TEST_CLOCK'],
    [
      'bent times beside a double of the other channel',
      {
        WHATSAPP_WEB: 'on',
        TELEGRAM_BOT_TOKEN: token,
        TELEGRAM_API_ROOT: double,
        TEST_PROFILE: '{"sweepMs":200}',
      },
      'TEST_PROFILE',
    ],
  ])('are refused in one line that names the setting: %s', (_name, env, setting) => {
    expect(() => readConfig(env)).toThrow(new RegExp(`^${setting}: .+$`));
  });
});
