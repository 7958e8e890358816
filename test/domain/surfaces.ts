import { countByPart } from '../../src/domain/area-counts.js';
import { guestFor, guestsOf, rakorFor } from '../../src/domain/attendance.js';
import { type Asked, readKnown, samplePeople } from '../../src/domain/audience-people.js';
import { boardOf, boardsOf, candidatesFor, holdersOf } from '../../src/domain/boards.js';
import { broadcastsFor, unreachedOf } from '../../src/domain/broadcast-desk.js';
import { broadcastsInReach, listBroadcasts } from '../../src/domain/broadcast-progress.js';
import { reportBroadcast } from '../../src/domain/broadcast-report.js';
import { countConsolidation, listConsolidation, membersIn } from '../../src/domain/consolidation.js';
import {
  leftByOfficer,
  mournedByFamilies,
  mournedByName,
  mournedOne,
  recordedDeaths,
} from '../../src/domain/deaths.js';
import { problemsDiscussed } from '../../src/domain/discussion-paper.js';
import {
  cardOf,
  findByName,
  findVillages,
  membersById,
  membersOfVillage,
  membersWithoutSk,
} from '../../src/domain/found-members.js';
import { rolesOfPhone } from '../../src/domain/grants.js';
import { listHandovers, showHandover } from '../../src/domain/handovers.js';
import { contactsInReach, explain } from '../../src/domain/history.js';
import { namedListsFor } from '../../src/domain/named-lists.js';
import { doneChanges, openChanges } from '../../src/domain/numbers.js';
import { listParked } from '../../src/domain/parked.js';
import { listMembers } from '../../src/domain/people.js';
import { openRequests } from '../../src/domain/privacy-requests.js';
import { listProblemCounts, listProblems } from '../../src/domain/problems.js';
import { rakorDetails, sealDetails } from '../../src/domain/rakor.js';
import { answeredRakor, answersOf } from '../../src/domain/rakor-answers.js';
import { rakorsFor } from '../../src/domain/rakors.js';
import { offersFor } from '../../src/domain/role-offers.js';
import { type Act, localAdministrator, may, type ResidencyOf, type Viewer } from '../../src/domain/roles.js';
import { filesOfSk } from '../../src/domain/sk-files.js';
import { countWaitingSk, nextWaitingSk, waitingOfSk } from '../../src/domain/sk-queue.js';
import { twinsFor } from '../../src/domain/twins.js';
import { isRecord, type Json } from '../../src/flow/json.js';
import { audited } from '../../src/store/audit.js';
import { run } from '../../src/store/statement.js';
import { letter } from './rakor-scene.js';
import { contextOf, decide, type Person, type World } from './world.js';

/** A member with one of everything that is ever listed. */
export interface Dweller {
  readonly memberId: string;
  readonly contactId: string;
  readonly documentId: string;
  /** To a rakor of the regency, which nobody else is invited to. */
  readonly invitationId: string;
  /** Of the request for a human, and of the one about data. */
  readonly number: number;
  readonly region: string;
  readonly standing: 'active' | 'suspended' | 'withdrawn' | 'deceased';
  readonly simulator: boolean;
}

/** Somebody who looks, and everybody there is to be seen. */
export interface Look {
  readonly world: World;
  readonly viewer: Viewer;
  readonly person: Person;
  /** The member whom the viewer's own phone speaks for. */
  readonly own: Dweller | null;
  readonly dwellers: readonly Dweller[];
  /** The regencies of the tree. */
  readonly regencies: readonly string[];
  readonly residencyOf: ResidencyOf;
  /** A number with the roles operator and chair in each of them. */
  readonly officer: string;
}

/** What was shown, and what was to be. */
interface Compared {
  readonly got: unknown;
  readonly wanted: unknown;
}

/** Compares what one of them shows with what it should. */
export type Surface = (look: Look) => Promise<Compared>;

const inRegency = (one: Dweller, regency: string) => one.region.startsWith(`${regency}.`);
const reaches = ({ viewer, residencyOf }: Look, act: Act, area: string) =>
  may(viewer, act, area, residencyOf);
const isOfWorld = ({ viewer }: Look, one: Dweller) => one.simulator === viewer.simulator;
const sees = (look: Look, act: Act, one: Dweller) => isOfWorld(look, one) && reaches(look, act, one.region);
/** Whose data may be used and who is not the viewer. */
const decides = (look: Look, act: Act, one: Dweller) =>
  sees(look, act, one) && one.standing === 'active' && one !== look.own;

function compared<Key extends 'memberId' | 'contactId' | 'number' | 'documentId'>(
  look: Look,
  key: Key,
  got: readonly Dweller[Key][],
  isShown: (one: Dweller) => boolean,
): Compared {
  return {
    got: got.toSorted(),
    wanted: look.dwellers
      .filter(isShown)
      .map((one) => one[key])
      .toSorted(),
  };
}

/** Those for whom something opens. */
async function opening(look: Look, open: (one: Dweller) => Promise<boolean>): Promise<readonly string[]> {
  const opened: string[] = [];
  for (const one of look.dwellers) if (await open(one)) opened.push(one.memberId);
  return opened;
}

const readable = (look: Look) =>
  look.dwellers.filter((one) => one.standing === 'active' && sees(look, 'read-people', one));
function changing(look: Look, got: readonly { readonly memberId: string }[]): Compared {
  const ids = got.map(({ memberId }) => memberId);
  return compared(look, 'memberId', ids, (one) => decides(look, 'change-number', one));
}

/** Of those a death may be recorded of, or was, a message holds eight. */
function mourning(
  look: Look,
  got: readonly { readonly memberId: string }[],
  standing: Dweller['standing'],
): Compared {
  const some = look.dwellers.filter(
    (one) => one.standing === standing && one !== look.own && sees(look, 'record-death', one),
  );
  const outside = got.filter(({ memberId }) => !some.some((one) => one.memberId === memberId));
  return { got: [outside, got.length], wanted: [[], Math.min(some.length, 8)] };
}

const atTheDoor = ({ world }: Look) => ({ db: world.pool, vault: world.vault, now: world.now() });
const rakorSeen = (look: Look) =>
  look.dwellers.filter((one) => isOfWorld(look, one) && reaches(look, 'check-in', one.region.slice(0, 5)));

const answering = (look: Look) =>
  look.dwellers.filter((one) => sees(look, 'call-rakor', one) && one.standing === 'active');

const queued = (look: Look) => look.dwellers.filter((one) => decides(look, 'verify-sk', one));
const checking = ({ world }: Look) => ({ db: world.pool, now: world.now() });

/** What an action offers, by the ids of its choices. */
async function offered(look: Look, action: string, args = {}): Promise<readonly string[]> {
  const { values } = await decide(action, args, contextOf(look.world, look.person));
  const list: Json = isRecord(values) ? (values.daftar ?? []) : [];
  return Array.isArray(list) ? list.flatMap((one) => (isRecord(one) ? [String(one.id)] : [])) : [];
}

async function boardsThere({ world, regencies }: Look) {
  const all = await boardsOf(localAdministrator('test'), world.pool);
  return all.filter(({ area }) => regencies.includes(area));
}

async function kindsOf({ world }: Look, numbers: readonly number[]): Promise<readonly string[]> {
  const found = await world.prisma.broadcast.findMany({ where: { number: { in: [...numbers] } } });
  return found.map(({ kind }) => kind);
}

async function broadcastNumbers({ world }: Look): Promise<readonly number[]> {
  return (await world.prisma.broadcast.findMany()).map(({ number }) => number);
}

/** Everything that lists people or opens them, as `FILE.FUNCTION` or `action NAME`. */
export const surfaces: Readonly<Record<string, Surface>> = {
  'people.listMembers': async (look) => {
    const got = (await listMembers(look.viewer, look.world)).map(({ id }) => id);
    return compared(
      look,
      'memberId',
      got,
      (one) => one.standing === 'active' && sees(look, 'read-people', one),
    );
  },
  'audience-people.samplePeople': async (look) => {
    const known = await readKnown(look.world.pool, {
      simulator: look.viewer.simulator === true,
      now: look.world.now(),
      area: '33',
    });
    const areas = [...new Set(look.dwellers.map(({ region }) => region))];
    const asked = areas.map((area): Asked => ({ audience: { members: 'any' }, area, lawful: false, known }));
    const all = await Promise.all(asked.map((one) => samplePeople(look.viewer, one, 100, look.world.pool)));
    // Whoever holds a role in an area is meant by it as well, wherever he lives.
    const got = all
      .flat()
      .map(({ memberId }) => memberId)
      .filter((id) => id !== look.own?.memberId);
    return compared(look, 'memberId', got, (one) => one !== look.own && sees(look, 'broadcast', one));
  },
  'named-lists.namedListsFor': async (look) => {
    const got = (await namedListsFor(look.viewer, look.world.pool)).map(({ name }) => name);
    return compared(look, 'memberId', got, (one) => sees(look, 'broadcast', one));
  },
  'broadcast-desk.broadcastsFor': async (look) => {
    const got = (await broadcastsFor(look.viewer, look.world.pool)).map(({ kind }) => kind);
    return compared(look, 'memberId', got, (one) => sees(look, 'broadcast', one));
  },
  'broadcast-desk.unreachedOf': async (look) => {
    const numbers = await broadcastNumbers(look);
    const all = await Promise.all(
      numbers.map((number) => unreachedOf(look.viewer, { number, most: 100, after: 0 }, look.world.pool)),
    );
    const got = all.flatMap(({ people }) => people).map(({ memberId }) => memberId ?? '');
    return compared(look, 'memberId', got, (one) => sees(look, 'broadcast', one));
  },
  'broadcast-progress.broadcastsInReach': async (look) => {
    const got = (await broadcastsInReach(look.viewer, null, look.world)).map(({ number }) => number);
    const kinds = await kindsOf(look, got);
    return compared(look, 'memberId', kinds, (one) => sees(look, 'broadcast', one));
  },
  'broadcast-progress.listBroadcasts': async (look) => {
    const got = (await listBroadcasts(look.viewer, look.world)).map(({ kind }) => kind);
    return compared(look, 'memberId', got, (one) => sees(look, 'broadcast', one));
  },
  'broadcast-report.reportBroadcast': async (look) => {
    const numbers = await broadcastNumbers(look);
    const opened = await Promise.all(
      numbers.map(async (number) =>
        (await reportBroadcast(look.viewer, number, look.world)) === null ? [] : [number],
      ),
    );
    const kinds = await kindsOf(look, opened.flat());
    return compared(look, 'memberId', kinds, (one) => sees(look, 'broadcast', one));
  },
  'area-counts.countByPart': async (look) => {
    const parts = await countByPart(look.viewer, { db: look.world.pool, now: look.world.now() });
    const got = parts.reduce((sum, { registered, listed }) => sum + registered + listed, 0);
    return { got, wanted: readable(look).length };
  },
  'deaths.mournedByName': async (look) =>
    mourning(look, await mournedByName(look.viewer, ['sri'], look.world.pool), 'active'),
  'deaths.mournedByFamilies': async (look) =>
    mourning(look, await mournedByFamilies(look.viewer, look.world.pool), 'active'),
  'deaths.recordedDeaths': async (look) =>
    mourning(look, await recordedDeaths(look.viewer, null, look.world.pool), 'deceased'),
  'deaths.leftByOfficer': async (look) => {
    const { pool, now } = look.world;
    const subjects = look.dwellers.flatMap((one) => (one.standing === 'deceased' ? one.memberId : []));
    const entry = { kind: 'standing', action: 'left', detail: 'active>left', at: now() } as const;
    // Seen by nobody else: the transaction is undone.
    const connection = await pool.connect();
    await connection.query('BEGIN');
    const change = `UPDATE member SET standing = 'left', standing_at = $1 WHERE standing = 'deceased'`;
    await connection.query(change, [now()]);
    await run(connection, audited({ ...entry, actor: look.viewer.id, subjects }));
    const got = await leftByOfficer(look.viewer, null, connection);
    await connection.query('ROLLBACK');
    connection.release();
    return mourning(look, got, 'deceased');
  },
  'deaths.mournedOne': async (look) => {
    const open = async ({ memberId }: Dweller) =>
      (await mournedOne(look.viewer, memberId, look.world.pool)) !== null;
    return compared(look, 'memberId', await opening(look, open), (one) => decides(look, 'record-death', one));
  },
  'attendance.rakorFor': async (look) => ({
    got: (await rakorFor(look.viewer, atTheDoor(look))).length,
    wanted: rakorSeen(look).length,
  }),
  'attendance.guestsOf': async (look) => {
    const rakor = await look.world.prisma.rakor.findMany();
    const ids = rakor.map(({ id }) => id);
    const got = (await guestsOf(look.viewer, ids, atTheDoor(look))).map(({ subject }) => subject ?? '');
    return compared(
      look,
      'memberId',
      got,
      (one) => one.standing === 'active' && rakorSeen(look).includes(one),
    );
  },
  'attendance.guestFor': async (look) => {
    const open = async ({ invitationId }: Dweller) =>
      (await guestFor(look.viewer, invitationId, atTheDoor(look))) !== null;
    return compared(
      look,
      'memberId',
      await opening(look, open),
      (one) => one.standing === 'active' && rakorSeen(look).includes(one),
    );
  },
  'rakor-answers.answeredRakor': async (look) => ({
    got: (await answeredRakor(look.viewer, atTheDoor(look))).length,
    wanted: answering(look).length,
  }),
  'rakor-answers.answersOf': async (look) => {
    const ids = (await look.world.prisma.rakor.findMany()).map(({ id }) => id);
    const got = (await answersOf(look.viewer, ids, atTheDoor(look))).map(({ subject }) => subject ?? '');
    return compared(look, 'memberId', got, (one) => answering(look).includes(one));
  },
  'numbers.openChanges': async (look) => {
    const got = await openChanges(look.viewer, null, { db: look.world.pool, vault: look.world.vault });
    return changing(look, got);
  },
  'numbers.doneChanges': async (look) => {
    const { pool: db, vault } = look.world;
    return changing(look, await doneChanges(look.viewer, null, { db, vault, now: look.world.now() }));
  },
  'found-members.findByName': async (look) => {
    const { count, people } = await findByName(look.viewer, 'sri', 100, look.world.pool);
    const wanted = readable(look).map(({ memberId }) => memberId);
    return {
      got: [count, people.map(({ id }) => id).toSorted()],
      wanted: [wanted.length, wanted.toSorted()],
    };
  },
  'found-members.membersById': async (look) => {
    const ids = look.dwellers.map(({ memberId }) => memberId);
    const got = (await membersById(look.viewer, ids, look.world.pool)).map(({ id }) => id);
    return compared(look, 'memberId', got, (one) => readable(look).includes(one));
  },
  'found-members.cardOf': async (look) => {
    const open = async ({ memberId }: Dweller) =>
      (await cardOf(look.viewer, memberId, look.world.pool)) !== null;
    return compared(look, 'memberId', await opening(look, open), (one) => readable(look).includes(one));
  },
  'found-members.membersOfVillage': async (look) => {
    const villages = [...new Set(look.dwellers.map(({ region }) => region))];
    const part = { most: 100, after: 0 };
    const all = await Promise.all(
      villages.map((code) => membersOfVillage(look.viewer, code, part, look.world.pool)),
    );
    const got = all.flatMap(({ people }) => people).map(({ id }) => id);
    return compared(look, 'memberId', got, (one) => readable(look).includes(one));
  },
  'found-members.membersWithoutSk': async (look) => {
    const { people } = await membersWithoutSk(look.viewer, { most: 100, after: 0 }, look.world.pool);
    const got = people.map(({ id }) => id);
    return compared(look, 'memberId', got, (one) => readable(look).includes(one));
  },
  'found-members.findVillages': async (look) => {
    const villages = [...new Set(look.dwellers.map(({ region }) => region))];
    const found = await Promise.all(villages.map((name) => findVillages(look.viewer, name, look.world.pool)));
    // Names of villages are alike: one typed may mean another one beside it, but none outside.
    const outside = found.flat().filter(({ code }) => !reaches(look, 'read-people', code));
    const got = villages.filter((code, at) => found[at]?.some((one) => one.code === code));
    return {
      got: [outside, got],
      wanted: [[], villages.filter((code) => reaches(look, 'read-people', code))],
    };
  },
  'handovers.listHandovers': async (look) => {
    const got = (await listHandovers(look.viewer, look.world)).map(({ contactId }) => contactId);
    return compared(look, 'contactId', got, (one) => sees(look, 'take-handover', one));
  },
  'handovers.showHandover': async (look) => {
    const got = await opening(
      look,
      async ({ number }) => (await showHandover(look.viewer, look.world, number)) !== null,
    );
    return compared(look, 'memberId', got, (one) => sees(look, 'take-handover', one));
  },
  'action desk.list': async (look) => {
    const got = (await offered(look, 'desk.list')).map(Number);
    return compared(look, 'number', got, (one) => sees(look, 'take-handover', one));
  },
  'parked.listParked': async (look) => {
    const got = (await listParked(look.viewer, look.world)).map(({ contactId }) => contactId);
    return compared(look, 'contactId', got, (one) => sees(look, 'read-conversation', one));
  },
  'history.contactsInReach': async (look) => {
    const ids = look.dwellers.map(({ contactId }) => contactId);
    const got = [...(await contactsInReach(look.viewer, look.world.prisma, ids))];
    return compared(look, 'contactId', got, (one) => sees(look, 'read-conversation', one));
  },
  'history.explain': async (look) => {
    const got = await opening(
      look,
      async (one) => (await explain(look.viewer, look.world, one.contactId)) !== null,
    );
    return compared(look, 'memberId', got, (one) => sees(look, 'read-conversation', one));
  },
  'problems.listProblems': async (look) => {
    const got = (await listProblems(look.viewer, look.world)).map(({ text }) => text);
    return compared(
      look,
      'memberId',
      got,
      (one) => one.standing === 'active' && sees(look, 'read-people', one),
    );
  },
  'discussion-paper.problemsDiscussed': async (look) => {
    const { pool: db, vault } = look.world;
    const got = (await problemsDiscussed(look.viewer, { db, vault })).map(({ subject }) => subject);
    return compared(
      look,
      'memberId',
      got,
      (one) => one.standing === 'active' && sees(look, 'read-people', one),
    );
  },
  'problems.listProblemCounts': async (look) => {
    const got = (await listProblemCounts(look.viewer, look.world)).reduce((sum, { count }) => sum + count, 0);
    const shown = look.dwellers.filter((one) => one.standing === 'active' && sees(look, 'read-people', one));
    return { got, wanted: shown.length };
  },
  'privacy-requests.openRequests': async (look) => {
    const { viewer, world } = look;
    const got = (await openRequests(viewer, { db: world.pool, vault: world.vault })).map(
      ({ number }) => number,
    );
    return compared(look, 'number', got, (one) => sees(look, 'take-handover', one));
  },
  'action privacy.list': async (look) => {
    const got = (await offered(look, 'privacy.list')).map(Number);
    return compared(look, 'number', got, (one) => sees(look, 'take-handover', one));
  },
  'sk-queue.countWaitingSk': async (look) => ({
    got: await countWaitingSk(look.viewer, checking(look)),
    wanted: queued(look).length,
  }),
  'sk-queue.nextWaitingSk': async (look) => ({
    got: (await nextWaitingSk(look.viewer, null, checking(look)))[0]?.documentId ?? null,
    wanted:
      queued(look)
        .map(({ documentId }) => documentId)
        .toSorted()[0] ?? null,
  }),
  'sk-queue.waitingOfSk': async (look) => {
    const all = look.dwellers.map(({ documentId }) => waitingOfSk(look.viewer, documentId, checking(look)));
    const got = (await Promise.all(all)).flat().map(({ memberId }) => memberId);
    return compared(look, 'memberId', got, (one) => decides(look, 'verify-sk', one));
  },
  'sk-files.filesOfSk': async (look) => {
    const got = await opening(
      look,
      async ({ documentId }) => (await filesOfSk(look.viewer, documentId, look.world.pool)).length > 0,
    );
    return compared(look, 'memberId', got, (one) => decides(look, 'verify-sk', one));
  },
  'action sk.decisions': async (look) =>
    compared(look, 'memberId', await offered(look, 'sk.decisions'), (one) => decides(look, 'verify-sk', one)),
  'twins.twinsFor': async (look) => {
    const found = await twinsFor(look.viewer, null, look.world.pool);
    const pairs = look.dwellers.flatMap((one) =>
      look.dwellers
        .filter((other) => one.memberId < other.memberId && one.region === other.region)
        .filter((other) => decides(look, 'join-members', one) && decides(look, 'join-members', other))
        .map((other) => `${one.memberId} ${other.memberId}`),
    );
    return {
      got: found.map(({ first, second }) => `${first.id} ${second.id}`).toSorted(),
      wanted: pairs.toSorted(),
    };
  },
  'boards.boardsOf': async (look) => {
    const areas = (await boardsOf(look.viewer, look.world.pool)).map(({ area }) => area);
    const outside = areas.filter((area) => !reaches(look, 'manage-board', area));
    const reached = look.regencies.filter((area) => reaches(look, 'manage-board', area));
    const opened = await Promise.all(
      look.regencies.map((area) => boardOf(look.viewer, area, look.world.pool)),
    );
    const got = [outside, areas.filter((area) => look.regencies.includes(area)).toSorted()];
    return {
      got: [...got, opened.flatMap((board) => board?.area ?? []).toSorted()],
      wanted: [[], reached.toSorted(), reached.toSorted()],
    };
  },
  'boards.holdersOf': async (look) => {
    const boards = await boardsThere(look);
    const all = await Promise.all(
      boards.map((board) => holdersOf(look.viewer, board, { db: look.world.pool, vault: look.world.vault })),
    );
    const holders = all.flat();
    const unnamed = holders.filter(({ name }) => name.startsWith('(')).map(({ memberId }) => memberId);
    const isShown = (one: Dweller) =>
      isOfWorld(look, one) && reaches(look, 'manage-board', one.region.slice(0, 5));
    const shown = look.dwellers.filter(isShown);
    const silent = shown.filter(({ standing }) => standing !== 'active');
    return {
      got: [holders.map(({ memberId }) => memberId).toSorted(), unnamed.toSorted()],
      wanted: [shown, silent].map((some) => some.map(({ memberId }) => memberId).toSorted()),
    };
  },
  'boards.candidatesFor': async (look) => {
    const sought = { words: ['sri'], memberId: null };
    const boards = await boardsThere(look);
    const all = await Promise.all(
      boards.map((board) => candidatesFor(look.viewer, board, sought, look.world.pool)),
    );
    const got = all.flat().map(({ id }) => id);
    return compared(
      look,
      'memberId',
      got,
      (one) =>
        one.standing === 'active' &&
        isOfWorld(look, one) &&
        reaches(look, 'manage-board', one.region.slice(0, 5)),
    );
  },
  'consolidation.countConsolidation': async (look) =>
    counted(look, await countConsolidation(look.viewer, { db: look.world.pool, now: look.world.now() })),
  'consolidation.listConsolidation': async (look) =>
    counted(look, await listConsolidation(look.viewer, look.world)),
  'rakors.rakorsFor': async (look) => {
    const { pool } = look.world;
    const sealed = sealDetails(rakorDetails.parse(letter), look.world.vault);
    // Long over, since the lists of what is at hand are counted meanwhile.
    for (const area of look.regencies)
      await pool.query(
        `INSERT INTO rakor (id, area, state, details_sealed, starts_at, created_by)
         VALUES (gen_random_uuid(), $1, 'called', $2, now() - interval '1 year', 'local:surface')`,
        [area, sealed],
      );
    const all = await rakorsFor(look.viewer, { db: pool, vault: look.world.vault });
    // Others count what there is.
    await pool.query(`DELETE FROM rakor WHERE created_by = 'local:surface'`);
    const got = all.filter(({ createdBy }) => createdBy === 'local:surface').map(({ area }) => area);
    const areas = look.regencies.filter(
      (area) => look.viewer.simulator === false && reaches(look, 'call-rakor', area),
    );
    return { got: got.toSorted(), wanted: areas.toSorted() };
  },
  'role-offers.offersFor': async (look) => {
    const got = (await offersFor(look.viewer, checking(look))).map(({ area }) => area);
    const areas = look.regencies.filter(
      (area) => look.viewer.simulator === false && reaches(look, 'grant operator', area),
    );
    return { got: got.toSorted(), wanted: areas.toSorted() };
  },
  'grants.rolesOfPhone': async (look) => {
    const held = await rolesOfPhone(look.viewer, look.world, look.officer);
    const all = look.regencies.flatMap((area) =>
      (['chair', 'operator'] as const).map((role) => ({ role, area })),
    );
    const isShown = ({ role, area }: (typeof all)[number]) =>
      look.viewer.simulator === false && reaches(look, `grant ${role}`, area);
    const told = (some: readonly { readonly role: string; readonly area: string }[]) =>
      some.map(({ role, area }) => `${role} ${area}`).toSorted();
    return { got: told(held), wanted: told(all.filter(isShown)) };
  },
};

function counted(look: Look, all: Awaited<ReturnType<typeof countConsolidation>>): Compared {
  const outside = all.filter(({ area }) => !reaches(look, 'read-people', area));
  const reached = look.regencies.filter((area) => reaches(look, 'read-people', area));
  const there = (area: string) =>
    look.dwellers.filter((one) => inRegency(one, area) && isOfWorld(look, one) && one.standing === 'active')
      .length;
  return {
    got: [
      outside,
      all.filter(({ area }) => look.regencies.includes(area)).map((one) => [one.area, membersIn(one)]),
    ],
    wanted: [[], reached.toSorted().map((area) => [area, there(area)])],
  };
}

/** The same where somebody has an SK open: what the others see of it changes meanwhile, so it is tried after them. */
export const surfacesInWork: Readonly<Record<string, Surface>> = {
  'action sk.find-for-lampiran': async (look) => {
    const [opened] = queued(look);
    if (opened === undefined) return { got: [], wanted: [] };
    const hold = `UPDATE sk_member SET status = $2, held_by = $3, held_until = $4, held_from = $5 WHERE member_id = $1`;
    const until = new Date(look.world.now().getTime() + 60_000);
    await look.world.pool.query(hold, [
      opened.memberId,
      'diperiksa',
      look.person.contactId,
      until,
      'dilaporkan_ada',
    ]);
    const got = await offered(look, 'sk.find-for-lampiran', {
      dokumen: opened.documentId,
      nama: 'Sri Contohwati',
    });
    await look.world.pool.query(hold, [opened.memberId, 'dilaporkan_ada', null, null, null]);
    return compared(look, 'memberId', got, (one) => one !== opened && decides(look, 'verify-sk', one));
  },
};
