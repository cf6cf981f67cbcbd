import { toYaml } from '../base/yaml.ts';
import { addressOf, hostPort, parseAddress, type Address, type Network } from '../base/networks.ts';
import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import { nocloudFiles } from '../output/nocloud.ts';
import { suiteOf } from './twin.ts';

/** A node's network interface where the blueprint names none. */
const INTERFACE = 'eth0';

/** The interface that has a node's addresses. */
export function interfaceOf(node: ClusterNode): string {
  return node.interface ?? INTERFACE;
}

/** The lab's own addresses, one of each family of the nodes' networks: the first that nobody else has. */
export function gatewaysOf(cluster: Cluster): readonly { readonly address: Address; readonly network: Network }[] {
  const { endpoint } = cluster;
  const hosts = [endpoint.internal.host, endpoint.external.host].flatMap((host) => parseAddress(host) ?? []);
  const own = [
    ...cluster.nodes.flatMap(({ addresses }) => addresses),
    ...cluster.virtualIps.flatMap(({ addresses }) => addresses),
    ...hosts,
  ];
  const taken = new Set(own.map(({ text }) => text));
  return cluster.network.nodes.map((network) => {
    for (let value = network.first + 1n; value < network.last; value++) {
      const address = addressOf(network.family, value);
      if (!taken.has(address.text)) return { address, network };
    }
    throw new Error(`${network.text} has no address left`);
  });
}

/** The URL of the lab's mirror. */
export function mirrorUrl(gateway: Address): string {
  return `https://${hostPort(gateway.text, 443)}`.replace(/:443$/, '');
}

/**
 * What a cloud lays on a machine's disk for cloud-init (docs.cloud-init.io, NoCloud): the payload, a name, a network; and
 * where apt finds packages.
 */
export function seedOf(cluster: Cluster, node: ClusterNode, payload: Uint8Array): Record<string, string | Uint8Array> {
  const gateways = gatewaysOf(cluster);
  const [first] = gateways;
  const seed = [...nocloudFiles(cluster, node, payload, networkConfig(node, gateways))];
  const suite = suiteOf(node.os.version ?? '');
  return {
    ...Object.fromEntries(seed.map(([name, content]) => [`/var/lib/cloud/seed/nocloud/${name}`, content])),
    '/etc/apt/sources.list': `deb [trusted=yes] http://${hostPort(first?.address.text ?? '', 80)}/${suite} ./\n`,
  };
}

function networkConfig(node: ClusterNode, gateways: ReturnType<typeof gatewaysOf>): string {
  const prefix = (address: Address): string =>
    String(gateways.find(({ network }) => network.family === address.family)?.network.prefix ?? 24);
  const addresses = node.addresses.map((address) => `${address.text}/${prefix(address)}`);
  const routes = gateways
    .filter(({ address }) => node.addresses.some(({ family }) => family === address.family))
    .map(({ address }) => ({ to: address.family === 'ipv4' ? '0.0.0.0/0' : '::/0', via: address.text }));
  return toYaml({ version: 2, ethernets: { [interfaceOf(node)]: { addresses, routes } } });
}
