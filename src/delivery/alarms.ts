import type { DeliveryStore } from '../store/deliveries.js';
import type { Outage } from './log.js';
import type { Outcome } from './outcome.js';

/** Raises what a person must look at; the text says the cause and the fix, and no one's data. */
export interface Alarms {
  raise(account: string, kind: NonNullable<Outcome['alarm']>, code: string | null): Promise<void>;
  clear(account: string, kind: NonNullable<Outcome['alarm']>): Promise<void>;
}

const texts: Readonly<Record<NonNullable<Outcome['alarm']>, (account: string, code: string) => string>> = {
  bug: (account, code) =>
    `Akun ${account} menolak pesan yang kami buat (${code}). Pesan itu tidak dikirim; laporkan kepada pengembang.`,
  'gave-up': (account, code) =>
    `Pesan lewat akun ${account} tidak pernah dipastikan terkirim (${code}). Periksa sambungan akun itu.`,
  stopped: (account, code) =>
    `Akun ${account} dihentikan oleh penyedianya (${code}). Periksa token atau nomor akun itu; pengiriman menunggu.`,
};

/** Alarms as rows; a raise that fails is repeated by the next one like it. */
export function createAlarms(
  store: Pick<DeliveryStore, 'raiseAlarm' | 'clearAlarm'>,
  now: () => Date,
  outage: Outage,
): Alarms {
  return {
    async raise(account, kind, code) {
      const text = texts[kind](account, code ?? kind);
      await store
        .raiseAlarm(`delivery-${kind}-${account}`, text, now())
        .catch((error) => outage.failed(error));
    },
    async clear(account, kind) {
      await store.clearAlarm(`delivery-${kind}-${account}`, now()).catch((error) => outage.failed(error));
    },
  };
}
