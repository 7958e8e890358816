import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indonesian } from '../../src/flow/wording.js';
import { decodeInbound } from '../../src/turn/inbound.js';
import { asSession } from '../../src/turn/prepare.js';
import { openApp, type TestApp } from '../support/app.js';
import { botTexts, type Phone, phoneOf, play, registration, type Transcript } from './phone.js';

let test: TestApp;
beforeAll(async () => {
  test = await openApp();
});
afterAll(() => test?.close());

const rows = async (text: string, values: readonly unknown[] = []) =>
  (await test.database.pool.query(text, [...values])).rows;

async function contactOf(value: string): Promise<unknown> {
  const index = test.base.vault.index('address', value);
  return (await rows('SELECT contact_id FROM address WHERE value_index = $1', [index]))[0]?.contact_id;
}

/** The last answer of the registration of a person: `step = answer`. */
async function lastAnswer(value: string): Promise<string> {
  const [row] = await rows('SELECT state_sealed FROM session WHERE contact_id = $1', [
    await contactOf(value),
  ]);
  const session = asSession(test.base.vault.openJson(row?.state_sealed));
  const frame = session.frames.find((one) => one.flow === 'registrasi');
  const last = frame?.trail.at(-1)?.at(-1);
  return `${typeof last === 'string' ? last : last?.step} = ${frame?.said}`;
}

/** The texts that were treated, in the order of their treatment. */
async function treated(value: string): Promise<readonly string[]> {
  const text = `SELECT body_sealed FROM inbound WHERE contact_id = $1 AND state = 'done' ORDER BY processed_at, seq`;
  const found = await rows(text, [await contactOf(value)]);
  return found.map(({ body_sealed }) => {
    const { content } = decodeInbound(test.base.vault.openJson(body_sealed));
    return content.kind === 'text' ? content.text : content.label;
  });
}

/** All of them are written before the bot answers the first. */
async function sendAtOnce(phone: Phone, texts: readonly string[]): Promise<void> {
  await test.stop();
  for (const text of texts) await phone.send({ text });
  await test.start();
  await phone.settle();
}

describe('ten messages at once by one person', () => {
  it('are each treated, in order, and none answers a question its writer had not seen', async () => {
    const value = '+6281200000010';
    const phone = await phoneOf(test.phones, value);
    await play(phone, registration.slice(0, 3));
    const texts = [
      'Sri Contohwati',
      'Semarang, 17 Agustus 1970',
      'perempuan',
      'Kabupaten Semarang, Ungaran Barat, Lerep',
      '2012',
      'SMA',
      'ada',
      '470/12/2015',
      '12-03-2015',
      'kades',
    ];
    await sendAtOnce(phone, texts);
    expect((await treated(value)).slice(3)).toEqual(texts);
    expect(await lastAnswer(value)).toMatch(/^nama = Sri Contohwati/);
    const [session] = await rows('SELECT flow, step FROM session WHERE contact_id = $1', [
      await contactOf(value),
    ]);
    expect(session).toEqual({ flow: 'registrasi', step: 'lahir' });
    expect(botTexts(await phone.screen()).at(-1)).toContain('Langkah 3 dari 9');
  });

  it('are told so, and the conversation goes on with the question on the screen', async () => {
    const value = '+6281200000011';
    const phone = await phoneOf(test.phones, value);
    await play(phone, registration.slice(0, 3));
    await sendAtOnce(phone, ['Sri Contohwati', '17-08-1970', '1']);
    const last = botTexts(await phone.screen()).at(-1);
    expect(last).toContain(indonesian.unseen);
    expect(last?.split(indonesian.unseen)).toHaveLength(2);
    await play(phone, registration.slice(4));
    expect(await rows('SELECT name, sex FROM member WHERE name = $1', ['Sri Contohwati'])).toEqual([
      { name: 'Sri Contohwati', sex: 'P' },
    ]);
  });

  it('do not become a consent', async () => {
    const value = '+6281200000012';
    const phone = await phoneOf(test.phones, value);
    await sendAtOnce(phone, ['daftar', 'SETUJU', 'SETUJU']);
    expect(await rows('SELECT 1 FROM consent WHERE contact_id = $1', [await contactOf(value)])).toEqual([]);
    await play(phone, [['SETUJU', 'Langkah 1 dari 9']]);
  });

  it('may be one answer in several messages', async () => {
    const value = '+6281200000013';
    const phone = await phoneOf(test.phones, value);
    await play(phone, registration.slice(0, 6));
    await sendAtOnce(phone, ['Kabupaten Semarang', 'Ungaran Barat', 'Lerep']);
    expect(botTexts(await phone.screen()).at(-1)).toContain('Langkah 6 dari 9');
    expect(await lastAnswer(value)).toBe('wilayah = Kabupaten Semarang\nUngaran Barat\nLerep');
  });

  it('may be words that mean the same everywhere', async () => {
    const value = '+6281200000014';
    const phone = await phoneOf(test.phones, value);
    const texts = [
      'menu',
      'bantuan',
      'menu',
      'bantuan',
      'petugas',
      'menu',
      'bantuan',
      'ulang',
      'batal',
      'menu',
    ];
    await sendAtOnce(phone, texts);
    expect(await treated(value)).toEqual(texts);
    expect(await rows(`SELECT 1 FROM handover WHERE contact_id = $1`, [await contactOf(value)])).toHaveLength(
      1,
    );
  });
});

it('two hundred people at once all finish their conversations', async () => {
  const help: Transcript = [
    ['halo', 'Apa yang dapat kami bantu'],
    ['3', 'Kata yang selalu dapat dipakai'],
  ];
  const conversations = [help, registration.slice(0, 4)];
  await Promise.all(
    Array.from({ length: 200 }, async (_, at) => {
      const phone = await phoneOf(test.phones, `+62813${String(at).padStart(8, '0')}`);
      await play(phone, conversations[at % 2] ?? help);
    }),
  );
  const unfinished = `SELECT state FROM delivery WHERE state <> 'accepted' AND code IS DISTINCT FROM 'replaced'`;
  expect(await rows(unfinished)).toEqual([]);
  expect(await rows(`SELECT id FROM inbound WHERE state <> 'done'`)).toEqual([]);
  expect(await rows('SELECT kind FROM alarm')).toEqual([]);
}, 120_000);
