import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file that a command was asked for cannot be written: `message` says why, `mend` what to do; each is one line. */
export class AskedFileError extends Error {
  override readonly name = 'AskedFileError';
  readonly mend: string;

  constructor(what: string, mend: string, options?: ErrorOptions) {
    super(what, options);
    this.mend = mend;
  }
}

/** Writes a file that a command was asked for. Throws `AskedFileError`. */
export function writeAsked(file: string, content: string | Uint8Array): void {
  attempt(file, () => writeFileSync(file, content));
}

/** Makes sure that a file can be written, before work that must not be done without it. Throws `AskedFileError`. */
export function refuseUnwritable(file: string): void {
  const isNew = !existsSync(file);
  attempt(file, () => closeSync(openSync(file, 'a')));
  if (isNew) rmSync(file, { force: true });
}

function attempt(file: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    const [what, mend] = (reasons[code] ?? unknownReason(code))(file);
    throw new AskedFileError(what, mend, { cause: error });
  }
}

type Reason = (file: string) => readonly [what: string, mend: string];

const reasons: Readonly<Record<string, Reason>> = {
  ENOENT: (file) => [
    `${file}: there is no folder ${dirname(file)}.`,
    'Make it, or name a file in a folder that is there.',
  ],
  ENOTDIR: (file) => [`${file}: ${dirname(file)} is no folder.`, 'Name a file in a folder that is there.'],
  EISDIR: (file) => [`${file}: this is a folder.`, 'Name a file in it.'],
  EACCES: (file) => [`${file}: this user may not write there.`, 'Name a file in a folder of your own.'],
  EPERM: (file) => [`${file}: this user may not write there.`, 'Name a file in a folder of your own.'],
  EROFS: (file) => [`${file}: nothing can be written to this disk.`, 'Name a file on another disk.'],
  ENOSPC: (file) => [`${file}: the disk is full.`, 'Make room, or name a file on another disk.'],
};

function unknownReason(code: string): Reason {
  return (file) => [`${file}: it cannot be written (${code}).`, 'Name another file.'];
}
