import {
  createECDH,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
  type RSAKeyPairOptions,
} from 'node:crypto';
import type { KeyAlgorithm } from '../cluster/cluster.ts';
import type { KeyMaker, KeyPair, Signer } from '../secrets/issue.ts';
import { CURVES, type Curve } from '../secrets/elliptic.ts';
import { pem } from '../secrets/x509.ts';

const publicKeyEncoding = { type: 'spki', format: 'der' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

/** Keys are few and signatures many: each private key is read once. */
const privateKeys = new Map<string, KeyObject>();

/** Keys, random numbers and signatures by the runtime's OpenSSL. */
export const keys: KeyMaker & Signer = {
  makeKeyPair: (algorithm) => {
    if (algorithm === 'ecdsa-p256' || algorithm === 'ecdsa-p384') return makeEcKeyPair(CURVES[algorithm]);
    const made = generateKeyPairSync('rsa', rsaOptions(algorithm));
    return { privateKey: made.privateKey.trimEnd(), publicKey: made.publicKey };
  },
  randomBytes,
  sign: (data, privateKey, algorithm) => {
    const key = privateKeys.get(privateKey) ?? createPrivateKey(privateKey);
    privateKeys.set(privateKey, key);
    return sign(algorithm === 'ecdsa-p384' ? 'sha384' : 'sha256', data, { key, dsaEncoding: 'der' });
  },
};

/** How an RSA key pair is asked of the runtime: "rsa-2048" has 2048 bits. */
export function rsaOptions(algorithm: KeyAlgorithm): RSAKeyPairOptions<'der', 'pem'> {
  return { modulusLength: Number(algorithm.slice('rsa-'.length)), publicKeyEncoding, privateKeyEncoding };
}

/**
 * A key is made in 20 µs; OpenSSL 3's encoders then take ten times as long, and what they write is the numbers within
 * fixed octets. Exporting a KeyObject as JWK is quick, too, but deadlocks now and then in Node 20.20.2.
 */
function makeEcKeyPair({ name, size, publicPrefix, privatePrefix, privateMiddle }: Curve): KeyPair {
  const made = createECDH(name);
  const point = made.generateKeys();
  const number = made.getPrivateKey();
  const zeros = Buffer.alloc(size - number.length);
  return {
    privateKey: pem('PRIVATE KEY', Buffer.concat([privatePrefix, zeros, number, privateMiddle, point])),
    publicKey: Buffer.concat([publicPrefix, point]),
  };
}
