/** A message that has come over the wire, and what is to be done with it once it has been read. */
interface Place {
  readonly id: string;
  deliver: (() => void) | null;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Gives the messages of a chat in the order in which they came over the wire. The client reads them side by side, and the first of
 * a new person, for whom it has more to look up, is overtaken by the second.
 */
export class StanzaOrder {
  readonly #patienceMs: number;
  readonly #chats = new Map<string, Place[]>();

  /** One that has not been read after so many milliseconds never will be, and the others go on. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** A message has come over the wire. */
  came(chat: string, id: string): void {
    const places = this.#chats.get(chat) ?? [];
    const place: Place = { id, deliver: null, timer: undefined };
    place.timer = setTimeout(() => this.read(chat, id, nothing), this.#patienceMs);
    this.#chats.set(chat, [...places, place]);
  }

  /** It has been read: `deliver` is called when all before it have been. */
  read(chat: string, id: string, deliver: () => void): void {
    const places = this.#chats.get(chat) ?? [];
    const [first, ...repeats] = places.filter((place) => place.id === id && place.deliver === null);
    if (first === undefined) deliver();
    else first.deliver = deliver;
    // The client makes one of several that come at once.
    for (const repeat of repeats) repeat.deliver = nothing;
    this.#flush(chat, places);
  }

  #flush(chat: string, places: readonly Place[]): void {
    const waiting = places.findIndex(({ deliver }) => deliver === null);
    const ready = waiting < 0 ? places : places.slice(0, waiting);
    const rest = places.slice(ready.length);
    if (rest.length > 0) this.#chats.set(chat, rest);
    else this.#chats.delete(chat);
    for (const { deliver, timer } of ready) {
      clearTimeout(timer);
      deliver?.();
    }
  }
}

function nothing(): void {}
