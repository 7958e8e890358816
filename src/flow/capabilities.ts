/** What a channel can show, and its limits; the checker, the renderer and the documentation read the same table. */
export interface Capabilities {
  readonly channel: string;
  /** Longest text of one message, in UTF-16 units as JavaScript counts. */
  readonly textLimit: number;
  /** Most buttons under one message; 0 means that choices are numbered text only. */
  readonly buttonLimit: number;
  /** Longest label of a button, in UTF-16 units. */
  readonly labelLimit: number;
}

/** Limits as the providers publish them: Telegram Bot API sendMessage 4,096 (callback data 64 bytes); WhatsApp Cloud 1,024 beside 3 buttons of 20; WhatsApp Web 65,536 and no buttons. */
export const channelCapabilities = {
  simulator: { channel: 'simulator', textLimit: 4096, buttonLimit: 10, labelLimit: 40 },
  telegram: { channel: 'telegram', textLimit: 4096, buttonLimit: 100, labelLimit: 40 },
  'whatsapp-web': { channel: 'whatsapp-web', textLimit: 65536, buttonLimit: 0, labelLimit: 0 },
  'whatsapp-cloud': { channel: 'whatsapp-cloud', textLimit: 1024, buttonLimit: 3, labelLimit: 20 },
} as const satisfies Readonly<Record<string, Capabilities>>;
