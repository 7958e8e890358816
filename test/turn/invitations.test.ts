import { describe, expect, test } from 'vitest';
import type { Content } from '../../src/channels/contract.js';
import { rakorDetails, sealDetails } from '../../src/domain/rakor.js';
import { newId } from '../../src/store/ids.js';
import type { Turns } from '../../src/turn/turn.js';
import { openRig, type Rig } from './rig.js';

const address = '+6281234567890';
const details = {
  nomor: '005/12/IPSM/2026',
  hal: 'Undangan',
  acara: 'Rakor Contoh',
  tempat: 'Aula Contoh',
};

/** Somebody who has written, with the invitation to a rakor that was sent as a broadcast and has arrived. */
async function invited(rig: Rig, turns: Turns, startsAt = '2026-12-10T02:00:00Z', acara = 'Rakor Contoh') {
  const [rakor, broadcast, question] = [newId(), newId(), newId()];
  const [person] = await rig.rows('SELECT id, contact_id FROM address');
  if (person === undefined) {
    await turns.receive(rig.message('halo'));
    await rig.acceptAll();
    return invitedAgain(rig, { rakor, broadcast, question, startsAt, acara });
  }
  return invitedAgain(rig, { rakor, broadcast, question, startsAt, acara });
}

interface Sending {
  readonly rakor: string;
  readonly broadcast: string;
  readonly question: string;
  readonly startsAt: string;
  readonly acara: string;
}

async function invitedAgain(rig: Rig, { rakor, broadcast, question, startsAt, acara }: Sending) {
  const sealed = sealDetails(rakorDetails.parse({ ...details, acara }), rig.vault);
  const [to] = await rig.rows('SELECT id, contact_id FROM address');
  await rig.rows(
    `INSERT INTO rakor (id, area, state, details_sealed, starts_at, created_by, simulator) VALUES ($1, '33', 'called', $2, $3, 'local:test', true)`,
    [rakor, sealed, startsAt],
  );
  await rig.rows(
    `INSERT INTO broadcast (id, kind, rakor_id, state, body_sealed, created_by) VALUES ($1, 'invitation', $2, 'running', $3, 'local:test')`,
    [broadcast, rakor, rig.vault.sealJson({ text: 'Undangan', choices: [], question })],
  );
  await rig.rows('INSERT INTO invitation (id, rakor_id, contact_id) VALUES ($1, $2, $3)', [
    ...[newId(), rakor, to?.['contact_id']],
  ]);
  await rig.rows(
    `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, question, broadcast_id, body_sealed, due_at)
     VALUES ($1, $2, $3, 'simulator', 'bulk', 'due', $4, $5, $6, '2026-11-24T03:00:00Z')`,
    [
      newId(),
      to?.['contact_id'],
      to?.['id'],
      question,
      broadcast,
      rig.vault.sealJson({ text: 'Undangan', choices: [], question }),
    ],
  );
  await rig.acceptAll();
  return {
    rakor,
    question,
    tap: (choice: string): Content => ({ kind: 'choice', question, choice, label: choice }),
  };
}

/** What the bot says to something that was sent after all was seen. */
async function says(rig: Rig, turns: Turns, sent: string | Content): Promise<string> {
  await rig.acceptAll();
  const before = (await rig.said(address)).length;
  await turns.receive(rig.message(sent));
  return (await rig.said(address)).slice(before).join('\n---\n');
}

const answers = async (rig: Rig) =>
  (await rig.rows('SELECT answer FROM invitation ORDER BY created_at, id')).map(({ answer }) => answer);

describe('an invitation that was sent to many', () => {
  test.each([
    ['a tap', (tap: (choice: string) => Content) => tap('hadir'), 'hadir'],
    ['the number of a choice', () => '1', 'hadir'],
    ['plain words', () => 'siap hadir pak', 'hadir'],
    ['insya Allah', () => 'Insya Allah hadir', 'mungkin'],
    ['a refusal in krama', () => 'mboten saged rawuh', 'tidak'],
  ])('is answered by %s', async (_, sent, answer) => {
    const rig = await openRig();
    const turns = rig.turns();
    const { tap } = await invited(rig, turns);
    expect(await says(rig, turns, sent(tap))).toContain('Saya catat');
    expect(await answers(rig)).toEqual([answer]);
    expect(rig.failures).toEqual([]);
  });

  test('"nggih" is no answer: the question is asked plainly', async () => {
    const rig = await openRig();
    const turns = rig.turns();
    await invited(rig, turns);
    expect(await says(rig, turns, 'nggih')).toContain('Apakah Bapak/Ibu dapat hadir?');
    expect(await answers(rig)).toEqual([null]);
    expect(await says(rig, turns, '1')).toContain('Saya catat: *hadir*');
    expect(await answers(rig)).toEqual(['hadir']);
  });

  test('in the middle of something else it is answered, and the question comes again unanswered', async () => {
    const rig = await openRig();
    const turns = rig.turns();
    const { tap } = await invited(rig, turns);
    await says(rig, turns, 'usul masalah');
    const before = await rig.session();
    const said = await says(rig, turns, tap('hadir'));
    expect(said).toContain('Saya catat: *hadir*');
    expect(said).toMatch(/Di kabupaten atau kota mana masalah itu terjadi\?$/);
    const after = await rig.session();
    expect(after.frames.map(({ flow, step, values }) => ({ flow, step, values }))).toEqual(
      before.frames.map(({ flow, step, values }) => ({ flow, step, values })),
    );
    expect(await answers(rig)).toEqual(['hadir']);
  });

  test('another answer by the same message takes its place; the same twice changes nothing', async () => {
    const rig = await openRig();
    const turns = rig.turns();
    const { tap } = await invited(rig, turns);
    for (const choice of ['hadir', 'hadir']) await says(rig, turns, tap(choice));
    expect(await rig.rows(`SELECT 1 FROM audit_entry WHERE kind = 'rakor'`)).toHaveLength(1);
    expect(await says(rig, turns, tap('tidak'))).toContain('Saya catat: *tidak hadir*');
    expect(await says(rig, turns, tap('hadir'))).toContain('Saya catat: *hadir*');
    expect(await answers(rig)).toEqual(['hadir']);
  });

  test('a number counts as well behind the calendar that comes with a change', async () => {
    const rig = await openRig();
    const turns = rig.turns();
    const { rakor } = await invited(rig, turns);
    const broadcast = newId();
    const body = rig.vault.sealJson({ text: 'Kalender', choices: [], question: null });
    await rig.rows(
      `INSERT INTO broadcast (id, kind, rakor_id, state, body_sealed, created_by) VALUES ($1, 'calendar', $2, 'running', $3, 'local:test')`,
      [broadcast, rakor, body],
    );
    await rig.rows(
      `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, broadcast_id, body_sealed, due_at)
       SELECT $1, contact_id, id, 'simulator', 'bulk', 'due', $2, $3, '2026-11-24T03:00:00Z' FROM address`,
      [newId(), broadcast, body],
    );
    expect(await says(rig, turns, '1')).toContain('Saya catat: *hadir*');
    expect(await answers(rig)).toEqual(['hadir']);
  });

  test('a number is no answer once something else was said last', async () => {
    const rig = await openRig();
    const turns = rig.turns();
    await invited(rig, turns);
    await says(rig, turns, 'menu');
    await says(rig, turns, '1');
    expect(await answers(rig)).toEqual([null]);
  });

  test('of several rakor the one whose message is tapped; by words it is asked which', async () => {
    const rig = await openRig();
    const turns = rig.turns();
    const first = await invited(rig, turns);
    await invited(rig, turns, '2026-12-20T02:00:00Z', 'Rakor Lain');
    expect(await says(rig, turns, first.tap('hadir'))).toContain('Saya catat: *hadir*');
    expect(await answers(rig)).toEqual(['hadir', null]);
    await rig.acceptAll();
    expect(await says(rig, turns, 'tidak hadir')).toMatch(/Rakor mana yang dimaksud\?$/);
  });

  test('after its beginning it is told kindly, and the answer stays', async () => {
    const rig = await openRig();
    const turns = rig.turns();
    const { tap } = await invited(rig, turns, '2026-11-24T02:00:00Z');
    expect(await says(rig, turns, tap('hadir'))).toContain('sudah dimulai');
    expect(await answers(rig)).toEqual([null]);
  });

  test('a delegate takes the place by a link, answers, and is told when not needed', async () => {
    const rig = await openRig();
    const turns = rig.turns();
    const { tap } = await invited(rig, turns);
    await says(rig, turns, tap('diwakilkan'));
    for (const line of ['Budi Contoh', 'tidak']) await says(rig, turns, line);
    const said = await says(rig, turns, 'tidak');
    const code = /WAKILI (\w{8})/.exec(said)?.[1] ?? '';
    expect(said).toContain('Saya catat: *diwakilkan* oleh *Budi Contoh*');
    const budi = '+6281299990001';
    const from = { address: budi, phone: budi };
    await turns.receive(rig.message(`WAKILI ${code}`, from));
    expect((await rig.said(budi)).at(-1)).toContain('Bapak/Ibu *Budi Contoh* diminta mewakili');
    expect((await rig.said()).at(-1)).toBe(
      'Undangan rakor yang Bapak/Ibu wakilkan sudah dibuka oleh *Budi Contoh*.',
    );
    await turns.receive(
      rig.message(`WAKILI ${code}`, { address: '+6281299990002', phone: '+6281299990002' }),
    );
    expect((await rig.said('+6281299990002')).join('\n')).toContain('Kode itu tidak kami kenal');
    await rig.acceptAll();
    await turns.receive(rig.message('hadir', from));
    expect((await rig.said(budi)).at(-1)).toContain('Saya catat: *hadir*');
    expect((await answers(rig)).toSorted()).toEqual(['diwakilkan', 'hadir']);
    await says(rig, turns, tap('hadir'));
    expect((await rig.said(budi)).at(-1)).toContain('tidak lagi diminta mewakili');
    expect(await answers(rig)).toEqual(['hadir']);
    expect(rig.failures).toEqual([]);
  });
});
