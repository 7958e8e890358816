import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWeb, listenWeb, type WebOptions } from '../../src/web/server.js';
import { memorySimulator } from '../channels/simulator/memory.js';

async function served(more: Partial<WebOptions> = {}) {
  const phones = memorySimulator();
  const ready = async () => ({ database: { ok: true } as const });
  const restart = vi.fn(async () => {});
  const record = async () => null;
  const app = createWeb({
    ...{ phones, simulator: 'auto', liveChannels: false, ready, restart, record, webhook: () => null },
    ...more,
  });
  const listening = await listenWeb(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => listening.close());
  const at = (path: string) => `${listening.url}${path}`;
  const post = (path: string, body: unknown) =>
    fetch(at(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return { phones, restart, listening, at, post };
}

type Served = Awaited<ReturnType<typeof served>>;

function submit({ at }: Served, path: string, fields: Record<string, string>): Promise<Response> {
  return fetch(at(path), { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

const say = (web: Served, value: string, text: string) =>
  web.phones.show(value, randomUUID(), { text, buttons: [] });

describe('the page', () => {
  it('is reached from / and opens the newest person', async () => {
    const web = await served();
    const empty = await fetch(web.at('/'));
    expect(await empty.text()).toContain('Tambah orang');
    const { id } = await web.phones.addPerson('+6281234567890');
    expect((await fetch(web.at('/'))).url).toBe(web.at(`/simulator/people/${id}`));
  });

  it('shows bold and lets nothing else through as mark-up', async () => {
    const web = await served();
    const { id } = await web.phones.addPerson('budi');
    await web.phones.say(id, randomUUID(), { text: '<script>alert(1)</script>' });
    await web.phones.show('budi', randomUUID(), {
      text: 'Status: *<img src=x>*',
      buttons: [{ data: 'q:"><b>', label: '"><i>Ya</i>' }],
    });
    const html = await (await fetch(web.at(`/simulator/people/${id}`))).text();
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain('<strong>&lt;img src=x&gt;</strong>');
    expect(html).not.toMatch(/<script>|<img|<i>|<b>/);
  });

  it('works without a script', async () => {
    const web = await served();
    const added = await submit(web, '/simulator/people', { value: '0812 3456 7890' });
    const path = added.headers.get('location') ?? '';
    const id = path.split('/').at(-1) ?? '';
    expect((await web.phones.person(id))?.value).toBe('+6281234567890');

    const said = await submit(web, `${path}/messages`, { id: randomUUID(), text: 'satu\r\ndua' });
    expect([said.status, said.headers.get('location')]).toEqual([303, path]);
    const press = JSON.stringify({ data: 'q:ya', label: 'Ya' });
    await submit(web, `${path}/messages`, { id: randomUUID(), press });
    const bodies = (await web.phones.screen(id, 0)).map((bubble) => bubble.body);
    expect(bodies).toEqual([{ text: 'satu\ndua' }, { button: { data: 'q:ya', label: 'Ya' } }]);
  });

  it('sends files and places, with and without a script', async () => {
    const web = await served();
    const { id } = await web.phones.addPerson('budi');
    const path = `/simulator/people/${id}`;
    const sendFile = (fields: FormData) =>
      fetch(web.at(`${path}/files`), { method: 'POST', body: fields, redirect: 'manual' });
    const fields = new FormData();
    fields.set('id', randomUUID());
    fields.set('file', new File([Buffer.from('isi')], '<b>sk</b>.jpg', { type: 'image/jpeg' }));
    expect((await sendFile(fields)).status).toBe(303);
    await submit(web, `${path}/messages`, { id: randomUUID(), latitude: '-7.05', longitude: '110.4' });
    const location = { latitude: -7.05, longitude: 110.4 };
    expect((await web.post(`${path}/messages`, { id: randomUUID(), location })).status).toBe(202);
    const bodies = (await web.phones.screen(id, 0)).map((bubble) => bubble.body);
    expect(bodies).toEqual([
      { file: { name: '<b>sk</b>.jpg', mime: 'image/jpeg', size: 3 } },
      { location },
      { location },
    ]);
    const html = await (await fetch(web.at(path))).text();
    expect(html).toContain('[&lt;b&gt;sk&lt;/b&gt;.jpg, 1 KB]');
    expect(html).toContain('[lokasi -7.05, 110.4]');
  });

  it('refuses a file that is none, or too large to try', async () => {
    const web = await served();
    const { id } = await web.phones.addPerson('budi');
    const sendFile = (file: string | File) => {
      const fields = new FormData();
      fields.set('id', randomUUID());
      fields.set('file', file);
      return fetch(web.at(`/simulator/people/${id}/files`), { method: 'POST', body: fields });
    };
    expect((await sendFile('sk.jpg')).status).toBe(400);
    expect((await sendFile(new File([new Uint8Array(11 * 1024 * 1024)], 'sk.jpg'))).status).toBe(413);
    expect(await web.phones.screen(id, 0)).toEqual([]);
  });

  it('shows the photos of the bot to their person alone, and gives documents to be opened', async () => {
    const web = await served();
    const [{ id }, other] = [await web.phones.addPerson('budi'), await web.phones.addPerson('sri')];
    const bytes = Buffer.from('isi');
    const photo = { kind: 'photo', mime: 'image/jpeg', name: '"foto".jpg', bytes } as const;
    const page = { kind: 'document', mime: 'text/html', name: 'sk.html', bytes } as const;
    const message = { text: 'Ini.', buttons: [] };
    await web.phones.show('budi', 'm1', message, photo);
    await web.phones.show('budi', 'm2', message, page);
    const html = await (await fetch(web.at(`/simulator/people/${id}`))).text();
    expect(html).toContain(`<img src="/simulator/people/${id}/files/m1" alt="&quot;foto&quot;.jpg"/>`);
    expect(html).toContain('[sk.html, 1 KB]');
    const got = (person: string, name: string) => fetch(web.at(`/simulator/people/${person}/files/${name}`));
    const [shown, given] = [await got(id, 'm1'), await got(id, 'm2')];
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(bytes);
    expect([shown, given].map(({ headers }) => headers.get('content-type'))).toEqual([
      'image/jpeg',
      'application/octet-stream',
    ]);
    expect(given.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''sk.html");
    expect((await got(other.id, 'm1')).status).toBe(404);
    expect((await got(id, 'm3')).status).toBe(404);
  });

  it('gives people without a number the next free name, and explains a wrong number', async () => {
    const web = await served();
    await submit(web, '/simulator/people', { kind: 'tanpa-nomor', value: '' });
    await submit(web, '/simulator/people', { kind: 'tanpa-nomor', value: '' });
    expect((await web.phones.people()).map((p) => p.value)).toEqual(['tanpa-nomor-1', 'tanpa-nomor-2']);
    const wrong = await submit(web, '/simulator/people', { value: '12' });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('belum benar')]);
  });

  it('keeps what was typed wrong and the open phone, takes names with a capital, and can be loaded again', async () => {
    const web = await served();
    const { id } = await web.phones.addPerson('budi');
    const wrong = await (await submit(web, '/simulator/people', { value: '08"12', open: id })).text();
    expect(wrong).toContain('value="08&quot;12"');
    expect(wrong).toContain(`<section class="phone" data-person="${id}"`);
    await submit(web, '/simulator/people', { value: 'Sri' });
    expect((await web.phones.people()).map((p) => p.value)).toEqual(['budi', 'sri']);
    const again = await fetch(web.at('/simulator/people'), { redirect: 'manual' });
    expect([again.status, again.headers.get('location')]).toEqual([302, '/simulator']);
  });

  it('takes a text of 100,000 letters and says when one is longer', async () => {
    const web = await served();
    const { id } = await web.phones.addPerson('budi');
    const path = `/simulator/people/${id}/messages`;
    const long = '漢'.repeat(100_000);
    expect((await web.post(path, { id: randomUUID(), text: long })).status).toBe(202);
    expect((await submit(web, path, { id: randomUUID(), text: long })).status).toBe(303);
    const longer = await web.post(path, { id: randomUUID(), text: `${long}.` });
    expect([longer.status, await longer.json()]).toEqual([
      413,
      { error: 'Pesan ini terlalu panjang: paling banyak 100.000 huruf.' },
    ]);
    const form = await submit(web, path, { id: randomUUID(), text: `${long}.` });
    expect([form.status, (await web.phones.screen(id, 0)).length]).toEqual([413, 2]);
  });

  it('leads back from what it refuses, for who looks at it in a browser', async () => {
    const web = await served();
    const { id } = await web.phones.addPerson('budi');
    const body = 'x'.repeat(2 * 1024 * 1024);
    const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };
    const post = { method: 'POST', headers, body };
    const large = await (await fetch(web.at(`/simulator/people/${id}/messages`), post)).text();
    expect(large).toContain('<p>Kiriman ini terlalu besar.</p>');
    expect(large).toContain(`<a href="/simulator/people/${id}">Kembali ke simulator</a>`);
  });

  it('tells who uses it without a script how to see the answer', async () => {
    const web = await served();
    const { id } = await web.phones.addPerson('budi');
    const html = await (await fetch(web.at(`/simulator/people/${id}`))).text();
    expect(html).toMatch(/<noscript>.*dimuat ulang.*<\/noscript>/);
  });

  it('says what it is where the simulator is closed, and nothing untrue where real people write too', async () => {
    const closed = await served({ liveChannels: true });
    const page = await fetch(closed.at('/'), { redirect: 'manual' });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('bot IPSM Jawa Tengah')]);
    const live = await served({ liveChannels: true, simulator: 'on' });
    const { id } = await live.phones.addPerson('budi');
    const html = await (await fetch(live.at(`/simulator/people/${id}`))).text();
    expect(html).not.toContain('Tidak ada pesan yang keluar');
    expect(html).not.toContain('Mulai ulang bot');
    expect([(await live.post('/simulator/restart', {})).status, live.restart.mock.calls.length]).toEqual([
      403, 0,
    ]);
  });

  it.each(['/tidak-ada', '/simulator/tidak-ada', '/', '/healthz', '/telegram/webhook'])(
    'is closed to other sites at %s',
    async (path) => {
      const { headers } = await fetch((await served()).at(path), { redirect: 'manual' });
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it('answers an unknown path in words', async () => {
    const answer = await fetch((await served()).at('/tidak-ada'));
    expect([answer.status, await answer.text()]).toEqual([404, 'Halaman ini tidak ada.']);
  });

  it('restarts the bot', async () => {
    const web = await served();
    expect((await web.post('/simulator/restart', {})).status).toBe(200);
    expect(web.restart).toHaveBeenCalledOnce();
  });

  it('gives the last conversation as a test to keep, with a word of warning on the page', async () => {
    const record = vi.fn(async () => ({ flow: 'cek-sk', text: 'flow: cek-sk\n' }));
    const web = await served({ record });
    const person = await web.phones.addPerson('budi');
    const page = await (await fetch(web.at(`/simulator/people/${person.id}`))).text();
    expect(page).toContain(`<a href="/simulator/people/${person.id}/test.yaml">Simpan sebagai uji</a>`);
    expect(page).toContain('pakailah data karangan saja');
    const answer = await fetch(web.at(`/simulator/people/${person.id}/test.yaml`));
    expect([answer.status, await answer.text()]).toEqual([200, 'flow: cek-sk\n']);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="cek-sk.test.yaml"');
    expect(record).toHaveBeenCalledWith(person);
    const empty = await served();
    const other = await empty.phones.addPerson('budi');
    expect((await fetch(empty.at(`/simulator/people/${other.id}/test.yaml`))).status).toBe(409);
  });

  it('is refused to other hosts and to posts of other sites', async () => {
    const web = await served({ liveChannels: true });
    expect((await fetch(web.at('/simulator'))).status).toBe(404);
    const open = await served();
    const headers = { origin: 'https://evil.example' };
    const crossed = await fetch(open.at('/simulator/restart'), { method: 'POST', headers });
    expect([crossed.status, open.restart.mock.calls.length]).toEqual([403, 0]);
  });
});

describe('the endpoints', () => {
  it('take a repeated message once and tell what stands on the screen', async () => {
    const web = await served();
    const person = (await (await web.post('/simulator/people', { value: '081234567890' })).json()) as {
      id: string;
    };
    const path = `/simulator/people/${person.id}/messages`;
    const message = { id: randomUUID(), text: 'menu' };
    expect((await web.post(path, message)).status).toBe(202);
    expect((await web.post(path, message)).status).toBe(202);
    expect(await (await fetch(web.at(path))).json()).toMatchObject({
      settled: false,
      messages: [{ fromBot: false, messageId: message.id, body: { text: 'menu' } }],
    });
    expect(await (await fetch(web.at(`${path}?after=1`))).json()).toMatchObject({ messages: [] });
  });

  it.each([
    ['no text', { id: randomUUID(), text: '  ' }],
    ['no id', { text: 'menu' }],
    ['a wrong button', { id: randomUUID(), button: { data: '' } }],
    ['a place that is none', { id: randomUUID(), location: { latitude: 91, longitude: 0 } }],
    ['nothing', null],
  ])('refuse %s', async (_name, body) => {
    const web = await served();
    const { id } = await web.phones.addPerson('budi');
    expect((await web.post(`/simulator/people/${id}/messages`, body)).status).toBe(400);
  });

  it.each([randomUUID(), 'x'])('know no person %s', async (id) => {
    const web = await served();
    expect((await fetch(web.at(`/simulator/people/${id}`))).status).toBe(404);
  });
});

describe('live updates', () => {
  async function bubblesFrom(web: Served, id: string, last: number, count: number): Promise<string> {
    const leaving = new AbortController();
    const answer = await fetch(web.at(`/simulator/people/${id}/events`), {
      headers: { 'last-event-id': String(last) },
      signal: leaving.signal,
    });
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      if ((text.match(/^id: /gm) ?? []).length >= count) break;
    }
    leaving.abort();
    return text;
  }

  it('resume after the last event, with what came meanwhile and what comes now', async () => {
    const web = await served();
    const { id } = await web.phones.addPerson('budi');
    for (const text of ['satu', 'dua', 'tiga']) await say(web, 'budi', text);
    const coming = bubblesFrom(web, id, 1, 3);
    await say(web, 'budi', 'empat <b>');
    const events = await coming;
    expect([...events.matchAll(/^id: (\d+)$/gm)].map((match) => match[1])).toEqual(['2', '3', '4']);
    expect(events).not.toContain('satu');
    expect(events).toContain('empat &lt;b&gt;');
  });
});

describe('health', () => {
  it('is alive, and ready only when every check is', async () => {
    const web = await served();
    expect(await (await fetch(web.at('/healthz'))).text()).toBe('ok');
    expect(await (await fetch(web.at('/readyz'))).json()).toEqual({
      ok: true,
      checks: { database: { ok: true } },
    });
    const broken = { ok: false, what: 'The queue is away.', mend: 'Start Redis.' } as const;
    const ill = await served({ ready: async () => ({ database: { ok: true }, queue: broken }) });
    const answer = await fetch(ill.at('/readyz'));
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { ok: false, checks: { database: { ok: true }, queue: broken } },
    ]);
    const blind = await served({ ready: () => Promise.reject(new Error('no')) });
    expect((await fetch(blind.at('/readyz'))).status).toBe(503);
  });

  it('passes the system error on when the port is taken', async () => {
    const { listening } = await served();
    const app = createWeb({
      phones: memorySimulator(),
      simulator: 'auto',
      liveChannels: false,
      ready: async () => ({}),
      restart: async () => {},
      record: async () => null,
      webhook: () => null,
    });
    await expect(listenWeb(app, { host: '127.0.0.1', port: listening.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('answers 503 with a plain sentence when the storage is away', async () => {
    const phones = { ...memorySimulator(), people: () => Promise.reject(new Error('secret detail')) };
    const web = await served({ phones });
    const answer = await fetch(web.at('/simulator'));
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('secret');
  });
});
