import { keepObjections } from './backups.js';
import type { Base } from './base.js';
import type { Channel } from './channels/contract.js';
import type { Delivery } from './delivery/delivery.js';
import { tellAlarms } from './domain/alarm-news.js';
import { handOnWaiting } from './domain/hand-on.js';
import { tellOfMembers } from './domain/member-news.js';
import { remind } from './domain/reminders/look.js';
import type { ReminderRule } from './flow/reminder-file.js';
import { startLists } from './lists.js';
import { lookAfterFiles } from './schedule/files.js';
import { every, type Ticker } from './schedule/ticker.js';
import { startTimers } from './schedule/timers.js';
import { startUpkeep } from './schedule/upkeep.js';
import type { Woken } from './store/statement.js';
import { createTimerStore } from './store/timers.js';
import { idleStateOf, type Turns } from './turn/turn.js';
import { tellOnceUnlessAway } from './watch.js';

/** How often what other processes left behind is picked up, requests for a human are handed on, and alarms are told, in milliseconds. */
const tendMs = 2_000;
/** How often the files that are kept are looked after, in milliseconds. */
const filesMs = 10 * 60_000;
/** How often the list of erasures is brought up to date, in milliseconds. */
const objectionsMs = 60_000;
/** How often it is looked whether somebody is to be told of something, in milliseconds. */
const newsMs = 10_000;

/** How often it is looked whether somebody is to be reminded, in milliseconds. */
const remindMs = 60_000;

/** What the chores work with. */
interface Parts {
  readonly turns: Turns;
  readonly channels: readonly Channel[];
  readonly delivery: Delivery;
  readonly reminders: readonly ReminderRule[];
}

/** What a bot does again and again, by itself; each apart, so that none waits for another. */
export function startChores(base: Base, parts: Parts, everyMs: number): readonly Ticker[] {
  const { turns, channels: accounts, delivery, reminders } = parts;
  const { pool, vault, now, newId } = base;
  const news = { pool, vault, now, newId };
  const telling = (ms: number, what: string, look: () => Promise<readonly Woken[]>) =>
    every(
      ms,
      async () => delivery.wake(await look()),
      tellOnceUnlessAway(base.log, `${what}; it is tried again`, 'warn'),
    );
  return [
    startTimerLoop(base, turns, everyMs),
    startUpkeepLoop(base, everyMs),
    startFilesLoop(base),
    startLists(base),
    startObjectionsLoop(base),
    tend(base, turns, delivery),
    telling(tendMs, 'alarms were not told to anybody', () => tellAlarms({ ...news, accounts })),
    telling(newsMs, 'chairs were not told of their members', () => tellOfMembers(news)),
    telling(remindMs, 'people were not reminded', () => remind({ ...news, rules: reminders })),
  ];
}

function startTimerLoop({ pool, now, log }: Base, turns: Turns, everyMs: number): Ticker {
  return startTimers({
    ...{ timers: createTimerStore(pool), now, everyMs },
    fire: (timer) => turns.fire(timer),
    onFault: tellOnceUnlessAway(log, 'a timer could not happen; it is tried again'),
  });
}

function startUpkeepLoop({ pool, vault, now, newId, log }: Base, everyMs: number): Ticker {
  const onFault = tellOnceUnlessAway(
    log,
    'the audit or erased people could not be looked after; it is tried again',
  );
  return startUpkeep({ pool, vault, now, newId, idleState: idleStateOf(vault), everyMs, onFault });
}

/** Looks after the files that are kept. */
function startFilesLoop({ pool, vault, fileStore, now, log }: Base): Ticker {
  const look = async () => {
    const done = await lookAfterFiles({ db: pool, vault, fileStore }, now());
    if (Object.values(done).some((count) => count > 0)) log.info(done, 'files were looked after');
  };
  const what = `files in ${fileStore.folder} were not looked after; it is tried again`;
  return every(filesMs, look, tellOnceUnlessAway(log, what));
}

/** Who was erased must be erased again in a restored copy, also when this database is gone. */
function startObjectionsLoop(base: Base): Ticker {
  const onFault = tellOnceUnlessAway(base.log, 'the list of erasures was not kept; it is tried again');
  return every(objectionsMs, () => keepObjections(base), onFault);
}

/** Looks after requests for a human, and after signals and messages that another process left. */
function tend({ pool, vault, now, newId, log }: Base, turns: Turns, delivery: Delivery): Ticker {
  const look = async () => {
    const { rows } = await handOnWaiting({ pool, vault, now, newId });
    delivery.wake(rows);
    await turns.recover();
  };
  const onFault = tellOnceUnlessAway(log, 'requests were not looked after; it is tried again', 'warn');
  return every(tendMs, look, onFault);
}
