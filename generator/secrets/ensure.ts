import { digestOf } from '../base/digests.ts';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { certified, makeAuthorities, makeLeaves, makeStoredKey, makeValue, type Issuing } from './making.ts';
import type { CertificateSpec, SecretsSpec, ValueSpec } from './specs.ts';
import { fingerprint, type Authority, type Leaf, type Store, type Succession } from './store.ts';

/** Why something was made: it was not there, what it certifies changed, its CA changed, or it was asked for. */
export type Reason = 'new' | 'changed' | 'new issuer' | 'renewed';

/** What became of a store. */
export interface Ensured {
  /** The very store that was given, when nothing had to be done. */
  readonly store: Store;
  readonly made: readonly { readonly id: string; readonly reason: Reason }[];
  /** Certificates and cloud facts of what is no longer there. */
  readonly dropped: readonly string[];
}

/**
 * A store that has everything which `spec` lists. What is there stays; a leaf is made anew when what it certifies or its
 * CA has changed, or when `renew` names it. CAs and key pairs are never made anew here, for running nodes trust them.
 * Values that were generated or entered stay even when nothing asks for them: data may be encrypted with them.
 */
export async function ensureSecrets(
  spec: SecretsSpec,
  store: Store,
  issuing: Issuing,
  renew: ReadonlySet<string> = new Set(),
): Promise<Checked<Ensured>> {
  const newCas = spec.cas.filter(({ id }) => store.cas[id] === undefined);
  const newKeyPairs = spec.keyPairs.filter(({ id }) => store.keyPairs[id] === undefined);
  const newValues = spec.values.filter((v) => v.from === 'generated' && store.values[valueId(v)] === undefined);
  const [authorities, keyPairs] = await Promise.all([
    makeAuthorities(newCas, issuing),
    Promise.all(newKeyPairs.map((pair) => makeStoredKey(pair, issuing))),
  ]);
  const cas = { ...store.cas, ...successions(newCas, authorities) };
  const currentOf = (leaf: CertificateSpec): Authority => {
    const ca = cas[leaf.ca];
    if (ca === undefined) throw new Error(`${leaf.id} names the CA ${leaf.ca}, which is not in the spec`);
    return ca.current;
  };
  const due = spec.certificates.flatMap((leaf) => {
    const reason = whyIssue(leaf, store.certificates[leaf.id], currentOf(leaf), renew.has(leaf.id));
    return reason === undefined ? [] : [{ leaf, reason }];
  });
  const leaves = await makeLeaves(
    due.map(({ leaf }) => leaf),
    currentOf,
    issuing,
  );
  const kept = keep(store, spec);
  const made = [
    ...[...newCas, ...newKeyPairs].map(({ id }) => ({ id, reason: 'new' as const })),
    ...newValues.map((value) => ({ id: valueId(value), reason: 'new' as const })),
    ...due.map(({ leaf, reason }) => ({ id: leaf.id, reason })),
  ];
  const changed = made.length + kept.dropped.length > 0;
  const complete: Store = {
    ...store,
    cas,
    keyPairs: { ...store.keyPairs, ...successions(newKeyPairs, keyPairs) },
    certificates: {
      ...kept.certificates,
      ...Object.fromEntries(due.map(({ leaf }, i) => [leaf.id, leaves[i] as Leaf])),
    },
    values: {
      ...kept.values,
      ...Object.fromEntries(newValues.map((value) => [valueId(value), makeValue(value, issuing)])),
    },
  };
  return {
    value: { store: changed ? complete : store, made, dropped: kept.dropped },
    diagnostics: differences(spec, store),
  };
}

/** `<name>/<part>`: how holes, the store and the operator call a value. */
export function valueId({ name, part }: ValueSpec): string {
  return `${name}/${part}`;
}

function whyIssue(spec: CertificateSpec, leaf: Leaf | undefined, ca: Authority, renew: boolean): Reason | undefined {
  if (leaf === undefined) return 'new';
  if (renew) return 'renewed';
  if (leaf.specDigest !== certified(spec)) return 'changed';
  return leaf.issuer === fingerprint(ca.cert) ? undefined : 'new issuer';
}

/** Leaves of nodes that are gone go; so do facts of a cloud, which the cloud can tell again. */
function keep(store: Store, spec: SecretsSpec): Pick<Store, 'certificates' | 'values'> & { dropped: string[] } {
  const listed = new Set([...spec.certificates.map(({ id }) => id), ...spec.values.map(valueId)]);
  const dropped = [
    ...Object.keys(store.certificates).filter((id) => !listed.has(id)),
    ...Object.keys(store.values).filter((id) => !listed.has(id) && store.values[id]?.from === 'cloud'),
  ];
  const gone = new Set(dropped);
  const without = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([id]) => !gone.has(id)));
  return { certificates: without(store.certificates), values: without(store.values), dropped };
}

/** CAs and key pairs that are kept although the blueprint now describes others. */
function differences(spec: SecretsSpec, store: Store): Diagnostic[] {
  return [
    ...spec.cas.map((ca) => ({ spec: ca, entry: store.cas[ca.id] })),
    ...spec.keyPairs.map((pair) => ({ spec: pair, entry: store.keyPairs[pair.id] })),
  ].flatMap(({ spec: wanted, entry }) => {
    if (entry === undefined || [entry.current, entry.next].some((each) => each?.specDigest === digestOf(wanted)))
      return [];
    return [
      diagnostic('secrets/ca-differs', `${wanted.id} was made with another algorithm or lifetime than pki now says`),
    ];
  });
}

function successions<T>(specs: readonly { readonly id: string }[], made: readonly T[]): Record<string, Succession<T>> {
  return Object.fromEntries(specs.map(({ id }, index) => [id, { current: made[index] as T }]));
}
