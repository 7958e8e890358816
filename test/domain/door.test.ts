import { beforeEach, describe, expect, test } from 'vitest';
import { codeOfTicket } from '../../src/domain/ticket.js';
import { isCode } from '../../src/flow/inputs/one-time-code.js';
import { isRecord, type Json } from '../../src/flow/json.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import { createVault } from '../../src/store/crypto.js';
import { newId } from '../../src/store/ids.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import { addNamed, callRakor, invite } from './door-scene.js';
import {
  addHelper,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
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

const later = (ms: number) => new Date(now.getTime() + ms);
const labels = (list: Json | undefined) =>
  (Array.isArray(list) ? list : []).map((one) => (isRecord(one) ? one['label'] : null));
const codeOf = (rakorId: string, invitationId: string) =>
  codeOfTicket({ rakorId, invitationId }, world.vault);

/** A rakor of Kota Semarang with one who comes, its code, and a helper at the door. */
async function doorWithSri(more: Parameters<typeof callRakor>[1] = {}) {
  const rakorId = await callRakor(world, more);
  const memberId = await addNamed(world, 'SRI CONTOHWATI');
  const invitationId = await invite(world, rakorId, { memberId });
  const helper = await addHelper(world, 'operator', '33.74');
  return { rakorId, memberId, invitationId, helper, code: codeOf(rakorId, invitationId) };
}

const find = (teks: string, person: Person, more = {}) => perform(world, 'door.find', { teks }, person, more);

describe('the code of a ticket', () => {
  test('is one that can be typed, its own for each invitation and rakor, and cannot be made with another key', () => {
    const tickets = Array.from({ length: 500 }, () => ({ rakorId: newId(), invitationId: newId() }));
    const codes = tickets.map((ticket) => codeOfTicket(ticket, world.vault));
    expect(codes.every(isCode)).toBe(true);
    expect(new Set(codes).size).toBe(500);
    expect(codes).toEqual(tickets.map((ticket) => codeOfTicket(ticket, world.vault)));
    const foreign = createVault(Buffer.alloc(32, 7));
    expect(tickets.some((ticket, at) => codeOfTicket(ticket, foreign) === codes[at])).toBe(false);
    const moved = tickets.map(({ invitationId }) => ({ invitationId, rakorId: newId() }));
    expect(moved.some((ticket, at) => codeOfTicket(ticket, world.vault) === codes[at])).toBe(false);
  });
});

describe('a ticket that is asked for', () => {
  test.each([
    ['mungkin', 'unsure'],
    ['tidak', 'absent'],
    ['diwakilkan', 'absent'],
    [null, 'unanswered'],
  ])('by whoever answered %s is %s', async (answer, wanted) => {
    const rakorId = await callRakor(world);
    const sri = await addMember(world);
    const [member] = await world.prisma.member.findMany();
    await invite(world, rakorId, { memberId: member?.id ?? '', answer });
    const { outcome, values } = await perform(world, 'ticket.find', {}, sri);
    expect([outcome, values]).toMatchObject([
      wanted,
      {
        tiket: {
          nama: 'Sri Contohwati',
          acara: 'Rakor IPSM',
          waktu: 'Selasa, 24 November 2026 pukul 11.00 WIB',
        },
      },
    ]);
    expect(await count(world, 'attachment')).toBe(0);
  });

  test('is a picture, with a link that opens the chat where there is one', async () => {
    const rakorId = await callRakor(world);
    const guest = await addPerson(world);
    const id = await invite(world, rakorId, {
      contactId: guest.contactId,
      delegateOfId: await invite(world, rakorId, {
        memberId: await addNamed(world, 'A'),
        answer: 'diwakilkan',
      }),
      delegate: { nama: 'budi contoh', jabatan: 'Sekretaris', nomor: null },
      answer: null,
    });
    const asked: string[] = [];
    const doors = async (token: string, words: string) => {
      asked.push(token, words);
      return [{ channel: 'telegram', url: 'https://t.me/x' }];
    };
    const { outcome, values } = await perform(world, 'ticket.find', {}, guest, { doors });
    const code = codeOf(rakorId, id);
    expect(asked).toEqual([`HADIRKAN_${code}`, `HADIRKAN ${code}`]);
    expect(outcome).toBe('made');
    expect(values).toMatchObject({
      tiket: { nama: 'Budi Contoh', kode: `${code.slice(0, 4)}-${code.slice(4)}` },
      gambar: [{ kind: 'photo', mime: 'image/png', name: 'tiket-rakor.png' }],
    });
    const [kept] = await world.prisma.attachment.findMany();
    expect(kept?.type).toBe('ticket');
    const png = await attachmentBytes({ ...world, db: world.pool }, kept?.id ?? '');
    expect(
      Buffer.from(png ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  test('where several are held it is asked which; of one that is over or cancelled there is none', async () => {
    const guest = await addPerson(world);
    const { contactId } = guest;
    for (const [title, begins, state] of [
      ['Rakor satu', 30, 'called'],
      ['Rakor dua', 2, 'called'],
      ['Rakor lalu', -30, 'called'],
      ['Rakor batal', 3, 'cancelled'],
    ] as const)
      await invite(world, await callRakor(world, { title, begins, state }), {
        contactId,
        answer: 'mungkin',
        delegate: { nama: 'Budi Contoh', jabatan: 'Sekretaris', nomor: null },
      });
    const { outcome, values } = await perform(world, 'ticket.find', {}, guest);
    expect(outcome).toBe('several');
    expect(labels(values['daftar'])).toEqual(['Rakor dua, Budi Contoh', 'Rakor satu, Budi Contoh']);
    const [second] = await world.prisma.invitation.findMany({ orderBy: { createdAt: 'asc' } });
    const picked = await perform(world, 'ticket.find', { undangan: second?.id ?? '' }, guest);
    expect(picked).toMatchObject({ outcome: 'unsure', values: { tiket: { acara: 'Rakor satu' } } });
    expect(await perform(world, 'ticket.find', {}, await addPerson(world))).toMatchObject({
      outcome: 'none',
    });
  });

  test('was used', async () => {
    const guest = await addPerson(world);
    const rakorId = await callRakor(world);
    await invite(world, rakorId, { contactId: guest.contactId, checkedInAt: now, checkedInBy: 'x' });
    expect(await perform(world, 'ticket.find', {}, guest)).toMatchObject({
      outcome: 'in',
      values: { tiket: { pukul: '10.00', kode: null } },
    });
  });
});

describe('a code at the door', () => {
  test('shows who it is, and is a look that is kept', async () => {
    const { helper, code, memberId } = await doorWithSri();
    const { outcome, values } = await find(`kodenya ${code.toLowerCase()}`, helper);
    expect(outcome).toBe('one');
    expect(values).toMatchObject({
      tamu: { nama: 'Sri Contohwati', jabatan: 'Anggota PSM', wilayah: 'Kota Semarang', jawaban: 'hadir' },
    });
    expect(await looksIn(world, 'show-guest')).toEqual([
      { viewer: helper.contactId, action: 'show-guest', subject: memberId },
    ]);
  });

  test.each<[string, Parameters<typeof callRakor>[1], string]>([
    ['more than three hours before', { begins: 3.1 }, 'early'],
    ['three hours before', { begins: 3 }, 'one'],
    ['within a day after the end', { begins: -27.9, lasts: 4 }, 'one'],
    ['more than a day after the end', { begins: -28.1, lasts: 4 }, 'over'],
    ['more than a day after a beginning without an end', { begins: -24.1, lasts: null }, 'over'],
    ['of one that was cancelled', { state: 'cancelled' }, 'cancelled'],
    ['in another regency', { area: '33.16' }, 'elsewhere'],
    ['of the province', { area: '33' }, 'elsewhere'],
    ['of the simulator', { simulator: true }, 'unknown'],
    ['of half a year ago', { begins: -24 * 40 }, 'unknown'],
  ])('%s: %o leads to %s', async (_, more, wanted) => {
    const { helper, code } = await doorWithSri(more);
    const { outcome, values } = await find(code, helper);
    expect(outcome).toBe(wanted);
    if (wanted === 'early')
      expect(values).toEqual({
        pintu: {
          acara: 'Rakor IPSM',
          waktu: 'Selasa, 24 November 2026 pukul 13.06 WIB',
          buka: 'Selasa, 24 November 2026 pukul 10.06 WIB',
        },
      });
  });

  test('that nobody made, or another key made, is of nobody', async () => {
    const { helper, rakorId, invitationId } = await doorWithSri();
    const foreign = codeOfTicket({ rakorId, invitationId }, createVault(Buffer.alloc(32, 7)));
    for (const code of [foreign, 'K7M4P2QX']) expect((await find(code, helper)).outcome).toBe('unknown');
  });

  test('of somebody whose data may not be used is of nobody', async () => {
    const { helper, code, memberId } = await doorWithSri();
    await world.prisma.member.update({ where: { id: memberId }, data: { standing: 'suspended' } });
    expect((await find(code, helper)).outcome).toBe('unknown');
    expect((await find('sri', helper)).outcome).toBe('nobody');
  });

  test('says nothing to whoever keeps no door', async () => {
    const { code } = await doorWithSri();
    expect(await find(code, await addPerson(world))).toMatchObject({
      outcome: 'refused',
      values: {},
      writes: [],
    });
  });
});

describe('who is let in', () => {
  test('is in once: two helpers at once, and one has done it', async () => {
    const { helper, code, invitationId, memberId } = await doorWithSri();
    const other = await addHelper(world, 'chair', '33.74');
    const args = { undangan: invitationId };
    const second = await decide('door.enter', args, contextOf(world, other));
    const first = await perform(world, 'door.enter', args, helper, { now: later(120_000) });
    expect(first).toMatchObject({ outcome: 'done', values: { tamu: { pukul: '10.02' } } });
    await expect(write(world, second.writes)).rejects.toThrow(ChangedMeanwhile);
    expect(await perform(world, 'door.enter', args, other)).toMatchObject({
      outcome: 'in',
      values: { tamu: { pukul: '10.02', oleh: 'petugas Kota Semarang' } },
      writes: [],
    });
    expect(await find(code, helper)).toMatchObject({
      outcome: 'in',
      values: { tamu: { oleh: 'Bapak/Ibu sendiri' } },
    });
    const { rows } = await world.db.pool.query(
      `SELECT e.action, e.detail, s.subject FROM audit_entry e JOIN person_key s ON s.id = e.person WHERE e.kind = 'attendance'`,
    );
    const [rakor] = await world.prisma.rakor.findMany();
    expect(rows).toEqual([{ action: 'check-in', detail: `rakor ${rakor?.number}`, subject: memberId }]);
  });

  test('can be taken back, once, and then let in again', async () => {
    const { helper, invitationId } = await doorWithSri();
    const args = { undangan: invitationId };
    expect(await perform(world, 'door.entered', {}, helper)).toMatchObject({ outcome: 'none' });
    await perform(world, 'door.enter', args, helper);
    const { values } = await perform(world, 'door.entered', {}, helper);
    expect(labels(values['daftar'])).toEqual(['Sri Contohwati, Kota Semarang (masuk 10.00)']);
    const other = await decide('door.take-back', args, contextOf(world, helper));
    expect(await perform(world, 'door.take-back', args, helper)).toMatchObject({ outcome: 'done' });
    await expect(write(world, other.writes)).rejects.toThrow(ChangedMeanwhile);
    expect(await perform(world, 'door.take-back', args, helper)).toMatchObject({ outcome: 'gone' });
    expect(await perform(world, 'door.enter', args, helper)).toMatchObject({ outcome: 'done' });
  });

  test('only by whoever keeps that door now, while it is open', async () => {
    const { helper, invitationId } = await doorWithSri();
    const args = { undangan: invitationId };
    const stranger = await addHelper(world, 'operator', '33.16');
    for (const action of ['door.show', 'door.enter', 'door.take-back']) {
      expect((await perform(world, action, args, stranger)).outcome).toBe('gone');
      const tomorrow = { now: later(30 * 3_600_000) };
      expect((await perform(world, action, args, helper, tomorrow)).outcome).toBe('gone');
    }
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: now } });
    expect((await perform(world, 'door.enter', args, helper)).outcome).toBe('gone');
  });
});

describe('a name at the door', () => {
  test('of several is asked about, of one is shown, of nobody is told', async () => {
    const { helper, rakorId } = await doorWithSri();
    const delegateOfId = await invite(world, rakorId, {
      memberId: await addNamed(world, 'Agus Contoh'),
      answer: 'diwakilkan',
    });
    await invite(world, rakorId, {
      delegateOfId,
      delegate: { nama: 'SRI CONTOHLESTARI', jabatan: 'Sekretaris', nomor: null },
      answer: null,
    });
    const several = await find('sri', helper);
    expect(several.outcome).toBe('several');
    expect(labels(several.values['daftar'])).toEqual([
      'Sri Contohlestari, Kota Semarang',
      'Sri Contohwati, Kota Semarang',
    ]);
    expect(await find('sri contohlestari', helper)).toMatchObject({
      outcome: 'one',
      values: { tamu: { jabatan: 'Sekretaris', jawaban: 'mewakili yang diundang' } },
    });
    expect((await find('siti', helper)).outcome).toBe('nobody');
    expect((await find('--', helper)).outcome).toBe('nobody');
  });

  test('is looked for in all open doors of the own area, and the rakor is said; where none is open, nobody is looked for', async () => {
    const helper = await addHelper(world, 'residency-lead', 'residency/semarang');
    for (const [title, area] of [
      ['Rakor satu', '33.74'],
      ['Rakor dua', 'residency/semarang'],
    ] as const)
      await invite(world, await callRakor(world, { title, area }), {
        delegate: { nama: 'Budi Contoh', jabatan: 'Ketua', nomor: null },
      });
    await invite(world, await callRakor(world, { area: '33.16' }), {
      delegate: { nama: 'Budi Lain', jabatan: 'Ketua', nomor: null },
    });
    const { values } = await find('budi', helper);
    expect(labels(values['daftar']).toSorted()).toEqual([
      'Budi Contoh, Kota Semarang, Rakor satu',
      'Budi Contoh, eks-karesidenan Semarang, Rakor dua',
    ]);
    const far = await addHelper(world, 'operator', '33.18');
    expect((await find('budi', far)).outcome).toBe('closed');
    const admin = await addHelper(world, 'province-admin', '33');
    expect(labels((await find('budi', admin)).values['daftar'])).toHaveLength(3);
  });
});

describe('somebody who was not invited', () => {
  test('is added, marked as such, found, and goes when it was a mistake', async () => {
    const { helper, rakorId } = await doorWithSri();
    const who = { nama: 'agus contoh', jabatan: 'Anggota, Kota Semarang' };
    expect(await perform(world, 'door.add', who, helper)).toMatchObject({ outcome: 'done' });
    const { outcome, values } = await find('agus', helper);
    expect(outcome).toBe('in');
    expect(values).toMatchObject({ tamu: { nama: 'Agus Contoh', jawaban: 'peserta susulan' } });
    const [row] = await world.prisma.invitation.findMany({ where: { memberId: null } });
    expect(row).toMatchObject({ rakorId, answer: 'hadir', checkedInBy: helper.contactId });
    const args = { undangan: row?.id ?? '' };
    expect(await perform(world, 'door.take-back', args, helper)).toMatchObject({ outcome: 'done' });
    expect(await count(world, 'invitation')).toBe(1);
  });

  test('of two open doors it is asked which; of none, nobody is added', async () => {
    const helper = await addHelper(world, 'province-team', '33');
    const who = { nama: 'Agus Contoh', jabatan: 'Anggota' };
    expect((await perform(world, 'door.add', who, helper)).outcome).toBe('closed');
    await callRakor(world, { title: 'Rakor satu' });
    const rakor = await callRakor(world, { title: 'Rakor dua', area: '33' });
    const { values } = await perform(world, 'door.add', who, helper);
    expect(labels(values['daftar']).toSorted()).toEqual([
      'Rakor dua, Provinsi Jawa Tengah',
      'Rakor satu, Kota Semarang',
    ]);
    expect(await perform(world, 'door.add', { ...who, rakor }, helper)).toMatchObject({
      outcome: 'done',
      values: { pintu: { acara: 'Rakor dua' } },
    });
  });
});
