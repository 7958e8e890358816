import { readFileSync } from 'node:fs';
import { type Audience, showAudience } from '../domain/audience.js';
import { type Known, nameOfList } from '../domain/audience-leaves.js';
import { type Asked, countPeople, readKnown, samplePeople } from '../domain/audience-people.js';
import { headcountLines } from '../domain/broadcast-words.js';
import { choosePeople, namedInSheets } from '../domain/chosen-people.js';
import { findArea } from '../domain/grants.js';
import {
  keepNamedList,
  lookedUp,
  type NamedList,
  namedListsFor,
  readListQuery,
  removeNamedList,
} from '../domain/named-lists.js';
import type { Records } from '../domain/records.js';
import { localAdministrator, type Viewer } from '../domain/roles.js';
import { readSheets } from '../domain/roster/sheet.js';
import { titleCase } from '../flow/text.js';

/** With what the commands work. */
export interface AudienceDesk {
  readonly records: Records;
  /** Writes all of these or nothing. */
  readonly write: (statements: ReturnType<typeof lookedUp>) => Promise<void>;
  readonly print: (line: string) => void;
}

/** The options of these commands. */
export interface AudienceWish {
  readonly by: string;
  readonly to?: string;
  readonly file?: string;
  readonly area: string;
  readonly simulator?: boolean;
}

function named(by: string): Viewer {
  return localAdministrator(by.trim().toLowerCase());
}

/** `sapa audience list`: every list there is. */
export async function showAll({ records, print }: AudienceDesk): Promise<boolean> {
  const lists = await namedListsFor(named('audience'), records.pool);
  if (lists.length === 0)
    print('There is no list yet. Make one: sapa audience save NAME --to QUERY --by NAME');
  for (const list of lists) print(lineOf(list));
  return true;
}

function lineOf({ name, area, audience, people, madeAt, simulator }: NamedList): string {
  const what = audience === null ? `${people} people` : showAudience(audience);
  return `${area}  ${name}: ${what} (${madeAt.toISOString().slice(0, 10)}${simulator ? ', simulator' : ''})`;
}

/** Where a list is to be, and by what it goes there. */
interface Place {
  readonly name: string;
  readonly known: Known;
  readonly area: string;
}

/** `sapa audience save`: keeps a query, or the people of a sheet, under a name; false when it cannot be, and what is wrong is said. */
export async function save(desk: AudienceDesk, typed: string, wish: AudienceWish): Promise<boolean> {
  const { records, write, print } = desk;
  const viewer = named(wish.by);
  const place = await placeOf(records, typed, wish);
  if (typeof place === 'string') return refused(place, print);
  if (place.known.lists.has(place.name))
    return refused(`There is a list ${place.name} already: sapa audience show ${place.name}`, print);
  const { name, area, known } = place;
  const { simulator } = known;
  if (wish.file !== undefined) return saveSheet(desk, wish.file, viewer, place);
  if (wish.to === undefined) return refused('Say who is meant: --to QUERY, or --file FILE.xlsx', print);
  const read = readListQuery(wish.to, known);
  if (!read.ok) return refused(`to: ${read.what}`, print);
  const { audience } = read;
  await write(keepNamedList(viewer, { name, area, simulator, audience, people: [] }, toolsOf(records)));
  return told(desk, viewer, { name, audience, area, known });
}

async function placeOf(
  records: Records,
  typed: string,
  { area: where, simulator = false }: AudienceWish,
): Promise<Place | string> {
  const name = nameOfList(typed);
  if (name === null) return `"${typed}" is no name of a list: letters, digits and hyphens, at most 40.`;
  const found = await findArea(records, where);
  if (found === null) return `There is no area "${where}". Write 33, a code such as 33.15, or residency/ID.`;
  const { area } = found;
  return { name, area, known: await readKnown(records.pool, { area, simulator, now: records.now() }) };
}

function refused(line: string, print: AudienceDesk['print']): false {
  print(line);
  return false;
}

function toolsOf({ newId, now }: Records) {
  return { newId, now: now() };
}

async function saveSheet(
  { records, write, print }: AudienceDesk,
  file: string,
  viewer: Viewer,
  { name, area, known }: Place,
): Promise<boolean> {
  const bytes = bytesOf(file);
  if (bytes === null)
    return refused(`"${file}" cannot be read. Give the path of an .xlsx or .csv file.`, print);
  const read = await readSheets(bytes);
  if (!read.ok) return refused(`${read.what} ${read.mend}`, print);
  const { pool: db, vault, now } = records;
  const { people, unfit } = await choosePeople(viewer, namedInSheets(read.sheets), {
    area,
    known,
    db,
    vault,
  });
  for (const { at, why } of unfit) print(`${at}: ${why}`);
  if (people.length === 0) return refused('Nobody of that file was found, so nothing was kept.', print);
  const { simulator } = known;
  const kept = keepNamedList(viewer, { name, area, simulator, audience: null, people }, toolsOf(records));
  await write([...kept, ...lookedUp(viewer, people, now())]);
  print(
    `List ${name} is kept: ${people.length} people, ${unfit.length} lines left out. Use it: daftar:${name}`,
  );
  return true;
}

function bytesOf(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

async function told(
  { records, print }: AudienceDesk,
  viewer: Viewer,
  { name, audience, area, known }: Place & { readonly audience: Audience },
): Promise<boolean> {
  const asked: Asked = { audience, area, lawful: false, known };
  for (const line of headcountLines(await countPeople(records.pool, asked))) print(line);
  print(`List ${name} is kept by ${viewer.id}; it is asked anew whenever it is used: daftar:${name}`);
  return true;
}

/** More names would be a list of members, which there is elsewhere. */
const mostNames = 200;

/** `sapa audience show`: how many a list means now, and who that is. */
export async function show(desk: AudienceDesk, typed: string, wish: AudienceWish): Promise<boolean> {
  const { records, write, print } = desk;
  const viewer = named(wish.by);
  const list = await listNamed(desk, typed, wish);
  if (list === null) return false;
  const { name, area, simulator } = list;
  const known = await readKnown(records.pool, { area, simulator, now: records.now() });
  const asked: Asked = { audience: { list: name }, area, lawful: false, known };
  print(lineOf(list));
  for (const line of headcountLines(await countPeople(records.pool, asked))) print(line);
  const people = await samplePeople(viewer, asked, mostNames, records.pool);
  await write(
    lookedUp(
      viewer,
      people.map((one) => ({ ...one, grantId: null })),
      records.now(),
    ),
  );
  for (const one of people.toSorted((a, b) => a.name.localeCompare(b.name)))
    print(`  ${titleCase(one.name)}, ${one.place}`);
  return true;
}

async function listNamed(
  { records, print }: AudienceDesk,
  typed: string,
  wish: AudienceWish,
): Promise<NamedList | null> {
  const place = await placeOf(records, typed, wish);
  const lists = await namedListsFor(named(wish.by), records.pool);
  const found =
    typeof place === 'string'
      ? undefined
      : lists.find(
          ({ name, area, simulator }) =>
            name === place.name && area === place.area && simulator === place.known.simulator,
        );
  if (found === undefined)
    print(
      typeof place === 'string' ? place : `${place.area} has no list ${place.name}. See: sapa audience list`,
    );
  return found ?? null;
}

/** `sapa audience remove`: the list goes, its people stay. */
export async function remove(desk: AudienceDesk, typed: string, wish: AudienceWish): Promise<boolean> {
  const list = await listNamed(desk, typed, wish);
  if (list === null) return false;
  await desk.write(removeNamedList(named(wish.by), list, desk.records.now()));
  desk.print(
    `List ${list.name} is removed. A broadcast that names it, and was not approved yet, can no longer be sent.`,
  );
  return true;
}
