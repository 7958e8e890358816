import { describe, expect, it } from 'vitest';
import { refuseCrossSite, refuseVisit } from '../../src/web/guard.js';

const local = { simulator: 'auto', liveChannels: false } as const;
const host = { host: 'localhost:3000' };

describe('who may open the simulator', () => {
  it.each([
    ['IPv4 loopback', '127.0.0.1', host, null],
    ['IPv6 loopback', '::1', { host: '[::1]:3000' }, null],
    ['IPv4 in IPv6', '::ffff:127.0.0.1', { host: '127.0.0.1:3000' }, null],
    ['host without port', '127.0.0.1', { host: 'LOCALHOST' }, null],
    ['another machine', '192.168.1.7', host, 403],
    ['another machine in IPv6', '::ffff:192.168.1.7', host, 403],
    ['an unknown peer', undefined, host, 403],
    ['another name (DNS rebinding)', '127.0.0.1', { host: 'evil.example:3000' }, 403],
    ['a name that only begins like it', '127.0.0.1', { host: 'localhost.evil.example' }, 403],
    ['an address that only begins like it', '127.0.0.1', { host: '127.0.0.1.evil.example' }, 403],
    ['no host', '127.0.0.1', {}, 403],
    ['X-Forwarded-For', '127.0.0.1', { ...host, 'X-Forwarded-For': '1.2.3.4' }, 403],
    ['X-Forwarded-Proto', '127.0.0.1', { ...host, 'X-Forwarded-Proto': 'https' }, 403],
    ['Forwarded', '127.0.0.1', { ...host, Forwarded: 'for=1.2.3.4' }, 403],
    ['X-Real-IP', '127.0.0.1', { ...host, 'X-Real-IP': '127.0.0.1' }, 403],
    ['CF-Connecting-IP', '127.0.0.1', { ...host, 'CF-Connecting-IP': '1.2.3.4' }, 403],
    ['Via', '127.0.0.1', { ...host, Via: '1.1 proxy' }, 403],
  ])('%s', (_name, peer, headers, status) => {
    const visit = { peer, headers: new Headers(headers as Record<string, string>) };
    expect(refuseVisit(visit, local)?.status ?? null).toBe(status);
  });

  it('nobody while a live channel is set up, and everybody when it is switched on', () => {
    const near = { peer: '127.0.0.1', headers: new Headers(host) };
    const far = { peer: '203.0.113.9', headers: new Headers({ host: 'sapa.example', via: 'x' }) };
    expect(refuseVisit(near, { simulator: 'auto', liveChannels: true })?.status).toBe(404);
    expect(refuseVisit(far, { simulator: 'on', liveChannels: true })).toBeNull();
  });
});

describe('whose POST is taken', () => {
  it.each([
    ['a program', {}, true],
    ['our page', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' }, true],
    ['our page without fetch metadata', { origin: 'http://localhost:3000' }, true],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, false],
    ['another port here', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:8080' }, false],
    ['another origin without fetch metadata', { origin: 'https://evil.example' }, false],
    ['an opaque origin', { origin: 'null' }, false],
  ])('%s', (_name, headers, taken) => {
    expect(refuseCrossSite(new Headers({ ...host, ...headers } as Record<string, string>)) === null).toBe(
      taken,
    );
  });
});
