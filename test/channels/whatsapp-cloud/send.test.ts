import { describe, expect, it } from 'vitest';
import type { Parcel } from '../../../src/channels/contract.js';
import { Allowance } from '../../../src/channels/contract-allowance.js';
import { faultOf, lateFaultOf, meanings, pairLimits } from '../../../src/channels/whatsapp-cloud/faults.js';
import type { ApprovedText } from '../../../src/flow/approved.js';
import type { Rendered } from '../../../src/flow/render.js';
import type { Fault } from '../../doubles/whatsapp-cloud/faults.js';
import { refuse } from '../../doubles/whatsapp-cloud/refusal.js';
import { cloud, numberOf } from './world.js';

const never = () => new AbortController().signal;
const now = new Date(Date.UTC(2026, 10, 25, 1));
const until = (ms: number) => new Date(now.getTime() + ms);
const parcel = (
  address: string,
  message: Rendered = { text: 'Halo.', buttons: [] },
  more: Partial<Parcel> = {},
) => ({
  ...{ id: '00000000-0000-4000-8000-00000000000b', address, message, ...more },
});

describe('a message is shown as the phone can show it', () => {
  const tap = (label: string) => ({ label, data: `q:${label}` });
  it.each<[string, Rendered, object]>([
    ['words, with their stars', { text: 'Halo *Sri*.', buttons: [] }, { text: 'Halo *Sri*.', taps: [] }],
    [
      'buttons',
      { text: 'Benar?', buttons: ['Ya', 'Tidak'].map(tap) },
      { taps: [{ title: 'Ya', id: 'q:Ya', kind: 'button' }, { kind: 'button' }] },
    ],
    [
      'a list',
      { text: 'Mana?', buttons: ['A', 'B', 'C', 'D'].map(tap), list: true },
      { taps: Array(4).fill({ kind: 'row' }) },
    ],
    ['the place', { text: 'Di mana?', buttons: [], share: 'place' }, { asksForPlace: true, taps: [] }],
    [
      'the place before choices, which stand in the text',
      { text: 'Di mana?\n\n1. Lewati', buttons: [tap('Lewati')], share: 'place' },
      { asksForPlace: true, text: 'Di mana?\n\n1. Lewati' },
    ],
    [
      'a long question without a button',
      { text: 'a'.repeat(1025), buttons: [], share: 'place' },
      { asksForPlace: false },
    ],
  ])('%s', async (_name, message, shown) => {
    const api = await cloud();
    const person = api.person();
    await numberOf(api).channel.send(parcel(person.address, message), never());
    expect(person.shown()).toMatchObject([shown]);
  });
});

describe('a file', () => {
  const file = { kind: 'photo', mime: 'image/jpeg', name: 'foto.jpg', bytes: Buffer.from('isi') } as const;
  const subjects = ['upload', 'send'] as const;

  async function sent(
    faults: readonly (readonly [(typeof subjects)[number], Fault])[],
    more: Partial<Parcel> = {},
  ) {
    const api = await cloud();
    for (const [subject, fault] of faults) api.faults.next(subject, fault);
    const person = api.person();
    const { channel } = numberOf(api, { now: () => now });
    const sending = channel.send(parcel(person.address, undefined, { file, ...more }), never());
    const outcome = await sending.then(
      () => 'accepted',
      (error) => error.fault,
    );
    const calls = subjects.map((subject) => api.calls(subject).length);
    return { outcome, calls, files: person.files() };
  }
  const lost: Fault = { kind: 'reset', when: 'after' };
  const refused = (code: number): Fault => ({ kind: 'refuse', refusal: refuse(code) });

  it.each<
    [string, readonly (readonly [(typeof subjects)[number], Fault])[], object | string, number[], number]
  >([
    ['an upload is lost once', [['upload', lost]], 'accepted', [2, 1], 1],
    [
      'an upload is lost twice',
      [
        ['upload', lost],
        ['upload', lost],
      ],
      { kind: 'file', code: 'upload' },
      [2, 0],
      0,
    ],
    ['an upload is refused', [['upload', refused(100)]], { kind: 'file', code: 'upload' }, [1, 0], 0],
    ['the token is', [['upload', refused(190)]], { kind: 'stopped', code: 'token-refused' }, [1, 0], 0],
    ['too many', [['upload', refused(80007)]], { kind: 'throttled', code: 'rate-limit' }, [1, 0], 0],
    ['the media are refused', [['send', refused(131053)]], { kind: 'file', code: 'media' }, [1, 1], 0],
    [
      'the answer to the message is lost',
      [['send', lost]],
      { kind: 'ambiguous', code: 'ECONNRESET' },
      [1, 1],
      1,
    ],
  ])('where %s', async (_name, faults, outcome, calls, shown) => {
    const came = await sent(faults);
    if (typeof outcome === 'string') expect(came.outcome).toBe(outcome);
    else expect(came.outcome).toMatchObject(outcome);
    expect([came.calls, came.files.length]).toEqual([calls, shown]);
  });

  it('never goes by a template, although the words could', async () => {
    const approved = { heardAt: null, takesMarketing: true };
    expect(await sent([], { acquaintance: approved })).toMatchObject({
      outcome: { kind: 'permanent', code: 'window-closed' },
      calls: [0, 0],
    });
  });
});

describe('a send that fails says what that means', () => {
  const refused = (code: number, subcode?: number): Fault => ({
    kind: 'refuse',
    refusal: refuse(code, 'x', subcode ?? null),
  });
  const throttled = (code: string, ms: number, more: object = {}) => ({
    kind: 'throttled',
    code,
    until: until(ms),
    ...more,
  });
  it.each<[string, Fault, object]>([
    ['throughput', refused(130429), throttled('throughput', 5_000)],
    ['one person', refused(131056), throttled('pair-rate', 6_000, { waits: 'address' })],
    ['complaints', refused(131048), throttled('spam', 600_000, { waits: 'broadcasts' })],
    ['the app', refused(4), throttled('rate-limit', 60_000)],
    ['the account', refused(80007), throttled('rate-limit', 60_000)],
    ['maintenance', refused(131057), throttled('maintenance', 300_000)],
    ['the window', refused(131047), { kind: 'permanent', code: 'window-closed' }],
    ['undeliverable', refused(131026), { kind: 'permanent', code: 'undeliverable' }],
    ['held back', refused(131049), { kind: 'permanent', code: 'held-back' }],
    ['no advertising', refused(131050), { kind: 'unwanted', code: 'no-marketing' }],
    ['the token', refused(190), { kind: 'stopped', code: 'token-refused' }],
    ['the policy', refused(368), { kind: 'stopped', code: 'policy' }],
    ['a number that is not there', refused(100, 33), { kind: 'stopped', code: 'no-such-number' }],
    ['a parameter', refused(100), { kind: 'bug', code: 'parameter' }],
    ['a part that is missing', refused(131008), { kind: 'bug', code: 'parameter-missing' }],
    ['a template', refused(132012), { kind: 'bug', code: 'template-132012' }],
    ['something new', refused(999_999), { kind: 'bug', code: 'error-999999' }],
    ['something went wrong', refused(131000), { kind: 'ambiguous', code: 'api' }],
    ['a gateway page', { kind: 'page', status: 502 }, { kind: 'ambiguous', code: 'http-502' }],
    ['a page that asks to wait', { kind: 'page', status: 429 }, throttled('http-429', 5_000)],
    [
      'a page that asks who we are',
      { kind: 'page', status: 401 },
      { kind: 'stopped', code: 'token-refused' },
    ],
    [
      'a page instead of an answer',
      { kind: 'page', status: 200 },
      { kind: 'ambiguous', code: 'unreadable-answer' },
    ],
    [
      'reset before',
      { kind: 'reset', when: 'before' },
      { kind: 'ambiguous', code: expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/) },
    ],
    [
      'reset after',
      { kind: 'reset', when: 'after' },
      { kind: 'ambiguous', code: expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/) },
    ],
  ])('%s', async (_name, fault, expected) => {
    const api = await cloud({ now: () => now.getTime() });
    api.faults.next('send', fault);
    const { channel } = numberOf(api, { now: () => now });
    const sent = channel.send(parcel(api.person().address), never());
    await expect(sent).rejects.toMatchObject({ name: 'ChannelError', fault: expected });
    // Never tried again by itself: who decides that is the delivery.
    expect(api.calls('send')).toHaveLength(1);
  });

  it('no answer in time', async () => {
    const api = await cloud();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    api.faults.next('send', { kind: 'slow', until: held });
    const stop = new AbortController();
    const sent = numberOf(api).channel.send(parcel(api.person().address), stop.signal);
    stop.abort();
    await expect(sent).rejects.toMatchObject({ fault: { kind: 'ambiguous', code: 'aborted' } });
    release();
  });

  it('nobody listens: nothing was sent, so nothing is uncertain', async () => {
    const api = await cloud();
    const { channel } = numberOf(api, { now: () => now });
    const { address } = api.person();
    await api.goAway();
    await expect(channel.send(parcel(address), never())).rejects.toMatchObject({
      fault: { kind: 'throttled', until: until(5_000), code: 'ECONNREFUSED' },
    });
    await api.comeBack();
    await channel.send(parcel(address), never());
  });

  it('every number of Meta’s means the same at once and in a status', () => {
    for (const number of [...meanings.keys(), 132_007]) {
      const refusal = { kind: 'refused', status: 400, number, subnumber: null } as const;
      expect(lateFaultOf(number, now)).toEqual(faultOf(refusal, now));
    }
  });
});

describe('who has not written for a day is written to with what was approved', () => {
  const day = 24 * 3_600_000;
  const invitation: ApprovedText = {
    ...{ name: 'undangan', language: 'id', category: 'utility', buttons: ['Hadir', 'Tidak'] },
    body: 'Yth. {nama}, ada rapat. Apakah Bapak/Ibu hadir?',
    stands: 'Yth. {nama}, ada rapat. Apakah Bapak/Ibu hadir?\n\n{...}',
  };
  const asked: Rendered = {
    text: 'Yth. Ibu Sri, ada rapat. Apakah Bapak/Ibu hadir?\n\n1. Hadir\n2. Tidak',
    buttons: ['Hadir', 'Tidak'].map((label) => ({ label, data: `q-1:${label}` })),
  };
  const acquaintance = (heardMs: number | null, takesMarketing = true) => {
    const heardAt = heardMs === null ? null : until(-heardMs);
    return { acquaintance: { heardAt, takesMarketing } };
  };

  /** Sends to a person who wrote so long ago, in truth (`wroteMs`) and as far as we know (`heardMs`). */
  async function sent(
    ms: { readonly wrote: number | null; readonly heard: number | null },
    more: {
      readonly approved?: readonly ApprovedText[];
      readonly message?: Rendered;
      readonly takesMarketing?: boolean;
    } = {},
  ) {
    const { approved = [invitation], message = asked, takesMarketing = true } = more;
    const api = await cloud({ now: () => now.getTime() });
    for (const { name, body, buttons, category } of approved)
      api.approve({ name, body, buttons, category: category === 'marketing' ? 'MARKETING' : 'UTILITY' });
    const person = api.person({ wroteAt: ms.wrote === null ? null : now.getTime() - ms.wrote });
    const { channel } = numberOf(api, { approved, now: () => now });
    const parcelled = parcel(person.address, message, acquaintance(ms.heard, takesMarketing));
    const fault = await channel.send(parcelled, never()).then(
      () => null,
      (error) => error.fault,
    );
    return { api, person, fault };
  }

  it('inside the window in our own words, to its last minute', async () => {
    const { person } = await sent({ wrote: day - 90_000, heard: day - 90_000 });
    expect(person.shown()).toMatchObject([{ category: 'service', text: asked.text }]);
  });

  it.each<[string, number | null]>([
    ['after a day', day],
    ['in the last minute of it, which is kept for the way', day - 30_000],
    ['never heard of', null],
  ])('%s by a template, whose buttons are the choices', async (_name, heard) => {
    const { person, api } = await sent({ wrote: heard, heard });
    expect(person.shown()).toMatchObject([
      {
        ...{ category: 'utility', text: 'Yth. Ibu Sri, ada rapat. Apakah Bapak/Ibu hadir?' },
        taps: [
          { title: 'Hadir', id: 'q-1:Hadir' },
          { title: 'Tidak', id: 'q-1:Tidak' },
        ],
      },
    ]);
    expect(api.calls('send')).toHaveLength(1);
  });

  it('the provider knows better: refused once, then by the template', async () => {
    const { person, api } = await sent({ wrote: 2 * day, heard: 60_000 });
    expect(person.shown()).toMatchObject([{ category: 'utility' }]);
    expect(api.calls('send').map(({ status }) => status)).toEqual([400, 200]);
  });

  it('without a template it fails, and says why, and nobody is asked', async () => {
    const { api, fault } = await sent({ wrote: null, heard: null }, { approved: [] });
    expect(fault).toEqual({ kind: 'permanent', code: 'window-closed' });
    expect(api.calls('send')).toEqual([]);
    const other = await sent({ wrote: 2 * day, heard: 60_000 }, { approved: [] });
    expect(other.fault).toEqual({ kind: 'permanent', code: 'window-closed' });
  });

  it('who takes no advertising is sent none, and everything else', async () => {
    const promotion = { ...invitation, category: 'marketing' } as const;
    const refused = await sent(
      { wrote: null, heard: null },
      { approved: [promotion], takesMarketing: false },
    );
    expect(refused.fault).toEqual({ kind: 'unwanted', code: 'no-marketing' });
    expect(refused.api.calls('send')).toEqual([]);
    const useful = await sent({ wrote: null, heard: null }, { takesMarketing: false });
    expect(useful.person.shown()).toHaveLength(1);
  });

  it('a template that was changed at Meta is our fault', async () => {
    const changed = { ...invitation, body: 'Yth. {nama}, ada rapat {hari}.', stands: invitation.stands };
    const { fault } = await sent({ wrote: null, heard: null }, { approved: [changed] });
    expect(fault).toMatchObject({
      kind: 'bug',
      code: expect.stringMatching(/^(template-132\d+|parameter)$/),
    });
  });
});

describe('the allowance of a person', () => {
  it('lends a burst of 45 and then gives one every six seconds, to each for themselves', () => {
    const allowance = new Allowance(pairLimits);
    const take = (ms: number, who = 'a') => allowance.take(who, until(ms));
    for (let at = 0; at < 45; at += 1) expect(take(0)).toBeNull();
    expect(take(0)).toEqual(until(6_000));
    expect(take(4_000)).toEqual(until(6_000));
    expect(take(4_000, 'b')).toBeNull();
    expect(take(6_000)).toBeNull();
    expect(take(6_000)).toEqual(until(12_000));
    expect(take(60_000)).toBeNull();
  });

  it('gives back what was not sent', () => {
    const allowance = new Allowance(pairLimits);
    for (let at = 0; at < 45; at += 1) allowance.take('a', now);
    allowance.giveBack('a');
    expect([allowance.take('a', now), allowance.take('a', now)]).toEqual([null, until(6_000)]);
  });

  it('is used up when the provider says so', async () => {
    const api = await cloud();
    const { channel } = numberOf(api, { now: () => now });
    const { address } = api.person();
    api.faults.next('send', { kind: 'refuse', refusal: refuse(131056) });
    const fault = { code: 'pair-rate', until: until(6_000), waits: 'address' };
    for (const _ of ['refused', 'not even asked'])
      await expect(channel.send(parcel(address), never())).rejects.toMatchObject({ fault });
    expect(api.calls('send')).toHaveLength(1);
  });

  it('keeps what is sent within what the double allows', async () => {
    let time = now.getTime();
    const api = await cloud({ now: () => time });
    const { channel } = numberOf(api, { now: () => new Date(time) });
    const { address } = api.person();
    let refusedByUs = 0;
    for (let at = 0; at < 100; at += 1) {
      await channel.send(parcel(address), never()).catch(() => {
        refusedByUs += 1;
      });
      time += 1_000;
    }
    expect(api.calls('send').every(({ status }) => status === 200)).toBe(true);
    expect(api.accepted.length + refusedByUs).toBe(100);
    expect(api.accepted.length).toBeGreaterThan(45 + 14);
  });
});
