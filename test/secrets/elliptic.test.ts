import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keys } from '../../generator/host/keys.ts';
import { shortKey } from '../../generator/secrets/elliptic.ts';

describe('a private key for a node', () => {
  test.each(['ecdsa-p256', 'ecdsa-p384'] as const)('of %s is shorter, and the same key', (algorithm) => {
    const { privateKey, publicKey } = keys.makeKeyPair(algorithm);
    const short = shortKey(privateKey);
    expect(short.length).toBeLessThan(privateKey.length * 0.7);
    const made = createPublicKey(createPrivateKey(short)).export({ type: 'spki', format: 'der' });
    expect(made).toEqual(Buffer.from(publicKey));
    expect(shortKey(short)).toBe(short);
  });

  test('of RSA stays as it is', () => {
    const { privateKey } = keys.makeKeyPair('rsa-2048');
    expect(shortKey(privateKey)).toBe(privateKey);
  });
});
