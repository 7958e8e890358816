import type { Outgoing } from './checks.js';
import { refuse } from './refusal.js';
import { hydrated, type Template } from './templates.js';

/** Who a person is to this business: a number, a user id, or both; and how they stand to it. */
export interface Profile {
  name: string;
  /** Null: never had one that the business may see. */
  waId: string | null;
  userId: string | null;
  /** The number is kept from the business. */
  hidesNumber: boolean;
  standing: 'open' | 'undeliverable';
  takesMarketing: boolean;
  /** When the person last wrote, in milliseconds; null: never. */
  wroteAt: number | null;
  readonly screen: Shown[];
}

/** A message as the phone of a person shows it. */
export interface Shown {
  readonly id: string;
  readonly text: string;
  readonly category: 'service' | 'utility' | 'marketing' | 'authentication';
  readonly taps: readonly {
    readonly title: string;
    readonly id: string;
    readonly kind: 'button' | 'row' | 'template';
  }[];
  readonly asksForPlace: boolean;
  /** The photo or document above the text. */
  readonly file: {
    readonly kind: 'photo' | 'document';
    readonly name: string | null;
    readonly bytes: Uint8Array;
  } | null;
  /** What the business wants back with each status. */
  readonly opaque: string | null;
  readonly profile: Profile;
}

/** A file the service keeps. */
export interface StoredFile {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** What the service says it weighs; a test may claim more than is there. */
  readonly size: number;
  /** What an upload said that it is; null: a person sent it. */
  readonly mime: string | null;
}

const windowMs = 24 * 3_600_000;

/** Everything the service remembers of one number. */
export class World {
  readonly now: () => number;
  readonly #people: Profile[] = [];
  readonly files = new Map<string, StoredFile>();
  readonly templates: Template[] = [];
  /** What was accepted, in order, over all people. */
  readonly accepted: Shown[] = [];
  readonly #found = new Map<string, Profile>();
  readonly #limit: (person: string) => void;
  #ids = 0;

  constructor(now: () => number, limit: (person: string) => void) {
    this.now = now;
    this.#limit = limit;
  }

  /** As Meta's: the recipient's number in it, for all to read. */
  wamid(profile: Profile): string {
    this.#ids += 1;
    const inside = `\x1d\x06\x0b${profile.waId ?? profile.userId}\x15\x02\x00\x11${String(this.#ids).padStart(20, '0')}`;
    return `wamid.${Buffer.from(inside).toString('base64')}`;
  }

  keep(bytes: Uint8Array, size = bytes.length, mime: string | null = null): StoredFile {
    this.#ids += 1;
    const file = { id: `99${String(this.#ids).padStart(14, '0')}`, bytes, size, mime };
    this.files.set(file.id, file);
    return file;
  }

  /** Whom an address is, which may change: who was found before is looked at first. */
  find(address: string): Profile | undefined {
    const isCalled = ({ waId, userId }: Profile) => waId === address || userId === address;
    const known = this.#found.get(address);
    return known !== undefined && isCalled(known) ? known : this.#people.find(isCalled);
  }

  /** Takes a person in. */
  add(profile: Profile): void {
    this.#people.push(profile);
    for (const name of [profile.waId, profile.userId]) if (name !== null) this.#found.set(name, profile);
  }

  /** How many people there are. */
  get size(): number {
    return this.#people.length;
  }

  /** Takes a message over, or refuses it. Whether it arrives is told later. */
  accept(message: Outgoing): Shown {
    const profile = this.find(message.to ?? message.recipient ?? '');
    if (profile === undefined) throw refuse(131026, 'Message undeliverable.');
    if (profile.standing === 'undeliverable') throw refuse(131026, 'Message undeliverable.');
    const shown = this.#shownTo(profile, message);
    this.#checkWindow(profile, shown);
    this.#limit(profile.userId ?? profile.waId ?? '');
    profile.screen.push(shown);
    this.accepted.push(shown);
    return shown;
  }

  #checkWindow({ wroteAt, takesMarketing }: Profile, { category }: Shown): void {
    if (category === 'marketing' && !takesMarketing)
      throw refuse(131050, 'The recipient has stopped marketing messages of this number.');
    const isOpen = wroteAt !== null && this.now() - wroteAt < windowMs;
    if (category === 'service' && !isOpen)
      throw refuse(131047, 'More than 24 hours have passed since the recipient last replied.');
  }

  /** A message with a file that was uploaded before. */
  #media(kind: 'photo' | 'document', media: SentMedia) {
    const file = this.files.get(media.id);
    if (file === undefined) throw refuse(100, `Object with ID '${media.id}' does not exist.`, 33);
    const types: readonly (string | null)[] = mediaTypes[kind];
    if (!types.includes(file.mime)) throw refuse(131053, 'Media upload error.');
    return { ...plain(media.caption ?? ''), file: { kind, name: media.filename ?? null, bytes: file.bytes } };
  }

  #shownTo(profile: Profile, message: Outgoing): Shown {
    const own = { id: this.wamid(profile), opaque: message.biz_opaque_callback_data ?? null, profile };
    if (message.type === 'text') return { ...own, ...plain(message.text.body) };
    if (message.type === 'image') return { ...own, ...this.#media('photo', message.image) };
    if (message.type === 'document') return { ...own, ...this.#media('document', message.document) };
    if (message.type === 'template') return { ...own, ...templated(message.template, this.templates) };
    const { interactive } = message;
    const shown = { ...own, ...plain(interactive.body.text) };
    if (interactive.type === 'location_request_message') return { ...shown, asksForPlace: true };
    if (interactive.type === 'button') {
      const taps = interactive.action.buttons.map(({ reply }) => ({ ...reply, kind: 'button' as const }));
      return { ...shown, taps };
    }
    const rows = interactive.action.sections.flatMap((section) => section.rows);
    return { ...shown, taps: rows.map(({ id, title }) => ({ id, title, kind: 'row' as const })) };
  }
}

interface SentMedia {
  readonly id: string;
  readonly caption?: string | undefined;
  readonly filename?: string | undefined;
}

/** What each kind of message may hold (Cloud API, "Supported media types"). */
const mediaTypes = {
  photo: ['image/jpeg', 'image/png'],
  document: [
    'application/pdf',
    'text/plain',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

function plain(text: string): Pick<Shown, 'text' | 'category' | 'taps' | 'asksForPlace' | 'file'> {
  return { text, category: 'service', taps: [], asksForPlace: false, file: null };
}

const categories = { UTILITY: 'utility', MARKETING: 'marketing', AUTHENTICATION: 'authentication' } as const;

function templated(sent: Extract<Outgoing, { type: 'template' }>['template'], known: readonly Template[]) {
  const { template, text } = hydrated(sent, known);
  const payloads = sent.components.flatMap((one) =>
    one.type === 'button' ? [[Number(one.index), one.parameters[0]?.payload ?? ''] as const] : [],
  );
  const given = new Map(payloads);
  const taps = template.buttons.map((title, at) => ({
    title,
    id: given.get(at) ?? title,
    kind: 'template' as const,
  }));
  return { ...plain(text), category: categories[template.category], taps };
}
