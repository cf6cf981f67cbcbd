import { pem } from './x509.ts';

/** The octets around an elliptic key's numbers; they are the same in every key of the curve. */
export interface Curve {
  /** OpenSSL's name. */
  readonly name: string;
  /** Octets of a coordinate and of the private number. */
  readonly size: number;
  /** SubjectPublicKeyInfo (RFC 5480), up to the point. */
  readonly publicPrefix: Buffer;
  /** PKCS#8 around ECPrivateKey (RFC 5915): up to the private number, and from there to the point. */
  readonly privatePrefix: Buffer;
  readonly privateMiddle: Buffer;
  /** PKCS#8 around ECPrivateKey without the point, up to the private number, with which it ends. */
  readonly shortPrefix: Buffer;
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Curves by the algorithm whose keys lie on them. */
export const CURVES: Readonly<Record<'ecdsa-p256' | 'ecdsa-p384', Curve>> = {
  'ecdsa-p256': {
    name: 'prime256v1',
    size: 32,
    publicPrefix: hex('3059 3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107 0342 00'),
    privatePrefix: hex('308187 020100 3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107 046d 306b 020101 0420'),
    privateMiddle: hex('a144 0342 00'),
    shortPrefix: hex('3041 020100 3013 0607 2a8648ce3d0201 0608 2a8648ce3d030107 0427 3025 020101 0420'),
  },
  'ecdsa-p384': {
    name: 'secp384r1',
    size: 48,
    publicPrefix: hex('3076 3010 0607 2a8648ce3d0201 0605 2b81040022 0362 00'),
    privatePrefix: hex('3081b6 020100 3010 0607 2a8648ce3d0201 0605 2b81040022 04819e 30819b 020101 0430'),
    privateMiddle: hex('a164 0362 00'),
    shortPrefix: hex('304e 020100 3010 0607 2a8648ce3d0201 0605 2b81040022 0437 3035 020101 0430'),
  },
};

/**
 * A private key as nodes get it: an elliptic one without its public key, which is optional (RFC 5915, 3). It follows from
 * the private number and stands in the certificate, too, and nothing makes its random octets smaller in a payload.
 */
export function shortKey(key: string): string {
  const der = Buffer.from(key.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  const curve = Object.values(CURVES).find(({ privatePrefix }) =>
    der.subarray(0, privatePrefix.length).equals(privatePrefix),
  );
  if (curve === undefined) return key;
  const start = curve.privatePrefix.length;
  return pem('PRIVATE KEY', Buffer.concat([curve.shortPrefix, der.subarray(start, start + curve.size)]));
}
