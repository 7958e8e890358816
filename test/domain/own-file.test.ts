import { expect, test } from 'vitest';
import { lookKept } from '../../src/domain/requests.js';
import { channelCapabilities } from '../../src/flow/capabilities.js';
import { carriageOf } from '../../src/flow/render.js';
import { audited } from '../../src/store/audit.js';
import {
  addHelper,
  addPerson,
  count,
  now,
  openWorld,
  perform,
  registration,
  type World,
  write,
} from './world.js';

const consent = { setuju: true, jawaban: 'Setuju.', teks: 'Setuju?', versi: '2026-11' };

/** The one file that is kept, opened, and the message that brings it. */
async function fileIn({ prisma, vault, fileStore }: World) {
  const [kept] = await prisma.attachment.findMany();
  const [sent] = await prisma.delivery.findMany({ orderBy: { seq: 'desc' } });
  const bytes = (await fileStore.read(kept?.file ?? '')) ?? Buffer.of();
  return { kept, bytes, message: Object(vault.openJson(sent?.bodySealed ?? new Uint8Array())) };
}

test('a member gets everything that is kept, as text that any phone opens; the NIK is masked, and viewers are not named', async () => {
  const world = await openWorld();
  const person = await addPerson(world);
  await perform(world, 'consent.record', { persetujuan: consent }, person);
  await perform(world, 'member.register', registration({ nik: null }), person);
  await perform(world, 'member.update', { butir: 'nik', nik: '9901015708700001' }, person);
  await perform(world, 'member.update', { butir: 'nama', nama: 'Sri Rahayu Contoh' }, person);
  await perform(world, 'privacy.suspend', {}, person);
  await perform(
    world,
    'problem.propose',
    { topik: 'csr', masalah: 'Jembatan\nsudah roboh', 'sebut-nama': true },
    person,
  );
  const [member] = await world.prisma.member.findMany();
  const officer = await addHelper(world, 'chair', '33.74');
  for (let day = 1; day <= 7; day += 1)
    await write(world, [
      lookKept(officer.contactId, 'list-members', member?.id ?? '', new Date(Date.UTC(2026, 10, 24 + day))),
    ]);

  const detail = 'diperiksa>terverifikasi';
  const verified = { kind: 'sk', action: 'sahkan', detail, actor: officer.contactId } as const;
  await write(world, [
    audited({ ...verified, subjects: [member?.id ?? ''], at: new Date(Date.UTC(2026, 10, 25)) }),
  ]);

  expect(await perform(world, 'member.file', {}, person)).toMatchObject({ outcome: 'sent', values: {} });
  const { kept, bytes, message } = await fileIn(world);
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const lines = bytes.toString('utf8').slice(1).split('\r\n');
  expect(lines.join('\n')).not.toMatch(/\r|9901015708700001/);
  for (const line of [
    '- Nama: Sri Rahayu Contoh',
    '- Tempat lahir: Semarang',
    '- NIK: 9901••••••••0001',
    '- 24 November 2026: setuju, naskah 2026-11, jawaban "Setuju."',
    '- 24 November 2026: dipakai menjadi ditangguhkan',
    '- 25 November 2026: sahkan: Menunggu pemeriksaan menjadi Sudah terverifikasi',
    '- 24 November 2026: nama, sebelumnya "SRI CONTOHWATI"',
    '- 24 November 2026: NIK, sebelumnya kosong',
    expect.stringMatching(/^- 24 November 2026: nomor \d+, penangguhan, selesai$/),
    '- 24 November 2026: csr: Jembatan sudah roboh',
    '- 1 Desember 2026: ketua IPSM Kota Semarang',
    '- 25 November 2026: ketua IPSM Kota Semarang',
  ])
    expect(lines).toContainEqual(line);
  expect(kept).toMatchObject({
    type: 'txt',
    size: bytes.length,
    contactId: person.contactId,
    createdAt: now,
  });
  expect(message.enclosure).toEqual({
    ...{ kind: 'document', content: kept?.id, mime: 'text/plain', name: 'data-saya.txt' },
    size: bytes.length,
  });
  for (const capabilities of Object.values(channelCapabilities))
    expect(carriageOf(message.enclosure, capabilities)).toBe('document');
  expect(await world.prisma.auditEntry.findMany({ where: { action: 'file' } })).toMatchObject([
    { kind: 'request' },
  ]);
});

test('of somebody else’s member nobody gets a file', async () => {
  const world = await openWorld();
  const person = await addPerson(world);
  await perform(world, 'member.register', registration(), person);
  const [[member], stranger] = [await world.prisma.member.findMany(), await addPerson(world)];
  for (const given of [{}, { anggota: member?.id ?? null }])
    expect(await perform(world, 'member.file', given, stranger)).toMatchObject({
      outcome: 'unknown',
      writes: [],
    });
  expect(await count(world, 'attachment')).toBe(0);
});
