import {
  isJidGroup,
  type MessageUserReceiptUpdate,
  proto,
  type WAMessage,
  type WAMessageKey,
  type WAMessageUpdate,
} from '@whiskeysockets/baileys';
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
  return messages.flatMap(({ key, status, userReceipt }) => [
    ...reportOf(key, status, nowS),
    ...(userReceipt?.length ? arrivedInGroup(key, nowS) : []),
  ]);
}

/** The same of messages in groups: one has arrived once the phone of anybody there has it; who read it is not told. */
export function groupReportsOf(updates: readonly MessageUserReceiptUpdate[], nowS: number): Report[] {
  return updates.flatMap(({ key, receipt }) =>
    arrivedInGroup(key, Number(receipt.receiptTimestamp ?? receipt.readTimestamp ?? nowS)),
  );
}

function arrivedInGroup({ fromMe, id, remoteJid }: WAMessageKey, at: number): Report[] {
  return fromMe && id && isJidGroup(remoteJid ?? undefined) ? [{ id, kind: 'delivered', at }] : [];
}

function reportOf(
  { fromMe, id }: WAMessageKey,
  status: WAMessage['status'] | undefined,
  at: number,
): Report[] {
  if (!fromMe || !id || !status || status < Status.DELIVERY_ACK) return [];
  return [{ id, kind: status >= Status.READ ? 'read' : 'delivered', at }];
}
