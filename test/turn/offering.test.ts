import { expect, it } from 'vitest';
import { newId } from '../../src/store/ids.js';
import { createWhatsAppStore } from '../../src/store/whatsapp-web.js';
import { offerShared } from '../../src/turn/offering.js';
import { placeOf, quiet } from './places.js';
import { openRig } from './rig.js';

const number = '+6281200000021';
const shared = 'Nomor telepon Bapak/Ibu juga dipakai dalam percakapan lain dengan kami, di *Simulator*.';
const joined = 'Percakapan Bapak/Ibu di kedua aplikasi sudah menjadi satu.';

/** Two addresses of people who are no simulator's; the second one proves the number of the first when it writes. */
async function opened(simulator = false) {
  const rig = await openRig();
  const turns = rig.turns({ isSimulator: () => simulator });
  const whatsapp = placeOf(rig, turns, number, number);
  const telegram = placeOf(rig, turns, '700000021');
  const proving = placeOf(rig, turns, '700000021', number);
  /** As the tending loop does every few seconds. */
  const tend = async () => {
    await turns.recover();
    await quiet(rig);
    await rig.acceptAll();
  };
  const asked = async () => [...(await whatsapp.said()), ...(await telegram.said())].filter(isOffer).length;
  const contacts = async () => (await rig.rows('SELECT id FROM contact')).length;
  return { rig, turns, whatsapp, telegram, proving, tend, asked, contacts };
}

const isOffer = (text: string) => text.startsWith(shared);

it('whoever proves the number of another contact is asked once nothing is under way, and both become one', async () => {
  const { whatsapp, telegram, proving, tend, asked, contacts, rig } = await opened();
  await whatsapp.say('bantuan');
  await tend();
  await telegram.say('daftar');
  await proving.say('setuju');
  await tend();
  expect(await asked()).toBe(0);
  await telegram.say('batal');
  await telegram.say('ya');
  await tend();
  expect((await telegram.said()).at(-1)).toContain(shared);
  expect((await telegram.said()).at(-1)).toContain('dipakai bersama keluarga');
  expect(await telegram.say('ya')).toEqual(['Baik, kami satukan sekarang.', expect.stringContaining(joined)]);
  expect((await whatsapp.said()).at(-1)).toContain('baru saja disatukan');
  await tend();
  expect([await asked(), await contacts()]).toEqual([1, 1]);
  expect(await rig.rows('SELECT reason FROM contact_merge')).toEqual([{ reason: 'one proved number' }]);
  expect(rig.failures).toEqual([]);
});

it('what was begun in the other application goes on here', async () => {
  const { whatsapp, proving, tend } = await opened();
  await whatsapp.say('daftar');
  await whatsapp.say('setuju');
  await tend();
  await proving.say('bantuan');
  await tend();
  expect((await proving.say('ya')).at(-1)).toContain('Langkah 1 dari 9');
});

it('a no is remembered: neither is asked again, whatever is proved again', async () => {
  const { rig, turns, whatsapp, proving, tend, asked, contacts } = await opened();
  await whatsapp.say('bantuan');
  await tend();
  await proving.say('bantuan');
  await tend();
  await proving.say('tidak');
  await placeOf(rig, turns, '700000021', '+6281200000099').say('bantuan');
  await proving.say('bantuan');
  await whatsapp.say('bantuan');
  await tend();
  expect([await asked(), await contacts()]).toEqual([1, 2]);
  expect(await rig.rows('SELECT answer FROM link_offer')).toEqual([{ answer: 'declined' }]);
});

it('however many processes look, it is asked once', async () => {
  const { rig, whatsapp, proving, asked } = await opened();
  await whatsapp.send('bantuan');
  await proving.send('bantuan');
  await Promise.all([1, 2, 3].map(() => rig.turns({ isSimulator: () => false }).recover()));
  await rig.turns().recover();
  await quiet(rig);
  expect(await asked()).toBe(1);
});

it('who has not written for an hour is not asked by itself, but when they write again', async () => {
  const { rig, whatsapp, proving, telegram, tend, asked } = await opened();
  await whatsapp.say('bantuan');
  await tend();
  await proving.send('bantuan');
  await rig.rows("UPDATE session SET updated_at = updated_at - interval '61 minutes'");
  await tend();
  expect(await asked()).toBe(0);
  await telegram.say('bantuan');
  await tend();
  expect(await asked()).toBe(1);
});

it('a number that is another one by the time of the answer joins nobody', async () => {
  const { rig, turns, whatsapp, telegram, proving, tend, contacts } = await opened();
  await whatsapp.say('bantuan');
  await tend();
  await proving.say('bantuan');
  await tend();
  await placeOf(rig, turns, '700000021', '+6281200000098').say('bantuan');
  expect(await telegram.say('ya')).toEqual([expect.stringContaining('tidak ada yang perlu disatukan')]);
  expect(await contacts()).toBe(2);
});

it('people of the simulator are never asked', async () => {
  const { rig, whatsapp, proving, tend, asked } = await opened(true);
  await whatsapp.say('bantuan');
  await proving.say('bantuan');
  await tend();
  expect(await asked()).toBe(0);
  expect(await rig.rows('SELECT FROM address WHERE phone_news')).toEqual([]);
});

it('nobody is asked about a contact that becomes theirs in a moment anyway', async () => {
  const { rig, turns, tend } = await opened();
  const [pn, lid] = ['6281200000021@s.whatsapp.net', '99000000000021@lid'];
  const places = [placeOf(rig, turns, pn, number), placeOf(rig, turns, lid)];
  for (const place of places) await place.say('bantuan');
  await tend();
  const sentAs = async () => null;
  const now = () => new Date('2026-11-24T03:00:00Z');
  const store = createWhatsAppStore({ ...rig, account: 'simulator', now, sentAs });
  await store.join({ pn, lid });
  expect(await rig.rows('SELECT FROM address WHERE phone_news')).not.toEqual([]);
  for (const _ of [1, 2]) await offerShared({ ...rig, newId, now });
  await tend();
  expect(await rig.rows('SELECT FROM link_offer')).toEqual([]);
  expect(await rig.rows('SELECT reason FROM contact_merge')).toEqual([{ reason: 'one person: pn and lid' }]);
});
