import { expect, it } from 'vitest';
import { signaturesOf } from '../../src/base.js';
import type { Sources } from '../../src/flow/compile.js';
import { indonesian as words } from '../../src/flow/wording.js';
import { compileFlows, hashOf, rebuildFlows } from '../../src/flows.js';
import { createLibrary, type Library } from '../../src/turn/library.js';
import type { Turns } from '../../src/turn/turn.js';
import { OutdatedProcess } from '../../src/turn/versions.js';
import { openRig, type Rig } from './rig.js';

const petugas = `
flow: petugas
title: Petugas
always: [petugas]
human: true
steps:
  buka: { do: handover.open, outcomes: { opened: ya, nobody: ya } }
  ya: { end: "Petugas diberi tahu." }
`;

/** One version of the flows, as it is kept. */
function flows(form: string, greeting: string): Sources {
  const menu = `flow: menu\ntitle: Menu\nfallback: true\nsteps:\n  isi: { end: "${greeting}" }\n`;
  return { 'flows/form.yaml': form, 'flows/menu.yaml': menu, 'flows/petugas.yaml': petugas };
}

const form = (header: string, name: string, question: string) => `
flow: form
title: Formulir
triggers: [isi]
${header}
steps:
  ${name}: { ask: "${question}", input: person-name }
  warna: { ask: "Apa warnanya?", input: text }
  akhir: { end: "{${name}}, {warna}." }
`;

const first = flows(form('', 'nama', 'Siapa nama Bapak/Ibu?'), 'Versi satu.');
const changed = flows(form('', 'sapaan', 'Siapa sapaan Bapak/Ibu?'), 'Versi dua.');
const moved = flows(form('moved: { nama: sapaan }', 'sapaan', 'Siapa sapaan Bapak/Ibu?'), 'Versi dua.');

/** The library of a process: these flows were published one after the other, and it has begun with one of them. */
function libraryOf(published: readonly Sources[], begun = published.length - 1): Library {
  const at = (index: number) => new Date(Date.parse('2026-11-24T01:00:00Z') + index);
  const sources = published[begun];
  if (sources === undefined) throw new Error('no flows');
  return createLibrary({ program: compileFlows(sources, signaturesOf()), at: at(begun) }, async (hash) => {
    const index = published.findIndex((one) => hashOf(one) === hash);
    const found = published[index];
    return found === undefined ? null : { program: rebuildFlows(found, signaturesOf()), at: at(index) };
  });
}

async function converse(rig: Rig, turns: Turns, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await rig.acceptAll();
    await turns.receive(rig.message(text));
  }
}

const last = async (rig: Rig) => (await rig.said()).at(-1);

it('a conversation ends in the version it began with, and the next one begins with the newest', async () => {
  const rig = await openRig(first);
  const library = libraryOf([first]);
  const turns = rig.turns({ library });
  await converse(rig, turns, 'isi', 'Sri Contohwati');
  const later = libraryOf([first, changed]);
  library.begin(later.current);
  await converse(rig, turns, 'biru');
  expect(await last(rig)).toBe('Sri Contohwati, biru.');
  await converse(rig, turns, 'isi');
  expect(await last(rig)).toBe('Siapa sapaan Bapak/Ibu?');
  expect((await rig.session()).program).toBe(hashOf(changed));
});

it('the same after the process has ended and begun again in the middle', async () => {
  const rig = await openRig(first);
  await converse(rig, rig.turns({ library: libraryOf([first]) }), 'isi', 'Sri Contohwati');
  await converse(rig, rig.turns({ library: libraryOf([first, changed]) }), 'biru');
  expect(await last(rig)).toBe('Sri Contohwati, biru.');
  expect(rig.failures).toEqual([]);
});

it.each([true, false])(
  'with moved: it goes on in the newest with its answers (restart: %s)',
  async (restart) => {
    const rig = await openRig(first);
    const library = libraryOf([first]);
    const begun = rig.turns({ library });
    await converse(rig, begun, 'isi', 'Sri Contohwati');
    const later = libraryOf([first, moved]);
    if (!restart) library.begin(later.current);
    const turns = restart ? rig.turns({ library: later }) : begun;
    await converse(rig, turns, 'kembali');
    expect(await last(rig)).toBe(`${words.undone}\n\nSiapa sapaan Bapak/Ibu?`);
    expect((await rig.session()).program).toBe(hashOf(moved));
    const facts = 'SELECT kinds, flows, steps, outcomes FROM inbound ORDER BY seq DESC LIMIT 1';
    expect(await rig.rows(facts)).toEqual([
      {
        kinds: ['carried', 'undone', 'asked'],
        flows: ['form', 'form', 'form'],
        steps: ['warna', 'warna', 'sapaan'],
        outcomes: [hashOf(first), 'sapaan', ''],
      },
    ]);
    await converse(rig, turns, 'Budi Contoh', 'merah');
    expect(await last(rig)).toBe('Budi Contoh, merah.');
  },
);

it('a question that has changed is asked again, and the one before is not sent any more', async () => {
  const rig = await openRig(first);
  await rig.turns({ library: libraryOf([first]) }).receive(rig.message('isi'));
  const turns = rig.turns({ library: libraryOf([first, moved]) });
  await turns.receive(rig.message('Sri Contohwati'));
  expect(await rig.said()).toEqual(['Siapa nama Bapak/Ibu?', `${words.renewed}\n\nSiapa sapaan Bapak/Ibu?`]);
  const states = await rig.rows('SELECT state, code FROM delivery ORDER BY seq');
  expect(states).toEqual([
    { state: 'cancelled', code: 'replaced' },
    { state: 'due', code: null },
  ]);
  await converse(rig, turns, 'Mbah Sri', 'biru');
  expect(await last(rig)).toBe('Mbah Sri, biru.');
});

it('a turn that is lost in between carries nobody twice', async () => {
  const rig = await openRig(first);
  await converse(rig, rig.turns({ library: libraryOf([first]) }), 'isi', 'Sri Contohwati');
  await rig.acceptAll();
  const message = rig.message('biru');
  const processes = [0, 1, 2].map(() => rig.turns({ library: libraryOf([first, moved]) }));
  await Promise.all(processes.map((turns) => turns.receive(message)));
  expect(await rig.rows('SELECT state, attempts FROM inbound')).toEqual(
    Array(3).fill({ state: 'done', attempts: 1 }),
  );
  expect((await rig.said()).filter((text) => text === 'Sri Contohwati, biru.')).toHaveLength(1);
});

const unreadable = flows(
  form('', 'nama', 'Siapa nama Bapak/Ibu?').replace('input: text', 'input: color'),
  'Versi satu.',
);

/** Somebody in the middle of flows of another release of Sapa, which this one cannot read: their answers are kept sealed. */
async function strand(rig: Rig): Promise<void> {
  await converse(rig, rig.turns({ library: libraryOf([first]) }), 'isi', 'Sri Contohwati');
  const state = { ...(await rig.session()), program: hashOf(unreadable) };
  await rig.rows('UPDATE session SET program = $1, state_sealed = $2, version = version + 1', [
    state.program,
    rig.vault.sealJson(JSON.parse(JSON.stringify(state))),
  ]);
}

it('who is in flows that cannot be read any more is told, begins anew, and a human hears of it', async () => {
  const rig = await openRig(first);
  await strand(rig);
  const turns = rig.turns({ library: libraryOf([unreadable, changed]) });
  await converse(rig, turns, 'biru');
  expect(await last(rig)).toBe(`${words.lost}\n\nVersi dua.`);
  expect(
    await rig.rows('SELECT state, kinds[1] AS kind, outcomes[1] AS why FROM inbound ORDER BY seq'),
  ).toEqual([
    { state: 'done', kind: 'started', why: 'trigger' },
    { state: 'done', kind: 'saved', why: 'nama' },
    { state: 'done', kind: 'failed', why: 'flows-unreadable' },
  ]);
  const handovers = 'SELECT reason, area, closed_at FROM handover';
  expect(await rig.rows(handovers)).toEqual([{ reason: 'flows-unreadable', area: '33', closed_at: null }]);
  expect(await rig.rows('SELECT kind, message FROM alarm')).toEqual([
    { kind: 'conversation-stuck', message: 'a conversation was given up: flows-unreadable' },
  ]);
  await converse(rig, turns, 'isi');
  expect(await last(rig)).toBe('Siapa sapaan Bapak/Ibu?');
  expect(rig.failures).toEqual([]);
});

it('the same when the flows are not kept any more, and for a button of the old question', async () => {
  const rig = await openRig(first);
  await strand(rig);
  const turns = rig.turns({ library: libraryOf([changed]) });
  const content = { kind: 'choice', question: 'q1', choice: 'ya', label: 'Ya' } as const;
  await turns.receive(rig.message('', { content }));
  expect(await last(rig)).toBe(`${words.lost}\n\n${words.oldButtonIdle}`);
  expect((await rig.session()).program).toBeNull();
});

it('an unchanged flow goes on although another one of its version cannot be read any more', async () => {
  const rig = await openRig(first);
  const extra = 'flow: lama\ntitle: Lama\ntriggers: [lama]\nsteps:\n  a: { ask: "Apa?", input: color }\n';
  const older = { ...first, 'flows/lama.yaml': extra };
  await converse(rig, rig.turns({ library: libraryOf([first]) }), 'isi', 'Sri Contohwati');
  const state = { ...(await rig.session()), program: hashOf(older) };
  const sealed = rig.vault.sealJson(JSON.parse(JSON.stringify(state)));
  await rig.rows('UPDATE session SET program = $1, state_sealed = $2', [state.program, sealed]);
  await converse(rig, rig.turns({ library: libraryOf([older, first]) }), 'biru');
  expect(await last(rig)).toBe('Sri Contohwati, biru.');
});

it('an older process takes nobody back, and leaves alone what it cannot read', async () => {
  const rig = await openRig(first);
  await converse(rig, rig.turns({ library: libraryOf([first, moved]) }), 'isi', 'Sri Contohwati');
  const behind = rig.turns({ library: libraryOf([first, moved], 0) });
  await converse(rig, behind, 'biru');
  expect(await last(rig)).toBe('Sri Contohwati, biru.');
  await strand(rig);
  const before = await rig.dump();
  const outdated = rig.turns({ library: libraryOf([first, unreadable], 0) });
  await expect(outdated.receive(rig.message('biru'))).rejects.toThrow(OutdatedProcess);
  expect(await rig.dump()).toEqual(before);
});
