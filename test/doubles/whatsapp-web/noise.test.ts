import { createPublicKey, verify } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { expect, it } from 'vitest';
import { createIdentity } from './noise.js';

const prime = 2n ** 255n - 19n;

it('shows a chain in which each key vouches for the next', () => {
  const { root, own, chain } = createIdentity();
  const { leaf, intermediate } = proto.CertChain.decode(chain);
  const middle = detailsOf(intermediate);
  expect(isSigned(intermediate, root.public)).toBe(true);
  expect(middle).toMatchObject({ serial: 1, issuerSerial: 0 });
  expect(isSigned(leaf, middle.key)).toBe(true);
  expect(Buffer.from(detailsOf(leaf).key).equals(own.public)).toBe(true);
  expect(isSigned(leaf, root.public)).toBe(false);
});

function detailsOf(certificate: proto.CertChain.INoiseCertificate | null | undefined) {
  const details = proto.CertChain.NoiseCertificate.Details.decode(certificate?.details ?? Buffer.alloc(0));
  return { ...details, key: details.key ?? Buffer.alloc(0) };
}

/** Looks at a signature without the client library: of Curve25519, as one of Ed25519. */
function isSigned(
  certificate: proto.CertChain.INoiseCertificate | null | undefined,
  key: Uint8Array,
): boolean {
  const signature = Buffer.from(certificate?.signature ?? Buffer.alloc(64));
  const last = signature[63] ?? 0;
  signature[63] = last & 0x7f;
  const point = edwards(key);
  point[31] = (point[31] ?? 0) | (last & 0x80);
  const x = point.toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, certificate?.details ?? Buffer.alloc(0), publicKey, signature);
}

/** The same point in the other form of the curve: y = (u - 1) / (u + 1). */
function edwards(key: Uint8Array): Buffer {
  const u = BigInt(`0x${Buffer.from(key).reverse().toString('hex')}`);
  const y = ((u - 1n + prime) * power(u + 1n, prime - 2n)) % prime;
  return Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse();
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % prime;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}
