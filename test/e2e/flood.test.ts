import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indonesian } from '../../src/flow/wording.js';
import { decodeInbound } from '../../src/turn/inbound.js';
import { openApp, type TestApp } from '../support/app.js';
import { sized } from '../support/size.js';
import { botTexts, nik, type Phone, phoneOf, play, registration, type Transcript } from './phone.js';

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

/** The rest of a registration from a step on, its NIK left out: two people cannot have the same. */
function restFrom(step: number): Transcript {
  return registration.slice(step).map(([said, ...answers]) => [said === nik ? 'lewati' : said, ...answers]);
}

/** The member of a person as registered, without what is sealed. */
async function memberOf(value: string): Promise<unknown> {
  const text = `SELECT m.name, m.birth_date, m.sex, m.region_code, m.psm_since, m.education, s.status
    FROM member m JOIN member_contact l ON l.member_id = m.id JOIN sk_member s ON s.member_id = m.id WHERE l.contact_id = $1`;
  return (await rows(text, [await contactOf(value)]))[0];
}

const asRegistered = {
  name: 'Sri Contohwati',
  birth_date: '1970-08-17',
  sex: 'P',
  region_code: '33.22.18.2004',
  psm_since: 2012,
  education: 'sma',
  status: 'dilaporkan_ada',
};

/** The texts that were treated, in the order of their treatment. */
async function treated(value: string): Promise<readonly string[]> {
  const text = `SELECT body_sealed FROM inbound WHERE contact_id = $1 AND state = 'done' ORDER BY processed_at, seq`;
  const found = await rows(text, [await contactOf(value)]);
  return found.map(({ body_sealed }) => {
    const { content } = decodeInbound(test.base.vault.openJson(body_sealed));
    return content.kind === 'text' ? content.text : content.kind;
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
    const others = ['Solo, 1 Mei 1960', '1', '3', '2001', '2', '3'];
    const texts = ['Sri Contohwati', ...others, '001/SK/2001', '01-05-2001', '4'];
    await sendAtOnce(phone, texts);
    expect((await treated(value)).slice(3)).toEqual(texts);
    const [session] = await rows('SELECT flow, step FROM session WHERE contact_id = $1', [
      await contactOf(value),
    ]);
    expect(session).toEqual({ flow: 'registrasi', step: 'lahir' });
    expect(botTexts(await phone.screen()).at(-1)).toContain('Langkah 3 dari 9');
    await play(phone, restFrom(4));
    expect(await memberOf(value)).toEqual(asRegistered);
  });

  it('are told so, and the conversation goes on with the question on the screen', async () => {
    const value = '+6281200000011';
    const phone = await phoneOf(test.phones, value);
    await play(phone, registration.slice(0, 3));
    await sendAtOnce(phone, ['Sri Contohwati', '17-08-1970', '1']);
    const last = botTexts(await phone.screen()).at(-1);
    expect(last).toContain(indonesian.unseen);
    expect(last?.split(indonesian.unseen)).toHaveLength(2);
    await play(phone, restFrom(4));
    expect(await memberOf(value)).toEqual(asRegistered);
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
    await play(phone, restFrom(7));
    expect(await memberOf(value)).toEqual(asRegistered);
  });

  // The second message is not joined to the name and its question is asked again; the third then is joined to it.
  it('do not lengthen an answer after which something else was written', async () => {
    const value = '+6281200000015';
    const phone = await phoneOf(test.phones, value);
    await play(phone, registration.slice(0, 3));
    await sendAtOnce(phone, ['Sri Contohwati', 'Solo, 1 Mei 1960', 'Kota Surakarta, Banjarsari, Nusukan']);
    await play(phone, restFrom(4));
    expect(await memberOf(value)).toEqual(asRegistered);
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

it('many people at once all finish their conversations', async () => {
  const help: Transcript = [
    ['halo', 'Apa yang dapat kami bantu'],
    ['5', 'Kata yang selalu dapat dipakai'],
  ];
  const nikLater = registration.map(([said, ...rest]) => [said === nik ? 'nanti' : said, ...rest] as const);
  const conversations = [help, nikLater];
  const many = sized(30, 200);
  const values = Array.from({ length: many }, (_, at) => `+62813${String(at).padStart(8, '0')}`);
  await Promise.all(
    values.map(async (value, at) => {
      const phone = await phoneOf(test.phones, value);
      await play(phone, conversations[at % 2] ?? help);
    }),
  );
  const unfinished = `SELECT state FROM delivery WHERE state <> 'accepted' AND code IS DISTINCT FROM 'replaced'`;
  expect(await rows(unfinished)).toEqual([]);
  expect(await rows(`SELECT id FROM inbound WHERE state <> 'done'`)).toEqual([]);
  expect(await rows('SELECT kind FROM alarm')).toEqual([]);
  const opened = await rows(
    `SELECT count(*)::int AS people FROM member_contact l JOIN address a ON a.contact_id = l.contact_id
     JOIN session s ON s.contact_id = l.contact_id WHERE s.flow IS NULL AND a.value_index = ANY($1)`,
    [values.filter((_, at) => at % 2 === 1).map((value) => test.base.vault.index('address', value))],
  );
  expect(opened).toEqual([{ people: many / 2 }]);
}, 120_000);
