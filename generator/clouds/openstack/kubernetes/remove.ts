import type { Observed } from '../../resource.ts';
import { balancerSettled } from '../kinds/load-balancer.ts';
import { kinds } from '../kinds/index.ts';
import type { Surroundings } from '../kinds/kind.ts';
import type { Made, PodRoutes, Share } from './made.ts';

type Remove = (observed: Observed, at: Surroundings) => Promise<void>;

/** How each kind goes; what `boot` makes, too, goes in the same way. */
export const removals: Readonly<Record<Made, Remove>> = {
  'load-balancer': kinds['load-balancer'].remove,
  'load-balancer-share': (observed, at) => removeShare(observed as Observed<Share>, at),
  volume: kinds.volume.remove,
  'floating-ip': async ({ id }, { cloud, signal }) => {
    await cloud.network.floatingIps.delete(id, { signal });
  },
  'security-group': async (observed, at) => {
    await takeOffPorts(observed, at);
    await kinds['security-group'].remove(observed, at);
  },
  'pod-routes': (observed, at) => removeRoutes(observed as Observed<PodRoutes>, at),
};

/** The load balancer stays, without our Services' listeners and pools, and without their names among its tags. */
async function removeShare({ key, item }: Observed<Share>, at: Surroundings): Promise<void> {
  const { balancer, listeners, pools, otherTags } = item;
  const { loadBalancer } = at.cloud;
  const options = { signal: at.signal };
  const settle = (): Promise<void> => balancerSettled(balancer.id, key, at);
  await settle();
  for (const { id } of pools) if (await loadBalancer.pools.delete(id, options)) await settle();
  for (const { id } of listeners) if (await loadBalancer.listeners.delete(id, options)) await settle();
  await loadBalancer.loadBalancers.update(balancer.id, { tags: otherTags }, options);
  await settle();
}

/** The cloud controller puts its groups on the nodes' ports, and may have put them on others'. */
async function takeOffPorts({ id }: Observed, { cloud, signal }: Surroundings): Promise<void> {
  for (const { id: port, security_groups } of await cloud.network.ports.list({}, { signal })) {
    const others = security_groups.filter((group) => group !== id);
    if (others.length < security_groups.length)
      await cloud.network.ports.update(port, { security_groups: others }, { signal });
  }
}

async function removeRoutes({ item }: Observed<PodRoutes>, { cloud, signal }: Surroundings): Promise<void> {
  const now = (await cloud.network.routers.get(item.router, { signal }))?.routes ?? [];
  const routes = now.filter(
    (route) => !item.routes.some((ours) => ours.destination === route.destination && ours.nexthop === route.nexthop),
  );
  if (routes.length < now.length) await cloud.network.routers.update(item.router, { routes }, { signal });
}
