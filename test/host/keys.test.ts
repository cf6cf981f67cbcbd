import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { keys } from '../../generator/host/keys.ts';

test.each([
  ['ecdsa-p256', 2000],
  ['ecdsa-p384', 1000],
  ['rsa-2048', 1],
] as const)('a key pair of %s is written as the runtime writes it', (algorithm, count) => {
  for (let i = 0; i < count; i++) {
    const { privateKey, publicKey } = keys.makeKeyPair(algorithm);
    const read = createPrivateKey(privateKey);
    expect(read.export({ type: 'pkcs8', format: 'pem' })).toBe(`${privateKey}\n`);
    expect(createPublicKey(read).export({ type: 'spki', format: 'der' }).equals(publicKey)).toBe(true);
  }
});
