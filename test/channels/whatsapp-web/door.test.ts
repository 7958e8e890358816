import { expect, it } from 'vitest';
import { doorOf } from '../../../src/channels/whatsapp-web/door.js';

it.each([
  [
    'of a linked device',
    { me: { id: '6281200000001:7@s.whatsapp.net' } },
    'https://wa.me/6281200000001?text=HUBUNGKAN%20K7M4P2QX',
  ],
  ['not linked yet', { me: undefined, registrationId: 7 }, null],
  ['of another shape', { me: { id: 'x' } }, null],
])('credentials %s', (_name, creds, link) => {
  expect(doorOf(JSON.stringify(creds), 'HUBUNGKAN K7M4P2QX')).toBe(link);
});

it('nobody began yet', () => {
  expect(doorOf(null, 'HUBUNGKAN K7M4P2QX')).toBeNull();
});
