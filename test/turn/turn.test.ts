import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { expect, it } from 'vitest';
import type { Action } from '../../src/domain/action.js';
import { actions } from '../../src/domain/actions.js';
import { inputs } from '../../src/flow/inputs/index.js';
import { indonesian } from '../../src/flow/wording.js';
import type { Turns } from '../../src/turn/turn.js';
import { sized } from '../support/size.js';
import { failing, openRig, type Rig } from './rig.js';

async function converse(rig: Rig, turns: Turns, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await rig.acceptAll();
    await turns.receive(rig.message(text));
  }
}

const pieces = (...texts: readonly string[]) => texts.map((text) => expect.stringContaining(text));

it('treats a message, keeps what it came to, and wakes the sender', async () => {
  const rig = await openRig();
  await rig.turns().receive(rig.message('bantuan'));
  expect(await rig.said()).toEqual(pieces('Kata yang selalu dapat dipakai'));
  const deliveries = await rig.rows('SELECT id, account, lane FROM delivery');
  expect(rig.woken).toEqual(deliveries);
  expect(await rig.rows('SELECT state, attempts FROM inbound')).toEqual([{ state: 'done', attempts: 1 }]);
});

it('writes nothing for a message it knows', async () => {
  const rig = await openRig();
  const turns = rig.turns();
  const messages = [rig.message('daftar'), rig.message('bantuan')];
  for (const message of messages) await turns.receive(message);
  const before = await rig.dump();
  for (const message of [...messages, ...messages]) await turns.receive(message);
  await Promise.all(messages.map((message) => rig.turns({ gather: 1 }).receive(message)));
  expect(await rig.dump()).toEqual(before);
});

it('treats one message once when two processes have it at the same time', async () => {
  const rig = await openRig();
  for (const text of ['menu', 'SETUJU', 'daftar', 'petugas', 'menu']) {
    const message = rig.message(text);
    await Promise.all([rig.turns(), rig.turns(), rig.turns()].map((turns) => turns.receive(message)));
  }
  expect(await rig.rows('SELECT state, attempts FROM inbound')).toEqual(
    Array(5).fill({ state: 'done', attempts: 1 }),
  );
  expect(await rig.rows('SELECT count(*)::int AS n FROM contact')).toEqual([{ n: 1 }]);
  expect(await rig.rows('SELECT version FROM session')).toEqual([{ version: 5 }]);
});

it('begins again after a lost race: each of two processes has a message of one person, both are treated once', async () => {
  const rig = await openRig();
  await rig.turns().receive(rig.message('menu'));
  let meeting: (() => void) | null = null;
  const met = new Promise<void>((resolve) => {
    meeting = resolve;
  });
  let arrived = 0;
  const slow: Action['run'] = async (args, context) => {
    arrived += 1;
    if (arrived === 2) meeting?.();
    if (arrived <= 2) await met;
    const action = actions['handover.open'];
    if (action === undefined) throw new Error('no action');
    return action.run(args, context);
  };
  const open = actions['handover.open'];
  if (open === undefined) throw new Error('no action');
  const both = { actions: { ...actions, 'handover.open': { ...open, run: slow } } };
  const [one, other] = [rig.turns(both), rig.turns(both)];
  await Promise.all([one.receive(rig.message('petugas')), other.receive(rig.message('petugas'))]);
  expect(arrived, 'both thought at once, and the loser once more').toBe(3);
  expect(await rig.rows('SELECT state FROM inbound')).toEqual(Array(3).fill({ state: 'done' }));
  expect(await rig.rows('SELECT version FROM session')).toEqual([{ version: 3 }]);
  expect(await rig.rows('SELECT reason FROM handover')).toEqual([{ reason: 'asked' }]);
  expect(rig.failures).toEqual([]);
});

it('treats what one contact writes from two addresses at the same time, each message once', async () => {
  const rig = await openRig();
  const turns = rig.turns();
  const second = { address: 'alamat-kedua', phone: null };
  await turns.receive(rig.message('menu'));
  await turns.receive(rig.message('menu', second));
  await rig.rows(
    `UPDATE address SET contact_id = (SELECT contact_id FROM address ORDER BY created_at, id LIMIT 1)`,
  );
  const fresh = rig.turns();
  await Promise.all([fresh.receive(rig.message('bantuan')), fresh.receive(rig.message('petugas', second))]);
  expect(await rig.rows('SELECT state, attempts FROM inbound')).toEqual(
    Array(4).fill({ state: 'done', attempts: 1 }),
  );
  expect((await rig.rows('SELECT max(version) AS version FROM session'))[0]).toEqual({ version: 3 });
  expect(await rig.said()).toContainEqual(expect.stringContaining('Kata yang selalu dapat dipakai'));
  expect(await rig.said(second.address)).toContainEqual(expect.stringContaining('belum ada petugas'));
  expect(rig.failures).toEqual([]);
});

it('keeps the order of one person and does not let others wait for it', async () => {
  const rig = await openRig();
  const turns = rig.turns();
  const texts = ['daftar', 'bantuan', 'menu', 'petugas', 'batal'];
  const people = Array.from({ length: 20 }, (_, at) => `orang-${at}`);
  await Promise.all(
    texts.flatMap((text) =>
      people.map((address) => turns.receive(rig.message(text, { address, phone: null }))),
    ),
  );
  const first = await rig.said(people[0]);
  for (const address of people) expect(await rig.said(address)).toEqual(first);
  expect(await rig.rows('SELECT count(*)::int AS n FROM inbound WHERE state = $1', ['done'])).toEqual([
    { n: 100 },
  ]);
});

it('apologises once, tells a human once, parks after three attempts, and serves the next message', async () => {
  const rig = await openRig();
  const turns = rig.turns({
    actions: failing(
      'handover.open',
      () => true,
      () => new TypeError('a bug'),
    ),
  });
  await turns.receive(rig.message('petugas'));
  expect(await rig.said()).toEqual([indonesian.stuck]);
  expect(await rig.rows('SELECT state, attempts FROM inbound')).toEqual([{ state: 'parked', attempts: 3 }]);
  expect(await rig.rows('SELECT reason, area, operator_id FROM handover')).toEqual([
    { reason: 'turn-failed', area: '33', operator_id: null },
  ]);
  expect(await rig.rows('SELECT kind, message FROM alarm')).toEqual([
    { kind: 'turn-failed', message: 'TypeError' },
  ]);
  expect(rig.failures).toHaveLength(3);
  await turns.receive(rig.message('bantuan'));
  expect((await rig.said()).slice(1)).toEqual(pieces('Kata yang selalu dapat dipakai'));
});

it.each([
  [
    'a unique row is always there',
    { name: 'twice', text: 'INSERT INTO region SELECT * FROM region LIMIT 1', values: [] },
  ],
  [
    'what it looked at is always gone',
    { name: 'gone', text: 'SELECT WHERE false', values: [], mustFind: true },
  ],
  ['its session always moves on', null],
])('parks a turn that loses every race, and serves the next message: %s', async (_, write) => {
  const rig = await openRig();
  const open = actions['handover.open'];
  if (open === undefined) throw new Error('no action');
  const run: Action['run'] = async () => ({
    outcome: 'nobody',
    values: {},
    writes: write === null ? [] : [write],
  });
  await rig.rows(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`);
  if (write === null)
    await rig.rows(`CREATE TRIGGER refuse BEFORE UPDATE ON session FOR EACH ROW
      WHEN (NEW.state_sealed <> OLD.state_sealed AND NEW.updated_at <> OLD.updated_at) EXECUTE FUNCTION refuse()`);
  const turns = rig.turns({ actions: { ...actions, 'handover.open': { ...open, run } } });
  await turns.receive(rig.message('petugas'));
  expect(await rig.said()).toEqual([indonesian.stuck]);
  expect(await rig.rows('SELECT state, attempts FROM inbound')).toEqual([{ state: 'parked', attempts: 3 }]);
  expect(await rig.rows('SELECT kind, message FROM alarm')).toEqual([
    { kind: 'turn-failed', message: 'LostEveryRace' },
  ]);
  expect(rig.failures).toHaveLength(3);
  if (write === null) await rig.rows('DROP TRIGGER refuse ON session');
  await turns.receive(rig.message('bantuan'));
  expect((await rig.said()).slice(1)).toEqual(pieces('Kata yang selalu dapat dipakai'));
});

it('goes on by itself when an action failed only once', async () => {
  const rig = await openRig();
  let left = 1;
  const turns = rig.turns({
    actions: failing(
      'handover.open',
      () => left-- > 0,
      () => new Error('once'),
    ),
  });
  await turns.receive(rig.message('petugas'));
  expect(await rig.said()).toEqual(pieces('belum ada petugas'));
  expect(await rig.rows('SELECT state, attempts FROM inbound')).toEqual([{ state: 'done', attempts: 2 }]);
});

it('keeps an action that the database refuses from everything else of its turn', async () => {
  const rig = await openRig();
  const broken: Action = {
    signature: actions['handover.open']?.signature ?? { takes: {}, outcomes: {} },
    run: async () => ({
      outcome: 'nobody',
      values: {},
      writes: [
        {
          name: 'works',
          text: `INSERT INTO alarm (kind, message, raised_at) VALUES ('half', '', now())`,
          values: [],
        },
        { name: 'fails', text: 'INSERT INTO alarm (kind) VALUES (NULL)', values: [] },
      ],
    }),
  };
  await rig.turns({ actions: { ...actions, 'handover.open': broken } }).receive(rig.message('petugas'));
  expect(await rig.rows('SELECT kind FROM alarm')).toEqual([{ kind: 'turn-failed' }]);
  expect(await rig.said()).toEqual([indonesian.stuck]);
});

it('writes the turns of others one by one when one of a batch is refused', async () => {
  const rig = await openRig();
  const turns = rig.turns();
  await rig.rows(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.dedupe_key = 'refused' AND NEW.state = 'done' THEN RAISE 'refused'; END IF; RETURN NEW; END $$`);
  await rig.rows(
    'CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON inbound FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  const people = Array.from({ length: 12 }, (_, at) => `orang-${at}`);
  await Promise.all(
    people.map((address, at) =>
      turns.receive(
        rig.message('bantuan', { address, phone: null, ...(at === 5 ? { dedupeKey: 'refused' } : {}) }),
      ),
    ),
  );
  const heard = await Promise.all(people.map((address) => rig.said(address)));
  expect(heard).toEqual(people.map((_, at) => pieces(at === 5 ? indonesian.stuck : 'Kata yang selalu')));
  expect(await rig.rows(`SELECT state, count(*)::int AS n FROM inbound GROUP BY 1 ORDER BY 1`)).toEqual([
    { state: 'done', n: 11 },
    { state: 'parked', n: 1 },
  ]);
});

it('rejects while the database is away, so that the provider keeps the message, and takes it afterwards', async () => {
  const rig = await openRig();
  const message = rig.message('bantuan');
  const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 1_000 });
  await expect(rig.turns({ pool: nowhere }).receive(message)).rejects.toThrow();
  const ended = new pg.Pool({ connectionString: rig.database.url });
  await ended.end();
  await expect(rig.turns({ pool: ended }).receive(message)).rejects.toThrow();
  await nowhere.end();
  expect(rig.failures).toEqual([]);
  await rig.turns().receive(message);
  expect(await rig.said()).toHaveLength(1);
});

it('loses nothing when the database goes away in the middle of a turn', async () => {
  const rig = await openRig();
  let left = 1;
  const gone = () => Object.assign(new Error('terminating connection'), { code: '57P01' });
  const turns = rig.turns({ actions: failing('handover.open', () => left-- > 0, gone) });
  const message = rig.message('petugas');
  await expect(turns.receive(message)).rejects.toThrow('terminating');
  expect(await rig.rows('SELECT id FROM inbound')).toEqual([]);
  await turns.receive(message);
  expect(await rig.said()).toEqual(pieces('belum ada petugas'));
});

it('picks up after a crash what was stored but not treated', async () => {
  const rig = await openRig();
  let fails = true;
  const crashing = failing(
    'handover.open',
    () => fails,
    () => new Error('a bug'),
  );
  let stored = 0;
  const dying = rig.turns({
    actions: crashing,
    onFailure: () => {
      stored += 1;
      if (stored > 1) throw new Error('the process is dead');
    },
  });
  await expect(dying.receive(rig.message('petugas'))).rejects.toThrow('the process is dead');
  expect(await rig.rows('SELECT state, attempts FROM inbound')).toEqual([{ state: 'failed', attempts: 1 }]);
  fails = false;
  const next = rig.turns({ actions: crashing });
  await next.recover();
  expect(await rig.said()).toEqual(pieces('belum ada petugas'));
  expect(await rig.rows('SELECT state, attempts FROM inbound')).toEqual([{ state: 'done', attempts: 2 }]);
  const after = await rig.dump();
  await next.recover();
  expect(await rig.dump()).toEqual(after);
});

it('gives back from its row the session it put there', async () => {
  const rig = await openRig();
  const turns = rig.turns();
  await converse(rig, turns, ['daftar', 'SETUJU', 'ya', 'nama saya 😀', 'bantuan']);
  const session = await rig.session();
  expect(session.frames.map((frame) => frame.flow)).toEqual(['registrasi']);
  expect(session.frames[0]?.step).toBe('nama');
  expect(JSON.parse(JSON.stringify(session))).toEqual(session);
  expect(await rig.rows('SELECT flow, step, question, program FROM session')).toEqual([
    {
      flow: 'registrasi',
      step: 'nama',
      question: session.frames[0]?.wait?.question,
      program: session.program,
    },
  ]);
});

it('gives up a conversation that outgrew its bounds, and says of that turn nothing else', async () => {
  const rig = await openRig({
    'cerita.yaml': `
flow: cerita
title: Cerita
fallback: true
steps:
  dengar: { listen: pesan, remind: "Masih.", words: { pergi: selesai }, next: bahasa }
  bahasa: { do: contact.set-language, with: { bahasa: pesan }, outcomes: { done: catat, unknown: catat } }
  catat: { do: contact.opt-in, outcomes: { done: dengar } }
  selesai: { end: "Selesai." }
`,
  });
  const turns = rig.turns();
  await turns.receive(rig.message('halo'));
  await rig.rows('UPDATE contact SET opted_out_at = now()');
  await turns.receive(rig.message(randomBytes(60_000).toString('base64')));
  expect(await rig.said()).toEqual([indonesian.stuck]);
  const last = 'SELECT kinds, flows, steps, outcomes, facts_sealed FROM inbound ORDER BY seq DESC LIMIT 1';
  expect(await rig.rows(last)).toEqual([
    { kinds: ['failed'], flows: ['cerita'], steps: ['dengar'], outcomes: ['too-large'], facts_sealed: null },
  ]);
  expect(await rig.rows('SELECT flow FROM session')).toEqual([{ flow: null }]);
  expect(await rig.rows('SELECT FROM contact WHERE opted_out_at IS NULL')).toEqual([]);
  expect(await rig.rows('SELECT kind, message FROM alarm')).toEqual([
    { kind: 'conversation-stuck', message: 'a conversation was given up: too-large' },
  ]);
  expect(await rig.rows('SELECT reason FROM handover')).toEqual([{ reason: 'turn-failed' }]);
});

it.each([
  [20, 'Selesai.'],
  [21, indonesian.stuck],
])('asks the domain at most twenty times in one turn: %i', async (times, said) => {
  const steps = Array.from(
    { length: times },
    (_, at) =>
      `  catat-${at}: { do: contact.opt-in, outcomes: { done: ${at + 1 < times ? `catat-${at + 1}` : 'akhir'} } }`,
  );
  const rig = await openRig({
    'mulai.yaml': `flow: mulai\ntitle: Mulai\nfallback: true\nsteps:\n${steps.join('\n')}\n  akhir: { end: "Selesai." }\n`,
  });
  await rig.turns().receive(rig.message('halo'));
  expect(await rig.said()).toEqual([said]);
});

it('takes back every part of a question that nobody has seen, and nothing that was said beside it', async () => {
  const long = 'Ini keterangan yang panjang sekali. '.repeat(300);
  const rig = await openRig({
    'mulai.yaml': `
flow: mulai
title: Mulai
fallback: true
steps:
  salam: { say: "Selamat datang." }
  cerita: { ask: "${long}Bagaimana?", input: text }
  akhir: { end: "Selesai." }
`,
  });
  const turns = rig.turns();
  await turns.receive(rig.message('halo'));
  const [, ...parts] = await rig.rows('SELECT id FROM delivery ORDER BY seq');
  expect(parts.length).toBeGreaterThan(2);
  await rig.rows(`UPDATE delivery SET state = 'accepted', accepted_at = now() WHERE id = $1`, [parts[0]?.id]);
  await turns.receive(rig.message('baik'));
  const states = await rig.rows('SELECT state, code FROM delivery ORDER BY seq');
  const sent = { state: 'due', code: null };
  expect(states).toEqual([
    sent,
    { state: 'accepted', code: null },
    ...parts.slice(1).map(() => ({ state: 'cancelled', code: 'replaced' })),
    ...parts.map(() => sent),
  ]);
});

const ugly = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  'Sri \udfff Rahayu',
  '\u202eSri\u202c',
  '\u200e\u200f\u2066',
  '👨‍👩‍👧‍👦'.repeat(50),
  'ꦱꦸꦒꦼꦁ',
  'a'.repeat(100_000),
  '9'.repeat(100_000),
  ' '.repeat(100_000),
  'x\n'.repeat(50_000),
  '{nama}',
  `'; DROP TABLE member; --`,
  '<b>*_~`',
  '\u001b[2J',
  '__proto__',
  'constructor',
];
const stretch = fc.string({ unit: 'binary', maxLength: 300 });
const anyText = fc.oneof(
  fc.constantFrom(...ugly),
  stretch,
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);

/** How far a conversation has come when the text comes. */
const placesInFlow: readonly (readonly string[])[] = [
  [],
  ['menu'],
  ['daftar'],
  ['daftar', 'SETUJU'],
  ['daftar', 'SETUJU', 'ya'],
  ['daftar', 'SETUJU', 'ya', 'Sri Contohwati'],
  ['daftar', 'SETUJU', 'tidak'],
  ['daftar', 'SETUJU', 'ya', 'Sri Contohwati', 'Semarang, 17 Agustus 1970', 'perempuan'],
];

it('survives any text: nothing is thrown, and the next message is answered', async () => {
  const rig = await openRig();
  const turns = rig.turns();
  let person = 0;
  const survives = async (place: readonly string[], texts: readonly string[]) => {
    const address = `orang-${person++}`;
    const phone = '+6281234567890';
    for (const text of [...place, ...texts]) {
      await rig.acceptAll();
      await turns.receive(rig.message(text, { address, phone }));
    }
    expect(await rig.said(address)).not.toContain(indonesian.stuck);
    const session = await rig.session(address);
    expect(JSON.parse(JSON.stringify(session))).toEqual(session);
    await turns.receive(rig.message('bantuan', { address, phone }));
    expect((await rig.said(address)).filter((text) => text.includes('PIN, atau kode OTP'))).not.toEqual([]);
    expect(rig.failures).toEqual([]);
  };
  await Promise.all(ugly.flatMap((text) => placesInFlow.map((place) => survives(place, [text]))));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...placesInFlow),
      fc.array(anyText, { minLength: 1, maxLength: 4 }),
      survives,
    ),
    { numRuns: sized(20, 60) },
  );
}, 120_000);

it('goes on in the language a person chose, from the next sentence on, also for a process that did not hear it', async () => {
  const flow = (say: string, ask: string) => `steps:\n  pilih: { ask: "${ask}", input: text }\n${say}`;
  const words = Object.entries(indonesian).map(
    ([name, own]) => `  ${name}: "${typeof own === 'string' ? name : '{}'}"`,
  );
  const fixed = Object.values(actions).flatMap(({ signature }) => Object.values(signature.fixed ?? {}));
  fixed.push(...Object.values(inputs).flatMap((input) => input.labels ?? []));
  const rig = await openRig({
    'mulai.yaml': `flow: mulai\ntitle: Mulai\nfallback: true\n${flow(
      `  simpan: { do: contact.set-language, with: { bahasa: pilih }, outcomes: { done: selesai, unknown: selesai } }\n  selesai: { end: "Baik." }`,
      'Bahasa apa?',
    )}`,
    'mulai.jv.yaml': `language: jv\nflow: mulai\ntitle: Wiwit\n${flow('  selesai: { end: "Inggih." }', 'Basa menapa?').replace(', input: text', '')}`,
    'engine.jv.yaml': `language: jv\nwords:\n${words.join('\n')}\nsentences:\n${[...new Set(fixed)].map((one) => `  "${one}": "sampun"`).join('\n')}\n`,
  });
  const turns = rig.turns();
  await converse(rig, turns, ['halo', 'jv', 'halo']);
  expect(await rig.said()).toEqual(['Bahasa apa?', 'Inggih.', 'Basa menapa?']);
  await converse(rig, rig.turns(), ['id', 'halo']);
  expect((await rig.said()).slice(3)).toEqual(['Baik.', 'Bahasa apa?']);
});
