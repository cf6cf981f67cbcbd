import { CloudError, type Cloud, type Port } from 'openstack-client-lite';
import { contains, parseAddress, parseNetwork } from '../../../base/networks.ts';
import type { Observed } from '../../resource.ts';
import { differs, type KindCalls } from './kind.ts';

/** What an interface joins. It is a port that Neutron makes, which takes no mark: it is the cluster's when its subnet is. */
interface RouterInterface {
  readonly router: string;
  readonly subnet: string;
}

export const routerInterface: KindCalls<'router-interface', RouterInterface> = {
  list: async ({ cloud }, found) => {
    const subnets = new Map((await found('subnet')).map((subnet) => [subnet.id, subnet]));
    const networks = [...new Set([...subnets.values()].map(({ item }) => (item as { network_id: string }).network_id))];
    const ports = await Promise.all(networks.map((network_id) => cloud.network.ports.list({ network_id })));
    return ports.flat().flatMap((port) => {
      // network:router_interface, network:router_interface_distributed, network:ha_router_replicated_interface.
      if (!/^network:(ha_)?router_(replicated_)?interface/.test(port.device_owner)) return [];
      const subnet = subnets.get(port.fixed_ips[0]?.subnet_id ?? '');
      return subnet === undefined ? [] : [observed(subnet.key.replace(/^subnet\//, 'router-interface/'), port)];
    });
  },
  differences: ({ spec }, item) => [
    ...differs('router', item.router, spec.router),
    ...differs('subnet', item.subnet, spec.subnet),
  ],
  create: async ({ key, name, spec }, { cloud, signal }) => {
    const [router, subnet] = [spec.router, spec.subnet];
    try {
      const { port_id: id } = await cloud.network.routers.addInterface(router, { subnet_id: subnet }, { signal });
      return made(key, id, name, { router, subnet });
    } catch (error) {
      // It is there already: an earlier call made it whose answer was lost.
      const device_id = router;
      const ports =
        error instanceof CloudError && ['invalid', 'conflict', 'exists', 'in-use'].includes(error.kind)
          ? await cloud.network.ports.list({ device_id }, { signal })
          : [];
      const earlier = ports.find(({ fixed_ips }) => fixed_ips.some(({ subnet_id }) => subnet_id === subnet));
      if (earlier === undefined) throw error;
      return observed(key, earlier);
    }
  },
  remove: async ({ item }, { cloud, signal }) => {
    await clearRoutes(item, cloud, signal);
    await cloud.network.routers.removeInterface(item.router, { subnet_id: item.subnet }, { signal });
  },
};

/**
 * Routes to a hop behind the interface, which keep it from being taken off: the cloud controller writes one for each node, on a
 * router that may be somebody else's.
 */
async function clearRoutes(
  { router, subnet }: RouterInterface,
  cloud: Cloud,
  signal: AbortSignal | undefined,
): Promise<void> {
  const routes = (await cloud.network.routers.get(router, { signal }))?.routes ?? [];
  const network = routes.length === 0 ? undefined : parseNetwork((await cloud.network.subnets.get(subnet))?.cidr ?? '');
  if (network === undefined) return;
  const others = routes.filter(({ nexthop }) => {
    const hop = parseAddress(nexthop);
    return hop === undefined || !contains(network, hop);
  });
  if (others.length < routes.length) await cloud.network.routers.update(router, { routes: others }, { signal });
}

function observed(key: string, port: Port): Observed<RouterInterface> {
  const item = { router: port.device_id, subnet: port.fixed_ips[0]?.subnet_id ?? '' };
  return { ...made(key, port.id, port.name, item), created: port.created_at ?? '' };
}

function made(key: string, id: string, name: string, item: RouterInterface): Observed<RouterInterface> {
  return { key, kind: 'router-interface', id, name, state: 'ready', detail: '', facts: { id }, created: '', item };
}
