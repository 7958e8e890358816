import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Channel, InboundMessage, Listener, Ownership, Receiver } from '../../src/channels/contract.js';

/** A file as a person sees it, with the text under it. */
export interface ShownFile {
  readonly kind: 'photo' | 'document';
  readonly text: string;
  readonly name: string | null;
  readonly bytes: Uint8Array;
}

/** A channel with the other end of the wire in the hands of the test. */
export interface ChannelWorld {
  readonly channel: Channel;
  /** Makes an address the provider knows. */
  newAddress(): Promise<string>;
  /** The person writes; the same message id is the same message. */
  personSays(address: string, messageId: string, text: string): Promise<void>;
  /** The person sends a file, without a word. */
  personSends(
    address: string,
    messageId: string,
    file: { readonly name: string; readonly bytes: Uint8Array },
  ): Promise<void>;
  /** The photos and documents the bot has shown to this person, in order; a name only where the provider keeps it. */
  files(address: string): Promise<readonly ShownFile[]>;
  /** The texts the bot has shown to this person, in order. */
  shown(address: string): Promise<readonly string[]>;
  end(): Promise<void>;
}

interface Gate {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function gateOf(): Gate {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const ignore = async (): Promise<void> => {};

/** Listens to messages and to nothing else. */
export function hearing(message: Receiver): Listener {
  return { message, receipt: ignore, standing: ignore, preference: ignore, moved: ignore };
}

/** For tests of one process: it owns everything at once. */
export const alone: Ownership = {
  own(_name, work) {
    const end = new AbortController();
    const done = work(end.signal);
    return {
      close: () => {
        end.abort();
        return done;
      },
    };
  },
};

const never = new AbortController().signal;

const noise = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256);
/** By their first bytes a photo and a PDF; the rest is nobody's affair. */
const photo = {
  kind: 'photo',
  mime: 'image/jpeg',
  name: 'foto.jpg',
  bytes: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), noise]),
} as const;
const pdf = {
  kind: 'document',
  mime: 'application/pdf',
  name: 'SK 2015 – contoh.pdf',
  bytes: Buffer.concat([Buffer.from('%PDF-1.7\n'), noise]),
} as const;

/** What every channel must do; each channel runs this same suite. */
export function channelContract(name: string, factory: () => Promise<ChannelWorld>): void {
  describe(`${name} keeps the channel contract`, () => {
    let world: ChannelWorld;
    let received: InboundMessage[];
    const keep: Receiver = async (message) => void received.push(message);
    const open = (receiver: Receiver) => world.channel.open(hearing(receiver));
    const texts = (address: string) =>
      received
        .filter((m) => m.address === address)
        .map((m) => (m.content.kind === 'text' ? m.content.text : ''));
    const send = (address: string, id: string, text: string) =>
      world.channel.send({ id, address, message: { text, buttons: [] } }, never);

    beforeEach(async () => {
      received = [];
      world = await factory();
    });
    afterEach(async () => {
      await world.channel.close();
      await world.end();
    });

    it('hands over what was written before and after it opened, in order', async () => {
      const address = await world.newAddress();
      await world.personSays(address, randomUUID(), 'satu');
      await open(keep);
      for (const text of ['dua', 'tiga', 'empat']) await world.personSays(address, randomUUID(), text);
      await vi.waitFor(() => expect(texts(address)).toEqual(['satu', 'dua', 'tiga', 'empat']), 5_000);
    });

    it('takes a message repeated by the provider under one dedupe key', async () => {
      const address = await world.newAddress();
      const messageId = randomUUID();
      await open(keep);
      await world.personSays(address, messageId, 'sekali');
      await world.personSays(address, messageId, 'sekali');
      await world.personSays(address, randomUUID(), 'lalu');
      await vi.waitFor(() => expect(texts(address).at(-1)).toBe('lalu'), 5_000);
      expect(new Set(received.map((m) => m.dedupeKey)).size).toBe(2);
    });

    it('hands a message over again until it is taken, before any later one', async () => {
      const address = await world.newAddress();
      let refusals = 2;
      await open(async (message) => {
        if (refusals-- > 0) throw new Error('not stored');
        received.push(message);
      });
      await world.personSays(address, randomUUID(), 'satu');
      await world.personSays(address, randomUUID(), 'dua');
      await vi.waitFor(() => expect(texts(address)).toEqual(['satu', 'dua']), 10_000);
    });

    it('hands a file over without its bytes, which can be fetched as often as asked, up to a limit', async () => {
      const address = await world.newAddress();
      const bytes = Uint8Array.from({ length: 3000 }, (_, at) => at % 256);
      await open(keep);
      await world.personSends(address, randomUUID(), { name: 'sk.jpg', bytes });
      const content = await vi.waitFor(() => received[0]?.content ?? expect.fail('nothing came'), 5_000);
      if (content.kind !== 'file') return expect.fail('no file came');
      expect(content.name).toBe('sk.jpg');
      // Some providers say how large it is only when it is fetched.
      expect([3000, null]).toContain(content.size);
      expect(JSON.parse(JSON.stringify(content))).toEqual(content);
      for (const _ of ['once', 'again']) {
        const fetched = await world.channel.fetch(content.ref, 3000);
        expect(typeof fetched === 'string' ? fetched : Buffer.from(fetched)).toEqual(Buffer.from(bytes));
      }
      expect(await world.channel.fetch(content.ref, 2999)).toBe('too-large');
      expect(await world.channel.fetch(randomUUID(), 3000)).toBe('gone');
    });

    it('serves other people while one waits', async () => {
      const [slow, quick] = [await world.newAddress(), await world.newAddress()];
      const gate = gateOf();
      await open(async (message) => {
        if (message.address === slow) await gate.promise;
        received.push(message);
      });
      await world.personSays(slow, randomUUID(), 'lambat');
      await world.personSays(quick, randomUUID(), 'cepat');
      await vi.waitFor(() => expect(texts(quick)).toEqual(['cepat']), 5_000);
      expect(texts(slow)).toEqual([]);
      gate.resolve();
      await vi.waitFor(() => expect(texts(slow)).toEqual(['lambat']), 5_000);
    });

    it('sends and says under which id the provider took it', async () => {
      const address = await world.newAddress();
      const accepted = await send(address, randomUUID(), 'Selamat pagi.');
      expect(accepted.providerId).not.toBe('');
      expect(await world.shown(address)).toEqual(['Selamat pagi.']);
    });

    it.each([photo, pdf])('a message with a $kind arrives whole, with the words under it', async (file) => {
      const address = await world.newAddress();
      const message = { text: 'Ini contohnya.', buttons: [] };
      const accepted = await world.channel.send({ id: randomUUID(), address, message, file }, never);
      expect(accepted.providerId).not.toBe('');
      const [shown, ...others] = await world.files(address);
      if (shown === undefined) return expect.fail('no file was shown');
      expect([shown.kind, shown.text, others]).toEqual([file.kind, 'Ini contohnya.', []]);
      expect([file.name, file.kind === 'photo' ? null : file.name]).toContain(shown.name);
      expect(Buffer.from(shown.bytes).equals(file.bytes)).toBe(true);
    });

    it('a file without a word is shown without one', async () => {
      const address = await world.newAddress();
      const file = photo;
      const message = { text: '', buttons: [] };
      await world.channel.send({ id: randomUUID(), address, message, file }, never);
      expect(await world.files(address)).toMatchObject([{ kind: 'photo', text: '' }]);
      expect(await world.shown(address)).toEqual(['']);
    });

    it('shows one message however often the same id is sent, when it says so', async () => {
      if (!world.channel.sameIdIsOneMessage) return;
      const address = await world.newAddress();
      const id = randomUUID();
      const first = await send(address, id, 'Halo.');
      expect(await send(address, id, 'Halo.')).toEqual(first);
      expect(await world.shown(address)).toEqual(['Halo.']);
      const file = photo;
      const message = { text: 'Foto.', buttons: [] };
      const parcel = { id: randomUUID(), address, message, file };
      expect(await world.channel.send(parcel, never)).toEqual(await world.channel.send(parcel, never));
      expect(await world.files(address)).toHaveLength(1);
    });

    it('finishes what it is handing over, then closes and hands over nothing more', async () => {
      const address = await world.newAddress();
      const [begun, gate] = [gateOf(), gateOf()];
      await open(async (message) => {
        begun.resolve();
        await gate.promise;
        received.push(message);
      });
      await world.personSays(address, randomUUID(), 'satu');
      await world.personSays(address, randomUUID(), 'dua');
      await begun.promise;
      const closing = world.channel.close();
      gate.resolve();
      await closing;
      await world.personSays(address, randomUUID(), 'tiga');
      expect(texts(address)).toEqual(['satu']);
    });
  });
}
