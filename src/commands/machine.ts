import { join } from 'node:path';
import * as backups from '../backups.js';
import { changeDataKey, recordsOf } from '../base.js';
import * as audit from '../cli/audit.js';
import { diagnose } from '../cli/doctor.js';
import { type Config, ConfigError } from '../config.js';
import { clearAlarms } from '../domain/health.js';
import { localAdministrator } from '../domain/roles.js';
import { findingsOf } from '../findings.js';
import { createLog } from '../log.js';
import { onRecords, print, withBase } from './common.js';

/** What is configured and how it does; clears the alarms when somebody has looked at them. */
export function doctor(config: Config, { clear = false }: { readonly clear?: boolean }): Promise<boolean> {
  return withBase(config, async (base) => {
    const records = recordsOf(base);
    if (clear) print(`${await clearAlarms(localAdministrator('doctor'), records)} alarms cleared.`);
    return diagnose(records, await findingsOf(base), print);
  });
}

/** `sapa keys rotate`: everything is sealed anew under a new key; cut off, it goes on when it is run again. */
export async function rotateKeys(config: Config, file: string | null): Promise<boolean> {
  if (config.dataKey !== null && file === null)
    throw new ConfigError(
      'keys rotate',
      'The key is given as DATA_KEY.',
      'Name the file for the new one: --new-key-file FILE.',
    );
  const report = (table: string, rows: number) => {
    if (rows > 0) print(`${table}: ${rows} rows`);
  };
  const changed = await changeDataKey(config, createLog(config.logLevel), { file, report });
  print(
    changed
      ? 'Everything is sealed under the new key; the old one opens nothing any more.'
      : 'Everything was sealed under that key already.',
  );
  print(
    config.dataKey === null
      ? `It stands in ${join(config.dataDir, 'key')}. Keep a copy elsewhere, and the old one with backups of before.`
      : `Set DATA_KEY to what stands in ${file} on every machine. Keep the old one with backups of before.`,
  );
  return true;
}

/** `sapa backup`: everything at one moment into a file. */
export function backup(
  config: Config,
  file: string,
  { keyOut }: { readonly keyOut?: string },
): Promise<boolean> {
  return withBase(config, (base) => backups.backup(base, file, keyOut ?? null, print));
}

/** `sapa restore`: a backup into an empty place. */
export function restore(config: Config, file: string, wish: backups.RestoreWish): Promise<boolean> {
  return backups.restore(config, createLog(config.logLevel), { file, wish, print });
}

/** `sapa audit verify`: whether the audit is whole. */
export function verifyAudit(config: Config): Promise<boolean> {
  return onRecords(config, (records) => audit.verify(records, print));
}
