import type { Clock, Cloud } from 'openstack-client-lite';
import { canonicalJson } from '../../../base/digests.ts';
import type { Desired, Difference, Filled, Key, Observed } from '../../resource.ts';
import { keyIn } from '../marks.ts';
import type { OpenstackResource } from '../desired/shared.ts';
import type { Kind, Specs } from '../specs.ts';

/** A machine's user data as Nova takes it, and the sha256 by which it is known again. */
export interface Payload {
  readonly base64: string;
  readonly sha256: string;
}

/** What every call is made with. */
export interface Surroundings {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly cluster: string;
  readonly signal: AbortSignal | undefined;
  /** Undefined as long as a hole of it is open. */
  readonly payloadOf: (node: string) => Payload | undefined;
  /** Milliseconds that a resource may take to become ready, or to go. */
  readonly patience: number;
}

/** What the calls of one application of a change plan have in common. */
export interface Applying extends Surroundings {
  /** Ids of the servers that are being built, asked for once for all who wait. */
  readonly building: () => Promise<ReadonlySet<string>>;
}

/** How one kind of resource is found, compared, made, changed and taken away. */
export interface KindCalls<K extends Kind, Item> {
  /** All of the cluster's; with the fewest calls, whatever their number. `found`: those of another kind, by which these are known. */
  readonly list: (
    at: Surroundings,
    found: (kind: Kind) => Promise<readonly Observed[]>,
    desired: readonly OpenstackResource[],
  ) => Promise<readonly Observed<Item>[]>;
  /** Pure. The spec's references are filled. */
  readonly differences: (desired: Desired<Filled<Specs[K]>>, item: Item, at: Surroundings) => readonly Difference[];
  readonly create: (desired: Desired<Filled<Specs[K]>>, at: Applying) => Promise<Observed<Item>>;
  /** Undefined: nothing of it can be changed. */
  readonly update?: (
    desired: Desired<Filled<Specs[K]>>,
    observed: Observed<Item>,
    differences: readonly Difference[],
    at: Applying,
  ) => Promise<Observed<Item>>;
  /** Waits until it is ready; undefined: it is as soon as it is there. */
  readonly settle?: (observed: Observed<Item>, at: Applying) => Promise<Observed<Item>>;
  /** Resolves when it is gone, and when it was gone already. */
  readonly remove: (observed: Observed<Item>, at: Surroundings) => Promise<void>;
}

/** A kind whose spec and item are its own affair. */
export interface AnyKind {
  readonly list: KindCalls<Kind, unknown>['list'];
  readonly differences: (desired: Desired, item: unknown, at: Surroundings) => readonly Difference[];
  readonly create: (desired: Desired, at: Applying) => Promise<Observed>;
  readonly update?: (
    desired: Desired,
    observed: Observed,
    differences: readonly Difference[],
    at: Applying,
  ) => Promise<Observed>;
  readonly settle?: (observed: Observed, at: Applying) => Promise<Observed>;
  readonly remove: (observed: Observed, at: Surroundings) => Promise<void>;
}

/** Nothing where both are alike. Lists are compared in their order: sort what has none. */
export function differs(field: string, has: unknown, wants: unknown, fix: Difference['fix'] = 'replace'): Difference[] {
  if (canonicalJson(has ?? null) === canonicalJson(wants ?? null)) return [];
  return [{ field, has: shown(has), wants: shown(wants), fix }];
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What the services have in common that keep a description: Neutron and Octavia. */
export interface Described {
  readonly id: string;
  readonly name?: string;
  readonly description?: string | null;
  readonly created_at?: string;
}

/** A described resource as observed; `facts` and what is not ready by default are the kind's own. */
export function observedAs<Item extends Described>(
  kind: Kind,
  key: Key,
  item: Item,
  more: Partial<Pick<Observed, 'state' | 'detail' | 'facts'>> = {},
): Observed<Item> {
  return {
    key,
    kind,
    id: item.id,
    name: item.name ?? '',
    state: more.state ?? 'ready',
    detail: more.detail ?? '',
    facts: { id: item.id, ...more.facts },
    created: item.created_at ?? '',
    item,
  };
}

/** Those of a list that carry the cluster's mark, by key. */
export function marked<Item extends Described>(
  cluster: string,
  kind: Kind,
  items: readonly Item[],
  observe: (key: Key, item: Item) => Observed<Item>,
): Observed<Item>[] {
  return items.flatMap((item) => {
    const key = keyIn(cluster, item.description);
    return key?.startsWith(`${kind}/`) === true ? [observe(key, item)] : [];
  });
}

/** Octavia's members and health monitors take no description: their mark is a tag, and is put where others have theirs. */
export function taggedAsDescribed<Item extends { readonly tags?: readonly string[] }>(
  item: Item,
): Item & { readonly description: string } {
  return { ...item, description: item.tags?.find((tag) => tag.startsWith('triskel/')) ?? '' };
}

/** The only one of a list that carries this very mark: what an earlier call made whose answer was lost. */
export function withMark<Item extends Described>(items: readonly Item[], mark: string): Item | undefined {
  return items.find(({ description }) => description === mark);
}
