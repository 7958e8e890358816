import { type GrantRequest, grantRole, revokeRole, rolesOfPhone } from '../domain/grants.js';
import { handOnWaiting } from '../domain/hand-on.js';
import { phoneOf } from '../domain/history.js';
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

/** `sapa roles revoke PHONE ROLE REGION`: false when it was refused, with the reason printed. Says what the number still holds. */
export async function revoke(
  records: Records,
  request: GrantRequest,
  print: (line: string) => void,
): Promise<boolean> {
  const viewer = localAdministrator('roles revoke');
  const revoked = await revokeRole(viewer, records, request);
  if (!revoked.ok) {
    print(`${revoked.what} ${revoked.mend}`);
    return false;
  }
  const { place, area, changed } = revoked;
  print(
    changed
      ? `${request.role} for ${place} (${area}) is taken back. A running Sapa knows it within a minute.`
      : `This number did not hold ${request.role} for ${place} (${area}); nothing was changed.`,
  );
  const [phone = ''] = phoneOf(request.phone);
  const held = await rolesOfPhone(viewer, records, phone);
  if (held.length > 0) print(`It still holds ${held.map((one) => `${one.role} (${one.area})`).join(', ')}.`);
  return true;
}
