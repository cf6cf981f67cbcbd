import type { KeyAlgorithm } from '../cluster/cluster.ts';

/**
 * A CA of the cluster. Its holes: `<id>/cert` (the issuing one), `<id>/bundle` (all that are trusted now), and `<id>/key`, which
 * is filled for those of `SecretsSpec.caKeys` alone.
 */
export interface CaSpec {
  readonly id: CaId;
  readonly commonName: string;
  readonly algorithm: KeyAlgorithm;
  readonly years: number;
}

/** The CAs of a cluster. */
export type CaId = 'cluster-ca' | 'etcd-ca' | 'front-proxy-ca' | 'glusterfs-ca';

/** A key pair without certificate. Its holes: `<id>/key` (PKCS#8 PEM) and `<id>/public` (all public keys that are trusted now). */
export interface KeyPairSpec {
  readonly id: 'service-account';
  readonly algorithm: KeyAlgorithm;
}

/** A leaf certificate. Its holes: `<id>/cert` and `<id>/key`, both PEM without a line feed at their end. */
export interface CertificateSpec {
  /** `<identity>` or `<identity>.<node>`. */
  readonly id: string;
  readonly ca: CaId;
  /** The node that holds the key; undefined when no node does. */
  readonly node: string | undefined;
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly usages: readonly ('server' | 'client')[];
  readonly algorithm: KeyAlgorithm;
  readonly days: number;
  /** Why it is there, for pki.yaml and the README. */
  readonly purpose: string;
}

/** A value that is no certificate. */
export interface ValueSpec {
  readonly name: string;
  readonly part: string;
  /** generated: made at random and kept. operator: entered by `secrets set`. cloud: known once `boot` made the cloud's side. */
  readonly from: 'generated' | 'operator' | 'cloud';
  /** What it is, for people: "secret of the cloud controller's application credential". */
  readonly title: string;
  /** Characters of the longest value there can be. */
  readonly maxLength: number;
  /** The whole value matches it; other characters would mean something where its hole stands. */
  readonly pattern?: string;
  /** For generated values: how many random bytes, written as base64. */
  readonly bytes?: number;
  /** For generated values in place of `bytes`: base36 are maxLength lower-case letters and digits. */
  readonly alphabet?: 'base36';
}

/** Everything that the store of one cluster must hold. */
export interface SecretsSpec {
  readonly cas: readonly CaSpec[];
  /** The CAs whose keys nodes hold, since programs on them sign with them; none when it is left out. */
  readonly caKeys?: readonly CaId[];
  readonly keyPairs: readonly KeyPairSpec[];
  readonly certificates: readonly CertificateSpec[];
  readonly values: readonly ValueSpec[];
}
