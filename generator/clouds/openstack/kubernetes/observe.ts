import type { Cloud, LoadBalancer, Server } from 'openstack-client-lite';
import { contains, parseNetwork } from '../../../base/networks.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Observed } from '../../resource.ts';
import { lookUpGiven } from '../given.ts';
import { given } from '../desired/shared.ts';
import { made, type PodRoutes, type Share } from './made.ts';
import { CSI_CLUSTER, isAnyService, kubernetesNames, type KubernetesNames } from './names.ts';

/** What Kubernetes made for the cluster: a list for each kind. `observed`: what `boot` made. Throws `CloudError`. */
export async function madeByKubernetes(
  cluster: Cluster,
  observed: readonly Observed[],
  cloud: Cloud,
): Promise<readonly Observed[]> {
  const names = kubernetesNames(cluster.name);
  const [hasBalancers, hasVolumes] = [
    await cloud.session.has('load-balancer'),
    await cloud.session.has('block-storage'),
  ];
  const found = await Promise.all([
    hasBalancers ? balancers(names, cloud) : [],
    hasVolumes ? volumes(names, observed, cloud) : [],
    floatingIps(names, cloud),
    securityGroups(names, cloud),
    podRoutes(cluster, cloud),
  ]);
  return found.flat();
}

/** Those of the cluster's Services alone, and its part of those that it shares with somebody. */
async function balancers(names: KubernetesNames, cloud: Cloud): Promise<Observed[]> {
  const all = await cloud.loadBalancer.loadBalancers.list();
  const isForeign = ({ name, tags = [] }: LoadBalancer): boolean =>
    !names.isService(name) || tags.some((tag) => isAnyService(tag) && !names.isService(tag));
  const ours = all.filter(({ name, tags = [] }) => names.isService(name) || tags.some(names.isService));
  const shared = ours.filter(isForeign);
  const whole = ours.filter((balancer) => !shared.includes(balancer));
  return [
    ...whole.map((balancer) => made('load-balancer', balancer, balancer)),
    ...(await shares(names, shared, cloud)),
  ];
}

async function shares(
  names: KubernetesNames,
  shared: readonly LoadBalancer[],
  cloud: Cloud,
): Promise<Observed<Share>[]> {
  if (shared.length === 0) return [];
  const [listeners, pools] = await Promise.all([cloud.loadBalancer.listeners.list(), cloud.loadBalancer.pools.list()]);
  return shared.map((balancer) => {
    const isBelow = ({ loadbalancers }: { readonly loadbalancers: readonly { readonly id: string }[] }): boolean =>
      loadbalancers.some(({ id }) => id === balancer.id);
    return made('load-balancer-share', balancer, {
      balancer,
      listeners: listeners.filter((listener) => isBelow(listener) && names.isListener(listener.name)),
      pools: pools.filter((pool) => isBelow(pool) && names.isPool(pool.name)),
      otherTags: (balancer.tags ?? []).filter((tag) => !names.isService(tag)),
    });
  });
}

/** Those that say whose they are, and those of a driver without a name that are attached to the cluster's servers. */
async function volumes(names: KubernetesNames, observed: readonly Observed[], cloud: Cloud): Promise<Observed[]> {
  const servers = (observed.filter(({ kind }) => kind === 'server') as Observed<Server>[]).map(({ id }) => id);
  return (await cloud.blockStorage.volumes.list())
    .filter(
      ({ metadata, attachments }) =>
        names.isVolume(metadata) ||
        (CSI_CLUSTER in metadata && attachments.some(({ server_id }) => servers.includes(server_id))),
    )
    .map((volume) => made('volume', volume, volume));
}

async function floatingIps(names: KubernetesNames, cloud: Cloud): Promise<Observed[]> {
  return (await cloud.network.floatingIps.list())
    .filter(({ description }) => names.isFloatingIp(description))
    .map((item) => made('floating-ip', { id: item.id, name: item.floating_ip_address }, item));
}

async function securityGroups(names: KubernetesNames, cloud: Cloud): Promise<Observed[]> {
  return (await cloud.network.securityGroups.list())
    .filter(names.isSecurityGroup)
    .map((group) => made('security-group', group, group));
}

/**
 * Routes to pods over the cluster's nodes, on a router of somebody else's (pkg/openstack/routes.go writes one a node). On subnets that
 * `boot` made they go with the router's interface.
 */
async function podRoutes(cluster: Cluster, cloud: Cloud): Promise<Observed<PodRoutes>[]> {
  const { subnets } = cluster.openstack ?? {};
  if (subnets === undefined) return [];
  const { facts } = await lookUpGiven(cluster, cloud);
  const ids = subnets.map((name) => facts.get(given.subnet(name))?.['id']);
  const ports = await cloud.network.ports.list();
  const joined = new Set(
    ports.flatMap(({ device_id, device_owner, fixed_ips }) =>
      /^network:.*router.*interface/.test(device_owner) && fixed_ips.some(({ subnet_id }) => ids.includes(subnet_id))
        ? [device_id]
        : [],
    ),
  );
  const hops = new Set(cluster.nodes.flatMap(({ addresses }) => addresses.map(({ text }) => text)));
  const isOurs = (destination: string): boolean => {
    const network = parseNetwork(destination);
    return (
      network !== undefined &&
      cluster.network.pods.some(
        (pods) => contains(pods, { ...network, value: network.first }) && network.last <= pods.last,
      )
    );
  };
  return (await cloud.network.routers.list()).flatMap((router) => {
    const routes = router.routes.filter(({ destination, nexthop }) => hops.has(nexthop) && isOurs(destination));
    return routes.length === 0 || !joined.has(router.id)
      ? []
      : [made('pod-routes', router, { router: router.id, routes })];
  });
}
