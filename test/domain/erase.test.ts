import { expect, test } from 'vitest';
import {
  addAttachment,
  addDelivery,
  addFact,
  addInbound,
  addPerson,
  count,
  everything,
  now,
  openWorld,
  perform,
  registration,
} from './world.js';

const typed = ['Anak Contoh', '9901015711100001', '2010-11-17', 'SETUJU ya'];
const consent = { setuju: true, jawaban: 'SETUJU ya', teks: 'Setuju?', versi: '2026-11' };
const states = [
  'planned',
  'due',
  'leased',
  'written',
  'accepted',
  'read',
  'failed',
  'unknown',
  'skipped',
  'expired',
];

async function talkedTo() {
  const world = await openWorld();
  const person = await addPerson(world);
  for (const text of typed) {
    await addInbound(world, person, text);
    await addFact(world, person, text);
    for (const state of states) await addDelivery(world, person, { state, text: `Nama: ${text}.` });
  }
  await perform(world, 'consent.record', { persetujuan: consent }, person);
  await perform(world, 'handover.open', {}, person);
  await addAttachment(world, person, typed.join(' '));
  return { world, person };
}

test('nothing that was typed is left in any column', async () => {
  const { world, person } = await talkedTo();
  const before = await everything(world);
  for (const text of typed) expect(before).toContain(text);
  for (const _twice of [1, 2]) {
    expect(await perform(world, 'registration.erase-typed', {}, person)).toMatchObject({ outcome: 'erased' });
    const after = await everything(world);
    for (const text of typed) expect(after).not.toContain(text);
  }
  expect(await count(world, 'inbound')).toBe(typed.length);
  expect(await count(world, 'consent')).toBe(0);
  expect(await count(world, 'attachment')).toBe(0);
});

test('what was not sent yet is called back; what is in the sender’s hands moves on, saying nothing', async () => {
  const { world, person } = await talkedTo();
  await perform(world, 'registration.erase-typed', {}, person);
  const rows = await world.prisma.delivery.findMany({ where: { state: { in: ['planned', 'due'] } } });
  expect(rows).toEqual([]);
  const held = await world.prisma.delivery.findMany({ where: { state: { in: ['leased', 'written'] } } });
  expect(held).toHaveLength(2 * typed.length);
  for (const row of held)
    expect(world.vault.openJson(row.bodySealed ?? new Uint8Array())).toMatchObject({
      text: 'Pesan ini sudah dihapus.',
    });
  const cancelled = await world.prisma.delivery.findMany({ where: { state: 'cancelled' } });
  for (const row of cancelled) expect(row).toMatchObject({ code: 'erased', endedAt: now, bodySealed: null });
});

test('what this turn says stays, and so does everybody else', async () => {
  const { world, person } = await talkedTo();
  const inboundId = await addInbound(world, person, 'Anak Contoh');
  const reply = await addDelivery(world, person, { state: 'due', text: 'Mohon maaf.', cause: inboundId });
  const other = await addPerson(world);
  await addInbound(world, other, 'Orang Lain');
  await addAttachment(world, other, 'Foto Orang Lain');
  await perform(world, 'registration.erase-typed', {}, person, { inboundId });
  expect(await world.prisma.delivery.findUnique({ where: { id: reply } })).toMatchObject({
    state: 'due',
    code: null,
  });
  const left = await everything(world);
  expect(left).toContain('Mohon maaf.');
  expect(left).toContain('Orang Lain');
  expect(left).toContain('Foto Orang Lain');
  expect(left).not.toContain('Anak Contoh');
});

test('the consent of a member who shares the phone stays as proof', async () => {
  const world = await openWorld();
  const person = await addPerson(world);
  await perform(world, 'consent.record', { persetujuan: consent }, person);
  const later = (seconds: number) => ({ now: new Date(now.getTime() + seconds * 1000) });
  await perform(world, 'member.register', registration(), person, later(10));
  await perform(
    world,
    'consent.record',
    { persetujuan: { ...consent, versi: '2026-12' } },
    person,
    later(20),
  );
  await perform(world, 'registration.erase-typed', {}, person, later(30));
  expect(await world.prisma.consent.findMany()).toMatchObject([{ version: '2026-11' }]);
  expect(await count(world, 'member')).toBe(1);
});

test('a broadcast to the same contact is not touched', async () => {
  const world = await openWorld();
  const person = await addPerson(world);
  const body = Uint8Array.from(world.vault.sealJson({ text: 'Undangan rakor', choices: [], question: null }));
  const { id } = await world.prisma.broadcast.create({
    data: { id: world.newId(), state: 'running', bodySealed: body, createdBy: 'test' },
  });
  const row = await addDelivery(world, person, { state: 'planned', text: '' });
  await world.prisma.delivery.update({
    where: { id: row },
    data: { broadcastId: id, lane: 'bulk', bodySealed: null },
  });
  await perform(world, 'registration.erase-typed', {}, person);
  expect(await world.prisma.delivery.findUnique({ where: { id: row } })).toMatchObject({ state: 'planned' });
});
