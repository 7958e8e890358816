import { expect, it } from 'vitest';
import { actions } from '../../src/domain/actions.js';
import { openReach, type Reach, signalTo } from '../../src/domain/reach.js';
import { newId } from '../../src/store/ids.js';
import { run, type Statement } from '../../src/store/statement.js';
import { decodeInbound } from '../../src/turn/inbound.js';
import { waitFor } from '../support/wait.js';
import { failing, openRig, type Rig } from './rig.js';

const officer = '+6281200000002';
const listening = {
  'flows/mulai.yaml': `
flow: mulai
title: Mulai
fallback: true
triggers: [mulai]
steps:
  warna: { ask: "Warna apa?", input: text }
  catat: { do: contact.opt-in, outcomes: { done: akhir } }
  akhir: { end: "Baik." }
`,
  'flows/orang.yaml': `
flow: orang
title: Orang
signals: [ada-orang]
steps:
  dengar: { listen: pesan, remind: "Masih.", signals: { pergi: selesai } }
  jawab: { say: "({pesan})", next: dengar }
  selesai: { end: "Selesai." }
`,
};

async function contactAt(rig: Rig, address: string): Promise<string> {
  const text = 'SELECT contact_id FROM address WHERE value_index = $1';
  const [row] = await rig.rows(text, [rig.vault.index('address', address)]);
  return row?.['contact_id'];
}

async function reachOf(rig: Rig, address: string): Promise<Reach> {
  const [row] = await rig.rows('SELECT id, channel, account FROM address WHERE value_index = $1', [
    rig.vault.index('address', address),
  ]);
  return {
    ...{ addressId: row?.['id'], channel: row?.['channel'] },
    ...{ account: row?.['account'], address, phone: address },
  };
}

/** As another process leaves it: a row, and nobody is told. */
async function leave(rig: Rig, to: Reach, name: string): Promise<Statement> {
  const statement = signalTo(to, name, { vault: rig.vault, newId, now: new Date('2026-11-24T03:00:00Z') });
  await run(rig.pool, statement);
  return statement;
}

it('is found after a crash, changes the conversation once, and is read back as it was left', async () => {
  const rig = await openRig(listening);
  const first = rig.turns();
  await first.receive(rig.message('mulai', { address: officer, phone: officer }));
  const reach = await reachOf(rig, officer);
  const { values } = await leave(rig, reach, 'ada-orang');
  const sealed = values.find((value) => Buffer.isBuffer(value));
  expect(decodeInbound(rig.vault.openJson(sealed as Buffer))).toMatchObject({
    content: { kind: 'signal', name: 'ada-orang' },
    address: officer,
    phone: officer,
  });
  await Promise.all([first.recover(), rig.turns().recover(), first.recover()]);
  await first.receive(rig.message('menu', { address: officer, phone: officer }));
  await leave(rig, reach, 'pergi');
  await rig.turns().recover();
  expect(await rig.said(officer)).toEqual(['Warna apa?', '(menu)', 'Selesai.', 'Warna apa?']);
  expect(await rig.rows(`SELECT state FROM inbound WHERE dedupe_key LIKE 'signal:%'`)).toEqual([
    { state: 'done' },
    { state: 'done' },
  ]);
});

it('is treated at once after the commit of the turn that left it, and what that turn sends to others is woken', async () => {
  const rig = await openRig(listening);
  await rig.turns().receive(rig.message('mulai', { address: officer, phone: officer }));
  const reach = await reachOf(rig, officer);
  const optIn = actions['contact.opt-in'];
  if (optIn === undefined) throw new Error('no such action');
  const woken = { id: newId(), account: 'simulator', lane: 'reply' as const };
  const turns = rig.turns({
    actions: {
      ...actions,
      'contact.opt-in': {
        ...optIn,
        run: async (_, context) => ({
          outcome: 'done',
          values: {},
          writes: [
            signalTo(reach, 'ada-orang', context),
            { name: 'nothing', text: 'SELECT 1', values: [], wakes: woken },
          ],
        }),
      },
    },
  });
  await rig.acceptAll();
  await turns.receive(rig.message('mulai'));
  await rig.acceptAll();
  await turns.receive(rig.message('merah'));
  await waitFor('the signal', async () =>
    (await rig.session(officer)).frames.some(({ flow }) => flow === 'orang'),
  );
  expect(rig.woken).toContainEqual(woken);
});

it('a turn decided on what has changed meanwhile is decided anew, and writes nothing of the first time', async () => {
  const rig = await openRig(listening);
  let tries = 0;
  const optIn = actions['contact.opt-in'];
  if (optIn === undefined) throw new Error('no such action');
  const turns = rig.turns({
    actions: {
      ...actions,
      'contact.opt-in': {
        ...optIn,
        run: async () => {
          tries += 1;
          const alarm = `INSERT INTO alarm (kind, message, raised_at) VALUES ('try-${tries}', '', now())`;
          const look = {
            name: `look-${tries}`,
            text: `SELECT 1 WHERE ${tries > 2}`,
            values: [],
            mustFind: true,
          };
          return {
            outcome: 'done',
            values: {},
            writes: [{ name: `alarm-${tries}`, text: alarm, values: [] }, look],
          };
        },
      },
    },
  });
  await turns.receive(rig.message('mulai'));
  await rig.acceptAll();
  await turns.receive(rig.message('merah'));
  expect(await rig.rows('SELECT kind FROM alarm')).toEqual([{ kind: 'try-3' }]);
  expect(await rig.said()).toEqual(['Warna apa?', 'Baik.']);
  expect(rig.failures).toEqual([]);
});

it('a turn that fails for good lets a human look after the person, and gives back what either side had', async () => {
  const rig = await openRig(listening);
  const turns = rig.turns({
    actions: failing(
      'contact.opt-in',
      () => true,
      () => new Error('broken'),
    ),
  });
  for (const address of [officer, '+6281234567890'])
    await turns.receive(rig.message('mulai', { address, phone: address }));
  await rig.acceptAll();
  const [one, other] = [await contactAt(rig, officer), await contactAt(rig, '+6281234567890')];
  const taken = `INSERT INTO handover (id, contact_id, member_sealed, reason, area, state, operator_id, operator_sealed, opened_at)
    VALUES ($1, $2, 'x', 'asked', '33', 'taken', $3, 'x', now())`;
  await rig.rows(taken, [newId(), one, other]);
  for (const word of ['merah', 'mulai'])
    await turns.receive(rig.message(word, { address: officer, phone: officer }));
  await rig.acceptAll();
  await turns.receive(rig.message('biru', { address: officer, phone: officer }));
  const rows = await rig.rows('SELECT * FROM handover ORDER BY number');
  expect(rows).toMatchObject([
    { reason: 'asked', state: 'open', operator_id: null, operator_sealed: null },
    { reason: 'turn-failed', state: 'open', operator_id: null, contact_id: one },
  ]);
  expect(openReach(rig.vault, rows[1]?.['member_sealed'])).toEqual(await reachOf(rig, officer));
  expect(
    (await rig.said(officer)).filter((text) => text.includes('sudah kami catat untuk petugas')),
  ).toHaveLength(2);
});

it('a conversation that is given up by the engine gives back what it had, and waits for a human', async () => {
  const rig = await openRig({
    ...listening,
    'flows/lama.yaml':
      'flow: lama\ntitle: Lama\nalways: [lama]\nsteps:\n  a: { ask: "Apa?", input: text, next: a, skip: { label: Selesai, go: end } }\n',
  });
  const turns = rig.turns();
  await turns.receive(rig.message('lama', { address: officer, phone: officer }));
  const one = await contactAt(rig, officer);
  const taken = `INSERT INTO handover (id, contact_id, member_sealed, reason, area, state, operator_id, operator_sealed, opened_at)
    VALUES ($1, $2, 'x', 'asked', '33', 'taken', $3, 'x', now())`;
  await rig.rows(taken, [newId(), one, newId()]);
  const state = rig.vault.sealJson({
    ...JSON.parse(JSON.stringify(await rig.session(officer))),
    turns: 2000,
  });
  await rig.rows('UPDATE session SET state_sealed = $1, version = version + 1', [state]);
  await rig.acceptAll();
  await turns.receive(rig.message('merah', { address: officer, phone: officer }));
  expect(await rig.rows('SELECT reason, state FROM handover ORDER BY number')).toEqual([
    { reason: 'asked', state: 'open' },
    { reason: 'turn-failed', state: 'open' },
  ]);
});

it('a row that cannot be read is reported once, and keeps no other from being treated', async () => {
  const rig = await openRig(listening);
  const turns = rig.turns();
  await turns.receive(rig.message('mulai', { address: officer, phone: officer }));
  const reach = await reachOf(rig, officer);
  await leave(rig, reach, 'damaged');
  await rig.rows(`UPDATE inbound SET body_sealed = 'x' WHERE state = 'pending'`);
  await leave(rig, reach, 'ada-orang');
  for (const _ of [1, 2, 3]) await turns.recover();
  expect(rig.failures).toHaveLength(1);
  expect((await rig.session(officer)).frames.map(({ flow }) => flow)).toEqual(['mulai', 'orang']);
});

it('is reached behind a thousand that cannot be opened', async () => {
  const rig = await openRig(listening);
  const turns = rig.turns();
  await turns.receive(rig.message('mulai', { address: officer, phone: officer }));
  const reach = await reachOf(rig, officer);
  await rig.rows(
    `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, written_at, received_at)
     SELECT gen_random_uuid(), $1, $2, 'simulator', 'stuck-' || n, '\\x00', 'pending', now(), now() FROM generate_series(1, 1000) n`,
    [await contactAt(rig, officer), reach.addressId],
  );
  await leave(rig, reach, 'ada-orang');
  await turns.recover();
  expect(await rig.session(officer)).toMatchObject({ frames: [{ flow: 'mulai' }] });
  await turns.recover();
  expect(await rig.session(officer)).toMatchObject({ frames: [{ flow: 'mulai' }, { flow: 'orang' }] });
  await turns.recover();
  expect(rig.failures, 'each is reported once').toHaveLength(1000);
});
