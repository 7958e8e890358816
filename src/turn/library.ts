import type { Program } from '../flow/program.js';

/** A program that was published, and when last: the newest is what new conversations begin with. */
export interface Published {
  readonly program: Program;
  readonly at: Date;
}

/** The programs conversations run on: the newest, and older ones while anyone is inside. */
export interface Library {
  /** What a new conversation begins with. */
  readonly current: Published;
  /** From now on new conversations begin with this one. */
  begin(published: Published): void;
  /** The program of a hash, built again from its stored source when this process does not hold it; null when it is gone. */
  find(hash: string): Promise<Published | null>;
}

/** A library over stored sources. `load` builds what was published under a hash; every program is built once. */
export function createLibrary(first: Published, load: (hash: string) => Promise<Published | null>): Library {
  const known = new Map<string, Promise<Published | null>>();
  let current = first;
  const begin = (published: Published) => {
    current = published;
    known.set(published.program.hash, Promise.resolve(published));
  };
  begin(first);
  return {
    get current() {
      return current;
    },
    begin,
    async find(hash) {
      const loading = known.get(hash) ?? load(hash);
      known.set(hash, loading);
      const found = await loading.catch((error: unknown) => {
        known.delete(hash);
        throw error;
      });
      if (found === null) known.delete(hash);
      return found;
    },
  };
}
