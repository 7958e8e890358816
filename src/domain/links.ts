import { randomInt } from 'node:crypto';
import { codeLength, codeSigns, isCode } from '../flow/inputs/one-time-code.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import type { Tools } from './reach.js';

/** The conversation of somebody whose contacts were made one hears it under this name. */
export const accountsLinked = 'accounts-linked';

/** The conversation hears under this name that it is to go on after something that came between. */
export const conversationResumed = 'conversation-resumed';

/** Somebody hears under this name that another contact has proved the same number. */
export const numberShared = 'number-shared';

/** How long a code may be used, in milliseconds. */
export const codeLastsMs = 15 * 60 * 1000;
/** Wrong codes that one contact may type within the time below. */
export const mostGuesses = 5;
/** Wrong codes older than this do not count any more, in milliseconds. */
export const guessesCountMs = 60 * 60 * 1000;

/** Eight signs that nobody can guess, letters and digits among them. */
export function newCode(): string {
  const signs = Array.from({ length: codeLength }, () => codeSigns.charAt(randomInt(codeSigns.length)));
  const code = signs.join('');
  return isCode(code) ? code : newCode();
}

/** The same from bytes that only we can make, `round` after round until they are a code. */
export function codeOf(bytes: (round: number) => Uint8Array, round = 0): string {
  const signs = [...bytes(round).subarray(0, codeLength)].map((byte) =>
    codeSigns.charAt(byte % codeSigns.length),
  );
  const code = signs.join('');
  return isCode(code) ? code : codeOf(bytes, round + 1);
}

const ofContact = (address: string) =>
  `(SELECT b.id FROM address a JOIN address b USING (contact_id) WHERE a.id = ${address})`;

const voidText = `
UPDATE link_code SET ends_at = $2 WHERE used_at IS NULL AND ends_at > $2::timestamptz AND address_id IN ${ofContact('$1')}`;

const keepText = 'INSERT INTO link_code (code_index, address_id, made_at, ends_at) VALUES ($1, $2, $3, $4)';

/** Keeps a code for whoever is at an address; an earlier one of the same contact is void from here on. */
export function keepCode(code: string, addressId: string, { vault, now }: Tools): readonly Statement[] {
  const values = [codeIndexOf(code, vault), addressId, now, new Date(now.getTime() + codeLastsMs)];
  return [
    { name: 'link-code-void', text: voidText, values: [addressId, now] },
    { name: 'link-code-keep', text: keepText, values },
  ];
}

/** By what a code is found, without being kept. */
export function codeIndexOf(code: string, vault: Vault): Buffer {
  return vault.index('link-code', code);
}

/** A code as it stands: where it was made, and the members behind that contact. */
export interface FoundCode {
  readonly addressId: string;
  readonly contactId: string;
  readonly channel: string;
  readonly used: boolean;
  readonly ended: boolean;
  readonly names: readonly string[];
}

/** Who looks: people of the simulator and others never find each other. */
interface Looking {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly now: Date;
  readonly simulator: boolean;
}

const namesOf = (contact: string) =>
  `ARRAY(SELECT m.name FROM member_contact l JOIN member m ON m.id = l.member_id WHERE l.contact_id = ${contact} AND m.standing <> 'deceased')`;

const findText = `
SELECT k.address_id AS "addressId", a.contact_id AS "contactId", a.channel, k.used_at IS NOT NULL AS used,
  k.ends_at <= $2::timestamptz AS ended, ${namesOf('a.contact_id')} AS names
FROM link_code k JOIN address a ON a.id = k.address_id JOIN contact c ON c.id = a.contact_id
WHERE k.code_index = $1 AND c.simulator = $3`;

/** Finds a code; null when nobody ever made it. */
export async function findCode(
  code: string,
  { db, vault, now, simulator }: Looking,
): Promise<FoundCode | null> {
  const values = [codeIndexOf(code, vault), now, simulator];
  const [found] = await run<FoundCode>(db, { name: 'link-code-find', text: findText, values });
  return found ?? null;
}

const useText = `
UPDATE link_code SET used_at = $2 WHERE code_index = $1 AND used_at IS NULL AND ends_at > $2::timestamptz RETURNING code_index`;

/** Uses a code up; of several who do so, one succeeds, and the turn of any other is thought again. */
export function useCode(code: string, { vault, now }: Tools): Statement {
  return { name: 'link-code-use', text: useText, values: [codeIndexOf(code, vault), now], mustFind: true };
}

const guessText = 'INSERT INTO link_guess (address_id, fault, at) VALUES ($1, $2, $3)';

/** Writes down that somebody typed a code that is none, or (`number`) named a number of somebody registered, right or wrong. */
export function noteGuess(addressId: string, fault: string, now: Date): Statement {
  return { name: 'link-guess', text: guessText, values: [addressId, fault, now] };
}

const countText = `SELECT count(*)::int AS n FROM link_guess WHERE address_id IN ${ofContact('$1')} AND at > $2`;

/** Whether a contact has typed so many wrong codes lately that no other one is looked at. */
export async function hasGuessedTooOften(addressId: string, db: Queryable, now: Date): Promise<boolean> {
  const values = [addressId, new Date(now.getTime() - guessesCountMs)];
  const [row] = await run<{ n: number }>(db, { name: 'link-guesses', text: countText, values });
  return (row?.n ?? 0) >= mostGuesses;
}

const wishText =
  'INSERT INTO link_wish (id, address_id, other_id, reason, asked_at) VALUES ($1, $2, $3, $4, $5)';

/**
 * Says that the contacts of two addresses are to become one: done after the commit of the turn that says so, by whichever
 * process comes to it (`turn/joining.ts`). `reason` says nothing about the people.
 */
export function wishToJoin(addressId: string, otherId: string, reason: string, tools: Tools): Statement {
  const values = [tools.newId(), addressId, otherId, reason, tools.now];
  return { name: 'link-wish', text: wishText, values, wakes: 'conversation' };
}

/** Another contact that proved the number of this address as well, as it was offered and not answered yet. */
export interface Offered {
  readonly otherId: string;
  readonly channel: string;
  readonly names: readonly string[];
}

const offeredText = `
SELECT f.other_id AS "otherId", b.channel, ${namesOf('b.contact_id')} AS names
FROM link_offer f JOIN address a ON a.id = f.address_id JOIN address b ON b.id = f.other_id
WHERE f.address_id = $1 AND f.answer IS NULL AND a.contact_id <> b.contact_id AND a.phone_index = b.phone_index
ORDER BY f.offered_at DESC LIMIT 1`;

/** What is offered to whoever is at an address; null when it does not hold any more. */
export async function findOffer(addressId: string, db: Queryable): Promise<Offered | null> {
  const [offer] = await run<Offered>(db, { name: 'link-offered', text: offeredText, values: [addressId] });
  return offer ?? null;
}

const answerText = `
UPDATE link_offer SET answer = $3 WHERE address_id = $1 AND other_id = $2 AND answer IS NULL RETURNING address_id`;

/** Keeps the answer: nobody is asked again about these two. */
export function answerOffer(addressId: string, otherId: string, answer: 'joined' | 'declined'): Statement {
  const values = [addressId, otherId, answer];
  return { name: 'link-offer-answer', text: answerText, values, mustFind: true };
}

const laterText = `WITH f AS (DELETE FROM link_offer WHERE address_id = $1 AND answer IS NULL)
UPDATE address SET phone_news = true WHERE id = $1`;

/** Takes an offer back that came at a bad moment: it comes again at a better one. */
export function offerLater(addressId: string): Statement {
  return { name: 'link-offer-later', text: laterText, values: [addressId] };
}
