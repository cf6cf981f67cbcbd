import { valueId } from './ensure.ts';
import { daysLeft, termOf, type Term } from './expiry.ts';
import { nextStage, type Stage } from './rotation.ts';
import type { SecretsSpec } from './specs.ts';
import type { Store, Succession } from './store.ts';

/** What is known of one secret without telling it. */
export interface InventoryEntry {
  readonly name: string;
  readonly kind: 'ca' | 'key pair' | 'certificate' | 'value';
  readonly what: string;
  /** missing: the next `generate` makes it, or somebody enters it. */
  readonly state: 'missing' | 'set' | Term;
  readonly issuer?: string;
  /** ISO 8601, UTC. */
  readonly notAfter?: string;
  readonly daysLeft?: number;
}

/** Everything that the spec asks for, in its order: CAs, key pairs, certificates, values. */
export function inventoryOf(spec: SecretsSpec, store: Store, now: Date): InventoryEntry[] {
  const cas = spec.cas.map(({ id, years }): InventoryEntry => {
    const ca = store.cas[id];
    const entry = { name: id, kind: 'ca', what: `CA${changing(ca)}`, issuer: 'itself' } as const;
    return { ...entry, ...life(ca?.current.notAfter, 'ca', years * 365, now) };
  });
  const keyPairs = spec.keyPairs.map(({ id }): InventoryEntry => {
    const pair = store.keyPairs[id];
    return {
      name: id,
      kind: 'key pair',
      what: `key pair${changing(pair)}`,
      state: pair === undefined ? 'missing' : 'set',
    };
  });
  const certificates = spec.certificates.map(({ id, ca, days, purpose }): InventoryEntry => {
    const entry = { name: id, kind: 'certificate', what: purpose, issuer: ca } as const;
    return { ...entry, ...life(store.certificates[id]?.notAfter, 'leaf', days, now) };
  });
  const values = spec.values.map((value): InventoryEntry => {
    const state = store.values[valueId(value)] === undefined ? 'missing' : 'set';
    return { name: valueId(value), kind: 'value', what: value.title, state };
  });
  return [...cas, ...keyPairs, ...certificates, ...values];
}

function life(
  notAfter: string | undefined,
  kind: 'ca' | 'leaf',
  lifetime: number,
  now: Date,
): Pick<InventoryEntry, 'state' | 'notAfter' | 'daysLeft'> {
  if (notAfter === undefined) return { state: 'missing' };
  return { state: termOf(notAfter, kind, lifetime, now), notAfter, daysLeft: daysLeft(notAfter, now) };
}

const CHANGES: Readonly<Record<Exclude<Stage, 'introduce'>, string>> = {
  switch: ', a new one is trusted beside it; next: switch',
  retire: ', the one before it is still trusted; next: retire',
};

function changing(entry: Succession<unknown> | undefined): string {
  const stage = entry === undefined ? 'introduce' : nextStage(entry);
  return stage === 'introduce' ? '' : CHANGES[stage];
}
