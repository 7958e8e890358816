import { answerHandover, closeHandover, listHandovers, showHandover } from '../domain/handovers.js';
import { discardParked, listParked, retryParked } from '../domain/parked.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';

type Print = (line: string) => void;

/** A number nobody can have given to a request, when it is none. */
function numberOf(typed: string): number {
  return /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
}

const viewer = () => localAdministrator('handovers');

/** `sapa handovers`: who waits for a human or talks with one. */
export async function handovers(records: Records, print: Print): Promise<boolean> {
  const lines = await listHandovers(viewer(), records);
  for (const { number, openedAt, area, reason, state, operatorId } of lines) {
    const how = state === 'taken' ? 'talking with a human' : operatorId === null ? 'nobody to ask' : 'asked';
    print(`${number}  ${openedAt.toISOString()}  ${area}  ${reason}  ${how}`);
  }
  print(lines.length === 0 ? 'Nobody waits for a human.' : 'More: sapa handovers show|answer|close NUMBER');
  return true;
}

/** `sapa handovers show NUMBER`: the request with the last messages; false when there is none. */
export async function showOne(records: Records, number: string, print: Print): Promise<boolean> {
  const text = await showHandover(viewer(), records, numberOf(number));
  print(text ?? noRequest(number));
  return text !== null;
}

/** `sapa handovers answer NUMBER TEXT`: writes to the member; false when there is no such request. */
export async function answer(records: Records, number: string, text: string, print: Print): Promise<boolean> {
  const done = await answerHandover(viewer(), records, numberOf(number), text);
  print(
    done ? `The answer is on its way. When all is said: sapa handovers close ${number}` : noRequest(number),
  );
  return done;
}

/** `sapa handovers close NUMBER`: false when there is no such request. */
export async function close(records: Records, number: string, print: Print): Promise<boolean> {
  const done = await closeHandover(viewer(), records, numberOf(number));
  print(done ? `Request ${number} is closed.` : noRequest(number));
  return done;
}

function noRequest(number: string): string {
  return `There is no open request ${number}. See: sapa handovers`;
}

/** `sapa handovers parked`: messages whose turn failed three times. */
export async function parked(records: Records, print: Print): Promise<boolean> {
  const lines = await listParked(viewer(), records);
  for (const { id, receivedAt, contactId, attempts, code } of lines)
    print(`${id}  ${receivedAt.toISOString()}  contact ${contactId}  ${attempts} attempts  ${code}`);
  print(
    lines.length === 0
      ? 'No message is put aside.'
      : 'More: sapa why CONTACT; sapa handovers parked retry|discard ID',
  );
  return true;
}

/** `sapa handovers parked retry ID`: false when it is not parked, or erased. */
export async function retry(records: Records, id: string, print: Print): Promise<boolean> {
  const done = isId(id) && (await retryParked(viewer(), records, id));
  print(done ? 'It is tried again as soon as the bot runs.' : notParked(id));
  return done;
}

/** `sapa handovers parked discard ID`: false when it is not parked, or erased. */
export async function discard(records: Records, id: string, print: Print): Promise<boolean> {
  const done = isId(id) && (await discardParked(viewer(), records, id));
  print(done ? 'It is put away.' : notParked(id));
  return done;
}

function notParked(id: string): string {
  return `There is no message ${id} put aside. See: sapa handovers parked`;
}

function isId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}
