import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { recordsOf } from '../../src/base.js';
import { newRakor } from '../../src/cli/rakor.js';
import { addGroup, listGroups } from '../../src/cli/whatsapp-groups.js';
import { reportBroadcast } from '../../src/domain/broadcast-report.js';
import { approveBroadcast, draftBroadcast } from '../../src/domain/broadcasts.js';
import { grantRole } from '../../src/domain/grants.js';
import { momentInWords } from '../../src/domain/rakor.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { saying } from '../../src/flow/message.js';
import { whatsAppStore } from '../../src/live.js';
import { keepIn } from '../../src/store/files.js';
import { writeTogether } from '../../src/store/transaction.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from '../doubles/whatsapp-web/double.js';
import type { Group } from '../doubles/whatsapp-web/groups.js';
import type { TestApp } from '../support/app.js';
import { dumpOf } from '../support/dump.js';
import { waitFor } from '../support/wait.js';
import { linkedApp, whatsAppPhone } from './whatsapp-phone.js';

let api: WhatsAppWebDouble;
let test: TestApp;
let group: Group;
const printed: string[] = [];
const print = (line: string) => void printed.push(line);

beforeAll(async () => {
  api = await startWhatsAppWeb({ fewKeys: true });
  group = api.group([api.person(), api.person()], { subject: 'Ketua Rekaan', isAdmin: false });
  test = await linkedApp(api);
});
afterAll(async () => {
  await test?.close();
  await api?.close();
});

const deskOf = () => ({
  ...{ records: recordsOf(test.base), store: whatsAppStore(test.base) },
  ...{ account: 'whatsapp-web', print },
});

/** Drafted by one, asked for, and approved by another one where something is to be sent. */
async function sent(text: string, messages = 1): Promise<number> {
  const { pool: db, vault, now, newId } = recordsOf(test.base);
  const audience = { group: 'ketua-jateng' };
  const wish = {
    ...({ kind: 'message', rakorId: null, message: saying(text), audience } as const),
    ...({ area: '33', urgency: 'normal', expiresAt: null, simulator: false } as const),
  };
  const [one, other] = [localAdministrator('sri'), localAdministrator('budi')];
  const draft = await draftBroadcast(one, wish, { db, vault, now: now(), newId, secondYesAbove: 50 });
  await writeTogether(db, draft?.writes ?? []);
  const records = { ...recordsOf(test.base), secondYesAbove: 50 };
  const first = await approveBroadcast(one, draft?.id ?? '', records);
  expect(first.result).toBe(messages === 0 ? 'running' : 'waiting');
  const approved = messages === 0 ? first : await approveBroadcast(other, draft?.id ?? '', records);
  if (approved.result !== 'running') throw new Error(JSON.stringify(approved));
  return approved.number;
}

const isOver = (number: number) =>
  waitFor('the end of the broadcast', async () => {
    const text = `SELECT FROM broadcast WHERE number = $1 AND state = 'done'`;
    return (await test.database.pool.query(text, [number])).rowCount === 1;
  });

async function lineOf(number: number) {
  const pages = await reportBroadcast(localAdministrator('test'), number, recordsOf(test.base));
  const lines = [];
  for await (const page of pages ?? []) lines.push(...page);
  return lines;
}

it('a group the number is in is named, and gets a broadcast that says who speaks', async () => {
  await waitFor('the groups', async () => (await whatsAppStore(test.base).groups()).length === 1);
  expect(await listGroups(deskOf())).toBe(true);
  expect(printed).toEqual([`${group.jid}  Ketua Rekaan, 3 people`]);
  expect(await addGroup(deskOf(), '1203@g.us', { name: 'ketua-jateng', area: '33' })).toBe(false);
  expect(await addGroup(deskOf(), group.jid, { name: 'ketua-jateng', area: '33' })).toBe(true);
  const number = await sent('Rapat koordinasi hari *Senin*.');
  await isOver(number);
  const readers = group.members.map(({ pn }) => pn);
  const [first, ...others] = api.shown(group.jid);
  expect(first).toMatchObject({ readers, from: api.phone.pn });
  expect(first?.text).toContain('Yth. Bapak/Ibu anggota grup,\n\nSaya asisten otomatis IPSM Jawa Tengah.');
  expect(first?.text).toContain('Rapat koordinasi hari *Senin*.');
  expect(others).toEqual([]);
  group.members[0]?.receives(first?.id ?? '');
  await expect
    .poll(() => lineOf(number), { timeout: 20_000 })
    .toMatchObject([{ name: 'grup ketua-jateng', channel: 'whatsapp-web', state: 'diterima', reason: '' }]);
});

it('what is written in the group is neither answered nor kept; the same said privately is', async () => {
  const [writer] = group.members;
  if (writer === undefined) throw new Error('the group is empty');
  const secret = 'Rahasia keluarga saya';
  writer.write(secret, { group });
  const phone = whatsAppPhone(api, test, writer);
  expect(await phone.say('menu')).toHaveLength(1);
  const kept = await dumpOf(test.database.pool, { vault: test.base.vault });
  expect(kept).toContain('ketua-jateng');
  expect(kept).not.toContain(secret);
  expect(api.shown(group.jid)).toHaveLength(1);
});

it('a chair who never wrote to the number reads an invitation in the group, and answers it privately', async () => {
  const [, chair] = group.members;
  if (chair === undefined) throw new Error('the group is empty');
  const request = { phone: `+${chair.digits}`, role: 'chair', region: '33.74', simulator: false };
  expect(await grantRole(localAdministrator('test'), recordsOf(test.base), request)).toMatchObject({
    ok: true,
  });
  const begins = new Date(test.base.now().getTime() + 3 * 24 * 60 * 60 * 1000);
  const file = join(mkdtempSync(join(tmpdir(), 'sapa-group-')), 'rakor.yaml');
  onTestFinished(() => rmSync(dirname(file), { recursive: true }));
  writeFileSync(
    file,
    `nomor: 005/12/IPSM/2026
hal: Undangan Rapat Koordinasi
acara: Rakor Contoh
mulai: ${momentInWords(begins)}
tempat: Aula Contoh
peserta: peran:ketua atau grup:ketua-jateng
`,
  );
  const keepFile = (bytes: Uint8Array) => keepIn(test.base.fileStore, bytes);
  const records = { ...recordsOf(test.base), keepFile, secondYesAbove: 50 };
  expect(await newRakor(records, { file, simulator: false }, print), printed.join()).toBe(true);
  const number = (await records.prisma.broadcast.findMany({ where: { kind: 'invitation' } }))[0]?.number ?? 0;
  const before = api.shown(group.jid).length;
  for (const by of ['rakor', 'budi']) await approveBroadcast(localAdministrator(by), number, records);
  const invitation = await waitFor('the invitation', () => api.shown(group.jid)[before]);
  expect(invitation.text).toContain('Rakor Contoh');
  expect(invitation.text).toContain('secara pribadi kepada nomor ini, bukan di grup: *HADIR*');
  expect(invitation.text).not.toMatch(/^1\. /m);
  expect((await lineOf(number)).map(({ name, state, reason }) => [name, state, reason]).sort()).toEqual([
    ['chair', 'tidak terjangkau', 'belum pernah menulis ke bot'],
    ['grup ketua-jateng', expect.any(String), ''],
  ]);
  expect((await whatsAppPhone(api, test, chair).say('hadir')).join()).toContain('Saya catat: *hadir*');
  expect(await records.prisma.invitation.findMany()).toMatchObject([{ answer: 'hadir' }]);
});

it('the second message does not introduce the bot again', async () => {
  await isOver(await sent('Jam sembilan.'));
  expect(api.shown(group.jid).at(-1)?.text).toBe('Yth. Bapak/Ibu anggota grup,\n\nJam sembilan.');
});

it('out of the group nothing is sent, and whoever sends reads why', async () => {
  const shutOut = async () => {
    const { rows } = await test.database.pool.query(
      'SELECT FROM chat_group g JOIN address a ON a.id = g.address_id WHERE a.blocked_at IS NOT NULL',
    );
    return rows.length === 1;
  };
  // Its news is lost on the way: it is found out by sending.
  group.isIn = false;
  const found = await sent('Dibatalkan.');
  await isOver(found);
  expect(await lineOf(found)).toMatchObject([
    { state: 'gagal', reason: 'nomor kami tidak ada lagi di grup itu' },
  ]);
  await waitFor('what it means', shutOut);
  const next = await sent('Dibatalkan.', 0);
  await isOver(next);
  expect(await lineOf(next)).toMatchObject([
    { state: 'tidak dikirimi', reason: 'nomor kami tidak dapat menulis di grup itu' },
  ]);
  printed.length = 0;
  await listGroups(deskOf());
  expect(printed).toEqual([
    `${group.jid}  ketua-jateng (33): the number is not in it any more, so nothing is sent there`,
  ]);
  expect(api.shown(group.jid)).toHaveLength(3);
});
