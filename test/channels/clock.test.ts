import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { examineClock } from '../../src/channels/contract-clock.js';

const noon = Date.UTC(2026, 10, 25, 12);

/** A server whose answers carry this date; null: none. */
async function serverAt(date: string | null): Promise<string> {
  const server = createServer((_request, response) => {
    response.sendDate = false;
    if (date !== null) response.setHeader('date', date);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // A TCP server has no pipe's name.
}

const examined = async (server: string) => examineClock(server, 'WhatsApp', () => new Date(noon));

it.each([
  [0, { ok: true, note: '0 s apart' }],
  [60_000, { ok: true, note: '60 s apart' }],
  [-61_000, { ok: false, what: expect.stringContaining('is 61 s ahead of that of WhatsApp') }],
  [
    3_600_000,
    { ok: false, what: expect.stringContaining('is 3600 s behind'), mend: expect.stringContaining('NTP') },
  ],
])('a provider that is %i ms ahead', async (ms, health) => {
  const server = await serverAt(new Date(noon + ms).toUTCString());
  expect(await examined(server)).toMatchObject({ part: 'clock', health });
});

it.each([null, 'kemarin'])('a provider without a date (%s) says nothing of the clock', async (date) => {
  expect(await examined(await serverAt(date))).toMatchObject({
    value: expect.stringContaining('not compared'),
    health: { ok: true },
  });
});

it('nor does one that does not answer', async () => {
  expect(await examined('http://127.0.0.1:1')).toMatchObject({ health: { ok: true } });
});
