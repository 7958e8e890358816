import { describe, expect, it } from 'vitest';
import { openWarning, readyLine } from '../../src/commands/ready-line.js';

const roles = ['bot', 'worker', 'web'];
const off = 'The simulator is off there, because others can reach that address; SIMULATOR=on opens it.';

describe('the last line of a start', () => {
  it.each([
    ['this computer', 'http://127.0.0.1:3000', 'auto', 'open http://127.0.0.1:3000/simulator,'],
    ['this computer, by name', 'http://localhost:3000', 'auto', 'open http://localhost:3000/simulator,'],
    ['this computer, IPv6', 'http://[::1]:3000', 'auto', 'open http://[::1]:3000/simulator,'],
    ['every address', 'http://0.0.0.0:3000', 'auto', 'open http://127.0.0.1:3000/simulator,'],
    ['every address, IPv6', 'http://[::]:80', 'on', 'open http://127.0.0.1:80/simulator,'],
    ['an own address', 'http://192.0.2.2:3000', 'auto', `its web is at http://192.0.2.2:3000. ${off}`],
    ['an own address, opened', 'http://192.0.2.2:3000', 'on', 'open http://192.0.2.2:3000/simulator,'],
  ] as const)('leads to the simulator at %s', (_name, url, simulator, piece) => {
    expect(readyLine({ url, simulator, roles, hasSimulator: true })).toContain(piece);
  });

  it('names the web alone where real people write, and the roles where there is none', () => {
    const url = 'http://127.0.0.1:3000';
    const live = readyLine({ url, simulator: 'auto', roles, hasSimulator: false });
    expect(live).toBe(`Sapa is ready: people can write to it. Its web is at ${url}`);
    const worker = { url: null, simulator: 'auto', roles: ['worker'], hasSimulator: true } as const;
    expect(readyLine(worker)).toBe('Sapa is ready (worker).');
  });
});

it.each([
  ['http://0.0.0.0:3000', 'on', 'whoever reaches http://0.0.0.0:3000/simulator sees every conversation'],
  ['http://127.0.0.1:3000', 'auto', null],
  [null, 'on', null],
] as const)('warns of a simulator at %s that is %s', (url, simulator, piece) => {
  const warning = openWarning({ url, simulator });
  if (piece === null) expect(warning).toBeNull();
  else expect(warning).toContain(piece);
});
