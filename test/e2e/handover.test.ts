import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SimulatorPhones } from '../../src/channels/simulator/port.js';
import { grantRole } from '../../src/domain/grants.js';
import type { Records } from '../../src/domain/records.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { createVault } from '../../src/store/crypto.js';
import { newId } from '../../src/store/ids.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import { createSimulatorStore } from '../../src/store/simulator.js';
import { emptyRedis, openApp } from '../support/app.js';
import { type Backend, backendsOr } from '../support/backends.js';
import { freshDatabase } from '../support/database.js';
import { fileOf } from '../support/files.js';
import { startSapa } from '../support/process.js';
import { waitFor } from '../support/wait.js';
import { botTexts, type Phone, phoneOf, play, registration } from './phone.js';

/** Up to the question for the year: the region is known by then. */
const untilYear = 7;
const year = 'Langkah 6 dari 9';
const officers = ['+6281200000051', '+6281200000052'] as const;
const memberNumber = '+6281200000050';

async function grant(records: Records, phone: string): Promise<void> {
  const request = { phone, role: 'operator', region: 'Kabupaten Semarang', simulator: true };
  expect(await grantRole(localAdministrator('test'), records, request)).toMatchObject({ ok: true });
}

/** Waits until the bot has said something that holds this piece, and gives all that it said since the mark. */
async function heard(phone: Phone, piece: string, since = 0): Promise<readonly string[]> {
  await waitFor(`the words "${piece}"`, async () => {
    const texts = botTexts(await phone.screen()).slice(since);
    return texts.some((text) => text.includes(piece));
  });
  // On the screen it is before it counts as seen.
  await phone.settle();
  return botTexts(await phone.screen()).slice(since);
}

const count = async (phone: Phone) => botTexts(await phone.screen()).length;
const holding = (pieces: readonly string[]) => pieces.map((piece) => expect.stringContaining(piece));

/** A person in the middle of a registration asks for a human; the officer takes the request. */
async function connect(member: Phone, officer: Phone): Promise<void> {
  await play(officer, [['halo', 'Selamat datang']]);
  await play(member, registration.slice(0, untilYear));
  await play(member, [['PETUGAS', 'petugas *Kabupaten Semarang*', year]]);
  const [, told] = await heard(officer, '*LAYANI*');
  expect(told).toContain('Wilayah: Desa Lerep');
  expect(told).toMatch(/Sedang ditanyakan: .*Langkah 6 dari 9\. Sejak tahun berapa/);
  expect(told).toContain('Anggota: Kabupaten Semarang, Ungaran Barat, Lerep');
  expect(told).not.toContain(memberNumber.slice(-8));
  await play(officer, [['LAYANI', 'Permintaan mana yang ingin']]);
  const before = await count(member);
  await officer.send({ text: '1' });
  expect(await heard(member, 'sekarang membaca pesan', before)).toHaveLength(1);
  await heard(officer, 'Sedang ditanyakan', (await count(officer)) - 1);
}

/** The officer closes; the member is told, asked again where he was, and registers to the end. */
async function finish(member: Phone, officer: Phone): Promise<void> {
  const before = await count(member);
  await play(officer, [['SELESAI', 'sudah ditutup', 'Selamat datang']]);
  expect(await heard(member, year, before)).toEqual(holding(['sudah selesai', year]));
  await play(member, registration.slice(untilYear));
}

/** The files on a screen, opened. */
async function filesOf(phones: SimulatorPhones, phone: Phone) {
  const shown = (await phone.screen()).map(async (bubble) => {
    const file = bubble.fromBot ? await phones.openFile(phone.id, bubble.messageId) : null;
    if (file === null || !bubble.fromBot) return [];
    const { kind, name, bytes } = file;
    return [{ kind, name, text: bubble.body.text, bytes: Buffer.from(bytes) }];
  });
  return (await Promise.all(shown)).flat();
}

/** Everything either of them was relayed since these marks, in order. */
async function relayed(phone: Phone, since: number, last: string): Promise<readonly string[]> {
  return heard(phone, last, since);
}

describe.each(backendsOr('redis'))('a human takes over, woken up through %s', (backend) => {
  it('they talk, the bot keeps quiet, and the registration goes on where it was', async () => {
    const test = await openApp({ backend });
    onTestFinished(() => test.close());
    const { pool, vault, now } = test.base;
    await grant({ pool, vault, now, newId: () => newId(), prisma: createPrisma(pool) }, officers[0]);
    const [member, officer] = await Promise.all(
      [memberNumber, officers[0]].map((one) => phoneOf(test.phones, one)),
    );
    if (member === undefined || officer === undefined) throw new Error('two phones were made');
    await connect(member, officer);
    const marks = [await count(member), await count(officer)] as const;

    expect(await member.say('Saya tidak ingat tahunnya')).toEqual([]);
    expect(await member.say('MENU itu apa?')).toEqual([]);
    expect(await member.say('bantuan')).toEqual([]);
    await heard(officer, '*Anggota*: bantuan', marks[1]);
    expect(await officer.say('Kira-kira saja, Bapak/Ibu.')).toEqual([]);
    expect(await officer.say('Nomor saya 0812 0000 0051')).toEqual([]);
    await heard(member, '0812…', marks[0]);

    await test.stop();
    for (const text of ['satu', 'dua', 'tiga']) await member.send({ text });
    for (const text of ['empat', 'lima', 'enam']) await officer.send({ text });
    await test.start();
    expect(await relayed(officer, marks[1], 'tiga')).toEqual(
      ['Saya tidak ingat tahunnya', 'MENU itu apa?', 'bantuan', 'satu', 'dua', 'tiga'].map(
        (text) => `*Anggota*: ${text}`,
      ),
    );
    expect(await relayed(member, marks[0], 'enam')).toEqual(
      ['Kira-kira saja, Bapak/Ibu.', 'Nomor saya 0812…', 'empat', 'lima', 'enam'].map(
        (text) => `*Petugas*: ${text}`,
      ),
    );
    await finish(member, officer);

    const { rows } = await pool.query('SELECT state FROM handover');
    expect(rows).toEqual([{ state: 'closed' }]);
    const unfinished = await pool.query(`SELECT state FROM inbound WHERE state <> 'done'`);
    expect(unfinished.rows).toEqual([]);
  });

  it('photos and documents cross over whole, both ways, also of who sent them while the bot was away', async () => {
    const test = await openApp({ backend });
    onTestFinished(() => test.close());
    const { pool, vault, now } = test.base;
    await grant({ pool, vault, now, newId: () => newId(), prisma: createPrisma(pool) }, officers[0]);
    const member = await phoneOf(test.phones, memberNumber);
    const officer = await phoneOf(test.phones, officers[0]);
    await connect(member, officer);
    const [photo, pdf] = [fileOf('jpeg', 300_000, 'rahasia'), fileOf('pdf', 200_000, 'rahasia')];
    await member.sendFile({ name: 'SK 0812-0000-0050.png', bytes: photo });
    await heard(officer, '*Anggota* mengirim foto.');
    await test.stop();
    await officer.sendFile({ name: 'contoh isian.pdf', bytes: pdf });
    await officer.send({ text: 'Seperti ini.' });
    await test.start();
    await heard(member, '*Petugas*: Seperti ini.');
    expect(await filesOf(test.phones, officer)).toEqual([
      { kind: 'photo', name: 'SK 0812_.jpg', text: '*Anggota* mengirim foto.', bytes: Buffer.from(photo) },
    ]);
    expect(await filesOf(test.phones, member)).toEqual([
      {
        kind: 'document',
        name: 'contoh isian.pdf',
        text: '*Petugas* mengirim berkas PDF.',
        bytes: Buffer.from(pdf),
      },
    ]);
    // What cannot be passed on is said to its sender, and to nobody else.
    const before = await count(officer);
    await member.sendFile({ name: 'film.mp4', bytes: Buffer.from('bukan foto') });
    await heard(member, 'belum dapat saya buka');
    expect(await count(officer)).toBe(before);
    // The bytes are kept once, and no row that is sent holds them.
    const { rows } = await pool.query('SELECT count(*)::int AS kept FROM attachment');
    expect(rows).toEqual([{ kept: 2 }]);
    const bodies = await pool.query('SELECT max(length(body_sealed)) AS longest FROM delivery');
    expect(bodies.rows[0].longest).toBeLessThan(10_000);
    await finish(member, officer);
  });

  it('of two officers who take it at once one has it, and the other is told kindly', async () => {
    const test = await openApp({ backend });
    onTestFinished(() => test.close());
    const { pool, vault, now } = test.base;
    const records = { pool, vault, now, newId: () => newId(), prisma: createPrisma(pool) };
    for (const one of officers) await grant(records, one);
    const both = await Promise.all(officers.map((one) => phoneOf(test.phones, one)));
    for (const one of both) await play(one, [['halo', 'Selamat datang']]);
    const member = await phoneOf(test.phones, memberNumber);
    await play(member, registration.slice(0, untilYear));
    await play(member, [['PETUGAS', 'petugas *Kabupaten Semarang*', year]]);
    // One of them is told of the request; only then is what comes next the answer to what they type.
    await waitFor('the request', async () => {
      const said = await Promise.all(both.map(async (one) => botTexts(await one.screen())));
      return said.flat().some((text) => text.includes('Ketik *LAYANI*'));
    });
    for (const one of both) await one.settle();
    for (const one of both) await play(one, [['LAYANI', 'Permintaan mana yang ingin']]);
    const marks = await Promise.all(both.map(count));
    await Promise.all(both.map((one) => one.send({ text: '1' })));
    const answers = await Promise.all(
      both.map((one, at) =>
        waitFor('an answer', async () => botTexts(await one.screen()).slice(marks[at])[0] ?? null),
      ),
    );
    expect(answers.toSorted()).toEqual(
      holding(['Bapak/Ibu sekarang melayani', 'Terima kasih, Bapak/Ibu. Permintaan itu sudah lebih dahulu']),
    );
    expect(
      (await heard(member, 'sekarang membaca pesan')).filter((text) => text.includes('membaca')),
    ).toHaveLength(1);
  });

  // What a kill leaves of a wake-up is tried over both queues elsewhere (kill.test.ts); here it is what a hand-over keeps.
  it.runIf(backend === 'redis')(
    'a program killed between every two messages loses none of them and says none twice',
    async () => {
      const { member, officer, phones, kill } = await ownProcess(backend);
      await connect(member, officer);
      const marks = [await count(member), await count(officer)] as const;
      const words = ['satu', 'dua', 'tiga'];
      for (const text of words) {
        await member.send({ text });
        await member.sendFile({ name: `${text}.jpg`, bytes: fileOf('jpeg', 50_000, text) });
        await officer.send({ text: `tentang ${text}` });
        await kill();
      }
      await waitFor('the last photo', async () => (await filesOf(phones, officer)).length === words.length);
      expect(await relayed(officer, marks[1], 'tiga')).toEqual(
        words.flatMap((text) => [`*Anggota*: ${text}`, '*Anggota* mengirim foto.']),
      );
      expect(await filesOf(phones, officer)).toMatchObject(
        words.map((text) => ({ name: `${text}.jpg`, bytes: Buffer.from(fileOf('jpeg', 50_000, text)) })),
      );
      expect(await relayed(member, marks[0], 'tiga')).toEqual(
        words.map((text) => `*Petugas*: tentang ${text}`),
      );
      const before = await count(member);
      await officer.send({ text: 'SELESAI' });
      await kill();
      await heard(officer, 'sudah ditutup');
      expect(await heard(member, year, before)).toEqual(holding(['sudah selesai', year]));
      await play(member, registration.slice(untilYear));
    },
    300_000,
  );
});

const key = randomBytes(32);

/** The bot as a process of its own, which can be killed and begins again. */
async function ownProcess(backend: Backend) {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const { pool, url } = database;
  const vault = createVault(key);
  const phones = createSimulatorStore({ pool, url, vault, account: 'simulator' });
  onTestFinished(() => phones.close());
  const env = {
    DATABASE_URL: url,
    DATA_KEY: key.toString('base64'),
    TEST_PROFILE: JSON.stringify({ leaseMs: 500, sweepMs: 100 }),
    ...(backend === 'redis' ? { REDIS_URL: await emptyRedis() } : {}),
  };
  let sapa = await startSapa(env);
  onTestFinished(async () => void (await sapa.kill('SIGTERM')));
  const records = { pool, vault, now: () => new Date(), newId: () => newId(), prisma: createPrisma(pool) };
  await grant(records, officers[0]);
  const [member, officer] = [await phoneOf(phones, memberNumber), await phoneOf(phones, officers[0])];
  const kill = async () => {
    await sapa.kill('SIGKILL');
    sapa = await startSapa(env);
  };
  return { member, officer, phones, kill };
}
