import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordsOf } from '../../src/base.js';
import { verifyAudit } from '../../src/domain/audit.js';
import { grantRole } from '../../src/domain/grants.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { openApp, type TestApp } from '../support/app.js';
import { backendsOr } from '../support/backends.js';
import { dumpOf, redisOf } from '../support/dump.js';
import { fileOf } from '../support/files.js';
import { waitFor } from '../support/wait.js';
import { botTexts, nik, type Phone, phoneOf, play, registration } from './phone.js';

const number = '+6281200000071';
const problem = 'Jembatan menuju balai desa sudah lama roboh';
const photographed = 'foto rahasia milik Sri';
const answered = 'Baik Ibu Sri Contohwati, SK nomor 470/12/2015 sudah saya lihat';

/** What must be nowhere any more: what was typed and sent, and by which ids she was known. */
const typed = [
  'ontohwati',
  nik,
  number.slice(3),
  '1970-08-17',
  '17 Agustus 1970',
  'Lerep',
  '33.22.18.2004',
  '470/12/2015',
  problem,
].concat([photographed, 'Mohon SK saya diperiksa', 'Baik Ibu Sri']);

async function said(phone: Phone, piece: string): Promise<void> {
  await waitFor(`the words "${piece}"`, async () =>
    botTexts(await phone.screen()).some((text) => text.includes(piece)),
  );
  await phone.settle();
}

/** A whole registration in which a human helped, with files both ways, a problem for the rakor, a correction, and a look at the SK. */
async function live(test: TestApp, phone: Phone, officer: Phone): Promise<void> {
  await play(officer, [['halo', 'Selamat datang']]);
  for (const [words] of registration.slice(0, 7)) await phone.say(words);
  await phone.say('PETUGAS');
  await said(officer, 'Ketik *LAYANI*');
  await officer.say('LAYANI');
  await officer.send({ text: '1' });
  await said(phone, 'sekarang membaca pesan');
  await phone.send({ text: 'Mohon SK saya diperiksa' });
  await said(officer, 'Mohon SK saya diperiksa');
  await phone.sendFile({ name: `${photographed}.jpg`, bytes: fileOf('jpeg', 40_000, photographed) });
  await waitFor('the photo', async () => (await rowsOf(test, 'attachment')).length === 1);
  await officer.send({ text: answered });
  await said(phone, 'sudah saya lihat');
  await officer.sendFile({ name: 'Sri Contohwati.jpg', bytes: fileOf('jpeg', 40_000, photographed) });
  await waitFor('the other photo', async () => (await rowsOf(test, 'attachment')).length === 2);
  await officer.say('SELESAI');
  await said(phone, 'sudah selesai');
  for (const [words] of registration.slice(7)) await phone.say(words);
  for (const words of [
    'usul',
    'anggaran',
    problem,
    'ya',
    'ya',
    'cek sk',
    'selesai',
    'data saya',
    'ubah',
    'tahun',
    '2013',
    'selesai',
  ])
    await phone.say(words);
}

const rowsOf = async ({ database }: TestApp, table: string) =>
  (await database.pool.query(`SELECT * FROM ${table}`)).rows;

/** Everything that is kept, in plain words, but for the pretended phones and what everybody may know. */
async function everythingKept(test: TestApp, backend: string, folder: string): Promise<string> {
  const { pool, vault, config } = test.base;
  const without = [/^public\.simulator_/, /^public\.region$/, /^public\.flow_program$/];
  const tables = await dumpOf(pool, { without, vault });
  const queue = backend === 'redis' ? await redisOf(config.redisUrl ?? '') : '';
  return [tables, queue, ...filesIn(folder)].join('\n');
}

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return names
    .filter((name) => statSync(name).isFile())
    .map((name) => `${name} ${readFileSync(name, 'latin1')}`);
}

describe.each(backendsOr('redis'))('HAPUS DATA, woken up through %s', (backend) => {
  it('leaves no trace of the person anywhere; who comes again is somebody new', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sapa-erasure-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const test = await openApp({ backend, env: { DATA_DIR: folder } });
    onTestFinished(() => test.close());
    const request = {
      phone: '+6281200000072',
      role: 'operator',
      region: 'Kabupaten Semarang',
      simulator: true,
    };
    await grantRole(localAdministrator('test'), recordsOf(test.base), request);
    const [phone, officer] = [await phoneOf(test.phones, number), await phoneOf(test.phones, request.phone)];
    await live(test, phone, officer);
    const before = await everythingKept(test, backend, folder);
    for (const one of typed) expect(before).toContain(one);
    const [[member], [address]] = [await rowsOf(test, 'member'), await rowsOf(test, 'member_contact')];
    const known = (await rowsOf(test, 'address')).filter((row) => row.contact_id === address.contact_id);
    const ids = [member.id, address.contact_id, ...known.map(({ id }) => id)];
    expect(ids).toHaveLength(3);

    await phone.say('hapus data');
    await phone.send({ text: 'HAPUS' });
    await said(phone, 'sudah kami hapus');
    await waitFor('the contact to be gone', async () => (await rowsOf(test, 'contact')).length === 1, 30_000);
    const after = await everythingKept(test, backend, folder);
    for (const one of [...typed, ...ids])
      expect(
        after.includes(one) ? after.slice(after.indexOf(one) - 300, after.indexOf(one) + 40) : null,
      ).toBeNull();
    expect(await rowsOf(test, 'privacy_request')).toMatchObject([
      { kind: 'erasure', result: 'asked', contact_id: null, member_id: null, member_sealed: null },
    ]);
    await waitFor(
      'the audit to be sealed',
      async () => (await verifyAudit(test.base)).unsealed === 0,
      30_000,
    );
    expect(await verifyAudit(test.base)).toMatchObject({ broken: null });

    await play(phone, registration);
    expect(await rowsOf(test, 'member')).toMatchObject([{ name: 'Sri Contohwati' }]);
  });
});
