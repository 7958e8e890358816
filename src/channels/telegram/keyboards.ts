/** Beyond so many chats the first ones are forgotten: the next message without buttons takes their keyboard away all the same. */
const mostChats = 10_000;

/** In which chats this process has put a keyboard in place of the letters, to share something, and not taken it away. */
export class Keyboards {
  readonly #open = new Set<string>();

  isOpen(chat: string): boolean {
    return this.#open.has(chat);
  }

  /** A message has come there, with such a keyboard or without: then it took away the one that was. */
  shown(chat: string, sharing: boolean): void {
    this.#open.delete(chat);
    if (!sharing) return;
    this.#open.add(chat);
    const [first] = this.#open;
    if (this.#open.size > mostChats && first !== undefined) this.#open.delete(first);
  }
}
