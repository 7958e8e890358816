import type { Verified } from '../domain/audit.js';
import type { Honoured } from '../domain/objections.js';
import type { Doubtful, Halted } from '../domain/restoring.js';

type Print = (line: string) => void;

/** Progress: a line for each table with something in it, and for the files. */
export function reportTo(print: Print): (what: string, count: number) => void {
  return (what, count) => {
    if (count > 0) print(`${what}: ${count}`);
  };
}

/** What a backup came to, and what else must be kept. */
export interface BackupTold {
  readonly file: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly files: number;
  /** Where the data key was written to. */
  readonly keyOut: string | null;
  readonly keyPlace: string;
  readonly objections: string;
}

/** Says what is in the backup and what is not. The warning about the key is for whoever carries it away, in Indonesian. */
export function tellBackup(told: BackupTold, print: Print): void {
  const { file, files, keyOut, keyPlace, objections } = told;
  const rows = Object.values(told.rows).reduce((sum, one) => sum + one, 0);
  print(`${file}: ${rows} rows and ${files} files, sealed with the data key. The key is not in it.`);
  if (keyOut === null)
    print(`Without the key nobody can read it: keep a copy of ${keyPlace} in another place.`);
  else warnOfKey(keyOut, print);
  print(`Keep a copy of ${objections} too, as new as can be: who erases data from now on stands there.`);
}

function warnOfKey(keyOut: string, print: Print): void {
  print('');
  print(`PERINGATAN: kunci data ada di berkas ${keyOut}.`);
  print('- Siapa pun yang memegang kunci ini dan cadangan dapat membaca semua data anggota.');
  print('- Simpan kunci di tempat lain, jangan satu tempat dengan cadangan. Jangan dikirim lewat WhatsApp.');
  print('- Bila kunci hilang, cadangan tidak dapat dibuka oleh siapa pun.');
}

/** What a restore came to. */
export interface RestoreTold {
  readonly madeAt: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly files: number;
  /** Null: nothing has happened since, and everything goes on. */
  readonly halted: Halted | null;
  /** Null: no list of erasures was given. */
  readonly honoured: Honoured | null;
  readonly audit: Verified;
  /** Where the key stands now; null: it is given as DATA_KEY. */
  readonly keyPlace: string | null;
}

/** Says what is there again, what is left to people, and whether the audit is whole; true when it is. */
export function tellRestored(told: RestoreTold, print: Print): boolean {
  const { madeAt, files, halted, honoured, audit, keyPlace } = told;
  const rows = Object.values(told.rows).reduce((sum, one) => sum + one, 0);
  print(`Restored as of ${madeAt}: ${rows} rows and ${files} files; as many as there were.`);
  if (halted !== null) tellHalted(halted, print);
  tellHonoured(honoured, print);
  if (keyPlace !== null) print(`The data key stands in ${keyPlace}. Keep a copy elsewhere.`);
  if (audit.broken === null)
    print(`The audit is whole: ${audit.sealed} entries, the last link is ${audit.head}.`);
  else
    print(`The audit is BROKEN at entry ${audit.broken.at}: ${audit.broken.what}. It was so in the backup.`);
  return audit.broken === null;
}

const mostListed = 20;

function tellHalted({ doubtful, reminders }: Halted, print: Print): void {
  print(
    'What people wrote after that moment is not there; who was asked something is asked again when they write.',
  );
  print(
    `${doubtful.length} messages were under way then. Nobody knows whether they were sent: none is sent again by itself.`,
  );
  for (const [where, count] of counted(doubtful)) print(`  ${where}: ${count}`);
  const replies = doubtful.filter(({ lane }) => lane === 'reply');
  for (const { contactId } of replies.slice(0, mostListed)) print(`  see: npx sapa why ${contactId}`);
  print(
    `${reminders} reminders whose time has passed were dropped. One-time codes are void; registrations that waited for a yes begin anew.`,
  );
  print('A number on WhatsApp Web may have to be linked anew.');
}

function counted(doubtful: readonly Doubtful[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { account, lane } of doubtful) {
    const where = `${account}, ${lane === 'bulk' ? 'broadcasts' : 'replies'}`;
    counts.set(where, (counts.get(where) ?? 0) + 1);
  }
  return counts;
}

function tellHonoured(honoured: Honoured | null, print: Print): void {
  if (honoured === null) {
    print(
      'NOT applied: erasures, withdrawn consents, suspensions, BERHENTI, leavings and deaths of after the backup.',
    );
    print(
      'They stand in erasures.log of the old DATA_DIR; restore again with --erasures FILE if you have it.',
    );
    return;
  }
  const { erased, withdrawn, suspended, left, deceased, 'opted-out': silent } = honoured;
  print(
    `Applied again: ${erased} erasures, ${withdrawn} withdrawn consents, ${suspended} suspensions, ${silent} times BERHENTI.`,
  );
  print(`Recorded again: ${left} who left, ${deceased} who died; offices and SK stand as in the backup.`);
}
