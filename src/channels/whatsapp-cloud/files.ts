import type { Fetched } from '../contract.js';
import { readUpTo } from '../contract-bytes.js';
import type { CloudApi } from './api.js';
import { CloudError, failureOf } from './failure.js';

/** Gets a file a person sent: asks where it is, then takes it from there. Rejects when it may be there at the next try. */
export async function fetchFile(
  api: Pick<CloudApi, 'placeOf' | 'download'>,
  ref: string,
  limitBytes: number,
): Promise<Fetched> {
  try {
    const { url, size } = await api.placeOf(ref);
    return size > limitBytes ? 'too-large' : await bytesOf(await api.download(url), limitBytes);
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}

async function bytesOf(body: AsyncIterable<Uint8Array> | null, limitBytes: number): Promise<Fetched> {
  try {
    return (await readUpTo(body, limitBytes)) ?? 'too-large';
  } catch (error) {
    throw new CloudError('download', failureOf(error));
  }
}

/** The number of an object that does not exist, or not for us; files are kept for 30 days. */
const noSuchObject = 100;

function isGone(error: unknown): boolean {
  if (!(error instanceof CloudError) || error.failure.kind !== 'refused') return false;
  return error.failure.status === 404 || error.failure.number === noSuchObject;
}
