import type { Fetched } from '../contract.js';
import { readUpTo } from '../contract-bytes.js';
import type { TelegramApi } from './api.js';
import { TelegramError } from './failure.js';

/** A download that has not ended after this long is given up and tried again later, in milliseconds. */
const patienceMs = 60_000;

/** Gets a file a person sent; rejects when it may be there at the next try. */
export async function fetchFile(
  api: Pick<TelegramApi, 'getFile' | 'fileUrl'>,
  ref: string,
  limitBytes: number,
): Promise<Fetched> {
  const found = await whereIs(api, ref);
  if (typeof found === 'string') return found;
  if ((found.size ?? 0) > limitBytes) return 'too-large';
  return download(api.fileUrl(found.path), limitBytes);
}

type Place = { readonly path: string; readonly size: number | null };

async function whereIs(
  api: Pick<TelegramApi, 'getFile'>,
  ref: string,
): Promise<Place | 'too-large' | 'gone'> {
  try {
    const { file_path: path, file_size: size = null } = await api.getFile(ref);
    return path === undefined ? 'too-large' : { path, size };
  } catch (error) {
    const code = error instanceof TelegramError ? error.failure.code : null;
    if (code === 'file-too-large') return 'too-large';
    if (code === 'no-such-file') return 'gone';
    throw error;
  }
}

/** The address holds the token: nothing of an error that may quote it is passed on. */
async function download(url: string, limitBytes: number): Promise<Fetched> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch(lost);
  if (answer.status === 404) return 'gone';
  if (!answer.ok || answer.body === null) throw lostAt(`http-${answer.status}`);
  try {
    return (await readUpTo(answer.body, limitBytes)) ?? 'too-large';
  } catch {
    return lost();
  }
}

function lost(): never {
  throw lostAt('network');
}

function lostAt(code: string): TelegramError {
  return new TelegramError('download', { kind: 'lost', code });
}
