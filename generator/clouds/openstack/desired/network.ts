import { addressOf, parseAddress, type Network } from '../../../base/networks.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { of } from '../../resource.ts';
import { given, nodeNetwork, resource, type OpenstackResource } from './shared.ts';

type Openstack = NonNullable<Cluster['openstack']>;

/** Network, subnets and the way out, as far as the blueprint does not name existing ones. */
export function networkResources(cluster: Cluster, openstack: Openstack): OpenstackResource[] {
  const network =
    openstack.network === undefined ? [resource('network', 'nodes', {}, { cloudName: cluster.name })] : [];
  if (openstack.subnets !== undefined) return network;
  const subnets = cluster.network.nodes.map((own) => {
    const taken = takenIn(cluster, own);
    return resource(
      'subnet',
      own.family,
      {
        network: nodeNetwork(cluster),
        ip_version: own.family === 'ipv4' ? 4 : 6,
        cidr: own.text,
        gateway_ip: gatewayOf(own, taken),
        dns_nameservers: openstack.dnsServers ?? [],
        allocation_pools: pools(own, [...taken, gatewayOf(own, taken)]),
      },
      { cloudName: `${cluster.name}-${own.family}` },
    );
  });
  if (openstack.externalNetwork === undefined) return [...network, ...subnets];
  const made =
    openstack.router === undefined
      ? [
          resource(
            'router',
            'nodes',
            { external_network: of(given.network(openstack.externalNetwork)) },
            { cloudName: cluster.name },
          ),
        ]
      : [];
  const router = openstack.router === undefined ? of('router/nodes') : of(given.router(openstack.router));
  const interfaces = cluster.network.nodes.map(({ family }) =>
    resource(
      'router-interface',
      family,
      { router, subnet: of(`subnet/${family}`) },
      { cloudName: `${cluster.name}-${family}` },
    ),
  );
  return [...network, ...subnets, ...made, ...interfaces];
}

/** Addresses of the network that the blueprint gives away itself. */
function takenIn({ nodes, virtualIps, endpoint }: Cluster, own: Network): string[] {
  const addresses = [...nodes.flatMap((node) => node.addresses), ...virtualIps.flatMap((vip) => vip.addresses)];
  const texts = [...addresses.map(({ text }) => text), endpoint.internal.host];
  return texts.filter((text) => text.includes(':') === (own.family === 'ipv6'));
}

/** The network's first address, or the first that the blueprint does not give to anybody. */
function gatewayOf(own: Network, taken: readonly string[]): string {
  for (let value = own.first + 1n; value < own.last; value++) {
    const { text } = addressOf(own.family, value);
    if (!taken.includes(text)) return text;
  }
  return addressOf(own.family, own.first + 1n).text;
}

/**
 * What is left between addresses that are taken, as ranges. An IPv4 network's first and last address are nobody's. The service
 * network may lie within the same range of a careless blueprint: that is refused long before.
 */
function pools(own: Network, taken: readonly string[]): { start: string; end: string }[] {
  const [first, last] = own.family === 'ipv4' ? [own.first + 1n, own.last - 1n] : [own.first + 2n, own.last];
  const values = taken
    .flatMap((text) => valueOf(own, text) ?? [])
    .filter((value) => value >= first && value <= last)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const found: { start: string; end: string }[] = [];
  let from = first;
  for (const value of [...values, last + 1n]) {
    if (value > from) found.push({ start: text(from), end: text(value - 1n) });
    from = value + 1n;
  }
  return found;

  function text(value: bigint): string {
    return addressOf(own.family, value).text;
  }
}

function valueOf(own: Network, text: string): bigint | undefined {
  const address = parseAddress(text);
  return address?.family === own.family ? address.value : undefined;
}
