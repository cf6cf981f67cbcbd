import type { HostRoute, Listener, LoadBalancer, Pool } from 'openstack-client-lite';
import type { Observed } from '../../resource.ts';

/** What Kubernetes makes in a cloud, in the order in which it is made: what goes, goes in the opposite one. */
export const MADE = [
  'security-group',
  'volume',
  'pod-routes',
  'load-balancer',
  'load-balancer-share',
  'floating-ip',
] as const;

export type Made = (typeof MADE)[number];

/** What a cluster's Services have on a load balancer that is not theirs alone. */
export interface Share {
  readonly balancer: LoadBalancer;
  readonly listeners: readonly Listener[];
  readonly pools: readonly Pool[];
  /** The load balancer's tags without those of the cluster's Services. */
  readonly otherTags: readonly string[];
}

/** Routes of a router to pods, over the cluster's nodes. */
export interface PodRoutes {
  readonly router: string;
  readonly routes: readonly HostRoute[];
}

/** Something that Kubernetes made for the cluster. */
export function made<Item>(
  kind: Made,
  { id, name }: { readonly id: string; readonly name: string | null },
  item: Item,
): Observed<Item> {
  const called = name === null || name === '' ? id : name;
  const common = { state: 'ready', detail: '', facts: { id }, created: '', maker: 'kubernetes' } as const;
  return { ...common, key: `${kind}/${called}`, kind, id, name: called, item };
}
