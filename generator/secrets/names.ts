import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import type { CertificateSpec } from './specs.ts';

/** What a certificate is for. */
type Names = Pick<CertificateSpec, 'dnsNames' | 'ipAddresses'>;

/** The node's name and addresses, and more of either. */
export function sansOf(
  node: ClusterNode,
  dnsNames: readonly string[] = [],
  ipAddresses: readonly string[] = [],
): Names {
  return { dnsNames: [node.name, ...dnsNames], ipAddresses: [...node.addresses.map((a) => a.text), ...ipAddresses] };
}

/** Every name and address by which anything reaches this API server. */
export function apiServerNames(cluster: Cluster, node: ClusterNode): Names {
  const { network } = cluster;
  const service = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${network.dnsDomain}`,
  ];
  const own = sansOf(node, ['localhost', ...service], ['127.0.0.1', '::1', ...network.apiAddresses.map((a) => a.text)]);
  const outside = endpointHosts(cluster);
  return {
    dnsNames: [...new Set([...own.dnsNames, ...outside.dnsNames])],
    ipAddresses: [...new Set([...own.ipAddresses, ...outside.ipAddresses])],
  };
}

/** By which names and addresses the endpoint is reached. */
export function endpointHosts({ endpoint, virtualIps }: Cluster): Names {
  const moved = virtualIps.filter(({ serves }) => serves === 'api').flatMap(({ addresses }) => addresses);
  const hosts = [endpoint.internal.host, endpoint.external.host, ...endpoint.names, ...moved.map(({ text }) => text)];
  const isAddress = (host: string): boolean => host.includes(':') || /^[0-9.]+$/.test(host);
  return { dnsNames: hosts.filter((host) => !isAddress(host)), ipAddresses: hosts.filter(isAddress) };
}
