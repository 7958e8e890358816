import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';

const token = `990000001:${'x'.repeat(35)}`;
const secret = 'contoh-rahasia_1';
const url = 'https://contoh.test/telegram/webhook';
const double = 'http://127.0.0.1:9';

describe('the data folder', () => {
  it.each([
    ['none', '', resolve('data')],
    ['one below the project', './elsewhere/', resolve('elsewhere')],
    ['one beside the project', '../beside', resolve('../beside')],
    ['one anywhere', '/srv/sapa', '/srv/sapa'],
  ])('is the same wherever a command is given: %s', (_name, DATA_DIR, dataDir) => {
    const here = process.cwd();
    process.chdir('flows');
    onTestFinished(() => process.chdir(here));
    expect(readConfig({ DATA_DIR }).dataDir).toBe(dataDir);
  });
});

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

describe('the settings of the Cloud API', () => {
  const all = {
    WHATSAPP_CLOUD_TOKEN: `EAAcontoh${'x'.repeat(40)}`,
    WHATSAPP_CLOUD_PHONE_ID: '990000000000001',
    WHATSAPP_CLOUD_APP_SECRET: 'ab'.repeat(16),
    WHATSAPP_CLOUD_VERIFY_TOKEN: secret,
  };
  const settings = {
    token: all.WHATSAPP_CLOUD_TOKEN,
    phoneId: all.WHATSAPP_CLOUD_PHONE_ID,
    appSecret: all.WHATSAPP_CLOUD_APP_SECRET,
    verifyToken: secret,
  };

  it.each<[string, Readonly<Record<string, string>>, object | null]>([
    ['none', {}, null],
    ['nothing but a place', { WHATSAPP_CLOUD_API_ROOT: double }, null],
    ['all', all, { ...settings, root: null }],
    ['a double', { ...all, WHATSAPP_CLOUD_API_ROOT: `${double}/` }, { ...settings, root: double }],
  ])('are read: %s', (_name, env, expected) => {
    expect(readConfig(env).whatsappCloud).toEqual(expected);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ...Object.keys(all).map((name): [string, Readonly<Record<string, string>>, string] => [
      `no ${name}`,
      { ...all, [name]: '' },
      name,
    ]),
    [
      'the phone number itself',
      { ...all, WHATSAPP_CLOUD_PHONE_ID: '+6281200090000' },
      'WHATSAPP_CLOUD_PHONE_ID',
    ],
    [
      'a token with a blank',
      { ...all, WHATSAPP_CLOUD_TOKEN: `${all.WHATSAPP_CLOUD_TOKEN} ` },
      'WHATSAPP_CLOUD_TOKEN',
    ],
    ['half a secret', { ...all, WHATSAPP_CLOUD_APP_SECRET: 'ab'.repeat(8) }, 'WHATSAPP_CLOUD_APP_SECRET'],
    [
      'a word anybody guesses',
      { ...all, WHATSAPP_CLOUD_VERIFY_TOKEN: 'sapa' },
      'WHATSAPP_CLOUD_VERIFY_TOKEN',
    ],
    ['an open API', { ...all, WHATSAPP_CLOUD_API_ROOT: 'http://contoh.test' }, 'WHATSAPP_CLOUD_API_ROOT'],
    ['a bent clock', { ...all, TEST_CLOCK: '1000' }, 'TEST_CLOCK'],
    [
      'a bent clock beside a double of another',
      { ...all, TELEGRAM_API_ROOT: double, TEST_CLOCK: '1000' },
      'TEST_CLOCK',
    ],
  ])('are refused in one line that names the setting and not its value: %s', (_name, env, setting) => {
    const read = () => readConfig(env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${setting}: .+$`));
    for (const value of [all.WHATSAPP_CLOUD_TOKEN, all.WHATSAPP_CLOUD_APP_SECRET, secret])
      expect(read).not.toThrow(value);
  });

  it('may bend time where everything is a double', () => {
    const env = { ...all, WHATSAPP_CLOUD_API_ROOT: double, TEST_CLOCK: '1000' };
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
