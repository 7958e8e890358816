import { expect, it } from 'vitest';
import type { Content, Fetched } from '../../src/channels/contract.js';
import { largestFile } from '../../src/flow/attachment.js';
import { sealInbound } from '../../src/turn/inbound.js';
import { fileOf } from '../support/files.js';
import { openRig, type Rig } from './rig.js';

const flows = {
  'flows/kirim.yaml': `
flow: kirim
title: Kirim foto
fallback: true
steps:
  foto: { ask: "Mohon kirim foto SK. Apakah ada?", input: document, skip: { label: Lewati dulu } }
  tempat: { ask: "Di mana rumah Bapak/Ibu?", input: location }
  selesai: { end: "Terima kasih. {foto}; {tempat}." }
`,
};

const bytes = fileOf('png', 200_000, 'Sri Contohwati');
const photo: Content = {
  kind: 'file',
  ref: 'r1',
  name: 'SK Sri.exe',
  mime: 'application/x-msdownload',
  size: 200_000,
  caption: null,
};

const attachments = (rig: Rig) => rig.rows('SELECT * FROM attachment ORDER BY created_at');

/** Whether no column of any row holds these words in plain. */
async function holdsPlain(rig: Rig, words: string): Promise<boolean> {
  const tables = ['attachment', 'inbound', 'session', 'delivery'];
  const rows = (await Promise.all(tables.map((table) => rig.rows(`SELECT * FROM ${table}`)))).flat();
  const cells = rows.flatMap((row) => Object.values(row));
  return cells.some((cell) => (Buffer.isBuffer(cell) ? cell.includes(words) : String(cell).includes(words)));
}

it('keeps the file a question asked for, sealed, with the turn; the session holds only a reference', async () => {
  const rig = await openRig(flows);
  const turns = rig.turns({ fetchFile: async () => bytes });
  await turns.receive(rig.message('halo'));
  await rig.acceptAll();
  const message = rig.message(photo);
  await turns.receive(message);
  await turns.receive(message);
  expect((await rig.said()).at(-1)).toBe('Saya catat: *foto diterima, 200 KB*.\n\nDi mana rumah Bapak/Ibu?');
  const [row, ...others] = await attachments(rig);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ type: 'png', size: 200_000 });
  expect((await rig.fileStore.read(row?.['file']))?.equals(bytes)).toBe(true);
  expect(rig.vault.open(row?.name_sealed)).toBe('SK Sri.exe');
  expect(await rig.rows('SELECT id FROM inbound ORDER BY seq DESC LIMIT 1')).toEqual([
    { id: row?.inbound_id },
  ]);
  expect(JSON.stringify(await rig.session()).length).toBeLessThan(1000);
  for (const words of ['Sri Contohwati', 'SK Sri']) expect(await holdsPlain(rig, words)).toBe(false);
});

it('a place is an answer as well', async () => {
  const rig = await openRig(flows);
  const turns = rig.turns();
  for (const sent of ['halo', 'lewati', { kind: 'location', latitude: -7.05, longitude: 110.4 }] as const) {
    await rig.acceptAll();
    await turns.receive(rig.message(sent));
  }
  expect((await rig.said()).at(-1)).toContain('7,0500° LS, 110,4000° BT');
});

it.each<[string, Content, Fetched, string]>([
  [
    'no photo, whatever it is called',
    { ...photo, name: 'sk.jpg', mime: 'image/jpeg' },
    Buffer.from('MZ a program'),
    'belum dapat saya buka',
  ],
  ['too large', { ...photo, size: null }, 'too-large', 'terlalu besar'],
  ['larger than the channel was told', photo, new Uint8Array(largestFile + 1), 'terlalu besar'],
  ['gone', photo, 'gone', 'tidak sampai'],
])('what is %s is asked for again, and nothing of it is kept', async (_, content, fetched, words) => {
  const rig = await openRig(flows);
  const turns = rig.turns({ fetchFile: async () => fetched });
  await turns.receive(rig.message('halo'));
  await rig.acceptAll();
  await turns.receive(rig.message(content));
  expect((await rig.said()).at(-1)).toContain(words);
  expect(await attachments(rig)).toEqual([]);
});

it('a file that says it is too large is not even fetched', async () => {
  const rig = await openRig(flows);
  const fetched: string[] = [];
  const fetchFile = async (_channel: string, ref: string) => {
    fetched.push(ref);
    return bytes;
  };
  const turns = rig.turns({ fetchFile });
  await turns.receive(rig.message('halo'));
  await rig.acceptAll();
  await turns.receive(rig.message({ ...photo, size: largestFile + 1 }));
  expect((await rig.said()).at(-1)).toContain('terlalu besar');
  expect(fetched).toEqual([]);
});

it('a file nobody asked for is not kept', async () => {
  const rig = await openRig();
  await rig.turns({ fetchFile: async () => bytes }).receive(rig.message(photo));
  expect((await rig.said())[0]).toContain('belum dapat saya baca');
  expect(await attachments(rig)).toEqual([]);
});

it('a provider that is away keeps the message: nothing is written until the file can be fetched', async () => {
  const rig = await openRig(flows);
  let away = true;
  const fetchFile = async () => {
    if (away) throw new Error('the provider is away');
    return bytes;
  };
  const turns = rig.turns({ fetchFile });
  await turns.receive(rig.message('halo'));
  await rig.acceptAll();
  const message = rig.message(photo);
  const before = await rig.dump();
  await expect(turns.receive(message)).rejects.toThrow('away');
  expect(await rig.dump()).toEqual(before);
  away = false;
  await turns.receive(message);
  expect(await attachments(rig)).toHaveLength(1);
});

it('a message that was stored but not treated is picked up, and its file fetched then', async () => {
  const rig = await openRig(flows);
  await rig.turns().receive(rig.message('halo'));
  await rig.acceptAll();
  const message = rig.message(photo);
  const body = sealInbound(rig.vault, message);
  await rig.rows(
    `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, written_at, received_at)
     SELECT gen_random_uuid(), contact_id, id, account, $1, $2, 'pending', $3, $3 FROM address`,
    [message.dedupeKey, body, message.writtenAt],
  );
  const refs: string[] = [];
  const fetchFile = async (channel: string, ref: string) => {
    refs.push(`${channel} ${ref}`);
    return bytes;
  };
  await rig.turns({ fetchFile }).recover();
  expect(refs).toEqual(['simulator r1']);
  const [row] = await attachments(rig);
  expect((await rig.fileStore.read(row?.['file']))?.equals(bytes)).toBe(true);
  expect(await rig.rows("SELECT count(*)::int AS n FROM inbound WHERE state = 'done'")).toEqual([{ n: 2 }]);
});
