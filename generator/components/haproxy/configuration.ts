import { hostPort } from '../../base/networks.ts';
import { loopbackOf, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { balancesApi, haproxyHealthPort, publishesServices, runsAs } from '../balancing.ts';
import template from './haproxy.cfg.ejs';

/** A kubelet, kube-proxy and the pod network keep a handful open on every node. */
export function maxConnections({ options, nodes }: Cluster): number {
  return options.haproxy?.maxConnections ?? Math.max(4000, 10 * nodes.length);
}

/** What haproxy is there for on this node, for its configuration and its unit. */
export function purposeOf(cluster: Cluster, node: ClusterNode): string {
  const { host, port } = cluster.endpoint.internal;
  const api = balancesApi(cluster, node) ? [`the Kubernetes API at ${hostPort(host, port)}`] : [];
  return [...api, ...(publishesServices(cluster, node) ? ['published services'] : [])].join(', and ');
}

/** haproxy.cfg (docs.haproxy.org, "Configuration Manual", 2.4 and newer). */
export function configuration(cluster: Cluster, node: ClusterNode): string {
  const { balance = 'leastconn', tunnelTimeout = 24 } = cluster.options.haproxy ?? {};
  const {
    checkInterval = 2,
    checkTimeout = 3,
    checkFall = 3,
    checkRise = 2,
    connectTimeout = 2,
  } = cluster.options.haproxy ?? {};
  const { port } = cluster.controlPlane;
  const hasVirtualIp = cluster.virtualIps.some(({ holders }) => holders.includes(node));
  return template({
    node: node.name,
    purpose: purposeOf(cluster, node),
    runs: runsAs(cluster, node, 'haproxy'),
    maxConnections: maxConnections(cluster),
    connectTimeout,
    checkTimeout,
    tunnelTimeout,
    asked: hasVirtualIp ? ' and by whoever moves the virtual IP' : '',
    health: hostPort(loopbackOf(node), haproxyHealthPort(cluster)),
    binds: balancesApi(cluster, node) ? binds(cluster) : [],
    balance,
    interval: checkInterval,
    fall: checkFall,
    rise: checkRise,
    servers: cluster.controlPlaneNodes.map(({ name, addresses }) => ({
      name,
      address: hostPort(addresses[0].text, port),
    })),
  });
}

/** Every address of the families in use, so that nothing depends on where the virtual IP is; or the loopback's alone. */
function binds({ endpoint, network }: Cluster): string[] {
  const { type, internal } = endpoint;
  if (type === 'loopback') return [hostPort(internal.host, internal.port)];
  const families = network.nodes.map(({ family }) => family);
  return [
    ...(families.includes('ipv4') ? [`0.0.0.0:${String(internal.port)}`] : []),
    ...(families.includes('ipv6') ? [`[::]:${String(internal.port)} v6only`] : []),
  ];
}
