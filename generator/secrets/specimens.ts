import { createHash } from 'node:crypto';
import { memo } from '../base/memo.ts';
import type { KeyAlgorithm } from '../cluster/cluster.ts';
import { CURVES, type Curve } from './elliptic.ts';
import { valueId } from './ensure.ts';
import { holeId, inBase64, type Hole } from './holes.ts';
import { SERIAL_OCTETS } from './issue.ts';
import type { CaSpec, CertificateSpec, SecretsSpec } from './specs.ts';
import { certificatePem, nameOf, pem, toBeSigned } from './x509.ts';

/**
 * For each hole, a text as long as the longest that can ever fill it and as hard to compress; undefined for a hole that
 * nothing fills. Payloads are sized with it before any key exists. What is random in a certificate is another text for
 * every hole, always the same one, and the rest is what a real one says. It holds for keys of the algorithms in `spec`;
 * while a CA changes to a smaller algorithm the old one may be longer, so exact sizes are compared once more when a payload
 * is sealed.
 */
export function specimensOf(spec: SecretsSpec): (hole: Hole) => string | undefined {
  const cas = new Map(spec.cas.map((ca) => [ca.id as string, ca]));
  const leaves = new Map(spec.certificates.map((leaf) => [leaf.id, leaf]));
  const keyPairs = new Map(spec.keyPairs.map((pair) => [pair.id as string, pair]));
  const values = new Map(spec.values.map((value) => [valueId(value), value.maxLength]));
  const certificate = certificates();
  return inBase64((hole) => {
    const { name, part } = hole;
    const id = holeId(hole);
    const ca = cas.get(name);
    if (ca !== undefined && part === 'cert') return certificate(name, ca);
    if (ca !== undefined && part === 'bundle') return twice((which) => certificate(which, ca), name);
    const keyPair = keyPairs.get(name);
    if (keyPair !== undefined && part === 'public')
      return twice(
        (which) =>
          pem(
            'PUBLIC KEY',
            publicKey(keyPair.algorithm, (count) => random(which, count)),
          ),
        name,
      );
    const leaf = leaves.get(name);
    const issuer = leaf === undefined ? undefined : cas.get(leaf.ca);
    if (issuer !== undefined && part === 'cert') return certificate(name, issuer, leaf);
    const holder = leaf ?? keyPair ?? (spec.caKeys?.some((each) => each === name) === true ? ca : undefined);
    if (holder !== undefined && part === 'key') return pem('PRIVATE KEY', privateKey(holder.algorithm, id));
    const length = values.get(id);
    return length === undefined ? undefined : random(id, length).toString('base64').slice(0, length);
  });
}

/** Two PEMs with a line feed between them: at most two CAs or keys are trusted at a time. */
function twice(make: (which: string) => string, name: string): string {
  return `${make(name)}\n${make(`${name} before`)}`;
}

/** Octets that look random, the same for the same seed. */
function random(seed: string, count: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(count / 64) }, (_, index) =>
    createHash('sha512')
      .update(`${seed} ${String(index)}`)
      .digest(),
  );
  return Buffer.concat(blocks).subarray(0, count);
}

/** A certificate's octets, and the places of those that are random. */
interface Template {
  readonly der: Buffer;
  readonly open: readonly number[];
}

/** Thousands of leaves differ in names of equal length only: each identity and shape is put together once. */
function certificates(): (name: string, ca: CaSpec, leaf?: CertificateSpec) => string {
  const known = new Map<string, Template>();
  return (name, ca, leaf) => {
    const lengths = [
      ca.commonName,
      leaf?.commonName ?? '',
      ...(leaf?.organizations ?? []),
      '',
      ...(leaf?.dnsNames ?? []),
    ];
    const shape = JSON.stringify([
      ca.id,
      leaf?.node === undefined ? leaf?.id : leaf.id.slice(0, -leaf.node.length),
      lengths.map((text) => text.length),
      leaf?.ipAddresses.map((address) => address.includes(':')),
    ]);
    // Of a leaf, all but what no certificate says.
    const template =
      known.get(shape) ?? templateOf(JSON.stringify([ca, leaf && { ...leaf, id: '', node: undefined, purpose: '' }]));
    known.set(shape, template);
    const der = Buffer.from(template.der);
    random(name, template.open.length).forEach((octet, index) => (der[template.open[index] ?? 0] = octet));
    return pem('CERTIFICATE', der);
  };
}

/** What differs between two certificates of other random octets is what is random. Takes the JSON of a CA and of a leaf of it. */
const templateOf = memo((json: string): Template => {
  const [ca, leaf] = JSON.parse(json) as [CaSpec, CertificateSpec | null];
  const longest = (fill: number): Buffer => longestCertificate(ca, leaf ?? undefined, fill);
  const [der, other] = [longest(0x55), longest(0x66)];
  return { der, open: [...der.keys()].filter((index) => der[index] !== other[index]) };
});

/** A certificate at its longest: with the longer of the two forms of time. `fill` stands for everything that is random. */
function longestCertificate(ca: CaSpec, leaf: CertificateSpec | undefined, fill: number): Buffer {
  const algorithm = leaf?.algorithm ?? ca.algorithm;
  const year2050 = new Date(Date.UTC(2050, 0));
  const filled = (count: number): Buffer => Buffer.alloc(count, fill);
  const tbs = toBeSigned({
    serial: filled(SERIAL_OCTETS),
    subject: { commonName: (leaf ?? ca).commonName, organizations: leaf?.organizations ?? [] },
    // The same in every certificate of that CA.
    issuer: { name: nameOf({ commonName: ca.commonName, organizations: [] }), keyId: random(ca.id, 20) },
    publicKey: publicKey(algorithm, filled),
    algorithm,
    issuerAlgorithm: ca.algorithm,
    notBefore: year2050,
    notAfter: year2050,
    ca: leaf === undefined,
    usages: leaf?.usages ?? [],
    dnsNames: leaf?.dnsNames ?? [],
    ipAddresses: leaf?.ipAddresses ?? [],
  });
  const text = certificatePem(tbs, ca.algorithm, filled(signatureOctets(ca.algorithm)));
  return Buffer.from(text.replace(/-----[A-Z ]+-----/g, ''), 'base64');
}

function curveOf(algorithm: KeyAlgorithm): Curve | undefined {
  return algorithm === 'ecdsa-p256' || algorithm === 'ecdsa-p384' ? CURVES[algorithm] : undefined;
}

/** ECDSA: a sequence of two integers, each up to one octet longer than the curve's order (RFC 3279, 2.2.3). */
function signatureOctets(algorithm: KeyAlgorithm): number {
  const curve = curveOf(algorithm);
  return curve === undefined ? modulusOctets(algorithm) : sequence(2 * integer(curve.size + 1));
}

/** SubjectPublicKeyInfo: an uncompressed point (RFC 5480), or modulus and exponent 65537 (RFC 8017, A.1.1). */
function publicKey(algorithm: KeyAlgorithm, make: (count: number) => Buffer): Buffer {
  const curve = curveOf(algorithm);
  if (curve !== undefined) return Buffer.concat([curve.publicPrefix, make(1 + 2 * curve.size)]);
  const key = sequence(integer(modulusOctets(algorithm) + 1) + integer(3));
  return make(sequence(sequence(RSA_IDENTIFIER) + value(1 + key)));
}

/** PKCS#8 around ECPrivateKey as nodes get it (elliptic.ts), or RSAPrivateKey (RFC 8017, A.1.2). */
function privateKey(algorithm: KeyAlgorithm, seed: string): Buffer {
  const curve = curveOf(algorithm);
  if (curve !== undefined) return Buffer.concat([curve.shortPrefix, random(seed, curve.size)]);
  const modulus = modulusOctets(algorithm);
  const key = integer(1) + 2 * integer(modulus + 1) + integer(3) + 5 * integer(modulus / 2 + 1);
  return random(seed, sequence(integer(1) + sequence(RSA_IDENTIFIER) + value(sequence(key))));
}

/** Octets within RSA's AlgorithmIdentifier: rsaEncryption with NULL. */
const RSA_IDENTIFIER = 11 + 2;

function modulusOctets(algorithm: KeyAlgorithm): number {
  return Number(algorithm.split('-')[1]) / 8;
}

const [integer, sequence] = [value, value];

/** Octets of a DER value with this many octets of content. */
function value(content: number): number {
  return 1 + (content < 0x80 ? 1 : content < 0x100 ? 2 : 3) + content;
}
