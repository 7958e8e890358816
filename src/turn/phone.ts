import type { Vault } from '../store/crypto.js';
import type { Statement } from '../store/statement.js';
import { keepPhone, type SealedPhone } from '../store/turns.js';
import type { Turn, TurnOptions } from './options.js';

/** The number behind a message: some channels prove it with each, others once, when the person shares it. */
export function phoneOf({ item, known }: Turn): string | null {
  return item.message.phone ?? known.phone;
}

/** A number as it is kept. */
export function sealedPhone(vault: Vault, phone: string): SealedPhone {
  return { sealed: vault.seal(phone), index: vault.index('phone', phone) };
}

/** What a message that proves a number changes of what is remembered. */
interface Proof {
  readonly phone: string;
  readonly readAt: Date;
}

/** A number that was not proved before; roles hang on it, so what is remembered of them is out of date at once. */
export function newProof({ item, known }: Turn): Proof | null {
  const { phone } = item.message;
  return phone === null || phone === known.phone ? null : { phone, readAt: new Date(0) };
}

/** Writes a new proof down. */
export function proved(
  { vault }: Pick<TurnOptions, 'vault'>,
  { known }: Turn,
  proof: Proof | null,
): readonly Statement[] {
  return proof === null ? [] : [keepPhone(known.addressId, sealedPhone(vault, proof.phone))];
}
