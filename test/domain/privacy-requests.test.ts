import { beforeEach, describe, expect, test } from 'vitest';
import { diagnose } from '../../src/cli/doctor.js';
import { clockMs, watchClock } from '../../src/domain/privacy-requests.js';
import { standingAlarms } from '../../src/store/alarms.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import {
  addDelivery,
  addHelper,
  addInbound,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  type World,
  write,
} from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const sql = (text: string, values: readonly unknown[]) => world.db.pool.query(text, [...values]);
const words = 'Mohon NIK saya 9901015708700001 diperbaiki, HP 081200000099';
const correction = { jenis: 'correction', isi: words };
const at = (ms: number) => ({ now: new Date(now.getTime() + ms) });
const hour = 3_600_000;

async function asked(): Promise<{
  readonly member: Person;
  readonly officer: Person;
  readonly number: string;
}> {
  const officer = await addHelper(world, 'operator', '33.74');
  const member = await addMember(world);
  const { outcome, values } = await perform(world, 'privacy.ask', correction, member);
  expect([outcome, values]).toEqual([
    'recorded',
    { bukti: { nomor: expect.stringMatching(/^\d+$/), batas: '27 November pukul 10.00 WIB' } },
  ]);
  const [row] = await world.prisma.privacyRequest.findMany();
  return { member, officer, number: String(row?.number) };
}

async function sentTo({ contactId }: Person): Promise<readonly string[]> {
  const rows = await world.prisma.delivery.findMany({ where: { contactId }, orderBy: { seq: 'asc' } });
  return rows.map(({ bodySealed }) =>
    String(Object(world.vault.openJson(bodySealed ?? new Uint8Array())).text),
  );
}

describe('a request for an officer', () => {
  test('has three days, is told to the nearest one, and holds no number', async () => {
    const { officer, member, number } = await asked();
    const [row] = await world.prisma.privacyRequest.findMany();
    expect(row?.dueAt).toEqual(new Date(now.getTime() + clockMs));
    expect(world.vault.open(row?.detailSealed ?? new Uint8Array())).toBe(
      'Mohon NIK saya 9901… diperbaiki, HP 0812…',
    );
    const [told] = await sentTo(officer);
    expect(told).toContain(
      `*Permintaan data ${number}*: perbaikan data. Harus selesai sebelum 27 November pukul 10.00 WIB.`,
    );
    expect(told).not.toContain('Contohwati');
    expect(await world.prisma.auditEntry.findMany({ where: { kind: 'request' } })).toMatchObject([
      { action: 'correction', detail: number },
    ]);
    expect(await sentTo(member)).toEqual([]);
  });

  test('is seen and closed by an officer of the area alone, each look kept; the member hears the result', async () => {
    const { member, officer, number } = await asked();
    const elsewhere = await addHelper(world, 'operator', '33.22');
    const pretended = await addHelper(world, 'operator', '33.74', { simulator: true });
    for (const one of [elsewhere, pretended, await addPerson(world), member]) {
      expect(await perform(world, 'privacy.list', {}, one)).toMatchObject({ outcome: 'none' });
      for (const name of ['privacy.show', 'privacy.close'])
        expect(
          await perform(world, name, { permintaan: number, putusan: 'done', hasil: 'x' }, one),
        ).toMatchObject({ outcome: 'gone', writes: [] });
    }
    expect(await perform(world, 'privacy.list', {}, officer)).toMatchObject({
      outcome: 'some',
      values: {
        antrian: {
          rincian: expect.stringMatching(
            /^\d+: perbaikan data, Kelurahan .+, sebelum 27 November pukul 10\.00 WIB$/,
          ),
        },
        daftar: [{ id: number, label: `Permintaan ${number}` }],
      },
    });
    expect(await perform(world, 'privacy.show', { permintaan: number }, officer)).toMatchObject({
      values: { rincian: { nama: 'Sri Contohwati', isi: 'Mohon NIK saya 9901… diperbaiki, HP 0812…' } },
    });
    expect(await looksIn(world, 'read-request')).toMatchObject([{ viewer: officer.contactId }]);
    const closing = { permintaan: number, putusan: 'done', hasil: 'Sudah, HP 081200000098' };
    const both = await Promise.all(
      [1, 2].map(() => decide('privacy.close', closing, contextOf(world, officer))),
    );
    await write(world, both[0]?.writes ?? []);
    await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect(await sentTo(member)).toEqual([
      `*Permintaan data ${number}* (perbaikan data) sudah selesai.\n\n*Petugas*: Sudah, HP 0812…`,
    ]);
    expect(await world.prisma.privacyRequest.findMany()).toMatchObject([
      { result: 'done', closedAt: now, detailSealed: null, memberSealed: null },
    ]);
    expect(await perform(world, 'privacy.list', {}, officer)).toMatchObject({ outcome: 'none' });
  });

  test('that is refused says so', async () => {
    const { member, officer, number } = await asked();
    await perform(
      world,
      'privacy.close',
      { permintaan: number, putusan: 'refused', hasil: 'KTP belum ada' },
      officer,
    );
    expect((await sentTo(member))[0]).toContain('tidak dapat dipenuhi.\n\n*Petugas*: KTP belum ada');
    expect(await world.prisma.privacyRequest.findMany()).toMatchObject([{ result: 'refused' }]);
  });

  test('goes with the member who is erased, and leaves its number', async () => {
    const { member, officer, number } = await asked();
    // The officer looked, and was left in the middle of it.
    const seen = await perform(world, 'privacy.show', { permintaan: number }, officer);
    const inboundId = await addInbound(world, officer, number);
    await sql(`UPDATE inbound SET outcomes = '{privacy.show}' WHERE id = $1`, [inboundId]);
    await addDelivery(world, officer, { state: 'read', text: JSON.stringify(seen.values), cause: inboundId });
    await sql(`INSERT INTO session (contact_id, state_sealed, flow) VALUES ($1, $2, 'x')`, [
      officer.contactId,
      world.vault.sealJson(seen.values),
    ]);
    await perform(world, 'privacy.erase', {}, member);
    const left = await everything(world);
    for (const word of ['diperbaiki', 'CONTOHWATI', 'Contohwati']) expect(left).not.toContain(word);
    expect(await world.prisma.privacyRequest.findMany({ orderBy: { number: 'asc' } })).toMatchObject([
      { kind: 'correction', result: 'erased', contactId: null, memberId: null },
      { kind: 'erasure', result: 'asked' },
    ]);
  });

  test('of a stranger is none', async () => {
    const stranger = await addPerson(world);
    expect(await perform(world, 'privacy.ask', correction, stranger)).toMatchObject({
      outcome: 'gone',
      writes: [],
    });
    expect(await count(world, 'privacy_request')).toBe(0);
  });
});

describe('the clock', () => {
  async function doctor(ms: number): Promise<string> {
    const printed: string[] = [];
    await diagnose({ ...world, now: () => at(ms).now }, [], (line) => void printed.push(line));
    return printed.join('\n');
  }
  const alarms = async (ms: number) => {
    await watchClock(world.db.pool, at(ms).now);
    return standingAlarms(world.db.pool);
  };

  test('presses on the last day, raises an alarm when it is over, and is quiet once it is done', async () => {
    const { officer, number } = await asked();
    expect([await doctor(47 * hour), await alarms(47 * hour)]).toEqual([
      expect.not.stringContaining('personal data'),
      [],
    ]);
    expect([await doctor(48 * hour), await alarms(48 * hour)]).toEqual([
      expect.stringContaining('1 requests about personal data must be done within a day'),
      [],
    ]);
    expect(await alarms(72 * hour)).toEqual(['privacy-overdue']);
    expect(await doctor(72 * hour)).toContain('1 requests about personal data are overdue');
    const listed = await perform(world, 'privacy.list', {}, officer, at(73 * hour));
    expect(JSON.stringify(listed.values)).toContain('terlambat sejak 27 November pukul 10.00 WIB');
    await perform(
      world,
      'privacy.close',
      { permintaan: number, putusan: 'done', hasil: 'Sudah' },
      officer,
      at(73 * hour),
    );
    expect(await alarms(73 * hour)).toEqual([]);
    expect(await doctor(73 * hour)).not.toContain('personal data');
  });
});
