import type { Health } from '../contract.js';
import { askSeldom } from '../contract-asking.js';
import type { CloudApi, NumberInfo } from './api.js';
import { CloudError, codeOf } from './failure.js';
import { faultOf } from './faults.js';

/** The path of the webhook on our web server. */
export const hookPath = '/whatsapp/webhook';

/** What each reason to stop means for whoever looks after the machine. */
const troubles: Readonly<Record<string, readonly [what: string, mend: string]>> = {
  'token-refused': [
    'WhatsApp refuses the token: it is wrong, or has run out.',
    'Make a new one for the system user (without an end), set WHATSAPP_CLOUD_TOKEN and start Sapa again.',
  ],
  'no-permission': [
    'The token may not use this number.',
    'Give the system user the app and the WhatsApp account, and the token whatsapp_business_messaging and whatsapp_business_management.',
  ],
  'no-such-number': [
    'WhatsApp knows no number with this id, or the token may not see it.',
    'Copy the "Phone number ID" (not the phone number) into WHATSAPP_CLOUD_PHONE_ID and start Sapa again.',
  ],
  'number-not-registered': [
    'The number is not registered for the Cloud API.',
    'Register it in the WhatsApp Manager, with its PIN.',
  ],
  'name-not-approved': ['The name of the number is not approved yet.', 'Look in the WhatsApp Manager why.'],
  payment: ['WhatsApp wants to be paid.', 'Look after the payment method in the WhatsApp Manager.'],
  'account-locked': [
    'The WhatsApp account is locked.',
    'Look in the WhatsApp Manager why, and appeal there.',
  ],
  policy: [
    'The WhatsApp account is blocked for breaking a policy.',
    'Look in the WhatsApp Manager which one, and appeal there.',
  ],
};

type Trouble = Exclude<Health, { ok: true }>;

/** So long is nothing tried after the provider stopped the account: some of its reasons are seen only by sending. In milliseconds. */
const stoppedMs = 10 * 60_000;

/** How the number is: what the last message was stopped for, else what WhatsApp says when it is asked. */
export class Condition {
  readonly #ask: () => Promise<Health>;
  readonly #now: () => Date;
  #stopped: { readonly at: number; readonly trouble: Trouble } | null = null;

  constructor(api: Pick<CloudApi, 'number'>, now: () => Date) {
    this.#now = now;
    this.#ask = askSeldom(() => lookAt(api, now), now);
  }

  stopped(code: string): void {
    this.#stopped = { at: this.#now().getTime(), trouble: troubleFor(code) };
  }

  async health(): Promise<Health> {
    const stopped = this.#stopped;
    if (stopped !== null && this.#now().getTime() - stopped.at < stoppedMs) return stopped.trouble;
    return this.#ask();
  }
}

function troubleFor(code: string): Trouble {
  const [what, mend] = troubles[code] ?? [
    `WhatsApp lets the number send nothing (${code}).`,
    'Look in the WhatsApp Manager why.',
  ];
  return { ok: false, what, mend };
}

async function lookAt(api: Pick<CloudApi, 'number'>, now: () => Date): Promise<Health> {
  try {
    return healthOf(await api.number());
  } catch (error) {
    if (error instanceof CloudError) return troubleOf(error, now());
    throw error;
  }
}

function healthOf({ display, quality, status, webhook }: NumberInfo): Health {
  if (status !== null && status !== 'CONNECTED') {
    const what = `WhatsApp says that the number ${display} is ${status}.`;
    return { ok: false, what, mend: 'Look in the WhatsApp Manager what is asked for.' };
  }
  if (webhook === null) {
    const what = 'WhatsApp does not know where to hand messages over: no webhook is set.';
    return {
      ok: false,
      what,
      mend: `Set the https:// address of this server with ${hookPath} as callback URL of the app.`,
    };
  }
  if (!isOurs(webhook)) {
    const what = 'WhatsApp hands messages over to somebody else: the webhook of the app is not ours.';
    return { ok: false, what, mend: `Set a callback URL that ends in ${hookPath}.` };
  }
  return { ok: true, note: `the number ${display}, quality ${quality.toLowerCase()}` };
}

function isOurs(webhook: string): boolean {
  return URL.canParse(webhook) && new URL(webhook).pathname === hookPath;
}

function troubleOf({ failure }: CloudError, now: Date): Health {
  const fault = faultOf(failure, now);
  if (fault.kind === 'stopped') return troubleFor(fault.code);
  if (fault.kind === 'throttled' && failure.kind === 'refused') {
    const mend = 'Nothing is lost; Sapa waits and goes on.';
    return { ok: false, what: `WhatsApp asks to wait (${fault.code}).`, mend };
  }
  return {
    ok: false,
    what: `WhatsApp cannot be reached (${codeOf(failure)}).`,
    mend: 'Nothing is lost. Check the internet connection, the clock and WHATSAPP_CLOUD_API_ROOT.',
  };
}
