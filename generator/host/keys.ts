import {
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
  type RSAKeyPairOptions,
} from 'node:crypto';
import type { KeyAlgorithm } from '../cluster/cluster.ts';
import type { KeyMaker, KeyPair, Signer } from '../secrets/issue.ts';
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

interface Curve {
  readonly namedCurve: string;
  /** SubjectPublicKeyInfo (RFC 5480), up to the coordinates of the point. */
  readonly publicPrefix: Buffer;
  /** PKCS#8 around ECPrivateKey (RFC 5915): up to the private number, and from there to the coordinates. */
  readonly privatePrefix: Buffer;
  readonly privateMiddle: Buffer;
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

const CURVES: Readonly<Record<'ecdsa-p256' | 'ecdsa-p384', Curve>> = {
  'ecdsa-p256': {
    namedCurve: 'P-256',
    publicPrefix: hex('3059 3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107 0342 0004'),
    privatePrefix: hex('308187 020100 3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107 046d 306b 020101 0420'),
    privateMiddle: hex('a144 0342 0004'),
  },
  'ecdsa-p384': {
    namedCurve: 'P-384',
    publicPrefix: hex('3076 3010 0607 2a8648ce3d0201 0605 2b81040022 0362 0004'),
    privatePrefix: hex('3081b6 020100 3010 0607 2a8648ce3d0201 0605 2b81040022 04819e 30819b 020101 0430'),
    privateMiddle: hex('a164 0362 0004'),
  },
};

/**
 * OpenSSL 3 takes three times as long to encode an EC key as to make it, under a lock that threads wait for; as JWK its
 * numbers come out at once, and all that stands around them is fixed.
 */
function makeEcKeyPair({ namedCurve, publicPrefix, privatePrefix, privateMiddle }: Curve): KeyPair {
  const { d = '', x = '', y = '' } = generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const number = Buffer.from(d, 'base64url');
  return {
    privateKey: pem('PRIVATE KEY', Buffer.concat([privatePrefix, number, privateMiddle, point])),
    publicKey: Buffer.concat([publicPrefix, point]),
  };
}
