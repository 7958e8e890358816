import { pause } from './pause.js';

/** Keeps one lane of one account to its pace, and shut while the provider wants no messages. */
export interface Gate {
  /**
   * Waits for the lane's turn, runs `take`, and keeps the next turn away for as long as what it took costs. Null when the
   * account is stopped, another process sends for it, or this one ends.
   */
  through<Taken>(take: () => Promise<Taken>, count: (taken: Taken) => number): Promise<Taken | null>;
  shutUntil(time: Date): void;
  /** Lets nobody through until `reopen`; who waits is turned away. */
  stop(): void;
  reopen(): void;
  readonly isStopped: boolean;
}

/** What a gate needs. */
export interface GateOptions {
  readonly now: () => Date;
  /** Time between two messages, in milliseconds; 0 for none. A turn that comes late by up to half of it is made up for by the next. */
  readonly gapMs: number;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  /** Whether this process can send just now; who waits while it cannot is turned away. */
  readonly isAble?: () => boolean;
}

/** How often a waiting job looks at the clock again, in milliseconds, because clocks are set. */
const LOOK_MS = 250;

/** Opens a gate. */
export function createGate({ now, gapMs, signal, isAble = () => true }: GateOptions): Gate {
  let openAt = 0;
  let stopped = false;
  let last: Promise<unknown> = Promise.resolve();

  const mayPass = () => !stopped && !signal.aborted && isAble();

  async function opened(): Promise<boolean> {
    while (mayPass() && now().getTime() < openAt) {
      await pause(Math.min(openAt - now().getTime(), LOOK_MS), signal);
    }
    return mayPass();
  }

  async function through<Taken>(
    take: () => Promise<Taken>,
    count: (taken: Taken) => number,
  ): Promise<Taken | null> {
    if (!(await opened())) return null;
    // Counted from before the take, and from when it could have been, so that neither the time it needs nor a late timer slows the lane down.
    const start = now().getTime();
    const turn = start - openAt <= gapMs / 2 ? openAt : start;
    const taken = await take();
    if (gapMs > 0) openAt = Math.max(openAt, turn + gapMs * count(taken));
    return taken;
  }

  return {
    through(take, count) {
      if (gapMs === 0) return through(take, count);
      // One after the other: a turn must know what the turn before it took.
      const mine = last.then(() => through(take, count));
      last = mine.catch(() => undefined);
      return mine;
    },
    shutUntil(time) {
      openAt = Math.max(openAt, time.getTime());
    },
    stop() {
      stopped = true;
    },
    reopen() {
      stopped = false;
    },
    get isStopped() {
      return stopped;
    },
  };
}
