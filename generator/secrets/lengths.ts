import type { KeyAlgorithm } from '../cluster/cluster.ts';
import { valueId } from './ensure.ts';
import { holeId, type Hole } from './holes.ts';
import { SERIAL_OCTETS } from './issue.ts';
import type { CaSpec, CertificateSpec, SecretsSpec } from './specs.ts';
import { certificatePem, nameOf, pem, toBeSigned } from './x509.ts';

/**
 * For each hole, the characters of the longest text that can ever fill it; undefined for a hole that nothing fills.
 * Payloads are sized with it before any key exists. It holds for keys of the algorithms in `spec`; while a CA changes to a
 * smaller algorithm the old one may be longer, so exact sizes are compared once more when a payload is sealed.
 */
export function maxLengthOf(spec: SecretsSpec): (hole: Hole) => number | undefined {
  const cas = new Map(spec.cas.map((ca) => [ca.id as string, ca]));
  const leaves = new Map(spec.certificates.map((leaf) => [leaf.id, leaf]));
  const keyPairs = new Map(spec.keyPairs.map((pair) => [pair.id as string, pair]));
  const values = new Map(spec.values.map((value) => [valueId(value), value.maxLength]));
  const certificateLength = lengthsByShape();
  return (hole) => {
    const { name, part } = hole;
    const ca = cas.get(name);
    if (ca !== undefined && part === 'cert') return certificateLength(ca);
    if (ca !== undefined && part === 'bundle') return twice(certificateLength(ca));
    const keyPair = keyPairs.get(name);
    if (keyPair !== undefined && part === 'public')
      return twice(pemLength('PUBLIC KEY', publicKeyOctets(keyPair.algorithm)));
    const leaf = leaves.get(name);
    const issuer = leaf === undefined ? undefined : cas.get(leaf.ca);
    if (issuer !== undefined && part === 'cert') return certificateLength(issuer, leaf);
    const holder = leaf ?? keyPair;
    if (holder !== undefined && part === 'key') return pemLength('PRIVATE KEY', privateKeyOctets(holder.algorithm));
    return values.get(holeId(hole));
  };
}

/** Two PEMs with a line feed between them: at most two CAs or keys are trusted at a time. */
function twice(length: number): number {
  return 2 * length + 1;
}

/** Thousands of leaves differ in names of equal length only: each shape is measured once. */
function lengthsByShape(): (ca: CaSpec, leaf?: CertificateSpec) => number {
  const known = new Map<string, number>();
  return (ca, leaf) => {
    const lengths = [
      ca.commonName,
      leaf?.commonName ?? '',
      ...(leaf?.organizations ?? []),
      '',
      ...(leaf?.dnsNames ?? []),
    ];
    const shape = JSON.stringify([
      ca.algorithm,
      leaf?.algorithm,
      leaf?.usages,
      lengths.map((text) => text.length),
      leaf?.ipAddresses.map((address) => address.includes(':')),
    ]);
    const length = known.get(shape) ?? longestCertificate(ca, leaf).length;
    known.set(shape, length);
    return length;
  };
}

/** A certificate at its longest: with the longer of the two forms of time, and zeros for all that has a fixed length. */
function longestCertificate(ca: CaSpec, leaf?: CertificateSpec): string {
  const algorithm = leaf?.algorithm ?? ca.algorithm;
  const year2050 = new Date(Date.UTC(2050, 0));
  const tbs = toBeSigned({
    serial: new Uint8Array(SERIAL_OCTETS).fill(1),
    subject: { commonName: (leaf ?? ca).commonName, organizations: leaf?.organizations ?? [] },
    issuer: { name: nameOf({ commonName: ca.commonName, organizations: [] }), keyId: new Uint8Array(20) },
    publicKey: new Uint8Array(publicKeyOctets(algorithm)),
    algorithm,
    issuerAlgorithm: ca.algorithm,
    notBefore: year2050,
    notAfter: year2050,
    ca: leaf === undefined,
    usages: leaf?.usages ?? [],
    dnsNames: leaf?.dnsNames ?? [],
    ipAddresses: leaf?.ipAddresses ?? [],
  });
  return certificatePem(tbs, ca.algorithm, new Uint8Array(signatureOctets(ca.algorithm)));
}

function pemLength(label: string, octets: number): number {
  return pem(label, new Uint8Array(octets)).length;
}

/** ECDSA: a sequence of two integers, each up to one octet longer than the curve's order (RFC 3279, 2.2.3). */
function signatureOctets(algorithm: KeyAlgorithm): number {
  const size = fieldOctets(algorithm);
  return size === undefined ? modulusOctets(algorithm) : sequence(2 * integer(size + 1));
}

/** SubjectPublicKeyInfo: uncompressed points (RFC 5480) or modulus and exponent 65537 (RFC 8017, A.1.1). */
function publicKeyOctets(algorithm: KeyAlgorithm): number {
  const size = fieldOctets(algorithm);
  const identifier = sequence(size === undefined ? RSA_IDENTIFIER : EC_IDENTIFIER);
  const key = size === undefined ? sequence(integer(modulusOctets(algorithm) + 1) + integer(3)) : 1 + 2 * size;
  return sequence(identifier + value(1 + key));
}

/** PKCS#8 around ECPrivateKey without its public key (short-key.ts), or RSAPrivateKey (RFC 8017, A.1.2). */
function privateKeyOctets(algorithm: KeyAlgorithm): number {
  const size = fieldOctets(algorithm);
  const identifier = sequence(size === undefined ? RSA_IDENTIFIER : EC_IDENTIFIER);
  const modulus = modulusOctets(algorithm);
  const key =
    size === undefined
      ? integer(1) + 2 * integer(modulus + 1) + integer(3) + 5 * integer(modulus / 2 + 1)
      : integer(1) + value(size);
  return sequence(integer(1) + identifier + value(sequence(key)));
}

/** Octets within an AlgorithmIdentifier: id-ecPublicKey with its curve (P-384's identifier is the shorter one), rsaEncryption with NULL. */
const EC_IDENTIFIER = 9 + 10;
const RSA_IDENTIFIER = 11 + 2;

/** Octets of a coordinate; undefined for RSA. */
function fieldOctets(algorithm: KeyAlgorithm): number | undefined {
  return { 'ecdsa-p256': 32, 'ecdsa-p384': 48 }[algorithm as string];
}

function modulusOctets(algorithm: KeyAlgorithm): number {
  return Number(algorithm.split('-')[1]) / 8;
}

const [integer, sequence] = [value, value];

/** Octets of a DER value with this many octets of content. */
function value(content: number): number {
  return 1 + (content < 0x80 ? 1 : content < 0x100 ? 2 : 3) + content;
}
