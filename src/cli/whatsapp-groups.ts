import type { GroupSeen, WhatsAppStore } from '../channels/whatsapp-web/port.js';
import { type ChatGroup, chatGroups, nameGroup, removeGroup } from '../domain/chat-groups.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';

/** With what the commands about groups work. */
export interface GroupDesk {
  readonly records: Records;
  readonly store: Pick<WhatsAppStore, 'groups'>;
  /** The account on WhatsApp Web. */
  readonly account: string;
  readonly print: (line: string) => void;
}

/** `sapa whatsapp groups`: the groups the number is in, and what they are called here. */
export async function listGroups({ records, store, print }: GroupDesk): Promise<boolean> {
  const seen = await store.groups();
  const named = new Map<string, ChatGroup>();
  for (const group of await chatGroups(records.pool)) named.set(records.vault.open(group.address), group);
  for (const one of seen) print(lineOf(one, named.get(one.jid)));
  const left = [...named].filter(([jid]) => !seen.some((one) => one.jid === jid));
  for (const [jid, { name, area }] of left)
    print(`${jid}  ${name} (${area}): the number is not in it any more, so nothing is sent there`);
  if (seen.length + left.length === 0)
    print('The number is in no group, or was not connected since Sapa looks for groups: sapa doctor');
  return true;
}

function lineOf({ jid, title, size, isOpen }: GroupSeen, named: ChatGroup | undefined): string {
  const called = named === undefined ? '' : `  grup:${named.name} (${named.area})`;
  const shut = isOpen ? '' : '  only its admins may write there, and the number is none';
  return `${jid}  ${title}, ${size} people${called}${shut}`;
}

/** `sapa whatsapp group add`: lets broadcasts go to a group the number is in; false when it is refused, with the reason printed. */
export async function addGroup(
  { records, store, account, print }: GroupDesk,
  jid: string,
  { name, area }: { readonly name: string; readonly area: string },
): Promise<boolean> {
  const found = (await store.groups()).find((one) => one.jid === jid);
  if (found?.isOpen !== true) {
    print(
      found === undefined
        ? 'The number is in no such group. Let somebody of the group add it, then see: sapa whatsapp groups'
        : 'Only admins may write in that group. Let one of them make the number an admin, then try again.',
    );
    return false;
  }
  const wish = { channel: 'whatsapp-web', account, address: jid, name, region: area };
  const made = await nameGroup(localAdministrator('whatsapp group'), records, wish);
  print(
    made.ok
      ? `Broadcasts for ${made.place} (${made.area}) may go to ${found.title}, as grup:${name}. A second person always says yes to them.`
      : `${made.what} ${made.mend}`,
  );
  return made.ok;
}

/** `sapa whatsapp group remove`: nothing goes there any more; false when none has that name. */
export async function dropGroup({ records, print }: GroupDesk, name: string): Promise<boolean> {
  const removed = await removeGroup(localAdministrator('whatsapp group'), records, name);
  print(
    removed
      ? `Nothing goes to grup:${name} any more. To leave the group, take the number out of it on the phone.`
      : `No group is called ${name}. See: sapa whatsapp groups`,
  );
  return removed;
}
