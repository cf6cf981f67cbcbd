import type { KeyAlgorithm } from '../cluster/cluster.ts';
import { certificatePem, issuerNameOf, pem, toBeSigned, type IssuerName, type Subject } from './x509.ts';

/** A new key pair: PKCS#8 PEM without a line feed at its end, and SubjectPublicKeyInfo as DER. */
export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: Uint8Array;
}

/** Makes keys and random numbers; the pure core is given one. */
export interface KeyMaker {
  readonly makeKeyPair: (algorithm: KeyAlgorithm) => KeyPair;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** Signs with a private key (PEM): SHA-256, or SHA-384 for P-384; ECDSA's signature is DER. */
export interface Signer {
  readonly sign: (data: Uint8Array, privateKey: string, algorithm: KeyAlgorithm) => Uint8Array;
}

/** A CA as it signs: its certificate and private key, both PEM. */
export interface Issuer {
  readonly cert: string;
  readonly key: string;
  readonly algorithm: KeyAlgorithm;
}

/** One certificate to be issued with a new key of its own. Plain data: it travels to worker threads. */
export interface CertificateRequest {
  readonly subject: Subject;
  readonly algorithm: KeyAlgorithm;
  /** Undefined: a CA that signs itself. */
  readonly issuer: Issuer | undefined;
  readonly usages: readonly ('server' | 'client')[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate and its private key, PEM without a line feed at the end. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** Octets of a serial number: 127 random bits, so that no two are ever equal (RFC 5280 allows 20 octets). */
export const SERIAL_OCTETS = 16;

/** Issuers are few and certificates many: each issuer's certificate is read once. */
const issuerNames = new WeakMap<Issuer, IssuerName>();

/** Makes the key and issues the certificate. */
export function issue(request: CertificateRequest, { makeKeyPair, randomBytes, sign }: KeyMaker & Signer): Issued {
  const { issuer, algorithm } = request;
  const { privateKey, publicKey } = makeKeyPair(algorithm);
  const issuerAlgorithm = issuer?.algorithm ?? algorithm;
  const tbs = toBeSigned({
    ...request,
    ca: issuer === undefined,
    serial: serial(randomBytes(SERIAL_OCTETS)),
    publicKey,
    issuer: issuer === undefined ? undefined : nameOf(issuer),
    issuerAlgorithm,
  });
  const signature = sign(tbs, issuer?.key ?? privateKey, issuerAlgorithm);
  return { cert: certificatePem(tbs, issuerAlgorithm, signature), key: privateKey };
}

/** A public key as PEM. */
export function publicKeyPem(publicKey: Uint8Array): string {
  return pem('PUBLIC KEY', publicKey);
}

/** Positive, and with no zero octet in front, which DER would not allow. */
function serial(random: Uint8Array): Uint8Array {
  return random.map((octet, index) => (index === 0 ? (octet & 0x3f) | 0x40 : octet));
}

function nameOf(issuer: Issuer): IssuerName {
  const known = issuerNames.get(issuer) ?? issuerNameOf(issuer.cert);
  issuerNames.set(issuer, known);
  return known;
}
