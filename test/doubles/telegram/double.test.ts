import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../../support/wait.js';
import { type Answer, call } from './call.js';
import { startTelegram, type TelegramDouble } from './double.js';
import type { Person } from './people.js';
import { refuse } from './refusal.js';

let time: number;
let api: TelegramDouble;
let person: Person;
const ask = (method: string, params: Readonly<Record<string, unknown>> = {}) => call(api, method, params);
const say = (text: string, to = person.address) => ask('sendMessage', { chat_id: to, text });
const ids = ({ result }: Answer) => result.map((update: { update_id: number }) => update.update_id);

beforeEach(async () => {
  time = Date.UTC(2026, 10, 25, 1);
  api = await startTelegram({ now: () => time });
  person = api.person();
});
afterEach(() => api.close());

describe('who is calling', () => {
  it('knows itself by its token only', async () => {
    expect(await ask('getMe')).toMatchObject({ ok: true, result: { is_bot: true, username: 'contoh_bot' } });
    const wrong = await call({ url: api.url, token: `${api.token}x` }, 'getMe');
    expect(wrong).toEqual({ status: 401, ok: false, error_code: 401, description: 'Unauthorized' });
    expect(await call({ url: api.url, token: 'nonsense' }, 'getMe')).toMatchObject({ status: 404 });
    api.revoke();
    expect(await ask('getMe')).toMatchObject({ error_code: 401 });
  });

  it('knows the methods that are used, in any writing, and no others', async () => {
    expect(await ask('GETME')).toMatchObject({ ok: true });
    expect(await ask('sendDice')).toMatchObject({ description: 'Not Found: method not found' });
  });
});

describe('what is sent', () => {
  it('is shown to the person, with the id and date it was accepted under', async () => {
    const { result } = await say('Selamat pagi.');
    expect(result).toMatchObject({ text: 'Selamat pagi.', date: time / 1000, chat: { type: 'private' } });
    expect(person.shown()).toEqual([result]);
    expect(api.accepted).toEqual([result]);
  });

  const bold = (offset: number, length: number) => [{ type: 'bold', offset, length }];
  const button = (data: unknown, text = 'Ya') => ({ inline_keyboard: [[{ text, callback_data: data }]] });
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['nobody', { chat_id: '', text: 'a' }, 'chat_id is empty'],
    ['a stranger', { chat_id: 5, text: 'a' }, 'chat not found'],
    ['no text', { text: '' }, 'message text is empty'],
    ['blanks', { text: ' \n ' }, 'message text is empty'],
    ['4097 characters', { text: 'a'.repeat(4097) }, 'message is too long'],
    ['bold behind the end', { text: 'abc', entities: bold(1, 3) }, 'ENTITY_BOUNDS_INVALID'],
    ['bold of nothing', { text: 'abc', entities: bold(1, 0) }, 'ENTITY_BOUNDS_INVALID'],
    ['no data', { text: 'a', reply_markup: button('') }, 'BUTTON_DATA_INVALID'],
    ['65 bytes of data', { text: 'a', reply_markup: button(`${'é'.repeat(32)}a`) }, 'BUTTON_DATA_INVALID'],
    [
      '101 buttons',
      { text: 'a', reply_markup: { inline_keyboard: Array(101).fill([{ text: 'a', callback_data: 'a' }]) } },
      'reply markup is too long',
    ],
  ])('is refused for %s', async (_name, params, sentence) => {
    expect(await ask('sendMessage', { chat_id: person.address, ...params })).toEqual({
      ...{ status: 400, ok: false, error_code: 400 },
      description: `Bad Request: ${sentence}`,
    });
    expect(api.accepted).toEqual([]);
  });

  it('may be 4096 characters, 64 bytes of data, and marked to the end', async () => {
    const text = 'a'.repeat(4096);
    const params = {
      chat_id: person.address,
      text,
      entities: bold(0, 4096),
      reply_markup: button('é'.repeat(32)),
    };
    expect(await ask('sendMessage', params)).toMatchObject({ ok: true });
    expect(person.buttons()).toEqual(['Ya']);
  });

  it.each([
    ['blocked', 'bot was blocked by the user'],
    ['deactivated', 'user is deactivated'],
    ['never-started', "bot can't initiate conversation with a user"],
  ] as const)('does not reach one who is %s', async (standing, sentence) => {
    expect(await say('a', api.person(standing).address)).toMatchObject({
      ...{ error_code: 403, description: `Forbidden: ${sentence}` },
    });
  });

  it('may be a photo, a document or a place, and be changed and taken away', async () => {
    const form = new FormData();
    form.set('chat_id', person.address);
    form.set('document', new Blob(['isi']), 'undangan.pdf');
    const sent = await fetch(`${api.url}/bot${api.token}/sendDocument`, { method: 'POST', body: form });
    expect(await sent.json()).toMatchObject({ ok: true, result: { document: {} } });
    const to = { chat_id: person.address };
    expect(await ask('sendPhoto', { ...to, photo: 'x' })).toMatchObject({ error_code: 400 });
    expect(await ask('sendLocation', { ...to, latitude: 91, longitude: 0 })).toMatchObject({
      error_code: 400,
    });
    const { result } = await ask('sendMessage', { ...to, text: 'a', reply_markup: button('a') });
    const own = { ...to, message_id: result.message_id };
    expect(await ask('editMessageReplyMarkup', own)).toMatchObject({ ok: true });
    expect((await ask('editMessageReplyMarkup', own)).description).toMatch(
      /^Bad Request: message is not modified/,
    );
    expect(await ask('editMessageText', { ...own, text: 'b' })).toMatchObject({ result: { text: 'b' } });
    expect(await ask('deleteMessage', own)).toMatchObject({ ok: true });
    expect(await ask('deleteMessage', own)).toMatchObject({ error_code: 400 });
  });
});

describe('how much is sent', () => {
  const chats = (count: number) => Array.from({ length: count }, () => api.person().address);

  it('is 30 a second', async () => {
    for (const chat of chats(30)) expect(await say('a', chat)).toMatchObject({ ok: true });
    expect(await say('a', api.person().address)).toEqual({
      ...{ status: 429, ok: false, error_code: 429, description: 'Too Many Requests: retry after 1' },
      parameters: { retry_after: 1 },
    });
    time += 1000;
    for (const chat of chats(30)) expect(await say('a', chat)).toMatchObject({ ok: true });
  });

  it('is one a second to a chat, after a short burst', async () => {
    for (let at = 0; at < 5; at += 1) expect(await say('a')).toMatchObject({ ok: true });
    expect(await say('a')).toMatchObject({ error_code: 429, parameters: { retry_after: 1 } });
    expect(await say('a', api.person().address)).toMatchObject({ ok: true });
    time += 1000;
    expect(await say('a')).toMatchObject({ ok: true });
    expect(await say('a')).toMatchObject({ error_code: 429 });
  });

  it('is 20 a minute to a group', async () => {
    const group = String(api.group().chat.id);
    for (let at = 0; at < 20; at += 1) expect(await say('a', group)).toMatchObject({ ok: true });
    expect(await say('a', group)).toMatchObject({ parameters: { retry_after: 3 } });
    time += 3000;
    expect(await say('a', group)).toMatchObject({ ok: true });
  });
});

describe('what comes in', () => {
  it('comes in order, and again until a higher offset confirms it', async () => {
    for (const text of ['satu', 'dua', 'tiga']) person.write(text);
    const first = await ask('getUpdates');
    expect(first.result.map((one: { message: { text: string } }) => one.message.text)).toEqual([
      'satu',
      'dua',
      'tiga',
    ]);
    time += 1000;
    expect(ids(await ask('getUpdates'))).toEqual(ids(first));
    const [, second, third] = ids(first);
    expect(ids(await ask('getUpdates', { offset: second }))).toEqual([second, third]);
    time += 1000;
    expect(ids(await ask('getUpdates', { offset: second }))).toEqual([second, third]);
    expect(ids(await ask('getUpdates', { offset: third + 1 }))).toEqual([]);
    expect(api.pending()).toBe(0);
  });

  it('comes one by one to who asks for the same offset again at once', async () => {
    person.write('satu');
    person.write('dua');
    expect(ids(await ask('getUpdates'))).toHaveLength(2);
    expect(ids(await ask('getUpdates'))).toHaveLength(1);
  });

  it('ends a long poll, and is kept to the kinds that were asked for', async () => {
    const poll = ask('getUpdates', { timeout: 50, allowed_updates: ['message'] });
    await waitFor('the poll', () => api.isPolled());
    expect(person.edit(1, 'lain')).toBeNull();
    person.write('satu');
    expect((await poll).result).toMatchObject([{ message: { text: 'satu', chat: { type: 'private' } } }]);
  });

  it('goes to one poller: the one that waits longer is told of the other', async () => {
    const first = ask('getUpdates', { timeout: 50 });
    await waitFor('the poll', () => api.isPolled());
    const second = ask('getUpdates', { timeout: 50 });
    expect(await first).toMatchObject({
      error_code: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    person.write('satu');
    expect(ids(await second)).toHaveLength(1);
  });

  it('may come twice, and late', async () => {
    const late = api.reserve();
    const update = person.write('dua');
    if (update === null) return expect.fail('no update');
    expect(ids(await ask('getUpdates', { offset: late + 2 }))).toEqual([]);
    time += 1000;
    person.write('satu', { updateId: late });
    api.repeat(update);
    expect(ids(await ask('getUpdates', { offset: late + 2 }))).toEqual([late, late + 1]);
  });

  it('tells of presses, cards, places, files, blocks, edits and groups', async () => {
    const reply_markup = { inline_keyboard: [[{ text: 'Ya', callback_data: 'q:ya' }]] };
    await ask('sendMessage', { chat_id: person.address, text: 'Benar?', reply_markup });
    const press = person.press('Ya');
    person.shareContact();
    person.shareLocation(-7.05, 110.4);
    person.sendPhoto(new Uint8Array(3000));
    person.sendDocument({ name: 'sk.pdf', bytes: new Uint8Array(10) });
    person.edit(1, 'lain');
    person.block();
    person.unblock();
    person.writeInGroup(api.group(), 'halo');
    const { result } = await ask('getUpdates');
    expect(result).toMatchObject([
      { callback_query: { data: 'q:ya', message: { text: 'Benar?' }, from: { id: person.user.id } } },
      { message: { contact: { user_id: person.user.id, phone_number: person.phone.slice(1) } } },
      { message: { location: { latitude: -7.05 } } },
      { message: { photo: [{ file_size: 90 }, { file_size: 3000 }] } },
      { message: { document: { file_name: 'sk.pdf', file_size: 10 } } },
      { edited_message: { text: 'lain' } },
      { my_chat_member: { new_chat_member: { status: 'kicked' } } },
      { my_chat_member: { new_chat_member: { status: 'member' } } },
      { message: { chat: { type: 'group' } } },
    ]);
    if (press === null) return expect.fail('no press');
    const answer = { callback_query_id: press.callback_query?.id };
    expect(await ask('answerCallbackQuery', answer)).toMatchObject({ result: true });
    expect(api.answered(press)).toBe('');
    expect((await ask('answerCallbackQuery', answer)).description).toMatch(/^Bad Request: query is too old/);
  });

  it('gives files out by their path, but none above 20 MB', async () => {
    const file = (update: ReturnType<Person['write']>) => update?.message?.document?.file_id;
    const small = file(person.sendDocument({ bytes: Buffer.from('isi') }));
    const large = file(person.sendDocument({ bytes: new Uint8Array(1), size: 20 * 1024 * 1024 + 1 }));
    const { result } = await ask('getFile', { file_id: small });
    const bytes = await fetch(`${api.url}/file/bot${api.token}/${result.file_path}`);
    expect(await bytes.text()).toBe('isi');
    expect(await ask('getFile', { file_id: large })).toMatchObject({
      description: 'Bad Request: file is too big',
    });
    expect((await ask('getFile', { file_id: 'x' })).description).toMatch(/^Bad Request: wrong file_id/);
    expect((await fetch(`${api.url}/file/bot${api.token}/documents/none`)).status).toBe(404);
  });
});

describe('a webhook', () => {
  /** A server that takes what it is given when `status` says so. */
  async function hook(statuses: readonly number[] = []) {
    const got: { secret: string | undefined; body: { update_id: number } }[] = [];
    const left = [...statuses];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const secret = request.headers['x-telegram-bot-api-secret-token'];
      got.push({ secret: String(secret), body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(left.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())));
    return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram/webhook` };
  }

  it('gets one update after the other, with the secret, each again until it is taken', async () => {
    const { got, url } = await hook([503, 200]);
    const set = await ask('setWebhook', { url, secret_token: 'rahasia', allowed_updates: ['message'] });
    expect(set).toMatchObject({ result: true });
    person.write('satu');
    person.write('dua');
    await waitFor('both', () => got.length === 3);
    const [first] = got.map(({ body }) => body.update_id);
    expect(got.map(({ body }) => body.update_id)).toEqual([first, first, (first ?? 0) + 1]);
    expect(new Set(got.map(({ secret }) => secret))).toEqual(new Set(['rahasia']));
    expect(await ask('getWebhookInfo')).toMatchObject({ result: { url, last_error_message: /503/ } });
  });

  it('and polling exclude each other', async () => {
    const { url } = await hook();
    const poll = ask('getUpdates', { timeout: 50 });
    await waitFor('the poll', () => api.isPolled());
    await ask('setWebhook', { url });
    expect(await poll).toMatchObject({ description: 'Conflict: terminated by setWebhook request' });
    expect((await ask('getUpdates')).description).toMatch(
      /^Conflict: can't use getUpdates method while webhook is active/,
    );
    await ask('deleteWebhook');
    expect(await ask('getUpdates')).toMatchObject({ ok: true });
  });

  it('must be HTTPS and have a decent secret', async () => {
    expect(await ask('setWebhook', { url: 'http://contoh.test/x' })).toMatchObject({ error_code: 400 });
    expect(await ask('setWebhook', { url: 'https://contoh.test/x', secret_token: 'a b' })).toMatchObject({
      error_code: 400,
    });
  });
});

describe('what goes wrong on purpose', () => {
  it('happens to the next calls of that method only', async () => {
    api.faults.next('sendMessage', { kind: 'refuse', refusal: refuse(500) }, 2);
    for (let at = 0; at < 2; at += 1)
      expect(await say('a')).toMatchObject({ status: 500, description: 'Internal Server Error' });
    expect(await say('a')).toMatchObject({ ok: true });
  });

  it('cuts the connection before or after the message is accepted', async () => {
    api.faults.next('sendMessage', { kind: 'reset', when: 'before' });
    await expect(say('tidak')).rejects.toThrow();
    api.faults.next('sendMessage', { kind: 'reset', when: 'after' });
    await expect(say('ya')).rejects.toThrow();
    expect(person.texts()).toEqual(['ya']);
    expect(api.calls('sendMessage').map(({ status }) => status)).toEqual([0, 0]);
  });

  it('answers late, or with a page', async () => {
    let go = (): void => {};
    const until = new Promise<void>((resolve) => {
      go = resolve;
    });
    api.faults.next('sendMessage', { kind: 'slow', until });
    let done = false;
    const slow = say('lambat').finally(() => {
      done = true;
    });
    await say('cepat');
    expect(done).toBe(false);
    go();
    expect(await slow).toMatchObject({ ok: true });
    api.faults.next('getMe', { kind: 'page', status: 502 });
    await expect(ask('getMe')).rejects.toThrow(SyntaxError);
  });

  it('goes away and comes back with what it had', async () => {
    person.write('satu');
    await api.goAway();
    await expect(ask('getMe')).rejects.toThrow();
    await api.comeBack();
    expect(ids(await ask('getUpdates'))).toHaveLength(1);
  });
});
