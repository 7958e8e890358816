import { type GrantRequest, grantRole } from '../domain/grants.js';
import { handOnWaiting } from '../domain/hand-on.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';

/** `sapa roles grant PHONE ROLE REGION`: false when it was refused, with the reason printed. */
export async function grant(
  records: Records,
  request: GrantRequest,
  print: (line: string) => void,
): Promise<boolean> {
  const granted = await grantRole(localAdministrator('roles grant'), records, request);
  if (!granted.ok) {
    print(`${granted.what} ${granted.mend}`);
    return false;
  }
  print(
    `${request.role} for ${granted.place} (${granted.area}) is given. It counts once this number has written to the bot.`,
  );
  const { count } = await handOnWaiting(records);
  if (count > 0) print(`${count} waiting requests were handed on.`);
  return true;
}
