import { beforeEach, expect, test } from 'vitest';
import { isRecord, type JsonRecord } from '../../src/flow/json.js';
import { addNamed, callRakor, invite } from './door-scene.js';
import {
  addAttachment,
  addHelper,
  addMember,
  count,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
} from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

/** A rakor of Kota Semarang that has begun, with somebody who came and somebody who did not; both can be written to. */
async function held(came: boolean): Promise<string> {
  const rakorId = await callRakor(world, { begins: -2, title: 'Rakor wilayah' });
  await addMember(world);
  await addMember(world, registration({ nama: 'BUDI CONTOH', nik: '9901010201680001' }));
  const [budi, sri] = await world.prisma.member.findMany({ orderBy: { name: 'asc' } });
  const door = came ? { checkedInAt: now, checkedInBy: 'local:test' } : {};
  await invite(world, rakorId, { memberId: sri?.id ?? '', ...door });
  await invite(world, rakorId, { memberId: budi?.id ?? '', answer: 'tidak' });
  await invite(world, rakorId, { memberId: await addNamed(world, 'Citra Contoh'), answer: null });
  return rakorId;
}

const isi = 'Iuran disepakati mulai Januari.';
const prepare = (rakor: string, chair: Person, more: JsonRecord = {}) =>
  perform(world, 'minutes.prepare', { rakor, isi, ...more }, chair);
const partsOf = (values: JsonRecord): JsonRecord => (isRecord(values['notulen']) ? values['notulen'] : {});
const broadcasts = async () => {
  const rows = await world.prisma.broadcast.findMany({ orderBy: { number: 'asc' } });
  return rows.map(({ kind, state, rakorId, bodySealed, id }) => {
    const body = world.vault.openJson(bodySealed);
    return { id, kind, state, rakorId, body: isRecord(body) ? body : {} };
  });
};

test('go to who came with thanks, and in other words to who did not, once they are sent', async () => {
  const rakor = await held(true);
  const chair = await addHelper(world, 'chair', '33.74');
  expect(await perform(world, 'minutes.find', {}, chair)).toMatchObject({
    outcome: 'one',
    values: { 'rakor-selesai': { id: rakor, acara: 'Rakor wilayah' } },
  });
  const id = await addAttachment(world, chair, 'notulen');
  const { outcome, values } = await prepare(rakor, chair, { berkas: { id, jenis: 'pdf', ukuran: 7 } });
  expect(outcome).toBe('ready');
  expect(partsOf(values)).toMatchObject({ 'jumlah-hadir': '1', 'jumlah-tidak': '2', semua: null });
  const enclosure = { kind: 'document', content: id, name: 'notulen-rakor.pdf' };
  expect(await broadcasts()).toMatchObject([
    {
      ...{ kind: 'minutes', state: 'draft', rakorId: rakor },
      body: {
        text: `Terima kasih Bapak/Ibu sudah hadir di *Rakor wilayah*, Selasa, 24 November 2026. Berikut notulennya.\n\n${isi}`,
        enclosure,
      },
    },
    {
      kind: 'minutes',
      body: {
        text: `Bapak/Ibu tidak tercatat hadir di *Rakor wilayah*, Selasa, 24 November 2026. Agar tetap mengetahui hasilnya, berikut notulennya.\n\n${isi}`,
        enclosure,
      },
    },
  ]);
  const { hadir = null, tidak = null } = partsOf(values);
  expect(await perform(world, 'minutes.send', { hadir, tidak }, chair)).toMatchObject({
    outcome: 'running',
    values: { kiriman: { jumlah: '2' } },
  });
  expect((await broadcasts()).map(({ state }) => state)).toEqual(['running', 'running']);
  expect(await count(world, 'recipient')).toBe(3);
  expect(await count(world, 'delivery')).toBe(2);
  expect((await perform(world, 'minutes.send', { hadir, tidak }, chair)).outcome).toBe('gone');
});

test('where nobody was let in at the door all get the same', async () => {
  const rakor = await held(false);
  const chair = await addHelper(world, 'chair', '33.74');
  const { values } = await prepare(rakor, chair);
  expect(partsOf(values)).toMatchObject({ hadir: null, tidak: null, 'jumlah-semua': '3' });
  expect((await broadcasts()).at(-1)?.body['text']).toBe(
    `Berikut notulen *Rakor wilayah*, Selasa, 24 November 2026.\n\n${isi}`,
  );
});

test('a large audience waits for a second person; drafts that are not sent end', async () => {
  const rakor = await held(true);
  const chair = await addHelper(world, 'chair', '33.74');
  const outreach = { secondYesAbove: 0, speeds: {}, opens: (at: Date) => at, prices: null };
  const { values } = await prepare(rakor, chair);
  const { hadir = null, tidak = null } = partsOf(values);
  const waiting = await perform(world, 'minutes.send', { hadir, tidak }, chair, { outreach });
  expect(waiting.outcome).toBe('waiting');
  expect((await broadcasts()).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  await perform(world, 'minutes.drop', { hadir, tidak }, chair);
  expect((await broadcasts()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
});

test('of a rakor that has not begun, was cancelled, or is of another area there are none', async () => {
  const rakor = await held(true);
  const far = await addHelper(world, 'chair', '33.16');
  expect(await perform(world, 'minutes.find', {}, far)).toMatchObject({ outcome: 'none' });
  expect(await prepare(rakor, far)).toMatchObject({ outcome: 'none', writes: [] });
  const chair = await addHelper(world, 'chair', '33.74');
  const operator = await addHelper(world, 'operator', '33.74');
  expect(await prepare(rakor, operator)).toMatchObject({ outcome: 'none', writes: [] });
  for (const more of [{ begins: 1 }, { begins: -2, state: 'cancelled' }])
    expect(await prepare(await callRakor(world, more), chair)).toMatchObject({ outcome: 'none' });
  const other = await callRakor(world, { begins: -30, title: 'Rakor lalu' });
  expect(await perform(world, 'minutes.find', {}, chair)).toMatchObject({ outcome: 'several' });
  expect(await perform(world, 'minutes.find', { rakor: other }, chair)).toMatchObject({
    values: { 'rakor-selesai': { acara: 'Rakor lalu' } },
  });
});
