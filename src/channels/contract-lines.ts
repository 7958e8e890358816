/** Keeps what belongs to one chat in order, while different chats do not wait for each other. */
export class Lines {
  readonly #ends = new Map<string, Promise<void>>();

  /** Runs `work` when all that was put into this line before has ended, well or not. */
  run<Result>(line: string, work: () => Promise<Result>): Promise<Result> {
    const mine = (this.#ends.get(line) ?? Promise.resolve()).then(work);
    const end: Promise<void> = mine.then(nothing, nothing).then(() => {
      if (this.#ends.get(line) === end) this.#ends.delete(line);
    });
    this.#ends.set(line, end);
    return mine;
  }

  /** Resolves when everything that was put in has ended. */
  async drain(): Promise<void> {
    await Promise.all(this.#ends.values());
  }
}

function nothing(): void {}
