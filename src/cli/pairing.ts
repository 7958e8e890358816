import { renderUnicodeCompact } from 'uqr';
import type { Pairing, Status, WhatsAppStore } from '../channels/whatsapp-web/port.js';

/** What is to be done on the phone, as lines for a terminal: a QR code to scan, or a code to type. */
export function pairingText({ kind, text }: Pairing): string {
  const where = 'On the phone: WhatsApp, the menu, linked devices, link a device';
  if (kind === 'code')
    return `${where}, link with phone number instead, and type ${text.slice(0, 4)}-${text.slice(4)}`;
  return `${renderUnicodeCompact(text)}\n${where}, and scan this. It changes every few seconds.`;
}

/** `sapa whatsapp connect`: lets a number that was stopped begin again. */
export async function connectWhatsApp(
  store: Pick<WhatsAppStore, 'ask' | 'status'>,
  print: (line: string) => void,
): Promise<void> {
  const before: Status = await store.status();
  await store.ask();
  print(
    before.state === 'stopped'
      ? 'A running Sapa connects again within seconds. If the number must be linked, open /whatsapp/pair on this computer.'
      : 'The number was not stopped; nothing was changed. How it is: sapa doctor',
  );
}
