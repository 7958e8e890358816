import { beforeEach, expect, test } from 'vitest';
import { isRecord } from '../../src/flow/json.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import { pagesOfPdf } from '../support/pdf.js';
import { addNamed, callRakor, invite } from './door-scene.js';
import { addPerson, now, openWorld, type Person, perform, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

/** Somebody of Kota Semarang whose phone speaks for a member, invited to a rakor of the province with this answer. */
async function invited(answer: string | null, title = 'Rakor IPSM'): Promise<{ person: Person; id: string }> {
  const person = await addPerson(world);
  const rakor = await callRakor(world, { area: '33', title });
  return { person, id: await inviteMember(person, rakor, answer) };
}

async function inviteMember({ contactId }: Person, rakor: string, answer: string | null): Promise<string> {
  const memberId = await addNamed(world, 'SRI CONTOHWATI');
  await world.prisma.memberContact.create({ data: { memberId, contactId } });
  return invite(world, rakor, { memberId, answer });
}

async function linesFor(person: Person): Promise<readonly string[]> {
  const { outcome, values } = await perform(world, 'assignment.letter', {}, person);
  expect(outcome).toBe('made');
  const [file] = Array.isArray(values['berkas']) ? values['berkas'].filter(isRecord) : [];
  expect(file).toMatchObject({ mime: 'application/pdf', name: 'surat-tugas.pdf' });
  const bytes = await attachmentBytes({ ...world, db: world.pool }, String(file?.['content']));
  return pagesOfPdf(bytes ?? new Uint8Array()).flat();
}

test('for whoever comes: by the IPSM of the own regency, to be numbered and signed by hand', async () => {
  const { person } = await invited('hadir');
  expect(await linesFor(person)).toEqual([
    'IKATAN PEKERJA SOSIAL MASYARAKAT (IPSM)',
    'KOTA SEMARANG',
    'SURAT TUGAS',
    'Nomor: ..............................',
    'Dasar: surat IPSM Provinsi Jawa Tengah nomor 005/12/IPSM/2026, hal Undangan Rapat Koordinasi.',
    'MENUGASKAN',
    ...['Nama', ': Sri Contohwati', 'Jabatan', ': Anggota PSM', 'Wilayah', ': Kota Semarang'],
    'untuk menghadiri:',
    ...['Hari/Tanggal', ': Selasa, 24 November 2026', 'Waktu', ': pukul 11.00 s.d. 15.00 WIB'],
    ...['Tempat', ': Aula Contoh, Kota Semarang', 'Acara', ': Rakor IPSM'],
    'Demikian surat tugas ini dibuat untuk dilaksanakan dengan penuh tanggung jawab.',
    ...['....................., ....................', 'Ketua IPSM Kota Semarang,'],
    '(..............................)',
  ]);
});

test('for a delegate, asked for by who sends and by who is sent; a position need not be known', async () => {
  const { person, id } = await invited('diwakilkan');
  const other = await addPerson(world);
  const eko = { nama: 'eko contoh', jabatan: 'Sekretaris', nomor: null };
  const { rakorId } = await world.prisma.invitation.findUniqueOrThrow({ where: { id } });
  const sent = { delegateOfId: id, contactId: other.contactId, delegate: eko, answer: null };
  const delegateId = await invite(world, rakorId, sent);
  const lines = await linesFor(person);
  expect(lines.slice(6, 12)).toEqual([
    ...['Nama', ': Eko Contoh', 'Jabatan', ': Sekretaris', 'Wilayah', ': Kota Semarang'],
  ]);
  const unnamed = world.vault.sealJson({ ...eko, jabatan: null });
  await world.pool.query('UPDATE invitation SET delegate_sealed = $2 WHERE id = $1', [delegateId, unnamed]);
  expect(await linesFor(other)).toContain(': Wakil yang diundang');
  await world.pool.query(`UPDATE invitation SET answer = 'tidak' WHERE id = $1`, [delegateId]);
  expect(await perform(world, 'assignment.letter', {}, other)).toMatchObject({ outcome: 'unanswered' });
});

test.each([null, 'mungkin', 'tidak'])('for nobody while the answer is %s', async (answer) => {
  const { person } = await invited(answer);
  const found = await perform(world, 'assignment.letter', {}, person);
  expect(found).toMatchObject({ outcome: 'unanswered', writes: [] });
});

test('of several it is asked which, and only of those somebody goes to', async () => {
  const { person, id } = await invited('hadir', 'Rakor satu');
  const second = await inviteMember(person, await callRakor(world, { title: 'Rakor dua' }), 'hadir');
  await inviteMember(person, await callRakor(world, { title: 'Rakor tiga' }), 'tidak');
  const asked = await perform(world, 'assignment.letter', {}, person);
  expect(asked.outcome).toBe('several');
  expect(asked.values['daftar']).toEqual(
    expect.arrayContaining([
      { id, label: 'Rakor satu, Sri Contohwati' },
      { id: second, label: 'Rakor dua, Sri Contohwati' },
    ]),
  );
  expect(asked.values['daftar']).toHaveLength(2);
  const made = await perform(world, 'assignment.letter', { undangan: second }, person);
  expect(made).toMatchObject({ outcome: 'made', values: { 'surat-tugas': { acara: 'Rakor dua' } } });
});

test('none for who is not invited, and none once it is over', async () => {
  const stranger = await addPerson(world);
  expect(await perform(world, 'assignment.letter', {}, stranger)).toMatchObject({ outcome: 'none' });
  const { person } = await invited('hadir');
  const past = new Date(now.getTime() - 86_400_000);
  await world.pool.query('UPDATE rakor SET starts_at = $1, ends_at = $1', [past]);
  expect(await perform(world, 'assignment.letter', {}, person)).toMatchObject({ outcome: 'none' });
});
