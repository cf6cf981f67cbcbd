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
  /** OpenSSL's name. */
  readonly name: string;
  /** Octets of a coordinate and of the private number. */
  readonly size: number;
  /** SubjectPublicKeyInfo (RFC 5480), up to the point. */
  readonly publicPrefix: Buffer;
  /** PKCS#8 around ECPrivateKey (RFC 5915): up to the private number, and from there to the point. */
  readonly privatePrefix: Buffer;
  readonly privateMiddle: Buffer;
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

const CURVES: Readonly<Record<'ecdsa-p256' | 'ecdsa-p384', Curve>> = {
  'ecdsa-p256': {
    name: 'prime256v1',
    size: 32,
    publicPrefix: hex('3059 3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107 0342 00'),
    privatePrefix: hex('308187 020100 3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107 046d 306b 020101 0420'),
    privateMiddle: hex('a144 0342 00'),
  },
  'ecdsa-p384': {
    name: 'secp384r1',
    size: 48,
    publicPrefix: hex('3076 3010 0607 2a8648ce3d0201 0605 2b81040022 0362 00'),
    privatePrefix: hex('3081b6 020100 3010 0607 2a8648ce3d0201 0605 2b81040022 04819e 30819b 020101 0430'),
    privateMiddle: hex('a164 0362 00'),
  },
};

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
