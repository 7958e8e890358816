import { randomBytes } from 'node:crypto';
import { aesEncryptGCM, type BinaryNode, hkdf, proto } from '@whiskeysockets/baileys';
import type { MediaHost } from './media.js';
import { at, node } from './nodes.js';
import { mediaOf } from './sealed-media.js';

/** What is asked for again. */
export interface Missing {
  /** The receipt by which the client asks. */
  readonly request: BinaryNode;
  /** The message whose file it does not find. */
  readonly message: proto.IMessage;
  /** The account's own phone, which answers. */
  readonly from: string;
}

/** Puts the file of a message back, and says where it is. */
export function reuploaded(host: MediaHost, { request, message, from }: Missing): BinaryNode {
  const { id = '' } = request.attrs;
  const mediaKey = mediaOf(message)?.media.mediaKey ?? Buffer.alloc(0);
  const directPath = host.restore(message);
  const { SUCCESS, NOT_FOUND } = proto.MediaRetryNotification.ResultType;
  const result = directPath === null ? NOT_FOUND : SUCCESS;
  const said = proto.MediaRetryNotification.encode({
    stanzaId: id,
    result,
    ...(directPath && { directPath }),
  });
  const [key, iv] = [hkdf(mediaKey, 32, { info: 'WhatsApp Media Retry Notification' }), randomBytes(12)];
  const sealed = aesEncryptGCM(said.finish(), key, iv, Buffer.from(id));
  const about = at(request, 'rmr') ?? node('rmr');
  return node('notification', { id, from, type: 'mediaretry' }, [
    about,
    node('encrypt', {}, [node('enc_p', {}, sealed), node('enc_iv', {}, iv)]),
  ]);
}
