import {
  type AuthenticationCreds,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from '@whiskeysockets/baileys';
import type { KeyChange } from './port.js';
import { childAsks } from './protocol.js';
import type { Wire } from './wire.js';

/** Reads credentials that `credsChange` wrote; new ones when there are none. */
export function readCreds(text: string | null): AuthenticationCreds {
  // What was written by this function's counterpart, sealed since: its shape is the client library's own.
  return text === null ? initAuthCreds() : (JSON.parse(text, BufferJSON.reviver) as AuthenticationCreds);
}

/** The credentials as something to keep. */
export function credsChange(creds: AuthenticationCreds): KeyChange {
  return { kind: 'creds', id: '', value: JSON.stringify(creds, BufferJSON.replacer) };
}

/**
 * The keys of conversations, kept by the parent: any kind there is, all changes of one call together. A write that fails is an
 * error here too, so that the client tries it again.
 */
export function keyStore(wire: Pick<Wire, 'ask'>): SignalKeyStore {
  return {
    async get<Kind extends keyof SignalDataTypeMap>(kind: Kind, ids: string[]) {
      const found = await wire.ask(childAsks.read, { kind, ids });
      const entries = Object.entries(found).map(([id, text]) => [id, opened(kind, text)] as const);
      // As above: text that `set` wrote under the same kind.
      return Object.fromEntries(entries) as Record<string, SignalDataTypeMap[Kind]>;
    },
    async set(data) {
      await wire.ask(childAsks.write, changesOf(data));
    },
  };
}

function changesOf(data: SignalDataSet): KeyChange[] {
  return Object.entries(data).flatMap(([kind, items]) =>
    Object.entries(items ?? {}).map(([id, value]) => ({ kind, id, value: written(value) })),
  );
}

function written(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value, BufferJSON.replacer);
}

function opened(kind: string, text: string): unknown {
  const value: unknown = JSON.parse(text, BufferJSON.reviver);
  // The client wants this kind as an object of its own class.
  return kind === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(Object(value)) : value;
}
