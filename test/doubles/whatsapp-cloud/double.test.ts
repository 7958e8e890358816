import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../../support/wait.js';
import { call } from './call.js';
import { type CloudDouble, startCloud } from './double.js';
import type { Person } from './people.js';
import { refuse } from './refusal.js';

let time: number;
let api: CloudDouble;
let person: Person;
const send = (message: object, to: object = { to: person.address }) =>
  call(api, `/v23.0/${api.phoneId}/messages`, { messaging_product: 'whatsapp', ...to, ...message });
const text = (body: string) => ({ type: 'text', text: { body } });
const errorOf = async (sent: ReturnType<typeof send>) => (await sent).body.error?.code;

beforeEach(async () => {
  time = Date.UTC(2026, 10, 25, 1);
  api = await startCloud({ now: () => time });
  person = api.person();
});
afterEach(() => api.close());

describe('who is calling', () => {
  it('is known by the token only', async () => {
    expect(await call(api, `/v23.0/${api.phoneId}`)).toMatchObject({
      status: 200,
      body: { id: api.phoneId },
    });
    const wrong = await call({ url: api.url, token: 'x' }, `/v23.0/${api.phoneId}`);
    expect(wrong).toMatchObject({ status: 401, body: { error: { code: 190, type: 'OAuthException' } } });
    api.revoke();
    expect(await send(text('a'))).toMatchObject({ status: 401 });
  });

  it('gets the fields asked for, and nothing of what is not there', async () => {
    const fields = await call(api, `/v23.0/${api.phoneId}?fields=quality_rating`);
    expect(fields.body).toEqual({ id: api.phoneId, quality_rating: 'GREEN' });
    expect(await call(api, '/v23.0/123')).toMatchObject({
      status: 400,
      body: { error: { code: 100, error_subcode: 33 } },
    });
    expect(await call(api, '/v1.0/123')).toMatchObject({ status: 400 });
  });
});

describe('what is sent', () => {
  it('is shown to the person, under the id it was accepted with', async () => {
    const { status, body } = await send({ ...text('Selamat pagi.'), biz_opaque_callback_data: 'x' });
    expect([status, body.contacts]).toEqual([200, [{ input: person.address, wa_id: person.address }]]);
    expect(person.shown()).toMatchObject([{ id: body.messages[0].id, text: 'Selamat pagi.', opaque: 'x' }]);
    expect(Buffer.from(body.messages[0].id.slice(6), 'base64').toString()).toContain(person.address);
  });

  const button = (id: string, title: string) => ({ type: 'reply', reply: { id, title } });
  const buttons = (...many: readonly object[]) => ({
    ...{ type: 'interactive' },
    interactive: { type: 'button', body: { text: 'a' }, action: { buttons: many } },
  });
  const rows = (count: number, title = 'A', sections = 1) => ({
    ...{ type: 'interactive' },
    interactive: {
      ...{ type: 'list', body: { text: 'a' } },
      action: {
        button: 'Lihat',
        sections: Array.from({ length: sections }, (_, at) => ({
          rows: Array.from({ length: count }, (_, row) => ({ id: `${at}-${row}`, title: `${title}${row}` })),
        })),
      },
    },
  });
  it.each<[string, object, number]>([
    ['no text', text(''), 100],
    ['4097 characters', text('a'.repeat(4097)), 100],
    ['no type', {}, 100],
    ['a part that nobody reads', { ...text('a'), extra: 1 }, 100],
    ['no button', buttons(), 100],
    ['four buttons', buttons(...['1', '2', '3', '4'].map((id) => button(id, id))), 100],
    ['21 characters on a button', buttons(button('1', 'a'.repeat(21))), 100],
    ['257 characters of id', buttons(button('1'.repeat(257), 'a')), 100],
    ['two buttons alike', buttons(button('1', 'a'), button('2', 'a')), 131009],
    ['two buttons of one id', buttons(button('1', 'a'), button('1', 'b')), 131009],
    ['eleven rows', rows(11), 131009],
    ['two sections without titles', rows(2, 'A', 2), 131009],
    ['25 characters in a row', rows(1, 'a'.repeat(24)), 100],
    [
      '1025 characters above buttons',
      {
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: 'a'.repeat(1025) },
          action: { buttons: [button('1', 'a')] },
        },
      },
      100,
    ],
    [
      'a template that is not there',
      { type: 'template', template: { name: 'x', language: { code: 'id' } } },
      132001,
    ],
  ])('is refused for %s', async (_name, message, code) => {
    expect(await errorOf(send(message))).toBe(code);
    expect(api.accepted).toEqual([]);
  });

  it('may be as large as is published', async () => {
    const three = ['1', '2', '3'].map((id) => button(`${id}${'x'.repeat(255)}`, `${id}${'a'.repeat(19)}`));
    for (const message of [text('a'.repeat(4096)), buttons(...three), rows(10, 'a'.repeat(23))])
      expect((await send(message)).status).toBe(200);
  });

  it('goes to a number or to a user id, and to nobody else', async () => {
    const other = api.person({ waId: null, userId: 'ID.A1' });
    expect((await send(text('a'), { recipient: 'ID.A1' })).body.contacts).toEqual([
      { input: 'ID.A1', user_id: 'ID.A1' },
    ]);
    expect(other.texts()).toEqual(['a']);
    expect(await errorOf(send(text('a'), {}))).toBe(131008);
    expect(await errorOf(send(text('a'), { recipient: 'A1' }))).toBe(100);
    expect(await errorOf(send(text('a'), { to: '6281200099999' }))).toBe(131026);
    expect(await errorOf(send(text('a'), { to: api.person({ standing: 'undeliverable' }).address }))).toBe(
      131026,
    );
  });
});

describe('the window', () => {
  const invitation = (values: Readonly<Record<string, string>>, more: readonly object[] = []) => ({
    ...{ type: 'template' },
    template: {
      ...{ name: 'undangan', language: { code: 'id' } },
      components: [
        {
          type: 'body',
          parameters: Object.entries(values).map(([parameter_name, value]) => ({
            type: 'text',
            parameter_name,
            text: value,
          })),
        },
        ...more,
      ],
    },
  });
  const quick = (index: string, payload: string) => ({
    type: 'button',
    sub_type: 'quick_reply',
    index,
    parameters: [{ type: 'payload', payload }],
  });

  it('closes a day after the person wrote, and opens with the next word', async () => {
    time += 24 * 3_600_000 - 1;
    expect((await send(text('a'))).status).toBe(200);
    time += 1;
    expect(await errorOf(send(text('a')))).toBe(131047);
    person.write('halo');
    expect((await send(text('a'))).status).toBe(200);
  });

  it('lets templates through, with all of their values', async () => {
    api.approve({
      name: 'undangan',
      body: 'Yth. {nama}, rapat pada {hari} di sini.',
      buttons: ['Hadir', 'Tidak'],
    });
    const away = api.person({ wroteAt: null });
    const to = { to: away.address };
    const values = { nama: 'Ibu Sri', hari: 'Senin' };
    expect((await send(invitation(values, [quick('1', 'q:tidak')]), to)).status).toBe(200);
    expect(away.shown()).toMatchObject([
      {
        text: 'Yth. Ibu Sri, rapat pada Senin di sini.',
        category: 'utility',
        taps: [
          { title: 'Hadir', id: 'Hadir' },
          { title: 'Tidak', id: 'q:tidak' },
        ],
      },
    ]);
    expect(await errorOf(send(invitation({ nama: 'Sri' }), to))).toBe(132000);
    expect(await errorOf(send(invitation({ ...values, hari: 'a\nb' }), to))).toBe(132018);
    expect(await errorOf(send(invitation({ ...values, hari: 'a'.repeat(1024) }), to))).toBe(132005);
    expect(
      await errorOf(send(invitation(values, [quick('0', 'a'), quick('1', 'b'), quick('2', 'c')]), to)),
    ).toBe(132012);
    api.approve({ name: 'jeda', body: 'Halo.', status: 'PAUSED' });
    expect(
      await errorOf(send({ type: 'template', template: { name: 'jeda', language: { code: 'id' } } }, to)),
    ).toBe(132015);
    const list = await call(api, `/v23.0/${api.businessId}/message_templates`);
    expect(
      list.body.data.map(({ name, status }: { name: string; status: string }) => [name, status]),
    ).toEqual([
      ['undangan', 'APPROVED'],
      ['jeda', 'PAUSED'],
    ]);
  });

  it('lets no advertising through to who stopped it', async () => {
    api.approve({ name: 'undangan', body: 'Promosi kami.', category: 'MARKETING' });
    person.setMarketing(false);
    expect(await errorOf(send(invitation({})))).toBe(131050);
    person.setMarketing(true);
    expect((await send(invitation({}))).status).toBe(200);
  });
});

describe('how much is sent', () => {
  it('one person is lent 45 and gets one each six seconds', async () => {
    for (let at = 0; at < 45; at += 1) expect((await send(text('a'))).status).toBe(200);
    expect(await send(text('a'))).toMatchObject({ status: 429, body: { error: { code: 131056 } } });
    time += 6_000;
    expect((await send(text('a'))).status).toBe(200);
    expect((await send(text('a'))).status).toBe(429);
  });

  it('eighty a second in all', async () => {
    const people = Array.from({ length: 81 }, () => api.person().address);
    const codes = [];
    for (const to of people) codes.push(await errorOf(send(text('a'), { to })));
    expect(codes).toEqual([...Array(80).fill(undefined), 130429]);
    time += 1_000;
    expect((await send(text('a'))).status).toBe(200);
  });
});

describe('what goes wrong when it is told to', () => {
  it('before a call is carried out, or after', async () => {
    api.faults.next('send', { kind: 'refuse', refusal: refuse(131000) });
    expect(await send(text('a'))).toMatchObject({ status: 500, body: { error: { code: 131000 } } });
    for (const when of ['before', 'after'] as const) {
      api.faults.next('send', { kind: 'reset', when });
      await expect(send(text(when))).rejects.toThrow();
    }
    expect(person.texts()).toEqual(['after']);
    expect(api.calls('send').map(({ status }) => status)).toEqual([500, 0, 0]);
    await api.goAway();
    await expect(send(text('b'))).rejects.toThrow();
    await api.comeBack();
    expect((await send(text('b'))).status).toBe(200);
  });

  it('a slow answer to what was carried out at once', async () => {
    let release = () => {};
    api.faults.next('send', {
      kind: 'slow',
      until: new Promise((resolve) => {
        release = () => resolve();
      }),
    });
    const sent = send(text('a'));
    await waitFor('the message', () => person.texts().length === 1);
    release();
    expect((await sent).status).toBe(200);
  });
});

describe('what is handed over', () => {
  /** A server that takes calls, or not. */
  async function listener(answer: () => number) {
    const bodies: string[] = [];
    const signatures: unknown[] = [];
    const server = createServer(async (request, response) => {
      const url = new URL(request.url ?? '', 'http://127.0.0.1');
      if (request.method === 'GET')
        return response.end(
          url.searchParams.get('hub.verify_token') === api.verifyToken
            ? url.searchParams.get('hub.challenge')
            : '',
        );
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      bodies.push(Buffer.concat(chunks).toString());
      signatures.push(request.headers['x-hub-signature-256']);
      return response.writeHead(answer()).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/`, bodies, signatures };
  }

  it('is signed, comes until it is taken, and of one person in order', async () => {
    let refusals = 2;
    const { url, bodies, signatures } = await listener(() => (refusals-- > 0 ? 503 : 200));
    person.write('satu');
    expect(await api.subscribe(url)).toBe(true);
    person.write('dua');
    await waitFor('both', () => api.webhook.pending === 0);
    const said = bodies.map((body) => JSON.parse(body).entry[0].changes[0].value.messages[0].text.body);
    expect(said).toEqual(['satu', 'satu', 'satu', 'dua']);
    const [body = ''] = bodies;
    expect(signatures[0]).toBe(`sha256=${createHmac('sha256', api.appSecret).update(body).digest('hex')}`);
    expect(api.webhook.answers).toEqual([503, 503, 200, 200]);
  });

  it('goes nowhere that does not know the verify token', async () => {
    expect(await api.subscribe(`${api.url}/v23.0/${api.phoneId}`)).toBe(false);
    expect(api.webhook.url).toBeNull();
  });

  it('tells what became of a message, and of whom nothing but what may be seen', async () => {
    const { url, bodies } = await listener(() => 200);
    await api.subscribe(url);
    const hidden = api.person({ userId: 'ID.B', hidesNumber: true });
    await send({ ...text('a'), biz_opaque_callback_data: 'own' }, { to: hidden.profile.waId ?? '' });
    const [shown] = api.accepted;
    if (shown === undefined) return expect.fail('nothing was taken');
    api.report(shown, 'failed', { error: 131026 });
    hidden.write('halo');
    await waitFor('both', () => bodies.length === 2);
    const values = bodies.map((body) => JSON.parse(body).entry[0].changes[0].value);
    const statuses = values.flatMap(({ statuses = [] }) => statuses);
    expect(statuses).toMatchObject([
      { id: shown.id, status: 'failed', biz_opaque_callback_data: 'own', errors: [{ code: 131026 }] },
    ]);
    const [message] = values.flatMap(({ messages = [] }) => messages);
    expect(message).toMatchObject({ from_user_id: 'ID.B', type: 'text' });
    expect(message).not.toHaveProperty('from');
  });

  it('holds a file that is given out in two steps, to who has the token', async () => {
    const { url, bodies } = await listener(() => 200);
    await api.subscribe(url);
    person.sendDocument({ name: 'sk.pdf', bytes: Buffer.from('isi') });
    await waitFor('it', () => bodies.length === 1);
    const { id, filename } = JSON.parse(bodies[0] ?? '').entry[0].changes[0].value.messages[0].document;
    const place = await call(api, `/v23.0/${id}?phone_number_id=${api.phoneId}`);
    expect([place.body.file_size, filename]).toEqual([3, 'sk.pdf']);
    const headers = { authorization: `Bearer ${api.token}` };
    expect(await (await fetch(place.body.url, { headers })).text()).toBe('isi');
    expect((await fetch(place.body.url)).status).toBe(401);
  });
});
