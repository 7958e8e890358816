import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/domain/history.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { idleSession } from '../../src/flow/session.js';
import { newId } from '../../src/store/ids.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import { addContact } from '../../src/store/turns.js';
import { createWhatsAppStore } from '../../src/store/whatsapp-web.js';
import type { TurnOptions } from '../../src/turn/options.js';
import { asJson } from '../../src/turn/prepare.js';
import type { Turns } from '../../src/turn/turn.js';
import { type Place, placeOf, quiet } from './places.js';
import { openRig, type Rig } from './rig.js';

const telegram = '700000001';
const whatsapp = '+6281200000011';

/** As a process that dies at once after the commit: nothing of what follows a turn happens. */
function killed(rig: Rig, more: Partial<TurnOptions> = {}): Turns {
  const turns = rig.turns(more);
  turns.recover = async () => {};
  return turns;
}

async function codeAt(place: Place): Promise<string> {
  await place.say('hubungkan');
  const [text = ''] = await place.say('1');
  return /HUBUNGKAN (\S+)\*/.exec(text)?.[1] ?? '';
}

async function opened() {
  const rig = await openRig();
  const turns = rig.turns();
  const here = placeOf(rig, turns, telegram);
  const there = placeOf(rig, turns, whatsapp, whatsapp);
  return { rig, turns, here, there };
}

const contacts = (rig: Rig) => rig.rows('SELECT id FROM contact ORDER BY id');
const joined = 'Percakapan Bapak/Ibu di kedua aplikasi sudah menjadi satu.';

describe('by a code', () => {
  it('a registration begun in one application is gone on with in the other, and both are one contact', async () => {
    const { rig, here, there } = await opened();
    await here.say('daftar');
    await here.say('setuju');
    const [question] = await here.say('081200000011');
    expect(question).toContain('Langkah 2 dari 9');
    const code = await codeAt(here);
    const [asked] = await there.say(`hubungkan ${code}`);
    expect(asked).toContain(`Kode *${code}* berasal dari percakapan di *Simulator*.`);
    const answers = await there.say('ya');
    expect(answers).toEqual([
      'Baik, kami satukan sekarang.',
      expect.stringContaining(joined),
      expect.stringContaining('Langkah 2 dari 9'),
    ]);
    expect((await here.said()).at(-1)).toContain('ketik *PETUGAS*');
    expect(await there.say('Sri Contohwati')).toEqual([expect.stringContaining('Langkah 3 dari 9')]);
    expect(await here.say('Semarang, 17 Agustus 1970')).toEqual([
      expect.stringContaining('Langkah 4 dari 9'),
    ]);
    expect(await contacts(rig)).toHaveLength(1);
    expect(await rig.rows('SELECT reason, roles FROM contact_merge')).toEqual([
      { reason: 'one-time code', roles: [] },
    ]);
    expect(rig.failures).toEqual([]);
  });

  it('whichever of the two conversations is under way goes on, also where the code is typed', async () => {
    const { here, there } = await opened();
    const code = await codeAt(here);
    await there.say('daftar');
    await there.say('setuju');
    await there.say('ya');
    await here.say('menu');
    await there.say(`hubungkan ${code}`);
    expect((await there.say('ya')).at(-1)).toContain('Langkah 2 dari 9');
    expect(await here.say('Sri Contohwati')).toEqual([expect.stringContaining('Langkah 3 dari 9')]);
  });

  it('a menu that nobody answered does not put an open registration away', async () => {
    const { here, there } = await opened();
    await here.say('daftar');
    await here.say('setuju');
    const code = await codeAt(here);
    await there.say('menu');
    await there.say(`hubungkan ${code}`);
    expect((await there.say('ya')).at(-1)).toContain('Langkah 1 dari 9');
  });

  it('of two registrations under way the last one goes on, and the person is told', async () => {
    const { here, there } = await opened();
    await here.say('daftar');
    await here.say('setuju');
    const code = await codeAt(here);
    await there.say('daftar');
    await there.say('setuju');
    await there.say('ya');
    await there.say(`hubungkan ${code}`);
    expect(await there.say('ya')).toEqual([
      'Baik, kami satukan sekarang.',
      expect.stringContaining('Langkah 2 dari 9'),
      expect.stringContaining('Kami lanjutkan yang terakhir; yang lain dapat dimulai lagi kapan saja.'),
      expect.stringContaining(joined),
      expect.stringContaining('Langkah 2 dari 9'),
    ]);
  });

  it('the code works once, and of two who use it at once one does', async () => {
    const { rig, turns, here, there } = await opened();
    const other = placeOf(rig, turns, '700000002');
    const code = await codeAt(here);
    await Promise.all([there.say(`hubungkan ${code}`), other.say(`start ${code}`)]);
    await rig.acceptAll();
    await Promise.all([there.send('ya'), other.send('ya')]);
    await quiet(rig);
    const ends = [(await there.said()).join('\n'), (await other.said()).join('\n')];
    expect(ends.filter((text) => text.includes(joined))).toHaveLength(1);
    expect(ends.filter((text) => text.includes('sudah tidak berlaku'))).toHaveLength(1);
    expect(await contacts(rig)).toHaveLength(2);
    expect(await rig.rows('SELECT * FROM contact_merge')).toHaveLength(1);
    expect(rig.failures).toEqual([]);
  });

  it('both use the code of the other at once: they become one, once, and who was later is told so', async () => {
    const { rig, here, there } = await opened();
    const [first, second] = [await codeAt(here), await codeAt(there)];
    await here.say(`hubungkan ${second}`);
    await there.say(`hubungkan ${first}`);
    await Promise.all([here.send('ya'), there.send('ya')]);
    await quiet(rig);
    expect(await contacts(rig)).toHaveLength(1);
    await rig.acceptAll();
    const { frames } = await rig.session(telegram);
    if (frames.length > 0)
      expect(await here.say('ya')).toEqual([expect.stringContaining('sudah menjadi satu')]);
    const all = [...(await here.said()), ...(await there.said())];
    expect(all.filter((text) => text.startsWith(joined)).length).toBeGreaterThan(0);
    expect(await rig.rows('SELECT * FROM contact_merge')).toHaveLength(1);
    expect(rig.failures).toEqual([]);
  });

  it('the link tapped once more says that it is done', async () => {
    const { here, there } = await opened();
    const code = await codeAt(here);
    await there.say(`hubungkan ${code}`);
    await there.say('ya');
    expect(await there.say(`hubungkan ${code}`)).toEqual([expect.stringContaining('sudah menjadi satu')]);
  });
});

describe('a process that dies', () => {
  it('between the wish and the merge: another one makes them one, once, however many come to it', async () => {
    const { rig, here, there } = await opened();
    await here.say('daftar');
    await here.say('setuju');
    const code = await codeAt(here);
    await there.say(`hubungkan ${code}`);
    const dying = placeOf(rig, killed(rig), whatsapp, whatsapp);
    await dying.send('ya');
    expect(await rig.rows('SELECT reason FROM link_wish')).toEqual([{ reason: 'one-time code' }]);
    expect(await contacts(rig)).toHaveLength(2);
    const others = [rig.turns(), rig.turns(), rig.turns()];
    await Promise.all(others.map((turns) => turns.recover()));
    await Promise.all(others.map((turns) => turns.recover()));
    await quiet(rig);
    expect(await contacts(rig)).toHaveLength(1);
    expect((await there.said()).filter((text) => text.startsWith(joined))).toHaveLength(1);
    expect((await there.said()).at(-1)).toContain('Langkah 1 dari 9');
    expect((await here.said()).filter((text) => text.includes('baru saja disatukan'))).toHaveLength(1);
    expect(rig.failures).toEqual([]);
  });

  it('a process that remembers both from before goes on with the one', async () => {
    const { rig, turns, here, there } = await opened();
    const code = await codeAt(here);
    await there.say(`hubungkan ${code}`);
    await placeOf(rig, killed(rig), whatsapp, whatsapp).send('ya');
    await rig.turns().recover();
    await quiet(rig);
    await rig.acceptAll();
    const again = [placeOf(rig, turns, telegram), placeOf(rig, turns, whatsapp, whatsapp)];
    for (const place of again)
      expect(await place.say('bantuan')).toEqual([expect.stringContaining('*MENU*')]);
    expect(await contacts(rig)).toHaveLength(1);
    expect(rig.failures).toEqual([]);
  });
});

describe('one person of WhatsApp by number and by privacy id', () => {
  const pn = '6281200000011@s.whatsapp.net';
  const lid = '99000000000011@lid';
  const phone = '+6281200000011';

  /** Who wrote by both before WhatsApp said that they are one. */
  async function both() {
    const rig = await openRig();
    const turns = rig.turns();
    const sentAs = async () => null;
    const store = createWhatsAppStore({ ...rig, account: 'simulator', now: () => new Date(), sentAs });
    const learn = () => store.join({ pn, lid });
    const join = async () => {
      await learn();
      await turns.recover();
      await quiet(rig);
      await rig.acceptAll();
    };
    return { rig, learn, join, byPn: placeOf(rig, turns, pn), byLid: placeOf(rig, turns, lid) };
  }
  const saidIn = async ({ rig }: { readonly rig: Rig }) =>
    (await rig.said(pn)).length + (await rig.said(lid)).length;

  it('nobody hears of it where nothing changes, and the next message is of the one conversation', async () => {
    const world = await both();
    await world.byPn.say('daftar');
    const { pool, vault } = world.rig;
    await addContact(pool, {
      ...{
        contactId: newId(),
        addressId: newId(),
        simulator: true,
        channel: 'simulator',
        account: 'simulator',
      },
      ...{ value: vault.seal(lid), valueIndex: vault.index('address', lid), phone: null },
      state: vault.sealJson(asJson(idleSession)),
    });
    const before = await saidIn(world);
    await world.join();
    expect(await saidIn(world)).toBe(before);
    expect(await world.byLid.say('setuju')).toEqual([expect.stringContaining('Langkah 1 dari 9')]);
    expect(await contacts(world.rig)).toHaveLength(1);
    expect(world.rig.failures).toEqual([]);
  });

  it('an open registration goes on before a menu that came later, and its question is asked again', async () => {
    const world = await both();
    await world.byPn.say('daftar');
    await world.byPn.say('setuju');
    await world.byLid.say('menu');
    const before = (await world.byPn.said()).length;
    await world.join();
    expect((await world.byPn.said()).slice(before)).toEqual([
      'Kita lanjutkan percakapan yang sedang berjalan, Bapak/Ibu.',
      expect.stringContaining('Langkah 1 dari 9'),
    ]);
    expect(await world.byLid.say(phone)).toEqual([expect.stringContaining('Langkah 2 dari 9')]);
    expect(await contacts(world.rig)).toHaveLength(1);
    expect(world.rig.failures).toEqual([]);
  });

  it('of two registrations the one moved last goes on, the person is told, and the question is asked again', async () => {
    const world = await both();
    await world.byPn.say('daftar');
    await world.byLid.say('daftar');
    await world.byLid.say('setuju');
    const before = (await world.byPn.said()).length;
    await world.join();
    expect((await world.byPn.said()).slice(before)).toEqual([
      expect.stringContaining('Ada dua hal yang sedang berjalan di percakapan ini'),
      'Kita lanjutkan percakapan yang sedang berjalan, Bapak/Ibu.',
      expect.stringContaining('Langkah 1 dari 9'),
    ]);
    expect(world.rig.failures).toEqual([]);
  });

  it('killed between the wish and the merge, however many look afterwards: one merge, told once', async () => {
    const world = await both();
    await world.byPn.say('daftar');
    await world.byLid.say('daftar');
    const { rig } = world;
    await world.learn();
    const others = [rig.turns(), rig.turns(), rig.turns()];
    await Promise.all(others.map((turns) => turns.recover()));
    await Promise.all(others.map((turns) => turns.recover()));
    await quiet(rig);
    const said = [...(await rig.said(pn)), ...(await rig.said(lid))];
    expect(said.filter((text) => text.startsWith('Ada dua hal'))).toHaveLength(1);
    expect(said.filter((text) => text.startsWith('Kita lanjutkan'))).toHaveLength(1);
    expect(await rig.rows('SELECT reason FROM contact_merge')).toEqual([
      { reason: 'one person: pn and lid' },
    ]);
    expect(rig.failures).toEqual([]);
  });
});

describe('roles hang on proved numbers', () => {
  it('whoever is given the code of an officer has the role, which is written down, told, and shown', async () => {
    const { rig, here, there } = await opened();
    const { vault } = rig;
    await rig.rows(
      `INSERT INTO role_grant (id, phone_sealed, phone_index, role, area, simulator, granted_by)
       VALUES (gen_random_uuid(), $1, $2, 'operator', '33.22', true, 'test')`,
      [vault.seal(whatsapp), vault.index('phone', whatsapp)],
    );
    const atWork = expect.stringContaining('tidak ada permintaan yang menunggu');
    expect((await here.say('layani')).join('')).not.toContain('tidak ada permintaan');
    expect(await there.say('layani')).toEqual([atWork]);
    const before = await contacts(rig);
    const code = await codeAt(there);
    await here.say(`hubungkan ${code}`);
    await here.say('ya');
    expect((await there.said()).at(-1)).toContain('Bila bukan Bapak/Ibu yang memintanya, ketik *PETUGAS*');
    expect((await here.say('layani'))[0]).toEqual(atWork);
    const [merge] = await rig.rows('SELECT * FROM contact_merge');
    expect(merge).toMatchObject({ reason: 'one-time code', roles: ['operator 33.22'] });
    const records = {
      prisma: createPrisma(rig.pool),
      ...{ pool: rig.pool, vault, now: () => new Date(), newId },
    };
    for (const { id } of before) {
      const chain = await explain(localAdministrator('test'), records, id);
      const facts = (chain ?? []).map(({ text }) => text);
      expect(facts).toContain(
        `made one with contact ${merge?.['merged_id']}: one-time code; roles that only one of them had: operator 33.22`,
      );
      expect(facts).toContain('made a code to link another application');
      expect(facts).toContain('the code was used');
    }
  });

  it('roles that both have are nothing new', async () => {
    const { rig, turns, there } = await opened();
    const same = placeOf(rig, turns, '700000009', whatsapp);
    const { vault } = rig;
    await rig.rows(
      `INSERT INTO role_grant (id, phone_sealed, phone_index, role, area, simulator, granted_by)
       VALUES (gen_random_uuid(), $1, $2, 'operator', '33.22', true, 'test')`,
      [vault.seal(whatsapp), vault.index('phone', whatsapp)],
    );
    const code = await codeAt(there);
    await same.say(`hubungkan ${code}`);
    await same.say('ya');
    expect(await rig.rows('SELECT roles FROM contact_merge')).toEqual([{ roles: [] }]);
  });
});

/** Who dies at once after the commit, and in which order the others look for what was left. */
const course = fc.record({
  dies: fc.tuple(fc.boolean(), fc.boolean()),
  looks: fc.shuffledSubarray([0, 1, 2], { minLength: 1 }),
  together: fc.boolean(),
});

it('whoever dies and whoever looks: three addresses end as one contact, and each is told once', async () => {
  await fc.assert(
    fc.asyncProperty(course, async ({ dies, looks, together }) => {
      const rig = await openRig();
      const processes = [rig.turns(), rig.turns(), rig.turns()];
      const places = ['700000001', '700000002', '700000003'].map((address, at) =>
        placeOf(rig, processes[at] ?? rig.turns(), address),
      );
      const [first, ...others] = places;
      if (first === undefined) throw new Error('no place');
      // The middle one is in both: a merge of two contacts of which one has just become another.
      for (const [at, other] of others.entries())
        await other.say(`start ${await codeAt(places[at] ?? first)}`);
      const confirming = others.map(({ address }, at) =>
        placeOf(rig, dies[at] === true ? killed(rig) : rig.turns(), address),
      );
      if (together) await Promise.all(confirming.map((place) => place.send('ya')));
      else for (const place of confirming) await place.send('ya');
      await Promise.all(looks.map((at) => processes[at]?.recover()));
      await rig.turns().recover();
      await quiet(rig);
      expect(await contacts(rig)).toHaveLength(1);
      expect(await rig.rows('SELECT * FROM contact_merge')).toHaveLength(2);
      for (const other of others)
        expect((await other.said()).filter((text) => text.startsWith(joined))).toHaveLength(1);
      expect(rig.failures).toEqual([]);
    }),
    { numRuns: 6 },
  );
});
