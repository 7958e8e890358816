import { proto, type WAMessage, type WAMessageKey, type WAMessageUpdate } from '@whiskeysockets/baileys';
import type { Report } from './protocol.js';

const { Status } = proto.WebMessageInfo;

/** How far messages of ours got, from what the client says has changed. */
export function reportsOf(updates: readonly WAMessageUpdate[], nowS: number): Report[] {
  return updates.flatMap(({ key, update }) =>
    reportOf(key, update.status, Number(update.messageTimestamp ?? nowS)),
  );
}

/** The same from messages of our own: the client folds a status into them when both come at once. */
export function foldedReports(messages: readonly WAMessage[], nowS: number): Report[] {
  return messages.flatMap(({ key, status }) => reportOf(key, status, nowS));
}

function reportOf(
  { fromMe, id }: WAMessageKey,
  status: WAMessage['status'] | undefined,
  at: number,
): Report[] {
  if (!fromMe || !id || !status || status < Status.DELIVERY_ACK) return [];
  return [{ id, kind: status >= Status.READ ? 'read' : 'delivered', at }];
}
