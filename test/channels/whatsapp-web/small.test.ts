import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Acks } from '../../../src/channels/whatsapp-web/acks.js';
import { faultOf } from '../../../src/channels/whatsapp-web/failure.js';
import { messageId } from '../../../src/channels/whatsapp-web/message-id.js';
import type { Sent } from '../../../src/channels/whatsapp-web/protocol.js';
import { StanzaOrder } from '../../../src/channels/whatsapp-web/stanza-order.js';
import {
  answering,
  createWire,
  hearing,
  type Wire,
  WireError,
} from '../../../src/channels/whatsapp-web/wire.js';

describe('the id of a message', () => {
  it('looks like the own client’s, and is the same for the same parcel and no other', () => {
    const ids = ['a', 'b', 'a'].map(messageId);
    for (const id of ids) expect(id).toMatch(/^3EB0[0-9A-F]{18}$/);
    expect(ids[0]).toBe(ids[2]);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('acknowledgements', () => {
  it.each<[string, (acks: Acks) => void, Sent]>([
    ['taken', (acks) => acks.answered('A', undefined), { kind: 'accepted' }],
    ['refused', (acks) => acks.answered('A', '463'), { kind: 'refused', code: '463' }],
    ['refused for now', (acks) => acks.answered('A', '479'), { kind: 'lost', code: 'ack-479' }],
    ['the wire is cut', (acks) => acks.allLost('closed'), { kind: 'lost', code: 'closed' }],
  ])('%s', async (_name, happen, sent) => {
    const acks = new Acks();
    const answer = acks.expect('A', 60_000);
    acks.answered('B', undefined);
    happen(acks);
    expect(await answer).toEqual(sent);
  });

  it('do not come for ever', async () => {
    expect(await new Acks().expect('A', 5)).toEqual({ kind: 'lost', code: 'no-ack' });
  });
});

describe('what a send comes to', () => {
  const now = new Date('2026-03-02T03:00:00Z');
  it.each<[Exclude<Sent, { kind: 'accepted' }>, object]>([
    [
      { kind: 'lost', code: 'no-ack' },
      { kind: 'ambiguous', code: 'no-ack' },
    ],
    [
      { kind: 'unsent', code: 'not-connected' },
      { kind: 'throttled', code: 'not-connected', until: new Date('2026-03-02T03:00:01Z') },
    ],
    [
      { kind: 'refused', code: '463' },
      { kind: 'permanent', code: 'ack-463' },
    ],
    [
      { kind: 'refused', code: '404' },
      { kind: 'permanent', code: 'ack-404' },
    ],
    [
      { kind: 'refused', code: '491' },
      { kind: 'bug', code: 'ack-491' },
    ],
  ])('%o', (sent, fault) => {
    expect(faultOf(sent, now)).toEqual(fault);
  });
});

describe('the order of the wire', () => {
  function order() {
    const given: string[] = [];
    const stanzas = new StanzaOrder(20);
    const read = (id: string, chat = 'c') => stanzas.read(chat, id, () => void given.push(id));
    const came = (...ids: readonly string[]) => {
      for (const id of ids) stanzas.came('c', id);
    };
    return { given, read, came };
  }

  it('holds back what overtook', () => {
    const { given, read, came } = order();
    came('1', '2', '3');
    read('3');
    read('2');
    expect(given).toEqual([]);
    read('1');
    expect(given).toEqual(['1', '2', '3']);
  });

  it('keeps no other chat waiting, and gives what never came over the wire at once', () => {
    const { given, read, came } = order();
    came('1');
    read('x', 'other');
    read('own');
    expect(given).toEqual(['x', 'own']);
  });

  it('goes on without one that cannot be read', async () => {
    const { given, read, came } = order();
    came('1', '2');
    read('2');
    await vi.waitFor(() => expect(given).toEqual(['2']));
  });

  it('takes one of several with the same id for all of them', () => {
    const { given, read, came } = order();
    came('1', '1', '2');
    read('1');
    read('2');
    expect(given).toEqual(['1', '2']);
  });
});

describe('the wire between two processes', () => {
  const double = { name: 'double', question: z.number(), answer: z.number() };
  const shout = { name: 'shout', told: z.string() };

  function wires(answer: (n: number) => Promise<number>) {
    const heard: string[] = [];
    const ends: { parent: Wire | null } = { parent: null };
    const child = createWire(
      [answering(double, answer), hearing(shout, (text) => void heard.push(text))],
      (message) => ends.parent?.take(structuredClone(message)),
    );
    const parent = createWire([], (message) => child.take(structuredClone(message)));
    ends.parent = parent;
    return { parent, child, heard };
  }

  it('carries questions, answers and news', async () => {
    const { parent, heard } = wires(async (n) => 2 * n);
    parent.tell(shout, 'halo');
    expect(await Promise.all([parent.ask(double, 2), parent.ask(double, 5)])).toEqual([4, 10]);
    expect(heard).toEqual(['halo']);
  });

  it('tells a failure without a word of what failed', async () => {
    const { parent } = wires(async () => {
      throw new Error('kunci-rahasia');
    });
    const failed = await parent.ask(double, 1).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(WireError);
    expect(failed).toMatchObject({ why: 'failed', message: expect.not.stringContaining('rahasia') });
  });

  it('tells everybody who waits that the other side is gone, and who asks later', async () => {
    const { parent } = wires(() => new Promise(() => {}));
    const asked = parent.ask(double, 1);
    parent.cut();
    await expect(asked).rejects.toMatchObject({ why: 'cut' });
    await expect(parent.ask(double, 1)).rejects.toMatchObject({ why: 'cut' });
  });

  it.each([
    ['no message of ours', 'halo'],
    ['an unknown name', { what: 'tell', name: 'whisper', body: 'halo' }],
    ['another shape', { what: 'tell', name: 'shout', body: 7 }],
  ])('refuses %s', (_name, message) => {
    expect(() => wires(async (n) => n).child.take(message)).toThrow();
  });
});
