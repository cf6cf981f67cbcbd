import { digestOf } from '../base/digests.ts';
import { publicKeyPem, type CertificateRequest, type Issued, type KeyPair } from './issue.ts';
import type { CaSpec, CertificateSpec, KeyPairSpec, ValueSpec } from './specs.ts';
import { fingerprint, type Authority, type Leaf, type StoredKey, type StoredValue } from './store.ts';

/** What issuing takes from outside: the time, keys and random numbers. */
export interface Issuing {
  readonly now: Date;
  /** Issues all of them, in their order; on several cores when they are many. */
  readonly issue: (requests: readonly CertificateRequest[]) => Promise<readonly Issued[]>;
  readonly makeKeyPair: (algorithm: KeyPairSpec['algorithm']) => Promise<KeyPair>;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** A node's clock may be behind that of the machine that issues. */
export const BACKDATED_HOURS = 1;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** New CAs, each its own issuer. */
export async function makeAuthorities(specs: readonly CaSpec[], issuing: Issuing): Promise<Authority[]> {
  const requests = specs.map((spec): CertificateRequest => {
    const notAfter = new Date(issuing.now);
    notAfter.setUTCFullYear(notAfter.getUTCFullYear() + spec.years);
    return {
      subject: { commonName: spec.commonName, organizations: [] },
      algorithm: spec.algorithm,
      issuer: undefined,
      usages: [],
      dnsNames: [],
      ipAddresses: [],
      notBefore: backdated(issuing),
      notAfter,
    };
  });
  const issued = await issuing.issue(requests);
  return specs.map((spec, index) => ({
    ...(issued[index] as Issued),
    algorithm: spec.algorithm,
    notAfter: timeText((requests[index] as CertificateRequest).notAfter),
    specDigest: digestOf(spec),
  }));
}

/** A new key pair without certificate. */
export async function makeStoredKey(spec: KeyPairSpec, issuing: Issuing): Promise<StoredKey> {
  const { privateKey, publicKey } = await issuing.makeKeyPair(spec.algorithm);
  return { key: privateKey, public: publicKeyPem(publicKey), specDigest: digestOf(spec) };
}

/** A digest of all that a leaf certifies; the order of its names says nothing. */
export function certified(spec: CertificateSpec): string {
  const { ca, commonName, organizations, usages, algorithm, days } = spec;
  const [dnsNames, ipAddresses] = [[...spec.dnsNames].sort(), [...spec.ipAddresses].sort()];
  return digestOf({ ca, commonName, organizations, dnsNames, ipAddresses, usages, algorithm, days });
}

/** Leaves with new keys, in the order of their specs. */
export async function makeLeaves(
  specs: readonly CertificateSpec[],
  issuerOf: (spec: CertificateSpec) => Authority,
  issuing: Issuing,
): Promise<Leaf[]> {
  const requests = specs.map((spec) => leafRequest(spec, issuerOf(spec), spec.days * DAY, issuing));
  const issued = await issuing.issue(requests);
  return specs.map((spec, index) => ({
    ...(issued[index] as Issued),
    issuer: fingerprint(issuerOf(spec).cert),
    notAfter: timeText((requests[index] as CertificateRequest).notAfter),
    specDigest: certified(spec),
  }));
}

/** A leaf's request, for a lifetime in milliseconds; it never outlives its CA. */
function leafRequest(
  spec: Pick<CertificateSpec, 'commonName' | 'organizations' | 'algorithm' | 'usages' | 'dnsNames' | 'ipAddresses'>,
  issuer: Authority,
  lifetime: number,
  issuing: Pick<Issuing, 'now'>,
): CertificateRequest {
  const { commonName, organizations, algorithm, usages, dnsNames, ipAddresses } = spec;
  const end = Math.min(issuing.now.getTime() + lifetime, Date.parse(issuer.notAfter));
  return {
    subject: { commonName, organizations },
    algorithm,
    issuer,
    usages,
    dnsNames,
    ipAddresses,
    notBefore: backdated(issuing),
    notAfter: new Date(end),
  };
}

/** A random value, as base64. */
export function makeValue({ bytes = 32, alphabet, maxLength }: ValueSpec, { randomBytes }: Issuing): StoredValue {
  // 64 bits for each digit: what the remainder prefers is beyond counting.
  const digit = (): string => (Buffer.from(randomBytes(8)).readBigUInt64BE() % 36n).toString(36);
  if (alphabet === 'base36') return { from: 'generated', value: Array.from({ length: maxLength }, digit).join('') };
  return { from: 'generated', value: Buffer.from(randomBytes(bytes)).toString('base64') };
}

function backdated({ now }: Pick<Issuing, 'now'>): Date {
  return new Date(now.getTime() - BACKDATED_HOURS * HOUR);
}

/** Certificates count whole seconds. */
function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19)}.000Z`;
}
