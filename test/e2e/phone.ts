import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Bubble, Said, SimulatorPhones } from '../../src/channels/simulator/port.js';
import { waitFor } from '../support/wait.js';

/** A person with a phone, as a test plays them. */
export interface Phone {
  readonly id: string;
  /** Sends and does not wait; gives the message's id. */
  send(said: Said, messageId?: string): Promise<string>;
  /** Sends a file and does not wait; its type is claimed to be a JPEG. */
  sendFile(file: { readonly name: string; readonly bytes: Uint8Array }): Promise<void>;
  /** Sends a text, waits until the bot is done, and gives what it said since. */
  say(text: string): Promise<readonly string[]>;
  /** Waits until the bot is done with everything. */
  settle(): Promise<void>;
  /** The whole screen. */
  screen(): Promise<readonly Bubble[]>;
}

/** What a person says, and a piece of each message that must come back. */
export type Transcript = readonly (readonly [said: string, ...answers: string[]])[];

/** Finds or makes the person with this value. A store that is away is asked again. */
export async function phoneOf(phones: SimulatorPhones, value: string): Promise<Phone> {
  const { id } = await phones.addPerson(value);
  const settle = () =>
    waitFor('the bot to be done', () => phones.settled(id).catch(() => false)).then(() => {});
  const screen = async (after = 0): Promise<readonly Bubble[]> => {
    const page = await phones.screen(id, after);
    const last = page.at(-1);
    return last === undefined ? page : [...page, ...(await screen(last.id))];
  };
  const send = async (said: Said, messageId: string = randomUUID()) => {
    await waitFor('the phone to send', () => phones.say(id, messageId, said).catch(() => false));
    return messageId;
  };
  const say = async (text: string) => {
    const last = (await patiently(() => phones.tail(id, 1)))[0]?.id ?? 0;
    await send({ text });
    await settle();
    return botTexts(await patiently(() => screen(last)));
  };
  const sendFile = async (file: { readonly name: string; readonly bytes: Uint8Array }) => {
    const messageId = randomUUID();
    const sent = { ...file, mime: 'image/jpeg' };
    await waitFor('the phone to send', () => phones.sendFile(id, messageId, sent).catch(() => false));
  };
  return { id, send, sendFile, say, settle, screen: () => screen() };
}

/** Asks again while the store is away. */
function patiently<T>(look: () => Promise<T>): Promise<T> {
  return waitFor('the phone to answer', () => look().catch(() => null));
}

/** What the bot said, in the order of the screen. */
export function botTexts(bubbles: readonly Bubble[]): readonly string[] {
  return bubbles.flatMap((bubble) => (bubble.fromBot ? [bubble.body.text] : []));
}

/** What the person typed, in the order of the screen. */
export function personTexts(bubbles: readonly Bubble[]): readonly string[] {
  return bubbles.flatMap((bubble) => (!bubble.fromBot && 'text' in bubble.body ? [bubble.body.text] : []));
}

/** Plays a conversation; every answer must hold its piece, and there is no other. */
export async function play(phone: Pick<Phone, 'say'>, transcript: Transcript): Promise<void> {
  for (const [said, ...answers] of transcript) {
    const heard = await phone.say(said);
    expect(heard, `the answer to "${said}"`).toEqual(answers.map((piece) => expect.stringContaining(piece)));
  }
}

/** A NIK of province 99, which does not exist; it fits the registration below. */
export const nik = '9901015708700001';

/** A whole registration by a phone whose number the channel tells. */
export const registration: Transcript = [
  ['daftar', 'Sebelum mendaftar', '*SETUJU*'],
  ['Setuju.', 'Langkah 1 dari 9'],
  ['ya', 'Langkah 2 dari 9'],
  ['Sri Contohwati', 'Langkah 3 dari 9'],
  ['Semarang, 17 Agustus 1970', 'Langkah 4 dari 9'],
  ['perempuan', 'Langkah 5 dari 9'],
  ['Kabupaten Semarang, Ungaran Barat, Lerep', 'Langkah 6 dari 9'],
  ['2012', 'Langkah 7 dari 9'],
  ['SMA', 'Langkah 8 dari 9'],
  ['ada', 'omor SK'],
  ['470/12/2015', 'anggal'],
  ['12-03-2015', 'Kepala desa'],
  ['kades', 'Langkah 9 dari 9'],
  [nik, 'Mohon diperiksa'],
  ['ya', 'Terima kasih, Ibu *Sri Contohwati'],
];
