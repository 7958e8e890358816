/** The part of a logger that the delivery needs. */
export interface Logger {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Remembers whether something is away, so that an outage is logged once and its end once. */
export interface Outage {
  failed(error: unknown): void;
  worked(): void;
  readonly isAway: boolean;
}

/** How an outage is told: what to do about it, and which errors are somebody else's to report. */
export interface Telling {
  readonly mend?: string;
  readonly notOurs?: (error: unknown) => boolean;
}

/** Watches one thing that can be away. */
export function createOutage(
  log: Logger,
  what: string,
  { mend = '', notOurs = () => false }: Telling = {},
): Outage {
  let away = false;
  return {
    failed(error) {
      if (away || notOurs(error)) return;
      log.warn(
        { what, error: describe(error) },
        `${what} is out of reach; nothing is lost, and it is tried again until it is back. ${mend}`.trimEnd(),
      );
      away = true;
    },
    worked() {
      if (away) log.info({ what }, `${what} is back`);
      away = false;
    },
    get isAway() {
      return away;
    },
  };
}

/** Name, code and place of an error; its text is left out because it may quote what a person wrote. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const place = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `${error.name}${code}${place === undefined ? '' : ` ${place.trim()}`}`;
}
