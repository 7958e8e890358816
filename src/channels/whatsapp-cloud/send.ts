import { type ApprovedText, approvedFor, type FilledText } from '../../flow/approved.js';
import {
  type Accepted,
  type Acquaintance,
  ChannelError,
  type ChannelFault,
  type Parcel,
  type ParcelFile,
} from '../contract.js';
import type { Allowance } from '../contract-allowance.js';
import { later } from '../contract-wire.js';
import type { CloudApi } from './api.js';
import { CloudError, type Failure } from './failure.js';
import { faultOf, uploadFaultOf, windowClosed } from './faults.js';
import { idOf, recipientOf } from './ids.js';
import { freeForm, templated, withFile } from './message.js';

/** What sending needs. */
export interface Sending {
  readonly api: Pick<CloudApi, 'send' | 'upload'>;
  readonly allowance: Allowance;
  /** What may be said to who has not written for a day. */
  readonly approved: readonly ApprovedText[];
  readonly now: () => Date;
  /** Told why the provider lets the account send nothing any more. */
  readonly onStopped: (code: string) => void;
}

/** For so long after a person wrote may they be written to freely; a minute is kept for the way. */
const windowMs = (24 * 60 - 1) * 60_000;

/** Sends a message once: what becomes of one that may have arrived is not for the channel to decide. */
export async function send(sending: Sending, parcel: Parcel, signal: AbortSignal): Promise<Accepted> {
  const { allowance, now } = sending;
  if (signal.aborted) throw fault({ kind: 'throttled', until: now(), code: 'aborted' });
  const until = allowance.take(parcel.address, now());
  if (until !== null) throw fault({ kind: 'throttled', until, code: 'pair-rate', waits: 'address' });
  return { providerId: idOf(await sendOnce(sending, parcel, signal)) };
}

async function sendOnce(sending: Sending, parcel: Parcel, signal: AbortSignal): Promise<string> {
  if (!isOpen(parcel.acquaintance, sending.now())) return sendApproved(sending, parcel, signal);
  const message = await contentOf(sending, parcel, signal);
  try {
    return await post(sending, parcel, message, signal);
  } catch (error) {
    // Refused for certain, so nothing is out: the provider knows better than we when the person last wrote.
    if (error instanceof CloudError && isWindowClosed(error.failure))
      return sendApproved(sending, parcel, signal);
    throw failed(sending, parcel, error);
  }
}

async function contentOf(sending: Sending, parcel: Parcel, signal: AbortSignal): Promise<object> {
  const { message, file } = parcel;
  if (file === undefined) return freeForm(message);
  return withFile(file, await leave(sending, parcel, file, signal), message.text);
}

/** Leaves a file with Meta, once more where the first try was lost: nobody sees a file that no message follows. */
async function leave(
  sending: Sending,
  parcel: Parcel,
  file: ParcelFile,
  signal: AbortSignal,
): Promise<string> {
  const { api, now } = sending;
  const once = () => api.upload(file, signal);
  return once()
    .catch((error: unknown) => {
      if (!isLost(error, now())) throw error;
      return once();
    })
    .catch((error: unknown) => {
      throw failed(sending, parcel, error, uploadFaultOf);
    });
}

function isLost(error: unknown, now: Date): boolean {
  return error instanceof CloudError && faultOf(error.failure, now).kind === 'ambiguous';
}

async function sendApproved(sending: Sending, parcel: Parcel, signal: AbortSignal): Promise<string> {
  // No template of ours has a place for a file.
  const text = parcel.file === undefined ? approvedFor(parcel.message, sending.approved) : null;
  if (text === null) throw fault({ kind: 'permanent', code: 'window-closed' });
  if (isRefused(text, parcel.acquaintance)) throw fault({ kind: 'unwanted', code: 'no-marketing' });
  try {
    return await post(sending, parcel, templated(text), signal);
  } catch (error) {
    throw failed(sending, parcel, error);
  }
}

/** Where nothing is known of the person, the provider is to judge. */
function isOpen(acquaintance: Acquaintance | undefined, now: Date): boolean {
  if (acquaintance === undefined) return true;
  const { heardAt } = acquaintance;
  return heardAt !== null && now < later(heardAt, windowMs);
}

function isRefused({ category }: FilledText, acquaintance: Acquaintance | undefined): boolean {
  return category === 'marketing' && acquaintance?.takesMarketing === false;
}

function isWindowClosed(failure: Failure): boolean {
  return failure.kind === 'refused' && failure.number === windowClosed;
}

function post(
  { api }: Sending,
  { id, address }: Parcel,
  message: object,
  signal: AbortSignal,
): Promise<string> {
  const head = { messaging_product: 'whatsapp', recipient_type: 'individual', ...recipientOf(address) };
  // What becomes of the message is told with our own id of it: so a row of which nobody knows is found again.
  return api.send({ ...head, ...message, biz_opaque_callback_data: id }, signal);
}

function failed(
  { allowance, now, onStopped }: Sending,
  { address }: Parcel,
  error: unknown,
  meaning = faultOf,
): ChannelError {
  if (!(error instanceof CloudError)) return fault({ kind: 'ambiguous', code: 'unexpected' });
  const what = meaning(error.failure, now());
  if (what.kind !== 'ambiguous') allowance.giveBack(address);
  if (what.kind === 'stopped') onStopped(what.code);
  if (what.kind === 'throttled' && what.waits === 'address') allowance.exhaust(address, now());
  return fault(what);
}

function fault(what: ChannelFault): ChannelError {
  return new ChannelError('whatsapp-cloud', what);
}
