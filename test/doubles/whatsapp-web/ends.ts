import type { BinaryNode } from '@whiskeysockets/baileys';
import { node } from './nodes.js';

/** How a stream can end; each is a code the client understands. */
export type End = 401 | 403 | 405 | 411 | 440 | 500 | 503 | 515;

/** What the server says before it closes the stream. */
export function endOf(code: number): BinaryNode {
  switch (code) {
    case 401:
      return node('stream:error', { code: '401' }, [node('conflict', { type: 'device_removed' })]);
    case 440:
      return node('stream:error', {}, [node('conflict', { type: 'replaced' })]);
    case 411:
      return node('ib', {}, [node('downgrade_webclient')]);
    case 403:
    case 405:
      return refusalOf(code);
    default:
      return node('stream:error', { code: String(code) });
  }
}

/** What the server says instead of letting a client in. */
export function refusalOf(code: number): BinaryNode {
  if (code === 411) return endOf(code);
  return node('failure', { reason: String(code), location: 'lla' });
}
