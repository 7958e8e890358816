import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
// @ts-expect-error: a script without types
import { readSources } from '../../scripts/support/sources.mjs';
import { roleNames } from '../../src/domain/roles.js';
import { sized } from '../support/size.js';
import { regencyAt, removeTree, settle, watch } from './scene.js';
import { type Look, type Surface, surfaces, surfacesInWork } from './surfaces.js';
import { openWorld } from './world.js';

/** What `readSources` gives of a file, as far as it is looked at here. */
interface Source {
  readonly path: string;
  readonly text: string;
  readonly program: { readonly body: readonly Node[] };
}
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly declaration?: Node | null;
  readonly id?: { readonly name: string };
  readonly params?: readonly Node[];
  readonly returnType?: Node | null;
  readonly body?: Node;
}

interface Query {
  readonly name: string;
  readonly takesViewer: boolean;
}

const asks = /\brun(<|\()|\.query(<|\()|\.(findMany|groupBy)\(/;
const many = /\[\]|Map<|Set<|Iterable|Generator/;
/** What is to be written or sent is no list of people. */
const noList = /Statement\[\]|Woken\[\]/;

/** Every exported function below a folder that reads several rows, by itself or by one beside it. */
function queriesIn(folder: string): readonly Query[] {
  const sources: readonly Source[] = readSources(folder);
  return sources.flatMap(queriesOf);
}

function queriesOf({ path, text, program }: Source): readonly Query[] {
  const of = (node: Node | undefined) => (node === undefined ? '' : text.slice(node.start, node.end));
  // Who does not say what comes back may give a list.
  const returned = ({ returnType }: Node) => (returnType ? of(returnType) : '[]');
  const functions = program.body.flatMap((node) => {
    const exported = node.type === 'ExportNamedDeclaration';
    const own = exported ? node.declaration : node;
    return own?.type === 'FunctionDeclaration' ? [{ node: own, name: own.id?.name ?? '', exported }] : [];
  });
  const reads = (node: Node, seen: readonly Node[] = []): boolean => {
    const body = of(node.body);
    const next = functions.filter(
      (one) => new RegExp(`\\b${one.name}\\(`).test(body) && !seen.includes(one.node),
    );
    return asks.test(body) || next.some((one) => reads(one.node, [...seen, node]));
  };
  return functions
    .filter(({ exported }) => exported)
    .filter(({ node }) => many.test(returned(node)) && !noList.test(returned(node)))
    .filter(({ node }) => reads(node))
    .map(({ node, name }) => ({
      name: `${path.replace(/\.ts$/, '')}.${name}`,
      takesViewer: (node.params ?? []).some((one) => /: (Viewer|ImportWish)\b/.test(of(one))),
    }));
}

/** Lists without a viewer, and why each is none that a person could see others in. */
const without: Readonly<Record<string, string>> = {
  'actions/member.spokenFor': 'the members whom the own phone speaks for',
  'behalf.findOver': 'for the chore that erases what nobody confirmed',
  'broadcast-progress.progressOf': 'counts of broadcasts whose ids `listBroadcasts` has found for the viewer',
  'certificates.certificatesOf': 'of one member, told to whoever speaks for it',
  'chat-groups.chatGroups': 'groups by name, not people; at the machine only',
  'helpers.approversFor': 'addresses of officers, to ask them for the second yes',
  'helpers.helpableRequests': 'ids for the chore that finds helpers',
  'link-history.codesOf': 'of one contact, inside `explain`, which takes the viewer',
  'link-history.mergesOf': 'of one contact, inside `explain`, which takes the viewer',
  'looks.looksAtMember': 'who looked at the own member, without names',
  'mailboxes.contactsEver': 'ids of contacts whose words of a member are erased',
  'mailboxes.contactsOf': 'ids of the contacts of one member, to write to them',
  'mailboxes.mailboxesOf': 'addresses of contacts that are known, to write to them',
  'numbers.claimedUnder':
    'by number and birth date, to ask the old number; nothing of it is told to who asks',
  'own-file.changeLines': 'the file of own data',
  'own-file.consentLines': 'the file of own data',
  'own-file.entryLines': 'the file of own data',
  'own-file.problemLines': 'the file of own data',
  'own-file.requestLines': 'the file of own data',
  'reminders/ledger.keptSince': 'what became of slots, for the chore that reminds',
  'reminders/ledger.toldOnDayOf': 'ids for the chore that reminds',
  'reminders/report.pastReminders': 'counts, not people; at the machine only',
  'requests.findRequests': 'by number or party; the open ones go through `desk.list`, tried below',
  'rsvp.invitationsOf': 'of whoever writes: what they are invited to themselves',
  'ticket.ticketsHeld': 'the own tickets, and those of whom the own phone speaks for',
  'roster/lists.importedRosters': 'lists, not people; at the machine only',
  'roster/lists.ownRosters': 'lists, not people; of one contact',
  'roster/register.readKept': 'compared inside `importRoster`, which takes the viewer',
};

const domain = resolve('src/domain');

test('every list in the domain takes a viewer, or it is said here why it needs none', () => {
  const all = queriesIn(domain);
  expect(
    all
      .filter(({ takesViewer }) => !takesViewer)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(without).sort());
});

test('every list that takes a viewer is tried with trees of regions, roles and standings', () => {
  const names = queriesIn(domain).filter(({ takesViewer }) => takesViewer);
  const tried = Object.keys(surfaces).filter((name) => !name.startsWith('action '));
  // Conditions are no rows of people.
  const lists = names.map(({ name }) => name).filter((name) => name !== 'areas.filtersFor');
  const others = [
    ...['sk-queue.countWaitingSk', 'handovers.showHandover', 'deaths.mournedOne'],
    ...[
      'attendance.guestFor',
      'broadcast-desk.unreachedOf',
      'found-members.cardOf',
      'found-members.membersOfVillage',
      'found-members.membersWithoutSk',
    ],
  ];
  expect(tried.sort()).toEqual([...lists, ...others].sort());
});

test.each([
  [
    'by a statement',
    `export function everybody(db: Db): Promise<readonly Person[]> { return run(db, all); }`,
  ],
  [
    'by Prisma',
    `export async function everybody(prisma: P): Promise<Person[]> { return prisma.member.findMany(); }`,
  ],
  [
    'by a function beside it',
    `export async function everybody(db: Db): Promise<ReadonlyMap<string, Person>> { return new Map(await rows(db)); }
     async function rows(db: Db) { return (await db.query('SELECT 1')).rows; }`,
  ],
])('a new list without a viewer is found: %s', (_, text) => {
  const folder = mkdtempSync(join(tmpdir(), 'sapa-lists-'));
  writeFileSync(join(folder, 'new.ts'), text);
  expect(queriesIn(folder)).toEqual([{ name: 'new.everybody', takesViewer: false }]);
  writeFileSync(join(folder, 'new.ts'), text.replace('everybody(', 'everybody(viewer: Viewer, '));
  expect(queriesIn(folder)).toEqual([{ name: 'new.everybody', takesViewer: true }]);
  rmSync(folder, { recursive: true });
});

const branch = fc.record({
  regency: fc.integer({ min: 80, max: 83 }),
  residency: fc.constantFrom('semarang', 'pati', 'kedu'),
  district: fc.integer({ min: 1, max: 2 }),
  village: fc.integer({ min: 2001, max: 2002 }),
});
const dweller = fc.record({
  at: fc.nat(),
  standing: fc.constantFrom(...(['active', 'active', 'suspended', 'withdrawn', 'deceased'] as const)),
  simulator: fc.boolean(),
});
const watcher = fc.record({
  simulator: fc.boolean(),
  /** The role, and the area by its place among those of the tree. */
  grants: fc.array(fc.tuple(fc.constantFrom(...roleNames), fc.nat()), { minLength: 1, maxLength: 3 }),
  own: fc.option(fc.nat()),
});
// As many as the shortest list shows at once.
const scene = fc.record({
  tree: fc.array(branch, { minLength: 1, maxLength: 4 }),
  dwellers: fc.array(dweller, { minLength: 4, maxLength: 6 }),
  watchers: fc.array(watcher, { minLength: 2, maxLength: 2 }),
});

/** A chair in whose only village everybody lives: each list shows somebody, so that none passes by being empty. */
const everythingSeen: typeof scene extends fc.Arbitrary<infer Scene> ? Scene : never = {
  tree: [{ regency: 80, residency: 'semarang', district: 1, village: 2001 }],
  dwellers: (['active', 'active', 'active', 'active', 'deceased'] as const).map((standing, at) => ({
    ...{ at, standing, simulator: false },
  })),
  watchers: [{ simulator: false, grants: [['chair', regencyAt]], own: 0 }],
};

async function tried(look: Look) {
  const one = async ([name, surface]: readonly [string, Surface]) => ({ name, ...(await surface(look)) });
  const all = await Promise.all(Object.entries(surfaces).map(one));
  for (const entry of Object.entries(surfacesInWork)) all.push(await one(entry));
  return all;
}

test('nobody is ever shown a row outside of the own areas, world, and what may be used; and every row within', async () => {
  const shown = new Set<string>();
  await fc.assert(
    fc.asyncProperty(scene, async ({ tree, dwellers, watchers }) => {
      const place = await settle(tree, dwellers);
      for (const one of watchers) {
        const look = await watch(place, one);
        for (const { name, got, wanted } of await tried(look)) {
          expect([name, got]).toEqual([name, wanted]);
          if (/[1-9]/.test(JSON.stringify(wanted))) shown.add(name);
        }
      }
    }),
    { numRuns: sized(2, 4), endOnFailure: true, examples: [[everythingSeen]] },
  );
  await removeTree(await openWorld());
  expect([...shown].sort()).toEqual(Object.keys({ ...surfaces, ...surfacesInWork }).sort());
});
