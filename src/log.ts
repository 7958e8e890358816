import { type Logger, type LoggerOptions, pino } from 'pino';

/** Log fields that could hold a person or a secret; whatever is put there by mistake is not written. */
const private_ = [
  'text',
  'body',
  'message.text',
  'phone',
  'address',
  'nik',
  'name',
  'token',
  'password',
  'url',
  'err.parameters',
  'err.detail',
  'err.where',
];

/** A run of digits as long as a phone number or a NIK, also with blanks, dots or hyphens between. */
const longNumber = /\+?\d(?:[ .-]?\d){8,}/g;

/** Makes the log: JSON lines on standard output, without phone numbers, NIK, tokens or what people wrote. */
export function createLog(level: string): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: private_, censor: '[…]' },
    serializers: { err: errorFields },
    hooks: {
      logMethod(args, method) {
        method.apply(
          this,
          args.map((arg) => (typeof arg === 'string' ? masked(arg) : arg)) as Parameters<typeof method>,
        );
      },
    },
  } satisfies LoggerOptions;
  // Pino's own way to standard output tries for ever, also at the end, when the terminal it leads to is closed.
  const output = { write: (line: string) => void process.stdout.write(line) };
  return pino(options, output);
}

/** A text in which long numbers cannot be read. */
function masked(text: string): string {
  return text.replace(longNumber, '[number]');
}

/** What of an error may be written: a database's `detail` quotes the row, so it stays out. */
function errorFields(error: unknown): Readonly<Record<string, string | undefined>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { type: error.name, code, message: masked(error.message), stack: masked(error.stack ?? '') };
}
