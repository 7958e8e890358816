import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { recordsOf } from '../../src/base.js';
import { recordConversation } from '../../src/domain/recording.js';
import { localAdministrator, viewerOf } from '../../src/domain/roles.js';
import { playTranscripts } from '../../src/flow/transcript.js';
import { openConversations } from '../../src/programs.js';
import { type Kept, keepConversation, type Wish } from '../../src/record.js';
import { openApp, type TestApp } from '../support/app.js';
import { freshDatabase } from '../support/database.js';
import { runSapa, startSapa } from '../support/process.js';
import { waitFor } from '../support/wait.js';
import { nik, phoneOf, play, registration } from './phone.js';

describe('a conversation kept as a test', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp();
  });
  afterAll(() => test?.close());

  async function kept(value: string, more: Partial<Wish> = {}): Promise<Kept | null> {
    const wish = { account: 'simulator', address: value, since: null, source: null, flow: null, name: null };
    const conversations = await openConversations(test.base);
    return keepConversation(test.base, recordsOf(test.base), conversations, { ...wish, ...more });
  }

  async function replayed(text: string) {
    const { library, regions } = await openConversations(test.base);
    return playTranscripts(text, library.current.program, regions).played;
  }

  it('holds a whole registration and goes again as it went', async () => {
    const value = '+6281200000031';
    const phone = await phoneOf(test.phones, value);
    await play(phone, [
      ['halo', 'Selamat datang'],
      ['registrasi', 'Sebelum', '*SETUJU*'],
      ...registration.slice(1),
    ]);
    const recording = await kept(value, { name: 'seluruhnya' });
    expect(recording).toMatchObject({ flow: 'registrasi', name: 'seluruhnya', failures: [] });
    const text = recording?.text ?? '';
    expect(await replayed(text)).toEqual([{ name: 'seluruhnya', failures: [] }]);
    expect(text).toContain(`- member: "${nik}"`);
    expect(text).toContain('nomor: "+6281200000031"');
    expect(text).toMatch(/consent\.record: recorded\n/);
    expect(text).toMatch(/member\.register:\n {8}outcome: registered\n {8}anggota:\n/);
    expect(text.match(/- bot:/g)).toHaveLength((await phone.screen()).filter((one) => one.fromBot).length);
  }, 120_000);

  it('holds buttons, and words that were written before the question was seen', async () => {
    const phone = await phoneOf(test.phones, 'tanpa-nomor');
    await phone.say('halo');
    const [menu] = (await phone.screen()).filter((one) => one.fromBot);
    const button = menu?.fromBot ? menu.body.buttons[0] : undefined;
    if (button === undefined) throw new Error('the menu has no buttons');
    // Both are there before the bot can have answered either.
    await test.stop();
    await phone.send({ button });
    await phone.send({ text: 'SETUJU' });
    await test.start();
    await phone.settle();
    const recording = await kept('tanpa-nomor');
    expect(recording?.text).toContain('- press: "Daftar anggota"');
    expect(recording?.text).toContain('- early: "SETUJU"');
    expect(recording?.text).toContain('nomor: null');
    expect(recording?.failures).toEqual([]);
  });

  it('begins where nothing was open, however late it was asked for', async () => {
    const value = '+6281200000032';
    const phone = await phoneOf(test.phones, value);
    await play(phone, [
      ['cek sk', 'belum terdaftar'],
      ['tidak', 'Terima kasih'],
      ['daftar', 'Sebelum', '*SETUJU*'],
    ]);
    const since = test.base.now();
    await play(phone, [['menu', 'Selamat datang']]);
    for (const wish of [{}, { since }]) {
      const recording = await kept(value, wish);
      expect(recording?.failures).toEqual([]);
      expect(recording?.text.match(/- member: .*/g)).toEqual(['- member: "daftar"', '- member: "menu"']);
    }
    const whole = await kept(value, { since: new Date(0) });
    expect(whole?.failures).toEqual([]);
    expect(whole?.text.match(/- member:/g)).toHaveLength(4);
  });

  it('is added to a file below the tests that are there', async () => {
    const first = await kept('+6281200000032', { name: 'satu' });
    const both = await kept('+6281200000032', { name: 'satu', source: first?.text ?? '' });
    expect(both?.name).toBe('satu (2)');
    expect(both?.text.startsWith(first?.text ?? '?')).toBe(true);
    expect((await replayed(both?.text ?? '')).map(({ name, failures }) => [name, failures])).toEqual([
      ['satu', []],
      ['satu (2)', []],
    ]);
  });

  it('is nothing where nothing was said, or where the words were erased', async () => {
    expect(await kept('+6281200000039')).toBeNull();
    const value = '+6281200000033';
    const phone = await phoneOf(test.phones, value);
    await play(phone, registration.slice(0, 4));
    await phone.say('Semarang, 17 Agustus 2015');
    expect(await kept(value, { since: new Date(0) })).toBeNull();
  });

  it('is only made of people of the simulator, for whom it may, and every look is kept', async () => {
    const records = recordsOf(test.base);
    const who = { account: 'simulator', address: '+6281200000032', since: null };
    const looks = () => records.prisma.auditEntry.count({ where: { action: 'record-conversation' } });
    const before = await looks();
    const chair = viewerOf('somebody', [{ role: 'chair', area: '33.74' }], true);
    expect(await recordConversation(chair, records, who)).toBeNull();
    const { id } = await records.prisma.contact.findFirstOrThrow({
      where: {
        addresses: { some: { valueIndex: new Uint8Array(test.base.vault.index('address', who.address)) } },
      },
    });
    await records.prisma.contact.update({ where: { id }, data: { simulator: false } });
    expect(await recordConversation(localAdministrator('test'), records, who)).toBeNull();
    expect(await looks()).toBe(before);
    await records.prisma.contact.update({ where: { id }, data: { simulator: true } });
    expect(await recordConversation(localAdministrator('test'), records, who)).not.toBeNull();
    expect(await looks()).toBe(before + 1);
  });
});

describe('the commands', () => {
  it('keep a talk in the terminal and a talk in the browser, and play them', async () => {
    const database = await freshDatabase();
    const env = {
      DATABASE_URL: database.url,
      DATA_KEY: randomBytes(32).toString('base64'),
      LOG_LEVEL: 'silent',
    };
    const folder = mkdtempSync(join(tmpdir(), 'sapa-record-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'cek-sk.test.yaml');
    const sapa = await startSapa(env);

    const args = ['chat', '--as', '081200000034', '--record', file, '--name', 'satu'];
    const chat = runSapa(args, { env, input: 'cek sk\n2\n' });
    expect(await chat.ended).toMatchObject({ code: 0 });
    expect(chat.stderr()).toContain('use made-up names');
    expect(chat.stderr()).toContain('kept as "satu"');
    expect(readFileSync(file, 'utf8')).toMatch(/^flow: cek-sk$/m);
    const played = runSapa(['flows', 'test', file]);
    expect(await played.ended).toMatchObject({ code: 0 });
    expect(played.stdout()).toBe('1 conversations passed, 0 failed.\n');

    const downloaded = await talkInBrowser(sapa.url() ?? '');
    expect(downloaded).toContain('- member: "bantuan"');
    const drawn = runSapa(['flows', 'graph', 'cek-sk', '--simulator'], { env });
    expect(await drawn.ended).toMatchObject({ code: 0 });
    expect(drawn.stdout()).toContain('>1 datang, 1 lanjut</text>');
    await sapa.kill('SIGTERM');
    await database.drop();
  }, 120_000);

  it.each(['talk.txt', 'package.json'])('keep nothing in %s', async (name) => {
    const chat = runSapa(['chat', '--record', name]);
    expect(await chat.ended).toMatchObject({ code: 1 });
    expect(chat.stderr()).toContain('is no list of tests');
  });
});

async function talkInBrowser(url: string): Promise<string> {
  const post = (path: string, body: unknown) =>
    fetch(`${url}/simulator/people${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const { id } = (await (await post('', { value: '081200000037' })).json()) as { readonly id: string };
  await post(`/${id}/messages`, { id: randomUUID(), text: 'bantuan' });
  const path = `${url}/simulator/people/${id}`;
  await waitFor('the answer', async () => {
    const { settled } = (await (await fetch(`${path}/messages`)).json()) as { readonly settled: boolean };
    return settled;
  });
  const answer = await fetch(`${path}/test.yaml`);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="bantuan.test.yaml"');
  return answer.text();
}
