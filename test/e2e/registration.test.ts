import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, type TestApp } from '../support/app.js';
import { backends } from '../support/backends.js';
import { botTexts, nik, type Phone, personTexts, phoneOf, play, registration } from './phone.js';

const number = '+6281234567890';

describe.each(backends)('a registration, woken up through %s', (backend) => {
  let test: TestApp;
  let phone: Phone;
  const rows = async (text: string, values: readonly unknown[] = []) =>
    (await test.database.pool.query(text, [...values])).rows;
  const open = (sealed: unknown) => (sealed instanceof Buffer ? test.base.vault.open(sealed) : null);

  beforeAll(async () => {
    test = await openApp({ backend });
    phone = await phoneOf(test.phones, number);
    await play(phone, registration);
    await play(phone, [
      ['cek sk', 'Status SK *Sri Contohwati*: *Menunggu pemeriksaan*', 'Apa yang ingin Bapak/Ibu lakukan?'],
      ['selesai', 'Terima kasih, Bapak/Ibu.'],
    ]);
  });
  afterAll(() => test?.close());

  it('keeps the member, the NIK sealed', async () => {
    const [member, ...others] = await rows('SELECT * FROM member');
    expect(others).toEqual([]);
    expect(member).toMatchObject({
      name: 'Sri Contohwati',
      birth_date: '1970-08-17',
      sex: 'P',
      region_code: '33.22.18.2004',
      psm_since: 2012,
      education: 'sma',
      phone_proved: true,
      simulator: true,
    });
    expect([open(member.nik_sealed), open(member.phone_sealed), open(member.birth_place_sealed)]).toEqual([
      nik,
      number,
      'Semarang',
    ]);
    expect(member.nik_sealed.includes(nik)).toBe(false);
    expect(member.nik_index).toEqual(test.base.vault.index('nik', nik));
    const links = await rows('SELECT contact_id FROM member_contact WHERE member_id = $1', [member.id]);
    expect(links).toEqual([{ contact_id: (await rows('SELECT id FROM contact'))[0]?.id }]);
  });

  it('keeps the exact words of the consent and of its question', async () => {
    const consents = await rows('SELECT * FROM consent');
    expect(consents).toMatchObject([
      { granted: true, version: '2026-11', purpose: 'keanggotaan', channel: 'simulator' },
    ]);
    const programs = await rows('SELECT hash FROM flow_program');
    expect(programs.map((row) => row.hash)).toContain(consents[0].program);
    expect(open(consents[0].reply_sealed)).toBe('Setuju.');
    expect(open(consents[0].text_sealed)).toContain('Apakah Bapak/Ibu setuju data tersebut dicatat?');
    const told = botTexts(await phone.screen());
    const notice = told.find((text) => text.includes('Sebelum mendaftar, mohon dibaca'));
    const asked = told.find((text) => text.includes('setuju data tersebut'));
    expect(open(consents[0].text_sealed)).toBe(`${notice}\n\n${asked}`);
  });

  it('keeps the SK as it was told', async () => {
    const documents = await rows(
      'SELECT d.*, s.status FROM sk_member s JOIN sk_document d ON d.id = s.document_id',
    );
    expect(documents).toMatchObject([
      { decided_on: '2015-03-12', issuer: 'kades', status: 'dilaporkan_ada' },
    ]);
    expect(open(documents[0].number_sealed)).toBe('470/12/2015');
  });

  it('has sent every answer once and treated every message once', async () => {
    const deliveries = await rows('SELECT id, state, lane, attempts FROM delivery ORDER BY seq');
    const screen = await phone.screen();
    expect(new Set(deliveries.map((row) => row.state))).toEqual(new Set(['accepted']));
    expect(screen.flatMap((one) => (one.fromBot ? [one.messageId] : []))).toEqual(
      deliveries.map((row) => row.id),
    );
    const inbound = await rows('SELECT state, attempts FROM inbound ORDER BY seq');
    expect(inbound).toEqual(personTexts(screen).map(() => ({ state: 'done', attempts: 1 })));
  });

  it('shows the conversation on the phone, the NIK masked, the number in Indonesian writing', async () => {
    const texts = botTexts(await phone.screen());
    const summary = texts.find((text) => text.includes('Mohon diperiksa'));
    expect(summary?.slice(summary.indexOf('Mohon diperiksa')).trim()).toBe(
      [
        'Mohon diperiksa:',
        'Nomor: 0812-3456-7890',
        'Nama: Sri Contohwati',
        'Lahir: Semarang, 17 Agustus 1970',
        'Jenis kelamin: Perempuan',
        'Wilayah: Desa Lerep, Kecamatan Ungaran Barat, Kabupaten Semarang',
        'PSM sejak: 2012',
        'Pendidikan: SMA atau SMK',
        'SK: Ada, 470/12/2015, ditetapkan 12 Maret 2015, oleh Kepala desa',
        'NIK: 9901••••••••0001',
        '',
        'Apakah semuanya sudah benar?',
        '',
        '1. Ya, sudah benar',
        '2. Ada yang salah',
      ].join('\n'),
    );
    expect(texts.at(-3)).toContain('Nomor: 470/12/2015\nTanggal: 12 Maret 2015\nPenerbit: Kepala desa');
    expect(texts.filter((text) => text.includes(nik))).toEqual([]);
  });

  it('has ended: nothing is open, nothing waits, no alarm', async () => {
    const sessions = await rows('SELECT flow, step, question, program FROM session');
    expect(sessions).toEqual([{ flow: null, step: null, question: null, program: null }]);
    expect(await rows('SELECT * FROM alarm')).toEqual([]);
    expect(await rows('SELECT * FROM handover')).toEqual([]);
  });

  it('does not register the same person again', async () => {
    await play(phone, [
      ['daftar', '*Sri Contohwati* sudah terdaftar melalui nomor ini.'],
      ['selesai', 'Terima kasih'],
    ]);
    expect(await rows('SELECT count(*)::int AS n FROM member')).toEqual([{ n: 1 }]);
  });
});
