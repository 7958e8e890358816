import { resolve } from 'node:path';
import { type Base, openBase, recordsOf } from '../base.js';
import type { Config } from '../config.js';
import type { Records } from '../domain/records.js';
import { createLog } from '../log.js';

/** Says a line to whoever typed the command. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Says what is wrong, or what to heed, beside what a command prints. */
export const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** A file named on the command line, as it is found from anywhere. */
export function pathOf(file: string | undefined): string | null {
  return file === undefined ? null : resolve(file);
}

/** Runs a command that needs only the records; what it says becomes the exit code. */
export function onRecords(config: Config, work: (records: Records) => Promise<boolean>): Promise<boolean> {
  return withBase(config, (base) => work(recordsOf(base)));
}

/** Opens the database for one command, and closes it whatever becomes of that. */
export async function withBase(config: Config, work: (base: Base) => Promise<boolean>): Promise<boolean> {
  const base = await openBase(config, createLog(config.logLevel));
  try {
    return await work(base);
  } finally {
    await base.close();
  }
}
