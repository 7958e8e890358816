import { expect, it, onTestFinished } from 'vitest';
import type { Status } from '../../src/channels/whatsapp-web/port.js';
import { pairingText } from '../../src/cli/pairing.js';
import { pairingPages } from '../../src/web/pairing/routes.js';
import { listenWeb } from '../../src/web/server.js';

const idle: Status = { state: 'new', code: null, pairing: null, changedAt: null, aliveAt: null };

/** The page at a number in some state, over real HTTP, with how often it was asked to begin again. */
async function pageAt(status: Partial<Status>) {
  let asked = 0;
  const desk = {
    status: async () => ({ ...idle, ...status }),
    ask: async () => {
      asked += 1;
    },
  };
  const web = await listenWeb(pairingPages(desk), { host: '127.0.0.1', port: 0 });
  onTestFinished(() => web.close());
  const call = (init: RequestInit = {}) => fetch(`${web.url}/`, { redirect: 'manual', ...init });
  return { call, asked: () => asked };
}

it.each<[string, Partial<Status>, string]>([
  ['a QR code', { state: 'pairing', pairing: { kind: 'qr', text: 'https://contoh.test/#1' } }, '<svg'],
  ['a code', { state: 'pairing', pairing: { kind: 'code', text: 'ABCD1234' } }, 'ABCD-1234'],
  ['connecting', { state: 'connecting' }, 'Sedang menyambung'],
  ['connected', { state: 'open' }, 'sudah tertaut'],
  ['stopped', { state: 'stopped', code: 'replaced' }, 'Sambungkan lagi'],
])('shows %s', async (_name, status, piece) => {
  const page = await (await pageAt(status)).call();
  expect(page.status).toBe(200);
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(await page.text()).toContain(piece);
});

it('is shown to nobody but who sits at this computer', async () => {
  const { call } = await pageAt({ state: 'pairing', pairing: { kind: 'code', text: 'ABCD1234' } });
  const far = await call({ headers: { 'x-forwarded-for': '192.0.2.1' } });
  expect(far.status).toBe(403);
  expect(await far.text()).not.toContain('ABCD');
});

it('begins again at the press of its button, and not for a page of another site', async () => {
  const { call, asked } = await pageAt({ state: 'stopped' });
  expect((await call({ method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  expect(asked()).toBe(0);
  const done = await call({ method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } });
  expect([done.status, done.headers.get('location'), asked()]).toEqual([303, '/whatsapp/pair', 1]);
});

it('is drawn for a terminal too', () => {
  expect(pairingText({ kind: 'qr', text: 'https://contoh.test/#1' })).toMatch(/[█▀▄]{5}/);
  expect(pairingText({ kind: 'code', text: 'ABCD1234' })).toContain('ABCD-1234');
});
