import { canonicalJson, sha256 } from '../base/digests.ts';
import type { KeyAlgorithm } from '../cluster/cluster.ts';
import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import type { ValueSpec } from './specs.ts';
import validate from './store.schema.json';

/** Raised whenever a store of the old form could not be read as it is. */
const STORE_FORMAT = 1;

/** All secrets of one cluster. Every PEM is without a line feed at its end. */
export interface Store {
  readonly format: typeof STORE_FORMAT;
  /** The cluster's name: keys of one cluster never serve another. */
  readonly cluster: string;
  /** Digest of the recipients that the file was last encrypted for. */
  readonly recipients: string;
  readonly cas: Readonly<Record<string, Succession<Authority>>>;
  readonly keyPairs: Readonly<Record<string, Succession<StoredKey>>>;
  readonly certificates: Readonly<Record<string, Leaf>>;
  /** By `<name>/<part>`. */
  readonly values: Readonly<Record<string, StoredValue>>;
}

/**
 * What everybody trusts changes in three steps that overlap: `next` is trusted but not used yet, then it becomes
 * `current` and the old one stays trusted as `previous`, then that goes. Never both.
 */
export interface Succession<T> {
  readonly current: T;
  readonly next?: T;
  readonly previous?: T;
}

/** A CA's certificate and private key. */
export interface Authority {
  readonly cert: string;
  readonly key: string;
  readonly algorithm: KeyAlgorithm;
  /** ISO 8601, UTC, whole seconds. */
  readonly notAfter: string;
  /** Digest of the spec that it was made for. */
  readonly specDigest: string;
}

/** A key pair without certificate. */
export interface StoredKey {
  readonly key: string;
  readonly public: string;
  readonly specDigest: string;
}

/** A leaf certificate and what it was issued for. */
export interface Leaf {
  readonly cert: string;
  readonly key: string;
  /** Fingerprint of the issuing CA's certificate. */
  readonly issuer: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly notAfter: string;
  readonly specDigest: string;
}

/** A value, and where it came from. */
export interface StoredValue {
  readonly from: ValueSpec['from'];
  readonly value: string;
}

/** A store with nothing in it yet. */
export function emptyStore(cluster: string): Store {
  return { format: STORE_FORMAT, cluster, recipients: '', cas: {}, keyPairs: {}, certificates: {}, values: {} };
}

/** All that is trusted now, the one in use first. */
export function trusted<T>({ current, next, previous }: Succession<T>): T[] {
  return [current, next, previous].filter((each) => each !== undefined);
}

/** Tells one certificate from every other. */
export function fingerprint(cert: string): string {
  return sha256(cert);
}

/** The store as text: the same store gives the same text. */
export function storeText(store: Store): string {
  return `${canonicalJson(store)}\n`;
}

/**
 * Text → the store of this cluster. `file` is named in diagnostics, which never quote the text: it is all secrets.
 * Errors: not of this form, of another format, of another cluster.
 */
export function readStore(text: string, cluster: string, file: string): Checked<Store> {
  const wrong = (code: Parameters<typeof diagnostic>[0], message: string): Checked<Store> => ({
    value: undefined,
    diagnostics: [diagnostic(code, message, [{ file }])],
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong('secrets/store-damaged', 'the decrypted store is not JSON');
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format !== STORE_FORMAT) {
    const age = format > STORE_FORMAT ? 'newer' : 'older';
    const text = `the store has format ${String(format)}, ${age} than ${String(STORE_FORMAT)}, which this Triskel reads`;
    return wrong('secrets/store-format', text);
  }
  if (!validate(value)) {
    const violations = (validate.errors ?? []) as { instancePath: string; keyword: string }[];
    const first = violations[0];
    return wrong(
      'secrets/store-damaged',
      `the store breaks its form at ${first?.instancePath || '/'} (${first?.keyword ?? ''})`,
    );
  }
  const store = value as Store;
  return store.cluster === cluster
    ? { value: store, diagnostics: [] }
    : wrong(
        'secrets/other-cluster',
        `this store holds the keys of the cluster "${store.cluster}", not of "${cluster}"`,
      );
}
