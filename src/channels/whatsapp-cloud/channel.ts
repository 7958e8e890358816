import type { ApprovedText } from '../../flow/approved.js';
import { channelCapabilities } from '../../flow/capabilities.js';
import type { Channel, Listener, Webhook } from '../contract.js';
import { Allowance } from '../contract-allowance.js';
import { examineClock } from '../contract-clock.js';
import { type ApiOptions, createApi } from './api.js';
import { Condition, hookPath } from './condition.js';
import { createDoor } from './door.js';
import { pairLimits } from './faults.js';
import { fetchFile } from './files.js';
import { answerHook, type HookOptions } from './hook.js';
import { cloudPace } from './pace.js';
import { Receiving } from './receiving.js';
import { send } from './send.js';
import { examineVersion } from './version.js';

/** How a number on the Cloud API is run. */
export interface CloudOptions extends ApiOptions, Pick<HookOptions, 'appSecret' | 'verifyToken' | 'onFault'> {
  /** What may be said to who has not written for a day. */
  readonly approved: readonly ApprovedText[];
  readonly now: () => Date;
}

/** A number on the WhatsApp Cloud API, by the platform's own HTTP client. */
export function createWhatsAppCloud(options: CloudOptions): Channel {
  const { phoneId, approved, now } = options;
  const api = createApi(options);
  const account = `whatsapp-cloud-${phoneId}`;
  const hearing = new Hearing(options, account);
  const condition = new Condition(api, now);
  const onStopped = (code: string) => condition.stopped(code);
  const sending = { api, allowance: new Allowance(pairLimits), approved, now, onStopped };
  return {
    name: 'whatsapp-cloud',
    account,
    simulator: false,
    capabilities: channelCapabilities['whatsapp-cloud'],
    // 80 a second for all that the number sends: broadcasts take 75 of them, eight on their way at once.
    pace: cloudPace,
    sameIdIsOneMessage: false,
    asksOfPeople: true,
    webhook: hearing.webhook,
    open: (listener) => hearing.open(listener),
    send: (parcel, signal) => send(sending, parcel, signal),
    fetch: (ref, limitBytes) => fetchFile(api, ref, limitBytes),
    health: () => condition.health(),
    examine: () => Promise.all([examineClock(api.server, 'WhatsApp', now), examineVersion(api)]),
    door: createDoor(api),
    close: () => hearing.close(),
  };
}

/** The receiving side of a number: open at most once. */
class Hearing {
  readonly webhook: Webhook;
  readonly #options: CloudOptions;
  readonly #account: string;
  #receiving: Receiving | null = null;
  #closed = false;

  constructor(options: CloudOptions, account: string) {
    this.#options = options;
    this.#account = account;
    const take = () => this.#take();
    this.webhook = { path: hookPath, answer: (request) => answerHook({ ...options, take }, request) };
  }

  async open(listener: Listener): Promise<void> {
    const { now } = this.#options;
    this.#receiving = new Receiving({ account: this.#account, now, listener });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#receiving?.drain();
  }

  #take(): ReturnType<HookOptions['take']> {
    const receiving = this.#receiving;
    return receiving === null || this.#closed ? null : (notices) => receiving.take(notices);
  }
}
