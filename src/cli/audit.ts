import { type ChainTools, verifyAudit } from '../domain/audit.js';

/** `sapa audit verify`: how many entries there are, how far they are sealed, and whether all are what was sealed; true when they are. */
export async function verify(tools: ChainTools, print: (line: string) => void): Promise<boolean> {
  const { sealed, unsealed, upTo, head, broken } = await verifyAudit(tools);
  print(
    `${sealed + unsealed} entries, ${sealed} of them sealed${upTo === null ? '' : ` up to ${upTo.toISOString()}`}.`,
  );
  if (unsealed > 0) print(`${unsealed} are not sealed yet; a running Sapa does so within seconds.`);
  if (broken !== null) {
    print(`BROKEN at entry ${broken.at}: ${broken.what}. All before it is as it was sealed.`);
    print('Compare with a backup of before, and find out who could write to the database.');
    return false;
  }
  print(
    `ok: every sealed entry is as it was sealed. The last link is ${head}; note it elsewhere to notice a whole chain made anew.`,
  );
  return true;
}
