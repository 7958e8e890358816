import { EventEmitter, on } from 'node:events';
import type { ParcelFile } from '../../../src/channels/contract.js';
import type {
  Bubble,
  ShownFile,
  SimulatorPerson,
  SimulatorPhones,
  SimulatorProvider,
  Wake,
} from '../../../src/channels/simulator/port.js';

/** The simulator's storage in memory, for tests of what stands on top of it. */
export function memorySimulator(): SimulatorPhones & SimulatorProvider {
  const people: SimulatorPerson[] = [];
  const bubbles: (Bubble & { readonly personId: string })[] = [];
  const confirmed = new Set<number>();
  const files = new Map<string, Uint8Array>();
  const news = new EventEmitter().setMaxListeners(0);
  const wakes = new Set<Wake>();

  const waiting = (personId: string) =>
    bubbles.filter((b) => b.personId === personId && !b.fromBot && !confirmed.has(b.id));
  const of = (personId: string) => bubbles.filter((b) => b.personId === personId);
  const add = (bubble: Bubble, personId: string) => {
    if (bubbles.some((b) => b.messageId === bubble.messageId)) return;
    bubbles.push({ ...bubble, personId });
    news.emit('news');
    if (!bubble.fromBot) for (const wake of wakes) wake(personId);
  };
  const next = (messageId: string) => ({ id: bubbles.length + 1, messageId, at: new Date() });

  return {
    addPerson: async (value) => {
      const known = people.find((p) => p.value === value);
      if (known) return known;
      const made = { id: crypto.randomUUID(), value };
      people.push(made);
      news.emit('news');
      return made;
    },
    person: async (id) => people.find((p) => p.id === id) ?? null,
    people: async () =>
      people.map((p) => ({ ...p, lastBotBubble: of(p.id).findLast((b) => b.fromBot)?.id ?? 0 })),
    say: async (personId, messageId, body) => {
      if (!people.some((p) => p.id === personId)) return false;
      add({ ...next(messageId), fromBot: false, body }, personId);
      return true;
    },
    sendFile: async (personId, messageId, { name, mime, bytes }) => {
      if (!people.some((p) => p.id === personId)) return false;
      const body = { file: { name, mime, size: bytes.length } };
      files.set(messageId, files.get(messageId) ?? bytes);
      add({ ...next(messageId), fromBot: false, body }, personId);
      return true;
    },
    file: async (messageId) => files.get(messageId) ?? null,
    openFile: async (personId, messageId) => {
      const bubble = of(personId).find((one) => one.messageId === messageId);
      const bytes = files.get(messageId);
      const file = bubble?.fromBot ? bubble.body.file : undefined;
      return file === undefined || bytes === undefined ? null : { ...file, bytes };
    },
    screen: async (personId, after) => of(personId).filter((b) => b.id > after),
    tail: async (personId, count) => of(personId).slice(-count),
    settled: async (personId) => waiting(personId).length === 0,
    async *changes(signal) {
      const events = on(news, 'news', { signal });
      yield;
      try {
        for await (const _ of events) yield;
      } catch {
        return;
      }
    },
    consume: (_lock, begin) => {
      const held = new AbortController();
      const wake = begin(held.signal);
      wakes.add(wake);
      for (const { id } of people) wake(id);
      return {
        close: async () => {
          held.abort();
          wakes.delete(wake);
        },
      };
    },
    unfetched: async (personId) => {
      const value = people.find((p) => p.id === personId)?.value ?? '';
      return waiting(personId).flatMap((bubble) => (bubble.fromBot ? [] : [{ value, bubble }]));
    },
    confirm: async (id) => void confirmed.add(id),
    show: async (value, messageId, message, file) => {
      const person = people.find((p) => p.value === value);
      if (!person) return false;
      if (file !== undefined) files.set(messageId, file.bytes);
      const body = file === undefined ? message : { ...message, file: described(file) };
      add({ ...next(messageId), fromBot: true, body }, person.id);
      return true;
    },
    health: async () => ({ ok: true }),
  };
}

function described({ kind, name, mime, bytes }: ParcelFile): ShownFile {
  return { kind, name, mime, size: bytes.length };
}
