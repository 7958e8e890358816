import { resolve } from 'node:path';
import { recordsOf } from '../base.js';
import * as audienceLists from '../cli/audience.js';
import * as broadcasting from '../cli/broadcast.js';
import * as sending from '../cli/broadcast-watch.js';
import { type CostAsked, tellCost } from '../cli/cost.js';
import { reminders as tellReminders } from '../cli/reminders.js';
import type { Config } from '../config.js';
import { machine } from '../delivery/states.js';
import type { BroadcastMove } from '../domain/broadcast-moves.js';
import { outreachOf } from '../outreach.js';
import { pricesIn } from '../prices.js';
import { projectReminders } from '../programs.js';
import { keepIn } from '../store/files.js';
import { writeTogether } from '../store/transaction.js';
import { onRecords, print, withBase } from './common.js';

/** Broadcasts before they go out: made, seen, approved; and who has to be told by hand. */
export const announcements = {
  new: (config: Config, file: string | null, wish: broadcasting.NewWish) =>
    atDesk(config, (desk) => broadcasting.newBroadcast(desk, file, wish)),
  preview: (config: Config, number: string) =>
    atDesk(config, (desk) => broadcasting.preview(desk, numberOf(number))),
  approve: (config: Config, number: string, by: string) =>
    atDesk(config, (desk) => broadcasting.approve(desk, numberOf(number), by)),
  unreachable: (config: Config, number: string, wish: { readonly page?: string; readonly xlsx?: string }) =>
    atDesk(config, (desk) => broadcasting.unreachable(desk, numberOf(number), wish)),
  contacted: (config: Config, number: string, person: string, by: string) =>
    atDesk(config, (desk) => broadcasting.contacted(desk, numberOf(number), person, by)),
};

function atDesk(config: Config, work: (desk: broadcasting.Desk) => Promise<boolean>): Promise<boolean> {
  return withBase(config, (base) => {
    const records = recordsOf(base);
    const write = (statements: Parameters<typeof writeTogether>[1]) =>
      writeTogether(records.pool, statements);
    const keepFile = (bytes: Uint8Array) => keepIn(base.fileStore, bytes);
    return work({ records, outreach: outreachOf(config), write, print, keepFile });
  });
}

/** Lists of people that a broadcast can name. */
export const audiences = {
  list: (config: Config) => atDesk(config, (desk) => audienceLists.showAll(desk)),
  save: (config: Config, name: string, wish: audienceLists.AudienceWish) =>
    atDesk(config, (desk) => audienceLists.save(desk, name, wish)),
  show: (config: Config, name: string, wish: audienceLists.AudienceWish) =>
    atDesk(config, (desk) => audienceLists.show(desk, name, wish)),
  remove: (config: Config, name: string, wish: audienceLists.AudienceWish) =>
    atDesk(config, (desk) => audienceLists.remove(desk, name, wish)),
};

/** A number that nothing has, when it is none. */
function numberOf(typed: string): number {
  return /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
}

/** Broadcasts on their way: looked at, stopped, gone on with. */
export const broadcasts = {
  list: (config: Config) => onRecords(config, (records) => sending.list(records, print)),
  watch: (config: Config, number: string) =>
    onRecords(config, (records) => {
      const ending = new AbortController();
      process.once('SIGINT', () => ending.abort());
      process.stdout.once('error', () => ending.abort());
      return sending.watch(records, number, terminal(), ending.signal);
    }),
  move: (config: Config, number: string, move: BroadcastMove) =>
    onRecords(config, (records) => sending.move({ ...records, machine }, number, move, print)),
  report: (config: Config, number: string, file: string) =>
    onRecords(config, (records) => sending.report(records, number, resolve(file), print)),
};

function terminal(): sending.Screen {
  const { isTTY, columns = 80 } = process.stdout;
  return { isTty: isTTY, columns, write: (text) => void process.stdout.write(text) };
}

/** `sapa cost`: what so many messages cost. */
export async function cost({ dataDir }: Config, asked: CostAsked): Promise<boolean> {
  return tellCost(pricesIn(dataDir), asked, print);
}

/** What people will be reminded of, were, and what was missed. */
export function reminders(config: Config): Promise<boolean> {
  return onRecords(config, (records) => tellReminders(records, projectReminders(), print));
}
