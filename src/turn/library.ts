import type { Program } from '../flow/program.js';

/** The programs conversations run on: the newest, and older ones while anyone is inside. */
export interface Library {
  /** What a new conversation begins with. */
  readonly current: Program;
  /** The program of a hash, compiled again from its stored source when this process does not hold it; null when it is gone. */
  find(hash: string): Promise<Program | null>;
}

/** A library over stored sources. `load` compiles what was published under a hash; every program is compiled once. */
export function createLibrary(current: Program, load: (hash: string) => Promise<Program | null>): Library {
  const known = new Map<string, Promise<Program | null>>([[current.hash, Promise.resolve(current)]]);
  return {
    current,
    async find(hash) {
      const loading = known.get(hash) ?? load(hash);
      known.set(hash, loading);
      try {
        return await loading;
      } catch (error) {
        known.delete(hash);
        throw error;
      }
    },
  };
}
