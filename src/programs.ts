import { join } from 'node:path';
import { type Base, signaturesOf } from './base.js';
import type { Standing } from './cli/publish.js';
import { reminderSources } from './domain/reminders/index.js';
import { carry } from './flow/carry.js';
import type { Sources } from './flow/compile.js';
import { FlowDefinitionError } from './flow/fault.js';
import type { Program } from './flow/program.js';
import { buildRegionIndex } from './flow/region-index.js';
import type { RegionIndex } from './flow/regions.js';
import { compileReminders, type ReminderRule } from './flow/reminder-file.js';
import { compileFlows, hashOf, readFlows, rebuildFlows } from './flows.js';
import { projectRoot } from './root.js';
import { every, type Ticker } from './schedule/ticker.js';
import {
  findProgram,
  insideOthers,
  newestProgram,
  publishProgram,
  removePrograms,
} from './store/programs.js';
import { loadRegions } from './store/regions.js';
import { createLibrary, type Library, type Published } from './turn/library.js';
import { asSession } from './turn/prepare.js';

/** The published flows and the regions: what conversations need beside the database. */
export interface Conversations {
  readonly library: Library;
  readonly regions: RegionIndex;
}

/** A replaced program is kept at least this long, also when nobody is inside, in milliseconds. */
const keptMs = 24 * 60 * 60 * 1000;
/** How often a process looks whether another one has published, in milliseconds: one row of a table with a few. */
const lookMs = 2_000;

/** Reads the flow files of the project. */
export function projectFlows(): Sources {
  return readFlows(join(projectRoot, 'flows'));
}

/** Reads the templates of the project: what may be said to who has not written for a day. */
export function projectTemplates(): Sources {
  return readFlows(join(projectRoot, 'flows/templates'), 'flows/templates');
}

/** Reads and proves the reminders of the project. Throws `FlowDefinitionError`. */
export function projectReminders(): readonly ReminderRule[] {
  const sources = readFlows(join(projectRoot, 'flows/reminders'), 'flows/reminders');
  return compileReminders(sources, reminderSources);
}

/** Compiles and publishes flows, those of the project unless others are given. Throws `FlowDefinitionError` when they do not pass. */
export async function openConversations(base: Base, sources = projectFlows()): Promise<Conversations> {
  const program = compileFlows(sources, signaturesOf());
  const at = await publish(base, sources);
  const library = createLibrary({ program, at }, (hash) => load(base, hash));
  return { library, regions: buildRegionIndex(await loadRegions(base.pool)) };
}

/**
 * Makes a flow set that has passed the newest one, removes those nobody needs any more, and gives when it was published:
 * earlier than now when it was the newest already.
 */
export async function publish({ pool, log, now }: Base, sources: Sources): Promise<Date> {
  const at = now();
  const published = await publishProgram(pool, {
    hash: hashOf(sources),
    source: JSON.stringify(sources),
    at,
  });
  for (const program of await removePrograms(pool, new Date(at.getTime() - keptMs)))
    log.info({ program }, 'a flow set was removed: it was replaced, and nobody is inside');
  return published;
}

/**
 * Looks for newer flows now and then, so that new conversations begin with them without a restart. Flows that do not pass
 * here (published by another release of Sapa) are left alone, with one line in the log.
 */
export function followPublished(base: Base, library: Library): Ticker {
  let refused: string | null = null;
  const look = async () => {
    const hash = await newestProgram(base.pool);
    if (hash === null || hash === refused || hash === library.current.program.hash) return;
    refused = (await turnTo(base, library, hash)) ? null : hash;
  };
  // A database that is away is told of by those who look after it.
  return every(lookMs, look, (error) => base.log.debug({ err: error }, 'no look at flows'));
}

async function turnTo({ pool, log }: Base, library: Library, hash: string): Promise<boolean> {
  const kept = await findProgram(pool, hash);
  if (kept === null) return false;
  try {
    library.begin({ program: compileFlows(JSON.parse(kept.source), signaturesOf()), at: kept.at });
    log.info({ program: hash }, 'new conversations begin with newly published flows');
    return true;
  } catch (error) {
    if (!(error instanceof FlowDefinitionError)) throw error;
    log.warn({ program: hash }, 'newer flows were published that this process cannot read; start it anew');
    return false;
  }
}

/** Everybody who is inside another version than this one, and what becomes of them. */
export async function* standings(base: Base, program: Program): AsyncGenerator<Standing> {
  const library = createLibrary({ program, at: base.now() }, (hash) => load(base, hash));
  for await (const row of insideOthers(base.pool, program.hash)) {
    const session = asSession(base.vault.openJson(row.state));
    const top = session.frames[session.frames.length - 1];
    const kept = await library.find(row.program);
    const place = { flow: top?.flow ?? '', step: top?.step ?? '' };
    const way =
      kept === null
        ? { obstacle: 'unreadable' as const, flow: place.flow, name: place.step }
        : carry(kept.program, program, session);
    yield { ...place, version: row.program, publishedAt: kept?.at ?? null, since: row.since, way };
  }
}

/** What was published under a hash, built again for those who are inside. */
async function load({ pool }: Base, hash: string): Promise<Published | null> {
  const kept = await findProgram(pool, hash);
  if (kept === null) return null;
  const sources: Sources = JSON.parse(kept.source);
  return hashOf(sources) === hash ? { program: rebuildFlows(sources, signaturesOf()), at: kept.at } : null;
}
