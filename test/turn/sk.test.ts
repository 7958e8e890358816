import { describe, expect, it } from 'vitest';
import type { Content } from '../../src/channels/contract.js';
import { grantRole } from '../../src/domain/grants.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { newId } from '../../src/store/ids.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import type { Turns } from '../../src/turn/turn.js';
import { fileOf } from '../support/files.js';
import { openRig, type Rig } from './rig.js';

const sri = '+6281200000001';
const officers = ['+6281200000002', '+6281200000003'] as const;
const village = '33.74.14.1001';

async function grant(rig: Rig, phone: string): Promise<void> {
  const { pool, vault } = rig;
  const records = { pool, vault, prisma: createPrisma(pool), now: () => new Date(), newId: () => newId() };
  const request = { phone, role: 'operator', region: '33.74', simulator: true };
  expect(await grantRole(localAdministrator('test'), records, request)).toMatchObject({ ok: true });
}

/** A member who is registered, without the talk. */
async function register(rig: Rig, turns: Turns, phone: string, name: string): Promise<void> {
  await say(rig, turns, phone, 'halo');
  const id = newId();
  await rig.rows(
    `INSERT INTO member (id, name, birth_date, sex, region_code, education, simulator)
     VALUES ($1, $2, '1970-08-17', 'P', $3, 'sma', true)`,
    [id, name, village],
  );
  await rig.rows(
    'INSERT INTO member_contact (member_id, contact_id) SELECT $1, contact_id FROM address WHERE value_index = $2',
    [id, rig.vault.index('address', phone)],
  );
}

/** What somebody writes or sends once everything was seen; gives what the bot says to it. */
async function say(
  rig: Rig,
  turns: Turns,
  phone: string,
  sent: string | Content,
): Promise<readonly string[]> {
  await rig.acceptAll();
  const before = (await rig.said(phone)).length;
  await turns.receive(rig.message(sent, { address: phone, phone }));
  return (await rig.said(phone)).slice(before);
}

async function talk(
  rig: Rig,
  turns: Turns,
  phone: string,
  lines: readonly (string | Content)[],
): Promise<string> {
  let last: readonly string[] = [];
  for (const line of lines) last = await say(rig, turns, phone, line);
  return last.at(-1) ?? '';
}

const photo = (ref: string): Content => ({
  kind: 'file',
  ref,
  name: 'SK.jpg',
  mime: 'image/jpeg',
  size: 1000,
  caption: null,
});
const sending = [
  ...['kirim sk', '141/07/2021', '5 juli 2021', 'lurah'],
  ...[photo('1'), photo('2'), photo('3'), photo('4')],
  'ya',
];

const moves = (rig: Rig) => rig.rows('SELECT move, to_state FROM sk_move ORDER BY at, id');

async function sentIn(rig: Rig) {
  const turns = rig.turns({ fetchFile: async (_, ref) => fileOf('jpeg', 1000, `halaman ${ref}`) });
  for (const phone of officers) {
    await grant(rig, phone);
    await say(rig, turns, phone, 'halo');
  }
  await register(rig, turns, sri, 'SRI CONTOHWATI');
  expect(await talk(rig, turns, sri, sending)).toContain('menunggu pemeriksaan petugas');
  return turns;
}

describe('an SK, from whoever sends it to whoever verifies it', () => {
  it('everything she answered is kept, the officer sees it with its pages, and she hears the result', async () => {
    const rig = await openRig();
    const turns = await sentIn(rig);
    const [document] = await rig.rows('SELECT * FROM sk_document');
    expect(document).toMatchObject({ decided_on: '2021-07-05', issuer: 'lurah', region_code: village });
    expect(rig.vault.open(document?.['number_sealed'])).toBe('141/07/2021');
    const pages = await rig.rows(
      'SELECT attachment_id AS id FROM sk_file JOIN attachment a ON a.id = attachment_id ORDER BY page, a.created_at',
    );
    expect(await rig.rows('SELECT id FROM attachment ORDER BY created_at')).toEqual(pages);
    expect(pages).toHaveLength(4);

    const [first, , , second, question] = await say(rig, turns, officers[0], 'periksa sk');
    expect([first, question]).toEqual(['', 'Bagaimana hasil pemeriksaan SK *Sri Contohwati*?']);
    expect(second).toContain('1 SK menunggu. Yang ini atas nama:\n*Sri Contohwati*, Kelurahan');
    const bodies = await rig.rows(
      `SELECT d.body_sealed AS body FROM delivery d JOIN address a ON a.id = d.address_id WHERE a.value_index = $1 ORDER BY seq`,
      [rig.vault.index('address', officers[0])],
    );
    const files = bodies.flatMap(({ body }) => Object(rig.vault.openJson(body)).enclosure?.content ?? []);
    expect(files).toEqual(pages.map(({ id }) => id));

    expect(await talk(rig, turns, officers[0], ['perbaiki', 'Fotonya buram.', 'ya'])).toContain(
      'Tidak ada SK',
    );
    expect((await rig.said(sri)).at(-1)).toContain('Catatan petugas: Fotonya buram.');
    expect(await say(rig, turns, sri, 'cek sk')).toEqual([
      expect.stringContaining('Catatan: Fotonya buram.'),
      expect.anything(),
    ]);
    expect(await moves(rig)).toEqual([
      { move: 'kirim', to_state: 'berkas_diterima' },
      { move: 'buka', to_state: 'diperiksa' },
      { move: 'perbaiki', to_state: 'perlu_perbaikan' },
    ]);
    expect(rig.failures).toEqual([]);
  });

  it('of two who ask for the next at the same moment one gets it, in whatever process', async () => {
    const rig = await openRig();
    await sentIn(rig);
    await rig.acceptAll();
    await Promise.all(
      officers.map((phone) => rig.turns().receive(rig.message('periksa sk', { address: phone, phone }))),
    );
    const last = await Promise.all(officers.map(async (phone) => (await rig.said(phone)).at(-1) ?? ''));
    expect(last.toSorted()).toEqual([
      'Bagaimana hasil pemeriksaan SK *Sri Contohwati*?',
      'Tidak ada SK yang menunggu pemeriksaan Bapak/Ibu. Terima kasih.',
    ]);
    expect(await rig.rows("SELECT count(*)::int AS n FROM sk_move WHERE move = 'buka'")).toEqual([{ n: 1 }]);
    expect(rig.failures).toEqual([]);
  });

  it('of two who decide at the same moment one wins, and the other is told', async () => {
    const rig = await openRig();
    const turns = await sentIn(rig);
    await talk(rig, turns, officers[0], ['periksa sk', 'sahkan']);
    // His half hour is over: the other may open it, and decides while he does.
    await rig.rows("UPDATE sk_member SET held_until = '2000-01-01'");
    await talk(rig, turns, officers[1], ['periksa sk', 'tolak', 'Bukan SK PSM.']);
    await rig.acceptAll();
    await Promise.all(
      officers.map((phone) => rig.turns().receive(rig.message('ya', { address: phone, phone }))),
    );
    expect((await rig.said(officers[0])).slice(-2)).toEqual([
      'SK itu sudah diperiksa petugas lain, atau baru saja diubah oleh anggotanya.',
      'Tidak ada SK yang menunggu pemeriksaan Bapak/Ibu. Terima kasih.',
    ]);
    expect((await rig.said(officers[1])).at(-2)).toContain('kami tolak, dan anggota kami kabari');
    expect(await rig.rows('SELECT status FROM sk_member')).toEqual([{ status: 'ditolak' }]);
    const told = (await rig.said(sri)).filter((text) => text.includes('belum dapat kami terima'));
    expect(told).toHaveLength(1);
    expect(rig.failures).toEqual([]);
  });

  it('a decision and the opening by another at the same moment: whoever is first, it is decided once and nobody fails', async () => {
    const rig = await openRig();
    const turns = await sentIn(rig);
    await talk(rig, turns, officers[0], ['periksa sk', 'sahkan']);
    await rig.rows("UPDATE sk_member SET held_until = '2000-01-01'");
    await rig.acceptAll();
    const texts = ['ya', 'periksa sk'];
    await Promise.all(
      officers.map((phone, at) =>
        rig.turns().receive(rig.message(texts[at] ?? '', { address: phone, phone })),
      ),
    );
    const [row] = await rig.rows('SELECT status FROM sk_member');
    const approved = row?.['status'] === 'terverifikasi';
    expect((await rig.said(officers[0])).at(-2)).toContain(
      approved ? 'sudah disahkan' : 'sudah diperiksa petugas lain',
    );
    expect((await rig.said(officers[1])).at(-1)).toContain(approved ? 'Tidak ada SK' : 'Bagaimana hasil');
    const told = (await rig.said(sri)).filter((text) => text.includes('sudah diperiksa petugas'));
    expect(told).toHaveLength(approved ? 1 : 0);
    expect(rig.failures).toEqual([]);
  });
});
