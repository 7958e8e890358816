import { recordsOf } from '../base.js';
import * as consolidations from '../cli/consolidation.js';
import * as requests from '../cli/handovers.js';
import * as memberLists from '../cli/members.js';
import * as roles from '../cli/roles.js';
import { why } from '../cli/why.js';
import type { Config } from '../config.js';
import { buildRegionIndex } from '../flow/region-index.js';
import { workThroughLists } from '../lists.js';
import { loadRegions } from '../store/regions.js';
import { onRecords, pathOf, print, withBase } from './common.js';

/** What led to where a contact is. */
export function explain(config: Config, contact: string): Promise<boolean> {
  return onRecords(config, (records) => why(records, contact, print));
}

/** How far each regency has come; with a file, as CSV into it. */
export function consolidation(config: Config, { csv }: { readonly csv?: string }): Promise<boolean> {
  return onRecords(config, (records) => consolidations.consolidation(records, pathOf(csv), print));
}

type RoleChange = Parameters<typeof roles.grant>[1];

/** Gives a role. */
export function grant(config: Config, change: RoleChange): Promise<boolean> {
  return onRecords(config, (records) => roles.grant(records, change, print));
}

/** Takes a role away. */
export function revoke(config: Config, change: RoleChange): Promise<boolean> {
  return onRecords(config, (records) => roles.revoke(records, change, print));
}

/** Lists of members: looked through, imported, taken back. */
export const members = {
  import: (config: Config, file: string, wish: memberLists.MembersWish) =>
    withBase(config, async (base) => {
      const regions = buildRegionIndex(await loadRegions(base.pool));
      return memberLists.importMembers(recordsOf(base), { file, wish, regions }, print);
    }),
  work: (config: Config) =>
    withBase(config, async (base) => {
      print(`${await workThroughLists(base)} lists came to something.`);
      return true;
    }),
  lists: (config: Config) => onRecords(config, (records) => memberLists.showLists(records, print)),
  undo: (config: Config, number: string) =>
    onRecords(config, (records) => memberLists.undoMembers(records, number, print)),
};

type Request = (config: Config, number: string) => Promise<boolean>;

/** Requests for a human, and messages set aside. */
export const handovers = {
  list: (config: Config) => onRecords(config, (records) => requests.handovers(records, print)),
  show: onOne(requests.showOne),
  answer: (config: Config, number: string, text: string) =>
    onRecords(config, (records) => requests.answer(records, number, text, print)),
  close: onOne(requests.close),
  parked: (config: Config) => onRecords(config, (records) => requests.parked(records, print)),
  retry: onOne(requests.retry),
  discard: onOne(requests.discard),
};

function onOne(work: typeof requests.showOne): Request {
  return (config, number) => onRecords(config, (records) => work(records, number, print));
}
