import { describe, expect, it } from 'vitest';
import { refuseCrossSite, refuseRestart, refuseVisit } from '../../src/web/guard.js';

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
    ['an address that is none', '127.0.0.1', { host: '127.0.0.999:3000' }, 403],
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

describe('by which names a simulator that is open to others is reached', () => {
  it.each([
    ['an address', { host: '192.168.1.7:3000' }, null],
    ['an IPv6 address', { host: '[fd00::7]:3000' }, null],
    ['this computer', { host: 'localhost:3000' }, null],
    ['a name without dots', { host: 'kantor:3000' }, null],
    ['a name of the network nearby', { host: 'kantor.local:3000' }, null],
    ['a name behind a server in between', { host: 'sapa.example', 'X-Forwarded-For': '203.0.113.9' }, null],
    ['a name that anybody can point here', { host: 'evil.example:3000' }, 403],
    ['an address that is none', { host: '127.0.0.999' }, 403],
    ['no host', {}, 403],
  ])('%s', (_name, headers, status) => {
    const visit = { peer: '192.168.1.7', headers: new Headers(headers as Record<string, string>) };
    expect(refuseVisit(visit, { simulator: 'on', liveChannels: false })?.status ?? null).toBe(status);
  });
});

describe('who may start the bot again', () => {
  it.each([
    ['who sits here', '127.0.0.1', host, false, null],
    ['another machine', '192.168.1.7', { host: '192.168.1.2:3000' }, false, 403],
    ['behind a server in between', '127.0.0.1', { ...host, Via: '1.1 proxy' }, false, 403],
    ['nobody while real people write', '127.0.0.1', host, true, 403],
  ])('%s', (_name, peer, headers, liveChannels, status) => {
    const visit = { peer, headers: new Headers(headers as Record<string, string>) };
    expect(refuseRestart(visit, { simulator: 'on', liveChannels })?.status ?? null).toBe(status);
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
