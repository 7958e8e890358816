/**
 * What can be tapped under or beside a message. Labels are counted in UTF-16 units, what comes back when one is tapped in
 * bytes of UTF-8.
 */
export interface Picker {
  readonly most: number;
  readonly label: number;
  readonly payloadBytes: number;
}

/** What of a kind of file can be sent: its MIME types (null: any), and the largest one in bytes. */
export interface Carrying {
  readonly types: readonly string[] | null;
  readonly bytes: number;
}

/**
 * What a channel can show and take in, and its limits: one row of the table that the checks, the renderer, the turn and
 * docs/channels-limits.md read. Texts are counted in UTF-16 units as JavaScript does; no provider counts a text longer than
 * that, so what fits here fits there.
 */
export interface Capabilities {
  readonly channel: string;
  /** What people call it. */
  readonly title: string;
  /** Longest text of a message that has nothing to tap. */
  readonly textLimit: number;
  /** Longest text of a message with buttons or a list. */
  readonly promptLimit: number;
  /** Buttons under a message; null where there are none. */
  readonly buttons: Picker | null;
  /** A list that opens, for more choices than there may be buttons; null where there is none. */
  readonly list: Picker | null;
  /** How `*bold*` is sent: as it stands, or as marks that the channel wants beside or around the text in its own way. */
  readonly bold: 'as it stands' | 'in its own way';
  /** Largest photo and other file that can be fetched from a person's message, in bytes; null where none is published. */
  readonly photoBytes: number | null;
  readonly fileBytes: number | null;
  /** What is sent as a photo, which is shown in the chat, and what as a document, which is opened. */
  readonly photos: Carrying;
  readonly documents: Carrying;
  /** Longest text under a photo or a document. */
  readonly captionLimit: number;
  /** Whether there is a button that sends the person's own number, as proof, or the place where they are. */
  readonly numberButton: boolean;
  readonly placeButton: boolean;
}

/** What a workbook (.xlsx) is called among files. */
export const workbookMime = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const megabyte = 1024 * 1024;
/** What every phone shows in the chat. */
const shown = ['image/jpeg', 'image/png'] as const;

/** The limits as the providers publish them; each with its source. */
export const channelCapabilities = {
  // Our own: as Telegram, so that what is tried in it can be sent.
  simulator: {
    channel: 'simulator',
    title: 'Simulator',
    textLimit: 4096,
    promptLimit: 4096,
    buttons: { most: 10, label: 40, payloadBytes: 64 },
    list: null,
    bold: 'as it stands',
    photoBytes: 20 * megabyte,
    fileBytes: 20 * megabyte,
    photos: { types: [...shown, 'image/webp'], bytes: 10 * megabyte },
    documents: { types: null, bytes: 50 * megabyte },
    captionLimit: 1024,
    numberButton: false,
    placeButton: false,
  },
  telegram: {
    channel: 'telegram',
    title: 'Telegram',
    // Bot API 10.1, sendMessage: 1–4096 characters after entities are parsed, with and without a keyboard.
    textLimit: 4096,
    promptLimit: 4096,
    // InlineKeyboardButton.callback_data: 1–64 bytes. Number and label are not published: 100 is what is known to be
    // accepted, 40 what a narrow phone shows of a label.
    buttons: { most: 100, label: 40, payloadBytes: 64 },
    list: null,
    // sendMessage, parse_mode and entities: stars mark nothing unless they are asked to.
    bold: 'in its own way',
    // getFile: 20 MB (a Bot API server of one's own raises it).
    photoBytes: 20 * megabyte,
    fileBytes: 20 * megabyte,
    // sendPhoto: 10 MB; sendDocument: 50 MB, files of any type; caption: 0–1024 characters after entities are parsed.
    photos: { types: [...shown, 'image/webp'], bytes: 10 * megabyte },
    documents: { types: null, bytes: 50 * megabyte },
    captionLimit: 1024,
    // KeyboardButton.request_contact and request_location, in private chats.
    numberButton: true,
    placeButton: true,
  },
  'whatsapp-web': {
    channel: 'whatsapp-web',
    title: 'WhatsApp',
    // Not published: 65,536 is what the phone app lets a person type.
    textLimit: 65536,
    promptLimit: 65536,
    // Baileys took buttons and lists out (its PR 956): numbered text is what works.
    buttons: null,
    list: null,
    bold: 'as it stands',
    photoBytes: null,
    fileBytes: null,
    // Not published: its server says 100 MB of whatever is uploaded (media_conn); photos and captions as on the Cloud API.
    photos: { types: shown, bytes: 5 * megabyte },
    documents: { types: null, bytes: 100 * megabyte },
    captionLimit: 1024,
    numberButton: false,
    placeButton: false,
  },
  'whatsapp-cloud': {
    channel: 'whatsapp-cloud',
    title: 'WhatsApp',
    // business-messaging-api_v23.0.yaml: text 4096; body of an interactive message 1024.
    textLimit: 4096,
    promptLimit: 1024,
    // The same: at most 3 reply buttons, title 20, id 256.
    buttons: { most: 3, label: 20, payloadBytes: 256 },
    // The same: at most 10 rows in all sections, row title 24, row id 200.
    list: { most: 10, label: 24, payloadBytes: 200 },
    bold: 'as it stands',
    // Cloud API, supported media types: images 5 MB, documents 100 MB.
    photoBytes: 5 * megabyte,
    fileBytes: 100 * megabyte,
    // The same: what each kind may be. Of the documents only what we take, and what we write ourselves. business-messaging-api_v23.0.yaml: caption 1024.
    photos: { types: shown, bytes: 5 * megabyte },
    documents: { types: ['application/pdf', 'text/plain', workbookMime], bytes: 100 * megabyte },
    captionLimit: 1024,
    numberButton: false,
    // The same file: an interactive message of type location_request_message.
    placeButton: true,
  },
} as const satisfies Readonly<Record<string, Capabilities>>;

/** What people call a channel. */
export function titleOfChannel(channel: string): string {
  return Object.values(channelCapabilities).find((one) => one.channel === channel)?.title ?? channel;
}
