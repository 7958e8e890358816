import { explain } from '../domain/history.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';

const arrows = { in: '→', fact: ' ·', out: '←' } as const;

/** `sapa why CONTACT`: prints the chain of events that led here; false when nobody is known under that name. */
export async function why(
  records: Records,
  contact: string,
  print: (line: string) => void,
): Promise<boolean> {
  const chain = await explain(localAdministrator('why'), records, contact);
  if (chain === null) {
    print('Nobody is known under this contact id or phone number.');
    return false;
  }
  for (const { at, what, text } of chain) print(`${at.toISOString()} ${arrows[what]} ${text}`);
  return true;
}
