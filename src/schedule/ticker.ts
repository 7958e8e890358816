/** Something done again and again. */
export interface Ticker {
  /** Does it no more; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** Does work now and every so many milliseconds, never twice at once; what it throws is reported and does not end it. */
export function every(ms: number, work: () => Promise<void>, onFault: (error: unknown) => void): Ticker {
  let stopped = false;
  let running: Promise<void> | null = null;
  const tick = () => {
    if (stopped || running !== null) return;
    running = work()
      .catch(onFault)
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(tick, ms);
  tick();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
