import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { type Base, openBase } from '../src/base.js';
import { readConfig } from '../src/config.js';
import type { Sources } from '../src/flow/compile.js';
import { noEntries } from '../src/flow/pages.js';
import type { Session } from '../src/flow/session.js';
import { hashOf } from '../src/flows.js';
import { createLog } from '../src/log.js';
import { followPublished, openConversations, projectFlows, publish, standings } from '../src/programs.js';
import { newestProgram } from '../src/store/programs.js';
import { freshDatabase } from './support/database.js';
import { isFull } from './support/size.js';
import { waitFor } from './support/wait.js';

/** The base of a process whose clock stands until it is moved, with what it logs. */
async function open() {
  const database = await freshDatabase();
  const env = {
    DATABASE_URL: database.url,
    DATA_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'silent',
  };
  const opened = await openBase(readConfig(env), createLog('silent'));
  const said: string[] = [];
  const tell = (_: unknown, text: string) => void said.push(text);
  const clock = { now: new Date('2026-11-24T03:00:00Z') };
  const log = Object.assign(createLog('silent'), { info: tell, warn: tell, debug: tell });
  const base: Base = { ...opened, log, now: () => clock.now };
  onTestFinished(async () => {
    await opened.close();
    await database.drop();
  });
  return { base, said, clock };
}

const shipped = projectFlows();
/** The flows of the project with one more. */
const withMore = (source: string): Sources => ({ ...shipped, 'flows/lebih.yaml': source });
const more = withMore(
  'flow: lebih\ntitle: Lebih\ntriggers: [lebih]\nsteps:\n  a: { ask: "Apa?", input: text }\n',
);
const foreign = withMore('flow: lebih\ntitle: Lebih\nsteps:\n  a: { ask: "Apa?", input: color }\n');

it.runIf(isFull)(
  'a process takes up what another one publishes, and leaves alone what it cannot read',
  async () => {
    const { base, said } = await open();
    const { library } = await openConversations(base);
    const following = followPublished(base, library);
    onTestFinished(() => following.stop());
    expect(library.current.program.hash).toBe(hashOf(shipped));
    await publish(base, more);
    await waitFor('the newer flows', () => library.current.program.hash === hashOf(more));
    expect(library.current.program.flows.has('lebih')).toBe(true);
    await publish(base, foreign);
    await waitFor('the refusal', () => said.some((text) => text.includes('cannot read')));
    expect(library.current.program.hash).toBe(hashOf(more));
    const unread = await library.find(hashOf(foreign));
    expect(unread?.program.flows.has('menu')).toBe(true);
    expect(unread?.program.flows.has('lebih')).toBe(false);
    await publish(base, shipped);
    await waitFor('the older flows again', () => library.current.program.hash === hashOf(shipped));
  },
);

/** Somebody at the question of the flow `lebih`. */
async function addPerson({ pool, vault, newId }: Base, program: string): Promise<void> {
  const frame = {
    flow: 'lebih',
    step: 'a',
    called: false,
    values: noEntries,
    trail: noEntries,
    said: null,
    detour: null,
    wait: null,
  };
  const session: Session = { program, turns: 1, frames: [frame], notes: [] };
  const id = newId();
  await pool.query('INSERT INTO contact (id) VALUES ($1)', [id]);
  await pool.query(
    `INSERT INTO session (contact_id, state_sealed, program, flow, step, updated_at) VALUES ($1, $2, $3, 'lebih', 'a', $4)`,
    [id, vault.sealJson(JSON.parse(JSON.stringify(session))), program, '2026-11-23T03:00:00Z'],
  );
}

it('keeps flows while anyone is inside, and says what becomes of them', async () => {
  const { base, clock } = await open();
  await publish(base, more);
  for (const program of [hashOf(more), hashOf(foreign)]) await addPerson(base, program);
  const { library } = await openConversations(base);
  clock.now = new Date('2026-11-26T03:00:00Z');
  await publish(base, shipped);
  expect(await newestProgram(base.pool)).toBe(hashOf(shipped));
  const found: unknown[] = [];
  for await (const { version, flow, step, way } of standings(base, library.current.program))
    found.push([version, flow, step, 'obstacle' in way ? way.obstacle : 'goes']);
  expect(found).toHaveLength(2);
  expect(found).toContainEqual([hashOf(more), 'lebih', 'a', 'flow-gone']);
  expect(found).toContainEqual([hashOf(foreign), 'lebih', 'a', 'unreadable']);
  await base.pool.query('UPDATE session SET program = NULL');
  await publish(base, shipped);
  const { rows } = await base.pool.query('SELECT hash FROM flow_program');
  expect(rows).toEqual([{ hash: hashOf(shipped) }]);
});

it('does not run a source that is not what its name says', async () => {
  const { base } = await open();
  const { library } = await openConversations(base);
  await publish(base, more);
  await base.pool.query('UPDATE flow_program SET source = $1 WHERE hash = $2', ['{}', hashOf(more)]);
  expect(await library.find(hashOf(more))).toBeNull();
});
