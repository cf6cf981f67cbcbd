import type { Cloud } from 'openstack-client-lite';

/** What a project has, by kind: names, what became of it, and where a floating IP leads. */
export async function inventory(cloud: Cloud): Promise<Record<string, string[]>> {
  const { network, compute, loadBalancer, blockStorage, identity } = cloud;
  const pools = await loadBalancer.pools.list();
  const members = await Promise.all(pools.map(({ id }) => loadBalancer.members(id).list()));
  return {
    networks: names((await network.networks.list()).filter(({ shared }) => !shared)),
    subnets: names(await network.subnets.list()),
    routers: names(await network.routers.list()),
    ports: names(await network.ports.list()),
    groups: names(await network.securityGroups.list()),
    rules: (await network.securityGroupRules.list()).map(({ description }) => description ?? '').sort(),
    floatingIps: (await network.floatingIps.list())
      .map(({ floating_ip_address: address, fixed_ip_address: to }) => `${address} → ${to ?? 'nowhere'}`)
      .sort(),
    servers: names(await compute.servers.list()),
    keyPairs: names(await compute.keyPairs.list()),
    serverGroups: names(await compute.serverGroups.list()),
    balancers: names(await loadBalancer.loadBalancers.list()),
    listeners: names(await loadBalancer.listeners.list()),
    pools: names(pools),
    members: names(members.flat()),
    monitors: names(await loadBalancer.healthMonitors.list()),
    volumes: names(await blockStorage.volumes.list()),
    credentials: names(await identity.applicationCredentials.list()),
  };
}

interface Named {
  readonly name?: string | null;
  readonly status?: string;
  readonly provisioning_status?: string;
}

/** Names of Octavia's own ports have ids in them. */
function names(list: readonly Named[]): string[] {
  return list
    .map(({ name, status, provisioning_status }) => `${name ?? ''} ${status ?? provisioning_status ?? ''}`.trim())
    .map((line) => line.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '…'))
    .sort();
}
