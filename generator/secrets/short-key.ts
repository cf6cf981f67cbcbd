import { pem } from './x509.ts';

/** PKCS#8 around ECPrivateKey with and without its public key: what stands before the private number, and its octets. */
const CURVES = [
  {
    size: 32,
    long: '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
    short: '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
  },
  {
    size: 48,
    long: '3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430',
    short: '304e020100301006072a8648ce3d020106052b81040022043730350201010430',
  },
];

/**
 * A private key as nodes get it: an elliptic one without its public key, which is optional (RFC 5915, 3). It follows from
 * the private number and stands in the certificate, too, and nothing makes its random bytes smaller in a payload.
 */
export function shortKey(key: string): string {
  const der = Buffer.from(key.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  const curve = CURVES.find(({ long }) => der.toString('hex', 0, long.length / 2) === long);
  if (curve === undefined) return key;
  const start = curve.long.length / 2;
  const number = der.subarray(start, start + curve.size);
  return pem('PRIVATE KEY', Buffer.concat([Buffer.from(curve.short, 'hex'), number]));
}
