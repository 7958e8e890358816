import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { projectRoot } from './root.js';

/** The parts a process can play. */
export const roles = ['bot', 'worker', 'web'] as const;
/** One of those parts. */
export type Role = (typeof roles)[number];

/** A setting that cannot be used: which one, what is wrong, and how to mend it. One clear line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mend: string;

  constructor(setting: string, what: string, mend: string) {
    super(`${setting}: ${what}`);
    this.mend = mend;
  }
}

const roleList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.enum(roles)).min(1));

const profile = z.strictObject({
  leaseMs: z.number().int().positive().optional(),
  sweepMs: z.number().int().positive().optional(),
  windowRows: z.number().int().positive().optional(),
  stillMs: z.number().int().nonnegative().optional(),
  lookMs: z.number().int().positive().optional(),
  quietHours: z.enum(['observed', 'ignored']).optional(),
  /** Milliseconds in which a chat of Telegram is paid back one message. */
  telegramChatMs: z.number().int().nonnegative().optional(),
  whatsappWeb: z
    .strictObject({
      /** Between two broadcast messages; how long the bot seems to type; how long an answer of the server may take; between two tries. */
      gapMs: z.number().int().positive(),
      typingMs: z.number().int().nonnegative(),
      ackMs: z.number().int().positive(),
      retryMs: z.number().int().positive(),
      /** Broadcast messages a day. */
      dayCap: z.number().int().positive(),
    })
    .partial()
    .optional(),
});

/** An address of an outside service: over HTTPS, or on this computer. No slash at its end. */
const address = z
  .url()
  .refine((url) => url.startsWith('https://') || isLoopback(url))
  .transform((url) => url.replace(/\/+$/, ''));

/** Where WhatsApp Web is: over TLS, or a double on this computer. */
const socketAddress = z.url().refine((url) => url.startsWith('wss://') || isLoopback(url));

/** 32 bytes in base64. */
const key32 = z
  .string()
  .refine((text) => /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, 'base64').length === 32);

const settings = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .optional(),
  // From the project, not from where a command is given: there it would make another, empty database.
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .transform((dir) => resolve(projectRoot, dir)),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//)
    .optional(),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z
    .string()
    .default('127.0.0.1')
    .refine((host) => host === 'localhost' || isIP(host) > 0),
  ROLES: roleList.default([...roles]),
  DATA_KEY: key32.optional(),
  APPROVAL_ABOVE: z.coerce.number().int().min(0).max(1_000_000).default(50),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SIMULATOR: z.enum(['on', 'auto']).default('auto'),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d{3,}:[\w-]{20,}$/)
    .optional(),
  TELEGRAM_API_ROOT: address.optional(),
  TELEGRAM_WEBHOOK_URL: address.optional(),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{16,256}$/)
    .optional(),
  WHATSAPP_CLOUD_TOKEN: z
    .string()
    .regex(/^[\w|.-]{20,}$/)
    .optional(),
  WHATSAPP_CLOUD_PHONE_ID: z
    .string()
    .regex(/^\d{5,25}$/)
    .optional(),
  WHATSAPP_CLOUD_APP_SECRET: z
    .string()
    .regex(/^[0-9a-f]{32}$/i)
    .optional(),
  WHATSAPP_CLOUD_VERIFY_TOKEN: z
    .string()
    .regex(/^[\w-]{16,256}$/)
    .optional(),
  WHATSAPP_CLOUD_API_ROOT: address.optional(),
  WHATSAPP_WEB: z.enum(['on']).optional(),
  WHATSAPP_WEB_SOCKET_URL: socketAddress.optional(),
  WHATSAPP_WEB_ROOT_KEY: key32.optional(),
  WHATSAPP_PAIRING_NUMBER: z
    .string()
    .transform((text) => text.replace(/^\+|[ .-]/g, ''))
    .pipe(z.string().regex(/^[1-9]\d{7,14}$/))
    .optional(),
  TEST_CLOCK: z.coerce.number().int().optional(),
  TEST_PROFILE: z
    .string()
    .transform((text, context) => parseJson(text, context))
    .pipe(profile)
    .optional(),
});

/** A Telegram bot: whom it is, where its API is (null: Telegram's own), and where it is to be called (null: it fetches). */
export interface TelegramSettings {
  readonly token: string;
  readonly root: string | null;
  readonly webhook: { readonly url: string; readonly secret: string } | null;
}

/** A number on the WhatsApp Cloud API: what we may do as it, what calls of its provider are known by, and where its API is (null: Meta's). */
export interface CloudSettings {
  readonly token: string;
  readonly phoneId: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly root: string | null;
}

/**
 * A number on WhatsApp Web: where the service is (null: WhatsApp's own) and whom to trust there (null: WhatsApp), and the number, in
 * digits, that asks for a code to type instead of a QR code to scan.
 */
export interface WhatsAppWebSettings {
  readonly socketUrl: string | null;
  readonly rootKey: string | null;
  readonly pairingNumber: string | null;
}

/** Everything that can be set from outside, parsed once. `testClockMs` is added to the time of day. */
export interface Config {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly redisUrl: string | null;
  readonly port: number;
  readonly host: string;
  readonly roles: readonly Role[];
  readonly dataKey: string | null;
  /** More messages than this need a second person's yes. */
  readonly approvalAbove: number;
  readonly logLevel: string;
  readonly simulator: 'on' | 'auto';
  readonly telegram: TelegramSettings | null;
  readonly whatsappCloud: CloudSettings | null;
  readonly whatsappWeb: WhatsAppWebSettings | null;
  readonly testClockMs: number;
  readonly testProfile: TestProfile;
}

/** Times and caps a test may shorten. */
export type TestProfile = z.infer<typeof profile>;

const mends: Readonly<Record<string, string>> = {
  DATABASE_URL: 'Give postgresql://USER:PASSWORD@HOST/DATABASE, or leave it out for the embedded server.',
  DATA_DIR: 'Give a folder that may be written to, or leave it out for data in the folder of Sapa.',
  REDIS_URL: 'Give redis://HOST:PORT, or leave it out to queue in PostgreSQL.',
  PORT: 'Give a port from 0 to 65535.',
  HOST: 'Give an IP address of this machine, such as 127.0.0.1 or 0.0.0.0.',
  ROLES: 'Give one or more of bot,worker,web, with commas between.',
  DATA_KEY: 'Give 32 bytes in base64 (openssl rand -base64 32), or leave it out to keep a key in DATA_DIR.',
  APPROVAL_ABOVE: 'Give the number of messages above which a broadcast needs a second person, such as 50.',
  LOG_LEVEL: 'Give one of fatal, error, warn, info, debug, trace, silent.',
  SIMULATOR: 'Give on, or leave it out.',
  TELEGRAM_BOT_TOKEN: 'Give the token that @BotFather showed, such as 123456:ABC…, whole and without blanks.',
  TELEGRAM_API_ROOT: "Give the https:// address of a Bot API server, or leave it out for Telegram's own.",
  TELEGRAM_WEBHOOK_URL: 'Give the https:// address of /telegram/webhook, or leave it out to fetch messages.',
  TELEGRAM_WEBHOOK_SECRET: 'Give 16 to 256 letters, digits, _ or - (openssl rand -hex 32).',
  WHATSAPP_CLOUD_TOKEN: 'Give the access token of the system user, whole and without blanks.',
  WHATSAPP_CLOUD_PHONE_ID:
    'Give the "Phone number ID" of the number, digits only; it is not the phone number.',
  WHATSAPP_CLOUD_APP_SECRET: 'Give the "App secret" of the app (App settings, Basic): 32 letters and digits.',
  WHATSAPP_CLOUD_VERIFY_TOKEN:
    'Give 16 to 256 letters, digits, _ or - (openssl rand -hex 32), the same as in the app.',
  WHATSAPP_CLOUD_API_ROOT: "Give the https:// address of a Graph API, or leave it out for Meta's own.",
  WHATSAPP_WEB: 'Give on, or leave it out.',
  WHATSAPP_WEB_SOCKET_URL: "Leave it out for WhatsApp's own; a test gives ws:// on this computer.",
  WHATSAPP_WEB_ROOT_KEY:
    'Leave it out; a test gives the 32 bytes of its double in base64, with WHATSAPP_WEB_SOCKET_URL on this computer.',
  WHATSAPP_PAIRING_NUMBER:
    'Give the number with its country and without a zero in front, such as 6281200000001, or leave it out to scan a QR code.',
  TEST_CLOCK: 'Give a number of milliseconds; it is for tests only.',
  TEST_PROFILE: 'Give JSON such as {"sweepMs":200}; it is for tests only.',
};

/** Reads the settings. An empty value counts as absent. Throws `ConfigError` for the first one that is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  if (!parsed.success) throw wrongSetting(parsed.error);
  const { data } = parsed;
  const telegram = telegramSettings(data);
  const whatsappCloud = cloudSettings(data);
  const whatsappWeb = whatsAppWebSettings(data);
  refuseTesting(data, { telegram, whatsappCloud, whatsappWeb });
  return {
    databaseUrl: data.DATABASE_URL ?? null,
    dataDir: data.DATA_DIR,
    redisUrl: data.REDIS_URL ?? null,
    port: data.PORT,
    host: data.HOST,
    roles: data.ROLES,
    dataKey: data.DATA_KEY ?? null,
    approvalAbove: data.APPROVAL_ABOVE,
    logLevel: data.LOG_LEVEL,
    simulator: data.SIMULATOR,
    telegram,
    whatsappCloud,
    whatsappWeb,
    testClockMs: data.TEST_CLOCK ?? 0,
    testProfile: data.TEST_PROFILE ?? {},
  };
}

type Settings = z.infer<typeof settings>;

function telegramSettings(data: Settings): TelegramSettings | null {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret } = data;
  if (token === undefined) return null;
  const root = data.TELEGRAM_API_ROOT ?? null;
  if (url === undefined) return { token, root, webhook: null };
  if (secret !== undefined) return { token, root, webhook: { url, secret } };
  throw missing('TELEGRAM_WEBHOOK_SECRET', 'without it anybody could write in the name of members.');
}

const cloudNames = [
  'WHATSAPP_CLOUD_TOKEN',
  'WHATSAPP_CLOUD_PHONE_ID',
  'WHATSAPP_CLOUD_APP_SECRET',
  'WHATSAPP_CLOUD_VERIFY_TOKEN',
] as const;

/** All of them or none: a number that can send and not hear, or that anybody can speak for, is no use. */
function cloudSettings(data: Settings): CloudSettings | null {
  const [token, phoneId, appSecret, verifyToken] = cloudNames.map((name) => data[name]);
  const absent = cloudNames.find((name) => data[name] === undefined);
  if (token !== undefined && phoneId !== undefined && appSecret !== undefined && verifyToken !== undefined)
    return { token, phoneId, appSecret, verifyToken, root: data.WHATSAPP_CLOUD_API_ROOT ?? null };
  const given = cloudNames.find((name) => data[name] !== undefined);
  if (given === undefined || absent === undefined) return null;
  throw missing(absent, `${given} is set, and the WhatsApp Cloud API needs all four.`);
}

function whatsAppWebSettings(data: Settings): WhatsAppWebSettings | null {
  const { WHATSAPP_WEB_SOCKET_URL: socketUrl = null, WHATSAPP_WEB_ROOT_KEY: rootKey = null } = data;
  // Whoever could name the root of trust could read everything: only a double on this computer may have its own.
  if (rootKey !== null && !isLoopback(socketUrl ?? ''))
    throw new ConfigError(
      'WHATSAPP_WEB_ROOT_KEY',
      'this is for tests against a double on this computer only.',
      mends['WHATSAPP_WEB_ROOT_KEY'] ?? '',
    );
  if (data.WHATSAPP_WEB === undefined) return null;
  return { socketUrl, rootKey, pairingNumber: data.WHATSAPP_PAIRING_NUMBER ?? null };
}

/** What bends time is for doubles only: no person may be written to at night because of a test. */
function refuseTesting(
  data: Settings,
  { telegram, whatsappCloud, whatsappWeb }: Pick<Config, 'telegram' | 'whatsappCloud' | 'whatsappWeb'>,
): void {
  const bent = (['TEST_CLOCK', 'TEST_PROFILE'] as const).find((name) => data[name] !== undefined);
  const addresses = [
    ...(telegram === null ? [] : [{ setting: 'TELEGRAM_API_ROOT', url: telegram.root }]),
    ...(whatsappCloud === null ? [] : [{ setting: 'WHATSAPP_CLOUD_API_ROOT', url: whatsappCloud.root }]),
    ...(whatsappWeb === null ? [] : [{ setting: 'WHATSAPP_WEB_SOCKET_URL', url: whatsappWeb.socketUrl }]),
  ];
  const live = addresses.find(({ url }) => !isLoopback(url ?? ''));
  if (bent === undefined || live === undefined) return;
  throw new ConfigError(
    bent,
    'this is for tests, and a live channel is set up.',
    `Leave it out, or point ${live.setting} at a double on this computer.`,
  );
}

function missing(name: string, why: string): ConfigError {
  return new ConfigError(name, `this must be set: ${why}`, mends[name] ?? '');
}

/** Whether an address is on this computer. */
function isLoopback(url: string): boolean {
  return /^(?:http|ws):\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/.test(url);
}

function wrongSetting(error: z.ZodError): ConfigError {
  const name = String(error.issues[0]?.path[0] ?? 'settings');
  return new ConfigError(name, 'this value cannot be used.', mends[name] ?? 'See docs/operating.md.');
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
}
